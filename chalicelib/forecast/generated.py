"""A made-up year of complaints: more on Mondays than on Sundays, by day more than by night, some months worse."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from chalicelib.desk.rulebook import Desk
from chalicelib.forecast.incoming import Incoming

WEEKDAYS = [1.25, 1.1, 1.0, 1.0, 1.1, 0.85, 0.7]
"""Monday to Sunday."""

HOURS = [0.1] * 6 + [0.2, 0.5, 1.2, 2.0, 2.2, 1.6, 0.9, 1.0, 1.6, 2.0, 1.9, 1.5, 1.0, 0.9, 0.8, 0.6, 0.3, 0.2]
"""Midnight to the hour before midnight, on the site's clock."""

MONTHS = [1.1, 0.8, 1.0, 1.0, 1.0, 1.1, 1.2, 1.2, 1.0, 0.9, 0.9, 1.0]
"""Before Spring Festival and in the heat and rain of summer there are more."""


def a_year(desk: Desk, year: int, per_week: float, seed: str) -> list[Incoming]:
    """The complaints of a year in order of time, by the channels that the procedure offers; the same for one seed."""
    dice, zone = Random(f"{seed}/year/{year}"), ZoneInfo(desk.calendar.zone)  # noqa: S311 # dice
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    chosen = dice.choices(
        days, [WEEKDAYS[d.weekday()] * MONTHS[d.month - 1] for d in days], k=_how_many(days, per_week)
    )
    moments = sorted(
        datetime(d.year, d.month, d.day, dice.choices(range(24), HOURS)[0], dice.randrange(60), tzinfo=zone)
        for d in chosen
    )
    channels = list(desk.procedure.channels) or ["phone"]
    return [
        Incoming(number=f"{year}-{n:05d}", received_at=at.astimezone(UTC), channel=dice.choice(channels))  # type: ignore[arg-type] # the procedure's own
        for n, at in enumerate(moments, 1)
    ]  # fmt: skip


def _how_many(days: list[date], per_week: float) -> int:
    return round(len(days) * per_week / 7)
