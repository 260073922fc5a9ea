"""Days, weeks and months as figures and charts name them."""

from datetime import date, timedelta


def days_in(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`.

    >>> len(days_in(date(2026, 11, 1), date(2026, 11, 30)))
    30
    """
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def week_named(day: date) -> str:
    """The ISO week of a day, which begins on Monday.

    >>> week_named(date(2027, 1, 1))
    '2026-W53'
    """
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def month_named(day: date) -> str:
    """The month of a day.

    >>> month_named(date(2026, 2, 3))
    '2026-02'
    """
    return day.isoformat()[:7]
