"""C公司: what cannot be solved at once, what is complex, what is done for the customer, and colleagues."""

import pytest

from tests.stories.company import leak, solving, transferred
from tests.stories.dates import away

# not solvable at once


@pytest.mark.rules("C-27", "C-28", "C-29")
def test_what_cannot_be_solved_is_declared_explained_and_kept_to_the_new_time() -> None:
    case = solving().until("02-16 10:00").do("declare_unsolvable")
    assert (case.stage, case.owner, case.due("three_days")) == ("explaining", "c.wang", "02-18 00:00")
    assert case.sent("explain_wanted") == ["02-16 10:00 c.wang"]
    assert "explained: is required" in case.refused("agree_new_time", explained=None)
    assert "new_time: must lie in the future" in case.refused("agree_new_time", new_time="2026-02-01T09:00:00+08:00")
    case.do("agree_new_time", new_time="2026-02-26T17:00:00+08:00")
    assert (case.stage, case.owner, case.due("agreed_time")) == ("solving_agreed", "c.sun", "02-26 17:00")
    assert case.sent("new_time") == ["02-16 10:00 customer"]
    assert case.sent("new_time_department") == ["02-16 10:00 c.sun"]
    case.until("02-25 18:00").do("return_result").do("tell_customer")
    assert (case.stage, case.late) == ("closed", [])
    assert case.told("agreed_time") == ["02-25 17:00 c.sun due_soon"]
    assert case.told("three_days") == []


@pytest.mark.rules("C-27")
def test_a_declaration_alone_does_not_stop_the_three_days_customer_service_must_still_notify() -> None:
    case = solving().until("02-17 23:00").do("declare_unsolvable").until("02-18 07:00")
    assert case.late == ["three_days 02-18 00:00"]
    assert case.told("three_days")[-1] == "02-18 00:00 c.zhou late"  # now customer service's own superior


@pytest.mark.rules("C-25", "C-27")
def test_without_a_declaration_the_breach_is_the_departments() -> None:
    case = solving().until("02-18 08:00")
    assert case.head.lateness[0].owner == "c.sun"
    assert case.told("three_days") == ["02-17 07:00 c.sun declare_or_solve", "02-18 07:00 c.wang late"]


@pytest.mark.rules("C-29")
def test_a_new_time_that_is_missed_too_climbs_from_customer_service_to_its_head() -> None:
    case = solving().until("02-16 10:00").do("declare_unsolvable")
    case.do("agree_new_time", new_time="2026-02-26T17:00:00+08:00").until("02-28 09:00")
    assert case.told("agreed_time") == [
        "02-25 17:00 c.sun due_soon",
        "02-26 17:00 c.wang late",
        "02-27 17:00 c.zhou late",
    ]
    assert case.late == ["agreed_time 02-26 17:00"]


@pytest.mark.rules("C-27", "C-28", "C-29")
def test_not_solved_by_the_agreed_time_either_the_customer_is_notified_again_within_three_days() -> None:
    case = solving().until("02-16 10:00").do("declare_unsolvable")
    case.do("agree_new_time", new_time="2026-02-26T17:00:00+08:00").until("02-26 16:00").do("declare_unsolvable")
    assert (case.stage, case.due("explain_again"), case.due("agreed_time")) == ("explaining", "03-02 00:00", "")
    case.until("03-02 08:00")
    assert case.told("explain_again") == ["03-01 07:00 c.wang due_soon", "03-02 00:00 c.zhou late"]
    case.do("agree_new_time", new_time="2026-03-10T17:00:00+08:00")
    assert case.due("agreed_time") == "03-10 17:00"
    case.do("return_result").do("tell_customer")
    assert case.late == ["explain_again 03-02 00:00"]


# complex and concentrated


@pytest.mark.rules("C-30")
def test_a_complex_problem_is_not_closed_before_the_joint_explanation() -> None:
    case = leak(joint_explanation="5d").do("send_form").do("classify", complex="yes").do("accept")
    assert case.due("joint_explanation") == "02-19 00:00"
    case.until("02-16 09:00").do("return_result").do("tell_customer")
    assert (case.stage, case.head.status) == ("told", "answered")
    case.until("02-19 08:00")
    assert case.told("joint_explanation") == ["02-19 00:00 c.zhou late"]
    case.do("hold_joint")
    assert (case.stage, case.head.status) == ("closed", "closed")


@pytest.mark.rules("C-30")
def test_customer_service_may_find_a_case_complex_later_and_only_once_at_a_time() -> None:
    case = solving().do("organise_joint")
    assert case.head.values["complex"] == "yes"
    assert case.refused("organise_joint") == "A joint explanation is already being arranged"
    case.do("hold_joint").do("return_result").do("tell_customer")
    assert case.stage == "closed"


@pytest.mark.rules("C-32")
def test_a_common_time_is_told_to_the_customer_logged_and_reminded_of() -> None:
    case = solving().do("set_common_time", common_time="2026-02-20T15:00:00+08:00")
    assert case.sent("invitation") == ["02-14 12:00 customer"]
    assert "售楼处二楼会议室" in case.to_customer()
    case.do("return_result").do("tell_customer")
    assert case.stage == "told"
    case.until("02-20 16:00")
    assert case.told("common_explanation") == ["02-19 15:00 c.wang due_soon", "02-20 15:00 c.zhou late"]
    assert case.do("log_attendance", attended="did_not_come").stage == "closed"


# for the customer


@pytest.mark.rules("C-13", "C-14")
def test_the_receiver_goes_on_acting_for_the_customer_and_urging_the_department_and_each_time_is_on_record() -> None:
    case = transferred().do("act_for_customer", by="c.li")
    case.do("urge", by="c.li").until("02-14 12:00").do("accept").do("urge", by="c.wang", urged="业主今晚等回话。")
    assert case.sent("urge") == ["02-14 11:00 c.sun", "02-14 12:00 c.sun"]
    assert case.head.done["urge"].times == 2
    assert [event.answers["urged"] for event in case.history if event.action == "urge"] == [
        "请尽快安排人员上门。",
        "业主今晚等回话。",
    ]
    assert (case.stage, case.owner) == ("solving", "c.sun")
    assert case.refused("urge", by="c.xu") == "not allowed"


@pytest.mark.rules("C-33")
def test_a_dissatisfied_customers_words_are_recorded_and_the_desk_says_what_the_measure_leaves_open() -> None:
    case = solving().do("return_result").do("tell_customer", satisfied="no", dissatisfied_why="还是漏，只抹了一层灰。")
    assert case.stage == "closed"
    assert case.head.values["dissatisfied_why"] == "还是漏，只抹了一层灰。"
    assert "record the opinion truthfully" in case.warnings[0]["en"]


@pytest.mark.rules("C-20")
def test_what_the_customer_adds_reaches_whoever_has_the_case_now() -> None:
    case = solving().until("02-15 09:00").writes("昨晚又漏了，请带抽水机来。")
    assert case.sent("customer_wrote") == ["02-15 09:00 c.sun"]
    assert [reply.text for reply in case.head.replies] == ["昨晚又漏了，请带抽水机来。"]


def test_a_customer_may_withdraw_at_any_open_stage_and_all_clocks_end() -> None:
    for stage in (leak, transferred, solving):
        case = stage()
        case.do("withdraw", by="in_charge")
        assert (case.stage, case.head.status) == ("withdrawn", "withdrawn")
        assert case.sent("withdrawn")
        case.until("03-31 00:00")
        assert case.late == []
        assert case.may("c.sun") == ["file_paper", "link_case"]  # what may still come in


# colleagues


def test_a_case_handed_to_a_colleague_stays_until_the_colleague_accepts_it() -> None:
    case = solving().do("hand_over", by="c.sun", hand_over_to="c.qian")
    assert (case.owner, case.due("hand_over")) == ("c.sun", "02-14 16:00")
    assert case.sent("hand_over") == ["02-14 12:00 c.qian"]
    assert "not" in case.refused("accept_hand_over", by="c.xu")
    case.until("02-14 14:00").do("accept_hand_over")
    assert (case.owner, case.sent("hand_over_accepted")) == ("c.qian", ["02-14 14:00 c.sun"])
    assert case.due("three_days") == "02-18 00:00"  # no clock begins anew


def test_a_hand_over_that_nobody_accepts_lapses_and_both_he_and_his_superior_hear_of_it() -> None:
    case = solving().do("hand_over", by="c.sun", hand_over_to="c.qian").until("02-14 17:00")
    assert case.owner == "c.sun"
    assert case.told("hand_over") == [
        "02-14 15:30 c.qian due_soon",
        "02-14 16:00 c.sun hand_over_late",
        "02-14 16:00 c.wang hand_over_late",
    ]
    assert case.refused("accept_hand_over", by="c.qian") == "not open at this stage"


def test_a_colleague_may_decline_and_whoever_hands_over_may_take_it_back() -> None:
    case = solving().do("hand_over", by="c.sun", hand_over_to="c.qian").do("decline_hand_over")
    assert (case.owner, case.sent("hand_over_declined")) == ("c.sun", ["02-14 12:00 c.sun"])
    case.do("hand_over", by="c.sun", hand_over_to="c.qian").do("take_back")
    assert (case.owner, case.sent("hand_over_taken_back")) == ("c.sun", ["02-14 12:00 c.qian"])


def test_while_the_head_of_a_unit_is_away_the_second_answers_and_warnings_go_to_the_second() -> None:
    case = leak(away("c.sun", "02-14 00:00", "02-24 00:00")).until("02-14 11:00").do("send_form").do("classify")
    assert (case.owner, case.sent("transferred")) == ("c.sun", ["02-14 11:00 c.qian"])
    case.do("accept").until("02-18 08:00")
    assert case.head.done["accept"].by == "c.qian"
    assert case.told("three_days")[0] == "02-17 00:00 c.qian declare_or_solve"  # no quiet hours
