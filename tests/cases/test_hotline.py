"""A call comes in by the hotline: a complaint, an addition to one, or a call that somebody has to return."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.desk.complaint import CUSTOMER, Complaint
from chalicelib.desk.engine import open_actions
from chalicelib.procedures.compile import sources
from infra.seed import organisations
from tests.web.air import ORG, Air, on_air, organisation
from tests.web.calling import RECORDING, a_call, calls

DEMO = {one.id: one for one in organisations()}


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air() as found:
        yield found


def taken(air: Air, *, id: str = "msg-1", **changes: Any) -> Complaint:
    """The case that a call came to."""
    org = changes.get("org", ORG)
    answer = calls(air, a_call(**changes), id=id, secret=air.world.webhook_secret(org))
    assert answer.status_code in (200, 201), answer.body
    found = air.stores.cases.load(org, answer.json_body["number"])
    assert found is not None
    return found


def written(air: Air, letter: str) -> list[str]:
    """To whom a letter was written."""
    return [m.to for m in air.queue.delivered if m.letter == letter]


# nothing of a call is lost


def test_answers_go_where_the_form_has_a_place_for_them_and_all_others_are_kept(air: Air) -> None:
    case = taken(
        air,
        answers={
            "summary": "停水",
            "where": "一号楼",
            "demand": "尽快修复",
            "receiving_unit": "sales",
            "mood": "急",
            "n": 3,
        },
    )
    assert (case.values["place"], case.values["demand"], case.values["receiving_unit"]) == (
        "一号楼",
        "尽快修复",
        "sales",
    )
    assert (case.posted["hotline.answers.mood"], case.posted["hotline.answers.n"]) == ("急", "3")


def test_an_answer_that_its_field_does_not_take_is_kept_in_the_callers_words(air: Air) -> None:
    case = taken(air, answers={"summary": "停水", "receiving_unit": "那个卖房子的部门", "category": "水"})
    assert case.posted["hotline.answers.receiving_unit"] == "那个卖房子的部门"
    assert case.posted["category"] == "水"
    assert "unknown" in case.values["receiving_unit"]


def kept_of(air: Air, case: Complaint) -> str:
    """All that is kept of a case but its hashes, in which any few digits may come about."""
    return re.sub("[0-9a-f]{16,}", "", f"{case}{air.stores.cases.history(ORG, case.number)}")


def test_a_call_that_says_nothing_is_a_case_all_the_same_with_the_end_of_the_phone_hidden(air: Air) -> None:
    case = taken(air, answers=None)
    assert case.summary == "热线来电 139********"
    assert "5678" not in kept_of(air, case)


def test_who_calls_confidentially_is_not_in_the_case_at_all(air: Air) -> None:
    case = taken(air, answers={"confidential": True})
    assert (case.confidential, case.summary) == (True, "热线来电")
    assert "139" not in kept_of(air, case)


def test_the_recording_is_kept_by_reference_hash_and_purpose(air: Air) -> None:
    [recording] = taken(air, recording={**RECORDING, "purpose": "both"}, agent="shen").attachments
    assert (recording.name, recording.kind, recording.sha256) == ("通话录音 3:04", "audio/mpeg", "ab" * 32)
    assert (recording.place, recording.purpose, recording.by) == (RECORDING["url"], "留作证明并用于培训", "shen")


def test_an_agent_who_is_staff_registered_it_and_any_other_is_named(air: Air) -> None:
    assert taken(air, agent="shen").done["register"].first_by == "shen"
    stranger = taken(air, agent="外包坐席7号", call_id="call-2", id="msg-2")
    assert (stranger.done["register"].first_by, stranger.posted["hotline.agent"]) == ("", "外包坐席7号")


def test_somebody_who_left_answers_for_nothing(air: Air) -> None:
    assert taken(air, agent="left").posted["hotline.agent"] == "left"


@pytest.mark.parametrize(
    ("caller", "told"), [("13912345678", [CUSTOMER]), ("010-65551234", []), ("anonymous", []), ("", [])]
)
def test_whoever_has_a_mobile_is_acknowledged_by_text_message(air: Air, caller: str, told: list[str]) -> None:
    taken(air, caller=caller)
    assert written(air, "acknowledgement") == told


def test_whoever_wants_to_be_called_elsewhere_is_found_by_both_phones(air: Air) -> None:
    case = taken(air, caller="010-65551234", answers={"summary": "停水", "phone": "13800138000"})
    identity = air.stores.cases.identity(ORG, case.number)
    assert (identity.phone, identity.caller) == ("+8613800138000", "+861065551234")
    for phone in ("13800138000", "01065551234"):
        found = air.get(f"/v1/customers?phone={phone}", by="shen").json_body["items"]
        assert [one["number"] for one in found] == [case.number]


# an earlier complaint


def test_a_call_from_the_phone_on_record_adds_what_the_customer_says(air: Air) -> None:
    number = air.registered()
    case = taken(air, number=number, caller="+86 138 0013 8000", answers={"details": "还没有修好。"}, agent="shen")
    [reply] = case.replies
    assert (reply.by, reply.text) == ("customer", "还没有修好。")
    assert written(air, "customer_wrote") == ["lin"]
    last = air.stores.cases.history(ORG, number)[-1]
    assert (last.kind, last.by) == ("called", "shen")
    assert "2026-11-23 08:50 - 2026-11-23 08:53" in last.note
    assert "沈二" in last.note


def test_a_call_from_another_phone_is_for_staff_alone(air: Air) -> None:
    number = air.registered()
    case = taken(air, number=number, answers={"details": "把处理结果告诉我。", "mood": "急"})
    assert case.replies == []
    assert written(air, "call_noted") == ["lin"]
    note = air.stores.cases.history(ORG, number)[-1].note
    assert "尚未核实来电人身份" in note
    assert "把处理结果告诉我。" in note
    assert "mood: 急" in note
    assert "13912345678" not in note


def test_the_number_is_taken_as_it_was_said(air: Air) -> None:
    number = air.registered()
    assert taken(air, number=number.replace("-", " ")).number == number


def test_the_same_call_adds_to_a_complaint_once(air: Air) -> None:
    number = air.registered()
    for id in ("msg-1", "msg-1", "msg-2"):
        case = taken(air, id=id, number=number, recording=RECORDING)
    assert len(case.attachments) == 1
    assert [event.kind for event in air.stores.cases.history(ORG, number)] == ["registered", "called"]


def test_a_call_that_made_a_complaint_adds_to_no_other(air: Air) -> None:
    other = air.registered()
    made = taken(air)
    assert taken(air, id="msg-2", number=other).number == made.number


def test_a_number_of_another_organisation_is_no_number_here() -> None:
    with on_air(organisation(), organisation("w-workshop", "w-workshop")) as air:
        number = air.registered(org="w-workshop")
        assert calls(air, a_call(number=number)).status_code == 422


# calls that nobody answered


@pytest.mark.parametrize("procedure", sorted(sources()))
def test_in_every_procedure_a_missed_call_is_to_be_returned_in_time_and_whoever_is_in_charge_is_told(
    procedure: str,
) -> None:
    with on_air(DEMO[procedure]) as air:
        case = taken(air, org=procedure, answered=False, answers=None)
        secret = procedure == "h-hospital"  # where every complaint is confidential
        assert case.summary == ("未接来电，待回电" if secret else "未接来电 139********，待回电")
        [task] = case.tasks.values()
        assert (task.task, task.finished) == ("call_back", None)
        assert case.clocks["missed_call@call_back-1"].due is not None
        assert written(air, "call_missed")
        desk = air.world.desks.of(case)
        everyone = desk.organisation.staff
        assert any("called_back" in open_actions(desk, case, person, air.now) for person in everyone)


def test_the_time_to_return_a_call_runs_in_opening_hours_and_lateness_is_told(air: Air) -> None:
    air.wait(hours=14)  # 23:00
    ended = air.now.isoformat()
    case = taken(air, answered=False, answers=None, started_at=None, ended_at=ended)
    clock = case.clocks["missed_call@call_back-1"]
    assert (clock.due.isoformat() if clock.due else "") == "2026-11-24T03:00:00+00:00"  # 11:00, two hours in
    air.wait(hours=13)
    air.world.sweep.run(lambda: 1000.0)
    late = air.stores.cases.load(ORG, case.number)
    assert late is not None
    assert [missed.clock for missed in late.lateness] == ["missed_call"]
    assert {"shen"} <= set(written(air, "late"))


def test_a_call_back_is_logged_and_where_nobody_answers_it_is_tried_again(air: Air) -> None:
    number = taken(air, answered=False, answers=None).number
    tried = air.act(
        number, "called_back", "lin", task="call_back-1", call_back_result="no_answer", call_back_tried="响铃未接"
    )
    assert tried.status_code == 200, tried.body
    spoken = air.act(
        number, "called_back", "lin", task="call_back-2", call_back_result="reached", call_back_said="客户反映停水。"
    )
    assert spoken.status_code == 200, spoken.body
    case = air.stores.cases.load(ORG, number)
    assert case is not None
    assert all(task.finished for task in case.tasks.values())
    assert case.clocks["missed_call@call_back-2"].state == "stopped"


def test_of_several_missed_calls_in_one_case_one_is_to_be_returned(air: Air) -> None:
    number = taken(air, answered=False, answers=None).number
    case = taken(air, id="msg-2", call_id="call-2", number=number, answered=False, answers=None)
    assert [run.task for run in case.tasks.values()] == ["call_back"]


def test_a_missed_call_about_a_closed_case_is_to_be_returned_too(air: Air) -> None:
    number = air.registered()
    done = air.act(
        number, "withdraw", "shen", withdrawal_how="phone", withdrawal_why="不必了", withdrawal_own_wish="yes"
    )
    assert done.status_code == 200, done.body
    case = taken(air, number=number, answered=False, answers=None)
    assert case.finished
    assert case.clocks["missed_call@call_back-1"].state == "running"
    returned = air.act(
        number, "called_back", "shen", task="call_back-1", call_back_result="reached", call_back_said="客户确认撤诉。"
    )
    assert returned.status_code == 200, returned.body


def test_staff_who_take_a_call_may_note_that_it_is_to_be_returned(air: Air) -> None:
    number = air.registered()
    asked = air.act(number, "ask_call_back", "shen", call_back_why="客户要求下午回电")
    assert asked.status_code == 200, asked.body
    again = air.act(number, "ask_call_back", "shen", call_back_why="客户又来电")
    assert again.status_code == 422
