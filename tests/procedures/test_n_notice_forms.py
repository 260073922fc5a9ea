"""地产公司电话公示: what each of its forms insists on."""

from collections.abc import Callable

import pytest

from tests.procedures.asked import asks, rules
from tests.procedures.playing import Play
from tests.procedures.test_n_notice import PROGRESS, received


def helping() -> Play:
    return received().do("02 10:00", "n.cheng", "reply", **PROGRESS)


def help_asked() -> Play:
    return received().do("02 10:00", "n.cheng", "ask_help", department="engineering", help_wanted="查渗水")


@pytest.mark.parametrize(
    ("way", "when", "who", "action", "questions", "given"),
    [
        asks(received, "02 09:40", "n.cheng", "log_call_back", "call_note", rules("N-05")),
        asks(received, "02 09:40", "n.cheng", "reply",
             "contact_kind topic life_stage after_sales reply reply_how reply_kind",
             rules("N-05", "N-07", "N-08", "N-09", "N-10")),
        asks(received, "02 09:40", "n.cheng", "reply", "next_step next_at", rules("N-05"), reply_kind="progress"),
        asks(received, "02 09:40", "n.cheng", "ask_help", "department help_wanted", rules("N-13")),
        asks(helping, "02 10:10", "n.cheng", "reply_again",
             "reply reply_how reply_kind next_step next_at",
             rules("N-05")),
        asks(help_asked, "02 10:10", "n.cheng", "give_help", "help_given", rules("N-13")),
    ],
)  # fmt: skip
def test_nothing_is_done_while_a_question_of_its_form_is_unanswered(
    way: Callable[[], Play], when: str, who: str, action: str, questions: set[str], given: dict[str, str]
) -> None:
    assert questions <= way().lacking(when, who, action, **given)
