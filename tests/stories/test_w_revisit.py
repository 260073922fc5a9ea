"""W: the revisit, marked or not, reached or not, satisfied or not; held while anything is still being handled."""

import pytest

from tests.stories.dates import answer
from tests.stories.workshop import assessing, heard, numbered, revisiting


@pytest.mark.rules("W-89", "W-90")
def test_a_marked_form_is_revisited_within_24_hours_of_its_arrival_not_counting_the_time_it_was_held() -> None:
    case = revisiting()
    assert (case.stage, case.owner, case.due("revisit")) == ("revisiting", "w.pan", "03-04 12:00")
    case.until("03-04 17:00")
    assert case.told("revisit") == [
        "03-04 08:00 w.pan revisit_reminder",
        "03-04 12:00 w.xie late",
        "03-04 16:00 w.fan late",
    ]
    case.do("revisit").do("archive")
    assert case.late == ["revisit 03-04 12:00"]


@pytest.mark.rules("W-90")
def test_without_the_customer_managers_mark_there_is_no_revisit_and_he_says_why() -> None:
    unexplained = heard(numbered()).refused("determine", revisit_wanted="no", no_revisit_why=None)
    assert "no_revisit_why: is required" in unexplained
    case = assessing(revisit_wanted="no").do("assess").do("finish_rework").do("finish_task")
    assert (case.stage, "revisit" in case.head.clocks) == ("archiving", False)


@pytest.mark.rules("W-71", "W-91")
def test_while_the_rework_is_not_done_the_revisit_is_held_and_its_clock_stands() -> None:
    case = assessing(rework_at=answer("03-10 09:00")).until("03-03 12:00").do("assess").do("finish_task")
    assert (case.stage, case.due("revisit")) == ("finishing", "")
    assert case.refused("revisit", by="w.pan") == "not open at this stage"
    case.until("03-10 15:00")
    assert case.told("revisit") == []
    case.do("finish_rework")
    assert (case.stage, case.due("revisit")) == ("revisiting", "03-11 13:00")  # 22 hours were left


@pytest.mark.rules("W-91", "W-94")
def test_a_returned_form_holds_the_revisit_until_the_fault_is_determined() -> None:
    case = assessing().do("finish_rework").do("finish_task").until("03-03 12:00").do("assess", problem="yes")
    assert case.due("revisit") == ""
    case.until("03-04 12:00").do("determine_fault")
    assert (case.stage, case.due("revisit")) == ("revisiting", "03-05 10:00")


@pytest.mark.rules("W-89")
def test_attempts_are_logged_and_a_time_the_customer_names_gets_a_clock_of_its_own() -> None:
    case = revisiting().do("log_revisit_attempt").until("03-03 17:00").do("log_revisit_attempt", revisit_outcome="busy")
    assert case.head.done["log_revisit_attempt"].times == 2
    case.do("log_revisit_attempt", revisit_outcome="agreed_time", revisit_again_at=answer("03-04 10:00"))
    assert case.due("revisit_call") == "03-04 10:00"
    case.until("03-04 11:00")
    assert case.told("revisit_call") == ["03-04 09:00 w.pan revisit_reminder", "03-04 10:00 w.xie late"]
    assert case.do("revisit").stage == "archiving"


@pytest.mark.rules("W-90")
def test_a_customer_who_cannot_be_reached_is_given_up_by_the_customer_manager_only_after_an_attempt() -> None:
    case = revisiting()
    assert "No attempt is logged yet" in case.refused("unmark_revisit")
    assert case.refused("unmark_revisit", by="w.pan") == "not allowed"
    case.do("log_revisit_attempt", revisit_outcome="wrong_number").do("unmark_revisit")
    assert (case.stage, case.head.values["revisit_wanted"], case.due("revisit")) == ("archiving", "no", "")


@pytest.mark.rules("W-89", "W-91")
def test_dissatisfied_it_goes_back_for_a_second_round_that_is_handled_like_the_first() -> None:
    case = revisiting().until("03-03 15:00").do("revisit", satisfied="no", revisit_words="还是响，你们根本没修好。")
    head = case.head
    assert (case.stage, head.round, case.owner) == ("determining", 2, "w.xie")
    assert case.due("determination") == "03-04 15:00"
    for forgotten in ("responsibility", "ours", "talk_needed", "agreed", "problem", "satisfied", "revisit_wanted"):
        assert forgotten not in head.values
    assert head.values["content"].startswith("上周六")
    assert "The facts are not established" in case.refused("determine", talk_needed="no")
    case.do("find_facts").do("talk").do("determine").do("review").do("report_result").do("give_opinion")
    case.do("complete_final").do("transfer_final").do("assess").do("finish_rework").do("finish_task")
    assert case.due("revisit") == "03-04 15:00"
    assert case.do("revisit").do("archive").head.status == "archived"
    assert case.late == []


@pytest.mark.rules("W-89", "W-91")
def test_of_a_second_round_the_customer_manager_and_the_department_are_told() -> None:
    case = revisiting().until("03-03 15:00").do("revisit", satisfied="no")
    assert case.sent("new_round") == ["03-03 15:00 w.xie", "03-03 15:00 w.ding"]


@pytest.mark.rules("W-20", "W-81", "W-89")
def test_dissatisfied_a_second_time_the_desk_suggests_the_store_manager_or_a_major_complaint() -> None:
    case = revisiting()
    assert case.do("revisit", satisfied="no").warnings == []
    case.do("find_facts").do("talk").do("determine").do("review").do("report_result").do("give_opinion")
    case.do("complete_final").do("transfer_final").do("assess").do("finish_rework").do("finish_task")
    [warning] = case.do("revisit", satisfied="no").warnings
    assert "store manager" in warning["en"]
    assert case.head.round == 3
