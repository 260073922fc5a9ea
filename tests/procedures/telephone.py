"""A guest's complaint by telephone, brought to each of its stages on the 2nd of November."""

from typing import Any

from chalicelib.cases.picture import Picture
from tests.procedures.playing import Play, answer, at

NOTED = {"guest_name": "王先生", "guest_phone": "13900139000", "factor": "intangible"}
COMFORT = {"sympathy": "yes", "apology": "yes"}
AGREED: dict[str, Any] = {
    "proposal": "更换房间并致歉", "agreement": "yes", "solver": ["t.ren"], "department": "rooms",
}  # fmt: skip
REFUSED = {"proposal": "免费早餐", "agreement": "no", "refusal": "没有诚意", "department": "rooms"}
SATISFIED = {"satisfied": "yes", "thanked": "yes", "guest_words": "谢谢"}
DISSATISFIED = {"satisfied": "no", "thanked": "yes", "guest_words": "还是吵"}
REFLECTION = {"accidental": "inevitable", "prevention": "加装隔音", "proper": "yes", "better_way": "先核对房态"}


def listening(**answers: Any) -> Play:
    return Play("t-telephone", "02 09:00", "t.dong").open(
        content="房间噪音大", received_at=answer("02 09:00"), **answers
    )


def finding_facts(**answers: Any) -> Play:
    return listening(**answers).do("02 09:10", "t.dong", "end_call", **NOTED)


def comforting(**answers: Any) -> Play:
    return finding_facts(**answers).do("02 09:30", "t.dong", "find_facts", facts="隔壁施工")


def agreeing(**answers: Any) -> Play:
    return comforting(**answers).do("02 09:40", "t.dong", "comfort", **COMFORT)


def carrying_out() -> Play:
    return agreeing().do("02 10:00", "t.dong", "propose", **AGREED)


def noting_result() -> Play:
    return carrying_out().do("02 12:00", "t.ren", "report_outcome", outcome="已换房")


def second_contact(result: str = "solved") -> Play:
    return noting_result().do("02 13:00", "t.dong", "note_result", result=result, result_note="见记录")


def reflecting() -> Play:
    return second_contact().do("02 15:00", "t.dong", "contact_again", **SATISFIED)


def approving_unsolved() -> Play:
    return second_contact("not_solved").do("02 15:00", "t.dong", "contact_again", **DISSATISFIED)


def lines(play: Play, who: str, when: str) -> set[str]:
    """The rules whose guide lines this person sees in the case."""
    guides = Picture(play.desk, play.case, who, at(when), "zh-Hans", knows=True).case().guides
    return {line.rule for guide in guides for line in guide.lines}
