"""The few words and forms that letters take from the desk itself, not from a procedure."""

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec

from chalicelib.desk.wallclock import on_the_wall

TEMPLATES = Path(__file__).parent / "templates"
MIDNIGHT = "00:00"


@cache
def phrases(language: str) -> dict[str, str]:
    """The phrases of a language; simplified Chinese for a language that has none."""
    held: dict[str, dict[str, str]] = msgspec.json.decode((TEMPLATES / "phrases.json").read_bytes())
    return held.get(language, held["zh-Hans"])


def day(when: date, language: str, this_year: int) -> str:
    """The date; the year is said where it is not `this_year`.

    >>> day(date(2026, 11, 22), "zh-Hans", 2026), day(date(2026, 11, 22), "en", 2026), day(date(2027, 1, 4), "en", 2026)
    ('11月22日', '22 Nov', '4 Jan 2027')
    """
    said = phrases(language)
    text = said["day"].format(month=said["months"].split()[when.month - 1], day=when.day)
    if when.year == this_year:
        return text
    year = said["year"].format(year=when.year, day=text)
    return year if text in year else year + text


def instant(at: datetime, zone: str, language: str, this_year: int) -> str:
    """The instant as the clock at the site shows it.

    >>> from datetime import UTC
    >>> instant(datetime(2026, 11, 22, 9, 30, tzinfo=UTC), "Asia/Shanghai", "zh-Hans", 2026)
    '11月22日17:30'
    """
    local = on_the_wall(zone, at)
    return phrases(language)["instant"].format(day=day(local.date(), language, this_year), time=f"{local:%H:%M}")


def limit(due: datetime, zone: str, language: str, this_year: int) -> str:
    """The same for the end of a limit: what ends at midnight ends at 24:00 of the day before.

    >>> from datetime import UTC
    >>> limit(datetime(2026, 11, 22, 16, tzinfo=UTC), "Asia/Shanghai", "en", 2026)
    '22 Nov 24:00'
    """
    local = on_the_wall(zone, due)
    if f"{local:%H:%M}" != MIDNIGHT:
        return instant(due, zone, language, this_year)
    eve = (local - timedelta(days=1)).date()
    return phrases(language)["instant"].format(day=day(eve, language, this_year), time="24:00")
