"""《如何接待投诉者的电话》: a guest who refuses or cannot be helped, managers, what staff are shown."""

from collections.abc import Callable

import pytest

from chalicelib.desk.duties import issued, opened
from chalicelib.desk.errors import NotAllowed
from chalicelib.desk.facts import Facts
from tests.procedures.playing import Play, at
from tests.procedures.telephone import (
    AGREED,
    COMFORT,
    DISSATISFIED,
    REFLECTION,
    REFUSED,
    agreeing,
    approving_unsolved,
    carrying_out,
    comforting,
    finding_facts,
    lines,
    listening,
    noting_result,
    reflecting,
    second_contact,
)

MANAGERS = [
    ("department_manager", "with_department_manager", "t.ren"),
    ("duty_manager", "with_duty_manager", "t.jiang"),
]


@pytest.mark.rules("T-13")
def test_a_refusal_is_kept_and_the_facts_are_found_again() -> None:
    play = agreeing()
    assert "required" in play.refused(
        "02 10:00", "t.dong", "propose", **{**REFUSED, "after_refusal": "facts", "refusal": ""}
    )
    play.do("02 10:00", "t.dong", "propose", **REFUSED, after_refusal="facts")
    assert (play.case.stage, play.case.round, play.case.values["refusal"]) == ("finding_facts", 2, "没有诚意")
    assert "agreement" not in play.case.values


@pytest.mark.rules("T-28", "T-13")
@pytest.mark.parametrize(("asked_of", "stage", "manager"), MANAGERS)
def test_after_a_refusal_a_manager_may_win_the_guests_agreement(asked_of: str, stage: str, manager: str) -> None:
    play = agreeing().do("02 10:00", "t.dong", "propose", **REFUSED, after_refusal=asked_of)
    assert (play.case.stage, play.case.owner.person) == (stage, manager)
    assert play.letters == [("please_solve", manager)]
    assert "has not agreed" in play.refused("02 11:00", manager, "resume", manager_words="照办")
    play.do("02 11:00", manager, "propose", **{**AGREED, "solver": ["t.yuan"]})
    assert (play.case.stage, play.case.owner.person) == ("carrying_out", "t.yuan")


@pytest.mark.rules("T-28")
@pytest.mark.parametrize(("asked_of", "stage", "manager"), MANAGERS)
def test_what_the_receiver_cannot_solve_goes_to_a_manager_who_still_takes_every_step(
    asked_of: str, stage: str, manager: str
) -> None:
    play = finding_facts()
    play.do("02 09:20", "t.dong", "escalate", asked_of=asked_of, department="rooms", escalated_why="涉及赔偿")
    assert (play.case.stage, play.case.owner.person) == (stage, manager)
    assert "find the facts" in play.refused("02 09:30", manager, "propose", **AGREED)
    play.do("02 09:40", manager, "find_facts", facts="施工").do("02 09:50", manager, "comfort", **COMFORT)
    assert play.case.stage == stage
    assert play.do("02 10:00", manager, "propose", **AGREED).case.stage == "carrying_out"


@pytest.mark.rules("T-28")
def test_a_manager_asked_in_the_middle_of_the_work_goes_on_with_what_the_guest_agreed_to() -> None:
    play = carrying_out()
    play.do("02 11:00", "t.ren", "escalate", asked_of="duty_manager", department="rooms", escalated_why="没有空房")
    play.do("02 12:00", "t.jiang", "resume", manager_words="调剂套房", solver=["t.yuan"])
    assert (play.case.stage, play.case.owner.person) == ("carrying_out", "t.yuan")
    assert set(play.letters) == {("carry_out", "t.yuan"), ("step_by_others", "t.dong")}


@pytest.mark.rules("T-28")
def test_a_manager_may_send_it_back_to_the_receiver() -> None:
    play = agreeing().do("02 10:00", "t.dong", "propose", **REFUSED, after_refusal="duty_manager")
    play.do("02 11:00", "t.jiang", "back_to_facts", manager_words="先核对监控")
    assert (play.case.stage, play.case.owner.person, play.case.round) == ("finding_facts", "t.dong", 2)


@pytest.mark.rules("T-34", "T-28")
@pytest.mark.parametrize(
    ("after", "stage", "owner"), [("facts", "finding_facts", "t.dong"), *[(a, s, m) for a, s, m in MANAGERS]]
)
def test_a_dissatisfied_guest_begins_a_new_round_at_the_facts_or_at_a_manager(
    after: str, stage: str, owner: str
) -> None:
    play = second_contact().do("02 15:00", "t.dong", "contact_again", **DISSATISFIED, after_dissatisfied=after)
    assert (play.case.stage, play.case.round, play.case.owner.person) == (stage, 2, owner)
    assert "result" not in play.case.values


@pytest.mark.rules("T-11", "T-34")
def test_a_new_round_goes_through_all_six_steps_again() -> None:
    play = second_contact().do("02 15:00", "t.dong", "contact_again", **DISSATISFIED, after_dissatisfied="duty_manager")
    assert "find the facts" in play.refused("02 16:00", "t.jiang", "propose", **AGREED)
    play.do("02 16:00", "t.jiang", "find_facts", facts="空调").do("02 16:10", "t.jiang", "comfort", **COMFORT)
    play.do("02 16:20", "t.jiang", "propose", **AGREED).do("02 18:00", "t.ren", "report_outcome", outcome="已修")
    play.do("02 18:30", "t.dong", "note_result", result="solved", result_note="好")
    play.do("02 19:00", "t.dong", "contact_again", **{**DISSATISFIED, "satisfied": "yes"})
    assert play.do("03 09:00", "t.su", "reflect", **REFLECTION).case.stage == "settled"


@pytest.mark.rules("T-32", "T-33", "T-42")
def test_closed_unsolved_needs_the_second_contact_a_managers_approval_and_the_reflection() -> None:
    play = approving_unsolved()
    assert (play.case.stage, play.letters) == ("approving_unsolved", [("unsolved", "t.jiang")])
    decision = {"unsolved_approved": "yes", "unsolved_words": "已尽力"}
    with pytest.raises(NotAllowed):
        play.do("02 16:00", "t.dong", "approve_unsolved", **decision)
    play.do("02 16:00", "t.jiang", "approve_unsolved", **decision)
    assert (play.case.stage, play.letters) == ("reflecting_unsolved", [("reflect", "t.su")])
    play.do("03 09:00", "t.su", "reflect_unsolved", **REFLECTION)
    assert (play.case.stage, play.case.status) == ("closed_unsolved", "closed")


@pytest.mark.rules("T-32", "T-42")
def test_without_the_managers_approval_the_facts_are_found_again() -> None:
    play = approving_unsolved()
    play.do("02 16:00", "t.jiang", "approve_unsolved", unsolved_approved="no", unsolved_words="再想办法")
    assert (play.case.stage, play.case.round, play.letters) == ("finding_facts", 2, [("not_approved", "t.dong")])


@pytest.mark.rules("T-32")
@pytest.mark.parametrize("reach", [finding_facts, comforting, agreeing, carrying_out])
def test_what_cannot_be_solved_is_said_so_and_still_has_its_second_contact(reach: Callable[[], Play]) -> None:
    play = reach().do("02 12:00", "t.dong", "declare_unsolved", not_solved_why="无法确认")
    assert (play.case.stage, play.case.values["result"]) == ("second_contact", "not_solved")
    assert ("contact_again", "t.dong") in play.letters


@pytest.mark.rules("T-32", "T-42")
def test_what_is_not_solved_stays_in_the_list_to_its_end_and_after() -> None:
    play = second_contact("not_solved")
    listed = play.desk.procedure.registers["not_solved"].holds
    assert Facts(play.case).hold(listed)
    assert not Facts(second_contact().case).hold(listed)
    assert Facts(approving_unsolved().case).hold(listed)


@pytest.mark.rules("T-42")
def test_a_recorded_call_stays_open_however_long_nobody_acts() -> None:
    for play in (listening(), noting_result()):
        stage = play.case.stage
        play.wait("2027-02-01 09:00")
        assert (play.case.stage, play.case.finished) == (stage, False)


@pytest.mark.rules("T-41")
def test_customer_service_adds_to_the_knowledge_base_even_after_closing() -> None:
    play = reflecting().do("03 09:00", "t.su", "reflect", **REFLECTION)
    play.do("03 10:00", "t.su", "add_knowledge", knowledge_kind="law", knowledge="噪声污染防治法相关条款")
    assert Facts(play.case).hold(play.desk.procedure.registers["knowledge"].holds)
    month = opened(play.desk, "study", at("12-10 00:00"), None, at("12-10 00:00"))
    assert [(m.letter, m.to) for m in month.messages] == [("summary_due", "t.su")]
    assert issued(play.desk, month.run, "t.su", at("12-10 10:00")).messages[0].to == "t.jiang"


@pytest.mark.rules("T-04", "T-05", "T-14", "T-15", "T-16", "T-17", "T-18", "T-19")
def test_the_preparation_card_is_shown_while_listening() -> None:
    card = {"T-04", "T-05", "T-14", "T-15", "T-16", "T-17", "T-18", "T-19"}
    assert card <= lines(listening(), "t.dong", "02 09:05")
    assert not card & lines(finding_facts(), "t.dong", "02 09:20")


@pytest.mark.rules("T-06", "T-07", "T-08", "T-09")
def test_the_mind_set_of_the_guest_brings_its_own_script_and_is_for_staff_alone() -> None:
    scripts = {"T-07", "T-08", "T-09"}
    assert not scripts & lines(listening(), "t.dong", "02 09:05")
    for mind, rule in (("respect", "T-07"), ("venting", "T-08"), ("compensation", "T-09")):
        assert scripts & lines(listening(mind=[mind]), "t.dong", "02 09:05") == {rule}
    assert listening().desk.procedure.fields["mind"].seen_by == "staff"


@pytest.mark.rules("T-25", "T-26")
def test_sympathy_and_apology_are_shown_to_the_receiver_when_the_guest_was_heard_out() -> None:
    assert {"T-25", "T-26"} <= lines(comforting(), "t.dong", "02 09:35")
    assert not {"T-25", "T-26"} & lines(listening(), "t.dong", "02 09:05")
    assert not {"T-25", "T-26"} & lines(comforting(), "t.hu", "02 09:35")


@pytest.mark.rules("T-26")
def test_an_apology_sets_no_fault() -> None:
    before, after = comforting().case.values, agreeing().case.values
    assert set(after) - set(before) == {"sympathy", "apology"}


@pytest.mark.rules("T-29")
def test_never_shifting_responsibility_is_shown_as_long_as_the_case_is_open() -> None:
    for play in (listening(), carrying_out(), reflecting()):
        assert "T-29" in lines(play, "t.dong", "02 16:00")


@pytest.mark.rules("T-35")
def test_thanking_the_guest_again_is_shown_at_the_second_contact() -> None:
    assert "T-35" in lines(second_contact(), "t.dong", "02 14:00")
    assert "T-35" not in lines(noting_result(), "t.dong", "02 12:30")
