"""A restaurant chain's own procedure, in YAML and letters alone: it is sound, and runs as its measure says."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from chalicelib.desk.errors import NotAllowed, NotOpen
from chalicelib.procedures.__main__ import main
from chalicelib.procedures.coverage import coverage, missing, proofs_in, unheard_of
from tests.procedures.own.chain import (
    SOURCE,
    chain,
    established,
    ill,
    proposed,
    replied,
    revisiting,
    sealed,
    taken,
)
from tests.procedures.playing import Play, answer
from tests.procedures.shown import shown
from tests.procedures.test_walks import machine

FREE: dict[str, Any] = {"remedies": ["discount"], "plan": "折让"}


def test_it_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["check", str(SOURCE)])
    assert (capsys.readouterr().out, status) == ("restaurant-chain is sound.\n", 0)


def test_every_rule_of_the_measure_is_carried_out_and_proven() -> None:
    tests = proofs_in(Path(__file__).parent)
    assert missing(coverage(SOURCE, tests)) + unheard_of(SOURCE, tests) == []


def test_whatever_happens_nothing_is_lost_undone_or_told_to_the_wrong_person() -> None:
    run_state_machine_as_test(machine(chain(), Counter()), settings=settings.get_profile("walks"))


@pytest.mark.rules("R-02", "R-05", "R-06", "R-16")
def test_a_trifle_is_solved_at_the_table_within_half_an_hour_and_that_is_all() -> None:
    play = taken()
    assert (play.case.stage, play.case.owner.person, play.due("on_the_spot")) == ("at_table", "mei", "02 12:30")
    proposed(play, "02 12:10", discount="200.00", **FREE)
    assert play.case.stage == "replying"
    replied(play, "02 12:15", trifle="yes")
    assert (play.case.stage, play.late(), play.letters) == ("closed", [], [("result", "customer")])


@pytest.mark.rules("R-05")
def test_what_is_not_solved_in_half_an_hour_is_told_to_the_area_manager_and_goes_on_with_the_restaurant() -> None:
    play = taken().wait("02 12:30")
    assert (play.case.stage, play.late()) == ("handling", ["on_the_spot"])
    assert ("late", "qu") in play.letters
    assert ("late", "pin") in play.wait("02 13:00").letters
    assert play.due("handle") == "06 00:00"


@pytest.mark.rules("R-06", "R-07")
def test_a_cent_above_the_budget_waits_for_the_area_manager_before_anything_is_promised() -> None:
    play = proposed(taken(), "02 12:05", discount="200.01", **FREE)
    assert (play.case.stage, play.case.owner.person, play.due("approval")) == ("approval", "qu", "02 12:20")
    with pytest.raises(NotOpen):
        replied(play, "02 12:06")
    with pytest.raises(NotAllowed):
        play.do("02 12:06", "mei", "approve")
    play.do("02 12:10", "qu", "approve")
    assert ("approved", "mei") in play.letters
    assert replied(play, "02 12:15").case.stage == "revisit"


@pytest.mark.rules("R-07")
def test_what_the_area_manager_refuses_comes_back_for_another_plan() -> None:
    play = proposed(taken(), "02 12:05", discount="500", **FREE).do("02 12:10", "qu", "refuse", refusal="重做即可")
    assert (play.case.stage, play.letters) == ("handling", [("refused", "mei")])
    assert proposed(play, "02 12:15").case.stage == "replying"


def test_an_approval_of_an_earlier_plan_does_not_cover_a_later_one() -> None:
    play = proposed(taken(), "02 12:05", discount="300", **FREE).do("02 12:10", "qu", "approve")
    replied(play, "02 12:15", accepted="no")
    assert (play.case.stage, play.case.round) == ("handling", 2)
    assert proposed(play, "02 12:20", discount="400", **FREE).case.stage == "approval"


@pytest.mark.rules("R-08")
def test_without_a_receipt_no_refund_is_promised() -> None:
    refund = {"remedies": ["refund"], "refund": "88", "plan": "退款"}
    play = taken("phone", "bill")
    play.do("02 12:30", "ke", "sort", matter="bill")
    known = {"facts": "多收一份", "cause": "staff"}
    assert "receipt" in play.refused("02 13:00", "mei", "propose", receipt="no", **refund, **known)
    assert "R-08" in shown(play, "mei", "02 13:00", "prohibition")
    assert play.do("02 13:00", "mei", "propose", receipt="yes", **refund, **known).case.stage == "replying"


@pytest.mark.rules("R-04", "R-14")
def test_the_web_form_is_sorted_within_two_hours_and_answered_within_a_day() -> None:
    play = taken("web", "attitude", by="customer")
    assert (play.case.owner.person, play.due("sort"), play.due("reply")) == ("ke", "02 14:00", "03 12:00")
    assert ("late", "pin") in play.wait("02 14:00").letters
    play.do("02 15:00", "ke", "sort", matter="attitude")
    assert ("to_handle", "mei") in play.letters
    assert "reply" in play.wait("03 12:00").late()
    assert ("late", "qu") in play.letters


@pytest.mark.rules("R-01", "R-14")
@pytest.mark.parametrize("channel", ["phone", "referral"])
def test_whoever_calls_or_comes_by_a_platform_is_answered_within_three_days(channel: str) -> None:
    more = {"platform_order": "WM-77"} if channel == "referral" else {}
    play = taken("phone" if channel == "phone" else "referral", **more)
    assert (play.case.stage, play.due("reply")) == ("received", "06 00:00")


@pytest.mark.rules("R-09")
def test_suspected_poisoning_reaches_the_hygiene_officer_at_once() -> None:
    play = ill()
    assert (play.case.stage, play.case.owner.person) == ("severe", "shi")
    assert {("severe", who) for who in ("shi", "mei", "pin")} <= set(play.letters)
    assert {"R-09", "R-10", "R-12"} <= shown(play, "shi", "02 12:00", "checklist")
    play.wait("02 12:15")
    assert {("late", "pin"), ("late", "qu")} <= set(play.letters)
    assert ("late", "ban") in play.wait("02 12:30").letters


@pytest.mark.rules("R-09")
def test_a_guest_who_falls_ill_later_makes_it_severe() -> None:
    play = revisiting().do("03 12:00", "wu", "suspect_poisoning", dish="酸菜鱼", how_many_ill=1, symptoms="腹痛")
    assert (play.case.stage, play.case.values["matter"]) == ("severe", "poisoning")
    assert sorted(task.task for task in play.case.tasks.values()) == ["seal_sample", "see_patient", "tell_regulator"]


@pytest.mark.rules("R-10", "R-11", "R-12")
def test_sample_report_and_visit_have_a_time_each() -> None:
    play = ill().wait("02 13:00")
    assert "seal_sample" in play.late()
    assert ("due_soon", "shi") in ill().wait("02 13:30").letters
    assert {"seal_sample", "tell_regulator"} <= set(play.wait("02 14:00").late())
    assert ("late", "ban") in play.letters
    assert "see_patient" in play.wait("03 12:00").late()


@pytest.mark.rules("R-10", "R-25")
def test_the_sample_is_kept_for_48_hours_and_the_case_as_long() -> None:
    play = sealed()
    assert "48 hours" in play.refused("04 12:29", "shi", "release_sample", sample_gone="discarded")
    play.wait("04 12:30")
    assert ("sample_due", "shi") in play.letters
    assert "keep_sample" not in play.late()
    assert play.do("04 12:31", "shi", "release_sample", sample_gone="discarded").case.stage == "severe"


@pytest.mark.rules("R-10")
def test_the_regulator_may_have_the_sample_before() -> None:
    assert sealed().do("02 18:00", "shi", "release_sample", sample_gone="regulator").case.stage == "severe"


@pytest.mark.rules("R-13")
def test_the_cause_is_established_once_sample_report_and_visit_are_done() -> None:
    known = {"facts": "冷藏温度超标", "cause": "storage"}
    assert "not all done" in sealed().refused("02 14:00", "shi", "establish_cause", **known)
    assert "not taken charge" in ill().refused("02 14:00", "shi", "establish_cause", **known)
    play = established()
    assert (play.case.stage, play.case.owner.person) == ("handling", "mei")


@pytest.mark.rules("R-16", "R-25")
def test_a_severe_case_closes_by_itself_when_the_sample_is_released() -> None:
    play = proposed(established(), "03 10:00", remedies=["costs"], plan="承担医药费")
    play.do("03 11:00", "mei", "reply", reply="承担医药费", accepted="yes")
    assert play.case.stage == "revisit"  # a trifle is not even asked about
    play.do("04 10:00", "ke", "revisit", revisited_at=answer("04 10:00"), satisfied="satisfied")
    assert play.case.stage == "finishing"
    play.do("04 13:00", "shi", "release_sample", sample_gone="laboratory")
    assert play.case.stage == "closed"


@pytest.mark.rules("R-16", "R-17")
def test_the_guest_is_asked_again_within_three_days_and_what_does_not_satisfy_goes_back() -> None:
    play = revisiting()
    assert (play.case.owner.person, play.due("revisit")) == ("ke", "06 00:00")
    assert ("late", "pin") in play.wait("06 00:00").letters
    play.do("06 09:00", "ke", "revisit", revisited_at=answer("06 09:00"), satisfied="dissatisfied")
    assert (play.case.stage, play.case.round, play.due("handle")) == ("handling", 2, "10 00:00")


@pytest.mark.rules("R-16")
def test_a_guest_who_cannot_be_reached_is_tried_before_it_is_left() -> None:
    play = revisiting()
    assert "tried once" in play.refused("03 09:00", "ke", "end_unreached", revisit_note="无人接听")
    play.do("03 09:00", "ke", "revisit", revisited_at=answer("03 09:00"), satisfied="unreached")
    assert play.case.stage == "revisit"
    assert play.do("03 18:00", "ke", "end_unreached", revisit_note="三次无人接听").case.stage == "closed"


@pytest.mark.rules("R-22", "R-25")
def test_a_dish_put_to_the_kitchen_has_three_days_and_holds_the_case() -> None:
    play = taken().do("02 12:05", "pin", "put_to_kitchen")
    assert play.letters == [("dish", "chu")]
    replied(proposed(play, "02 12:10"), "02 12:20", trifle="yes")
    assert play.case.stage == "finishing"
    assert "kitchen_review" in play.wait("06 00:00").late()
    assert play.do("06 09:00", "chu", "answer_of_kitchen", kitchen_finding="传菜复核桌号").case.stage == "closed"


@pytest.mark.rules("R-15")
def test_a_reply_that_blames_is_warned_of() -> None:
    play: Play = replied(proposed(taken(), "02 12:10"), "02 12:20", reply="别人都没事，是您自己的问题")
    assert [warning["zh-Hans"] for warning in play.warnings] == ["答复中不要否定或责怪顾客。"]
