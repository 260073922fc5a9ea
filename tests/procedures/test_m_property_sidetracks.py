"""地产公司: limits on the form and lateness, severe complaints, other units, conduct, and what staff are shown."""

import pytest

from chalicelib.cases.picture import Picture
from chalicelib.desk.errors import NotAllowed, NotOpen
from chalicelib.desk.facts import Facts
from tests.procedures.gardens import (
    DIRECT,
    FAILED,
    REPORT,
    SOLVED,
    analysing,
    clarifying,
    implementing,
    judged,
    registered,
    revisiting,
    with_office,
)
from tests.procedures.playing import UNKNOWN, Play, answer, at
from tests.procedures.shown import shown

SEVERE = FAILED | {"importance": "severe"}
TOLD = {"director_told_at": answer("02 09:40"), "office_told_at": answer("02 09:45")}
MEETING = {"heads_contacted": ["m.ren"], "inspect_at": answer("03 10:00"), "inspectors": ["m.pan", "m.xiao"]}
FOUND = {"customer_present": "yes", "found": "门禁主板烧毁", "found_entered": "yes"}


def with_other_units() -> Play:
    return analysing().do("02 12:00", "m.ma", "involve_units", units="供电局", units_why="线路归供电局")


def open_tasks(play: Play) -> set[str]:
    return {task.task for task in play.case.tasks.values() if not task.finished}


@pytest.mark.rules("M-39", "M-40")
def test_every_action_on_the_form_has_its_own_limit() -> None:
    play = implementing().do("02 16:00", "m.ma", "set_limit", limit_what="订购主板", limit_due=answer("03 12:00"))
    play.do("02 16:10", "m.ma", "set_limit", limit_what="更换主板", limit_due=answer("05 12:00"))
    assert (play.due("form_limit@form_limit-1"), play.due("form_limit@form_limit-2")) == ("03 12:00", "05 12:00")
    assert (play.due("implementing"), play.case.values["limits"][0]["what"]) == ("06 18:00", "更换主板")
    play.do("03 09:00", "m.tian", "meet_limit", limit_done="已订购")
    assert play.wait("03 12:00").late() == []
    play.do("03 13:00", "m.ma", "track", tracked="已催工程部")


@pytest.mark.rules("M-41")
def test_what_is_late_goes_to_administration_while_the_complaint_stays() -> None:
    play = implementing().wait("06 18:00")
    assert ("lateness", "m.cheng") in play.letters
    moved = (play.case.stage, play.case.owner.person, play.due("lateness@lateness-1"))
    assert (*moved, open_tasks(play)) == ("implementing", "m.tian", "10 00:00", {"lateness"})
    assert Facts(play.case).hold(play.desk.procedure.registers["late"].holds)
    with pytest.raises(NotAllowed):
        play.do("07 09:00", "m.ma", "settle_lateness", lateness_handling="提醒")
    play.do("07 09:00", "m.cai", "settle_lateness", lateness_handling="通报批评")
    assert (play.case.stage, play.due("lateness@lateness-1"), open_tasks(play)) == ("implementing", "", set())
    with pytest.raises(NotOpen):  # nothing is late
        implementing().do("03 09:00", "m.cai", "settle_lateness", lateness_handling="无")


@pytest.mark.rules("M-41")
def test_each_lateness_goes_to_administration_by_itself_and_outlives_the_complaint() -> None:
    play = implementing().do("02 16:00", "m.ma", "set_limit", limit_what="订购主板", limit_due=answer("03 12:00"))
    play.wait("06 18:00")
    first, second = (play.case.tasks[f"lateness-{n}"] for n in (1, 2))
    assert (first.because, second.because) == ("late form_limit", "late implementing")
    assert (first.takes["limit_what"], first.takes["department"]) == ("订购主板", play.case.values["department"])
    assert "limit_what" not in second.takes
    shown_tasks = Picture(play.desk, play.case, "m.cai", at("06 18:00"), "zh-Hans", knows=True).case().tasks
    assert [task.title for task in shown_tasks if task.task == "lateness"] == [
        "处理逾期事项：按跟进表的时间完成该项措施", "处理逾期事项：按跟进表的时间规定完成",
    ]  # fmt: skip
    play.do(
        "07 09:00", "m.ma", "withdraw", withdrawal_how="phone", withdrawal_why="不投诉了", withdrawal_own_wish="yes"
    )
    assert play.case.status == "withdrawn"
    assert ("late", "m.yu") in play.wait("10 00:00").letters
    assert "settle_lateness" in play.may("m.cai", "10 09:00")
    play.do("10 09:00", "m.cai", "settle_lateness", lateness_handling="通报批评")
    assert [i for i, t in play.case.tasks.items() if t.task == "lateness" and not t.finished] == ["lateness-2"]


@pytest.mark.rules("M-41")
def test_a_single_action_that_is_late_goes_to_administration_too() -> None:
    play = implementing().do("02 16:00", "m.ma", "set_limit", limit_what="订购主板", limit_due=answer("03 12:00"))
    assert play.wait("03 08:00").letters == [("limit_due", "m.tian")]
    assert {("limit_late", "m.cheng"), ("late", "m.ren"), ("late", "m.ma")} <= set(play.wait("03 12:00").letters)
    assert play.late() == ["form_limit"]


@pytest.mark.rules("M-07")
def test_a_case_stays_open_until_its_last_matter_is_done() -> None:
    play = implementing().do("02 15:30", "m.ma", "set_limit", limit_what="加装备用电源", limit_due=answer("20 12:00"))
    play.do("02 16:00", "m.tian", "reply_plan", reply_plan="周五前更换")
    play.do("04 10:00", "m.tian", "implement", done_what="已更换", nonconforming="no")
    play.do("05 10:00", "m.ma", "revisit", **SOLVED).do("05 11:00", "m.ma", "file", category="equipment")
    assert (play.case.stage, play.case.status) == ("following", "answered")
    assert play.do("10 09:00", "m.tian", "meet_limit", limit_done="已加装").case.stage == "closed"


@pytest.mark.rules("M-42", "M-43", "M-44")
def test_a_severe_complaint_is_reported_at_once_to_both_and_to_the_head_of_department() -> None:
    play = judged(SEVERE)
    assert {to for letter, to in play.letters if letter == "severe"} == {"m.peng", "m.yu", "m.ren"}
    assert play.due("severe_report@severe_report-1") == "02 10:00"
    assert "required" in play.refused("02 09:50", "m.ma", "report_severe", director_told_at=answer("02 09:40"))
    play.do("02 09:50", "m.ma", "report_severe", **TOLD)
    assert "severe_report" not in open_tasks(play)
    assert {to for letter, to in judged(SEVERE).wait("02 10:00").letters if letter == "late"} == {"m.hu", "m.yu"}


@pytest.mark.rules("M-17", "M-43")
def test_the_written_report_of_a_severe_complaint_follows_the_immediate_one() -> None:
    play, written = judged(SEVERE), REPORT | {"written_report": "report-1"}
    assert "at once" in play.refused("02 09:50", "m.ma", "report", **written)
    play.do("02 09:50", "m.ma", "report_severe", **TOLD)
    assert "required" in play.refused("02 10:00", "m.ma", "report", **REPORT)
    assert play.do("02 10:00", "m.ma", "report", **written).case.stage == "clarifying"


@pytest.mark.rules("M-44", "M-45", "M-46")
def test_the_departments_inspect_the_site_with_the_customer_and_enter_what_they_found() -> None:
    play = judged(SEVERE).do("02 11:00", "m.ma", "arrange_inspection", **MEETING)
    called = {("inspection", "customer"), ("inspection_called", "m.ren"), ("inspection_called", "m.xiao")}
    assert called <= set(play.letters)
    assert play.due("site_inspection@site_inspection-1") == "03 10:00"
    without = {name: value for name, value in FOUND.items() if name != "found_entered"}
    assert "required" in play.refused("03 09:30", "m.pan", "inspect", **without)
    play.do("03 09:30", "m.pan", "inspect", **FOUND)
    assert (play.case.values["found"], play.case.values["form_opened"]) == ("门禁主板烧毁", "yes")
    late = judged(SEVERE).do("02 11:00", "m.ma", "arrange_inspection", **MEETING).wait("03 10:00")
    assert "site_inspection" in late.late()


@pytest.mark.rules("M-45")
def test_an_inspection_that_the_customer_missed_is_arranged_anew_unless_the_customer_declined() -> None:
    play = judged(SEVERE).do("02 11:00", "m.ma", "arrange_inspection", **MEETING)
    alone = FOUND | {"customer_present": "no"}
    assert "required" in play.refused("03 09:30", "m.pan", "inspect", **alone)
    assert "unknown" in play.refused("03 09:30", "m.pan", "inspect", **FOUND | {"customer_present": UNKNOWN})
    play.do("03 09:30", "m.pan", "inspect", customer_absent="not_come", **alone)
    assert "arrange_inspection" in open_tasks(play)
    play.do("03 10:00", "m.ma", "arrange_inspection", **MEETING | {"inspect_at": answer("04 10:00")})
    play.do("04 10:00", "m.pan", "inspect", customer_absent="declined", **alone)
    assert not {"arrange_inspection", "site_inspection"} & open_tasks(play)


@pytest.mark.rules("M-17", "M-42")
def test_a_complaint_that_turns_out_severe_gets_all_of_it_later() -> None:
    play = implementing().do("03 09:00", "m.ma", "mark_severe", severe_why="媒体关注")
    assert open_tasks(play) == {"severe_report", "arrange_inspection", "written_report"}
    assert {to for letter, to in play.letters if letter == "severe"} == {"m.peng", "m.yu", "m.ren"}
    assert "already" in play.refused("03 10:00", "m.ma", "mark_severe", severe_why="再次")
    play.do("03 11:00", "m.ma", "file_written_report", written_report="report-2")
    important = judged(FAILED | {"importance": "important"})
    important.do("02 10:00", "m.ma", "report", **REPORT, written_report="report-1")
    important.do("02 11:00", "m.hu", "mark_severe", severe_why="有人受伤")
    assert open_tasks(important) == {"severe_report", "arrange_inspection"}  # written already


@pytest.mark.rules("M-47", "M-48", "M-53")
def test_where_other_units_are_involved_the_customer_is_contacted_within_the_prescribed_time() -> None:
    play = with_other_units()
    assert (play.case.stage, play.due("other_units")) == ("with_other_units", "03 12:00")
    assert ("late", "m.hu") in with_other_units().wait("03 12:00").letters
    told = {"told_customer": "须供电局配合", "related_work": "提供临时门卡"}
    play.do("03 09:00", "m.ma", "tell_customer", **told)
    assert ("units_told", "customer") in play.letters
    assert play.due("other_units") == ""
    assert play.case.values["related_work"] == "提供临时门卡"


@pytest.mark.rules("M-49", "M-50")
def test_the_other_units_are_negotiated_with_before_the_customer_is_answered() -> None:
    play = with_other_units()
    assert "negotiated" in play.refused("03 10:00", "m.ma", "answer_after_units", units_reply="下周改线")
    play.do("03 10:00", "m.ma", "contact_units", units_contact_at=answer("03 09:00"), negotiation="同意改线")
    play.do("03 11:00", "m.ma", "answer_after_units", units_reply="下周改线")
    assert (play.case.stage, play.letters) == ("revisiting", [("units_answer", "customer")])


@pytest.mark.rules("M-15", "M-51")
def test_coordination_and_further_entries_of_the_form_are_recorded() -> None:
    entry = [{"item": "业主类型", "value": "租户"}]
    play = clarifying().do("02 10:30", "m.ma", "coordinate", coordination="工程部下午到场", form_extra=entry)
    assert (play.case.values["coordination"], play.case.values["form_extra"]) == ("工程部下午到场", entry)
    assert "form_extra" in play.desk.procedure.registers["follow_up"].columns


@pytest.mark.rules("M-06")
def test_passing_a_case_on_needs_a_reason_and_a_new_analysis() -> None:
    play = implementing()
    assert "required" in play.refused("03 09:00", "m.ma", "reassign", department="security")
    play.do("03 09:00", "m.ma", "reassign", department="security", reassign_why="属保安部职责")
    assert (play.case.stage, play.case.values["department"]) == ("analysing", "security")


@pytest.mark.rules("M-09")
def test_coldness_and_rudeness_may_be_logged_even_after_the_end() -> None:
    play = revisiting().do("05 10:00", "m.ma", "revisit", **SOLVED).do("05 11:00", "m.ma", "file", category="equipment")
    play.do("06 09:00", "m.hu", "log_conduct", conduct="coldness", conduct_note="客户反映接待冷淡")
    assert (play.case.stage, play.case.values["conduct"]) == ("closed", "coldness")


@pytest.mark.rules("M-05", "M-06", "M-07", "M-08", "M-09", "M-10")
def test_the_manner_is_shown_to_everyone_and_how_to_register_to_customer_service() -> None:
    for play, who in ((registered(), "m.ma"), (with_office(), "m.xiao"), (implementing(), "m.tian")):
        assert {"M-05", "M-06", "M-07", "M-08"} <= shown(play, who, "02 16:00", "background")
        assert "M-09" in shown(play, who, "02 16:00", "prohibition")
    assert {"M-10", "M-11", "M-03"} <= shown(registered(), "m.ma", "02 09:10", "checklist")
    assert "M-10" not in shown(with_office(), "m.xiao", "02 16:00")


@pytest.mark.rules("M-33")
def test_for_an_invalid_complaint_staff_are_shown_to_manage_expectations() -> None:
    play = judged(DIRECT | {"reasonable": "no", "department": None, "unreasonable_why": "非本公司产品"})
    assert "M-33" in shown(play, "m.ma", "02 10:00", "checklist")
    assert "M-33" not in shown(clarifying(), "m.ma", "02 11:00")


@pytest.mark.rules("M-20", "M-36", "M-43", "M-45")
def test_path_one_valid_and_severe_cases_bring_up_their_own_lines() -> None:
    assert {"M-20", "M-21", "M-22"} <= shown(with_office(), "m.xiao", "02 16:00")
    assert {"M-36", "M-37", "M-38"} <= shown(implementing(), "m.tian", "02 16:00")
    assert {"M-43", "M-44", "M-45", "M-46"} <= shown(judged(SEVERE), "m.ma", "02 10:00")
    assert not {"M-43", "M-20"} & shown(clarifying(), "m.ma", "02 10:00")
