"""Many tasks at a time: each keeps whom and what it took, in its clock, in its letters and in who may finish it."""

import pytest

from chalicelib.desk.engine import open_actions, tasks_to_finish
from chalicelib.desk.errors import NotAllowed
from tests.desk.build import Case, at, away, desk, stamp, with_people

VISITS = """
fields:
  visitor: {type: person}
  unit: {type: department}
  visit_at: {type: instant}
roles:
  visitor: {named_in: visitor, superior: head}
  staff: {staff_of: unit, superior: head}
  chief: {head_of: unit, superior: head}
tasks:
  visit: {for: [visitor]}
actions:
  appoint:
    at: [working]
    by: [agent]
    asks: [visitor, visit_at]
    may_ask: [unit]
    opens: [{task: visit, takes: [visitor, visit_at, unit]}]
    sends: [{letter: owed, to: [visitor]}]
  change:
    at: [working]
    by: [visitor]
    asks: [visitor, visit_at]
    finishes: visit
    opens: [{task: visit, takes: [visitor, visit_at]}]
    sends: [{letter: owed, to: [visitor]}]
  arrive: {at: [working], by: [visitor], finishes: visit, sends: [{letter: arrived, to: [visitor, chief]}]}
clocks:
  visit:
    each: visit
    limit: {until: visit_at}
    ladder: [{before: 1h, tell: [visitor]}, {at: due, tell: [in_charge, staff, chief]}]
"""


def two_visits(text: str = VISITS) -> Case:
    case = Case(desk(text))
    case.act("appoint", visitor="eva", unit="works", visit_at=stamp("03-05 10:00"))
    case.act("appoint", visitor="hui", unit="office", visit_at=stamp("03-06 10:00"))
    return case


def test_a_rung_reaches_whoever_the_task_named_when_it_was_opened():
    case = two_visits()
    case.tick("03-05 09:00")
    assert case.told("due_soon") == ["eva"]
    case.tick("03-05 10:00")
    assert case.told("late") == ["eva"]  # in charge, of the unit, and its head
    case.tick("03-06 10:00")
    assert case.told("due_soon") == ["eva", "hui"]
    assert case.told("late") == ["eva", "hui", "hua", "dan"]


def test_a_letter_of_a_task_says_which_it_is_about():
    case = two_visits()
    case.tick("03-05 09:00")
    assert [(m.letter, m.task) for m in case.messages] == [
        ("owed", "visit-1"), ("owed", "visit-2"), ("due_soon", "visit-1"),
    ]  # fmt: skip


def test_only_those_whose_task_it_is_finish_it():
    case = two_visits()
    with pytest.raises(NotAllowed):
        case.act("arrive", by="hui", task="visit-1")
    assert tasks_to_finish(case.desk, case.state, "arrive", "eva", case.now) == ["visit-1"]
    case.act("arrive", by="eva", task="visit-1")
    assert case.told("arrived") == ["eva"]
    assert "arrive" not in open_actions(case.desk, case.state, "eva", case.now)
    assert "arrive" in open_actions(case.desk, case.state, "hui", case.now)


def test_the_letter_of_an_action_that_ends_a_task_and_opens_another_is_about_the_new_one():
    case = two_visits()
    case.act("change", by="eva", task="visit-1", visitor="fay", visit_at=stamp("03-07 10:00"))
    assert (case.messages[-1].to, case.messages[-1].task) == ("fay", "visit-3")


def test_whoever_is_kept_out_of_the_case_is_so_whatever_a_task_took():
    barred = VISITS + "bars:\n  - {who: [visitor], may: [appoint]}\n"
    case = two_visits(barred)
    assert tasks_to_finish(case.desk, case.state, "arrive", "hui", case.now) == []


def test_a_condition_on_the_clock_of_a_task_reads_what_the_task_took():
    case = two_visits(
        VISITS.replace("{before: 1h, tell: [visitor]}", "{before: 1h, tell: [head], when: {unit: works}}")
    )
    case.tick("03-05 09:00")
    case.tick("03-06 09:00")
    assert case.told("due_soon") == ["hua"]


# days off


def on_leave(text: str) -> Case:
    case = two_visits(text)
    absences = [away("eva", "03-05 00:00", "03-06 00:00", stand_in="fay")]
    case.desk = with_people(case.desk, absences=absences)
    return case


def test_a_day_off_hands_a_rung_to_the_stand_in():
    case = on_leave(VISITS)
    case.tick("03-05 09:00")
    assert case.told("due_soon") == ["fay"]


@pytest.mark.rules("P-43")
def test_where_the_clock_says_so_whoever_has_a_day_off_is_told_besides_the_stand_in():
    case = on_leave(VISITS.replace("each: visit", "each: visit\n    day_off: still_told"))
    case.tick("03-05 09:00")
    assert case.told("due_soon") == ["eva", "fay"]
    assert case.run("visit@visit-1").due == at("03-05 10:00")
    case.tick("03-05 10:00")
    assert case.told("late")[:2] == ["eva", "fay"]


# tasks that open by themselves

ACCOUNT = """
fields:
  unit: {type: department}
  promise: {type: text}
  promise_due: {type: instant}
tasks:
  promise: {for: [agent]}
  account:
    {for: [head], opened_by: [{signal: late reply, when: {unit: given}}, late promise], takes: [unit], stays: yes}
actions:
  say: {at: [working], by: [agent], asks: [unit]}
  give:
    {at: [working], by: [agent], asks: [promise, promise_due], opens: [{task: promise, takes: [promise, promise_due]}]}
  keep: {at: [working], by: [agent], finishes: promise}
  settle: {at: [any], by: [head], finishes: account}
  finish: {at: [working], by: [agent], goes: closed}
clocks:
  reply: {starts: [entered working], stops: [left working], limit: 24h, ladder: [{at: due, tell: [head]}]}
  promise: {each: promise, limit: {until: promise_due}, ladder: [{at: due, tell: [head]}]}
  account: {each: account, limit: 48h, ladder: [{at: due, tell: [director]}]}
"""


@pytest.mark.rules("M-41")
def test_a_lateness_opens_a_task_at_its_own_instant():
    case = Case(desk(ACCOUNT))
    case.act("say", unit="works")
    case.tick("03-03 15:00")
    task = case.state.tasks["account-1"]
    assert (task.opened, task.because, task.takes) == (at("03-03 09:00"), "late reply", {"unit": "works"})
    assert case.run("account@account-1").due == at("03-05 09:00")
    assert case.events[-1].signals == ["rung reply 0", "late reply", "opened account"]


def test_no_task_opens_where_its_condition_does_not_hold():
    case = Case(desk(ACCOUNT))
    case.tick("03-03 15:00")
    assert (case.late(), case.state.tasks) == (["reply"], {})


def test_what_the_task_that_is_late_took_goes_with_the_task_that_it_opens():
    case = Case(desk(ACCOUNT))
    for promise, due in (("a plumber", "03-02 12:00"), ("a letter", "03-02 14:00")):
        case.act("give", promise=promise, promise_due=stamp(due))
    case.tick("03-02 18:00")
    opened = {i: t.takes["promise"] for i, t in case.state.tasks.items() if t.task == "account"}
    assert opened == {"account-1": "a plumber", "account-2": "a letter"}
    assert [i for i in case.state.clocks if i.startswith("promise@")] == ["promise@promise-1", "promise@promise-2"]


def test_a_task_that_stays_outlives_the_case_and_its_clock_runs_on():
    case = Case(desk(ACCOUNT))
    case.act("say", unit="works")
    case.act("finish", "03-03 10:00")
    assert (case.state.stage, case.run("reply").state, case.due) == ("closed", "stopped", at("03-05 09:00"))
    case.tick("03-05 09:00")
    assert case.messages[-1].to == "dan"
    assert "settle" in case.open_to("hua")
    case.act("settle", "03-05 10:00", by="hua", task="account-1")
    assert (case.due, case.run("account@account-1").state) == (None, "stopped")
