"""Dates in stories: the site's clock in 2026, written as `02-13 18:00` (another year is written out)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from chalicelib.desk.people import Absence

ZONE = ZoneInfo("Asia/Shanghai")


def at(clock: str) -> datetime:
    """The instant of a time on the site's clock.

    >>> at("02-13 18:00").isoformat()
    '2026-02-13T10:00:00+00:00'
    """
    whole = clock if clock[4] == "-" else f"2026-{clock}"
    return datetime.fromisoformat(whole.replace(" ", "T")).replace(tzinfo=ZONE).astimezone(UTC)


def local(instant: datetime) -> str:
    """The time on the site's clock of an instant.

    >>> local(at("02-13 18:00")), local(at("2027-01-04 00:00"))
    ('02-13 18:00', '2027-01-04 00:00')
    """
    there = instant.astimezone(ZONE)
    return f"{there:%m-%d %H:%M}" if there.year == 2026 else f"{there:%Y-%m-%d %H:%M}"


def answer(clock: str) -> str:
    """The time as somebody answers it in a form: RFC 3339 with its offset."""
    return at(clock).astimezone(ZONE).isoformat()


def away(person: str, start: str, end: str, stand_in: str = "") -> Absence:
    """Somebody is away from a time until before another."""
    return Absence(person=person, start=at(start), end=at(end), stand_in=stand_in)
