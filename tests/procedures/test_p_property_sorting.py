"""物业管理: how complaints are sorted, what staff are shown, what is reported every day."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.desk.duties import issued, next_time, opened, ticked
from chalicelib.desk.engine import decide, open_case
from chalicelib.desk.errors import NotAllowed
from chalicelib.desk.facts import Facts
from chalicelib.desk.history import broken_at
from tests.procedures.estate import (
    FORM,
    RESULT,
    SATISFIED,
    VISIT,
    guard_calls,
    handling,
    hard,
    received,
    revisiting,
)
from tests.procedures.playing import UNKNOWN, Play, answer, at
from tests.procedures.shown import shown

KINDS = {
    "equipment": ("equipment_kind", ["air_conditioning", "lighting", "water_power", "lifts", "other"]),
    "attitude": ("attitude_kind", ["answer", "cold", "half_hearted", "other"]),
    "quality": ("quality_kind", ["repair", "mail", "other"]),
    "sudden": ("sudden_kind", ["power_cut", "water_cut", "other"]),
}
CAUSES = {
    "cause_subjective": ["disrespect", "irresponsible"],
    "cause_objective": ["developer", "municipal"],
    "disrespect_how": ["attitude", "speech", "measures"],
    "irresponsible_how": ["errand", "goods", "incomplete", "late", "cut_off", "machinery"],
}


def recorded(**answers: object) -> Play:
    form = {name: value for name, value in FORM.items() if name != "equipment_kind"}
    return received().do("02 09:30", "p.li", "record", **form | answers)


@pytest.mark.parametrize("category", KINDS)
@pytest.mark.rules("P-08", "P-10", "P-11", "P-13")
def test_each_category_asks_for_its_own_kind(category: str) -> None:
    field, kinds = KINDS[category]
    form = {name: value for name, value in FORM.items() if name != "equipment_kind"}
    assert "required" in received().refused("02 09:30", "p.li", "record", **form | {"category": category})
    for kind in kinds:
        assert recorded(category=category, **{field: kind}).case.values[field] == kind


@pytest.mark.rules("P-01", "P-02", "P-03", "P-04", "P-05")
def test_a_communicative_complaint_has_one_of_three_types_and_a_valid_one_none() -> None:
    for kind in ("needs_help", "consulting", "venting"):
        case = recorded(category=UNKNOWN, nature="communicative", communicative=kind).case
        assert (case.values["nature"], case.values["communicative"]) == ("communicative", kind)
    valid = FORM | {"nature": "valid", "communicative": "venting"}
    assert "does not apply" in received().refused("02 09:30", "p.li", "record", **valid)


@pytest.mark.rules("P-14", "P-15", "P-16", "P-17", "P-18", "P-19")
def test_the_cause_is_classified_on_the_complete_form_and_reported() -> None:
    for field, values in CAUSES.items():
        for value in values:
            above = {"cause_objective": {"cause_class": "objective"}}.get(field, {"cause_class": "subjective"})
            if field == "disrespect_how":
                above |= {"cause_subjective": "disrespect"}
            elif field == "irresponsible_how" or (field, value) == ("cause_subjective", "irresponsible"):
                above |= {"cause_subjective": "irresponsible", "irresponsible_how": "late"}
            elif field == "cause_subjective":
                above |= {"disrespect_how": "speech"}
            play = revisiting().do("02 16:00", "p.qin", "revisit", **SATISFIED)
            done = {"result": "已办", "form_complete": "yes", **above, field: value}
            assert play.do("02 17:00", "p.qin", "record_result", **done).case.values[field] == value
    product = {"result": "已办", "form_complete": "yes", "cause_class": "product"}
    play = revisiting().do("02 16:00", "p.qin", "revisit", **SATISFIED)
    assert play.do("02 17:00", "p.qin", "record_result", **product).case.stage == "closed"
    assert {"cause_class", *CAUSES} <= set(play.desk.procedure.reports["causes"].columns)


@pytest.mark.rules("P-12")
def test_complaints_of_attitude_and_quality_are_listed_as_training_needs() -> None:
    register = recorded(category="attitude", attitude_kind="cold").desk.procedure.registers["training_needs"]
    assert {"attitude_kind", "quality_kind", "handled_by"} <= set(register.columns)
    case = recorded(category="attitude", attitude_kind="cold").case
    assert Facts(case).hold(register.holds)
    assert not Facts(handling().case).hold(register.holds)


@pytest.mark.rules("P-09")
def test_an_equipment_complaint_links_to_the_record_of_that_equipment() -> None:
    play = hard().do("02 10:00", "p.li", "link_equipment", equipment_record="照明巡检2026-10")
    assert play.case.values["equipment_record"] == "照明巡检2026-10"
    other = recorded(category="sudden", sudden_kind="power_cut")
    assert "equipment" in other.refused("02 10:00", "p.li", "link_equipment", equipment_record="x")


@pytest.mark.rules("P-21", "P-34", "P-35")
def test_mind_set_and_intention_stay_with_staff_and_the_hoped_for_result_is_the_customers() -> None:
    play = hard().do("02 10:00", "p.li", "note_mind", intention="希望得到重视", mind="respect")
    fields = play.desk.procedure.fields
    assert (play.case.values["mind"], fields["mind"].seen_by, fields["intention"].seen_by) == (
        "respect",
        "staff",
        "staff",
    )
    assert len(fields["mind"].choices) == 6
    assert (play.case.values["demand"], fields["demand"].seen_by) == ("尽快修好", "customer")


@pytest.mark.rules("P-47")
def test_the_whole_course_is_kept_and_nothing_of_it_can_be_changed_unseen() -> None:
    play, came = Play("p-property", "02 09:00", "p.li"), {"content": "楼道灯不亮", "received_at": answer("02 09:00")}
    first = open_case(play.desk, play.case, came, "p.li", at("02 09:00"))
    second = decide(play.desk, first.complaint, "record", FORM, "p.li", at("02 09:30"))
    events = [*first.events, *second.events]
    assert (broken_at(events), [event.action for event in events]) == (None, ["register", "record"])
    assert broken_at([replace(events[0], by="p.meng"), *events[1:]]) is not None


@pytest.mark.rules("P-72")
def test_what_the_record_left_unknown_is_asked_again_before_the_result_counts() -> None:
    play = revisiting(event=UNKNOWN).do("02 16:00", "p.qin", "revisit", **SATISFIED)
    assert "required" in play.refused("02 17:00", "p.qin", "record_result", **RESULT)
    assert play.do("02 17:00", "p.qin", "record_result", event="昨晚八时", **RESULT).case.stage == "closed"


@pytest.mark.rules("P-74")
def test_each_day_is_compiled_on_the_day_itself() -> None:
    desk = received().desk
    opens = next_time(desk, "day_compiled", at("02 15:00"))
    assert opens == at("02 17:30")
    day = opened(desk, "day_compiled", opens, None, opens)
    assert (day.run.period, day.run.due) == ("2026-11-02..2026-11-02", at("03 00:00"))
    assert [(m.letter, m.to) for m in day.messages] == [("summary_due", "p.qin")]
    late = ticked(desk, day.run, at("03 00:00"))
    assert late is not None
    assert ("summary_late", "p.luo") in [(m.letter, m.to) for m in late.messages]
    assert next_time(desk, "day_compiled", opens) == at("03 17:30")
    assert desk.procedure.duties["day_compiled"].nil_report  # a day without complaints is compiled as well


@pytest.mark.rules("P-75")
def test_each_day_goes_up_by_the_end_of_the_next() -> None:
    desk = received().desk
    assert next_time(desk, "daily_report", at("02 15:00")) == at("03 00:00")
    day = opened(desk, "daily_report", at("03 00:00"), None, at("03 00:00"))
    assert (day.run.period, day.run.due) == ("2026-11-02..2026-11-02", at("04 00:00"))
    assert [(m.letter, m.to) for m in day.messages] == [("summary_due", "p.qin")]
    warned = ticked(desk, day.run, at("03 18:00"))
    assert warned is not None
    assert [(m.letter, m.to) for m in warned.messages] == [("summary_due", "p.qin")]
    late = ticked(desk, warned.run, at("04 00:00"))
    assert late is not None
    assert late.run.late_at == at("04 00:00")
    assert {(m.letter, m.to) for m in late.messages} == {("summary_late", "p.luo"), ("summary_late", "p.gu")}


@pytest.mark.rules("P-75")
def test_a_day_without_complaints_is_reported_as_well() -> None:
    desk = received().desk
    assert desk.procedure.duties["daily_report"].nil_report
    day = opened(desk, "daily_report", at("03 00:00"), None, at("03 00:00"))
    sent = issued(desk, day.run, "p.bai", at("03 09:00"))
    assert [(m.letter, m.to) for m in sent.messages] == [("summary_issued", "p.gu")]
    assert ticked(desk, sent.run, at("03 09:00") + timedelta(days=3)) is None


@pytest.mark.rules("P-41")
def test_broken_promises_are_reported_as_often_as_the_site_says() -> None:
    desk = received().desk
    assert next_time(desk, "broken_promises", at("02 15:00")) == at("12-01 00:00")
    assert {"promised_by", "visitor"} <= set(desk.procedure.reports["broken_promises"].columns)


@pytest.mark.rules("P-20", "P-23", "P-24", "P-26", "P-31", "P-33", "P-25", "P-27", "P-28", "P-29", "P-44")
def test_principles_and_tone_are_shown_to_everyone_at_every_stage() -> None:
    principles = {"P-20", "P-23", "P-24", "P-26", "P-31", "P-33"}
    for play, who in ((received(), "p.li"), (hard(), "p.li"), (revisiting(), "p.qin")):
        assert principles <= shown(play, who, "03 09:00", "background")
        assert {"P-25", "P-27", "P-28", "P-29", "P-44"} <= shown(play, who, "03 09:00", "prohibition")


@pytest.mark.rules("P-22", "P-36", "P-59")
def test_whoever_receives_the_owner_is_shown_how() -> None:
    assert {"P-22", "P-36", "P-59"} <= shown(received(), "p.li", "02 09:10", "checklist")
    assert "P-22" not in shown(received(), "p.gu", "02 09:10")
    assert not {"P-22", "P-36", "P-59"} & shown(hard(), "p.li", "02 10:00")


@pytest.mark.rules("P-37", "P-89", "P-91", "P-94")
def test_a_loss_and_an_injury_bring_up_what_to_do() -> None:
    assert "P-37" in shown(handling(loss="yes"), "p.li", "02 10:00", "checklist")
    assert {"P-89", "P-91", "P-94"} <= shown(handling(injury="yes"), "p.li", "02 10:00", "checklist")
    assert not {"P-37", "P-89", "P-91", "P-94"} & shown(handling(), "p.li", "02 10:00")


@pytest.mark.rules("P-99", "P-100")
def test_whoever_talks_with_the_resident_is_given_the_words() -> None:
    assert {"P-99", "P-100"} <= shown(guard_calls(), "p.tan", "02 20:05", "script")


@pytest.mark.rules("P-87", "P-88")
def test_the_worked_case_is_shown_after_the_trainee_listed_steps() -> None:
    for play, who in ((handling(injury="yes"), "p.li"), (guard_calls(), "p.tan")):
        if play.case.stage == "incident":
            play.do("02 20:15", who, "contact_resident", contact_at=answer("02 20:14"), contact_record="同意面谈")
        assert "P-88" in shown(play, who, "02 21:00")
        assert "P-87" not in shown(play, who, "02 21:00")
        play.do("02 21:10", who, "self_test", own_steps="先道歉，再说明")
        assert "P-88" not in shown(play, who, "02 21:20")
        assert "P-87" in shown(play, who, "02 21:20", "script")


@pytest.mark.rules("P-87", "P-88")
def test_a_case_is_kept_for_training_and_shown_to_whoever_listed_their_own_steps_in_the_next() -> None:
    play = handling(injury="yes")
    with pytest.raises(NotAllowed):
        play.do("02 21:00", "p.li", "keep_worked_case", worked_case="雪天摔伤：先送医")
    assert "required" in play.refused("02 21:00", "p.qin", "keep_worked_case")
    play.do("02 21:00", "p.qin", "keep_worked_case", worked_case="雪天摔伤：先送医")
    cases = play.desk.procedure.libraries["worked_cases"]
    assert (cases.entry, cases.same) == ("worked_case", ["category"])
    assert not Facts(play.case).hold(cases.when)
    assert Facts(play.do("02 21:10", "p.li", "self_test", own_steps="先送医").case).hold(cases.when)


@pytest.mark.rules("P-43", "P-45")
def test_whoever_made_an_appointment_is_reminded_to_keep_the_word() -> None:
    play = hard().do("02 10:00", "p.li", "appoint", **VISIT)
    assert {"P-41", "P-43", "P-45"} <= shown(play, "p.li", "02 11:00", "checklist")


@pytest.mark.rules("P-79", "P-80")
def test_the_service_centre_is_shown_what_a_revisit_asks() -> None:
    assert {"P-79", "P-80"} <= shown(revisiting(), "p.qin", "02 16:00", "checklist")
    assert not {"P-79", "P-80"} & shown(revisiting(), "p.li", "02 16:00")


@pytest.mark.rules("P-06", "P-07")
def test_communicative_complaints_carry_the_warning_that_they_may_become_valid() -> None:
    play = recorded(category=UNKNOWN, nature="communicative", communicative="consulting")
    assert {"P-06", "P-07"} <= shown(play, "p.li", "02 10:00")
