"""What comes round: when a duty is next due to be prepared, and which days it then covers."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from chalicelib.desk.hours import WEEKDAYS, Calendar
from chalicelib.desk.wallclock import at_wall_time, on_the_wall

ONE_DAY = timedelta(days=1)


def next_occurrence(calendar: Calendar, every: str, after: datetime, at: str = "00:00") -> datetime:
    """The first occurrence strictly after `after`, at the wall time `at` (HH:MM); rest days do not move it.

    `every` is `daily`, `weekly:tue`, `monthly:2` or `quarterly:1` (that day of January, April, July and
    October); a day past the month's end is its last day. ValueError for anything else.
    """
    kind, day_of = _parsed(every)
    day = on_the_wall(calendar.zone, after).date()
    while not (_falls_on(day, kind, day_of) and at_wall_time(calendar.zone, day, at) > after):
        day += ONE_DAY
    return at_wall_time(calendar.zone, day, at)


def period_covered(calendar: Calendar, covers: str, at: datetime) -> tuple[date, date]:
    """First and last date, both inclusive, of what an occurrence at the instant `at` covers.

    `covers` is `today`, `yesterday`, `seven_days_to_yesterday`, `last_month` or `last_quarter`. ValueError for
    anything else.
    """
    today = on_the_wall(calendar.zone, at).date()
    yesterday = today - ONE_DAY
    match covers:
        case "today":
            return today, today
        case "yesterday":
            return yesterday, yesterday
        case "seven_days_to_yesterday":
            return today - timedelta(days=7), yesterday
        case "last_month":
            end = today.replace(day=1) - ONE_DAY
            return end.replace(day=1), end
        case "last_quarter":
            end = today.replace(month=_quarter_month(today), day=1) - ONE_DAY
            return end.replace(month=_quarter_month(end), day=1), end
    raise ValueError(f"{covers!r} is not a period that can be covered")


def _parsed(every: str) -> tuple[str, int]:
    """The kind of recurrence and its day: of the week from 0, or of the month from 1."""
    kind, _, day = every.partition(":")
    if every == "daily":
        return kind, 0
    if kind == "weekly" and day in WEEKDAYS:
        return kind, WEEKDAYS.index(day)
    if kind in {"monthly", "quarterly"} and day in {str(n) for n in range(1, 32)}:
        return kind, int(day)
    raise ValueError(f"{every!r} is not a recurrence (daily, weekly:tue, monthly:2, quarterly:1)")


def _falls_on(day: date, kind: str, day_of: int) -> bool:
    if kind == "daily":
        return True
    if kind == "weekly":
        return day.weekday() == day_of
    in_month = kind == "monthly" or day.month == _quarter_month(day)
    return in_month and day.day == min(day_of, monthrange(day.year, day.month)[1])


def _quarter_month(day: date) -> int:
    """The first month of the day's quarter."""
    return (day.month - 1) // 3 * 3 + 1
