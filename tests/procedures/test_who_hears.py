"""Whoever goes on with a case is written to when it is their turn, and customers hear what concerns them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.procedures import estate, gardens, hospital, store, telephone, workshop
from tests.procedures import test_p_property_forms as estate_forms
from tests.procedures.asked import rules
from tests.procedures.playing import Play, answer

ASKED = {"department": "rooms", "escalated_why": "涉及赔偿"}
LEAD = {"instruction": "查明", "lead": "h.jin", "team": ["h.hao"]}
MOVED = estate.VISIT | {"change_agreed": "yes", "change_why": "业主出差", "visit_at": answer("08 10:00")}


@pytest.mark.parametrize(
    ("way", "when", "who", "action", "answers", "heard"),
    [
        pytest.param(hospital.instruction_asked, "02 14:00", "h.gu", "instruct", LEAD,
                     {("instruction_given", "h.luo"), ("investigate", "h.jin")}, marks=rules("H-14", "H-15")),
        pytest.param(hospital.feeding_back, "04 09:00", "h.luo", "feed_back", hospital.TOLD, {("result", "customer")},
                     marks=rules("H-17")),
        pytest.param(gardens.clarifying, "02 11:00", "m.ma", "involve_units", {"units": "供电局", "units_why": "线路"},
                     {("units_involved", "m.ma")}, marks=rules("M-47")),
        pytest.param(estate_forms.approving, "02 11:00", "p.luo", "approve", {"approved": "yes"},
                     {("approval_decided", "p.li")}, marks=rules("P-46", "P-92")),
        pytest.param(estate_forms.leave_asked, "02 11:00", "p.luo", "give_leave", {"leave_given": "yes"},
                     {("leave_decided", "p.li")}, marks=rules("P-46")),
        pytest.param(estate.handling, "02 10:00", "p.li", "promise", estate.PROMISE | {"promise_beyond": "no"},
                     {("promised", "customer"), ("promise_owed", "p.li")}, marks=rules("P-44", "P-45")),
        pytest.param(estate_forms.appointed, "02 12:00", "p.li", "change_appointment", MOVED,
                     {("appointment", "customer"), ("appointment_owed", "p.li")}, marks=rules("P-43")),
        pytest.param(estate_forms.moved_up, "04 09:00", "p.qin", "move_to_head", {"moved_why": "须专项维修资金"},
                     {("moved_to_head", "p.luo")}, marks=rules("P-70", "P-77")),
        pytest.param(estate_forms.skipping, "03 12:00", "p.luo", "approve_skip", {"skip_approved": "no"},
                     {("skip_decided", "p.qin")}, marks=rules("P-86")),
        pytest.param(store.transferred, "02 14:00", "s.cui", "return_transfer", {"return_why": "属店内权限"},
                     {("returned", "s.fang")}, marks=rules("S-24")),
        pytest.param(telephone.finding_facts, "02 09:20", "t.dong", "escalate", ASKED | {"asked_of": "duty_manager"},
                     {("please_solve", "t.jiang")}, marks=rules("T-28")),
        pytest.param(telephone.finding_facts, "02 09:20", "t.dong", "escalate",
                     ASKED | {"asked_of": "department_manager"}, {("please_solve", "t.ren")}, marks=rules("T-28")),
        pytest.param(telephone.second_contact, "02 15:00", "t.dong", "contact_again",
                     telephone.DISSATISFIED | {"after_dissatisfied": "duty_manager"}, {("please_solve", "t.jiang")},
                     marks=rules("T-28", "T-34")),
        pytest.param(telephone.second_contact, "02 15:00", "t.dong", "contact_again",
                     telephone.DISSATISFIED | {"after_dissatisfied": "department_manager"}, {("please_solve", "t.ren")},
                     marks=rules("T-28", "T-34")),
    ],
)  # fmt: skip
def test_they_are_written_to(
    way: Callable[[], Play], when: str, who: str, action: str, answers: dict[str, Any], heard: set[tuple[str, str]]
) -> None:
    assert heard <= set(way().do(when, who, action, **answers).letters)


@pytest.mark.rules("W-79", "W-83", "W-84")
def test_an_approved_pending_matter_is_put_to_both_keepers_of_a_ledger() -> None:
    play = workshop.pending()
    assert {task.task for task in play.case.tasks.values() if not task.finished} == {"manager_ledger", "centre_ledger"}
    assert {to for letter, to in play.letters if letter == "pending_approved"} == {"w.xie", "w.pan"}


@pytest.mark.rules("S-63")
def test_an_illegal_act_named_while_it_is_heard_is_put_to_the_store_manager_for_the_police() -> None:
    play = store.heard(illegal="yes")
    assert [task.task for task in play.case.tasks.values() if not task.finished] == ["tell_police"]


@pytest.mark.rules("P-39")
def test_a_loss_named_at_the_record_is_a_task_to_stop_it() -> None:
    play = estate.handling(loss="yes")
    assert [task.task for task in play.case.tasks.values() if not task.finished] == ["stop_loss"]
