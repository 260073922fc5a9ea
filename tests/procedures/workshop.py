"""A case of the workshop, brought to each of its stages on the 2nd of November."""

from typing import Any

from tests.procedures.playing import UNKNOWN, Play, answer

EVENT = dict.fromkeys(("event_time", "event_place", "event_people", "event_course", "event_result"), UNKNOWN)
OURS: dict[str, Any] = {
    "responsibility": "clear", "ours": "yes", "at_fault": ["w.ding"], "opinion": "扣分", "action_plan": "返修",
    "apology": "已当面致歉", "rework": "booked", "rework_at": answer("06 09:00"), "talk_needed": "yes",
    "revisit_wanted": "yes",
}  # fmt: skip
NOT_OURS: dict[str, Any] = {
    "responsibility": "clear", "ours": "no", "opinion": "非我方责任", "inspection_offer": "accepted",
    "talk_needed": "no", "no_talk_why": "已在店说明", "revisit_wanted": "no", "no_revisit_why": "客户不愿打扰",
}  # fmt: skip
UNCLEAR: dict[str, Any] = {
    "responsibility": "unclear", "pending_reason": "quality_unclear", "talk_needed": "no", "no_talk_why": "待检测",
}  # fmt: skip
PHONE = {"meeting_form": "phone", "meeting_why": "客户在外地", "talk_record": "已沟通"}
ATTEMPT = {"attempt_at": answer("02 11:00"), "attempt_note": "电话无人接听", "talk_needed": "yes"}


def received() -> Play:
    return Play("w-workshop", "02 09:00", "w.lin").open(
        content="底盘异响",
        received_at=answer("02 09:00"),
        apologised_at=answer("02 09:00"),
        person_concerned=["w.ding"],
    )


def determining() -> Play:
    """Numbered at 10:00 on the 2nd, the repair history read."""
    play = received().do("02 09:30", "w.lin", "report", nature="quality", reported_to="customer_manager", **EVENT)
    form = {"plate": "粤B12345", "filled_by": "w.pan", "brief": "底盘异响", "department": "workshop"}
    play.do("02 09:40", "w.pan", "open_form", **form).do("02 10:00", "w.cao", "number_form", form_numbered="yes")
    return play.do("02 10:10", "w.xie", "read_history", history_read="yes")


def reviewing(answers: dict[str, Any] = OURS) -> Play:
    play = (
        determining().do("02 11:00", "w.wei", "find_facts", facts="悬挂未拧紧").do("02 12:00", "w.xie", "talk", **PHONE)
    )
    return play.do("02 13:00", "w.xie", "determine", **answers)


def accounting(answers: dict[str, Any] = OURS) -> Play:
    play = reviewing(answers).do("02 14:00", "w.yuan", "review", document="手册3.2", agreed="yes", fault_opinion="同意")
    return play.do("02 15:00", "w.yuan", "report_result", result_report="见单").do(
        "02 16:00", "w.fan", "give_opinion", gm_opinion="同意"
    )


def assessing(answers: dict[str, Any] = OURS) -> Play:
    fault: dict[str, Any] = {"measures": [{"person": "w.ding", "measure": "扣分"}], "fault_talk": "已谈"}
    final = {"item_back": "taken_back", "item_analysis": "力矩不足", "final_checked": "yes"}
    play = accounting(answers)
    play.do("02 17:00", "w.yuan", "complete_final", **final, **(fault if answers["ours"] == "yes" else {}))
    return play.do("02 18:00", "w.yuan", "transfer_final")


def revisiting() -> Play:
    play = assessing().do("02 18:10", "w.pan", "assess", timely="yes", severity_used="fitting", problem="no")
    play.do("02 19:00", "w.wei", "finish_task", execution="已执行")
    return play.do("02 20:00", "w.wei", "finish_rework", rework_note="已返修")


def pending() -> Play:
    play = (
        determining()
        .do("02 11:00", "w.wei", "find_facts", facts="待检测")
        .do("02 12:00", "w.xie", "determine", **UNCLEAR)
    )
    return play.do("03 12:00", "w.fan", "decide_pending", pending_approved="yes")
