"""Between the clock on the wall and instants: time zones, summer time, quiet hours.

Instants are timezone-aware datetimes; what comes out is in UTC. A wall time stands for the first instant at
which the clock on the wall shows that time *or later*. So a time that summer time skips is the moment of the
skip, a time shown twice is the first of the two, and 24:00 is always where the next day begins.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")

ClockTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A wall time, 00:00 to 23:59."""


class QuietHours(Struct, frozen=True):
    """When a person is not to be disturbed: from `start` on, until just before `end`, perhaps across midnight."""

    start: ClockTime = "22:00"
    end: ClockTime = "07:00"


@lru_cache(maxsize=256)
def minute_of_day(clock: str) -> int:
    """Minutes since midnight of a wall time `HH:MM`, 0 to 1440. ValueError when it is not one.

    >>> minute_of_day("13:30"), minute_of_day("24:00")
    (810, 1440)
    """
    if not _CLOCK.fullmatch(clock):
        raise ValueError(f"{clock!r} is not a time of day (HH:MM, 00:00 to 24:00)")
    return int(clock[:2]) * 60 + int(clock[3:])


def zone_named(name: str) -> "ZoneInfo":
    """A time zone, such as `Asia/Shanghai`. ZoneInfoNotFoundError or ValueError where there is none of that name."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 # it looks where this machine keeps them: 3 ms, at the first time told

    return ZoneInfo(name)


def at_wall_time(zone: str, day: date, clock: str) -> datetime:
    """The instant at which the clock in `zone` first shows `clock` (`HH:MM`, 24:00 allowed), or later, on `day`."""
    days, minute = divmod(minute_of_day(clock), MINUTES_A_DAY)
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall time has no zone yet
    return first_instant(zone, midnight + timedelta(days=days, minutes=minute))


def first_instant(zone: str, wall: datetime) -> datetime:
    """The first instant at which the clock in `zone` shows `wall` (a naive datetime) or later."""
    local = wall.replace(tzinfo=zone_named(zone), fold=0)
    instant = local.astimezone(UTC)
    if on_the_wall(zone, instant).replace(tzinfo=None) == wall:
        return instant
    # The clock skips this time. The skip lies between the two readings of it, by the offsets before and after.
    before, after = local.replace(fold=1).astimezone(UTC), instant
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if on_the_wall(zone, middle).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after


def on_the_wall(zone: str, instant: datetime) -> datetime:
    """`instant` as the clock in `zone` shows it. ValueError for a datetime without a time zone."""
    return in_utc(instant).astimezone(zone_named(zone))


def in_utc(instant: datetime) -> datetime:
    """The same instant in UTC. ValueError for a datetime without a time zone.

    Arithmetic is done in UTC only: Python compares and subtracts two datetimes of one zone by their wall times.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def end_of_quiet(calendar_zone: str, quiet: QuietHours, instant: datetime) -> datetime:
    """When a message of `instant` may go out: `instant` itself unless it is quiet, else the end of the quiet.

    Equal `start` and `end` mean that it is never quiet. Where summer time skips the loud time between two nights, the
    second begins as the first ends, and it is quiet until the end of both.
    """
    instant = in_utc(instant)
    today = on_the_wall(calendar_zone, instant).date()
    nights = timedelta(days=1 if minute_of_day(quiet.end) < minute_of_day(quiet.start) else 0)
    for day in (today - timedelta(days=1), today):
        end = at_wall_time(calendar_zone, day + nights, quiet.end)
        if at_wall_time(calendar_zone, day, quiet.start) <= instant < end:
            return end_of_quiet(calendar_zone, quiet, end)
    return instant
