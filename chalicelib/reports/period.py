"""Periods as callers name them: a month, a quarter, a week, a day, or from a day to a day."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from msgspec import Struct

from chalicelib.desk.errors import BadInput, Problem
from chalicelib.reports.words import word

MOST_DAYS = 366
"""No register or report is of more than a year: it would be read a month at a time."""

MUST = "must be a month (2026-11), a quarter (2026-Q4), a week (2026-W47), a day, or two days (2026-11-17..2026-11-23)"
_DAY = r"(?:19|20|21)\d\d-\d\d-\d\d"


class Period(Struct, frozen=True):
    """`first` to `last`, both inclusive, on the site's calendar; `name` as the caller wrote it."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> str:
        """The same period by its days, however it was named.

        >>> period_of("2026-W47", date(2026, 11, 22)).days
        '2026-11-16..2026-11-22'
        """
        return f"{self.first}..{self.last}"


def period_of(text: str, today: date) -> Period:
    """The period that a caller names; nothing is this month. Raises BadInput.

    >>> [period_of(text, date(2026, 11, 22)).days for text in ("", "2026-02", "2026-Q4")]
    ['2026-11-01..2026-11-30', '2026-02-01..2026-02-28', '2026-10-01..2026-12-31']
    >>> period_of("2026-11-22", date(2026, 11, 22)).days
    '2026-11-22..2026-11-22'
    """
    name = text.strip().upper() or f"{today:%Y-%m}"
    for pattern, dates in _KINDS.items():
        if found := re.fullmatch(pattern, name, re.ASCII):
            try:
                first, last = dates(*found.groups())
            except ValueError:  # the 30th of February, week 53 of a year that has none
                raise _bad("there is no such date or week") from None
            return _checked(Period(name, first, last))
    raise _bad(MUST)


def said_period(period: Period, language: str) -> str:
    """The period in words.

    >>> [said_period(period_of(text, date(2026, 11, 22)), "zh-Hans") for text in ("2026-11", "2026-Q4", "2026-W47")]
    ['2026年11月', '2026年第4季度', '2026年第47周（2026-11-16至2026-11-22）']
    >>> said_period(period_of("2026-11-17..2026-11-23", date(2026, 11, 22)), "en")
    '2026-11-17 to 2026-11-23'
    """
    kind = next((kind for mark, kind in (("Q", "quarter"), ("W", "week")) if mark in period.name), "")
    if not kind:
        kind = "month" if len(period.name) == len("2026-11") else "day" if period.first == period.last else "days"
    part = int(period.name.rpartition("-")[2].lstrip("QW")) if kind in ("month", "quarter", "week") else 0
    year = int(period.name[:4])
    return word("period", kind, language).format(year=year, part=part, first=period.first, last=period.last)


def said_days(days: str, language: str) -> str:
    """The days that a duty covers, in words: a whole month or quarter by its name.

    >>> [said_days(days, "zh-Hans") for days in ("2026-10-01..2026-10-31", "2026-07-01..2026-09-30")]
    ['2026年10月', '2026年第3季度']
    >>> said_days("2026-11-17..2026-11-23", "en")
    '2026-11-17 to 2026-11-23'
    """
    if not days:
        return ""
    span = period_of(days, date.max)
    names = (f"{span.first:%Y-%m}", f"{span.first:%Y}-Q{(span.first.month + 2) // 3}")
    named = (period_of(name, date.max) for name in names)
    return said_period(next((one for one in named if one.days == span.days), span), language)


def _month(year: str, month: str) -> tuple[date, date]:
    first = date(int(year), int(month), 1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _quarter(year: str, quarter: str) -> tuple[date, date]:
    last = int(quarter) * 3
    return date(int(year), last - 2, 1), _month(year, str(last))[1]


def _week(year: str, week: str) -> tuple[date, date]:
    """Weeks as ISO 8601 counts them: from Monday, the first one with a Thursday in the year."""
    monday = date.fromisocalendar(int(year), int(week), 1)
    return monday, monday + timedelta(days=6)


def _days(first: str, last: str) -> tuple[date, date]:
    return date.fromisoformat(first), date.fromisoformat(last)


def _day(day: str) -> tuple[date, date]:
    return _days(day, day)


_KINDS: dict[str, Callable[..., tuple[date, date]]] = {
    r"((?:19|20|21)\d\d)-(\d\d)": _month,
    r"((?:19|20|21)\d\d)-Q([1-4])": _quarter,
    r"((?:19|20|21)\d\d)-W(\d\d)": _week,
    rf"({_DAY})": _day,
    rf"({_DAY})\.\.({_DAY})": _days,
}


def _checked(period: Period) -> Period:
    if period.last < period.first:
        raise _bad("ends before it begins")
    if (period.last - period.first).days >= MOST_DAYS:
        raise _bad(f"must be of at most {MOST_DAYS} days")
    return period


def _bad(problem: str) -> BadInput:
    return BadInput("There is no such period.", [Problem("period", problem)])
