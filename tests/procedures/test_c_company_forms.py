"""C公司: what each of its forms insists on."""

from collections.abc import Callable

import pytest

from tests.procedures.asked import asks, rules
from tests.procedures.playing import Play, answer
from tests.procedures.test_c_company import received, solving


def classifying() -> Play:
    return received().do("02 10:00", "c.li", "send_form", receiving_unit="project_service", scope="other_department")


def explaining() -> Play:
    return solving().do("05 09:00", "c.sun", "declare_unsolvable", why_not="缺配件")


def solved() -> Play:
    return solving().do("03 09:00", "c.sun", "return_result", result="已修复")


def joint_explanation_owed() -> Play:
    return solving().do("02 13:00", "c.wang", "organise_joint")


def invited() -> Play:
    return solving().do("03 09:00", "c.wang", "set_common_time", common_time=answer("07 15:00"), common_place="会所")


@pytest.mark.parametrize(
    ("way", "when", "who", "action", "questions", "given"),
    [
        asks(received, "02 09:10", "c.wang", "set_common_time", "common_time common_place", rules("C-32")),
        asks(received, "02 09:10", "c.li", "send_form", "receiving_unit scope", rules("C-09", "C-12")),
        asks(received, "02 09:10", "c.li", "act_for_customer", "assistance", rules("C-13")),
        asks(solving, "02 12:10", "c.wang", "urge", "urged", rules("C-14")),
        asks(solving, "02 12:10", "c.sun", "return_result", "result", rules("C-25")),
        asks(solving, "02 12:10", "c.sun", "declare_unsolvable", "why_not", rules("C-27")),
        asks(classifying, "02 10:10", "c.wang", "classify",
             "scope department category filed complex",
             rules("C-03", "C-12", "C-21", "C-22", "C-23", "C-30")),
        asks(explaining, "05 09:10", "c.wang", "agree_new_time", "explained new_time", rules("C-28", "C-29")),
        asks(solved, "03 09:10", "c.wang", "tell_customer", "reply told_how", rules("C-26")),
        asks(joint_explanation_owed, "02 13:10", "c.wang", "hold_joint", "joint_record", rules("C-30")),
        asks(invited, "03 09:10", "c.wang", "log_attendance", "attended common_record", rules("C-32")),
    ],
)  # fmt: skip
def test_nothing_is_done_while_a_question_of_its_form_is_unanswered(
    way: Callable[[], Play], when: str, who: str, action: str, questions: set[str], given: dict[str, str]
) -> None:
    assert questions <= way().lacking(when, who, action, **given)
