"""知名地产公司: a desk with a gap at noon, and a reply within 24 hours whatever the hour."""

from datetime import date
from typing import Any

import pytest

from chalicelib.cases.picture import Picture
from chalicelib.desk.duties import issued, opened
from chalicelib.desk.errors import NotAllowed
from chalicelib.desk.facts import Facts
from chalicelib.desk.hours import Calendar, hours_of
from tests.procedures.playing import UNKNOWN, Play, answer, at

SORTED = {"contact_kind": "complaint", "topic": "repair", "life_stage": "moved_in", "after_sales": "yes"}
ANSWER = {**SORTED, "reply": "已派维修人员", "reply_how": "phone", "reply_kind": "substantive"}
PROGRESS = {**ANSWER, "reply_kind": "progress", "next_step": "等待检测", "next_at": answer("05 10:00")}
ONCE_MORE = {"reply": "已修好", "reply_how": "phone", "reply_kind": "substantive"}


def received(when: str = "02 09:30", by: str = "n.cheng", **answers: Any) -> Play:
    return Play("n-notice", when, by, "phone").open(content="外墙渗水", received_at=answer(when), **answers)


def lines(play: Play, who: str, when: str) -> set[str]:
    """The rules whose guide lines this person sees in the case."""
    guides = Picture(play.desk, play.case, who, at(when), "zh-Hans", knows=True).case().guides
    return {line.rule for guide in guides for line in guide.lines}


@pytest.mark.rules("N-01", "N-03")
def test_one_phone_and_one_mailbox_are_offered() -> None:
    play = received()
    assert {"phone", "email"} <= set(play.desk.procedure.channels)
    assert {"phone", "email"} <= set(play.desk.site.contact)


@pytest.mark.rules("N-04")
def test_the_phone_is_answered_every_day_with_a_gap_at_noon() -> None:
    week = Calendar(week=received().desk.site.hours)
    for day in range(16, 23):  # Monday to Sunday
        assert hours_of(week, date(2026, 11, day)) == [("09:00", "12:00"), ("13:30", "18:00")]


@pytest.mark.rules("N-05")
@pytest.mark.parametrize(
    ("contacted", "due"),
    [("02 09:30", "03 09:30"), ("02 12:30", "03 12:30"), ("02 23:50", "03 23:50"), ("08 03:00", "09 03:00")],
)
def test_the_24_hours_run_from_the_contact_through_noon_night_and_sunday(contacted: str, due: str) -> None:
    assert received(contacted).due("reply") == due


@pytest.mark.rules("N-05")
@pytest.mark.parametrize(
    ("contacted", "due"),
    [("02 09:30", "03 09:30"), ("02 12:30", "03 13:30"), ("02 23:50", "04 09:00"), ("07 10:00", "10 09:00")],
)
def test_where_a_site_says_so_the_24_hours_start_at_the_next_opening(contacted: str, due: str) -> None:
    play = Play("n-notice", contacted, "n.cheng", "phone", reply_from_opening="yes")
    assert play.open(content="外墙渗水", received_at=answer(contacted)).due("reply") == due


@pytest.mark.rules("N-05")
def test_a_voice_message_written_down_in_the_morning_counts_from_the_evening_it_was_left() -> None:
    play = Play("n-notice", "03 09:10", "n.cheng", "phone")
    play.open(content="停水", received_at=answer("02 21:00"), came_in="message")
    assert play.due("reply") == "03 21:00"


@pytest.mark.rules("N-05", "N-06")
def test_the_centre_is_warned_and_its_head_and_then_the_general_manager_hear_of_a_missed_promise() -> None:
    play = received()
    assert ("due_soon", "n.cheng") in play.wait("03 05:30").letters
    assert ("late", "n.du") in play.wait("03 09:30").letters
    assert ("late", "n.wan") in play.wait("03 13:30").letters
    assert play.late() == ["reply"]
    play.do("03 14:00", "n.cheng", "reply", **ANSWER)
    assert play.late() == ["reply"]  # a late reply closes the case and undoes nothing


@pytest.mark.rules("N-05")
def test_the_automatic_receipt_is_no_reply() -> None:
    play = received()
    assert ("acknowledgement", "customer") in play.letters
    assert play.due("reply") == "03 09:30"


@pytest.mark.rules("N-06")
@pytest.mark.parametrize("by", ["n.xia", "n.fu", "customer"])
def test_whoever_took_it_the_contact_lies_with_the_centre_and_only_the_centre_replies(by: str) -> None:
    play = received(by=by)
    assert (play.case.owner.person, play.case.owner.department) == ("n.cheng", "customer_relations")
    assert ("new_contact", "n.cheng") in play.letters
    with pytest.raises(NotAllowed):
        play.do("02 10:00", "n.xia", "reply", **ANSWER)


@pytest.mark.rules("N-07", "N-05")
@pytest.mark.parametrize("kind", ["opinion", "suggestion", "consultation", "complaint", "other"])
def test_every_kind_of_contact_has_the_same_clock(kind: str) -> None:
    play = received(contact_kind=kind)
    assert play.due("reply") == "03 09:30"
    assert play.do("02 10:00", "n.cheng", "reply", **{**ANSWER, "contact_kind": kind}).case.stage == "closed"


@pytest.mark.rules("N-07", "N-08", "N-09", "N-10")
def test_kind_topic_and_stage_of_the_customer_stand_in_the_record_before_it_closes() -> None:
    play = received()
    for missing in ("contact_kind", "topic", "life_stage", "after_sales"):
        without = {name: said for name, said in ANSWER.items() if name != missing}
        assert "required" in play.refused("02 10:00", "n.cheng", "reply", **without)
    assert "cannot be unknown" in play.refused("02 10:00", "n.cheng", "reply", **{**ANSWER, "contact_kind": UNKNOWN})
    columns = play.desk.procedure.registers["contacts"].columns
    assert {"contact_kind", "topic", "life_stage"} <= set(columns)


@pytest.mark.rules("N-08", "N-09")
def test_the_topics_and_stages_of_the_notice_are_the_choices() -> None:
    fields = received().desk.procedure.fields
    assert [words["zh-Hans"] for words in fields["topic"].choices.values()] == [
        "规划设计", "房屋销售", "工程管理", "交付验收", "投诉处理", "维修服务", "物业服务", "其他",
    ]  # fmt: skip
    assert [words["zh-Hans"] for words in fields["life_stage"].choices.values()] == ["购房", "交付", "入住后", "其他"]


@pytest.mark.rules("N-05")
def test_a_substantive_reply_with_nothing_left_to_do_closes_the_case() -> None:
    play = received().do("02 10:00", "n.cheng", "reply", **ANSWER)
    assert (play.case.stage, play.letters) == ("closed", [("reply", "customer")])


@pytest.mark.rules("N-05", "N-13")
def test_how_it_stands_and_the_next_step_keep_the_promise_but_not_the_case_closed() -> None:
    play = received()
    vague = {name: said for name, said in PROGRESS.items() if name not in ("next_step", "next_at")}
    assert "required" in play.refused("02 10:00", "n.cheng", "reply", **vague)
    play.do("02 10:00", "n.cheng", "reply", **PROGRESS)
    assert (play.case.stage, play.due("reply"), play.due("next_word")) == ("helping", "", "05 10:00")
    assert play.letters == [("progress", "customer")]
    assert ("late", "n.du") in play.wait("05 10:00").letters
    assert play.do("05 11:00", "n.cheng", "reply_again", **ONCE_MORE).case.stage == "closed"


@pytest.mark.rules("N-05")
def test_another_progress_word_sets_another_time() -> None:
    play = received().do("02 10:00", "n.cheng", "reply", **PROGRESS)
    again = {**ONCE_MORE, "reply_kind": "progress", "next_step": "施工", "next_at": answer("09 10:00")}
    play.do("04 10:00", "n.cheng", "reply_again", **again)
    assert (play.case.stage, play.due("next_word")) == ("helping", "09 10:00")


@pytest.mark.rules("N-13")
def test_the_case_stays_open_until_the_department_has_helped() -> None:
    play = received()
    play.do("02 10:00", "n.cheng", "ask_help", department="repair", help_wanted="上门检修", help_by=answer("04 18:00"))
    assert (play.letters, play.due("help@help-1")) == ([("help_wanted", "n.zhong")], "04 18:00")
    assert play.case.owner.person == "n.cheng"
    assert play.do("02 11:00", "n.cheng", "reply", **ANSWER).case.stage == "helping"
    assert {to for letter, to in play.wait("04 18:00").letters if letter == "late"} == {"n.cheng", "n.du"}
    assert play.do("05 09:00", "n.xia", "give_help", help_given="已修复").letters == [("help_given", "n.cheng")]
    assert play.case.stage == "closed"


@pytest.mark.rules("N-04")
def test_a_call_back_is_due_when_the_customer_asked_and_an_unanswered_one_is_no_reply() -> None:
    play = received("02 12:30", came_in="call_back", call_back_at=answer("02 14:00"))
    assert play.due("call_back") == "02 14:00"
    assert ("call_back_due", "n.cheng") in play.wait("02 13:45").letters
    play.do("02 14:00", "n.cheng", "log_call_back", call_note="无人接听")
    assert (play.due("call_back"), play.due("reply")) == ("", "03 12:30")


@pytest.mark.rules("N-10")
def test_after_sales_contacts_stand_in_a_register_that_the_centre_keeps() -> None:
    play = received().do("02 10:00", "n.cheng", "reply", **PROGRESS)
    register = play.desk.procedure.registers["after_sales"]
    assert (register.kept_by, Facts(play.case).hold(register.holds)) == ("centre", True)
    other = received().do("02 10:00", "n.cheng", "reply", **{**PROGRESS, "after_sales": "no"})
    assert not Facts(other.case).hold(register.holds)


@pytest.mark.rules("N-11")
def test_contacts_are_reported_by_the_stage_of_the_customer() -> None:
    desk = received().desk
    month = opened(desk, "experience", at("12-01 00:00"), None, at("12-01 00:00"))
    assert [(m.letter, m.to) for m in month.messages] == [("summary_due", "n.cheng")]
    sent = issued(desk, month.run, "n.cheng", at("12-01 10:00")).messages
    assert {(m.letter, m.to) for m in sent} == {("summary_issued", "n.du"), ("summary_issued", "n.wan")}
    assert desk.procedure.reports["by_stage"].by[0] == "life_stage"


@pytest.mark.rules("N-02", "N-15")
def test_the_notice_is_checked_and_published_each_quarter_and_its_contents_are_shown_to_the_centre() -> None:
    play = received()
    quarter = opened(play.desk, "publish_notice", at("2027-01-01 00:00"), None, at("2027-01-01 00:00"))
    done = issued(play.desk, quarter.run, "n.cheng", at("2027-01-01 10:00"))
    assert done.run.issued_at == at("2027-01-01 10:00")
    assert {"N-02", "N-15"} <= lines(play, "n.cheng", "02 10:00")
    assert not {"N-02", "N-15"} & lines(play, "n.xia", "02 10:00")


@pytest.mark.rules("N-12", "N-13", "N-14")
def test_what_the_desk_stands_for_is_shown_as_long_as_the_case_is_open() -> None:
    principle = {"N-12", "N-13", "N-14"}
    assert principle <= lines(received(), "n.cheng", "02 10:00")
    assert principle <= lines(received().do("02 10:00", "n.cheng", "reply", **PROGRESS), "n.cheng", "02 11:00")
    assert not lines(received().do("02 10:00", "n.cheng", "reply", **ANSWER), "n.cheng", "02 11:00")


@pytest.mark.rules("N-12")
def test_the_customer_sees_the_reply_and_the_next_step() -> None:
    fields = received().desk.procedure.fields
    seen = {name for name, entry in fields.items() if entry.seen_by == "customer"}
    assert {"content", "reply", "next_step", "next_at"} <= seen
    assert not seen & {"help_wanted", "help_given", "call_note"}
