"""What people write into the forms where a story does not say otherwise: the plain case, in the words of the trade."""

from datetime import datetime, timedelta
from typing import Any

UNKNOWN = {"unknown": "客户未说明"}
"""What a field takes that intake left open and nobody knows."""

COMPANY: dict[str, Any] = {
    "receiving_unit": "project_service",
    "content": "客户来电反映问题，详见录音。",
    "scope": "other_department",
    "category": "quality",
    "filed": "yes",
    "department": "engineering",
    "complex": "no",
    "result": "已派人修复并经现场复验，未再渗漏。",
    "why_not": "所需防水材料须厂家定制，本周无法到货。",
    "explained": "已向业主说明材料到货时间和施工安排。",
    "new_time": timedelta(days=10),
    "reply": "您反映的问题已处理完毕，请查验。",
    "told_how": "phone",
    "assistance": "已陪同业主到工程技术部说明情况。",
    "urged": "请尽快安排人员上门。",
    "joint_record": "工程技术部、物业公司、客户服务部共同到场解释。",
    "common_time": timedelta(days=7),
    "common_place": "售楼处二楼会议室",
    "attended": "came",
    "common_record": "已逐项解释并答疑。",
}

WORKSHOP: dict[str, Any] = {
    "event_time": UNKNOWN,
    "event_place": "本店维修车间",
    "event_people": UNKNOWN,
    "event_course": "车主取车后发现问题，返店反映。",
    "event_result": "车主要求重新检查。",
    "nature": "quality",
    "reported_to": "customer_manager",
    "plate": "粤A·D2468",
    "filled_by": "w.xie",
    "brief": "返修后故障仍在",
    "department": "workshop",
    "form_numbered": "yes",
    "history_read": "yes",
    "facts": "经路试，异响来自右前轮轴承，上次维修未更换。",
    "talk_needed": "yes",
    "no_talk_why": "车主已留言无须再联系，事实清楚。",
    "attempt_note": "电话两次无人接听，已发短信。",
    "meeting_form": "face_to_face",
    "meeting_place": "workshop",
    "meeting_why": "车主在外地，不便到店。",
    "talk_record": "车主要求免费返修，已当面听取。",
    "responsibility": "clear",
    "ours": "yes",
    "at_fault": ["w.wei"],
    "opinion": "检验把关不严，对责任人通报批评并扣当月绩效。",
    "action_plan": "更换右前轮轴承，质检员路试后交车。",
    "apology": "客户经理已当面致歉。",
    "rework_at": timedelta(days=2),
    "inspection_offer": "accepted",
    "revisit_wanted": "yes",
    "no_revisit_why": "车主明确表示不必回访。",
    "pending_reason": "quality_unclear",
    "pending_approved": "yes",
    "manager_ledger": "open",
    "manager_entry": "责任未明，待车主回厂复检。",
    "centre_ledger": "open",
    "centre_entry": "责任未明，待车主回厂复检。",
    "marked_on_vehicle": "marked",
    "contact_answer": "车主称下周末有空。",
    "change": "车主已回厂。",
    "resume_why": "customer_came",
    "document": "《维修质量管理规定》第三章",
    "agreed": "yes",
    "fault_opinion": "同意客户经理意见，按过失一级处理。",
    "objection": "认为责任在配件质量，不应由班组承担。",
    "negotiated": "配件部与车间各承担一半。",
    "participants": ["w.yuan", "w.xie", "w.ding"],
    "signed_by_all": "yes",
    "signatures": ["w.yuan", "w.xie", "w.ding"],
    "positions": "车间认为是配件问题；配件部认为是装配问题。",
    "result_report": "责任认定清楚，处理意见一致，呈请批示。",
    "gm_opinion": "同意，举一反三，开展质检培训。",
    "execution": "已执行，培训定于周五。",
    "rework_note": "已更换轴承，路试无异响。",
    "measures": [{"person": "魏东", "measure": "通报批评", "amount": "200.00"}],
    "fault_talk": "已与责任人谈话，本人认识到问题。",
    "item_back": "taken_back",
    "item_analysis": "轴承滚道剥落，建议列入路试必检项。",
    "final_checked": "yes",
    "timely": "yes",
    "severity_used": "fitting",
    "problem": "no",
    "problem_what": "终单缺过失沟通记录。",
    "fault_finding": "管理部与责任人共同认定：记录遗漏，责任在管理部。",
    "fault_finding_with": ["w.wei"],
    "revisit_outcome": "no_answer",
    "revisit_again_at": timedelta(hours=5),
    "revisit_how": "phone",
    "satisfied": "yes",
    "revisit_words": "处理及时，表示满意。",
    "revisit_dropped_why": "车主谢绝回访。",
    "consent_how": "车主当面签字同意检查底盘。",
    "inspection_result": "检查底盘，紧固排气管吊耳。",
    "inspection_dropped_why": "车主称不再需要。",
    "relief": "labour_reduced",
    "relief_amount": "120.00",
    "relief_by": "w.fan",
    "major_why": "车主称将向媒体反映，请示上门安排。",
    "gm_instruction": "由客户经理携质检员当日上门致歉。",
    "visit_record": "上门致歉，车主接受处理方案。",
    "demand_made": "索要两万元精神损失费，否则天天来店闹。",
    "recording": "rec/2026/call-17.mp3",
    "way_explained": "已说明只能按保修规定处理。",
    "way_accepted": "no",
    "outside_body": "consumer_association",
    "referred_on": "2026-03-16",
    "ruling": "消协认定本店处理方式合理。",
    "ruled_on": "2026-03-27",
    "media_who": "本地电视台记者来电了解情况。",
    "step_in_note": "店长出面接待，车主情绪平复。",
    "customer_opinion": "希望增加周末取车时段。",
}

SHARED: dict[str, Any] = {
    "hand_over_why": "明日起外出培训，此件待回访业主。",
    "hand_over_declined_why": "手头急件较多。",
    "note": "业主下午三点以后方便接电话。",
    "correction_of": "房号",
    "correction": "应为3栋2单元1102。",
    "correction_why": "登记时听错。",
    "withdrawal_how": "phone",
    "withdrawal_why": "问题已经自己解决了，不用再处理，谢谢。",
    "withdrawal_own_wish": "yes",
}

FORMS = {"c-company": {**SHARED, **COMPANY}, "w-workshop": {**SHARED, **WORKSHOP}}


def usual(procedure: str, field: str, now: datetime) -> Any:
    """The usual answer: a time from now on where it is a span, now itself where the form would offer it."""
    value = FORMS[procedure].get(field)
    if value is None and field.endswith("_at"):
        value = timedelta()
    if isinstance(value, timedelta):
        return (now + value).isoformat()
    assert value is not None, f"nobody said what to write into {field!r}"
    return value
