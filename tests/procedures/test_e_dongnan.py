"""东南国际: the salesperson who receives a complaint answers for it to the end, and in the time told."""

import pytest

from chalicelib.desk.errors import NotAllowed, NotOpen
from tests.procedures.dongnan import (
    ASKED,
    CALL,
    DELAY,
    FACTS,
    REPLY,
    TICKS,
    TOLD,
    VISIT,
    WHO,
    handling,
    ready,
    received,
    tracking,
)
from tests.procedures.playing import UNKNOWN, Play, answer, at


@pytest.mark.rules("E-01", "E-02", "E-12", "E-39")
def test_the_salesperson_who_takes_the_call_has_the_complaint_and_tracks_it() -> None:
    play = Play("e-dongnan", "02 09:00", "e.chen").open(content="窗户渗水", received_at=answer("02 08:30"))
    assert (play.case.owner.person, play.case.values["received_at"]) == ("e.chen", "2026-11-02T00:30:00Z")
    assert "check_form" not in play.may("e.li", "02 09:00")
    assert play.due("prescribed") == "05 08:30"


@pytest.mark.rules("E-02")
def test_a_complaint_from_the_website_lies_with_the_salesperson_on_reception() -> None:
    play = Play("e-dongnan", "02 09:00", "customer", "web").open(content="窗户渗水", received_at=answer("02 09:00"))
    assert play.case.owner.person == "e.li"
    assert play.letters == [("acknowledgement", "customer")]


@pytest.mark.rules("E-05", "E-06", "E-09", "E-10", "E-11", "E-12", "E-13", "E-14")
@pytest.mark.parametrize("left_out", [*TICKS, *WHO, "talk", "room"])
def test_a_call_leaves_intake_only_with_the_form_filled_in_and_each_entry_checked(left_out: str) -> None:
    answers = {name: value for name, value in CALL.items() if name != left_out}
    assert "required" in received().refused("02 09:20", "e.li", "check_form", **answers)


@pytest.mark.rules("E-06")
def test_the_note_of_the_talk_is_never_unknown() -> None:
    assert "unknown" in received().refused("02 09:20", "e.li", "check_form", **{**CALL, "talk": UNKNOWN})


@pytest.mark.rules("E-09", "E-14")
def test_a_name_the_customer_will_not_give_is_noted_with_the_reason_and_stops_nothing() -> None:
    refused = {"unknown": "客户不愿告知"}
    answers = {**CALL, "customer_name": refused, "name_checked": refused}
    play = received().do("02 09:20", "e.li", "check_form", **answers)
    assert (play.case.stage, play.case.values["customer_name"]) == ("handling", refused)


@pytest.mark.rules("E-09", "E-11")
def test_a_name_and_a_number_given_at_intake_are_not_asked_for_again() -> None:
    answers = {name: value for name, value in CALL.items() if name not in WHO}
    play = Play("e-dongnan", "02 09:00", "e.li").open(content="窗户渗水", received_at=answer("02 09:00"), **WHO)
    play.do("02 09:20", "e.li", "check_form", **answers)
    assert play.case.stage == "handling"
    assert "王女士" not in repr(play.case)


@pytest.mark.rules("E-13")
def test_a_site_adds_its_own_entries_to_the_form() -> None:
    more = [{"item": "合同编号", "entry": "HT-0001"}]
    assert handling().case.values.get("more") is None
    assert received().do("02 09:20", "e.li", "check_form", more=more, **CALL).case.values["more"] == more


@pytest.mark.rules("E-07", "E-08")
def test_the_customer_is_told_a_reply_time_that_lies_ahead_and_by_whom_is_recorded() -> None:
    past = {**CALL, "promised_at": answer("02 09:00")}
    assert "future" in received().refused("02 09:20", "e.li", "check_form", **past)
    play = handling()
    assert play.letters == [("promised", "customer")]
    assert (play.due("promise"), play.case.values["told_by"]) == ("04 17:00", "e.li")
    assert play.case.values["told_at"] == "2026-11-02T01:20:00Z"


@pytest.mark.rules("E-15", "E-16")
def test_a_visit_measures_arrival_reception_and_the_start_of_handling() -> None:
    play = received("visit")
    assert play.due("reception") == "02 11:00"
    play.do("02 09:30", "e.li", "check_form", settled_now="yes", settled_result="当场换新门锁", **VISIT)
    times = [play.case.values[name] for name in ("arrived_at", "received_at", "began_at")]
    assert times == ["2026-11-02T00:50:00Z", "2026-11-02T01:00:00Z", "2026-11-02T01:05:00Z"]
    assert play.wait("02 12:00").late() == []


@pytest.mark.rules("E-16", "E-25")
def test_slow_reception_is_told_to_the_sales_manager_and_without_a_limit_is_only_measured() -> None:
    assert ("late", "e.tang") in received().wait("02 11:00").letters
    assert received(at_once="").wait("03 09:00").late() == []


@pytest.mark.rules("E-16", "E-17")
def test_what_is_settled_there_and_then_needs_its_result_and_neither_letter_nor_reply_time() -> None:
    play = received("visit")
    assert "required" in play.refused("02 09:30", "e.li", "check_form", settled_now="yes", **VISIT)
    play.do("02 09:30", "e.li", "check_form", settled_now="yes", settled_result="当场换新门锁", **VISIT)
    assert (play.case.stage, play.due("promise"), play.letters) == ("tracking", "", [])
    play.do("02 10:00", "e.li", "finish", finished_how="客户满意离开")
    assert play.letters == [("form_done", "e.yu")]


@pytest.mark.rules("E-17")
def test_what_is_not_settled_at_the_visit_needs_the_customers_letter_or_why_there_is_none() -> None:
    answers = {**VISIT, **TOLD, "settled_now": "no", "sharp": "no", "promised_at": answer("04 17:00")}
    assert "required" in received("visit").refused("02 09:30", "e.li", "check_form", **answers)
    play = received("visit").do("02 09:30", "e.li", "check_form", written_complaint=UNKNOWN, **answers)
    assert (play.case.stage, play.due("promise")) == ("handling", "04 17:00")


@pytest.mark.rules("E-33", "E-34")
def test_no_reply_before_verification_and_a_contact_with_the_department() -> None:
    play = handling()
    assert "Verify" in play.refused("02 10:00", "e.li", "reply", **REPLY)
    play.do("02 11:00", "e.li", "verify", **FACTS)
    assert "Contact" in play.refused("02 11:10", "e.li", "reply", **REPLY)
    play.do("02 11:30", "e.li", "contact_department", **ASKED)
    assert play.letters == [("department_asked", "e.jiang")]
    play.do("02 15:00", "e.jiang", "log_department_answer", department_answer="周三可修")
    assert play.letters == [("department_answered", "e.li")]
    assert play.do("02 15:30", "e.li", "reply", **REPLY).case.stage == "tracking"


@pytest.mark.rules("E-34")
def test_where_no_department_is_concerned_saying_so_is_enough() -> None:
    play = handling().do("02 11:00", "e.li", "verify", **FACTS)
    assert "required" in play.refused("02 11:30", "e.li", "contact_department", department_concerned="no")
    play.do("02 11:30", "e.li", "contact_department", department_concerned="no", no_department_why="销售员本人失误")
    assert (play.letters, play.do("02 12:00", "e.li", "reply", **REPLY).case.stage) == ([], "tracking")


@pytest.mark.rules("E-07", "E-35")
def test_no_reply_time_is_promised_beyond_the_prescribed_time() -> None:
    beyond = {**CALL, "promised_at": answer("05 09:01")}
    assert "not be later than 2026-11-05 09:00" in received().refused("02 09:20", "e.li", "check_form", **beyond)
    play = received().do("02 09:20", "e.li", "check_form", **{**CALL, "promised_at": answer("05 09:00")})
    assert (play.due("prescribed"), play.due("promise")) == ("05 09:00", "05 09:00")


@pytest.mark.rules("E-07", "E-35")
def test_where_the_prescribed_time_is_over_before_the_form_is_checked_a_time_can_still_be_told() -> None:
    play = received().do("05 10:00", "e.li", "check_form", **{**CALL, "promised_at": answer("06 17:00")})
    assert ("prescribed" in play.late(), play.due("promise")) == (True, "06 17:00")


@pytest.mark.rules("E-35", "E-37")
def test_a_time_agreed_in_a_delay_contact_is_within_the_prescribed_time_and_does_not_move_the_first() -> None:
    play = ready()
    beyond = {**DELAY, "promised_at": answer("07 12:01")}
    assert "not be later than 2026-11-07 12:00" in play.refused("04 12:00", "e.li", "delay_contact", **beyond)
    play.do("04 12:00", "e.li", "delay_contact", **{**DELAY, "promised_at": answer("07 12:00")})
    assert (play.due("prescribed"), play.due("promise")) == ("05 09:00", "07 12:00")
    assert ("late", "e.tang") in play.wait("05 09:00").letters
    assert ("late", "e.gu") in play.wait("06 09:00").letters


@pytest.mark.rules("E-35")
def test_a_site_without_a_prescribed_time_still_keeps_the_time_it_told() -> None:
    play = handling(prescribed_reply="")
    assert (play.due("prescribed"), play.due("promise")) == ("", "04 17:00")
    assert play.wait("04 17:00").late() == ["promise"]


@pytest.mark.rules("E-07", "E-35")
def test_a_reply_in_time_ends_both_clocks() -> None:
    play = tracking()
    assert play.letters == [("replied", "customer")]
    assert (play.due("promise"), play.due("prescribed"), play.wait("12 09:00").late()) == ("", "", [])


@pytest.mark.rules("E-37")
def test_without_reply_or_contact_by_the_agreed_time_the_sales_manager_is_alerted() -> None:
    play = ready(prescribed_reply="").wait("04 13:00")
    assert play.letters == [("contact_due", "e.li")]
    assert play.wait("04 17:00").letters == [("no_contact", "e.tang")]
    assert play.wait("05 17:00").letters == [("no_contact", "e.gu")]


@pytest.mark.rules("E-36", "E-37", "E-38")
def test_a_delay_contact_without_a_result_apologises_explains_and_agrees_a_new_time() -> None:
    play = ready(prescribed_reply="")
    for left_out in ("delay_apology", "account", "promised_at", "delay_cause", "delay_department"):
        answers = {name: value for name, value in DELAY.items() if name != left_out}
        assert "required" in play.refused("04 16:00", "e.li", "delay_contact", **answers)
    play.do("04 16:00", "e.li", "delay_contact", **DELAY)
    assert (play.letters, play.due("promise")) == ([("contact_due", "e.li"), ("delayed", "customer")], "07 17:00")
    assert (play.case.values["delay_department"], play.case.stage) == ("engineering", "handling")
    assert play.wait("04 18:00").late() == []


@pytest.mark.rules("E-37")
def test_a_late_delay_contact_takes_no_lateness_back() -> None:
    play = ready(prescribed_reply="").wait("04 17:00").do("04 18:00", "e.li", "delay_contact", **DELAY)
    assert (play.late(), play.due("promise")) == (["promise"], "07 17:00")


@pytest.mark.rules("E-39")
def test_after_the_reply_the_salesperson_follows_up_until_it_is_finished() -> None:
    play = tracking().do("04 09:00", "e.li", "follow_up", followed_up="已上门修复，待试水")
    assert (play.case.stage, play.case.owner.person) == ("tracking", "e.li")
    late = ready(tracking="3d").do("03 10:00", "e.li", "reply", **REPLY).wait("07 00:00")
    assert ("late", "e.tang") in late.letters


@pytest.mark.rules("E-43", "E-44", "E-45", "E-46")
def test_a_finished_form_goes_to_the_clerk_then_into_the_register_then_to_the_archive() -> None:
    play = tracking().do("05 09:00", "e.li", "finish", finished_how="修复合格")
    assert (play.case.stage, play.letters) == ("registering", [("form_done", "e.yu")])
    with pytest.raises(NotAllowed):
        play.do("05 10:00", "e.li", "enter_register", category="quality")
    with pytest.raises(NotOpen):
        play.do("05 10:00", "e.yu", "archive")
    assert "required" in play.refused("05 10:00", "e.yu", "enter_register")
    play.do("05 10:00", "e.yu", "enter_register", category="quality")
    assert play.do("05 10:05", "e.yu", "archive").case.status == "archived"


@pytest.mark.rules("E-45")
def test_a_finished_form_not_entered_in_time_is_told_to_the_sales_manager() -> None:
    play = tracking().do("05 09:00", "e.li", "finish", finished_how="修复合格").wait("09 00:00")
    assert (play.late(), play.letters) == (["register_entry"], [("late", "e.tang")])


@pytest.mark.rules("E-42")
def test_every_step_stands_on_the_form_with_its_time_and_writer() -> None:
    play = handling().do("02 11:00", "e.li", "verify", **FACTS)
    mark = play.case.done["verify"]
    assert (mark.by, mark.at) == ("e.li", at("02 11:00"))
