"""东南国际项目: what each of its forms insists on."""

from collections.abc import Callable

import pytest

from tests.procedures.asked import asks, rules
from tests.procedures.dongnan import handling, received, tracking
from tests.procedures.playing import Play


def at_the_site() -> Play:
    return received("visit")


def afterwards() -> Play:
    return handling().do("02 10:00", "e.li", "set_afterwards", conflict="双方情绪激动")


def passed_up() -> Play:
    return handling().do("02 10:00", "e.li", "pass_up", pass_up_why="超出权限")


def finished() -> Play:
    return tracking().do("03 11:00", "e.li", "finish", finished_how="已修好")


@pytest.mark.parametrize(
    ("way", "when", "who", "action", "questions", "given"),
    [
        asks(handling, "02 09:30", "e.li", "verify", "verified findings", rules("E-33")),
        asks(handling, "02 09:30", "e.li", "contact_department", "department_concerned", rules("E-34")),
        asks(handling, "02 09:30", "e.li", "contact_department",
             "department asked_of_department",
             rules("E-34"), department_concerned="yes"),
        asks(handling, "02 09:30", "e.li", "contact_department",
             "no_department_why",
             rules("E-34"), department_concerned="no"),
        asks(handling, "02 09:30", "e.li", "log_department_answer", "department_answer", rules("E-34")),
        asks(handling, "02 09:30", "e.li", "reply", "reply replied_how outcome", rules("E-26", "E-35")),
        asks(handling, "02 09:30", "e.li", "delay_contact",
             "promised_at delay_apology account delay_by delay_cause",
             rules("E-07", "E-36", "E-38")),
        asks(handling, "02 09:30", "e.li", "delay_contact", "delay_department", rules("E-36"), delay_by="department"),
        asks(handling, "02 09:30", "e.li", "flag_unreasonable", "demand_made", rules("E-26")),
        asks(handling, "02 09:30", "e.li", "attach_documents", "documents", rules("E-26", "E-28")),
        asks(handling, "02 09:30", "e.li", "set_afterwards", "conflict", rules("E-29", "E-30")),
        asks(handling, "02 09:30", "e.li", "pass_up", "pass_up_why", rules("E-40")),
        asks(handling, "02 09:30", "e.li", "follow_up", "followed_up", rules("E-39")),
        asks(handling, "02 09:30", "e.tang", "name_tracker", "tracker", rules("E-39", "E-41")),
        asks(handling, "02 09:30", "e.tang", "log_conduct", "conduct conduct_of", rules("E-31", "E-32")),
        asks(received, "02 09:10", "e.li", "check_form",
             "customer_name customer_phone room talk name_checked room_checked phone_checked time_checked "
             "content_checked began_at sharp promised_at told_by told_at",
             rules("E-05", "E-06", "E-07", "E-08", "E-09", "E-10", "E-11", "E-12", "E-13", "E-14", "E-16", "E-29")),
        asks(received, "02 09:10", "e.li", "check_form", "settled_result", rules("E-16", "E-42"), settled_now="yes"),
        asks(tracking, "03 10:10", "e.li", "not_settled",
             "promised_at dissatisfied_why",
             rules("E-07", "E-39", "E-40")),
        asks(tracking, "03 10:10", "e.li", "finish", "finished_how", rules("E-43")),
        asks(at_the_site, "02 09:10", "e.li", "check_form", "arrived_at settled_now", rules("E-16", "E-17")),
        asks(at_the_site, "02 09:10", "e.li", "check_form", "written_complaint", rules("E-17"), settled_now="no"),
        asks(afterwards, "02 10:10", "e.li", "resume", "resumed", rules("E-30")),
        asks(passed_up, "02 10:10", "e.tang", "decide", "decision", rules("E-41")),
        asks(finished, "03 11:10", "e.yu", "enter_register", "category", rules("E-46")),
    ],
)  # fmt: skip
def test_nothing_is_done_while_a_question_of_its_form_is_unanswered(
    way: Callable[[], Play], when: str, who: str, action: str, questions: set[str], given: dict[str, str]
) -> None:
    assert questions <= way().lacking(when, who, action, **given)
