"""北区医院: the first asked, the first received, a leader's instruction, the investigation, feedback, archive."""

import pytest

from chalicelib.desk.duties import issued, opened
from chalicelib.desk.errors import NotAllowed, NotOpen
from chalicelib.desk.facts import Facts
from tests.procedures.hospital import (
    ANONYMOUS,
    FOUND,
    NAMED,
    TOLD,
    asked,
    feeding_back,
    instruction_asked,
    investigating,
    lines,
    registered,
)
from tests.procedures.playing import UNKNOWN, Play, answer, at, shared


@pytest.mark.rules("H-05")
def test_whoever_is_asked_first_has_the_case_until_a_unit_registers_it() -> None:
    play = asked()
    assert (play.case.owner.person, play.case.values["first_asked_by"]) == ("h.yin", "h.yin")
    assert play.due("take_up") == "02 13:00"
    assert ("late", "h.shi") in play.wait("02 13:00").letters
    assert play.do("02 14:00", "h.luo", "register", **NAMED).due("take_up") == ""


@pytest.mark.rules("H-05", "H-07")
@pytest.mark.parametrize(
    ("unit", "told"),
    [("discipline_office", "h.shi"), ("hospital_office", "h.jin"), ("price_office", "h.luo"),
     ("medical_affairs", "h.hao"), ("nursing", "h.qin")],
)  # fmt: skip
def test_the_first_asked_brings_the_person_to_one_of_five_units_and_stays_responsible(unit: str, told: str) -> None:
    play = asked().do("02 09:10", "h.yin", "bring_to_unit", taken_to=unit)
    assert play.letters == [("brought_to_you", told)]
    assert (play.case.stage, play.case.owner.person) == ("asked", "h.yin")


@pytest.mark.rules("H-07", "H-08")
@pytest.mark.parametrize("who", ["h.shi", "h.bai", "h.luo", "h.tan", "h.qin"])
def test_each_of_the_five_units_can_register_and_none_can_refuse(who: str) -> None:
    assert set(asked().may(who, "02 09:30")) - shared() - {"add_recording"} == {"register"}


@pytest.mark.rules("H-07")
def test_a_unit_that_is_none_of_the_five_does_not_register() -> None:
    with pytest.raises(NotAllowed):
        asked().do("02 10:00", "h.yin", "register", **NAMED)


@pytest.mark.rules("H-08")
def test_another_unit_is_asked_to_assist_only_after_registration() -> None:
    wanted = {"assisting_unit": "nursing", "assist_wanted": "提供护理记录"}
    with pytest.raises(NotOpen):
        asked().do("02 09:30", "h.yin", "ask_assistance", **wanted)
    play = registered().do("02 10:30", "h.luo", "ask_assistance", **wanted)
    assert play.letters == [("assistance_wanted", "h.qin")]
    assert play.case.owner.person == "h.luo"
    assert play.do("02 15:00", "h.xiong", "assist", assisted="已提供").letters == [("assisted", "h.luo")]


@pytest.mark.rules("H-08", "H-15")
def test_an_investigation_does_not_end_while_a_unit_still_assists() -> None:
    play = investigating().do("02 15:00", "h.jin", "log_step", step_on="2026-11-02", step="核对")
    play.do("02 16:00", "h.jin", "ask_assistance", assisting_unit="nursing", assist_wanted="记录")
    assert "not reported" in play.refused("03 09:00", "h.jin", "conclude", **FOUND)
    play.do("03 10:00", "h.qin", "assist", assisted="已提供")
    assert play.do("03 11:00", "h.jin", "conclude", **FOUND).case.stage == "feeding_back"


@pytest.mark.rules("H-03", "H-04")
def test_a_complaint_and_a_report_of_wrongdoing_are_told_apart_at_registration() -> None:
    play = asked()
    told = play.refused("02 10:00", "h.luo", "register", from_whom="patient", identity_kind="named")
    assert "is required" in told
    assert "unknown" in play.refused("02 10:00", "h.luo", "register", **{**NAMED, "case_kind": UNKNOWN})
    play.do("02 10:00", "h.luo", "register", **{**NAMED, "case_kind": "report", "from_whom": "public"})
    assert (play.case.values["case_kind"], play.case.values["from_whom"]) == ("report", "public")


@pytest.mark.rules("H-06", "H-12")
def test_the_first_unit_that_registers_stays_responsible_to_the_end() -> None:
    play = registered()
    assert (play.case.owner.person, play.case.values["receiving_unit"]) == ("h.luo", "price_office")
    assert play.desk.procedure.tracked_by == "receiver"
    assert feeding_back().case.owner.department == "price_office"


@pytest.mark.rules("H-01", "H-09")
def test_calls_and_visits_are_channels_of_the_desk() -> None:
    channels = asked().desk.procedure.channels
    assert {"phone", "visit"} <= set(channels)
    assert asked().desk.site.contact["phone"]


@pytest.mark.rules("H-11")
def test_the_content_is_asked_once_and_a_correction_stands_beside_it() -> None:
    play = registered()
    actions = play.desk.procedure.actions.items()
    assert [name for name, action in actions if "content" in (*action.asks, *action.may_ask)] == ["take_in"]
    correction = {"correction_of": "反映内容", "correction": "应为门诊收费", "correction_why": "口误"}
    assert play.do("02 10:30", "h.luo", "correct_record", **correction).case.values["content"] == "收费不清"


@pytest.mark.rules("H-13")
def test_a_recording_needs_its_reason() -> None:
    play = registered()
    assert "required" in play.refused("02 10:30", "h.luo", "add_recording", recording="录音01", recording_told="yes")
    play.do("02 10:30", "h.luo", "add_recording", recording="录音01", recording_why="事关重大", recording_told="yes")
    assert play.case.values["recording_why"] == "事关重大"


@pytest.mark.rules("H-14")
def test_nobody_investigates_before_the_leader_has_instructed() -> None:
    play = instruction_asked()
    assert play.letters == [("instruction_wanted", "h.gu")]
    for action, who in (("log_step", "h.luo"), ("conclude", "h.jin")):
        with pytest.raises(NotOpen):
            play.do("02 12:00", who, action, step="核对")
    with pytest.raises(NotAllowed):
        play.do("02 12:00", "h.luo", "instruct", instruction="查", lead="h.jin", team=["h.hao"])


@pytest.mark.rules("H-14")
def test_a_leader_who_is_slow_is_reminded_and_the_discipline_office_hears_of_it() -> None:
    play = instruction_asked().do("03 09:00", "h.luo", "urge_instruction", urged="请尽快批示")
    assert play.letters == [("instruction_urged", "h.gu")]
    assert play.due("instruction") == "03 11:00"
    assert {to for letter, to in play.wait("03 11:00").letters if letter == "late"} == {"h.gu", "h.shi"}
    assert ("late", "h.mo") in play.wait("04 11:00").letters


@pytest.mark.rules("H-14")
def test_a_site_may_have_the_discipline_office_instruct_in_place_of_the_leader() -> None:
    play = Play("h-hospital", "02 09:00", "h.yin", leader_concerned="discipline_office")
    play.open(content="违规", received_at=answer("02 09:00"), person_concerned=["h.gu", "h.dai"])
    play.do("02 10:00", "h.luo", "register", first_asked_by="h.yin", **ANONYMOUS, query_code="impossible")
    play.do("02 11:00", "h.luo", "ask_instruction", question="拟核查")
    assert play.letters == [("instruction_wanted", "h.shi")]


@pytest.mark.rules("H-15")
def test_everyone_put_on_the_investigation_is_told() -> None:
    people = {"lead": "h.jin", "team": ["h.hao", "h.tan"]}
    play = instruction_asked().do("02 14:00", "h.gu", "instruct", instruction="查明", **people)
    assert {to for letter, to in play.letters if letter == "investigate"} == {"h.jin", "h.hao", "h.tan"}


@pytest.mark.rules("H-15")
def test_the_investigation_has_people_dates_steps_and_findings() -> None:
    play = investigating()
    assert (play.case.owner.person, play.case.values["team"]) == ("h.jin", ["h.hao"])
    assert "No step" in play.refused("03 09:00", "h.jin", "conclude", **FOUND)
    play.do("03 09:00", "h.hao", "log_step", step_on="2026-11-03", step="核对清单")
    assert "required" in play.refused("03 10:00", "h.jin", "conclude", findings="收费有误")
    assert play.do("03 16:00", "h.jin", "conclude", **FOUND).letters == [("findings_in", "h.luo")]


@pytest.mark.rules("H-15")
def test_promptly_is_measured_and_a_date_the_leader_sets_is_a_limit() -> None:
    assert investigating().due("investigation") == ""
    play = instruction_asked()
    play.do("02 14:00", "h.gu", "instruct", instruction="查明", lead="h.jin", team=["h.hao"],
            investigate_by=answer("06 18:00"))  # fmt: skip
    assert play.due("investigation") == "06 18:00"
    assert ("late", "h.gu") in play.wait("06 18:00").letters


@pytest.mark.rules("H-17")
def test_the_feedback_goes_out_through_the_receiver_and_nothing_is_archived_before_it() -> None:
    play = feeding_back()
    assert play.case.owner.person == "h.luo"
    with pytest.raises(NotAllowed):
        play.do("04 09:00", "h.jin", "feed_back", **TOLD)
    with pytest.raises(NotOpen):
        play.do("04 09:00", "h.luo", "archive", material="全部")
    assert play.do("04 09:00", "h.luo", "feed_back", **TOLD).case.stage == "archiving"
    assert play.case.status == "answered"


@pytest.mark.rules("H-17")
def test_feedback_that_is_impossible_says_why_and_not_reached_needs_an_attempt() -> None:
    play = feeding_back()
    assert "required" in play.refused("04 09:00", "h.luo", "feed_back", feedback_outcome="impossible")
    not_reached = {"feedback_outcome": "impossible", "no_feedback_why": "not_reached"}
    assert "No attempt" in play.refused("04 09:00", "h.luo", "feed_back", **not_reached)
    play.do("04 09:00", "h.luo", "log_attempt", attempt_note="电话停机")
    assert play.do("05 09:00", "h.luo", "feed_back", **not_reached).letters == []
    assert play.case.stage == "archiving"


@pytest.mark.rules("H-17")
def test_who_left_a_name_and_a_number_cannot_be_said_to_be_out_of_reach() -> None:
    nobody = {"feedback_outcome": "impossible", "no_feedback_why": "no_contact"}
    known = feeding_back(reporter_phone="13900139000")
    assert "way of contact" in known.refused("04 09:00", "h.luo", "feed_back", **nobody)
    assert ("result", "customer") in known.do("04 09:00", "h.luo", "feed_back", **TOLD).letters
    assert feeding_back().do("04 09:00", "h.luo", "feed_back", **nobody).case.stage == "archiving"


@pytest.mark.rules("H-18")
def test_what_was_fed_back_and_not_archived_is_listed_until_it_is() -> None:
    play = feeding_back().do("04 09:00", "h.luo", "feed_back", **TOLD)
    listed = play.desk.procedure.registers["not_archived"].holds
    assert Facts(play.case).hold(listed)
    assert "required" in play.refused("04 10:00", "h.luo", "archive")
    assert play.do("04 10:00", "h.qiu", "archive", material="登记表、调查记录").case.status == "archived"
    assert not Facts(play.case).hold(listed)


@pytest.mark.rules("H-02")
def test_the_hotline_is_checked_and_published_and_the_date_is_kept() -> None:
    desk = asked().desk
    due = opened(desk, "publish_hotline", at("2027-01-01 00:00"), None, at("2027-01-01 00:00"))
    assert [(m.letter, m.to) for m in due.messages] == [("summary_due", "h.jin")]
    done = issued(desk, due.run, "h.jin", at("2027-01-01 10:00"))
    assert (done.run.issued_at, done.run.issued_by) == (at("2027-01-01 10:00"), "h.jin")
    assert [(m.letter, m.to) for m in done.messages] == [("summary_issued", "h.gu")]


@pytest.mark.rules("H-10")
def test_listening_with_care_is_shown_while_the_person_is_received() -> None:
    assert {"H-10", "H-08", "H-16"} <= lines(asked(), "h.yin", "02 09:10")
    assert "H-10" not in lines(registered(), "h.luo", "02 10:30")
