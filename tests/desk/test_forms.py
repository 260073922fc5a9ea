"""The form of an action: which fields it asks, what is wrong with answers, and the JSON Schema that says the same."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import Problem
from chalicelib.desk.facts import KEPT_APART
from chalicelib.desk.forms import asked, checked, schema
from chalicelib.desk.rulebook import Desk
from tests.desk.build import MONDAY, Case, at, blank, desk, stamp

FORMATS = FormatChecker(formats=())
FORMATS.checks("date-time", raises=ValueError)(lambda v: not isinstance(v, str) or bool(datetime.fromisoformat(v)))
FORMATS.checks("date", raises=ValueError)(lambda v: not isinstance(v, str) or bool(date.fromisoformat(v)))

EVERY = """
fields:
  text: {type: text}
  long: {type: long, never_unknown: yes}
  number: {type: number}
  money: {type: money}
  yes_no: {type: yes_no}
  tick: {type: tick, never_unknown: yes}
  choice: {type: choice, choices: {a: {zh: 甲}, b: {zh: 乙}}}
  choices: {type: choices, choices: {a: {zh: 甲}, b: {zh: 乙}}}
  instant: {type: instant}
  date: {type: date}
  person: {type: person}
  people: {type: people}
  department: {type: department}
  plate: {type: plate}
  phone: {type: phone}
  email: {type: email}
  file: {type: file}
  signatures: {type: signatures}
  table: {type: table, columns: {what: {zh: 事项}, when: {zh: 时间}}}
actions:
  fill: {at: [working], by: [agent], asks: [FIELDS]}
  offer: {at: [working], by: [agent], may_ask: [FIELDS]}
"""
APART = """
fields:
  who: {type: text, intake: customer.name}
  phone: {type: phone, intake: customer.phone, never_unknown: yes}
  place: {type: text}
  why: {type: text}
actions:
  register: {at: [new], by: [anyone], may_ask: [who, place], goes: working}
  ask:
    at: [working]
    by: [agent]
    asks: [phone, {field: place, when: {channel: web}}, {field: why, when: {anonymous: yes}}]
    goes: [{when: {customer.phone: given}, to: closed}, {to: working}]
"""

NAMES = ["text", "long", "number", "money", "yes_no", "tick", "choice", "choices", "instant", "date", "person",
         "people", "department", "plate", "phone", "email", "file", "signatures", "table"]  # fmt: skip
EVERY = EVERY.replace("FIELDS", ", ".join(NAMES))

WORDS = ["li@example.org", "li@", "a b@c",
         "a", "b", "yes", "no", "ann", "works", "nobody", "x", " ", "\n", "a\x01b", "120.50", "12.345", "13800138000",
         "粤B12345", "2026-11-21", "2026-02-30", "2026-11-21T09:30:00+08:00", "2026-11-21T25:30:00Z",
         "9999-01-01T00:00:00Z", "NaN", "x" * 501, "·  ·", "2026-W47-6", "20261121"]  # fmt: skip
PLAIN = st.one_of(
    st.sampled_from(WORDS), st.text(max_size=30), st.integers(), st.floats(allow_nan=False), st.booleans()
)
VALUES = st.one_of(
    PLAIN,
    st.lists(PLAIN, min_size=1, max_size=3),
    st.lists(st.dictionaries(st.sampled_from(["what", "when", "who"]), PLAIN, max_size=2), min_size=1, max_size=2),
    st.fixed_dictionaries({"unknown": PLAIN}, optional={"more": PLAIN}),
    st.dictionaries(st.sampled_from(["what", "unknown"]), PLAIN),
)
A_CASE = Case(desk(EVERY))


def problems_of(
    action: str, answers: dict[str, Any], on: Desk = A_CASE.desk, case: Complaint = A_CASE.state
) -> list[Problem]:
    return checked(on.procedure, case, on.procedure.actions[action], answers, on.organisation, at(MONDAY))[1]


def schema_of(
    action: str, on: Desk = A_CASE.desk, case: Complaint = A_CASE.state, language: str = "zh-Hans"
) -> dict[str, Any]:
    return schema(on.procedure, case, on.procedure.actions[action], on.organisation, language)


SCHEMAS = {action: Draft202012Validator(schema_of(action), format_checker=FORMATS) for action in ("fill", "offer")}


@given(name=st.sampled_from(NAMES), value=VALUES)
def test_the_schema_takes_exactly_what_the_desk_takes(name: str, value: Any):
    answers = {} if value in ("", []) else {name: value}  # an empty answer is none
    mine = problems_of("offer", answers)
    theirs = list(SCHEMAS["offer"].iter_errors(answers))
    assert bool(mine) == bool(theirs), (mine, theirs)


@given(
    answers=st.dictionaries(
        st.sampled_from([*NAMES, "stranger"]), VALUES.filter(lambda v: v not in ("", [])), max_size=6
    )
)
def test_what_is_missing_or_not_asked_is_wrong_for_both(answers: dict[str, Any]):
    assert {p.field for p in problems_of("fill", answers)} >= {n for n in NAMES if n not in answers}
    assert bool(problems_of("fill", answers)) == (not SCHEMAS["fill"].is_valid(answers))


COMPLETE: dict[str, Any] = {
    "text": "x", "long": "x", "number": 1, "money": "1", "yes_no": "yes", "tick": "yes", "choice": "a",
    "choices": ["a"], "instant": "2026-11-21T09:30:00+08:00", "date": "2026-11-21", "person": "ann",
    "people": ["ann"], "department": "works", "plate": "粤B12345", "phone": "13800138000", "email": "li@example.org",
    "file": "x",    "signatures": ["ann"], "table": [{"what": "x"}],
}  # fmt: skip


def test_a_complete_form_is_right_for_both():
    assert problems_of("fill", COMPLETE) == []
    SCHEMAS["fill"].validate(COMPLETE)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_the_schema_is_valid_itself_also_where_there_is_nobody_to_choose(language: str):
    empty = desk(EVERY, staff={}, departments={}, posts={})
    for on in (A_CASE.desk, empty):
        Draft202012Validator.check_schema(schema_of("fill", on, blank(on, at(MONDAY)), language))


def test_all_problems_are_named_at_once():
    found = problems_of("fill", {**COMPLETE, "text": 7, "tick": "no", "stranger": "x", "long": None})
    assert [(p.field, p.problem) for p in found] == [
        ("stranger", "is not asked here"), ("text", "must be text"), ("tick", "must be ticked"),
        ("long", "is required"),
    ]  # fmt: skip


def test_a_required_answer_may_be_unknown_with_a_reason():
    assert problems_of("fill", {**COMPLETE, "text": {"unknown": "the caller hung up"}}) == []
    for bad in ({"unknown": " "}, {"unknown": 7}, {"unknown": "x" * 501}, {"unknown": "x", "more": "y"}):
        assert [p.field for p in problems_of("fill", {**COMPLETE, "text": bad})] == ["text"]


def test_what_steers_the_case_is_never_unknown():
    found = problems_of("fill", {**COMPLETE, "long": {"unknown": "because"}})
    assert [(p.field, p.problem) for p in found] == [("long", "cannot be unknown")]


def test_where_unknown_is_an_answer_a_missing_one_says_so():
    found = problems_of("fill", {k: v for k, v in COMPLETE.items() if k not in ("text", "long")})
    assert {p.field: p.problem for p in found} == {
        "text": "is required; where it is not known, say why", "long": "is required",
    }  # fmt: skip


FOLLOWING = """
fields:
  satisfied: {type: yes_no, never_unknown: yes}
  why: {type: text, when: {satisfied: no}}
  first: {type: instant, after: now}
  until: {type: instant, after: first}
  plate: {type: text}
  place: {type: text}
actions:
  register: {at: [new], by: [anyone], asks: [plate, place], goes: working}
  ask: {at: [working], by: [agent], asks: [satisfied, why], may_ask: [until]}
  plan: {at: [working], by: [agent], asks: [first]}
  report: {at: [working], by: [agent], completes: register, asks: [satisfied]}
  look: {at: [working], by: [agent], opens: [{task: look}]}
  looked: {at: [working], by: [agent], finishes: look}
tasks:
  look: {for: [agent]}
"""


def test_a_field_with_a_condition_is_required_where_it_holds_and_refused_where_not():
    case = Case(desk(FOLLOWING))
    assert problems_of("ask", {"satisfied": "yes"}, case.desk, case.state) == []
    assert [p.field for p in problems_of("ask", {"satisfied": "no"}, case.desk, case.state)] == ["why"]
    found = problems_of("ask", {"satisfied": "yes", "why": "slow"}, case.desk, case.state)
    assert [(p.field, p.problem) for p in found] == [("why", "does not apply with these answers")]


def test_the_schema_tells_when_a_field_is_asked_and_does_not_require_it():
    case = Case(desk(FOLLOWING))
    found = schema_of("ask", case.desk, case.state)
    assert found["required"] == ["satisfied"]
    assert found["properties"]["why"]["x-when"] == [{"field": "satisfied", "op": "is", "values": ["no"]}]
    assert found["properties"]["why"]["x-asked-now"] is False


def test_an_instant_lies_after_now_or_after_the_field_named():
    case = Case(desk(FOLLOWING))
    past = problems_of("plan", {"first": stamp(MONDAY)}, case.desk, case.state)
    assert [(p.field, p.problem) for p in past] == [("first", "must lie in the future")]
    case.act("plan", first=stamp("03-03 09:00"))
    early = problems_of("ask", {"satisfied": "yes", "until": stamp("03-03 09:00")}, case.desk, case.state)
    assert [(p.field, p.problem) for p in early] == [("until", "must be later than first")]
    assert problems_of("ask", {"satisfied": "yes", "until": stamp("03-03 09:01")}, case.desk, case.state) == []


@pytest.mark.parametrize(
    ("language", "reason"), [("zh-Hans", "登记时未说明"), ("zh-Hant", "登記時未說明"), ("en", "not given at intake")]
)
def test_why_it_is_unknown_is_said_in_the_language_of_the_complaint(language: str, reason: str):
    case = Case(desk(FOLLOWING), fixed={"language": language}, place="lobby")
    assert case.state.values["plate"] == {"unknown": reason}


def test_intake_notes_what_is_missing_as_unknown_and_a_later_action_asks_again():
    case = Case(desk(FOLLOWING), place="lobby")
    assert case.state.values == {"plate": {"unknown": "登记时未说明"}, "place": "lobby"}
    assert asked(case.desk.procedure, case.state, case.desk.procedure.actions["report"]) == {
        "plate": True,
        "satisfied": True,
    }
    case.act("report", plate="粤B12345", satisfied="yes")
    assert asked(case.desk.procedure, case.state, case.desk.procedure.actions["report"]) == {"satisfied": True}


def test_what_steers_the_case_is_asked_for_at_intake_too():
    steering = FOLLOWING.replace("plate: {type: text}", "plate: {type: text, never_unknown: yes}")
    on = desk(steering)
    opening = on.procedure.actions["register"]
    _, found = checked(on.procedure, blank(on, at(MONDAY)), opening, {}, on.organisation, at(MONDAY), lenient=True)
    assert [(p.field, p.problem) for p in found] == [("plate", "is required")]


def test_an_action_that_finishes_a_task_asks_which_one():
    case = Case(desk(FOLLOWING))
    case.act("look")
    case.act("look")
    case.act("looked", task="look-1")
    found = schema_of("looked", case.desk, case.state)
    assert (found["properties"]["task"]["enum"], found["required"]) == (["look-2"], ["task"])


def test_who_complains_is_asked_without_the_case_or_its_history_holding_the_answer():
    case = Case(desk(APART), who="李女士")
    assert case.state.values == {"who": KEPT_APART}
    case.act("ask", phone="13800138000", place="lobby")
    assert (case.state.stage, case.state.values["phone"]) == ("closed", KEPT_APART)
    assert case.events[-1].answers == {"phone": KEPT_APART, "place": "lobby"}
    assert not any(said in repr((case.state, case.events)) for said in ("李女士", "13800138000"))


def test_what_is_known_of_the_complainant_is_not_required_again_and_never_shown_as_a_default():
    case = Case(desk(APART), fixed={"values": {"phone": KEPT_APART}})
    found = schema_of("ask", case.desk, case.state)
    assert "phone" not in found["required"]
    assert found["properties"]["phone"]["x-kept-apart"] == "phone"
    assert found["properties"]["phone"]["x-given"] is True
    assert "default" not in found["properties"]["phone"]


def test_a_phone_number_that_is_none_is_refused_before_it_is_put_aside():
    case = Case(desk(APART))
    found = problems_of("ask", {"phone": "none", "place": "x"}, case.desk, case.state)
    assert [(p.field, p.problem) for p in found] == [("phone", "must be a phone number")]


@pytest.mark.parametrize(
    ("fixed", "missing"),
    [
        ({}, ["phone", "place"]), ({"channel": "visit"}, ["phone"]),
        ({"channel": "visit", "anonymous": True}, ["phone", "why"]),
    ],
)  # fmt: skip
def test_a_field_may_be_required_only_where_the_action_says_and_offered_elsewhere(
    fixed: dict[str, Any], missing: list[str]
):
    case = Case(desk(APART), fixed=fixed)
    assert [p.field for p in problems_of("ask", {}, case.desk, case.state)] == missing
    given = {"phone": "13800138000", "place": "lobby", "why": "asked to"}
    assert problems_of("ask", given, case.desk, case.state) == []
    found = schema_of("ask", case.desk, case.state)
    assert found["required"] == ["phone"]
    assert found["properties"]["place"]["x-required-now"] is ("place" in missing)


def test_what_completes_an_earlier_form_offers_the_complainants_own_entries_again():
    text = APART.replace("may_ask: [who, place]", "asks: [who, place]") + (
        "  check: {at: [working], by: [agent], completes: register}\n"
    )
    case = Case(desk(text), who="李女士", place="lobby")
    assert list(schema_of("check", case.desk, case.state)["properties"]) == ["who"]
    assert problems_of("check", {}, case.desk, case.state) == []
    case.act("check", who="李芳")
    assert case.events[-1].answers == {"who": KEPT_APART}
