"""Working time is what a minute counter says it is."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.desk.calendar import Calendar
from chalicelib.desk.people import Absence
from chalicelib.forecast.shifts import Shift, Shifts

SPANS = st.lists(st.integers(1, 40), min_size=2, max_size=12).map(
    lambda gaps: [(sum(gaps[: 2 * n + 1]), sum(gaps[: 2 * n + 2])) for n in range(len(gaps) // 2)]
)


@given(SPANS, st.integers(0, 500), st.integers(1, 120))
def test_work_is_done_when_that_many_seconds_of_working_time_have_passed(
    spans: list[tuple[int, int]], start: int, seconds: int
) -> None:
    shift, worked, now = Shift(spans), 0, start
    while worked < seconds and now <= spans[-1][1]:
        worked += any(a <= now < b for a, b in spans)
        now += 1

    assert shift.finish(start, seconds) == (now if worked == seconds else None)


@given(SPANS, st.integers(0, 500))
def test_whoever_is_at_work_is_there_next(spans: list[tuple[int, int]], at: int) -> None:
    shift, there = Shift(spans), [t for a, b in spans for t in range(a, b) if t >= at]

    assert shift.next(at) == (there[0] if there else None)
    assert shift.at_work(at) == (there[:1] == [at])


def test_shifts_are_the_opening_hours_without_absences_and_holidays() -> None:
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    away = Absence(person="ann", start=monday, end=monday + timedelta(hours=4))  # until 12:00 on the site's clock
    shifts = Shifts(Calendar(), date(2026, 3, 1), date(2026, 3, 8), absences=[away])

    assert shifts.of("bob").seconds() == 5 * 7.5 * 3600
    assert shifts.of("ann").seconds() == (5 * 7.5 - 3) * 3600


def test_of_many_days_about_the_share_asked_for_is_missed() -> None:
    full, often_away = (
        Shifts(Calendar(), date(2026, 1, 1), date(2027, 12, 31), absences=[], absent=share).of("x").seconds()
        for share in (0, 0.2)
    )

    assert 0.75 < often_away / full < 0.85
