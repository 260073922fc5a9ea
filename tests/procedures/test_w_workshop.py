"""汽车维修: the flow of the 客户信息反馈处理单 with its clocks, to the revisit and the archive."""

import pytest

from chalicelib.desk.errors import NotAllowed
from tests.procedures.playing import UNKNOWN, Play, answer
from tests.procedures.workshop import (
    ATTEMPT,
    EVENT,
    NOT_OURS,
    OURS,
    PHONE,
    accounting,
    assessing,
    determining,
    received,
    reviewing,
    revisiting,
)


@pytest.mark.rules("W-43", "W-44", "W-51")
def test_whoever_hears_the_opinion_reports_it_within_an_hour_of_receipt() -> None:
    play = received()
    assert (play.case.owner.person, play.due("report")) == ("w.lin", "02 10:00")
    assert play.wait("02 10:00").late() == ["report"]


@pytest.mark.rules("W-102")
def test_the_person_concerned_may_report_and_nothing_else() -> None:
    assert received().may("w.ding", "02 09:10") == ["report"]
    assert determining().may("w.ding", "02 11:00") == []


@pytest.mark.rules("W-59", "W-102")
def test_where_the_customer_manager_is_concerned_the_secondary_person_has_the_case() -> None:
    play = Play("w-workshop", "02 09:00", "w.lin").open(
        content="态度", received_at=answer("02 09:00"), person_concerned=["w.xie"]
    )
    play.do("02 09:30", "w.lin", "report", nature="attitude", reported_to="service_centre",
            apologised_at=answer("02 09:00"), **EVENT)  # fmt: skip
    assert play.case.owner.person == "w.deng"


@pytest.mark.rules("W-22")
def test_nobody_talks_with_the_owner_before_reading_the_repair_history() -> None:
    play = received().do("02 09:30", "w.lin", "report", nature="quality", reported_to="customer_manager", **EVENT)
    form = {"plate": "粤B12345", "filled_by": "w.pan", "brief": "异响", "department": "workshop"}
    play.do("02 09:40", "w.pan", "open_form", **form).do("02 10:00", "w.cao", "number_form", form_numbered="yes")
    assert "repair history" in play.refused("02 11:00", "w.xie", "talk", **PHONE)


@pytest.mark.rules("W-02")
def test_responsibility_is_not_determined_before_the_facts_are_established() -> None:
    play = determining().do("02 12:00", "w.xie", "talk", **PHONE)
    assert "facts" in play.refused("02 13:00", "w.xie", "determine", **OURS)


@pytest.mark.rules("W-59")
def test_determination_has_24_hours_from_numbering() -> None:
    assert determining().due("determination") == "03 10:00"


@pytest.mark.rules("W-64")
def test_a_logged_attempt_extends_the_limit_to_48_hours_in_total() -> None:
    play = determining().do("02 11:00", "w.xie", "log_failed_attempt", **ATTEMPT)
    assert play.due("determination") == "04 10:00"


@pytest.mark.rules("W-64")
def test_a_customer_reached_within_24_hours_leaves_the_limit_at_24() -> None:
    play = determining().do("02 11:00", "w.xie", "log_failed_attempt", **ATTEMPT)
    assert play.do("02 15:00", "w.xie", "talk", **PHONE).due("determination") == "03 10:00"


@pytest.mark.rules("W-64")
def test_a_customer_reached_after_24_hours_leaves_the_rest_of_the_48() -> None:
    play = determining().do("02 11:00", "w.xie", "log_failed_attempt", **ATTEMPT)
    assert play.do("03 16:00", "w.xie", "talk", **PHONE).due("determination") == "04 10:00"
    assert "determination" not in play.late()


@pytest.mark.rules("W-64")
def test_an_attempt_extends_nothing_where_no_talk_is_needed() -> None:
    play = determining().do("02 11:00", "w.xie", "log_failed_attempt", **(ATTEMPT | {"talk_needed": "no"}))
    assert play.due("determination") == "03 10:00"


@pytest.mark.rules("W-36", "W-37")
def test_our_fault_books_the_rework_at_our_cost() -> None:
    play = reviewing()
    assert play.case.values["cost_bearer"] == "workshop"
    assert ("rework_booked", "customer") in play.letters
    assert play.due("rework@rework-1") == "06 09:00"


@pytest.mark.rules("W-36")
def test_a_moved_appointment_takes_its_clock_along() -> None:
    play = reviewing().do("02 14:00", "w.wei", "move_rework", rework_at=answer("08 09:00"))
    assert (play.due("rework@rework-1"), play.due("rework@rework-2")) == ("", "08 09:00")


@pytest.mark.rules("W-40")
def test_nothing_is_inspected_before_the_customer_consents() -> None:
    play = reviewing(NOT_OURS)
    assert "consent" in play.refused("03 09:00", "w.wei", "inspect", inspection_result="正常")
    play.do("03 09:00", "w.wei", "log_consent", consent_how="电话同意").do(
        "03 09:30", "w.wei", "inspect", inspection_result="正常"
    )
    assert all(task.finished for task in play.case.tasks.values())


@pytest.mark.rules("W-65", "W-67", "W-68", "W-69")
def test_negotiation_counts_inside_the_review_and_the_report_has_four_hours_of_its_own() -> None:
    play = reviewing()
    assert play.due("review") == "02 17:00"
    play.do("02 14:00", "w.yuan", "review", document="手册3.2", agreed="no", objection="偏轻")
    assert play.due("review") == "02 17:00"
    talks = {"negotiated": "扣分加培训", "participants": ["w.yuan", "w.xie"]}
    assert "required" in play.refused("02 15:00", "w.yuan", "sign_negotiated", signed_by_all="yes", **talks)
    play.do("02 15:00", "w.yuan", "sign_negotiated", signed_by_all="yes", signatures=["w.yuan", "w.xie"], **talks)
    assert (play.due("review"), play.due("report_up")) == ("", "02 19:00")


@pytest.mark.rules("W-68")
def test_without_signatures_both_positions_go_to_the_general_manager() -> None:
    play = reviewing().do("02 14:00", "w.yuan", "review", document="手册3.2", agreed="no", objection="偏轻")
    talks = {"negotiated": "未达成一致", "participants": ["w.yuan", "w.xie"]}
    play.do("02 15:00", "w.yuan", "sign_negotiated", signed_by_all="no", positions="各执一词", **talks)
    assert play.case.stage == "reporting"


@pytest.mark.rules("W-70", "W-71", "W-72")
def test_the_general_managers_opinion_is_fed_back_at_once_and_starts_the_eight_hours() -> None:
    play = accounting()
    assert {to for letter, to in play.letters if letter == "gm_opinion"} == {"w.xie", "w.wei", "w.yuan"}
    assert play.due("accountability") == "03 00:00"


@pytest.mark.rules("W-76")
def test_the_final_form_is_late_when_it_crosses_midnight() -> None:
    play = accounting().do(
        "02 22:00", "w.yuan", "complete_final", measures=UNKNOWN, fault_talk="已谈", item_back="not_taken",
        item_why="客户留用", final_checked="yes",
    )  # fmt: skip
    assert play.due("same_day") == "03 00:00"
    assert "same_day" in play.wait("03 00:00").late()


@pytest.mark.rules("W-89", "W-91")
def test_the_revisit_counts_from_the_arrival_of_the_form_and_is_held_while_work_is_open() -> None:
    play = assessing()
    assert play.due("revisit") == "03 18:00"
    play.do("02 18:10", "w.pan", "assess", timely="yes", severity_used="fitting", problem="no")
    assert (play.case.stage, play.due("revisit")) == ("finishing", "")
    play.do("03 18:10", "w.wei", "finish_task", execution="已执行")
    play.do("03 18:10", "w.wei", "finish_rework", rework_note="已返修")
    assert (play.case.stage, play.due("revisit")) == ("revisiting", "04 18:00")


@pytest.mark.rules("W-94", "W-95")
def test_a_form_with_a_problem_goes_back_for_fault_determination_before_the_revisit() -> None:
    play = assessing()
    play.do("02 18:10", "w.pan", "assess", timely="no", severity_used="too_light", problem="yes", problem_what="偏轻")
    assert (play.case.stage, play.case.owner.role, play.due("revisit")) == ("returned", "management", "")
    play.do("02 20:00", "w.yuan", "determine_fault", fault_finding="过失成立", fault_finding_with=["w.ding"])
    assert play.case.stage == "finishing"


@pytest.mark.rules("W-89")
def test_a_time_the_customer_named_is_remembered_beside_the_24_hours() -> None:
    play = revisiting()
    play.do(
        "02 20:30", "w.pan", "log_revisit_attempt", revisit_outcome="agreed_time", revisit_again_at=answer("03 10:00")
    )
    assert play.due("revisit_call") == "03 10:00"
    assert play.due("revisit") == "03 19:50"  # 24 hours, and the 1 h 50 min for which it was held


@pytest.mark.rules("W-89", "W-91")
def test_a_dissatisfied_customer_begins_a_new_round_at_the_customer_manager() -> None:
    play = revisiting().do("02 21:00", "w.pan", "revisit", revisit_how="phone", satisfied="no", revisit_words="还响")
    assert (play.case.stage, play.case.round, play.case.owner.person) == ("determining", 2, "w.xie")
    assert (play.due("revisit"), play.due("determination")) == ("", "03 21:00")
    assert "facts" in play.refused("02 22:00", "w.xie", "determine", **OURS)


@pytest.mark.rules("W-90")
def test_a_revisit_is_dropped_only_by_the_customer_manager_after_an_attempt() -> None:
    play = revisiting()
    assert "attempt" in play.refused("02 21:00", "w.xie", "unmark_revisit", revisit_dropped_why="拒接")
    play.do("02 21:00", "w.pan", "log_revisit_attempt", revisit_outcome="no_answer")
    assert play.do("03 09:00", "w.xie", "unmark_revisit", revisit_dropped_why="多次无人接听").case.stage == "archiving"


@pytest.mark.rules("W-96")
def test_only_the_service_centre_archives() -> None:
    play = revisiting().do("02 21:00", "w.pan", "revisit", revisit_how="phone", satisfied="yes", revisit_words="满意")
    with pytest.raises(NotAllowed):
        play.do("02 22:00", "w.xie", "archive")
    assert play.do("02 22:00", "w.cao", "archive").case.status == "archived"
