"""W: objections, problems that are not ours, major complaints, extortion, the press."""

import pytest

from tests.stories.dates import answer
from tests.stories.workshop import accounting, heard, numbered, reviewing

# objection


@pytest.mark.rules("W-67", "W-68")
def test_an_objection_is_negotiated_within_the_same_four_hours_and_signed_by_every_participant() -> None:
    case = reviewing()
    assert "objection: is required" in case.refused("review", agreed="no", objection=None)
    case.until("03-02 17:00").do("review", agreed="no")
    assert (case.stage, case.due("review")) == ("negotiating", "03-02 20:00")
    assert case.sent("negotiate") == ["03-02 17:00 w.xie", "03-02 17:00 w.ding"]
    assert "signatures: is required" in case.refused("sign_negotiated", signatures=None)
    case.do("sign_negotiated")
    assert (case.stage, case.due("review"), case.due("report_up")) == ("reporting", "", "03-02 21:00")
    assert case.head.values["signatures"] == ["w.yuan", "w.xie", "w.ding"]


@pytest.mark.rules("W-67", "W-68")
def test_without_every_signature_both_positions_go_to_the_general_manager_whose_opinion_is_final() -> None:
    case = reviewing().do("review", agreed="no")
    assert "positions: is required" in case.refused("sign_negotiated", signed_by_all="no", positions=None)
    case.do("sign_negotiated", signed_by_all="no").do("report_result")
    assert (case.stage, case.owner) == ("with_general_manager", "w.fan")
    assert case.do("give_opinion").stage == "accounting"


@pytest.mark.rules("W-65", "W-68")
def test_a_negotiation_that_outlasts_the_four_hours_is_told_to_the_general_manager() -> None:
    case = reviewing().do("review", agreed="no").until("03-02 20:30")
    assert case.told("review") == ["03-02 19:00 w.yuan due_soon", "03-02 20:00 w.fan late"]


@pytest.mark.rules("W-68")
def test_somebody_who_took_part_cannot_be_left_out_of_the_signatures() -> None:
    case = reviewing().do("review", agreed="no")
    refused = case.refused("sign_negotiated", participants=["w.yuan", "w.xie"], signatures=["w.yuan"])
    assert "Everyone who took part must sign" in refused


# not ours


@pytest.mark.rules("W-39", "W-40")
def test_a_free_inspection_is_offered_and_nothing_is_touched_before_the_customer_consents() -> None:
    case = heard(numbered())
    assert "inspection_offer: is required" in case.refused("determine", ours="no", inspection_offer=None)
    case.do("determine", ours="no")
    assert "The customer must consent" in case.refused("inspect")
    case.do("log_consent", by="w.ding").do("inspect", by="w.ding")
    assert (case.head.values["consent"], case.head.tasks["inspection-1"].finished_by) == ("yes", "w.ding")
    assert "cost_bearer" not in case.head.values


@pytest.mark.rules("W-39")
def test_an_inspection_that_is_declined_opens_no_task_and_one_that_is_dropped_says_why() -> None:
    assert heard(numbered()).do("determine", ours="no", inspection_offer="declined").head.tasks == {}
    case = heard(numbered()).do("determine", ours="no").do("drop_inspection")
    assert case.head.tasks["inspection-1"].finished is not None


@pytest.mark.rules("W-41")
def test_relief_with_amount_and_approver_is_for_problems_that_are_not_ours() -> None:
    assert "Relief is for problems that are not ours" in reviewing().refused("give_relief")
    case = heard(numbered()).do("determine", ours="no")
    refusal = case.refused("give_relief", relief_amount=None, relief_by=None)
    assert "relief_amount" in refusal
    assert "relief_by" in refusal
    case.do("give_relief", relief_amount="88.5")
    assert (case.head.values["relief_amount"], case.head.values["relief_by"]) == ("88.50", "w.fan")


# major


@pytest.mark.rules("W-81", "W-82")
def test_in_a_major_complaint_the_general_manager_is_asked_first_and_then_the_visit_is_made() -> None:
    case = numbered().do("read_history").until("03-02 23:10").do("mark_major")
    assert case.sent("instruction_wanted") == ["03-02 23:10 w.fan"]  # urgent: quiet hours do not hold it back
    assert case.refused("home_visit") == "not open at this stage"
    assert "ask the general manager before a home visit" in case.refused("talk", meeting_place="home")
    assert case.do("talk", meeting_place="workshop").stage == "determining"
    assert "Instructions are already being sought" in case.refused("mark_major")
    case.until("03-03 08:00").do("instruct")
    assert (case.sent("instruction_given"), case.due("home_visit")) == (["03-03 08:00 w.xie"], "03-07 00:00")
    case.do("talk", meeting_place="home").until("03-07 08:00")
    assert case.told("home_visit") == ["03-07 00:00 w.fan late"]
    case.do("home_visit")
    assert case.head.tasks["home_visit-1"].finished_by == "w.xie"


@pytest.mark.rules("W-81")
def test_a_complaint_may_become_major_in_the_middle_of_the_main_track_and_is_not_archived_before_the_visit() -> None:
    case = accounting(revisit_wanted="no").do("mark_major").do("complete_final").do("transfer_final").do("assess")
    case.do("finish_rework").do("finish_task").do("instruct")
    assert case.stage == "finishing"
    assert case.do("home_visit").stage == "archiving"


@pytest.mark.rules("W-20")
def test_the_store_manager_may_step_in_at_any_open_stage_and_nobody_else_as_such() -> None:
    case = numbered().do("step_in")
    assert (case.head.done["step_in"].by, case.stage) == ("w.tang", "determining")
    assert case.refused("step_in", by="w.xie") == "not allowed"


# extortion and the press


@pytest.mark.rules("W-07", "W-08")
def test_extortion_wants_a_recording_or_why_there_is_none_and_that_our_way_was_explained() -> None:
    case = numbered()
    refusal = case.refused("flag_extortion", recording=None, way_explained=None, way_accepted=None)
    assert all(name in refusal for name in ("recording", "way_explained", "way_accepted"))
    case.do("flag_extortion", recording={"unknown": "当面提出，未有通话"})
    assert case.head.values["extortion"] == "yes"


@pytest.mark.rules("W-08", "W-09")
def test_an_outside_body_is_asked_only_when_our_way_was_explained_and_refused_and_its_ruling_is_awaited() -> None:
    case, today = numbered(), "2026-03-02"
    assert "Explain the company's way" in case.refused("refer_outside", referred_on=today)
    case.do("flag_extortion", way_accepted="yes")
    assert "Explain the company's way" in case.refused("refer_outside", referred_on=today)
    assert "future" in case.refused("refer_outside", referred_on="2026-03-04")
    case.do("flag_extortion", way_accepted="no")
    case.do("refer_outside", outside_body="quality_bureau", referred_on=today)
    heard(case).do("determine", ours="no", inspection_offer="declined", revisit_wanted="no").do("review")
    case.do("report_result").do("give_opinion").do("finish_task").do("complete_final").do("transfer_final").do("assess")
    assert case.stage == "finishing"
    assert case.until("03-13 10:00").do("log_ruling", ruled_on="2026-03-13").stage == "archiving"
    values = case.head.values
    assert (values["outside_body"], values["referred_on"], values["ruled_on"]) == (
        "quality_bureau", today, "2026-03-13",
    )  # fmt: skip


@pytest.mark.rules("W-18")
def test_words_that_threaten_with_the_law_are_warned_of() -> None:
    case = numbered().do("flag_extortion", way_explained="再来闹，我们就走法律途径打官司。")
    assert any("last resort" in warning["en"] for warning in case.warnings)


@pytest.mark.rules("W-17")
def test_media_are_flagged_by_whoever_meets_them() -> None:
    case = numbered().do("flag_media", by="w.lin")
    assert case.head.values["media"] == "yes"


@pytest.mark.rules("W-16")
def test_regular_contact_is_logged_even_after_the_archive() -> None:
    case = accounting(revisit_wanted="no").do("complete_final").do("transfer_final").do("assess").do("finish_rework")
    case.do("finish_task").do("archive").until("04-15 10:00").do("log_customer_contact", news="五一保养八折")
    assert (case.stage, case.head.done["log_customer_contact"].by) == ("archived", "w.xie")


@pytest.mark.rules("W-36")
def test_a_rework_moved_twice_keeps_one_open_appointment() -> None:
    case = reviewing(rework_at=answer("03-04 09:00")).do("move_rework", rework_at=answer("03-05 09:00"))
    case.do("move_rework", rework_at=answer("03-06 09:00"))
    assert [name for name, task in case.head.tasks.items() if task.finished is None] == ["rework-3"]
    assert case.due("rework") == "03-06 09:00"
    assert case.until("03-05 12:00").told("rework") == ["03-05 09:00 w.ding due_soon"]
