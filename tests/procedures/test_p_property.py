"""物业管理: from acceptance over the solution to the revisit and the complete form."""

import pytest

from chalicelib.desk.errors import NotAllowed
from tests.procedures.estate import (
    BEYOND,
    DISSATISFIED,
    FORM,
    OPINIONS,
    REPLY,
    RESULT,
    SATISFIED,
    SOLUTION,
    another_round,
    guard_calls,
    handling,
    hard,
    investigating,
    received,
    revisiting,
    solving,
)
from tests.procedures.playing import Play, answer


@pytest.mark.parametrize("channel", ["visit", "letter", "phone", "other", "web"])
@pytest.mark.rules("P-54", "P-55", "P-56", "P-57", "P-102")
def test_every_complaint_begins_as_accepted_whatever_its_channel(channel: str) -> None:
    play = received(channel)
    assert (play.case.stage, play.case.status, play.case.owner.person) == ("accepted", "received", "p.li")


@pytest.mark.rules("P-57")
def test_another_channel_is_described_in_words() -> None:
    assert "required" in received("other").refused("02 09:30", "p.li", "record", **FORM)
    received("other").do("02 09:30", "p.li", "record", channel_text="业主群", **FORM)


@pytest.mark.rules("P-58")
def test_the_duty_staff_who_receive_it_have_it() -> None:
    assert received().case.owner.person == "p.li"
    web = Play("p-property", "02 09:00", "customer", "web").open(content="停水", received_at=answer("02 09:00"))
    assert web.case.owner.person == "p.li"


@pytest.mark.rules("P-60", "P-62")
def test_the_record_asks_for_the_event_and_for_whether_it_can_be_solved_promptly() -> None:
    play = received()
    assert play.due("record") == "02 11:00"
    for missing in ("event", "solvable_now", "demand"):
        answers = {name: value for name, value in FORM.items() if name != missing}
        assert "required" in play.refused("02 09:30", "p.li", "record", **answers)
    assert play.do("02 09:30", "p.li", "record", **FORM).case.stage == "handling"


@pytest.mark.rules("P-62", "P-63", "P-64")
def test_what_is_hard_to_solve_is_explained_with_an_approximate_limit_that_is_tracked() -> None:
    play = hard()
    assert (play.case.stage, play.due("explain")) == ("hard", "03 09:30")
    assert "required" in play.refused("02 10:00", "p.li", "explain", explained="需厂家配合")
    play.do("02 10:00", "p.li", "explain", explained="需厂家配合", rough_limit=answer("09 18:00"))
    assert (play.case.stage, play.due("rough_limit")) == ("investigating", "09 18:00")
    assert play.letters == [("explained", "customer")]
    assert ("due_soon", "p.li") in play.wait("08 18:00").letters
    play.wait("09 18:00")
    assert {"p.qin", "p.luo"} <= {to for letter, to in play.letters if letter == "late"}


@pytest.mark.rules("P-64")
def test_a_new_limit_replaces_the_old_one_only_while_it_is_not_yet_missed() -> None:
    play = investigating()
    play.do("08 09:00", "p.li", "renew_limit", explained="厂家延期", rough_limit=answer("12 18:00"))
    assert play.due("rough_limit") == "12 18:00"
    assert "rough_limit" in play.wait("12 18:00").late()


@pytest.mark.rules("P-38", "P-40", "P-65", "P-66", "P-67")
def test_a_hard_case_is_investigated_given_a_solution_and_handled() -> None:
    play = solving()
    assert (play.case.stage, play.case.values["responsible_party"]) == ("solution", "施工单位")
    assert play.due("solution") == "04 09:00"
    play.do("03 10:00", "p.li", "settle_solution", **SOLUTION)
    assert (play.case.stage, play.due("handle")) == ("handling", "07 00:00")


@pytest.mark.rules("P-30", "P-32")
def test_a_solution_carries_both_marks() -> None:
    for mark in ("company_interest_kept", "estate_rules_kept"):
        answers = {name: value for name, value in SOLUTION.items() if name != mark}
        assert "required" in solving().refused("03 10:00", "p.li", "settle_solution", **answers)


@pytest.mark.rules("P-46")
def test_beyond_authority_nobody_answers_the_owner_before_the_approval_is_stored() -> None:
    play = solving().do("03 10:00", "p.li", "settle_solution", **BEYOND)
    assert play.letters == [("approval_wanted", "p.luo")]
    assert "approval" in play.refused("03 11:00", "p.li", "reply", **REPLY)
    play.do("03 12:00", "p.luo", "approve", approved="no", approval_words="费用过高")
    assert "approval" in play.refused("03 13:00", "p.li", "reply", **REPLY)
    play.do("03 14:00", "p.li", "settle_solution", **BEYOND)
    assert "approval" in play.refused("03 14:10", "p.li", "reply", **REPLY)
    play.do("03 15:00", "p.luo", "approve", approved="yes").do("03 15:10", "p.li", "reply", **REPLY)
    assert play.letters == [("answer", "customer")]


@pytest.mark.rules("P-46")
def test_an_approval_of_one_solution_is_none_of_the_next() -> None:
    play = (
        solving().do("03 10:00", "p.li", "settle_solution", **BEYOND).do("03 11:00", "p.luo", "approve", approved="yes")
    )
    play.do("03 12:00", "p.li", "settle_solution", **BEYOND | {"solution": "另一方案"})
    assert "approval" in play.refused("03 12:10", "p.li", "reply", **REPLY)


@pytest.mark.rules("P-92")
def test_nobody_grants_medical_or_distress_payments_without_approval() -> None:
    play = handling(injury="yes").do("02 10:00", "p.li", "settle_solution", **SOLUTION | {"pays": "yes"})
    assert "payment" in play.refused("02 11:00", "p.li", "reply", **REPLY)
    assert "approve" not in play.may("p.li", "02 11:00")
    play.do("02 12:00", "p.luo", "approve", approved="yes").do("02 12:10", "p.li", "reply", **REPLY)


@pytest.mark.rules("P-73")
def test_handling_ends_only_when_the_owner_was_answered() -> None:
    play = handling().do("02 10:00", "p.li", "settle_solution", **SOLUTION)
    assert "answered" in play.refused("02 11:00", "p.li", "finish", handled_how="已更换")
    play.do("02 11:00", "p.li", "reply", **REPLY).do("02 12:00", "p.li", "finish", handled_how="已更换")
    assert play.case.values["answer"] == "今日更换"


@pytest.mark.rules("P-50", "P-68", "P-76")
def test_when_handling_ends_the_service_centre_revisits_promptly_and_nobody_else_does() -> None:
    play = revisiting()
    assert (play.case.stage, play.case.owner.person, play.due("revisit")) == ("revisiting", "p.qin", "03 15:00")
    assert play.letters == [("to_revisit", "p.qin")]
    with pytest.raises(NotAllowed):
        play.do("02 16:00", "p.li", "revisit", **SATISFIED)
    assert ("late", "p.luo") in play.wait("03 15:00").letters


@pytest.mark.rules("P-51", "P-69", "P-71", "P-72", "P-79", "P-81")
def test_a_satisfied_owner_leads_to_handled_and_the_complete_form_to_the_end() -> None:
    play = revisiting()
    for missing in ("on_process", "on_measures", "on_result", "satisfied"):
        answers = {name: value for name, value in SATISFIED.items() if name != missing}
        assert "required" in play.refused("02 16:00", "p.qin", "revisit", **answers)
    play.do("02 16:00", "p.qin", "revisit", **SATISFIED)
    assert (play.case.stage, play.case.status, play.case.values["close_reason"]) == ("handled", "answered", "satisfied")
    assert play.case.owner.person == "p.qin"
    for missing in ("result", "cause_class", "form_complete"):
        answers = {"result": RESULT["result"], "cause_class": "product", "form_complete": "yes"}
        assert "required" in play.refused("02 17:00", "p.qin", "record_result", **answers | {missing: None})
    play.do("02 17:00", "p.qin", "record_result", **RESULT)
    assert play.case.stage == "closed"


@pytest.mark.rules("P-70", "P-82")
def test_a_dissatisfied_owner_moves_the_case_up_and_the_rounds_are_counted() -> None:
    play = revisiting()
    assert "required" in play.refused("02 16:00", "p.qin", "revisit", revisit_how="phone", satisfied="no", **OPINIONS)
    play.do("02 16:00", "p.qin", "revisit", **DISSATISFIED)
    assert (play.case.stage, play.case.round, play.case.owner.person) == ("moved_up", 2, "p.wan")
    assert play.letters == [("still_dissatisfied", "p.wan")]
    another_round(play, "03", "p.wan")
    assert (play.case.stage, play.case.round) == ("moved_up", 3)
    another_round(play, "04", "p.wan")
    assert (play.case.stage, play.case.round, play.case.owner.person) == ("with_head", 4, "p.luo")
    another_round(play, "05", "p.luo")
    assert (play.case.stage, play.case.round) == ("with_head", 5)  # it never closes by itself


@pytest.mark.rules("P-46", "P-82")
def test_the_head_of_the_unit_asks_the_next_level() -> None:
    play = Play("p-property", "02 09:00", "p.li", "visit", rounds="1").open(
        content="楼道灯不亮", received_at=answer("02 09:00")
    )
    play.do("02 09:30", "p.li", "record", **FORM)
    another_round(play, "03", "p.li")
    assert play.case.stage == "with_head"
    play.do("04 09:00", "p.luo", "settle_solution", **BEYOND)
    assert "approve" not in play.may("p.luo", "04 10:00")
    assert "approval" in play.refused("04 10:00", "p.luo", "reply", **REPLY)
    play.do("04 11:00", "p.gu", "approve_above", approved="yes").do("04 12:00", "p.luo", "reply", **REPLY)


@pytest.mark.rules("P-95", "P-96")
def test_a_guard_who_asks_for_help_is_answered_by_the_office_duty_staff_at_once() -> None:
    play = guard_calls()
    assert (play.case.stage, play.case.owner.person, play.due("incident")) == ("incident", "p.tan", "02 20:30")
    assert play.letters == [("incident", "p.tan")]
    tried = {"intercom_at": answer("02 20:05"), "intercom_by": "p.long", "intercom_outcome": "no_answer"}
    play.do("02 20:06", "p.lei", "log_intercom", **tried)
    play.do("02 20:15", "p.tan", "contact_resident", contact_at=answer("02 20:14"), contact_record="同意面谈")
    assert (play.case.stage, play.case.owner.person) == ("accepted", "p.tan")
    assert "late" not in play.wait("02 20:40").late()


@pytest.mark.rules("P-96")
def test_a_resident_whom_nobody_contacts_comes_to_the_service_centre() -> None:
    assert ("late", "p.qin") in guard_calls().wait("02 20:30").letters


def test_a_case_handed_over_stays_with_the_colleague_at_the_next_stage() -> None:
    play = hard().do("02 10:00", "p.li", "hand_over", hand_over_to="p.meng", hand_over_why="换班")
    play.do("02 10:30", "p.meng", "accept_hand_over")
    play.do("02 11:00", "p.meng", "explain", explained="需厂家配合", rough_limit=answer("09 18:00"))
    assert play.case.owner.person == "p.meng"
