"""品牌店铺: letters, outside bodies, the review and what staff learn from it."""

import pytest

from chalicelib.cases.sight import may_see
from chalicelib.desk.beside import notice
from chalicelib.desk.duties import issued, next_time, opened, ticked
from chalicelib.desk.engine import decide
from chalicelib.desk.errors import NotAllowed, NotOpen
from chalicelib.desk.facts import KEPT_APART, Facts
from chalicelib.desk.library import ALL, entered_at, place
from tests.procedures.playing import UNKNOWN, Play, answer, at
from tests.procedures.store import (
    HEARD,
    IN_AUTHORITY,
    OUTSIDE,
    PUBLISHED,
    REVIEW,
    SOLVED,
    TOLD,
    guides,
    heard,
    informing,
    listening,
    reviewing,
    settled,
    solving,
    transferred,
)


def shown(play: Play) -> set[str]:
    """The registers that hold the case."""
    registers = play.desk.procedure.registers
    return {name for name in registers if Facts(play.case).hold(registers[name].holds)}


@pytest.mark.rules("S-42", "S-43", "S-44")
def test_a_letter_is_to_be_forwarded_and_acknowledged_at_once_and_is_flagged_until_it_is() -> None:
    play = listening("letter")
    assert (play.due("forward_letter@forward_letter-1"), "letters" in shown(play)) == ("02 13:00", True)
    play.wait("02 13:00")
    assert play.late() == ["acknowledge_letter", "forward_letter", "listening"]
    assert ("late", "s.qin") in play.letters
    assert listening("letter", at_once="").wait("09 09:00").late() == []


@pytest.mark.rules("S-43")
def test_a_letter_goes_to_the_store_manager_or_where_the_shop_says_to_the_dedicated_unit() -> None:
    forward = ("02 11:05", "s.fang", "forward_letter")
    assert listening("letter").do(*forward, forwarded_to="store_manager").letters == [("letter_in", "s.qin")]
    other = listening("letter", letters_to="dedicated").do(*forward, forwarded_to="dedicated_unit")
    assert other.letters == [("letter_in", "s.yan")]


@pytest.mark.rules("S-44", "S-45", "S-46")
def test_the_acknowledgement_asks_for_a_contact_phone_and_the_answer_is_stored() -> None:
    play = listening("letter")
    assert "S-45" in guides(play, "s.fang")
    play.do("02 11:05", "s.fang", "acknowledge_letter", acknowledged_how="message")
    assert play.letters == [("letter_received", "customer")]
    assert "S-45" not in guides(play, "s.fang")
    play.do("03 10:00", "s.fang", "store_phone", customer_phone="13800138000")
    assert play.case.values["customer_phone"] == KEPT_APART
    assert not [task for task in play.case.tasks.values() if task.task == "phone_answer" and not task.finished]


@pytest.mark.rules("S-46")
def test_a_customer_whose_phone_is_known_is_not_waited_for() -> None:
    play = Play("s-store", "02 11:00", "s.fang", "letter")
    play.open(content="掉色", received_at=answer("02 11:00"), customer_phone="13800138000")
    play.do("02 11:05", "s.fang", "acknowledge_letter", acknowledged_how="post")
    assert "phone_answer" not in [task.task for task in play.case.tasks.values()]


@pytest.mark.rules("S-46")
def test_a_customer_who_gives_no_phone_is_noted_with_the_reason() -> None:
    play = listening("letter").do("02 11:05", "s.fang", "acknowledge_letter", acknowledged_how="post")
    play.do("09 10:00", "s.fang", "store_phone", customer_phone=UNKNOWN)
    assert not [task for task in play.case.tasks.values() if task.task == "phone_answer" and not task.finished]


@pytest.mark.rules("S-42", "S-43", "S-44")
def test_a_letter_that_follows_a_call_is_forwarded_and_acknowledged_too_before_the_case_ends() -> None:
    play = heard().do("02 12:00", "s.fang", "log_letter", letter_at=answer("02 11:50"))
    assert "not yet forwarded" in play.refused("02 12:01", "s.fang", "log_letter", letter_at=answer("02 11:55"))
    play.do("02 12:05", "s.fang", "forward_letter", forwarded_to="store_manager")
    play.do("02 12:10", "s.fang", "analyse", **{**OUTSIDE, "in_authority": "yes"})
    play.do("02 12:20", "s.fang", "solve", **SOLVED).do("02 12:30", "s.fang", "inform", **TOLD)
    assert play.case.stage == "settled"
    play.do("02 12:40", "s.fang", "acknowledge_letter", acknowledged_how="phone")
    assert play.case.stage == "archiving"


@pytest.mark.rules("S-61", "S-62")
def test_a_case_from_the_consumer_association_is_not_closed_before_the_association_was_told() -> None:
    transfer = {"origin": "consumer_association"}
    assert "required" in listening("referral").refused("02 11:30", "s.fang", "hear", **{**HEARD, **transfer})
    origin = {**transfer, "association_contact": "示例区消协 联系人甲"}
    open_case = informing(**origin)
    with pytest.raises(NotOpen):
        open_case.do("02 13:30", "s.qin", "tell_association", association_told="正在处理")
    play = settled(**origin)
    assert (play.case.stage, "outside" in shown(play)) == ("settled", True)
    with pytest.raises(NotOpen):
        play.do("02 15:00", "s.fang", "archive", written_record="yes")
    assert ("late", "s.du") in play.wait("02 16:00").letters
    play.do("03 10:00", "s.qin", "tell_association", association_told="已说明全过程，对方无异议")
    assert (play.case.stage, "outside" in shown(play)) == ("archiving", False)


@pytest.mark.rules("S-63")
def test_an_illegal_act_makes_the_contact_with_the_police_obligatory() -> None:
    play = settled(illegal="yes")
    assert play.case.stage == "settled"
    play.do("02 15:00", "s.qin", "tell_police", police_contact="15:00 电话联系示例派出所，已登记")
    assert play.case.stage == "archiving"


@pytest.mark.rules("S-63")
def test_an_illegal_act_found_later_is_flagged_and_the_police_told_in_time() -> None:
    play = heard().do("02 12:00", "s.fang", "mark_illegal")
    assert "already" in play.refused("02 12:05", "s.fang", "mark_illegal")
    assert ("late", "s.du") in play.wait("02 14:00").letters
    assert play.do("02 15:00", "s.fang", "tell_police", police_contact="已报案").case.stage == "analysing"


@pytest.mark.rules("S-62", "S-63")
def test_a_withdrawn_case_ends_at_once_unless_the_association_or_the_police_must_still_hear_of_it() -> None:
    wish = {"withdrawal_how": "phone", "withdrawal_why": "不追究了", "withdrawal_own_wish": "yes"}
    assert heard().do("02 12:00", "s.fang", "withdraw", **wish).case.status == "withdrawn"
    origin = {"origin": "consumer_association", "association_contact": "示例区消协 联系人甲"}
    play = heard(**origin).do("02 12:00", "s.fang", "withdraw", **wish)
    assert (play.case.stage, play.letters) == ("settled", [("withdrawn", "customer")])
    assert play.do("02 13:00", "s.qin", "tell_association", association_told="顾客已撤诉").case.stage == "archiving"
    assert "withdraw" not in reviewing().may("s.fang", "03 10:00")


@pytest.mark.rules("S-61", "S-62")
def test_what_the_association_passed_on_is_heard_before_it_can_be_withdrawn() -> None:
    wish = {"withdrawal_how": "phone", "withdrawal_why": "不追究了", "withdrawal_own_wish": "yes"}
    origin = {"origin": "consumer_association", "association_contact": "区消协王同志"}
    play = Play("s-store", "02 11:00", "s.fang", "referral")
    play.open(content="掉色", received_at=answer("02 11:00"), **origin)
    assert "hear it out" in play.refused("02 11:10", "s.fang", "withdraw", **wish)
    play.do("02 11:30", "s.fang", "hear", **HEARD | origin).do("02 12:00", "s.fang", "withdraw", **wish)
    assert (play.case.stage, play.case.finished) == ("settled", False)


@pytest.mark.rules("S-67")
def test_every_complaint_is_archived_in_writing_before_it_is_reviewed() -> None:
    play = settled()
    assert "required" in play.refused("02 15:00", "s.fang", "archive")
    with pytest.raises(NotOpen):
        play.do("02 15:00", "s.fang", "review", **REVIEW)
    play.do("02 15:00", "s.fang", "archive", written_record="yes")
    assert (play.case.stage, play.case.status, "record_forms" in shown(play)) == ("reviewing", "closed", True)


@pytest.mark.rules("S-15", "S-28")
def test_what_was_handled_by_oneself_is_reviewed_at_an_own_meeting() -> None:
    assert "required" in reviewing().refused("03 10:00", "s.fang", "review", other_shops_effect="no", preventable="no")
    play = reviewing().do("03 10:00", "s.fang", "review", conclusions="应先提醒洗涤方法", **REVIEW)
    assert (play.case.values["conclusions"], play.case.values["preventable"]) == ("应先提醒洗涤方法", "yes")
    assert (play.case.stage, play.letters) == ("publishing", [("to_publish", "s.qin")])


@pytest.mark.rules("S-29")
def test_what_was_settled_outside_authority_is_checked_back_and_the_store_manager_told() -> None:
    play = transferred().do("03 10:00", "s.cui", "department_solves", **SOLVED)
    play.do("03 11:00", "s.fang", "inform", process="持小票到店换货", **TOLD)
    play.do("03 12:00", "s.fang", "archive", written_record="yes")
    outside = {name: value for name, value in REVIEW.items() if name != "own_meeting"}
    assert "required" in play.refused("05 10:00", "s.fang", "review", settled_how="已换货", **outside)
    play.do("05 10:00", "s.fang", "review", settled_how="已换货", reaction="满意", **outside)
    assert ("check_back", "s.qin") in play.letters


@pytest.mark.rules("S-30")
def test_other_shops_that_are_affected_are_alerted() -> None:
    affected = {**REVIEW, "other_shops_effect": "yes"}
    assert "required" in reviewing().refused("03 10:00", "s.fang", "review", **affected)
    play = reviewing().do("03 10:00", "s.fang", "review", other_shops_what="同批次各店均有售", **affected)
    assert ("other_shops", "s.shi") in play.letters


@pytest.mark.rules("S-70", "S-71")
def test_a_recurring_complaint_opens_a_root_cause_that_ends_in_an_improvement() -> None:
    watch = heard().desk.procedure.watches["recurring"]
    assert (watch.same, watch.at_least, watch.within_days, watch.tell) == (["category"], 3, 90, ["store_manager"])
    assert (watch.suggests, heard().case.values["category"]) == ("open_root_cause", "quality")


@pytest.mark.rules("S-70")
def test_what_recurs_is_put_to_the_store_manager_as_a_root_cause_to_trace() -> None:
    play = listening(improve="7d").do("02 11:30", "s.fang", "hear", **HEARD)
    decision = notice(play.desk, play.case, "recurring", "quality", ["1", "2"], at("02 12:00"))
    assert decision is not None
    assert decision.complaint.tasks["root_cause-1"].because == "watch recurring"
    assert decision.complaint.clocks["root_cause@root_cause-1"].due == at("10 00:00")
    play.case = decision.complaint
    assert "find_root" in play.may("s.qin", "02 13:00")
    assert [(m.letter, m.to) for m in decision.messages] == [("recurring", "s.qin")]
    play = heard().do("02 12:00", "s.qin", "open_root_cause", recurring_why="本月第三件掉色")
    assert "rules_wanted" in shown(play)
    assert "required" in play.refused("03 10:00", "s.qin", "find_root", root_cause="染色工艺")
    play.do(
        "03 10:00", "s.qin", "find_root", root_cause="染色工艺", improvement="new_method", improvement_what="到货抽检"
    )
    assert "rules_wanted" not in shown(play)


@pytest.mark.rules("S-70", "S-71", "S-74")
def test_a_case_that_the_review_finds_recurring_is_not_done_before_its_root_cause() -> None:
    play = reviewing().do("03 10:00", "s.fang", "review", **{**REVIEW, "frequency": "recurring"})
    play.do("09 10:00", "s.qin", "publish", **PUBLISHED)
    assert play.case.stage == "improving"
    root = {"root_cause": "染色工艺", "improvement": "improved_operation", "improvement_what": "加测色牢度"}
    assert play.do("12 10:00", "s.qin", "find_root", **root).case.stage == "published"


@pytest.mark.rules("S-72", "S-73")
@pytest.mark.parametrize("frequency", ["occasional", "special_case"])
def test_an_occasional_or_special_case_is_flagged_until_a_shop_rule_is_stored(frequency: str) -> None:
    play = reviewing().do("03 10:00", "s.fang", "review", **{**REVIEW, "frequency": frequency})
    play.do("09 10:00", "s.qin", "publish", **PUBLISHED)
    assert (play.case.stage, "rules_wanted" in shown(play)) == ("improving", True)
    play.do("10 10:00", "s.qin", "write_shop_rule", shop_rule="深色衣物售出时附洗涤卡")
    assert (play.case.stage, "rules_wanted" in shown(play), "shop_rules" in shown(play)) == ("published", False, True)
    assert {"S-73"} <= guides(listening(), "s.he")


@pytest.mark.rules("S-19", "S-73")
def test_a_rule_and_the_policy_applied_are_left_for_those_who_meet_a_similar_case() -> None:
    play = solving()
    libraries = play.desk.procedure.libraries
    shelf = place(libraries["policies"], play.case)
    assert shelf is not None
    left = decide(play.desk, heard().case, "analyse", IN_AUTHORITY, "s.fang", at("02 12:00")).shelved
    assert set(left) == {("policies", ALL), ("policies", shelf)}
    reviewed = reviewing().do("03 10:00", "s.fang", "review", **{**REVIEW, "frequency": "occasional"})
    reviewed.do("09 10:00", "s.qin", "publish", **PUBLISHED)
    reviewed.do("10 10:00", "s.qin", "write_shop_rule", shop_rule="深色衣物售出时附洗涤卡")
    assert place(libraries["shop_rules"], reviewed.case) == shelf
    assert entered_at(play.desk.procedure, libraries["shop_rules"], reviewed.case) == at("10 10:00")


@pytest.mark.rules("S-72")
def test_a_shop_rule_outstanding_too_long_is_told_to_head_office() -> None:
    play = listening(improve="7d").do("02 11:30", "s.fang", "hear", **HEARD)
    play.do("02 12:00", "s.fang", "analyse", **{**OUTSIDE, "in_authority": "yes"})
    play.do("02 13:00", "s.fang", "solve", **SOLVED).do("02 14:00", "s.fang", "inform", **TOLD)
    play.do("02 15:00", "s.fang", "archive", written_record="yes")
    play.do("03 10:00", "s.fang", "review", **{**REVIEW, "frequency": "occasional"})
    assert ("late", "s.du") in play.wait("11 00:00").letters


@pytest.mark.rules("S-74", "S-76")
def test_the_lesson_is_published_through_a_fixed_channel_with_date_and_readers() -> None:
    play = reviewing().do("03 10:00", "s.fang", "review", **REVIEW)
    assert "S-76" in guides(play, "s.qin")
    with pytest.raises(NotAllowed):
        play.do("09 10:00", "s.fang", "publish", **PUBLISHED)
    for left_out in PUBLISHED:
        answers = {name: value for name, value in PUBLISHED.items() if name != left_out}
        assert "required" in play.refused("09 10:00", "s.qin", "publish", **answers)
    play.do("09 10:00", "s.qin", "publish", **PUBLISHED)
    everyone = {p for post in ("assistant", "person_in_charge") for p in play.desk.site.posts[post]}
    assert (play.case.stage, {to for letter, to in play.letters if letter == "lesson"}) == ("published", everyone)
    assert "lessons" in shown(play)


@pytest.mark.rules("S-74")
def test_a_lesson_not_published_in_time_is_told_to_head_office() -> None:
    play = listening(publish="7d").do(
        "02 11:30", "s.fang", "hear", talk_result="换货", **{**HEARD, "settled_in_talk": "yes"}
    )
    play.do("02 15:00", "s.fang", "archive", written_record="yes").do("03 10:00", "s.fang", "review", **REVIEW)
    assert ("late", "s.du") in play.wait("11 00:00").letters


@pytest.mark.rules("S-75")
def test_staff_log_what_they_changed_even_after_the_case_is_done() -> None:
    play = reviewing().do("03 10:00", "s.fang", "review", **REVIEW).do("09 10:00", "s.qin", "publish", **PUBLISHED)
    assert play.do("20 10:00", "s.he", "log_changes", changes="已附洗涤卡").case.values["changes"] == "已附洗涤卡"


@pytest.mark.rules("S-69")
def test_the_regular_review_comes_at_the_shops_interval_and_is_flagged_when_missed() -> None:
    desk = heard().desk
    assert next_time(desk, "regular_review", at("02 09:00")) == at("12-01 00:00")
    assert next_time(listening(review_interval="").desk, "regular_review", at("02 09:00")) is None
    step = opened(desk, "regular_review", at("12-01 00:00"), None, at("12-01 00:00"))
    assert [(m.letter, m.to) for m in step.messages] == [("summary_due", "s.qin")]
    late = ticked(desk, step.run, at("12-05 00:00"))
    assert late is not None
    assert ("summary_late", "s.du") in [(m.letter, m.to) for m in late.messages]
    told = issued(desk, step.run, "s.qin", at("12-02 10:00")).messages
    assert [(m.letter, m.to) for m in told] == [("summary_issued", "s.du")]


@pytest.mark.rules(
    "S-01", "S-02", "S-04", "S-06", "S-07", "S-09", "S-10", "S-11", "S-12", "S-13", "S-14", "S-15", "S-64"
)
def test_guides_for_listening_are_shown_to_whoever_hears_the_customer() -> None:
    wanted = {"S-01", "S-02", "S-04", "S-06", "S-07", "S-09", "S-10", "S-11", "S-12", "S-13", "S-14", "S-15", "S-64"}
    assert wanted <= guides(listening(), "s.fang")
    assert not {"S-02", "S-04"} & guides(listening(), "s.du")
    assert not {"S-02", "S-04"} & guides(heard(), "s.fang")


@pytest.mark.rules("S-32", "S-33", "S-48", "S-49", "S-60")
def test_guides_for_the_phone_and_for_the_talk_in_person_follow_the_channel() -> None:
    phone, person = {"S-32", "S-33"}, {"S-48", "S-49", "S-60"}
    assert phone <= guides(listening("phone"), "s.fang")
    assert not person & guides(listening("phone"), "s.fang")
    assert person <= guides(listening("visit"), "s.fang")
    assert not phone & guides(listening("visit"), "s.fang")


@pytest.mark.rules("S-48")
def test_where_the_customer_was_received_is_recorded() -> None:
    assert heard("visit", place="reception_room").case.values["place"] == "reception_room"


@pytest.mark.rules("S-65", "S-66")
def test_a_customer_who_complained_before_is_greeted_first() -> None:
    new = listening("visit")
    assert "S-66" not in guides(new, "s.fang")
    known = Play("s-store", "02 11:00", "s.fang", "visit").open(
        content="掉色", received_at=answer("02 11:00"), known_customer="yes"
    )
    assert "S-66" in guides(known, "s.fang")


@pytest.mark.rules("S-26", "S-27")
def test_guides_for_telling_the_solution_are_the_handlers() -> None:
    play = informing()
    assert {"S-26", "S-27"} <= guides(play, "s.fang")
    assert not {"S-26", "S-27"} & guides(play, "s.he")


@pytest.mark.rules("S-67", "S-68")
def test_an_archived_complaint_stays_in_the_register_for_staff_of_the_shop_and_for_nobody_else() -> None:
    play = reviewing().do("03 10:00", "s.fang", "review", **REVIEW).do("09 10:00", "s.qin", "publish", **PUBLISHED)
    assert (play.case.status, "record_forms" in shown(play)) == ("archived", True)
    later = at("2027-06-01 10:00")
    assert {who: may_see(play.desk, play.case, who, later) for who in ("s.he", "s.cui")} == {
        "s.he": True,
        "s.cui": False,
    }
