"""北区医院: what each of its forms insists on."""

from collections.abc import Callable

import pytest

from tests.procedures.asked import asks, rules
from tests.procedures.hospital import TOLD, asked, feeding_back, instruction_asked, investigating, registered
from tests.procedures.playing import Play


def assistance_asked() -> Play:
    return registered().do("02 10:30", "h.luo", "ask_assistance", assisting_unit="nursing", assist_wanted="护理记录")


def told() -> Play:
    return feeding_back().do("04 09:00", "h.luo", "feed_back", **TOLD)


@pytest.mark.parametrize(
    ("way", "when", "who", "action", "questions", "given"),
    [
        asks(asked, "02 09:10", "h.shi", "register",
             "case_kind from_whom identity_kind",
             rules("H-03", "H-04", "H-16", "H-17")),
        asks(asked, "02 09:10", "h.shi", "register", "reporter_name", rules("H-16", "H-17"), identity_kind="named"),
        asks(asked, "02 09:10", "h.shi", "register", "query_code", rules("H-17"), identity_kind="anonymous"),
        asks(asked, "02 09:10", "h.shi", "add_recording", "recording recording_why recording_told", rules("H-13")),
        asks(asked, "02 09:10", "h.yin", "bring_to_unit", "taken_to", rules("H-05", "H-07")),
        asks(feeding_back, "03 16:10", "h.luo", "log_attempt", "attempt_note", rules("H-17")),
        asks(feeding_back, "03 16:10", "h.luo", "feed_back", "feedback_outcome", rules("H-17")),
        asks(feeding_back, "03 16:10", "h.luo", "feed_back",
             "feedback feedback_how",
             rules("H-17"), feedback_outcome="told"),
        asks(feeding_back, "03 16:10", "h.luo", "feed_back",
             "no_feedback_why",
             rules("H-17"), feedback_outcome="impossible"),
        asks(instruction_asked, "02 11:10", "h.shi", "ask_assistance",
             "assisting_unit assist_wanted",
             rules("H-08", "H-16")),
        asks(instruction_asked, "02 11:10", "h.luo", "urge_instruction", "urged", rules("H-14")),
        asks(instruction_asked, "02 11:10", "h.gu", "instruct", "instruction lead team", rules("H-14", "H-15", "H-16")),
        asks(investigating, "02 14:10", "h.jin", "log_step", "step_on step", rules("H-15")),
        asks(investigating, "02 14:10", "h.jin", "conclude", "findings handling", rules("H-15")),
        asks(registered, "02 10:10", "h.luo", "ask_instruction", "question", rules("H-14", "H-16")),
        asks(assistance_asked, "02 10:40", "h.shi", "assist", "assisted", rules("H-08")),
        asks(told, "04 09:10", "h.luo", "archive", "material", rules("H-18")),
    ],
)  # fmt: skip
def test_nothing_is_done_while_a_question_of_its_form_is_unanswered(
    way: Callable[[], Play], when: str, who: str, action: str, questions: set[str], given: dict[str, str]
) -> None:
    assert questions <= way().lacking(when, who, action, **given)
