"""The arithmetic held to a brute-force counter, which looks at a clock on the wall minute by minute."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.desk.calendar import (
    Calendar,
    DayRule,
    QuietHours,
    add_business_minutes,
    business_minutes_between,
    end_of_day_after,
    end_of_quiet,
    is_open,
    local_date,
    midnights_between,
    next_opening,
    shift_days,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WINDOW = 5  # days that the counter looks at
ZONES = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # summer time of half an hour
    "America/Santiago",  # summer time that skips midnight
    "America/Havana",  # summer time that ends by showing midnight twice
    "Asia/Kathmandu",
]
# Around summer time's ends in those zones, Spring Festival, month ends and a leap day.
DATES = [date(2026, 2, 13), date(2026, 3, 6), date(2026, 3, 27), date(2026, 4, 3), date(2026, 9, 4)]
DATES += [date(2026, 10, 2), date(2026, 10, 23), date(2026, 10, 30), date(2026, 12, 30), date(2028, 2, 27)]


@st.composite
def hours(draw: st.DrawFn) -> list[tuple[str, str]]:
    """None to three intervals in order; adjoining ones and an end at 24:00 come up often."""
    marks = st.one_of(st.sampled_from([0, 60, 90, 120, 150, 180, 720, 810, 1440]), st.integers(0, 1440))
    edges = sorted(draw(st.lists(marks, max_size=6, unique=True)))
    adjoin = draw(st.booleans())
    pairs = list(pairwise(edges)) if adjoin else list(zip(edges[::2], edges[1::2], strict=False))
    return [(clock(a), clock(b)) for a, b in pairs[:3]]


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def calendars(draw: st.DrawFn, first: date) -> Calendar:
    weekdays = st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
    week = {"mon": draw(hours()), **draw(st.dictionaries(weekdays, hours(), max_size=6))}
    rules = st.one_of(
        st.just(DayRule(kind="off")), st.just(DayRule(kind="work")), st.builds(DayRule, st.just("work"), hours())
    )
    dates = st.integers(-1, WINDOW + 1).map(lambda n: (first + n * DAY).isoformat())
    return Calendar(zone=draw(st.sampled_from(ZONES)), week=week, days=draw(st.dictionaries(dates, rules, max_size=4)))


class Counter:
    """Walks minute by minute with a clock that is never put back: the highest time shown so far is what counts."""

    def __init__(self, calendar: Calendar, first: date) -> None:
        self.instants, self.walls = watched(calendar.zone, first)
        open_on = {first + n * DAY: frozenset(open_minutes(calendar, first + n * DAY)) for n in range(WINDOW + 1)}
        self.open = [wall.hour * 60 + wall.minute in open_on[wall.date()] for wall in self.walls]
        self.passed = [0, *accumulate(self.open)]  # open minutes before each instant


@cache
def watched(zone: str, first: date) -> tuple[list[datetime], list[datetime]]:
    """Every minute of the window, and what the clock shows then."""
    begin = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    instants = [begin + n * MINUTE for n in range(WINDOW * 1440)]
    shown = (instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for instant in instants)
    return instants, list(accumulate(shown, max))


def open_minutes(calendar: Calendar, day: date) -> Iterator[int]:
    of_day = calendar.week.get(day.strftime("%a").lower(), [])
    rule = calendar.days.get(day.isoformat())
    if rule:
        of_day = {"off": [], "work": rule.hours or calendar.week["mon"]}[rule.kind]
    for start, end in of_day:
        (h, m), (h2, m2) = start.split(":"), end.split(":")
        yield from range(int(h) * 60 + int(m), int(h2) * 60 + int(m2))


@st.composite
def situations(draw: st.DrawFn) -> tuple[Calendar, Counter]:
    first = draw(st.sampled_from(DATES))
    calendar = draw(calendars(first))
    return calendar, Counter(calendar, first)


moments = st.integers(0, WINDOW * 1440 - 1)


@settings(max_examples=60, deadline=None)
@given(situations())
def test_open_is_what_the_counter_sees_around_every_change_and_each_hour(situation):
    calendar, counter = situation
    changes = [n for n in range(1, len(counter.open)) if counter.open[n] != counter.open[n - 1]]
    for n in sorted({0, *changes, *(n - 1 for n in changes), *range(0, len(counter.open), 61)}):
        assert is_open(calendar, counter.instants[n]) == counter.open[n], counter.instants[n]


@settings(max_examples=150, deadline=None)
@given(situations(), moments, moments)
def test_business_minutes_between_are_those_the_counter_passes(situation, m, n):
    calendar, counter = situation
    a, b = sorted((m, n))
    counted = counter.passed[b] - counter.passed[a]
    assert business_minutes_between(calendar, counter.instants[a], counter.instants[b]) == counted


@settings(max_examples=150, deadline=None)
@given(situations(), moments, st.data())
def test_adding_business_minutes_ends_where_the_counter_has_passed_them(situation, n, data):
    calendar, counter = situation
    minutes = data.draw(st.integers(0, counter.passed[-2] - counter.passed[n]))
    due = bisect_left(counter.passed, counter.passed[n] + minutes, lo=n)
    assert add_business_minutes(calendar, counter.instants[n], minutes) == counter.instants[due]


@settings(max_examples=100, deadline=None)
@given(situations(), moments)
def test_the_next_opening_is_the_first_open_minute_of_the_counter(situation, n):
    calendar, counter = situation
    if True in counter.open[n:]:
        assert next_opening(calendar, counter.instants[n]) == counter.instants[counter.open.index(True, n)]
    else:
        assert business_minutes_between(calendar, counter.instants[n], counter.instants[-1]) == 0


# what must hold to the second, for months ahead

seconds = st.integers(0, 300 * 86400)
office = st.sampled_from(ZONES).map(lambda zone: Calendar(zone=zone))


def instant(second: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)


@given(office, seconds, st.integers(1, 20_000))
def test_between_undoes_add_and_add_is_the_first_instant_that_does(calendar, second, minutes):
    start = instant(second)
    due = add_business_minutes(calendar, start, minutes)
    assert business_minutes_between(calendar, start, due) == minutes
    assert business_minutes_between(calendar, start, due - timedelta(seconds=1)) == minutes - 1


@given(office, seconds, st.integers(0, 5000), st.integers(0, 5000))
def test_adding_twice_is_adding_the_sum(calendar, second, some, more):
    start = instant(second)
    in_two_steps = add_business_minutes(calendar, add_business_minutes(calendar, start, some), more)
    assert in_two_steps == add_business_minutes(calendar, start, some + more)


@given(office, seconds, seconds, st.integers(0, 5000), st.integers(0, 5000))
def test_later_starts_and_longer_limits_are_never_due_earlier(calendar, one, other, some, more):
    early, late = sorted((instant(one), instant(other)))
    due = add_business_minutes(calendar, early, some)
    assert early <= due <= add_business_minutes(calendar, late, some)
    assert due <= add_business_minutes(calendar, early, some + more)


@given(office, seconds, st.integers(0, 60))
def test_a_limit_in_days_passes_one_midnight_more_than_its_days(calendar, second, days):
    start = instant(second)
    due = end_of_day_after(calendar, start, days)
    assert midnights_between(calendar, start, due) == days + 1
    assert local_date(calendar, due - timedelta(seconds=1)) == local_date(calendar, start) + timedelta(days=days)


@given(office, seconds, st.integers(0, 30), st.integers(0, 30))
def test_a_limit_shifted_by_days_is_the_limit_of_so_many_days_more(calendar, second, days, shift):
    due = end_of_day_after(calendar, instant(second), days)
    assert shift_days(calendar, due, shift) == end_of_day_after(calendar, instant(second), days + shift)


@given(office, seconds, seconds, seconds)
def test_midnights_add_up(calendar, one, two, three):
    a, b, c = sorted(map(instant, (one, two, three)))
    in_parts = midnights_between(calendar, a, b) + midnights_between(calendar, b, c)
    assert in_parts == midnights_between(calendar, a, c)


clocks = st.one_of(st.sampled_from([0, 60, 120, 150]), st.integers(0, 1439)).map(clock)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(DATES), st.sampled_from(ZONES), clocks, clocks, st.integers(1440, 3 * 1440))
def test_quiet_ends_at_the_first_minute_that_the_counter_finds_loud(first, zone, start, end, n):
    counter = Counter(Calendar(zone=zone), first)
    loud = next(k for k in range(n, len(counter.walls)) if not quiet_at(counter.walls[k], start, end))
    assert end_of_quiet(zone, QuietHours(start, end), counter.instants[n]) == counter.instants[loud]


def quiet_at(wall: datetime, start: str, end: str) -> bool:
    shown = wall.strftime("%H:%M")
    return start <= shown < end if start <= end else shown >= start or shown < end
