"""投诉电话: what each of its forms insists on."""

from collections.abc import Callable

import pytest

from tests.procedures.asked import asks, rules
from tests.procedures.playing import Play
from tests.procedures.telephone import (
    AGREED,
    agreeing,
    approving_unsolved,
    carrying_out,
    comforting,
    finding_facts,
    listening,
    noting_result,
    reflecting,
    second_contact,
)


def refused_by_the_guest() -> Play:
    no = AGREED | {"agreement": "no", "refusal": "没有诚意", "after_refusal": "department_manager"}
    del no["solver"]
    return agreeing().do("02 10:00", "t.dong", "propose", **no)


def with_a_manager() -> Play:
    asked = {"asked_of": "duty_manager", "department": "rooms", "escalated_why": "没有空房"}
    return carrying_out().do("02 11:00", "t.ren", "escalate", **asked)


def left_unsolved() -> Play:
    return approving_unsolved().do(
        "02 16:00", "t.jiang", "approve_unsolved", unsolved_approved="yes", unsolved_words="已尽力"
    )


@pytest.mark.parametrize(
    ("way", "when", "who", "action", "questions", "given"),
    [
        asks(agreeing, "02 09:50", "t.su", "add_knowledge", "knowledge_kind knowledge", rules("T-41")),
        asks(agreeing, "02 09:50", "t.dong", "propose", "proposal agreement department", rules("T-13", "T-28")),
        asks(agreeing, "02 09:50", "t.dong", "propose", "solver", rules("T-30"), agreement="yes"),
        asks(agreeing, "02 09:50", "t.dong", "propose", "refusal after_refusal", rules("T-13", "T-28"), agreement="no"),
        asks(agreeing, "02 09:50", "t.dong", "escalate", "department asked_of escalated_why", rules("T-28")),
        asks(agreeing, "02 09:50", "t.dong", "track", "progress", rules("T-31")),
        asks(agreeing, "02 09:50", "t.dong", "declare_unsolved", "not_solved_why", rules("T-32")),
        asks(approving_unsolved, "02 15:10", "t.jiang", "approve_unsolved",
             "unsolved_approved unsolved_words",
             rules("T-11", "T-32")),
        asks(carrying_out, "02 10:10", "t.ren", "report_progress", "progress", rules("T-31")),
        asks(carrying_out, "02 10:10", "t.ren", "report_outcome", "outcome", rules("T-31")),
        asks(comforting, "02 09:40", "t.dong", "comfort", "sympathy apology", rules("T-10", "T-25", "T-26")),
        asks(finding_facts, "02 09:20", "t.dong", "find_facts", "facts", rules("T-12")),
        asks(listening, "02 09:10", "t.dong", "end_call",
             "guest_name guest_phone factor",
             rules("T-01", "T-02", "T-21", "T-22")),
        asks(noting_result, "02 12:10", "t.dong", "note_result", "result result_note", rules("T-32")),
        asks(reflecting, "02 15:10", "t.su", "reflect",
             "accidental prevention proper better_way",
             rules("T-37", "T-38", "T-39", "T-40")),
        asks(reflecting, "02 15:10", "t.su", "reflect", "proper_why", rules("T-39"), proper="no"),
        asks(second_contact, "02 13:10", "t.dong", "log_attempt", "attempt_note", rules("T-33")),
        asks(second_contact, "02 13:10", "t.dong", "contact_again",
             "thanked satisfied guest_words",
             rules("T-33", "T-34", "T-35")),
        asks(second_contact, "02 13:10", "t.dong", "contact_again",
             "after_dissatisfied",
             rules("T-28", "T-34"), satisfied="no"),
        asks(refused_by_the_guest, "02 10:10", "t.jiang", "resume", "manager_words", rules("T-28")),
        asks(refused_by_the_guest, "02 10:10", "t.jiang", "back_to_facts", "manager_words", rules("T-28")),
        asks(with_a_manager, "02 11:10", "t.jiang", "resume", "solver", rules("T-30")),
        asks(left_unsolved, "02 16:10", "t.su", "reflect_unsolved",
             "accidental prevention proper better_way",
             rules("T-37", "T-38", "T-39", "T-40")),
        asks(left_unsolved, "02 16:10", "t.su", "reflect_unsolved", "proper_why", rules("T-39"), proper="no"),
    ],
)  # fmt: skip
def test_nothing_is_done_while_a_question_of_its_form_is_unanswered(
    way: Callable[[], Play], when: str, who: str, action: str, questions: set[str], given: dict[str, str]
) -> None:
    assert questions <= way().lacking(when, who, action, **given)
