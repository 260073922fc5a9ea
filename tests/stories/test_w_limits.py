"""W: determination, review, report, accountability and final form, each with its limit and with what it must say."""

import pytest

from tests.stories.dates import answer
from tests.stories.workshop import accounting, heard, numbered, reviewing

# determination


@pytest.mark.rules("W-02", "W-22")
def test_no_talk_before_the_history_is_read_and_no_judgement_before_the_facts_are_known() -> None:
    case = numbered()
    assert "Read the repair history" in case.refused("talk")
    assert "The facts are not established" in case.refused("determine", talk_needed="no")
    case.do("read_history").do("talk")
    assert "The facts are not established" in case.refused("determine")
    assert case.do("find_facts").do("determine").stage == "reviewing"


@pytest.mark.rules("W-60", "W-61", "W-62", "W-63")
def test_the_determination_names_who_is_at_fault_an_opinion_and_the_talk_or_why_there_was_none() -> None:
    case = numbered().do("find_facts")
    refusal = case.refused("determine", at_fault=None, opinion=None, action_plan=None, apology=None)
    assert all(name in refusal for name in ("at_fault", "opinion", "action_plan", "apology"))
    assert "Talk with the customer first" in case.refused("determine")
    assert "no_talk_why: is required" in case.refused("determine", talk_needed="no", no_talk_why=None)
    assert case.do("determine", talk_needed="no").stage == "reviewing"
    assert case.sent("form_to_management") == ["03-02 09:50 w.yuan"]


@pytest.mark.rules("W-10", "W-12")
def test_talking_by_phone_needs_its_reason_and_a_public_place_is_warned_of() -> None:
    case = numbered().do("read_history")
    assert "meeting_why: is required" in case.refused("talk", meeting_form="phone", meeting_why=None)
    assert case.do("talk", meeting_form="phone").warnings == []
    [warning] = case.do("talk", meeting_place="public_place").warnings
    assert "in public" in warning["en"]
    assert case.do("talk", meeting_place="workshop").warnings == []


@pytest.mark.rules("W-03", "W-24", "W-35", "W-36", "W-37")
def test_where_it_is_our_problem_apology_plan_and_appointment_are_wanted_and_the_workshop_pays() -> None:
    case = heard(numbered())
    refusal = case.refused("determine", apology=None, action_plan=None, rework=None)
    assert all(name in refusal for name in ("apology", "action_plan", "rework"))
    case.do("determine", rework_at=answer("03-05 09:00")).until("03-05 09:30")
    assert case.head.values["cost_bearer"] == "workshop"
    assert case.told("rework") == ["03-04 09:00 w.ding due_soon", "03-05 09:00 w.xie late"]
    case.do("move_rework", rework_at=answer("03-07 10:00"))
    assert (case.due("rework"), case.sent("rework_moved")) == ("03-07 10:00", ["03-05 09:30 customer"])
    case.do("finish_rework")
    assert not [task for task in case.head.tasks.values() if task.task == "rework" and task.finished is None]


@pytest.mark.rules("W-59", "W-101")
def test_a_determination_missing_after_24_hours_is_told_to_the_service_centre_then_to_the_general_manager() -> None:
    case = heard(numbered()).until("03-03 15:00")
    assert case.told("determination") == [
        "03-03 05:50 w.xie due_soon",
        "03-03 09:50 w.pan late",
        "03-03 13:50 w.fan late",
    ]
    assert case.do("determine").late == ["determination 03-03 09:50"]


@pytest.mark.rules("W-59")
def test_a_site_may_count_the_24_hours_from_the_first_receipt() -> None:
    assert numbered(determination_starts="done register").due("determination") == "03-03 09:10"


@pytest.mark.rules("W-62", "W-64")
def test_a_customer_who_is_not_reached_extends_the_24_hours_to_48_in_all_once_an_attempt_is_on_record() -> None:
    case = numbered().until("03-02 15:00")
    assert case.due("determination") == "03-03 09:50"
    case.do("log_failed_attempt", talk_needed="yes")
    assert case.due("determination") == "03-04 09:50"
    case.until("03-04 10:00")
    assert case.told("reach_customer") == ["03-03 09:50 w.pan not_reached", "03-03 09:50 w.xie not_reached"]
    assert case.told("determination") == ["03-04 05:50 w.xie due_soon", "03-04 09:50 w.pan late"]


@pytest.mark.rules("W-62", "W-64")
def test_an_attempt_extends_nothing_where_no_talk_is_needed_or_the_customer_is_reached_within_the_24_hours() -> None:
    assert numbered().do("log_failed_attempt", talk_needed="no").due("determination") == "03-03 09:50"
    case = numbered().do("log_failed_attempt", talk_needed="yes").do("read_history").until("03-02 18:00").do("talk")
    assert case.due("determination") == "03-03 09:50"
    late = numbered().do("log_failed_attempt", talk_needed="yes").do("read_history").until("03-03 12:00").do("talk")
    assert late.due("determination") == "03-04 09:50"  # reached after the 24 hours: the 48 stand


# review, report, accountability, final form


@pytest.mark.rules("W-65", "W-66")
def test_a_review_missing_after_four_hours_is_told_to_the_general_manager_and_names_its_document() -> None:
    case = reviewing().until("03-02 20:30")
    assert case.told("review") == ["03-02 19:00 w.yuan due_soon", "03-02 20:00 w.fan late"]
    assert "document: is required" in case.refused("review", document=None)
    assert case.do("review").stage == "reporting"


@pytest.mark.rules("W-69")
def test_a_report_upwards_missing_after_four_hours_is_told_to_the_general_manager() -> None:
    case = reviewing().do("review").until("03-02 20:30")
    assert case.told("report_up") == ["03-02 19:00 w.yuan due_soon", "03-02 20:00 w.fan late"]


@pytest.mark.rules("W-65", "W-69")
def test_a_site_may_let_both_four_hours_run_from_the_arrival_of_the_form() -> None:
    town_wide = {"report_up_counts_from": "entered reviewing"}
    case = heard(numbered(**town_wide)).until("03-02 16:00").do("determine").until("03-02 19:30").do("review")
    assert case.due("report_up") == "03-02 20:00"


@pytest.mark.rules("W-72")
def test_eight_hours_that_run_out_at_night_are_told_of_by_quiet_hours_in_the_morning() -> None:
    case = accounting().until("03-03 07:30")
    assert case.told("accountability") == [
        "03-03 03:00 w.pan late",  # the service centre assesses lateness, and keeps no quiet hours
        "03-03 07:00 w.yuan due_soon",  # due at 01:00
        "03-03 07:00 w.fan late",
    ]
    assert case.late == ["accountability 03-03 03:00"]


@pytest.mark.rules("W-76")
def test_a_final_form_that_crosses_midnight_is_flagged() -> None:
    case = accounting().until("03-02 20:00").do("complete_final").until("03-03 09:00")
    assert case.told("same_day") == ["03-03 00:00 w.pan late", "03-03 07:00 w.yuan due_soon", "03-03 07:00 w.fan late"]
    assert case.do("transfer_final").late == ["same_day 03-03 00:00"]


@pytest.mark.rules("W-72", "W-76")
def test_same_day_is_the_day_on_which_the_final_form_is_completed_not_the_day_its_eight_hours_began() -> None:
    case = accounting().until("03-03 02:00").do("complete_final")
    assert case.due("same_day") == "03-04 00:00"
    assert case.until("03-03 10:00").do("transfer_final").late == []


@pytest.mark.rules("W-13", "W-73", "W-74", "W-75")
def test_the_final_form_holds_measures_fault_talk_and_what_became_of_the_item() -> None:
    case = accounting()
    lacking = dict.fromkeys(("measures", "fault_talk", "item_back", "final_checked"))
    refusal = case.refused("complete_final", **lacking)
    assert all(name in refusal for name in lacking)
    assert "item_why: is required" in case.refused("complete_final", item_back="not_taken", item_why=None)
    assert "item_analysis: is required" in case.refused("complete_final", item_analysis=None)
    case.do("complete_final", item_back="not_taken", item_why="车主要自己保留旧件")
    assert case.stage == "final_form"
