"""东南国际: unreasonable demands, sharp conflicts, what goes up to the manager, guides, the quarterly report."""

import pytest

from chalicelib.cases.picture import Picture
from chalicelib.desk.duties import issued, next_time, opened, ticked
from chalicelib.desk.errors import NotAllowed, NotOpen
from chalicelib.desk.facts import Facts
from tests.procedures.dongnan import (
    ASKED,
    CALL,
    DELAY,
    FACTS,
    REPLY,
    VISIT,
    guides,
    handling,
    ready,
    received,
    tracking,
)
from tests.procedures.playing import Play, answer, at


@pytest.mark.rules("E-26")
def test_an_unreasonable_demand_is_not_refused_on_the_spot_either() -> None:
    play = received("visit").do("02 09:10", "e.li", "flag_unreasonable", demand_made="退房并三倍赔偿")
    settled = {**VISIT, "settled_now": "yes", "settled_result": "客户未再坚持"}
    assert "No refusal on the spot" in play.refused("02 09:30", "e.li", "check_form", **settled)
    play.do("02 09:20", "e.li", "flag_unreasonable", demand_made="退房并三倍赔偿", position="按合同先维修")
    assert play.do("02 09:30", "e.li", "check_form", **settled).case.stage == "tracking"


@pytest.mark.rules("E-26", "E-27", "E-28")
def test_an_unreasonable_demand_is_never_refused_outright() -> None:
    play = ready().do("02 12:00", "e.li", "flag_unreasonable", demand_made="退房并三倍赔偿")
    bare = {**REPLY, "outcome": "persuaded"}
    assert "Never refuse outright" in play.refused("02 13:00", "e.li", "reply", **bare)
    assert "must be one of" in play.refused("02 13:00", "e.li", "reply", **{**REPLY, "outcome": "refused"})
    stated = ready().do("02 13:00", "e.li", "reply", position="合同约定先维修", **bare)
    assert stated.case.stage == "tracking"
    play.do("02 13:30", "e.li", "attach_documents", documents="contract-8", documents_note="第八条")
    assert play.do("02 14:00", "e.li", "reply", **bare).case.stage == "tracking"


@pytest.mark.rules("E-29", "E-30")
def test_a_sharp_conflict_waits_for_afterwards_open_owned_and_due() -> None:
    play = received().do("02 09:20", "e.li", "check_form", **{**CALL, "sharp": "yes"})
    assert (play.case.stage, play.case.owner.person, play.due("promise")) == ("afterwards", "e.li", "04 17:00")
    for closing in ("reply", "finish", "archive"):
        with pytest.raises(NotOpen):
            play.do("02 10:00", "e.li", closing)
    assert ("no_contact", "e.tang") in play.wait("04 17:00").letters
    assert play.do("05 09:00", "e.li", "resume", resumed="客户冷静后再谈").case.stage == "handling"


@pytest.mark.rules("E-29", "E-30")
def test_a_conflict_that_grows_sharp_later_is_recorded_and_put_off_within_the_time_told() -> None:
    play = ready()
    assert "required" in play.refused("02 12:00", "e.li", "set_afterwards")
    play.do("02 12:00", "e.li", "set_afterwards", conflict="客户摔门离开")
    assert (play.case.stage, play.due("promise")) == ("afterwards", "04 17:00")
    play.do("04 10:00", "e.li", "delay_contact", **{**DELAY, "promised_at": answer("07 09:00")})
    assert (play.case.stage, play.due("promise")) == ("afterwards", "07 09:00")


@pytest.mark.rules("E-40", "E-41")
def test_what_the_salesperson_cannot_solve_goes_up_and_the_manager_decides() -> None:
    play = ready()
    assert "required" in play.refused("02 12:00", "e.li", "pass_up")
    play.do("02 12:00", "e.li", "pass_up", pass_up_why="客户要求换房，超出权限")
    assert (play.letters, play.case.owner.person) == ([("passed_up", "e.tang")], "e.tang")
    with pytest.raises(NotAllowed):
        play.do("02 13:00", "e.li", "decide", decision="同意")
    play.do("02 14:00", "e.tang", "decide", decision="更换整窗")
    assert (play.case.stage, play.case.owner.person, play.letters) == ("handling", "e.li", [("decided", "e.li")])


@pytest.mark.rules("E-41", "E-35")
def test_the_manager_may_answer_what_was_passed_up_and_the_salesperson_still_tracks_it() -> None:
    play = ready().do("02 12:00", "e.li", "pass_up", pass_up_why="超出权限")
    play.do("02 15:00", "e.tang", "reply", **REPLY)
    assert (play.case.stage, play.case.owner.person) == ("tracking", "e.li")


@pytest.mark.rules("E-37", "E-41")
def test_a_manager_who_lets_the_agreed_time_pass_is_told_and_so_is_the_head_of_the_company() -> None:
    play = ready(prescribed_reply="").do("02 12:00", "e.li", "pass_up", pass_up_why="超出权限").wait("04 17:00")
    assert ("no_contact", "e.tang") in play.letters
    assert play.wait("05 17:00").letters == [("no_contact", "e.gu")]


@pytest.mark.rules("E-39", "E-41")
def test_only_the_sales_manager_names_another_salesperson_to_track_it() -> None:
    play = handling()
    with pytest.raises(NotAllowed):
        play.do("02 10:00", "e.li", "name_tracker", tracker="e.chen")
    play.do("02 10:00", "e.tang", "name_tracker", tracker="e.chen")
    assert (play.case.owner.person, play.letters) == ("e.chen", [("tracker_named", "e.chen")])
    play.do("02 11:00", "e.chen", "verify", **FACTS).do("02 11:30", "e.chen", "contact_department", **ASKED)
    assert play.do("02 12:00", "e.chen", "reply", **REPLY).case.owner.person == "e.chen"


@pytest.mark.rules("E-39", "E-40")
def test_a_dissatisfied_customer_is_passed_up_for_a_new_round_with_a_new_time() -> None:
    play = tracking()
    assert "required" in play.refused("04 09:00", "e.li", "not_settled", dissatisfied_why="仍然渗水")
    play.do("04 09:00", "e.li", "not_settled", dissatisfied_why="仍然渗水", promised_at=answer("06 12:00"))
    assert (play.case.stage, play.case.round, play.letters) == ("with_manager", 2, [("not_settled", "e.tang")])
    assert play.due("promise") == "06 12:00"
    assert "Verify" in play.refused("04 10:00", "e.tang", "reply", **REPLY)


@pytest.mark.rules("E-45", "E-46", "E-30")
def test_the_registers_show_what_is_entered_what_is_not_and_what_was_put_off() -> None:
    def shown(play: Play) -> set[str]:
        registers = play.desk.procedure.registers
        return {name for name in registers if Facts(play.case).hold(registers[name].holds)}

    play = tracking()
    assert shown(play) == set()
    assert shown(play.do("05 09:00", "e.li", "finish", finished_how="修复合格")) == {"not_entered"}
    assert shown(play.do("05 10:00", "e.yu", "enter_register", category="quality")) == {"summary"}
    assert shown(ready().do("02 12:00", "e.li", "set_afterwards", conflict="客户摔门离开")) == {"afterwards"}


@pytest.mark.rules("E-31", "E-32")
def test_the_sales_manager_logs_a_breach_of_conduct() -> None:
    play = handling()
    with pytest.raises(NotAllowed):
        play.do("02 10:00", "e.chen", "log_conduct", conduct="quarrel", conduct_of="e.li")
    play.do("02 10:00", "e.tang", "log_conduct", conduct="coldness", conduct_of="e.li")
    assert play.case.values["conduct"] == "coldness"


@pytest.mark.rules("E-31", "E-32")
def test_a_breach_of_conduct_is_read_by_the_manager_and_by_no_colleague() -> None:
    breach = {"conduct": "coldness", "conduct_of": "e.li", "conduct_note": "未起身"}
    play = handling().do("02 10:00", "e.tang", "log_conduct", **breach)

    def read_by(who: str) -> dict[str, str]:
        view = Picture(play.desk, play.case, who, at("02 11:00"), "zh-Hans", knows=True).case()
        return {field.id: field.text for field in view.fields if field.id.startswith("conduct")}

    assert read_by("e.tang") == {"conduct": "态度冷淡", "conduct_of": "李岚", "conduct_note": "未起身"}
    assert set(read_by("e.li").values()) == {""}


@pytest.mark.rules("E-47")
def test_the_quarterly_report_is_due_even_without_complaints_and_flagged_when_not_issued() -> None:
    desk = received().desk
    assert next_time(desk, "quarterly_report", at("02 09:00")) == at("2027-01-01 00:00")
    step = opened(desk, "quarterly_report", at("2027-01-01 00:00"), None, at("2027-01-01 00:00"))
    assert step.run.period == "2026-10-01..2026-12-31"
    assert desk.procedure.duties["quarterly_report"].nil_report
    assert [(m.letter, m.to) for m in step.messages] == [("summary_due", "e.tang")]
    late = ticked(desk, step.run, at("2027-01-17 00:00"))
    assert late is not None
    assert ("summary_late", "e.gu") in [(m.letter, m.to) for m in late.messages]
    done = issued(desk, step.run, "e.tang", at("2027-01-08 10:00"))
    assert [(m.letter, m.to) for m in done.messages] == [("summary_issued", "e.gu")]


@pytest.mark.rules("E-03", "E-04", "E-18", "E-22", "E-23", "E-24", "E-25", "E-31", "E-32")
def test_reception_guides_are_shown_to_the_salesperson_at_intake() -> None:
    wanted = {"E-03", "E-04", "E-18", "E-22", "E-23", "E-24", "E-25", "E-31", "E-32"}
    assert wanted <= guides(received(), "e.li")
    assert "E-22" not in guides(received(), "e.yu")


@pytest.mark.rules("E-19", "E-20", "E-21")
def test_the_calming_checklist_opens_with_the_flag() -> None:
    play = received()
    assert not {"E-20", "E-21"} & guides(play, "e.li")
    assert {"E-20", "E-21"} <= guides(play.do("02 09:10", "e.li", "flag_agitated"), "e.li")


@pytest.mark.rules("E-26", "E-27", "E-28")
def test_the_script_for_an_unreasonable_demand_opens_with_the_flag_and_notes_its_use() -> None:
    play = handling()
    assert "E-27" not in guides(play, "e.li")
    play.do("02 10:00", "e.li", "flag_unreasonable", demand_made="三倍赔偿", position="按合同先维修")
    assert {"E-26", "E-27", "E-28"} <= guides(play, "e.li")
    assert play.case.values["position"] == "按合同先维修"
