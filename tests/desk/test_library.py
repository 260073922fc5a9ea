"""What a case leaves for the next ones: where it stands, and when it comes there."""

from chalicelib.desk.library import ALL, entered_at, place
from chalicelib.desk.procedure import Library
from tests.desk.build import Case, at, desk

RULES = """
fields:
  kind_of: {type: choice, choices: {a: {zh: 甲}, b: {zh: 乙}}}
  where: {type: text}
  rule: {type: long}
actions:
  register: {at: [new], by: [anyone], may_ask: [kind_of, where], goes: working}
  sort: {at: [working], by: [agent], asks: [kind_of]}
  write: {at: [working], by: [agent], asks: [rule]}
  note: {at: [working], by: [agent], may_ask: [where]}
libraries:
  rules: {title: {zh: 规章}, entry: rule, same: [kind_of]}
  ways: {title: {zh: 办法}, entry: rule}
"""


def library(case: Case, name: str = "rules") -> Library:
    return case.desk.procedure.libraries[name]


def test_a_case_leaves_what_it_was_given_in_the_place_of_its_kind_and_among_all():
    case = Case(desk(RULES), kind_of="a")
    where = place(library(case), case.state)
    assert where
    assert case.act("write", rule="ask first").shelved == [("rules", ALL), ("rules", where), ("ways", ALL)]
    assert len(where) == 32


def test_the_place_follows_the_answers_and_nothing_else():
    case, other = Case(desk(RULES), kind_of="a", where="lobby"), Case(desk(RULES), kind_of="a", where="roof")
    assert place(library(case), case.state) == place(library(other), other.state)
    other.act("sort", kind_of="b")
    assert place(library(case), case.state) != place(library(other), other.state)
    assert place(library(case, "ways"), case.state) is None


def test_what_was_written_before_the_kind_was_known_comes_to_its_place_then():
    case = Case(desk(RULES))
    assert place(library(case), case.state) is None
    assert case.act("write", rule="ask first").shelved == [("rules", ALL), ("ways", ALL)]
    sorted_now = case.act("sort", kind_of="b")
    assert ("rules", place(library(case), sorted_now.complaint)) in sorted_now.shelved


def test_what_touches_neither_entry_nor_kind_leaves_nothing():
    case = Case(desk(RULES), kind_of="a")
    case.act("write", rule="ask first")
    assert case.act("note", where="roof").shelved == []


def test_an_entry_that_is_unknown_leaves_nothing():
    case = Case(desk(RULES), kind_of="a")
    assert case.act("write", rule={"unknown": "none yet"}).shelved == []


def test_an_entry_is_as_old_as_the_last_time_it_was_asked_for():
    case = Case(desk(RULES), kind_of="a")
    case.act("write", "03-03 09:00", rule="ask first")
    case.act("note", "03-04 09:00", where="roof")
    assert entered_at(case.desk.procedure, library(case), case.state) == at("03-03 09:00")
