"""A case of the brand store, brought to each of its stages on the 2nd of November."""

from typing import Any

from chalicelib.cases.picture import Picture
from tests.procedures.playing import Play, answer, at

FACTS = {
    "fact_when": "11月1日下午", "fact_where": "示例路店", "fact_who": "营业员", "fact_what": "购买外套",
    "fact_result": "洗后掉色",
}  # fmt: skip
WHO = {"customer_name": "王女士", "customer_address": "示例路1号", "customer_phone": "13900139000"}
HEARD: dict[str, Any] = {
    **FACTS, **WHO, "heard_out": "yes", "received_by": "alone", "category": "quality", "origin": "customer",
    "name_read": "confirmed", "address_read": "confirmed", "phone_read": "confirmed", "content_read": "confirmed",
    "rest_read": "confirmed", "special": "no", "illegal": "no", "end_date": answer("06 18:00"), "settled_in_talk": "no",
}  # fmt: skip
IN_AUTHORITY: dict[str, Any] = {
    "key_points": [{"point": "掉色", "cause": "染色不牢"}, {"point": "态度", "cause": "解释生硬"}],
    "policy": "七日内质量问题包换", "can_answer": "yes", "in_authority": "yes",
}  # fmt: skip
OUTSIDE = {**IN_AUTHORITY, "in_authority": "no"}
SOLVED = {"covered": "yes", "solution": "换货并致歉"}
TRANSFER = {"department": "after_sales", "transfer_explained": "yes", "transfer_accepted": "yes"}
TOLD = {"told_how": "in_person", "answer": "accepted", "answer_words": "可以接受"}
REVIEW: dict[str, Any] = {
    "own_meeting": "yes", "other_shops_effect": "no", "preventable": "yes", "frequency": "ordinary",
}  # fmt: skip
PUBLISHED: dict[str, Any] = {
    "lesson": "深色衣物先提醒洗涤方法", "avoid": "不与顾客争辩", "publication": "regular_meeting",
    "published_on": "2026-11-09", "readers": ["s.fang", "s.he"],
}  # fmt: skip


def listening(channel: Any = "phone", **settings: str) -> Play:
    """A sales assistant takes a complaint at eleven on the 2nd."""
    play = Play("s-store", "02 11:00", "s.fang", channel, **settings)
    return play.open(content="掉色", received_at=answer("02 11:00"))


def heard(channel: Any = "phone", **answers: Any) -> Play:
    return listening(channel).do("02 11:30", "s.fang", "hear", **{**HEARD, **answers})


def solving(analysis: dict[str, Any] = IN_AUTHORITY, **answers: Any) -> Play:
    return heard(**answers).do("02 12:00", "s.fang", "analyse", **analysis)


def transferred() -> Play:
    return solving(OUTSIDE).do("02 13:00", "s.fang", "transfer", **TRANSFER)


def informing(**answers: Any) -> Play:
    return solving(**answers).do("02 13:00", "s.fang", "solve", **SOLVED)


def settled(**answers: Any) -> Play:
    """Told and accepted; nothing open keeps it from the archive unless the answers at intake do."""
    return informing(**answers).do("02 14:00", "s.fang", "inform", **TOLD)


def reviewing() -> Play:
    return settled().do("02 15:00", "s.fang", "archive", written_record="yes")


def guides(play: Play, who: str) -> set[str]:
    """The rules whose guide lines this person is shown."""
    views = Picture(play.desk, play.case, who, at("02 16:00"), "zh-Hans", knows=True).case().guides
    return {line.rule for view in views for line in view.lines}
