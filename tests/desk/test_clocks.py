"""When one run of one clock is due, and when its ladder rings."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.desk.calendar import Calendar
from chalicelib.desk.clocks import BREACH, due_of, paused_for, pending, rung_at
from chalicelib.desk.complaint import ClockRun
from chalicelib.desk.procedure import Clock, Limit, Rung
from tests.desk.build import at, stamp

HOUR = timedelta(hours=1)


def run(started: str = "03-02 09:00", **more: Any) -> ClockRun:
    return ClockRun(clock="solve", run=1, started=at(started), **more)


def due(limit: Limit, of: ClockRun, value: Any = None):
    return due_of(Calendar(), limit, of, lambda name: value if name == "agreed" else None)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (Limit(kind="elapsed", amount=24 * 60), "03-03 09:00"),
        (Limit(kind="elapsed", amount=45), "03-02 09:45"),
        (Limit(kind="days", amount=3), "03-05 24:00"),
        (Limit(kind="days", amount=0), "03-02 24:00"),
        (Limit(kind="business", amount=8 * 60), "03-03 09:30"),
        (Limit(kind="monthly", amount=4), "04-04 24:00"),
        (Limit(kind="monthly", amount=31), "04-30 24:00"),
    ],
)
def test_a_limit_counts_from_the_start(limit: Limit, expected: str):
    assert due(limit, run()) == at(expected)


def test_without_a_limit_nothing_is_due():
    assert due(Limit(), run()) is None


def test_an_agreed_instant_is_due_as_agreed_once_it_is_known():
    agreed = Limit(kind="until", name="agreed")
    assert due(agreed, run(), stamp("03-05 15:00")) == at("03-05 15:00")
    assert due(agreed, run(), {"unknown": "not yet"}) is None
    assert due(agreed, run()) is None


PAUSE = [(at("03-03 20:00"), at("03-05 08:00"))]


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (Limit(kind="elapsed", amount=48 * 60), "03-05 21:00"),
        (Limit(kind="days", amount=3), "03-07 24:00"),
        (Limit(kind="business", amount=16 * 60), "03-05 10:00"),  # the pause took 7.5 opening hours
        (Limit(kind="monthly", amount=4), "04-04 24:00"),
    ],
)
def test_a_pause_shifts_hours_by_its_length_days_by_midnights_and_no_date(limit: Limit, expected: str):
    assert due(limit, run(pauses=PAUSE)) == at(expected)
    assert (due(limit, run()) == at(expected)) is (limit.kind == "monthly")


def test_how_long_a_run_was_paused_in_all_and_since_an_instant():
    paused = run(pauses=[*PAUSE, (at("03-06 09:00"), at("03-06 10:00"))])
    assert paused_for(paused) == 37 * HOUR
    assert paused_for(paused, at("03-05 07:00")) == 2 * HOUR
    assert paused_for(paused, at("03-07 00:00")) == timedelta()


def test_a_rung_rings_before_or_after_the_due_instant():
    waiting = run(due=at("03-03 09:00"))
    assert [rung_at(waiting, m) for m in (-60, 0, 60)] == [at("03-03 08:00"), at("03-03 09:00"), at("03-03 10:00")]


def test_a_rung_after_the_breach_moves_with_pauses_since():
    late = run(due=at("03-03 09:00"), late_at=at("03-03 09:00"), pauses=PAUSE)
    assert rung_at(late, 60) == at("03-03 10:00") + 36 * HOUR


def test_a_run_without_a_due_instant_has_no_rungs():
    with pytest.raises(ValueError, match="no rungs"):
        rung_at(run(), 0)


LADDER = Clock(
    title={}, ladder=[Rung(minutes=-60, tell=["a"]), Rung(minutes=0, tell=["b"]), Rung(minutes=60, tell=["c"])]
)


def test_everything_of_a_new_run_is_to_come():
    assert sorted(pending(LADDER, run(due=at("03-03 09:00")))) == [
        (at("03-03 08:00"), 0), (at("03-03 09:00"), BREACH), (at("03-03 09:00"), 1), (at("03-03 10:00"), 2),
    ]  # fmt: skip


def test_what_was_told_is_not_told_again_but_a_warning_for_a_later_instant_is():
    told = {str(index): at("03-03 09:00") for index in range(3)}
    assert [i for _, i in pending(LADDER, run(due=at("03-03 09:00"), told=told))] == [BREACH]
    assert [i for _, i in pending(LADDER, run(due=at("03-04 09:00"), told=told))] == [BREACH, 0]


def test_nothing_is_to_come_while_paused_or_after_the_end():
    for state in ("paused", "stopped"):
        assert pending(LADDER, run(due=at("03-03 09:00"), state=state)) == []
    assert pending(LADDER, run()) == []


def test_a_limit_is_missed_once():
    late = run(due=at("03-03 09:00"), late_at=at("03-03 09:00"), told={"0": at("03-03 09:00"), "1": at("03-03 09:00")})
    assert [i for _, i in pending(LADDER, late)] == [2]
