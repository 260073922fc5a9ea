"""A complaint at the estate of the demo, brought to each of its stages from the 2nd of November on."""

from typing import Any

from tests.procedures.playing import Play, answer

FORM: dict[str, Any] = {
    "demand": "尽快修好", "event": "昨晚楼道灯不亮", "category": "equipment", "equipment_kind": "lighting",
    "nature": "valid", "loss": "no", "injury": "no", "repeat": "no", "solvable_now": "yes",
}  # fmt: skip
HARD = FORM | {"solvable_now": "no"}
SOLUTION: dict[str, Any] = {
    "solution": "更换楼道灯", "solution_at": answer("02 10:00"), "company_interest_kept": "yes",
    "estate_rules_kept": "yes", "beyond_authority": "no", "pays": "no",
}  # fmt: skip
BEYOND = SOLUTION | {"beyond_authority": "yes"}
REPLY = {"answer": "今日更换", "answered_how": "phone"}
OPINIONS = {"on_process": "接待及时", "on_measures": "得当", "on_result": "灯亮了"}
SATISFIED = {"revisit_how": "phone", "satisfied": "yes", **OPINIONS}
DISSATISFIED = {"revisit_how": "phone", "satisfied": "no", "department": "engineering", **OPINIONS}
RESULT: dict[str, Any] = {
    "result": "已更换，业主满意", "cause_class": "subjective", "cause_subjective": "irresponsible",
    "irresponsible_how": "late", "form_complete": "yes",
}  # fmt: skip
PROMISE = {"promise": "周五前换好", "promised_by": "p.li", "promise_due": answer("06 18:00")}
VISIT = {"visitor": "p.li", "visit_at": answer("07 10:00"), "visit_place": "site"}


def received(channel: str = "visit", repeat_check: str = "", **answers: Any) -> Play:
    settings = {"repeat_check": repeat_check}
    play = Play("p-property", "02 09:00", "p.li", channel, **settings)  # type: ignore[arg-type] # one of the channels
    return play.open(content="楼道灯不亮", received_at=answer("02 09:00"), **answers)


def handling(**answers: Any) -> Play:
    """Solvable promptly, with the duty staff who received it."""
    return received().do("02 09:30", "p.li", "record", **FORM | answers)


def hard(**answers: Any) -> Play:
    return received().do("02 09:30", "p.li", "record", **HARD | answers)


def investigating() -> Play:
    return hard().do("02 10:00", "p.li", "explain", explained="需厂家配合", rough_limit=answer("09 18:00"))


def solving() -> Play:
    """The details are established, the solution is to be given."""
    facts = {"findings": "线路老化", "responsible_party": "施工单位", "party_settled_at": answer("03 09:00")}
    return investigating().do("03 09:00", "p.li", "investigate", **facts)


def revisiting(**answers: Any) -> Play:
    play = handling(**answers).do("02 10:00", "p.li", "settle_solution", **SOLUTION)
    play.do("02 10:30", "p.li", "reply", **REPLY)
    return play.do("02 15:00", "p.li", "finish", handled_how="已更换")


def another_round(play: Play, day: str, who: str) -> Play:
    """Solved, answered, finished again and once more not to the owner's liking."""
    play.do(f"{day} 09:00", who, "settle_solution", **SOLUTION).do(f"{day} 09:10", who, "reply", **REPLY)
    play.do(f"{day} 09:20", who, "finish", handled_how="重新处理")
    return play.do(f"{day} 15:00", "p.qin", "revisit", **DISSATISFIED)


def guard_calls() -> Play:
    """A guard asks for help: one parking space, two cars."""
    play = Play("p-property", "02 20:00", "p.lei", "other")
    return play.open(content="业主占用他人车位", received_at=answer("02 20:00"), guard_report="yes")
