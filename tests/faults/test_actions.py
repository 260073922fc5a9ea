"""Every kind of action, crashed at every call: done once or not at all, and what it says is sent."""

from typing import Any

import pytest

from tests.faults.crashes import Tally, crash_everywhere
from tests.faults.kth_call import KthCall
from tests.faults.stage import Stage
from tests.procedures.workshop import ATTEMPT, EVENT, OURS, PHONE

Steps = list[tuple[str, str, dict[str, Any]]]

COMPANY: Steps = [
    ("c.li", "hand_over", {"hand_over_to": "c.chen", "hand_over_why": "交班"}),
    ("c.chen", "accept_hand_over", {"task": "hand_over-1"}),
    ("c.chen", "send_form", {"receiving_unit": "project_service", "scope": "other_department"}),
    (
        "c.wang",
        "classify",
        {
            "scope": "other_department",
            "department": "engineering",
            "category": "equipment",
            "filed": "yes",
            "complex": "yes",
        },
    ),
    ("c.wang", "urge", {"urged": "请尽快受理"}),
    ("c.sun", "accept", {}),
    ("c.sun", "declare_unsolvable", {"why_not": "需更换主板，到货需三天"}),
    ("c.wang", "agree_new_time", {"explained": "已说明原因", "new_time": "2026-03-09T18:00:00+08:00"}),
    ("c.sun", "return_result", {"result": "已更换主板，电梯恢复运行"}),
    ("c.wang", "tell_customer", {"reply": "电梯已恢复运行", "told_how": "phone", "satisfied": "yes"}),
    ("c.wang", "hold_joint", {"task": "joint_explanation-1", "joint_record": "工程部、物业公司一同说明"}),
]

WORKSHOP: Steps = [
    (
        "w.lin",
        "report",
        {"apologised_at": "2026-03-02T09:00:00+08:00", "nature": "quality", "reported_to": "customer_manager", **EVENT},
    ),
    (
        "w.pan",
        "open_form",
        {"plate": "京A12345", "filled_by": "w.pan", "brief": "返修后仍异响", "department": "workshop"},
    ),
    ("w.cao", "number_form", {"form_numbered": "yes"}),
    ("w.xie", "read_history", {"history_read": "yes"}),
    ("w.xie", "find_facts", {"facts": "球头未更换"}),
    ("w.xie", "log_failed_attempt", {**ATTEMPT, "attempt_at": "2026-03-02T09:00:00+08:00"}),
    ("w.xie", "talk", PHONE),
    ("w.xie", "determine", {**OURS, "rework_at": "2026-03-06T09:00:00+08:00"}),
    ("w.yuan", "review", {"document": "手册3.2", "agreed": "no", "objection": "偏轻"}),
    (
        "w.yuan",
        "sign_negotiated",
        {
            "negotiated": "折中处理",
            "participants": ["w.yuan", "w.xie"],
            "signed_by_all": "yes",
            "signatures": ["w.yuan", "w.xie"],
        },
    ),
    ("w.yuan", "report_result", {"result_report": "拟按协商意见处理"}),
]


@pytest.mark.parametrize(("org", "steps"), [("c-company", COMPANY), ("w-workshop", WORKSHOP)], ids=["C", "W"])
def test_an_action_is_done_once_wherever_it_was_cut_off(stage: Stage, tally: Tally, org: str, steps: Steps) -> None:
    """Somebody does it, is cut off, looks at the case again and does it unless it is done."""
    case = stage.post(org, f"actions-{org}", channel="phone")
    stage.settle()
    for actor, action, answers in steps:
        before = stage.head(case)
        times = before.done[action].times if action in before.done else 0

        def do(actor: str = actor, action: str = action, answers: dict[str, Any] = answers, times: int = times) -> None:
            mark = stage.head(case).done.get(action)
            if mark is None or mark.times == times:
                stage.act(case, action, actor, **answers)

        def done_once(_: KthCall, action: str = action, times: int = times) -> None:
            assert stage.head(case).done[action].times == times + 1
            acted = [e for e in stage.world.stores.cases.history(org, case.number) if e.action == action]
            assert len(acted) == times + 1

        crash_everywhere(stage, do, tally=tally, what="actions", then=done_once)
        stage.settle()
    if org == "c-company":
        assert stage.head(case).stage == "closed"


def test_what_is_learned_of_a_customer_is_kept_once_wherever_it_was_cut_off(stage: Stage, tally: Tally) -> None:
    """The number goes to the identity, the case is found by it, and the letter of the same action reaches it."""
    case = stage.post("e-dongnan", "unknown-caller", channel="phone", phone="", email="")
    stage.settle()
    answers = {
        **dict.fromkeys(("name_checked", "room_checked", "phone_checked", "time_checked", "content_checked"), "yes"),
        "customer_name": "李女士", "customer_phone": "13900139000", "room": "3-1201", "talk": "见记录", "sharp": "no",
        "promised_at": "2026-03-04T17:00:00+08:00", "told_by": "e.li", "told_at": "2026-03-02T09:00:00+08:00",
        "began_at": "2026-03-02T09:00:00+08:00",
    }  # fmt: skip

    def do() -> None:
        if "check_form" not in stage.head(case).done:
            stage.act(case, "check_form", "e.li", **answers)

    def known_once(_: KthCall) -> None:
        cases = stage.world.stores.cases
        assert cases.identity(case.org, case.number).phone == "+8613900139000"
        hashed = stage.world.hasher("e-dongnan|phone|+8613900139000")
        assert cases.linked("e-dongnan", "phone", hashed) == [case.number]
        assert stage.head(case).reach == ["sms"]
        assert "13900139000" not in repr((stage.head(case), cases.history(case.org, case.number)))

    crash_everywhere(stage, do, tally=tally, what="actions", then=known_once)
