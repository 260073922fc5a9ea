"""A case of the Dongnan project, brought to each of its stages on the 2nd of November."""

from typing import Any

from chalicelib.cases.picture import Picture
from tests.procedures.playing import Play, answer, at

TICKS = dict.fromkeys(("name_checked", "room_checked", "phone_checked", "time_checked", "content_checked"), "yes")
WHO = {"customer_name": "王女士", "customer_phone": "13900139000"}
TOLD = {"told_by": "e.li", "told_at": answer("02 09:20"), "began_at": answer("02 09:05")}
CALL: dict[str, Any] = {
    **TICKS, **TOLD, **WHO, "room": "3-1201", "talk": "客户称窗户渗水，要求本周修好", "sharp": "no",
    "promised_at": answer("04 17:00"),
}  # fmt: skip
VISIT = {**TICKS, **WHO, "room": "3-1201", "arrived_at": answer("02 08:50"), "began_at": answer("02 09:05")}
FACTS = {"verified": "到户查看窗框", "findings": "打胶脱落，情况属实"}
ASKED = {"department_concerned": "yes", "department": "engineering", "asked_of_department": "何时能修"}
REPLY = {"reply": "周三上门修复", "replied_how": "phone", "outcome": "granted"}
DELAY: dict[str, Any] = {
    "delay_apology": "yes", "account": "配件在途", "delay_by": "department", "delay_department": "engineering",
    "delay_cause": "缺配件", "promised_at": answer("07 17:00"),
}  # fmt: skip


def received(channel: Any = "phone", **settings: str) -> Play:
    """A salesperson takes a complaint at nine on the 2nd."""
    play = Play("e-dongnan", "02 09:00", "e.li", channel, **settings)
    return play.open(content="窗户渗水", received_at=answer("02 09:00"))


def handling(**settings: str) -> Play:
    return received(**settings).do("02 09:20", "e.li", "check_form", **CALL)


def ready(**settings: str) -> Play:
    """Verified, and the department asked."""
    play = handling(**settings).do("02 11:00", "e.li", "verify", **FACTS)
    return play.do("02 11:30", "e.li", "contact_department", **ASKED)


def tracking() -> Play:
    return ready().do("03 10:00", "e.li", "reply", **REPLY)


def guides(play: Play, who: str) -> set[str]:
    """The rules whose guide lines this person is shown."""
    views = Picture(play.desk, play.case, who, at("02 10:00"), "zh-Hans", knows=True).case().guides
    return {line.rule for view in views for line in view.lines}
