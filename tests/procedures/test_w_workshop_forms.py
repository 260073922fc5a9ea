"""汽车维修: what each of its forms insists on."""

from collections.abc import Callable

import pytest

from tests.procedures.asked import asks, rules
from tests.procedures.playing import Play
from tests.procedures.workshop import (
    EVENT,
    NOT_OURS,
    UNCLEAR,
    accounting,
    assessing,
    determining,
    pending,
    received,
    reviewing,
    revisiting,
)


def reported() -> Play:
    return received().do("02 09:30", "w.lin", "report", nature="quality", reported_to="customer_manager", **EVENT)


def opened() -> Play:
    form = {"plate": "粤B12345", "filled_by": "w.pan", "brief": "底盘异响", "department": "workshop"}
    return reported().do("02 09:40", "w.pan", "open_form", **form)


def pending_asked() -> Play:
    play = determining().do("02 11:00", "w.wei", "find_facts", facts="待检测")
    return play.do("02 12:00", "w.xie", "determine", **UNCLEAR)


def negotiating() -> Play:
    return reviewing().do("02 14:00", "w.yuan", "review", document="手册3.2", agreed="no", objection="处理偏重")


def reporting() -> Play:
    return reviewing().do("02 14:00", "w.yuan", "review", document="手册3.2", agreed="yes", fault_opinion="同意")


def with_general_manager() -> Play:
    return reporting().do("02 15:00", "w.yuan", "report_result", result_report="见单")


def major() -> Play:
    return determining().do("02 11:00", "w.xie", "mark_major", major_why="涉及行车安全")


def instructed() -> Play:
    return major().do("02 13:00", "w.fan", "instruct", gm_instruction="当日拜访")


def consented() -> Play:
    return accounting(NOT_OURS).do("02 16:30", "w.xie", "log_consent", consent_how="电话同意")


def returned() -> Play:
    found = {"timely": "yes", "severity_used": "too_light", "problem": "yes", "problem_what": "尺度偏轻"}
    return assessing().do("02 18:10", "w.pan", "assess", **found)


def referred() -> Play:
    refused = {"demand_made": "索赔十万元", "recording": "录音3", "way_explained": "按三包处理", "way_accepted": "no"}
    play = determining().do("02 11:00", "w.xie", "flag_extortion", **refused)
    return play.do("02 11:30", "w.xie", "refer_outside", outside_body="consumer_association", referred_on="2026-11-02")


@pytest.mark.parametrize(
    ("way", "when", "who", "action", "questions", "given"),
    [
        asks(accounting, "02 16:10", "w.lin", "read_history", "history_read", rules("W-22")),
        asks(accounting, "02 16:10", "w.lin", "flag_extortion",
             "demand_made recording way_explained way_accepted",
             rules("W-07", "W-08", "W-09")),
        asks(accounting, "02 16:10", "w.lin", "flag_media", "media_who", rules("W-17")),
        asks(accounting, "02 16:10", "w.gao", "step_in", "step_in_note", rules("W-20")),
        asks(accounting, "02 16:10", "w.xie", "talk",
             "meeting_form meeting_why talk_record",
             rules("W-10", "W-14", "W-62")),
        asks(accounting, "02 16:10", "w.xie", "talk",
             "meeting_place",
             rules("W-11", "W-12"), meeting_form="face_to_face"),
        asks(accounting, "02 16:10", "w.xie", "finish_rework", "rework_note", rules("W-36")),
        asks(accounting, "02 16:10", "w.xie", "move_rework", "rework_at", rules("W-36")),
        asks(accounting, "02 16:10", "w.xie", "log_consent", "consent_how", rules("W-40")),
        asks(accounting, "02 16:10", "w.xie", "give_relief", "relief relief_amount relief_by", rules("W-41")),
        asks(accounting, "02 16:10", "w.xie", "finish_task", "execution", rules("W-71")),
        asks(accounting, "02 16:10", "w.xie", "mark_major", "major_why", rules("W-81", "W-82")),
        asks(accounting, "02 16:10", "w.xie", "refer_outside", "outside_body referred_on", rules("W-09")),
        asks(accounting, "02 16:10", "w.xie", "log_customer_contact", "customer_opinion", rules("W-16")),
        asks(accounting, "02 16:10", "w.yuan", "complete_final",
             "measures fault_talk item_back final_checked",
             rules("W-13", "W-73", "W-74", "W-75", "W-99")),
        asks(accounting, "02 16:10", "w.yuan", "complete_final",
             "item_analysis",
             rules("W-13"), item_back="taken_back"),
        asks(accounting, "02 16:10", "w.yuan", "complete_final", "item_why", rules("W-13"), item_back="not_taken"),
        asks(assessing, "02 18:10", "w.pan", "assess", "timely severity_used problem", rules("W-92", "W-93", "W-94")),
        asks(assessing, "02 18:10", "w.pan", "assess", "problem_what", rules("W-94"), problem="yes"),
        asks(determining, "02 10:20", "w.xie", "find_facts", "facts", rules("W-02", "W-24")),
        asks(determining, "02 10:20", "w.xie", "log_failed_attempt",
             "talk_needed attempt_at attempt_note",
             rules("W-62", "W-64")),
        asks(determining, "02 10:20", "w.xie", "determine",
             "talk_needed responsibility pending_reason",
             rules("W-57", "W-58", "W-62", "W-77")),
        asks(determining, "02 10:20", "w.xie", "determine",
             "ours opinion revisit_wanted",
             rules("W-60", "W-61", "W-90"), responsibility="clear"),
        asks(determining, "02 10:20", "w.xie", "determine", "no_talk_why", rules("W-62"), talk_needed="no"),
        asks(determining, "02 10:20", "w.xie", "determine", "no_revisit_why", rules("W-90"), revisit_wanted="no"),
        asks(determining, "02 10:20", "w.xie", "determine",
             "at_fault action_plan apology rework",
             rules("W-03", "W-24", "W-35", "W-36", "W-60"), responsibility="clear", ours="yes"),
        asks(determining, "02 10:20", "w.xie", "determine", "rework_at", rules("W-36"), responsibility="clear",
             ours="yes", rework="booked"),
        asks(determining, "02 10:20", "w.xie", "determine", "inspection_offer", rules("W-39"), responsibility="clear",
             ours="no"),
        asks(determining, "02 10:20", "w.xie", "request_pending", "pending_reason", rules("W-57", "W-77")),
        asks(pending, "03 12:10", "w.xie", "write_manager_ledger",
             "manager_ledger manager_entry",
             rules("W-83", "W-88")),
        asks(pending, "03 12:10", "w.xie", "contact_pending", "contact_answer", rules("W-87")),
        asks(pending, "03 12:10", "w.xie", "note_change", "change", rules("W-88")),
        asks(pending, "03 12:10", "w.xie", "resume", "change resume_why", rules("W-80", "W-88")),
        asks(pending, "03 12:10", "w.pan", "write_centre_ledger",
             "centre_ledger centre_entry marked_on_vehicle",
             rules("W-84", "W-85", "W-88")),
        asks(received, "02 09:10", "w.lin", "report",
             "event_time event_place event_people event_course event_result nature reported_to",
             rules("W-45", "W-46", "W-47", "W-48", "W-49", "W-50", "W-51", "W-58", "W-77")),
        asks(reviewing, "02 13:10", "w.yuan", "review", "document agreed", rules("W-65", "W-66", "W-67")),
        asks(reviewing, "02 13:10", "w.yuan", "review", "fault_opinion", rules("W-66"), agreed="yes"),
        asks(reviewing, "02 13:10", "w.yuan", "review", "objection", rules("W-67"), agreed="no"),
        asks(revisiting, "02 20:10", "w.xie", "unmark_revisit", "revisit_dropped_why", rules("W-90")),
        asks(revisiting, "02 20:10", "w.pan", "log_revisit_attempt", "revisit_outcome", rules("W-89")),
        asks(revisiting, "02 20:10", "w.pan", "log_revisit_attempt",
             "revisit_again_at",
             rules("W-89"), revisit_outcome="agreed_time"),
        asks(revisiting, "02 20:10", "w.pan", "revisit", "revisit_how satisfied revisit_words", rules("W-16", "W-89")),
        asks(reported, "02 09:40", "w.xie", "open_form",
             "plate filled_by brief department",
             rules("W-54", "W-55", "W-56", "W-59")),
        asks(opened, "02 09:50", "w.pan", "number_form", "form_numbered", rules("W-53")),
        asks(pending_asked, "02 12:10", "w.fan", "decide_pending", "pending_approved", rules("W-79")),
        asks(negotiating, "02 14:10", "w.yuan", "sign_negotiated",
             "negotiated participants signed_by_all",
             rules("W-67", "W-68")),
        asks(negotiating, "02 14:10", "w.yuan", "sign_negotiated", "signatures", rules("W-68"), signed_by_all="yes"),
        asks(negotiating, "02 14:10", "w.yuan", "sign_negotiated", "positions", rules("W-68"), signed_by_all="no"),
        asks(reporting, "02 14:10", "w.yuan", "report_result", "result_report", rules("W-69")),
        asks(with_general_manager, "02 15:10", "w.fan", "give_opinion", "gm_opinion", rules("W-69", "W-70")),
        asks(major, "02 11:10", "w.fan", "instruct", "gm_instruction", rules("W-82")),
        asks(instructed, "02 13:10", "w.xie", "home_visit", "visited_at visit_record", rules("W-11", "W-82")),
        asks(consented, "02 16:40", "w.xie", "inspect", "inspection_result", rules("W-40")),
        asks(consented, "02 16:40", "w.xie", "drop_inspection", "inspection_dropped_why", rules("W-39")),
        asks(returned, "02 18:20", "w.yuan", "determine_fault", "fault_finding fault_finding_with", rules("W-95")),
        asks(referred, "02 11:40", "w.xie", "log_ruling", "ruling ruled_on", rules("W-09")),
    ],
)  # fmt: skip
def test_nothing_is_done_while_a_question_of_its_form_is_unanswered(
    way: Callable[[], Play], when: str, who: str, action: str, questions: set[str], given: dict[str, str]
) -> None:
    assert questions <= way().lacking(when, who, action, **given)
