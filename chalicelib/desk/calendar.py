"""The arithmetic of limits: elapsed hours, calendar days, business hours, and what recurs.

Every function is pure. Instants come in timezone-aware and go out in UTC; days begin and end at the midnights
of the calendar's zone. 24:00 of a day is the instant at which the next one begins.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from chalicelib.desk.hours import BeyondHorizon, Calendar, DayRule, Hours, hours_of, problems, stamped, with_days
from chalicelib.desk.recurrence import next_occurrence, period_covered
from chalicelib.desk.wallclock import QuietHours, at_wall_time, end_of_quiet, first_instant, in_utc, on_the_wall

__all__ = [
    "BeyondHorizon", "Calendar", "DayRule", "Hours", "QuietHours",
    "add_business_minutes", "business_minutes_between", "day_of_next_month", "elapsed", "end_of_day_after",
    "end_of_quiet", "horizon_is_near", "is_open", "local_date", "midnights_between", "next_occurrence",
    "next_opening", "period_covered", "problems", "shift_days", "stamped", "with_days",
]  # fmt: skip

ONE_DAY = timedelta(days=1)


def local_date(calendar: Calendar, instant: datetime) -> date:
    """The date in the calendar's zone."""
    return on_the_wall(calendar.zone, instant).date()


# hours that run without stopping


def elapsed(start: datetime, minutes: int) -> datetime:
    """`minutes` after `start`; fewer than none is before it."""
    return in_utc(start) + timedelta(minutes=minutes)


# days


def end_of_day_after(calendar: Calendar, start: datetime, days: int) -> datetime:
    """24:00 of the day that is `days` calendar days after that of `start`, which itself is not counted."""
    return at_wall_time(calendar.zone, local_date(calendar, start) + timedelta(days=days), "24:00")


def day_of_next_month(calendar: Calendar, start: datetime, day: int) -> datetime:
    """24:00 of the `day`-th of the month after that of `start`; past that month's end it is its last day."""
    today = local_date(calendar, start)
    first = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    last_day = monthrange(first.year, first.month)[1]
    return at_wall_time(calendar.zone, first.replace(day=min(day, last_day)), "24:00")


def midnights_between(calendar: Calendar, a: datetime, b: datetime) -> int:
    """How many local midnights are after `a` and not after `b`: by how many days a pause shifts a limit in days."""
    return max(0, (local_date(calendar, b) - local_date(calendar, a)).days)


def shift_days(calendar: Calendar, instant: datetime, days: int) -> datetime:
    """The same time on the wall `days` later (or earlier): 24:00 stays 24:00 whatever summer time does."""
    instant = in_utc(instant)
    if days == 0:
        return instant
    wall = on_the_wall(calendar.zone, instant).replace(tzinfo=None)
    if instant == at_wall_time(calendar.zone, wall.date(), "00:00"):
        wall = datetime.combine(wall.date(), time())  # where summer time skips midnight, the day begins at 01:00
    return first_instant(calendar.zone, wall + timedelta(days=days))


# business hours


def is_open(calendar: Calendar, instant: datetime) -> bool:
    """Whether `instant` is within opening hours, closing time excluded. BeyondHorizon when that is not known."""
    return any(opens <= instant < closes for opens, closes in _intervals(calendar, local_date(calendar, instant)))


def next_opening(calendar: Calendar, instant: datetime) -> datetime:
    """The first open instant from `instant` on: itself when open. BeyondHorizon when that is not known."""
    opens, _ = next(_openings(calendar, instant))
    return max(opens, in_utc(instant))


def add_business_minutes(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """The first instant by which `minutes` of open time have passed since `start`.

    So what is used up as the site closes is due then, not at the next opening. BeyondHorizon when that is not
    known; ValueError for fewer than no minutes.
    """
    if minutes < 0:
        raise ValueError("business minutes are counted forwards only")
    left = timedelta(minutes=minutes)
    now = in_utc(start)
    openings = _openings(calendar, now)
    while left:
        opens, closes = next(openings)
        begin = max(opens, now)
        now = min(begin + left, closes)
        left -= now - begin
    return now


def business_minutes_between(calendar: Calendar, a: datetime, b: datetime) -> int:
    """Whole minutes of open time from `a` to `b`, rounded down; 0 when `b` is not after `a`.

    BeyondHorizon when that is not known.
    """
    a, b = in_utc(a), in_utc(b)
    total, day = timedelta(), local_date(calendar, a)
    while a < b and at_wall_time(calendar.zone, day, "00:00") < b:
        for opens, closes in _intervals(calendar, day):
            total += max(min(closes, b) - max(opens, a), timedelta())
        day += ONE_DAY
    return total // timedelta(minutes=1)


def horizon_is_near(calendar: Calendar, now: datetime, months: int = 3) -> bool:
    """Whether the known holidays end within `months`: time to install those of the next year."""
    if not calendar.horizon:
        return False
    today = local_date(calendar, now)
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    then = date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
    return then.isoformat() > calendar.horizon


def _openings(calendar: Calendar, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open intervals, in order, that end after `instant`. ValueError when the site stays closed for years."""
    day = local_date(calendar, instant)
    last_open = day
    while (day - last_open).days < 1000:
        for opens, closes in _intervals(calendar, day):
            last_open = day
            if closes > instant:
                yield opens, closes
        day += ONE_DAY
    raise ValueError("by this calendar the site never opens again")


def _intervals(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The open intervals of a day as instants, in order; one that summer time skips altogether is left out."""
    for start, end in hours_of(calendar, day):
        opens, closes = at_wall_time(calendar.zone, day, start), at_wall_time(calendar.zone, day, end)
        if opens < closes:
            yield opens, closes
