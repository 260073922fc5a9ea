"""品牌店铺: what each of its forms insists on."""

from collections.abc import Callable

import pytest

from tests.procedures.asked import asks, rules
from tests.procedures.playing import Play
from tests.procedures.store import (
    REVIEW,
    SOLVED,
    TOLD,
    heard,
    informing,
    listening,
    reviewing,
    settled,
    solving,
    transferred,
)


def by_letter() -> Play:
    return listening("letter")


def acknowledged() -> Play:
    return by_letter().do("02 11:05", "s.fang", "acknowledge_letter", acknowledged_how="message")


def called() -> Play:
    return listening().do("02 11:05", "s.fang", "call_in_charge", called_at="2026-11-02T11:05:00+08:00")


def head_office_asked() -> Play:
    return heard().do("02 11:40", "s.fang", "report_head_office", head_office_asked="是否全部换货")


def solved_elsewhere() -> Play:
    return transferred().do("03 10:00", "s.cui", "department_solves", **SOLVED)


def settled_elsewhere() -> Play:
    play = solved_elsewhere().do("03 11:00", "s.fang", "inform", process="持小票到店换货", **TOLD)
    return play.do("03 12:00", "s.fang", "archive", written_record="yes")


def from_the_association() -> Play:
    return settled(origin="consumer_association", association_contact="12315 王女士")


def unlawful() -> Play:
    return heard(illegal="yes")


def publishing() -> Play:
    return reviewing().do("02 16:00", "s.fang", "review", **REVIEW)


def occasional() -> Play:
    return reviewing().do("02 16:00", "s.fang", "review", **REVIEW | {"frequency": "occasional"})


def recurring() -> Play:
    return heard().do("02 11:40", "s.qin", "open_root_cause", recurring_why="本月第三件")


@pytest.mark.parametrize(
    ("way", "when", "who", "action", "questions", "given"),
    [
        asks(heard, "02 11:40", "s.fang", "log_letter", "letter_at", rules("S-42")),
        asks(heard, "02 11:40", "s.fang", "analyse",
             "key_points policy can_answer in_authority",
             rules("S-18", "S-19", "S-20", "S-21")),
        asks(heard, "02 11:40", "s.fang", "report_head_office", "head_office_asked", rules("S-22")),
        asks(heard, "02 11:40", "s.fang", "home_visit", "visited_at visitor visit_outcome", rules("S-58")),
        asks(heard, "02 11:40", "s.fang", "add_recording", "recording", rules("S-39", "S-40")),
        asks(heard, "02 11:40", "s.fang", "add_recording", "recording_for caller_informed", rules("S-39", "S-41"),
             recording="call-1"),
        asks(heard, "02 11:40", "s.fang", "log_changes", "changes", rules("S-75")),
        asks(heard, "02 11:40", "s.qin", "open_root_cause", "recurring_why", rules("S-70")),
        asks(informing, "02 13:10", "s.fang", "inform", "told_how answer answer_words", rules("S-26")),
        asks(informing, "02 13:10", "s.qin", "end_unaccepted", "end_why", rules("S-26")),
        asks(listening, "02 11:10", "s.fang", "call_in_charge", "called_at", rules("S-03")),
        asks(listening, "02 11:10", "s.fang", "hear",
             "category origin special illegal received_by heard_out name_read address_read phone_read "
             "content_read rest_read end_date settled_in_talk",
             rules("S-03", "S-08", "S-16", "S-21", "S-40", "S-52", "S-53", "S-54", "S-55", "S-56", "S-57", "S-59",
             "S-61", "S-63", "S-70")),
        asks(listening, "02 11:10", "s.fang", "hear",
             "customer_name customer_address customer_phone",
             rules("S-52", "S-53", "S-54")),
        asks(listening, "02 11:10", "s.fang", "hear",
             "fact_when fact_where fact_who fact_what fact_result",
             rules("S-34", "S-35", "S-36", "S-37", "S-38")),
        asks(listening, "02 11:10", "s.fang", "hear", "recording", rules("S-40"), special="yes"),
        asks(listening, "02 11:10", "s.fang", "hear",
             "association_contact",
             rules("S-61"), origin="consumer_association"),
        asks(listening, "02 11:10", "s.fang", "hear", "corrections", rules("S-57"), name_read="corrected"),
        asks(listening, "02 11:10", "s.fang", "hear", "talk_result", rules("S-08"), settled_in_talk="yes"),
        asks(reviewing, "02 15:10", "s.fang", "review",
             "own_meeting other_shops_effect preventable frequency",
             rules("S-15", "S-28", "S-30", "S-70", "S-72")),
        asks(reviewing, "02 15:10", "s.fang", "review", "other_shops_what", rules("S-30"), other_shops_effect="yes"),
        asks(settled, "02 14:10", "s.fang", "archive", "written_record", rules("S-67")),
        asks(solving, "02 12:10", "s.fang", "solve", "covered solution", rules("S-23")),
        asks(solving, "02 12:10", "s.fang", "transfer",
             "department transfer_explained transfer_accepted",
             rules("S-24", "S-25")),
        asks(transferred, "02 13:10", "s.cui", "department_solves", "covered solution", rules("S-23")),
        asks(transferred, "02 13:10", "s.cui", "return_transfer", "return_why", rules("S-24")),
        asks(by_letter, "02 11:10", "s.fang", "forward_letter", "forwarded_to", rules("S-43")),
        asks(by_letter, "02 11:10", "s.fang", "acknowledge_letter", "acknowledged_how", rules("S-44")),
        asks(acknowledged, "02 11:15", "s.fang", "store_phone", "customer_phone", rules("S-46")),
        asks(called, "02 11:15", "s.fang", "go_on_alone", "alone_why", rules("S-03")),
        asks(called, "02 11:15", "s.lu", "take_over", "came_at", rules("S-03")),
        asks(head_office_asked, "02 11:50", "s.du", "head_office_answers", "head_office_answer", rules("S-22")),
        asks(solved_elsewhere, "03 10:10", "s.fang", "inform", "process", rules("S-27")),
        asks(settled_elsewhere, "03 12:10", "s.fang", "review", "settled_how reaction", rules("S-29")),
        asks(from_the_association, "02 14:10", "s.fang", "tell_association", "association_told", rules("S-62")),
        asks(unlawful, "02 11:40", "s.fang", "tell_police", "police_contact", rules("S-63")),
        asks(publishing, "02 16:10", "s.qin", "publish",
             "publication published_on readers lesson avoid",
             rules("S-74", "S-76")),
        asks(occasional, "02 16:10", "s.qin", "write_shop_rule", "shop_rule", rules("S-72", "S-73")),
        asks(recurring, "02 11:50", "s.qin", "find_root",
             "root_cause improvement improvement_what",
             rules("S-70", "S-71")),
    ],
)  # fmt: skip
def test_nothing_is_done_while_a_question_of_its_form_is_unanswered(
    way: Callable[[], Play], when: str, who: str, action: str, questions: set[str], given: dict[str, str]
) -> None:
    assert questions <= way().lacking(when, who, action, **given)
