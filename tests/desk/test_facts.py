"""What a condition may ask of a case."""

from typing import Any

import pytest

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.facts import Facts, instant, is_given, is_unknown
from chalicelib.desk.procedure import Action
from tests.desk.build import Case, at, blank, desk, procedure, stamp

FIELDS = """
fields:
  ours: {type: yes_no}
  severity: {type: choice, choices: {minor: {zh: 轻}, major: {zh: 重}, severe: {zh: 严重}}}
  tags: {type: choices, choices: {a: {zh: 甲}, b: {zh: 乙}, c: {zh: 丙}}}
  discount: {type: money}
  people: {type: number}
"""


def holds(condition: str, values: dict[str, Any] | None = None, **state: Any) -> bool:
    """Whether a condition, as the language writes it, holds of a case with these values."""
    text = FIELDS + f"actions:\n  try: {{at: [working], by: [agent], goes: [{{when: {condition}, to: closed}}]}}\n"
    found: Action = procedure(text).actions["try"]
    case: Complaint = blank(desk(text), at("03-02 09:00"), values=values or {}, stage="working", **state)
    return Facts(case).hold(found.goes[0].when)


@pytest.mark.parametrize(
    ("condition", "values", "expected"),
    [
        ("{ours: yes}", {"ours": "yes"}, True),
        ("{ours: yes}", {"ours": "no"}, False),
        ("{ours: yes}", {}, False),
        ("{ours: yes}", {"ours": {"unknown": "why"}}, False),
        ("{severity: [major, severe]}", {"severity": "severe"}, True),
        ("{severity: [major, severe]}", {"severity": "minor"}, False),
        ("{tags: [a, b]}", {"tags": ["b", "c"]}, True),
        ("{tags: [a, b]}", {"tags": ["c"]}, False),
        ("{ours: given}", {"ours": "no"}, True),
        ("{ours: given}", {"ours": {"unknown": "why"}}, False),
        ("{ours: given}", {}, False),
        ("{tags: given}", {"tags": []}, False),
        ("{ours: missing}", {}, True),
        ("{ours: missing}", {"ours": {"unknown": "why"}}, False),
        ("{ours: unknown}", {"ours": {"unknown": "why"}}, True),
        ("{ours: unknown}", {"ours": "yes"}, False),
        ("{ours: [yes, unknown]}", {"ours": {"unknown": "why"}}, True),
        ("{discount: {at_least: 500}}", {"discount": "500.00"}, True),
        ("{discount: {at_least: 500}}", {"discount": "499.99"}, False),
        ("{discount: {at_least: 500}}", {}, False),
        ("{discount: {at_least: 500}}", {"discount": {"unknown": "why"}}, False),
        ("{discount: {more_than: 200}}", {"discount": "200.00"}, False),
        ("{discount: {more_than: 200}}", {"discount": "200.01"}, True),
        ("{discount: {more_than: 200}}", {"discount": {"unknown": "why"}}, False),
        ("{discount: 500}", {"discount": "500.00"}, True),
        ("{people: 3}", {"people": 3}, True),
        ("{people: 3}", {"people": 3.0}, True),
        ("{people: {at_least: 2.5}}", {"people": 2}, False),
        ("{ours: yes, severity: major}", {"ours": "yes", "severity": "major"}, True),
        ("{ours: yes, severity: major}", {"ours": "yes"}, False),
        ("[{ours: yes}, {severity: major}]", {"severity": "major"}, True),
        ("[{ours: yes}, {severity: major}]", {"severity": "minor"}, False),
    ],
)
def test_a_field_is_compared_with_values(condition: str, values: dict[str, Any], expected: bool):
    assert holds(condition, values) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{stage: working}", True), ("{stage: [closed]}", False), ("{status: handling}", True),
        ("{channel: web}", True), ("{channel: [phone, visit]}", False), ("{kind: complaint}", True),
        ("{round: 2}", True), ("{round: 1}", False), ("{round: {at_least: 2}}", True),
        ("{round: {at_least: 3}}", False), ("{round: {more_than: 1}}", True), ("{round: {more_than: 2}}", False),
    ],
)  # fmt: skip
def test_the_case_itself_is_compared(condition: str, expected: bool):
    assert holds(condition, status="handling", round=2) is expected


def test_answers_being_given_count_before_they_are_kept():
    case = blank(desk(), at("03-02 09:00"), values={"ours": "no"})
    facts = Facts(case, {"ours": "yes"})
    assert (facts.values["ours"], case.values["ours"]) == ("yes", "no")


WORK = """
tasks:
  look: {for: [agent]}
actions:
  begin: {at: [working], by: [agent], opens: [{task: look}]}
  looked: {at: [working], by: [agent], finishes: look}
  again: {at: [working], by: [agent], goes: [{to: working, again: yes}]}
clocks:
  solve: {starts: [done begin], stops: [done again], limit: 2h}
"""


def test_done_not_done_and_ever_done_ask_for_actions():
    case = Case(desk(WORK))
    case.act("begin")
    said = {
        c: holds_of(case, c)
        for c in ("done: begin", "not_done: begin", "ever_done: begin", "not_done: [again, looked]")
    }
    assert said == {
        "done: begin": True,
        "not_done: begin": False,
        "ever_done: begin": True,
        "not_done: [again, looked]": True,
    }
    case.act("again")
    said = {
        c: holds_of(case, c)
        for c in ("done: begin", "not_done: begin", "ever_done: begin", "ever_done: [begin, looked]")
    }
    assert list(said.values()) == [False, True, True, False]


def test_open_and_not_open_ask_for_tasks():
    case = Case(desk(WORK))
    assert holds_of(case, "not_open: look")
    case.act("begin")
    case.act("begin")
    case.act("looked", task="look-1")
    assert holds_of(case, "open: [look]")
    case.act("looked", task="look-2")
    assert holds_of(case, "not_open: [look]")


def test_late_asks_for_the_latest_run_of_a_clock():
    case = Case(desk(WORK))
    case.act("begin")
    assert holds_of(case, "not_late: solve")
    case.tick("03-02 11:00")
    assert holds_of(case, "late: solve")
    case.act("again")
    assert holds_of(case, "late: solve")
    case.act("begin")
    assert holds_of(case, "not_late: solve")


def holds_of(case: Case, condition: str) -> bool:
    text = WORK + f"  asked: {{starts: [{{signal: done begin, when: {{{condition}}}}}]}}\n"
    return Facts(case.state).hold(procedure(text).clocks["asked"].starts[0].when)


def test_no_condition_always_holds():
    assert Facts(blank(desk(), at("03-02 09:00"))).hold(None)


def test_an_instant_is_read_only_where_it_is_one_on_the_earth():
    assert instant(stamp("03-02 09:00")) == at("03-02 09:00")
    assert instant("2026-03-02T01:00:00Z") == at("03-02 09:00")
    for other in (
        "2026-03-02",
        "2026-03-02T01:00:00",
        "soon",
        "",
        None,
        7,
        {"unknown": "why"},
        ["2026-03-02T01:00:00Z"],
    ):
        assert instant(other) is None


def test_unknown_is_no_answer_and_neither_is_nothing():
    assert is_unknown({"unknown": "why"})
    assert not any(is_given(value) for value in (None, "", [], {"unknown": "why"}))
    assert all(is_given(value) for value in (0, "no", ["a"]))
