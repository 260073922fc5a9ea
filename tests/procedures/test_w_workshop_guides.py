"""汽车维修: which words about manner stand on whose screen, and when."""

import pytest

from tests.procedures.shown import shown
from tests.procedures.workshop import NOT_OURS, OURS, accounting, assessing, determining, received, revisiting


@pytest.mark.rules("W-23", "W-28", "W-32", "W-34")
def test_whoever_receives_the_owner_reads_how_to_listen_and_to_thank_until_it_is_reported() -> None:
    reception = {"W-23", "W-28", "W-32", "W-34"}
    assert reception <= shown(received(), "w.lin", "02 09:05", "checklist")
    assert not reception & shown(determining(), "w.xie", "02 10:30")


@pytest.mark.rules("W-01", "W-05", "W-06", "W-21", "W-25", "W-29", "W-33")
def test_the_manner_towards_an_owner_is_shown_to_everybody_at_every_stage() -> None:
    for play, who, when in ((received(), "w.lin", "02 09:05"), (accounting(), "w.yuan", "02 16:30")):
        assert {"W-01", "W-06", "W-21", "W-25", "W-29"} <= shown(play, who, when, "background")
        assert {"W-05", "W-33"} <= shown(play, who, when, "prohibition")


@pytest.mark.rules("W-03", "W-35")
def test_where_it_is_ours_owning_up_and_the_apology_are_shown_and_only_there() -> None:
    assert {"W-03", "W-35"} <= shown(accounting(OURS), "w.yuan", "02 16:30", "checklist")
    assert not {"W-03", "W-35"} & shown(accounting(NOT_OURS), "w.yuan", "02 16:30")


@pytest.mark.rules("W-11")
def test_the_home_visit_is_recommended_to_whoever_is_about_to_meet_the_customer() -> None:
    play = determining()
    assert "W-11" in shown(play, "w.xie", "02 10:30", "checklist")
    assert "W-11" in shown(play, "w.wei", "02 10:30")
    assert "W-11" not in shown(play, "w.pan", "02 10:30")
    assert "W-11" not in shown(accounting(), "w.yuan", "02 16:30")


@pytest.mark.rules("W-04", "W-26", "W-27", "W-38")
def test_where_it_is_not_ours_thanks_and_a_patient_explanation_are_shown_and_only_there() -> None:
    explaining = {"W-04", "W-26", "W-27", "W-38"}
    assert explaining <= shown(accounting(NOT_OURS), "w.yuan", "02 16:30", "checklist")
    assert not explaining & shown(accounting(OURS), "w.yuan", "02 16:30")
    assert not explaining & shown(determining(), "w.xie", "02 10:30")


@pytest.mark.rules("W-42")
def test_the_revisit_ends_with_thanks_once_more() -> None:
    assert "W-42" in shown(revisiting(), "w.pan", "02 20:30", "script")
    assert "W-42" not in shown(assessing(), "w.pan", "02 18:05")


@pytest.mark.rules("W-17")
def test_calm_towards_reporters_is_shown_once_a_reporter_is_there() -> None:
    play = determining()
    assert "W-17" not in shown(play, "w.xie", "02 10:30")
    play.do("02 10:20", "w.xie", "flag_media", media_who="晚报记者")
    assert "W-17" in shown(play, "w.xie", "02 10:30", "checklist")
