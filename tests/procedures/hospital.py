"""A case of the hospital, brought to each of its stages; in confidence, as the desk keeps such cases."""

from typing import Any

from msgspec.structs import replace

from chalicelib.cases.picture import Picture
from tests.procedures.playing import Play, answer, at

NAMED = {"case_kind": "complaint", "from_whom": "patient", "identity_kind": "named", "reporter_name": "王某"}
ANONYMOUS = {"case_kind": "report", "from_whom": "public", "identity_kind": "anonymous", "reporter_name": ""}
FOUND = {"findings": "收费有误", "handling": "已退费"}
TOLD = {"feedback_outcome": "told", "feedback": "多收费用已退", "feedback_how": "phone"}


def asked(**answers: Any) -> Play:
    """A doctor of the outpatient department, who is in none of the five units, is asked first."""
    play = Play("h-hospital", "02 09:00", "h.yin", "visit")
    play.case = replace(play.case, confidential=True)
    return play.open(content="收费不清", received_at=answer("02 09:00"), first_asked_by="h.yin", **answers)


def registered(**answers: Any) -> Play:
    return asked().do("02 10:00", "h.luo", "register", **{**NAMED, **answers})


def instruction_asked(**answers: Any) -> Play:
    return registered(**answers).do("02 11:00", "h.luo", "ask_instruction", question="拟核对收费清单")


def investigating(**answers: Any) -> Play:
    play = instruction_asked(**answers)
    return play.do("02 14:00", "h.gu", "instruct", instruction="查明", lead="h.jin", team=["h.hao"])


def feeding_back(**answers: Any) -> Play:
    play = investigating(**answers).do("03 09:00", "h.hao", "log_step", step_on="2026-11-03", step="核对清单")
    return play.do("03 16:00", "h.jin", "conclude", **FOUND)


def lines(play: Play, who: str, when: str) -> set[str]:
    """The rules whose guide lines this person sees in the case."""
    guides = Picture(play.desk, play.case, who, at(when), "zh-Hans", knows=False).case().guides
    return {line.rule for guide in guides for line in guide.lines}
