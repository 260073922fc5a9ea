"""物业管理: the ways around the revisit, repeats, reclassifying, and what is recorded beside."""

import pytest

from chalicelib.desk.beside import notice
from chalicelib.desk.errors import NotAllowed
from tests.procedures.estate import (
    DISSATISFIED,
    FORM,
    REPLY,
    SATISFIED,
    SOLUTION,
    guard_calls,
    handling,
    hard,
    received,
    revisiting,
    solving,
)
from tests.procedures.playing import Play, answer, at


@pytest.mark.rules("P-81", "P-83")
def test_a_customer_who_declines_the_revisit_ends_it_as_handled() -> None:
    play = revisiting().do("02 16:00", "p.qin", "decline_revisit", declined_words="不用再打来了")
    assert (play.case.stage, play.case.values["close_reason"]) == ("handled", "declined")


@pytest.mark.rules("P-84")
def test_handled_on_the_spot_needs_the_stored_confirmation() -> None:
    spot = {"skip_reason": "on_the_spot"}
    assert "required" in revisiting().refused("02 16:00", "p.qin", "skip_revisit", **spot)
    play = revisiting().do("02 16:00", "p.qin", "skip_revisit", confirmation="signature-1", **spot)
    assert (play.case.stage, play.case.values["close_reason"]) == ("handled", "on_the_spot")


@pytest.mark.rules("P-84")
def test_what_was_hard_to_solve_or_came_back_was_not_handled_on_the_spot() -> None:
    spot = {"skip_reason": "on_the_spot", "confirmation": "signature-1"}
    slow = solving().do("03 10:00", "p.li", "settle_solution", **SOLUTION).do("03 10:10", "p.li", "reply", **REPLY)
    slow.do("03 10:20", "p.li", "finish", handled_how="已更换")
    assert "on the spot" in slow.refused("03 11:00", "p.qin", "skip_revisit", **spot)
    again = revisiting().do("02 16:00", "p.qin", "revisit", **DISSATISFIED)
    again.do("03 09:00", "p.wan", "settle_solution", **SOLUTION).do("03 09:10", "p.wan", "reply", **REPLY)
    again.do("03 09:20", "p.wan", "finish", handled_how="已更换")
    assert "on the spot" in again.refused("03 11:00", "p.qin", "skip_revisit", **spot)


@pytest.mark.rules("P-85")
def test_no_way_of_contact_skips_the_revisit_with_the_reason() -> None:
    assert "required" in revisiting().refused("02 16:00", "p.qin", "skip_revisit", skip_reason="no_contact")
    play = revisiting().do("02 16:00", "p.qin", "skip_revisit", skip_reason="no_contact", no_contact_why="未留电话")
    assert (play.case.stage, play.case.values["close_reason"]) == ("handled", "no_contact")


@pytest.mark.rules("P-86")
def test_not_convenient_needs_a_reason_and_the_approval_of_the_head() -> None:
    skip = {"skip_reason": "not_convenient", "inconvenient_why": "客户家中有丧事"}
    assert "required" in revisiting().refused("02 16:00", "p.qin", "skip_revisit", skip_reason="not_convenient")
    play = revisiting().do("02 16:00", "p.qin", "skip_revisit", **skip)
    assert (play.case.stage, play.letters) == ("skip_approval", [("skip_wanted", "p.luo")])
    with pytest.raises(NotAllowed):
        play.do("02 17:00", "p.qin", "approve_skip", skip_approved="yes")
    refused = revisiting().do("02 16:00", "p.qin", "skip_revisit", **skip)
    refused.do("02 17:00", "p.luo", "approve_skip", skip_approved="no")
    assert (refused.case.stage, refused.due("revisit")) == ("revisiting", "03 16:00")  # held for the hour of waiting
    play.do("02 17:00", "p.luo", "approve_skip", skip_approved="yes")
    assert (play.case.stage, play.case.values["close_reason"]) == ("handled", "not_convenient")


@pytest.mark.rules("P-86")
def test_a_site_may_do_without_that_approval() -> None:
    play = Play("p-property", "02 09:00", "p.li", "visit", skip_approval_from_round="99")
    play.open(content="楼道灯不亮", received_at=answer("02 09:00")).do("02 09:30", "p.li", "record", **FORM)
    play.do("02 10:00", "p.li", "settle_solution", **SOLUTION).do("02 10:30", "p.li", "reply", **REPLY)
    play.do("02 15:00", "p.li", "finish", handled_how="已更换")
    play.do("02 16:00", "p.qin", "skip_revisit", skip_reason="not_convenient", inconvenient_why="客户出国")
    assert (play.case.stage, play.letters) == ("handled", [])


@pytest.mark.rules("P-50", "P-80")
def test_attempts_are_logged_and_a_time_the_customer_named_is_kept() -> None:
    play = revisiting().do("02 16:00", "p.qin", "log_revisit_attempt", revisit_outcome="no_answer")
    play.do(
        "02 17:00", "p.qin", "log_revisit_attempt", revisit_outcome="agreed_time", revisit_again_at=answer("03 09:00")
    )
    assert play.due("revisit_call") == "03 09:00"
    play.do("03 08:50", "p.bai", "revisit", **SATISFIED | {"revisit_how": "intercom"})
    assert play.case.values["revisit_how"] == "intercom"


@pytest.mark.rules("P-06", "P-07")
def test_a_communicative_complaint_badly_handled_becomes_valid_and_has_no_shorter_way() -> None:
    venting = {"nature": "communicative", "communicative": "venting", "solvable_now": "no"}
    play = received().do("02 09:30", "p.li", "record", **FORM | venting)
    assert set(play.may("p.li", "02 10:00")) == set(hard().may("p.li", "02 10:00"))
    play.do("02 10:00", "p.li", "reclassify", reclassified_why="确有管理疏漏")
    assert (play.case.values["nature"], play.case.values["communicative"]) == ("valid", "venting")
    assert "communicative" in play.refused("02 11:00", "p.li", "reclassify", reclassified_why="再次")


@pytest.mark.rules("P-53")
def test_a_repeat_without_news_since_the_last_contact_brings_up_a_warning() -> None:
    play = received()
    again = FORM | {"repeat": "yes", "earlier_number": "20261001001", "progress_told": "no"}
    assert "no progress was told" in play.do("02 09:30", "p.li", "record", **again).warnings[0]["en"]
    assert not received().do("02 09:30", "p.li", "record", **again | {"progress_told": "yes"}).warnings
    watch = play.desk.procedure.watches["repeat"]
    assert (watch.same, watch.at_least, watch.within_days, watch.suggests) == (
        ["room", "category"],
        2,
        90,
        "tell_progress",
    )


@pytest.mark.rules("P-53")
def test_a_repeat_without_news_is_put_to_the_service_centre_and_stays_with_it_when_the_case_has_ended() -> None:
    again = FORM | {"repeat": "yes", "earlier_number": "20261001001"}
    told = received().do("02 09:30", "p.li", "record", progress_told="yes", **again)
    assert notice(told.desk, told.case, "repeat", "1-405|equipment", ["20261001001"], at("02 10:00")) is None
    play = received(repeat_check="24h").do("02 09:30", "p.li", "record", progress_told="no", **again)
    decision = notice(play.desk, play.case, "repeat", "1-405|equipment", ["20261001001"], at("02 10:00"))
    assert decision is not None
    play.case = decision.complaint
    assert play.due("repeat_check@repeat_check-1") == "03 10:00"
    gone = {"withdrawal_how": "phone", "withdrawal_why": "已解决", "withdrawal_own_wish": "yes"}
    play.do("02 11:00", "p.li", "withdraw", **gone)
    assert ("late", "p.luo") in play.wait("03 10:00").letters
    play.do("03 11:00", "p.qin", "settle_repeat", repeat_why="上次维修未彻底")
    assert not any(not task.finished for task in play.case.tasks.values())


@pytest.mark.rules("P-90", "P-93", "P-97", "P-101")
def test_care_proof_threats_and_an_alternative_are_recorded() -> None:
    play = handling(injury="yes").do("02 10:00", "p.li", "record_care", care="到医院探望")
    play.do("02 10:10", "p.lei", "attach_proof", duty_proof="photo-1", duty_proof_what="警示牌已悬挂")
    assert "injury" in handling().refused("02 10:10", "p.lei", "attach_proof", duty_proof="x", duty_proof_what="y")
    play = guard_calls().do("02 20:10", "p.lei", "flag_abuse", abuse_words="扬言用开水烫人")
    assert (play.case.values["abuse"], play.desk.procedure.fields["abuse_words"].seen_by) == ("yes", "staff")
    play = hard().do("02 10:00", "p.li", "offer_alternative", alternative="再租一个车位")
    play.do("03 10:00", "p.li", "arrange_alternative", alternative_done="已租下B2-17")
    assert all(task.finished for task in play.case.tasks.values())
