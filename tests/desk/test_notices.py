"""Addressing a letter: to whom, by which channel, when it may go out, and under which id."""

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.desk.calendar import QuietHours
from chalicelib.desk.complaint import CUSTOMER, ClockRun, Message
from chalicelib.desk.notices import addressed, channels, message_id
from chalicelib.desk.procedure import Send
from tests.desk.build import MONDAY, STAFF, at, blank, desk

BOTH = {**STAFF, "ann": replace(STAFF["ann"], phone="13800138000", quiet=QuietHours("22:00", "07:00"))}
NONE = {**STAFF, "ann": replace(STAFF["ann"], email="")}


def letters(who: str, by: list[Any], when: str = MONDAY, run: ClockRun | None = None, **more: Any) -> list[Message]:
    on = desk(staff=more.pop("staff", BOTH))
    case = blank(on, at(MONDAY), **more)
    return [
        m for _, m in addressed(on, case, Send(letter="late", to=[who], by=by), who, at(when), run, 1 if run else -1)
    ]


@pytest.mark.parametrize(
    ("by", "used"),
    [([], ["email"]), (["sms"], ["sms"]), (["email", "sms"], ["email", "sms"]), (["webhook"], ["email"])],
)
def test_staff_are_written_to_by_the_channels_wanted_else_by_their_first(by: list[Any], used: list[str]):
    assert [m.channel for m in letters("ann", by)] == used


def test_whoever_has_no_address_is_not_written_to():
    assert letters("ann", ["email", "sms"], staff=NONE) == []
    assert letters("nobody", []) == []


def test_the_customer_is_written_to_by_the_ways_the_case_knows():
    on = desk()
    assert channels(on, blank(on, at(MONDAY), reach=["sms", "email"]), ["email"], CUSTOMER) == ["email"]
    assert channels(on, blank(on, at(MONDAY), reach=["sms"]), ["email"], CUSTOMER) == ["sms"]
    assert channels(on, blank(on, at(MONDAY), reach=[]), ["email"], CUSTOMER) == []


def test_quiet_hours_hold_a_letter_back_until_they_end():
    assert letters("ann", [], "03-02 23:00")[0].not_before == at("03-03 07:00")
    assert letters("ann", [], "03-02 21:59")[0].not_before is None
    assert letters("ben", [], "03-02 23:00")[0].not_before is None


def test_the_letter_says_which_clock_and_rung_it_belongs_to_and_what_is_due():
    run = ClockRun(clock="look", run=2, started=at(MONDAY), due=at("03-03 09:00"), task="look-1")
    letter = letters("ann", [], run=run)[0]
    assert (letter.clock, letter.rung, letter.due) == ("look@look-1", 1, at("03-03 09:00"))


def test_the_id_is_the_same_for_the_same_letter_and_names_nobody():
    letter = letters("ann", ["sms"])[0]
    assert message_id(7, letter) == message_id(7, letters("ann", ["sms"])[0])
    assert message_id(7, letter).startswith("0000000007#late#sms#")
    assert "ann" not in message_id(7, letter)


def test_the_id_differs_by_event_letter_clock_channel_and_recipient():
    run = ClockRun(clock="solve", run=1, started=at(MONDAY), due=at("03-03 09:00"))
    plain = letters("ann", ["email", "sms"])
    others = [*plain, *letters("ben", []), *letters("ann", [], run=run), replace(plain[0], letter="due_soon")]
    ids = {message_id(version, letter) for version in (7, 8) for letter in others}
    assert len(ids) == 2 * len(others)
