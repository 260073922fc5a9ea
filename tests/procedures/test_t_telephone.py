"""《如何接待投诉者的电话》: six steps, the guest's agreement, a second contact, a reflection."""

import pytest
from msgspec.structs import replace

from chalicelib.desk.errors import NotAllowed, NotOpen
from chalicelib.desk.facts import KEPT_APART
from tests.procedures.playing import UNKNOWN, Play, answer
from tests.procedures.telephone import (
    AGREED,
    COMFORT,
    NOTED,
    REFLECTION,
    SATISFIED,
    agreeing,
    carrying_out,
    comforting,
    finding_facts,
    listening,
    noting_result,
    reflecting,
    second_contact,
)


@pytest.mark.rules("T-10", "T-11")
def test_the_six_steps_in_their_order_then_the_second_contact_and_the_reflection_settle_it() -> None:
    stages = [
        play.case.stage
        for play in (listening(), finding_facts(), comforting(), agreeing(), carrying_out(), noting_result(),
                     second_contact(), reflecting())
    ]  # fmt: skip
    assert stages == [
        "listening", "finding_facts", "comforting", "agreeing", "carrying_out", "noting_result", "second_contact",
        "reflecting",
    ]  # fmt: skip
    play = reflecting().do("03 09:00", "t.su", "reflect", **REFLECTION)
    assert (play.case.stage, play.case.status) == ("settled", "closed")


@pytest.mark.rules("T-11")
def test_a_complaint_whose_steps_are_not_all_done_is_not_settled() -> None:
    play = reflecting()
    without = {name: mark for name, mark in play.case.done.items() if name != "comfort"}
    play.case = replace(play.case, done=without)
    assert "six steps" in play.refused("03 09:00", "t.su", "reflect", **REFLECTION)


@pytest.mark.rules("T-03", "T-20", "T-23")
def test_a_call_is_recorded_with_its_content_and_time() -> None:
    play = listening(place="1206", happened="昨夜", people_involved="隔壁住客")
    assert (play.case.channel, play.case.values["content"]) == ("phone", "房间噪音大")
    assert play.case.values["received_at"] == "2026-11-02T01:00:00Z"
    assert play.case.values["place"] == "1206"


@pytest.mark.rules("T-03")
def test_a_guest_who_comes_in_person_has_the_same_flow() -> None:
    play = Play("t-telephone", "02 09:00", "t.dong", "visit").open(content="噪音", received_at=answer("02 09:00"))
    assert play.case.stage == "listening"


@pytest.mark.rules("T-21", "T-22", "T-01", "T-02", "T-23")
def test_the_call_ends_only_with_name_number_and_cause_recorded_or_the_reason_why_not() -> None:
    play = listening()
    for missing in NOTED:
        without = {name: said for name, said in NOTED.items() if name != missing}
        assert "required" in play.refused("02 09:10", "t.dong", "end_call", **without)
    play.do("02 09:10", "t.dong", "end_call", **{**NOTED, "guest_name": UNKNOWN, "further": "常客"})
    assert (play.case.stage, play.case.values["guest_phone"]) == ("finding_facts", KEPT_APART)


@pytest.mark.rules("T-01", "T-02")
@pytest.mark.parametrize("factor", ["tangible", "intangible"])
def test_the_cause_is_tangible_or_intangible(factor: str) -> None:
    assert listening(factor=factor).case.values["factor"] == factor


@pytest.mark.rules("T-24")
def test_the_first_record_is_never_asked_again_and_a_correction_stands_beside_it() -> None:
    play = finding_facts()
    actions = play.desk.procedure.actions.items()
    assert [name for name, action in actions if "content" in (*action.asks, *action.may_ask)] == ["register"]
    words = {"correction_of": "内容", "correction": "应为1207房", "correction_why": "听错"}
    play.do("02 09:20", "t.dong", "correct_record", **words)
    assert (play.case.values["content"], play.case.values["correction"]) == ("房间噪音大", "应为1207房")


@pytest.mark.rules("T-27")
def test_the_handling_begins_when_the_call_ends_and_the_time_to_the_first_action_is_measured() -> None:
    play = finding_facts()
    assert (play.case.stage, play.case.owner.person, play.due("first_action")) == (
        "finding_facts",
        "t.dong",
        "02 09:40",
    )
    assert ("late", "t.jiang") in play.wait("02 09:40").letters
    assert finding_facts().do("02 09:30", "t.dong", "find_facts", facts="施工").due("first_action") == ""


@pytest.mark.rules("T-12", "T-10")
def test_the_facts_come_before_sympathy_and_both_before_any_proposal() -> None:
    play = finding_facts()
    assert "required" in play.refused("02 09:30", "t.dong", "find_facts")
    assert "cannot be unknown" in play.refused("02 09:30", "t.dong", "find_facts", facts=UNKNOWN)
    for action, answers in (("comfort", COMFORT), ("propose", AGREED)):
        with pytest.raises(NotOpen):
            play.do("02 09:30", "t.dong", action, **answers)
    assert "required" in comforting().refused("02 09:40", "t.dong", "comfort", apology="yes")


@pytest.mark.rules("T-13")
def test_nothing_is_carried_out_before_the_guest_agrees() -> None:
    play = agreeing()
    with pytest.raises(NotOpen):
        play.do("02 10:00", "t.dong", "report_outcome", outcome="已换房")
    without = {name: said for name, said in AGREED.items() if name != "agreement"}
    assert "required" in play.refused("02 10:00", "t.dong", "propose", **without)
    play.do("02 10:00", "t.dong", "propose", **AGREED)
    assert (play.case.stage, play.case.owner.person) == ("carrying_out", "t.ren")
    assert set(play.letters) == {("carry_out", "t.ren"), ("agreed", "customer")}


@pytest.mark.rules("T-30")
def test_receiver_and_solver_are_two_roles_that_one_person_may_hold() -> None:
    assert carrying_out().case.owner.person == "t.ren"
    alone = agreeing().do("02 10:00", "t.dong", "propose", **{**AGREED, "solver": ["t.dong"]})
    alone.do("02 12:00", "t.dong", "report_outcome", outcome="已换房")
    assert (alone.case.stage, alone.case.owner.person) == ("noting_result", "t.dong")


@pytest.mark.rules("T-31")
def test_the_receiver_follows_the_handling_by_others_and_hears_of_every_step() -> None:
    play = carrying_out()
    assert play.desk.procedure.tracked_by == "receiver"
    assert "track" in play.may("t.dong", "02 10:30")
    assert play.do("02 11:00", "t.ren", "report_progress", progress="房间打扫中").letters == [
        ("step_by_others", "t.dong")
    ]
    assert play.do("02 12:00", "t.ren", "report_outcome", outcome="已换房").letters == [("outcome", "t.dong")]
    assert play.case.owner.person == "t.dong"


@pytest.mark.rules("T-27", "T-31")
def test_a_solution_carried_out_late_is_told_to_the_receiver_and_the_duty_manager() -> None:
    play = carrying_out()
    assert play.due("carry_out") == "03 10:00"
    assert {to for letter, to in play.wait("03 10:00").letters if letter == "late"} == {"t.dong", "t.jiang"}
    assert ("late", "t.yu") in play.wait("04 10:00").letters


@pytest.mark.rules("T-32")
def test_only_the_receiver_notes_the_result_and_without_one_the_case_goes_nowhere() -> None:
    play = noting_result()
    with pytest.raises(NotAllowed):
        play.do("02 13:00", "t.ren", "note_result", result="solved", result_note="好")
    assert "required" in play.refused("02 13:00", "t.dong", "note_result", result_note="好")
    assert "unknown" in play.refused("02 13:00", "t.dong", "note_result", result=UNKNOWN, result_note="好")


@pytest.mark.rules("T-33", "T-34")
def test_a_second_contact_is_due_after_the_handling_and_asks_whether_the_guest_is_satisfied() -> None:
    play = second_contact()
    assert (play.case.owner.person, play.due("second_contact")) == ("t.dong", "03 13:00")
    assert ("revisit_reminder", "t.dong") in play.wait("03 12:00").letters
    play.do("03 12:10", "t.dong", "log_attempt", attempt_note="无人接听")
    assert play.due("second_contact") == "03 13:00"
    assert "required" in play.refused("03 12:20", "t.dong", "contact_again", thanked="yes", guest_words="好")
    assert play.do("03 12:30", "t.dong", "contact_again", **SATISFIED).letters == [("reflect", "t.su")]


@pytest.mark.rules("T-36", "T-37", "T-38", "T-39", "T-40")
def test_nothing_is_closed_before_customer_service_has_reflected_on_all_four_questions() -> None:
    play = reflecting()
    assert (play.case.owner.person, play.due("reflection")) == ("t.su", "06 00:00")
    with pytest.raises(NotAllowed):
        play.do("03 09:00", "t.dong", "reflect", **REFLECTION)
    for missing in REFLECTION:
        without = {name: said for name, said in REFLECTION.items() if name != missing}
        assert "required" in play.refused("03 09:00", "t.su", "reflect", **without)
    assert "required" in play.refused("03 09:00", "t.su", "reflect", **{**REFLECTION, "proper": "no"})
    play.do("03 09:00", "t.su", "reflect", **{**REFLECTION, "proper": "no", "proper_why": "换房太慢"})
    assert (play.case.stage, play.case.values["accidental"]) == ("settled", "inevitable")
