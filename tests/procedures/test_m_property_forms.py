"""地产公司: what each of its forms insists on."""

from collections.abc import Callable

import pytest

from tests.procedures.asked import asks, rules
from tests.procedures.gardens import (
    FAILED,
    SOLVED,
    UNREASONABLE,
    analysing,
    approving,
    clarifying,
    implementing,
    judged,
    registered,
    revisiting,
    with_office,
)
from tests.procedures.playing import Play, answer


def to_be_reported() -> Play:
    return judged(FAILED)


def overdue() -> Play:
    return implementing().wait("06 18:00")


def important() -> Play:
    return judged(FAILED | {"importance": "important"})


def severe() -> Play:
    return judged(FAILED | {"importance": "severe"})


def inspection_called() -> Play:
    meeting = {"heads_contacted": ["m.ren"], "inspect_at": answer("03 10:00"), "inspectors": ["m.pan", "m.xiao"]}
    return severe().do("02 11:00", "m.ma", "arrange_inspection", **meeting)


def written_report_owed() -> Play:
    return implementing().do("03 09:00", "m.ma", "mark_severe", severe_why="媒体关注")


def unreasonable() -> Play:
    return judged(UNREASONABLE)


def with_other_units() -> Play:
    return analysing().do("02 12:00", "m.ma", "involve_units", units="供电局", units_why="线路归供电局")


def limited() -> Play:
    return implementing().do("02 16:00", "m.ma", "set_limit", limit_what="订购主板", limit_due=answer("03 12:00"))


def settled() -> Play:
    return revisiting().do("05 10:00", "m.ma", "revisit", **SOLVED)


@pytest.mark.parametrize(
    ("way", "when", "who", "action", "questions", "given"),
    [
        asks(analysing, "02 11:10", "m.ma", "coordinate", "coordination", rules("M-15")),
        asks(analysing, "02 11:10", "m.ma", "contact_department", "contact_note", rules("M-30")),
        asks(analysing, "02 11:10", "m.ma", "analyse",
             "cause responsible commitment_rule plan limits due_at",
             rules("M-34", "M-35", "M-36", "M-39")),
        asks(analysing, "02 11:10", "m.ma", "set_limit", "limit_what limit_due", rules("M-39")),
        asks(analysing, "02 11:10", "m.ma", "reassign", "department reassign_why", rules("M-06", "M-13")),
        asks(analysing, "02 11:10", "m.ma", "mark_severe", "severe_why", rules("M-42")),
        asks(analysing, "02 11:10", "m.ma", "involve_units", "units units_why", rules("M-47")),
        asks(analysing, "02 11:10", "m.hu", "log_conduct", "conduct conduct_note", rules("M-06", "M-09")),
        asks(overdue, "07 09:00", "m.cheng", "settle_lateness", "lateness_handling", rules("M-41")),
        asks(approving, "02 14:10", "m.ren", "approve", "approved", rules("M-37")),
        asks(clarifying, "02 10:10", "m.ma", "judge_validity",
             "clarified office_says valid valid_why form_filled",
             rules("M-27", "M-28", "M-29", "M-52")),
        asks(implementing, "02 15:10", "m.ma", "reply_plan", "reply_plan", rules("M-38")),
        asks(implementing, "02 15:10", "m.ma", "track", "tracked", rules("M-40")),
        asks(implementing, "02 15:10", "m.tian", "implement", "done_what nonconforming", rules("M-02", "M-38", "M-40")),
        asks(implementing, "02 15:10", "m.tian", "implement", "correction", rules("M-02"), nonconforming="yes"),
        asks(registered, "02 09:10", "m.ma", "judge",
             "path reasonable importance",
             rules("M-12", "M-16", "M-17", "M-19", "M-26", "M-42")),
        asks(registered, "02 09:10", "m.ma", "judge", "situation", rules("M-20"), path="direct"),
        asks(registered, "02 09:10", "m.ma", "judge", "department", rules("M-13"), reasonable="yes"),
        asks(registered, "02 09:10", "m.ma", "judge", "unreasonable_why", rules("M-12"), reasonable="no"),
        asks(revisiting, "04 10:10", "m.ma", "log_revisit_attempt", "revisit_outcome", rules("M-25", "M-31")),
        asks(revisiting, "04 10:10", "m.ma", "log_revisit_attempt",
             "revisit_again_at",
             rules("M-25", "M-31"), revisit_outcome="agreed_time"),
        asks(revisiting, "04 10:10", "m.ma", "revisit",
             "revisit_how result_told solved customer_words",
             rules("M-07", "M-25", "M-31", "M-38")),
        asks(with_office, "02 10:10", "m.ma", "point_to_office", "consent", rules("M-21")),
        asks(with_office, "02 10:10", "m.ma", "check_result", "office_solved check_note", rules("M-24")),
        asks(with_office, "02 10:10", "m.xiao", "office_contact", "office_contact_at office_contact", rules("M-23")),
        asks(to_be_reported, "02 09:40", "m.ma", "report", "report_how reported_to report_note", rules("M-16", "M-17")),
        asks(important, "02 09:40", "m.ma", "report", "written_report", rules("M-17")),
        asks(severe, "02 09:40", "m.ma", "report_severe", "director_told_at office_told_at", rules("M-43")),
        asks(severe, "02 09:40", "m.ma", "arrange_inspection",
             "heads_contacted inspect_at inspectors",
             rules("M-44", "M-45")),
        asks(inspection_called, "02 11:10", "m.ma", "inspect",
             "customer_present found found_entered",
             rules("M-45", "M-46")),
        asks(written_report_owed, "03 09:10", "m.ma", "file_written_report", "written_report", rules("M-17")),
        asks(unreasonable, "02 09:40", "m.ma", "contact_complainant", "explained related_work", rules("M-32", "M-53")),
        asks(with_other_units, "02 12:10", "m.ma", "tell_customer",
             "related_work told_customer",
             rules("M-48", "M-53")),
        asks(with_other_units, "02 12:10", "m.ma", "contact_units", "units_contact_at negotiation", rules("M-49")),
        asks(with_other_units, "02 12:10", "m.ma", "answer_after_units", "units_reply", rules("M-50")),
        asks(limited, "02 16:10", "m.ma", "meet_limit", "limit_done", rules("M-40")),
        asks(settled, "05 10:10", "m.ma", "file", "category", rules("M-18")),
    ],
)  # fmt: skip
def test_nothing_is_done_while_a_question_of_its_form_is_unanswered(
    way: Callable[[], Play], when: str, who: str, action: str, questions: set[str], given: dict[str, str]
) -> None:
    assert questions <= way().lacking(when, who, action, **given)
