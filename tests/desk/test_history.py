"""History: replayed it makes the state, and whatever is tampered with shows."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.desk.complaint import Complaint, Erasure, Event
from chalicelib.desk.engine import decide
from chalicelib.desk.history import apply, broken_at, replay, sealed
from tests.desk.build import Case, desk

WORK = """
fields:
  found: {type: text, per_round: yes}
  cost: {type: money}
tasks:
  look: {for: [agent]}
actions:
  look: {at: [working], by: [agent], asks: [found], may_ask: [cost], opens: [{task: look, takes: [found]}]}
  looked: {at: [working], by: [agent], finishes: look}
  again: {at: [working], by: [agent], goes: [{to: working, again: yes}]}
  finish: {at: [working], by: [agent], goes: closed}
clocks:
  solve: {starts: [entered working], stops: [left working], limit: 2h,
          ladder: [{before: 1h, tell: [agent]}, {at: due, tell: [head]}]}
  look: {each: look, limit: 3d}
"""


def a_history() -> Case:
    case = Case(desk(WORK), fixed={"summary": "leak", "anonymous": True})
    case.act("look", found="a leak", cost="12")
    case.tick("03-02 10:00")
    case.act("looked", "03-02 12:00", task="look-1")
    case.write("还没有解决", "03-02 13:00")
    case.act("again", "03-02 14:00")
    case.act("finish", "03-03 09:00")
    return case


CASE = a_history()
EVENTS = CASE.events


def again(event: Event) -> Event:
    return msgspec.json.decode(msgspec.json.encode(event), type=Event)


def test_a_history_replays_to_the_state_it_led_to():
    assert replay(EVENTS) == CASE.state
    assert CASE.state.values == {"cost": "12.00"}  # what was per round is forgotten


def test_it_does_so_from_what_was_stored():
    assert replay([again(event) for event in EVENTS]) == CASE.state
    assert msgspec.json.decode(msgspec.json.encode(CASE.state), type=Complaint) == CASE.state


def test_a_customer_who_becomes_known_later_is_known_to_the_history_too():
    case = Case(desk(WORK), fixed={"customer_keys": ["room:1"]})
    case.took(
        decide(case.desk, case.state, "look", {"found": "x"}, "ann", case.now, keys=["phone:2", "room:1", "phone:2"])
    )
    case.act("looked", task="look-1")
    assert case.state.customer_keys == ["room:1", "phone:2"]
    assert replay([again(event) for event in case.events]) == case.state


def test_no_history_makes_no_state():
    assert replay([]) is None


def test_applying_an_event_changes_neither_argument():
    before = replay(EVENTS[:3])
    copy, event = msgspec.json.encode(before), msgspec.json.encode(EVENTS[3])
    apply(before, EVENTS[3])
    assert (msgspec.json.encode(before), msgspec.json.encode(EVENTS[3])) == (copy, event)


def test_an_event_says_only_what_changed():
    assert EVENTS[0].changes.opening["number"] == CASE.state.number
    assert all(event.changes.opening == {} for event in EVENTS[1:])
    assert list(EVENTS[1].changes.clocks) == ["look@look-1"]


def test_a_whole_chain_holds():
    assert broken_at(EVENTS) is None
    assert broken_at([again(event) for event in EVENTS], CASE.state.chain) is None
    assert broken_at([]) is None


@given(at=st.integers(0, len(EVENTS) - 1), data=st.data())
def test_a_changed_event_is_found(at: int, data: st.DataObject):
    changed = [again(event) for event in EVENTS]
    name = data.draw(st.sampled_from([f for f in Event.__struct_fields__ if f not in ("version", "changes")]))
    other = {
        "at": EVENTS[at - 1].at, "kind": "seen", "answers": {"x": "y"}, "signals": ["done nothing"], "told": [],
        "happened_at": EVENTS[0].at, "previous": "0" * 64, "hash": "0" * 64,
        "erasure": Erasure(parts=["content"], fields=[], left=[]),
    }.get(name, "someone else")  # fmt: skip
    if other != getattr(changed[at], name):
        changed[at] = replace(changed[at], **{name: other})
        assert broken_at(changed) == at + 1


@pytest.mark.parametrize("at", range(len(EVENTS)))
def test_changed_facts_are_found(at: int):
    changed = [again(event) for event in EVENTS]
    changed[at].changes.values["found"] = "nothing"
    assert broken_at(changed) == at + 1


@pytest.mark.parametrize("at", range(len(EVENTS)))
def test_a_missing_event_is_found_the_last_by_the_head(at: int):
    assert broken_at(EVENTS[:at] + EVENTS[at + 1 :], CASE.state.chain) == at + 1


@given(st.permutations(range(len(EVENTS))))
def test_another_order_is_found(order: list[int]):
    assert (broken_at([EVENTS[i] for i in order]) is None) == (order == sorted(order))


@given(st.integers(0, len(EVENTS) - 1), st.integers(0, len(EVENTS)))
def test_an_event_that_stands_twice_is_found(which: int, where: int):
    assert broken_at([*EVENTS[:where], EVENTS[which], *EVENTS[where:]], CASE.state.chain) is not None


def test_a_history_forged_from_the_start_is_found_by_the_head():
    forged = Case(desk(WORK), fixed={"summary": "nothing"})
    assert broken_at(forged.events) is None
    assert broken_at(forged.events, CASE.state.chain) == 2


@pytest.mark.parametrize("at", range(len(EVENTS) - 1))
def test_an_event_that_was_changed_and_sealed_anew_is_found_by_the_one_after_it(at: int) -> None:
    forged = [again(event) for event in EVENTS]
    forged[at].by = "someone else"
    sealed(forged[at], forged[at].previous)
    assert broken_at(forged) == at + 2


@pytest.mark.parametrize("at", range(len(EVENTS) - 1))
def test_an_event_that_was_taken_out_is_missed_though_all_after_it_were_sealed_anew(at: int) -> None:
    forged = [again(event) for event in EVENTS]
    del forged[at]
    for one, before in zip(forged[at:], [None, *forged][at:], strict=False):
        sealed(one, before.hash if before else "")
    assert broken_at(forged) == at + 1
