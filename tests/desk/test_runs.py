"""The runs of a case's clocks, in place: started once, stopped with their lateness kept, recomputed with care."""

import pytest

from chalicelib.desk.calendar import Calendar, with_days
from chalicelib.desk.clocks import BREACH
from chalicelib.desk.runs import Runs
from tests.desk.build import MONDAY, Case, at, blank, desk

CLOCKS = """
fields:
  hurry: {type: yes_no}
  agreed: {type: instant}
stages:
  pending: {status: pending, in_charge: agent}
clocks:
  solve:
    pauses_in: [pending]
    limit: [{when: {hurry: yes}, is: 2h}, {is: 24h}]
    ladder: [{before: 4h, tell: [agent]}, {at: due, tell: [head]}, {after: 4h, tell: [director]}]
  free: {limit: }
  office: {limit: 8bh}
"""
ON = desk(CLOCKS)


def runs(**state: object) -> Runs:
    made = Runs(ON, blank(ON, at(MONDAY), stage="working", **state))
    made.start("solve", "solve", at(MONDAY))
    made.compute(at(MONDAY))
    return made


def test_a_start_makes_a_run_and_a_second_start_none():
    made = runs()
    made.start("solve", "solve", at("03-02 12:00"))
    assert (made.case.clocks["solve"].run, made.case.clocks["solve"].started) == (1, at(MONDAY))


def test_a_start_after_a_stop_makes_the_next_run():
    made = runs()
    made.stop("solve", at("03-02 10:00"))
    made.start("solve", "solve", at("03-02 12:00"))
    run = made.case.clocks["solve"]
    assert (run.run, run.started, run.stopped, run.told) == (2, at("03-02 12:00"), None, {})


def test_a_stop_keeps_lateness_and_what_was_claimed():
    made = runs()
    made.breach("solve")
    made.stop("solve", at("03-04 09:00"), claimed=at("03-03 08:00"))
    run = made.case.clocks["solve"]
    assert (run.late_at, run.stopped, run.claimed) == (at("03-03 09:00"), at("03-04 09:00"), at("03-03 08:00"))
    made.stop("solve", at("03-05 09:00"))
    assert made.case.clocks["solve"] == run


def test_stopping_a_clock_that_never_ran_is_nothing():
    made = runs()
    made.stop("free", at(MONDAY))
    assert "free" not in made.case.clocks


def test_a_breach_is_recorded_with_who_had_the_case():
    case = Case(desk("clocks:\n  solve: {starts: [entered working], limit: 1h}\n"))
    case.tick("03-02 10:00")
    lateness = case.state.lateness[0]
    assert (lateness.clock, lateness.run, lateness.due, lateness.owner) == ("solve", 1, at("03-02 10:00"), "ann")


def test_a_run_without_a_limit_cannot_miss_it():
    made = runs()
    made.start("free", "free", at(MONDAY))
    made.compute(at(MONDAY))
    with pytest.raises(ValueError, match="no limit to miss"):
        made.breach("free")


def test_the_next_thing_is_the_earliest_of_all_runs():
    made = runs()
    assert made.next() == (at("03-03 05:00"), "solve", 0)
    made.tell("solve", 0)
    assert made.next() == (at("03-03 09:00"), "solve", BREACH)
    made.stop("solve", at(MONDAY))
    assert made.next() is None


def test_pausing_and_resuming_keep_the_span():
    made = runs()
    made.pause_and_resume("pending", at("03-02 10:00"))
    assert (made.case.clocks["solve"].state, made.next()) == ("paused", None)
    made.pause_and_resume("pending", at("03-02 11:00"))
    made.pause_and_resume("working", at("03-02 12:00"))
    made.compute(at("03-02 12:00"))
    run = made.case.clocks["solve"]
    assert (run.pauses, run.due) == ([(at("03-02 10:00"), at("03-02 12:00"))], at("03-03 11:00"))


def test_ending_all_ends_paused_ones_too():
    made = runs()
    made.pause_and_resume("pending", at("03-02 10:00"))
    made.stop_all(at("03-02 11:00"))
    run = made.case.clocks["solve"]
    assert (run.state, run.paused_at, run.stopped) == ("stopped", None, at("03-02 11:00"))


def test_a_limit_that_shrinks_is_due_now_at_the_earliest_and_grows_back_freely():
    made = runs()
    made.case.values["hurry"] = "yes"
    made.compute(at("03-02 15:00"))
    assert made.case.clocks["solve"].due == at("03-02 15:00")
    made.case.values["hurry"] = "no"
    made.compute(at("03-02 15:00"))
    assert made.case.clocks["solve"].due == at("03-03 09:00")


def test_a_late_run_is_never_computed_again():
    made = runs()
    made.breach("solve")
    made.case.values["hurry"] = "yes"
    made.compute(at("03-05 09:00"))
    assert made.case.clocks["solve"].due == at("03-03 09:00")


def test_beyond_the_known_holidays_nothing_is_guessed_and_a_new_calendar_tells():
    short = with_days(Calendar(), {}, horizon="2026-03-02")
    near = desk(CLOCKS, calendar=short)
    made = Runs(near, blank(near, at(MONDAY), stage="working"))
    made.start("office", "office", at("03-02 17:00"))
    made.compute(at("03-02 17:00"))
    assert made.case.clocks["office"].due is None
    known = Runs(ON, made.case)
    known.compute(at("03-02 17:30"))
    assert known.case.clocks["office"].due == at("03-03 17:30")
