"""C公司: the chain of 24 hours, 24 hours, three days and two days, in time and late at each hand-over."""

import pytest

from tests.stories.company import BEFORE_THE_FESTIVAL, LEAK, leak, transferred
from tests.stories.dates import at
from tests.stories.town import Town

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
    assert case.head.values["content"] == LEAK["content"]["details"]
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


@pytest.mark.rules("C-04", "C-05", "C-06", "C-07")
@pytest.mark.parametrize("channel", ["phone", "web", "visit", "email", "letter", "referral", "other"])
def test_by_whatever_channel_it_comes_the_same_24_hours_begin(channel: str) -> None:
    case = Town("c-company", BEFORE_THE_FESTIVAL).receives({**LEAK, "channel": channel}, by="c.chen")
    assert (case.head.channel, case.due("form_in")) == (channel, "02-14 18:00")


def test_one_stop_is_the_form_and_another_comes_with_its_reason() -> None:
    town = Town("c-company", BEFORE_THE_FESTIVAL)
    assert "form" not in town.receives(LEAK, by="c.li").head.values
    other = {**LEAK, "form": {"form": "other", "other_form_why": "业主要求多部门现场会办"}}
    assert town.receives(other, by="c.li").head.values["other_form_why"] == "业主要求多部门现场会办"


@pytest.mark.rules("C-08")
def test_another_form_without_its_reason_does_not_go_on() -> None:
    case = Town("c-company", BEFORE_THE_FESTIVAL).receives({**LEAK, "form": {"form": "other"}}, by="c.li")
    assert "other_form_why: is required" in case.refused("send_form", other_form_why=None)


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
