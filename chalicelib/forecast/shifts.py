"""When each person is at work: the site's opening hours without the days they are away. Instants are Unix seconds."""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from chalicelib.desk.calendar import Calendar
from chalicelib.desk.hours import hours_of
from chalicelib.desk.people import Absence
from chalicelib.desk.wallclock import at_wall_time

Span = tuple[int, int]


class Shift:
    """The working time of one person: intervals in order, which do not touch."""

    def __init__(self, spans: list[Span]) -> None:
        self.spans = spans
        self._ends = [end for _, end in spans]

    def at_work(self, at: int) -> bool:
        """Whether the person is at work at this instant."""
        index = bisect_right(self._ends, at)
        return index < len(self.spans) and self.spans[index][0] <= at

    def next(self, at: int) -> int | None:
        """The first instant at work from `at` on; None where the known time ends."""
        index = bisect_right(self._ends, at)
        return max(self.spans[index][0], at) if index < len(self.spans) else None

    def finish(self, at: int, seconds: int) -> int | None:
        """When work of this length, begun at `at`, is done, with nights and rest days passed over."""
        for index in range(bisect_right(self._ends, at), len(self.spans)):
            start, end = self.spans[index]
            start = max(start, at)
            if start + seconds <= end:
                return start + seconds
            seconds -= end - start
        return None

    def seconds(self) -> int:
        """How long they are at work in all."""
        return sum(end - start for start, end in self.spans)


class Shifts:
    """The shifts of everybody from one date to another. `absent`: the share of days that each is away, drawn."""

    def __init__(
        self, calendar: Calendar, first: date, last: date, *, absences: list[Absence], absent: float = 0, seed: str = ""
    ) -> None:
        self._days = {day: _spans(calendar, day) for day in _dates(first, last)}
        self._absences, self._absent, self._seed = absences, absent, seed
        self._kept: dict[str, Shift] = {}
        self.zone = ZoneInfo(calendar.zone)

    def of(self, person: str) -> Shift:
        """The shift of one person."""
        if person not in self._kept:
            self._kept[person] = Shift(self._spans(person))
        return self._kept[person]

    def _spans(self, person: str) -> list[Span]:
        dice = Random(f"{self._seed}/away/{person}")  # noqa: S311 # dice
        away = [(int(a.start.timestamp()), int(a.end.timestamp())) for a in self._absences if a.person == person]
        found = []
        for spans in self._days.values():
            if dice.random() >= self._absent:
                found += [part for span in spans for part in _without(span, away)]
        return found


def _dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _spans(calendar: Calendar, day: date) -> list[Span]:
    hours = (
        (at_wall_time(calendar.zone, day, a), at_wall_time(calendar.zone, day, b)) for a, b in hours_of(calendar, day)
    )
    return [(int(a.timestamp()), int(b.timestamp())) for a, b in hours if a < b]


def _without(span: Span, away: list[Span]) -> list[Span]:
    """What is left of a span."""
    left = [span]
    for start, end in away:
        parts = [part for a, b in left for part in ((a, min(b, start)), (max(a, end), b))]
        left = [(a, b) for a, b in parts if a < b]
    return left


def instant_of(seconds: int) -> datetime:
    """Unix seconds as an instant of the desk."""
    return datetime.fromtimestamp(seconds, UTC)
