"""C公司: the chain of 24 hours, 24 hours, three days and two days, in time and late at each hand-over."""

import pytest

from chalicelib.desk.people import Absence
from tests.stories.dates import at
from tests.stories.story import Case
from tests.stories.town import Town

BEFORE_THE_FESTIVAL = "02-13 18:00"
"""Friday; Saturday the 14th is a make-up workday, the Spring Festival lasts from Sunday the 15th to the 23rd."""

LEAK = {
    "channel": "visit",
    "received_at": "2026-02-13T18:00:00+08:00",
    "content": {"details": "主卧飘窗漏水，墙纸都泡起来了，报修三次没人管！", "where": "3栋2单元1101"},
    "customer": {"name": "陈先生", "phone": "13900001101", "room": "3-2-1101"},
    "demand": "年前必须来人修好。",
    "form": {"receiving_unit": "project_service"},
}


def leak(*absences: Absence, **settings: str) -> Case:
    """A leak reported at the sales office on Friday evening before the Spring Festival, taken by c.li."""
    return Town("c-company", BEFORE_THE_FESTIVAL, *absences, **settings).receives(LEAK, by="c.li")


def transferred() -> Case:
    """The same leak, with engineering (c.sun, c.qian) since Saturday 11:00, not yet accepted."""
    return leak().until("02-14 10:00").do("send_form").until("02-14 11:00").do("classify")


def solving() -> Case:
    """The same leak, accepted by engineering on Saturday at 12:00; the three days end on Tuesday at 24:00."""
    return transferred().until("02-14 12:00").do("accept")


# the whole chain


@pytest.mark.rules("C-02", "C-03", "C-06", "C-09", "C-17", "C-18", "C-21", "C-22", "C-23", "C-25", "C-26")
def test_in_time_the_chain_takes_24_hours_24_hours_three_days_and_two_days_and_nobody_hears_of_lateness() -> None:
    case = leak()
    assert (case.stage, case.owner, case.due("form_in")) == ("received", "c.li", "02-14 18:00")
    case.until("02-14 12:00").do("send_form")
    assert (case.stage, case.owner, case.due("transfer")) == ("classifying", "c.wang", "02-15 12:00")
    case.until("02-15 07:30").do("classify")
    assert (case.stage, case.owner, case.due("accept")) == ("transferred", "c.sun", "02-15 15:30")
    case.until("02-15 13:00").do("accept")
    assert (case.stage, case.due("three_days")) == ("solving", "02-19 00:00")
    case.until("02-17 20:00").do("return_result")
    assert (case.stage, case.owner, case.due("tell_result")) == ("result_in", "c.wang", "02-20 00:00")
    case.until("02-18 10:00").do("tell_customer", satisfied="yes")
    assert (case.stage, case.head.status, case.late) == ("closed", "closed", [])
    case.until("03-31 00:00")
    assert case.sent("late") == case.sent("not_accepted") == []
    assert case.sent("acknowledgement") == ["02-13 18:00 customer"]
    assert case.sent("result") == ["02-18 10:00 customer"]


@pytest.mark.rules("C-18", "C-23", "C-25", "C-26")
def test_late_at_every_hand_over_those_above_are_told_one_after_the_other_each_once() -> None:
    case = leak().until("02-14 22:30")
    assert case.told("form_in") == [
        "02-14 14:00 c.li due_soon",
        "02-14 18:00 c.wang late",
        "02-14 22:00 c.zhou late",
    ]
    case.do("send_form").until("02-16 08:00")
    assert case.told("transfer") == [
        "02-15 18:30 c.wang due_soon",
        "02-15 22:30 c.zhou late",
        "02-16 07:00 c.zheng late",  # due at 02:30, when he is not to be woken
    ]
    case.do("classify").until("02-16 09:00").do("accept").until("02-21 09:00")
    assert case.told("three_days") == [
        "02-19 07:00 c.sun declare_or_solve",  # midnight, 24 hours before
        "02-20 07:00 c.wang late",
        "02-21 00:00 c.zhou late",  # he keeps no quiet hours
    ]
    case.do("return_result").until("02-25 10:00")
    assert case.told("tell_result") == [
        "02-23 07:00 c.wang due_soon",
        "02-24 00:00 c.zhou late",
        "02-25 07:00 c.zheng late",
    ]
    case.do("tell_customer").until("04-01 00:00")
    assert case.stage == "closed"
    assert case.late == [
        "form_in 02-14 18:00",
        "transfer 02-15 22:30",
        "three_days 02-20 00:00",
        "tell_result 02-24 00:00",
    ]
    assert len(case.sent("late")) == 8  # nobody heard anything again after the end


@pytest.mark.rules("C-18")
def test_a_letter_found_in_a_drawer_is_late_when_it_is_recorded_because_its_clock_began_when_it_came() -> None:
    town = Town("c-company", "02-25 10:00")
    old = {**LEAK, "channel": "letter", "received_at": "2026-02-11T11:00:00+08:00"}
    case = town.receives(old, by="c.chen").until("02-25 10:00")
    assert case.late == ["form_in 02-12 11:00"]
    assert case.told("form_in") == ["02-25 10:00 c.wang late", "02-25 10:00 c.zhou late"]
    assert case.head.promised_at == at("02-19 00:00")


@pytest.mark.rules("C-25")
def test_a_stricter_site_counts_the_three_days_from_the_first_receipt() -> None:
    case = leak(solve_counts_from="done register")
    assert case.due("three_days") == "02-17 00:00"
    case.until("02-14 10:00").do("send_form").do("classify").do("accept")
    assert case.due("three_days") == "02-17 00:00"


# who may receive, and what the receiving unit may not do


@pytest.mark.rules("C-09", "C-10", "C-11", "C-16", "C-17", "C-23")
@pytest.mark.parametrize("person", ["c.li", "c.xu", "c.lv", "c.chen", "c.sun", "c.he", "c.wang"])
def test_a_complaint_brought_to_the_wrong_unit_is_never_refused_and_the_complaint_moves_not_the_customer(
    person: str,
) -> None:
    case = Town("c-company", BEFORE_THE_FESTIVAL).receives(LEAK, by=person)
    assert (case.stage, case.owner) == ("received", person)
    assert case.head.values["content"] == LEAK["content"]["details"]  # type: ignore[index]  # a mapping
    ways = {way.to for action in case.may(person) for way in case.desk.procedure.actions[action].goes}
    assert ways == {"classifying", "withdrawn"}
    assert case.do("send_form").stage == "classifying"
    assert "客户服务部" not in case.to_customer()


@pytest.mark.rules("C-10", "C-16")
@pytest.mark.parametrize("said", [{"summary": "漏水"}, {"details": "漏水"}, {"details": "漏" * 10_000}])
def test_a_complaint_of_few_words_or_very_many_is_accepted(said: dict[str, str]) -> None:
    case = Town("c-company", "03-02 09:00").receives({"content": said})
    assert case.head.values["content"] == (said.get("details") or said["summary"])


@pytest.mark.rules("C-05", "C-18")
def test_what_comes_by_the_website_without_a_receiver_lies_with_reception() -> None:
    town = Town("c-company", "03-07 23:52")
    case = town.receives({"channel": "web", "content": {"details": "二期工地半夜打桩。"}})
    assert (case.owner, case.who("receiving_unit"), case.due("form_in")) == ("c.li", "c.li", "03-08 23:52")
    case.until("03-08 23:52")
    assert case.told("form_in") == ["03-08 19:52 c.li due_soon"]  # customer service is told in the morning
    assert case.until("03-09 08:00").told("form_in")[1:] == ["03-09 03:52 c.zhou late", "03-09 07:00 c.wang late"]
    assert case.do("send_form", by="c.li").stage == "classifying"


@pytest.mark.rules("C-08")
def test_one_stop_is_the_form_and_another_comes_with_its_reason() -> None:
    town = Town("c-company", BEFORE_THE_FESTIVAL)
    assert "form" not in town.receives(LEAK, by="c.li").head.values
    other = {**LEAK, "form": {"form": "other", "other_form_why": "业主要求多部门现场会办"}}
    assert town.receives(other, by="c.li").head.values["other_form_why"] == "业主要求多部门现场会办"


@pytest.mark.rules("C-08")
def test_another_form_without_its_reason_does_not_go_on() -> None:
    case = Town("c-company", BEFORE_THE_FESTIVAL).receives({**LEAK, "form": {"form": "other"}}, by="c.li")
    assert "other_form_why" in case.refused("send_form")


@pytest.mark.rules("C-16", "C-17", "C-18")
def test_what_intake_left_open_must_be_said_or_explained_before_the_form_goes_on() -> None:
    case = Town("c-company", "03-02 09:00").receives({"content": {"details": "停水"}})
    assert "receiving_unit: is required" in case.refused("send_form", receiving_unit=None)
    assert case.do("send_form", receiving_unit={"unknown": "网站留言，未经单位"}).stage == "classifying"


@pytest.mark.rules("C-02", "C-19", "C-20", "C-21", "C-26")
def test_customer_service_alone_classifies_and_tells_the_customer_and_tracks_from_first_to_last() -> None:
    case = leak().do("send_form")
    for person in ("c.li", "c.sun", "c.xu", "c.he"):
        assert case.refused("classify", by=person) == "not allowed"
    case.do("classify").do("accept")
    assert "correct_record" in case.may("c.wang")
    case.do("return_result")
    assert case.refused("tell_customer", by="c.sun") == "not allowed"
    assert case.desk.procedure.tracked_by == "customer_service"
    assert {"withdraw", "correct_record"} <= set(case.may("c.zhao"))


# own scope


@pytest.mark.rules("C-11", "C-12", "C-18")
def test_what_lies_in_its_own_scope_the_receiving_unit_solves_itself_and_the_form_goes_in_all_the_same() -> None:
    case = Town("c-company", "03-02 07:25").receives(
        {"channel": "phone", "content": {"details": "早上起来一滴水都没有。"}}, by="c.xu"
    )
    case.do("send_form", scope="own")
    assert case.sent("form_in") == ["03-02 07:25 c.wang"]
    case.until("03-02 09:00").do("classify", scope="own", department="property")
    assert (case.stage, case.owner, case.due("three_days")) == ("solving", "c.xu", "03-06 00:00")
    assert case.sent("solve_own") == ["03-02 09:00 c.xu"]
    assert case.clock("accept") is None
    case.do("return_result", by="c.shen").do("tell_customer")
    assert case.stage == "closed"


# not accepted


@pytest.mark.rules("C-23", "C-25")
def test_a_department_that_does_not_accept_loses_the_case_to_customer_service_and_its_head_hears_of_it() -> None:
    case = transferred()
    assert case.sent("transferred") == ["02-14 11:00 c.sun"]
    case.until("02-14 20:00")
    assert (case.stage, case.owner) == ("classifying", "c.wang")
    assert case.told("accept") == [
        "02-14 17:00 c.sun due_soon",
        "02-14 19:00 c.zhou not_accepted",
        "02-14 19:00 c.wang not_accepted",
    ]
    assert case.due("transfer") == "02-15 19:00"  # 24 hours anew, from the bounce
    case.do("classify", department="property").do("accept")
    assert (case.stage, case.owner) == ("solving", "c.xu")
    assert case.late == ["accept 02-14 19:00"]
    assert case.sent("transferred")[1:] == ["02-14 20:00 c.xu"]


@pytest.mark.rules("C-23")
def test_a_department_that_bounces_it_twice_is_told_of_twice() -> None:
    case = transferred().until("02-14 20:00").do("classify").until("02-15 08:00")
    assert case.sent("not_accepted", to="c.zhou") == ["02-14 19:00 c.zhou", "02-15 04:00 c.zhou"]
    assert case.late == ["accept 02-14 19:00", "accept 02-15 04:00"]


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
        assert case.may("c.sun") == []


# colleagues


def test_a_case_handed_to_a_colleague_stays_until_the_colleague_accepts_it() -> None:
    case = solving().do("hand_over", by="c.sun", hand_over_to="c.qian")
    assert (case.owner, case.sent("hand_over"), case.due("hand_over")) == ("c.sun", ["02-14 12:00 c.qian"], "02-14 16:00")
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
    away = Absence(person="c.sun", start=at("02-14 00:00"), end=at("02-24 00:00"))
    case = leak(away).until("02-14 10:00").do("send_form").until("02-14 11:00").do("classify")
    assert (case.owner, case.sent("transferred")) == ("c.sun", ["02-14 11:00 c.qian"])
    case.do("accept").until("02-18 08:00")
    assert case.history[-2].by == "c.qian" or case.head.done["accept"].by == "c.qian"
    assert case.told("three_days")[0] == "02-17 00:00 c.qian declare_or_solve"  # no quiet hours
