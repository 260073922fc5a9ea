"""A complaint at the property company of the demo, brought to each of its stages from the 2nd of November on."""

from typing import Any

from tests.procedures.playing import Play, answer

WHOLE: dict[str, Any] = {
    "subject": "management_service", "demand": "修好门禁", "room": "3栋1单元", "event_time": "昨晚",
}  # fmt: skip
DIRECT: dict[str, Any] = {
    "path": "direct", "situation": "门禁失灵三天", "reasonable": "yes", "department": "engineering",
    "importance": "general",
}  # fmt: skip
FAILED: dict[str, Any] = {
    "path": "office_failed", "reasonable": "yes", "department": "engineering", "importance": "general",
}  # fmt: skip
UNREASONABLE = {"path": "other", "reasonable": "no", "unreasonable_why": "非本公司产品", "importance": "general"}
REPORT: dict[str, Any] = {"report_how": "phone", "reported_to": ["m.pan", "m.hu"], "report_note": "门禁失灵"}
VALID: dict[str, Any] = {
    "clarified": "门禁三天未修", "office_says": "等配件", "valid": "yes", "valid_why": "属实", "form_filled": "yes",
}  # fmt: skip
ANALYSIS: dict[str, Any] = {
    "cause": "巡检遗漏", "responsible": ["m.tian"], "commitment_rule": "报修24小时内到场", "plan": "更换门禁主板",
    "limits": [{"what": "更换主板", "who": "田野", "due": "11月6日"}], "due_at": answer("06 18:00"),
}  # fmt: skip
DONE = {"done_what": "已更换", "nonconforming": "yes", "correction": "增加门禁巡检"}
SOLVED = {"revisit_how": "phone", "result_told": "已更换主板", "solved": "yes", "customer_words": "满意"}
UNSOLVED = SOLVED | {"solved": "no", "customer_words": "又坏了"}


def registered(**settings: str) -> Play:
    play = Play("m-property", "02 09:00", "m.ma", "phone", **settings)
    return play.open(content="门禁失灵", received_at=answer("02 09:00"), **WHOLE)


def judged(answers: dict[str, Any]) -> Play:
    return registered().do("02 09:30", "m.ma", "judge", **answers)


def with_office() -> Play:
    """Path 1: straight to customer service, reported, the office told."""
    return judged(DIRECT).do("02 10:00", "m.ma", "report", **REPORT)


def clarifying() -> Play:
    """Path 2: the office failed."""
    return judged(FAILED).do("02 10:00", "m.ma", "report", **REPORT)


def analysing() -> Play:
    return clarifying().do("02 11:00", "m.ma", "judge_validity", **VALID)


def approving() -> Play:
    play = analysing().do("02 13:00", "m.ma", "contact_department", contact_note="工程部称缺配件")
    return play.do("02 14:00", "m.ma", "analyse", **ANALYSIS)


def implementing() -> Play:
    return approving().do("02 15:00", "m.ren", "approve", approved="yes")


def revisiting() -> Play:
    play = implementing().do("02 16:00", "m.tian", "reply_plan", reply_plan="周五前更换门禁主板")
    return play.do("04 10:00", "m.tian", "implement", **DONE)
