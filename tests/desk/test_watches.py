"""What recurs is told, and put to somebody as a task with a clock: once in a case, not while it is open elsewhere."""

import pytest

from chalicelib.desk.alike import watched_as
from chalicelib.desk.beside import notice
from chalicelib.desk.complaint import Decision
from tests.desk.build import Case, at, desk

RECURRING = """
fields:
  category: {type: text}
  explained: {type: yes_no}
tasks:
  root_cause: {for: [head], stays: yes}
actions:
  sort: {at: [working], by: [agent], asks: [category], may_ask: [explained]}
  find: {at: [any], by: [head], finishes: root_cause}
clocks:
  root_cause: {each: root_cause, limit: 3d, ladder: [{at: due, tell: [director]}]}
watches:
  often:
    title: {zh: 常见}
    same: [category]
    at_least: 3
    within_days: 30
    tell: [head]
    when: {explained: [no, missing]}
    opens: root_cause
"""


def sorted_as(category: str = "leaks", **more: str) -> Case:
    case = Case(desk(RECURRING))
    case.act("sort", category=category, **more)
    return case


def noticed(case: Case, *, put: bool = True) -> Decision | None:
    decision = notice(case.desk, case.state, "often", "leaks", ["1", "2"], case.now, put=put)
    return case.took(decision) if decision else None


def test_what_recurs_is_put_to_somebody_with_a_clock_and_told():
    case = sorted_as()
    noticed(case)
    task = case.state.tasks["root_cause-1"]
    assert (task.takes, task.because) == ({"category": "leaks"}, "watch often")
    assert case.due == at("03-05 24:00")
    assert [(m.letter, m.to, m.task) for m in case.messages] == [("recurring", "hua", "root_cause-1")]


def test_it_is_noticed_once_in_a_case():
    case = sorted_as()
    noticed(case)
    assert noticed(case) is None


def test_while_the_same_is_open_elsewhere_it_is_only_told():
    case = sorted_as()
    noticed(case, put=False)
    assert (case.state.tasks, case.told("recurring")) == ({}, ["hua"])


def test_nothing_is_noticed_where_the_condition_of_the_watch_does_not_hold():
    case = sorted_as(explained="yes")
    assert noticed(case) is None
    assert (case.state.tasks, case.messages) == ({}, [])


@pytest.mark.parametrize(("one", "other", "alike"), [("Dan Dan  面", "dan dan 面", True), ("Ａ座", "A座", True),
                                                     ("酸菜鱼", "水煮鱼", False)])  # fmt: skip
def test_texts_are_counted_together_whatever_their_width_case_and_spaces(one: str, other: str, alike: bool):
    found = [sorted_as(text) for text in (one, other)]
    keys = {watched_as(c.desk.procedure, c.state, c.desk.procedure.watches["often"]) for c in found}
    assert (len(keys) == 1) is alike
