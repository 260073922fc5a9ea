"""汽车维修: pending matters, major complaints and unreasonable demands."""

import pytest

from tests.procedures.playing import UNKNOWN, answer
from tests.procedures.workshop import UNCLEAR, determining, pending, revisiting


@pytest.mark.rules("W-78", "W-79")
def test_the_pending_track_tells_the_customer_and_waits_for_the_general_manager() -> None:
    play = (
        determining()
        .do("02 11:00", "w.wei", "find_facts", facts="待检测")
        .do("02 12:00", "w.xie", "determine", **UNCLEAR)
    )
    assert ("come_when_convenient", "customer") in play.letters
    assert play.due("determination") == ""
    assert ("pending_requested", "w.fan") in play.letters
    play.do("03 12:00", "w.fan", "decide_pending", pending_approved="no")
    assert [task for task in play.case.tasks.values() if not task.finished] == []
    assert (play.case.stage, play.due("determination")) == ("determining", "04 10:00")


@pytest.mark.rules("W-83", "W-84")
def test_both_ledgers_are_written_each_by_its_own_keeper() -> None:
    play = pending()
    assert "write_centre_ledger" not in play.may("w.xie", "03 13:00")
    for who, action, gone in (
        ("w.xie", "write_manager_ledger", {"manager_ledger": "settled", "manager_entry": "了结"}),
        (
            "w.pan",
            "write_centre_ledger",
            {"centre_ledger": "settled", "centre_entry": "了结", "marked_on_vehicle": "cleared"},
        ),
    ):
        assert "still pending" in play.refused("03 13:00", who, action, **gone)
    play.do("03 13:00", "w.xie", "write_manager_ledger", manager_ledger="open", manager_entry="待检测")
    assert "centre_ledger" not in play.case.values
    play.do(
        "03 14:00",
        "w.pan",
        "write_centre_ledger",
        centre_ledger="open",
        centre_entry="待检测",
        marked_on_vehicle="marked",
    )
    assert play.case.values["centre_ledger"] == "open"


@pytest.mark.rules("W-86", "W-87")
def test_pending_customers_are_contacted_by_the_4th_of_each_month() -> None:
    play = pending()
    assert play.due("monthly_contact") == "05 00:00"
    play.do("12-03 10:00", "w.xie", "contact_pending", contact_answer="下周来")
    assert play.letters[-1] == ("come_back", "customer")
    assert "monthly_contact" not in play.wait("12-05 00:00").late()
    assert "monthly_contact" in play.wait("2027-01-05 00:00").late()


@pytest.mark.rules("W-57", "W-88")
def test_a_settled_pending_matter_enters_the_main_track_with_24_hours_of_its_own() -> None:
    play = pending().do("10 09:00", "w.xie", "resume", resume_why="customer_came", change="客户来店")
    assert (play.case.stage, play.due("determination")) == ("determining", "11 09:00")
    assert {run.task for run in play.case.tasks.values() if not run.finished} == {"manager_ledger", "centre_ledger"}


@pytest.mark.rules("W-81", "W-82")
def test_a_major_complaint_is_visited_at_home_only_after_the_general_managers_instruction() -> None:
    play = determining().do("02 11:00", "w.xie", "mark_major", major_why="人身安全")
    home = {"meeting_form": "face_to_face", "meeting_place": "home", "talk_record": "拜访"}
    assert "general manager" in play.refused("02 12:00", "w.xie", "talk", **home)
    assert "home_visit" not in play.may("w.xie", "02 12:00")
    play.do("02 13:00", "w.fan", "instruct", gm_instruction="当日拜访")
    play.do("02 15:00", "w.xie", "home_visit", visited_at=answer("02 14:00"), visit_record="已拜访")
    assert all(task.finished for task in play.case.tasks.values())


@pytest.mark.rules("W-82")
def test_a_complaint_found_to_be_major_at_the_very_end_is_not_archived_before_the_visit() -> None:
    play = revisiting().do("04 09:00", "w.pan", "mark_major", major_why="客户回访时称受伤")
    answers = {"revisit_how": "phone", "satisfied": "yes", "revisit_words": "满意"}
    play.do("04 09:10", "w.pan", "revisit", **answers)
    assert "not instructed" in play.refused("04 09:20", "w.pan", "archive")
    play.do("04 10:00", "w.fan", "instruct", gm_instruction="当日拜访")
    assert "home visit" in play.refused("04 10:10", "w.pan", "archive")
    play.do("04 15:00", "w.xie", "home_visit", visited_at=answer("04 14:00"), visit_record="已拜访")
    assert play.do("04 16:00", "w.pan", "archive").case.status == "archived"


@pytest.mark.rules("W-08", "W-09")
def test_an_outside_body_is_asked_only_after_our_way_was_explained_and_refused() -> None:
    play = determining()
    asked = {"outside_body": "consumer_association", "referred_on": "2026-11-02"}
    assert "Explain" in play.refused("05 09:00", "w.xie", "refer_outside", **asked)
    threat = {"demand_made": "十倍赔偿", "recording": UNKNOWN, "way_explained": "按保修条款", "way_accepted": "no"}
    play.do("05 10:00", "w.xie", "flag_extortion", **threat).do("05 11:00", "w.xie", "refer_outside", **asked)
    play.do("09 11:00", "w.xie", "log_ruling", ruling="支持我方", ruled_on="2026-11-09")
    assert all(task.finished for task in play.case.tasks.values())
