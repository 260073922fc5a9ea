"""Erasing: what leads to a person is gone, what is counted stays, and the history still proves itself."""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.desk.complaint import Attachment, Complaint, Decision, Event, Part, Retain
from chalicelib.desk.erasing import came_since, erase, hold, next_erasure, outstanding, release, retained
from chalicelib.desk.facts import ERASED
from chalicelib.desk.history import broken_at, hashed, replay
from chalicelib.desk.procedure import Keep
from chalicelib.desk.redaction import left_of
from chalicelib.desk.rulebook import Rulebook
from tests.desk.build import Case, desk

WORK = """
retention:
  - {when: {kind: report}, identity: 10}
  - {identity: 30, content: 90}
fields:
  plate: {type: plate}
  found: {type: long}
  proof: {type: file}
  nature: {type: choice, choices: {delay: {en: Delay}, other: {en: Other}}}
  cause: {type: text, means: cause}
  cost: {type: money}
tasks:
  look: {for: [agent]}
actions:
  look: {at: [working], by: [agent], asks: [found, nature], may_ask: [plate, proof, cost, cause],
         opens: [{task: look, takes: [found, plate]}]}
  looked: {at: [working], by: [agent], finishes: look}
  finish: {at: [working], by: [agent], goes: closed}
  again: {at: [closed], by: [agent], goes: working}
  more: {at: [any], by: [agent], asks: [found]}
"""
SECRETS = ("京A12345", "phone:0123456789abcdef", "a-file")
WORDS = ("王五说管道漏水", "还没有解决", "leak", "一号楼", "not there")
PHOTO = Attachment(
    name="a-file.jpg", kind="image/jpeg", size=1, sha256="0" * 64, place="p", at=Case(desk(WORK)).now, id="a-file"
)
BOTH: list[Part] = ["identity", "content"]


def closed() -> Case:
    fixed = {
        "summary": "leak", "salt": "s" * 32, "customer_keys": ["phone:0123456789abcdef"], "attachments": [PHOTO],
        "posted": {"content.where": "一号楼", "hotline.call_id": "call-7"}, "reach": ["sms"],
    }  # fmt: skip
    case = Case(desk(WORK), fixed=fixed)
    given = {"plate": "京A12345", "proof": "a-file", "cost": "12", "cause": "pipe"}
    case.act("look", found="王五说管道漏水", nature="delay", **given)
    case.act("look", found={"unknown": "not there"}, nature="other", **given)
    case.write("还没有解决", "03-02 13:00")
    case.act("finish", "03-03 09:00")
    return case


def erased(case: Case, *parts: Part, salt: str = "t" * 32, keys: tuple[str, ...] = ("phone:~1",)) -> Decision:
    """The parts erased, and the case with it."""
    now = case.now + timedelta(days=40)
    decision = erase(case.desk, case.state, case.events, parts, "root", "asked to", now, salt=salt, keys=keys)
    case.took(decision)
    return decision


def everything(case: Complaint, events: list[Event]) -> str:
    return msgspec.json.encode([case, events]).decode()


def test_with_the_identity_goes_all_that_leads_to_a_person_and_the_words_stay():
    case = closed()
    erased(case, "identity")
    left = everything(case.state, left_of(case.events))
    assert [secret for secret in (*SECRETS, "call-7", "s" * 32) if secret in left] == []
    assert [word for word in WORDS if word not in left] == []
    assert (
        case.state.values["plate"] == case.state.values["proof"] == case.state.tasks["look-1"].takes["plate"] == ERASED
    )
    assert (case.state.customer_keys, case.state.reach, case.state.attachments) == (["phone:~1"], [], [])


def test_with_the_content_go_the_words_and_what_is_counted_stays():
    case = closed()
    before = case.state
    erased(case, *BOTH)
    left = everything(case.state, left_of(case.events))
    assert [secret for secret in (*SECRETS, *WORDS) if secret in left] == []
    after = case.state
    assert {name: after.values[name] for name in ("nature", "cost", "cause")} == {
        "nature": "other",
        "cost": "12.00",
        "cause": "pipe",
    }
    assert after.values["found"] == {"unknown": ""}
    assert (after.done, after.clocks, after.stage, after.closed_at) == (
        before.done,
        before.clocks,
        before.stage,
        before.closed_at,
    )
    assert [reply.text for reply in after.replies] == [""]
    assert case.events[-1].note == "asked to"


@pytest.mark.parametrize("rows_are_clean", [True, False], ids=["cleaned", "not yet cleaned"])
def test_the_chain_holds_and_the_events_make_the_case_as_it_is(rows_are_clean: bool):
    case = closed()
    erased(case, "identity")
    erased(case, *BOTH, salt="u" * 32)
    case.act("more", found="later")
    stored = [msgspec.json.decode(msgspec.json.encode(event), type=Event) for event in case.events]
    shown = left_of(stored) if rows_are_clean else stored
    assert broken_at(shown, case.state.chain) is None
    assert replay(shown) == case.state
    assert left_of(left_of(stored)) == left_of(stored)


def test_some_rows_may_be_clean_and_others_not_yet():
    case = closed()
    erased(case, "identity")
    erased(case, *BOTH, salt="u" * 32)
    clean = left_of(case.events)
    for cut in range(len(clean)):
        for half in (clean[:cut] + case.events[cut:], case.events[:cut] + clean[cut:]):
            assert broken_at(half, case.state.chain) is None
            assert replay(half) == case.state


@pytest.mark.parametrize("at", range(5))
def test_what_is_left_of_an_event_cannot_be_changed_either(at: int):
    case = closed()
    erased(case, "identity")
    erased(case, *BOTH, salt="u" * 32)
    events = left_of(case.events)
    events[at] = replace(events[at], by="somebody else")
    assert broken_at(events, case.state.chain) == at + 1
    events = left_of(case.events)
    events[at].changes.values["nature"] = "none"
    assert broken_at(events, case.state.chain) == at + 1


def test_an_erasure_that_nobody_made_is_no_excuse():
    case, other = closed(), closed()
    erased(other, *BOTH)
    forged = left_of([*case.events, other.events[-1]])[:-1]
    assert broken_at(forged, case.state.chain) == 1


def test_a_closed_case_is_kept_as_long_as_its_procedure_says_by_kind():
    for kind, days in (("complaint", 30), ("report", 10)):
        case = Case(desk(WORK), fixed={"kind": kind})
        assert next_erasure(case.desk, case.state) is None
        case.act("look", found="x", nature="delay")
        case.act("finish", "03-03 09:00")
        assert case.state.closed_at is not None
        assert next_erasure(case.desk, case.state) == case.state.closed_at + timedelta(days=days)


def test_the_words_go_later_and_with_them_what_came_meanwhile():
    case = closed()
    assert case.state.closed_at is not None
    erased(case, "identity")
    assert next_erasure(case.desk, case.state) == case.state.closed_at + timedelta(days=90)
    assert outstanding(case.desk, case.state, case.events) == ["content"]
    case.act("more", found="later")
    assert came_since(case.state, case.events, "identity")
    assert outstanding(case.desk, case.state, case.events) == ["identity", "content"]
    erased(case, *BOTH)
    assert next_erasure(case.desk, case.state) is None
    assert outstanding(case.desk, case.state, case.events) == []
    assert retained(case.desk, case.state, case.now, was_finished=True) == Retain(case.now + timedelta(days=30))


def test_a_case_that_is_opened_again_is_kept_and_its_time_begins_anew_when_it_ends_again():
    case = closed()
    erased(case, "identity")
    assert retained(case.desk, replace(case.state, status="handling"), case.now, was_finished=True) == Retain(None)
    later = replace(case.state, closed_at=case.now + timedelta(days=50))
    assert next_erasure(case.desk, later) == case.now + timedelta(days=80)


def test_nothing_of_a_held_case_goes_until_that_is_lifted():
    case = closed()
    decision = hold(case.desk, case.state, "root", "诉讼中", case.now)
    case.took(decision)
    assert decision.retain == Retain(None)
    assert (case.state.held, next_erasure(case.desk, case.state)) == (True, None)
    decision = release(case.desk, case.state, "root", "已结案", case.now)
    case.took(decision)
    assert (case.state.held, decision.retain) == (False, Retain(next_erasure(case.desk, case.state)))
    assert replay(case.events) == case.state
    erased(case, *BOTH)
    assert [event.note for event in left_of(case.events)][-3:] == ["诉讼中", "已结案", "asked to"]


def test_what_was_erased_cannot_be_tried_by_the_hash_that_stays():
    """Plates are few: without the salt, whoever put the right one back would see the old hash come out."""
    case = closed()
    looked = case.events[1]
    assert hashed(replace(looked, hash=""), case.state.salt) == looked.hash
    erased(case, "identity")
    assert hashed(replace(looked, hash=""), "") != looked.hash
    assert "s" * 32 not in everything(case.state, left_of(case.events))
    erased(case, *BOTH, salt="u" * 32)
    assert "t" * 32 not in everything(case.state, left_of(case.events))


def test_a_hundred_years_are_as_good_as_for_ever_and_nothing_overflows():
    procedure = replace(desk(WORK).procedure, retention=[Keep(identity=999_999_999)])
    case = closed()
    on = replace(case.desk, rulebook=Rulebook(procedure))
    assert case.state.closed_at is not None
    assert next_erasure(on, case.state) == case.state.closed_at + timedelta(days=36_525)
