"""What SES says afterwards: receipts, returns, complaints, and things nobody understands."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.cases.deliver import deliver
from chalicelib.cases.record_delivery import record_delivery
from chalicelib.desk.complaint import CUSTOMER, Message
from chalicelib.messaging.reference import Reference
from tests.fakes.post_office import CUSTOMER_LI, NOW, World, message

PERMANENT = {
    "bounceType": "Permanent",
    "bounceSubType": "General",
    "bouncedRecipients": [{"emailAddress": "li@customer.example", "diagnosticCode": "smtp; 550 5.1.1"}],
}
TRANSIENT = {"bounceType": "Transient", "bounceSubType": "MailboxFull"}


def event(kind: str, letter: Message, to: str = CUSTOMER_LI.email, **details: Any) -> str:
    mail = {
        "messageId": "ses-1",
        "destination": [to],
        "tags": {"reference": [Reference.of(letter).encode()], "ses:configuration-set": ["redress"]},
        "headers": [{"name": "Subject", "value": "ignored"}],
    }
    return json.dumps({"eventType": kind, "mail": mail, **details})


def sent() -> tuple[World, Message]:
    letter = message()
    world = World(letter)
    deliver(Reference.of(letter), office=world.office, now=NOW)
    return world, letter


def record(world: World, text: str) -> str:
    return record_delivery(text, office=world.office, now=NOW)


def test_a_receipt_marks_the_message_delivered() -> None:
    world, letter = sent()
    assert record(world, event("Delivery", letter)) == "delivered"
    assert world.posted(letter).state == "delivered"


def test_a_late_acknowledgement_of_a_claimed_message_marks_it_sent_so_that_it_is_not_sent_again() -> None:
    letter = message()
    world = World(letter)
    world.outbox.claim(world.posted(letter), NOW, NOW)
    assert record(world, event("Send", letter)) == "sent"
    assert (world.posted(letter).state, world.posted(letter).provider_id) == ("sent", "ses-1")
    assert deliver(Reference.of(letter), office=world.office, now=NOW) == "skipped"


def test_an_acknowledgement_of_a_marked_message_is_nothing_new() -> None:
    world, letter = sent()
    assert record(world, event("Send", letter)) == "known"
    assert world.posted(letter).provider_id == "provider-1"


def test_a_permanent_bounce_suppresses_the_address_tells_the_owner_and_goes_by_text_message() -> None:
    world, letter = sent()
    assert record(world, event("Bounce", letter, bounce=PERMANENT)) == "bounced"
    posted = world.posted(letter)
    assert (posted.state, posted.error) == ("bounced", "Bounce.Permanent.General")
    assert world.suppressions.is_suppressed("email", world.office.hashed(CUSTOMER_LI.email))
    assert [(m.letter, m.to, m.channel) for m in world.others(letter)] == [
        ("result", CUSTOMER, "sms"),
        ("bounced_owner", "wang", "email"),
    ]


def test_a_complaint_about_the_mail_suppresses_the_address_too() -> None:
    world, letter = sent()
    assert record(world, event("Complaint", letter, complaint={"complaintFeedbackType": "abuse"})) == "bounced"
    assert world.posted(letter).error == "Complaint.abuse"
    assert world.suppressions.is_suppressed("email", world.office.hashed(CUSTOMER_LI.email))


@pytest.mark.parametrize(
    ("kind", "details"), [("Bounce", {"bounce": TRANSIENT}), ("Reject", {"reject": {"reason": "Bad content"}})]
)
def test_a_mail_that_did_not_arrive_falls_back_but_its_address_may_be_used_again(kind: str, details: Any) -> None:
    world, letter = sent()
    assert record(world, event(kind, letter, **details)) == "bounced"
    assert world.suppressions.known == {}
    assert len(world.others(letter)) == 2


def test_an_out_of_office_reply_to_a_delivered_mail_changes_nothing() -> None:
    world, letter = sent()
    record(world, event("Delivery", letter))
    assert record(world, event("Bounce", letter, bounce=TRANSIENT)) == "known"
    assert (world.posted(letter).state, world.others(letter)) == ("delivered", [])


def test_a_bounced_letter_to_staff_falls_back_without_a_word_to_the_owner() -> None:
    letter = message("late", "zhao")
    world = World(letter)
    record(world, event("Bounce", letter, to="zhao@desk.example", bounce=PERMANENT))
    assert [(m.letter, m.channel) for m in world.others(letter)] == [("late", "sms")]


def test_the_same_event_twice_changes_nothing_the_second_time() -> None:
    world, letter = sent()
    bounce = event("Bounce", letter, bounce=PERMANENT)
    assert [record(world, bounce), record(world, bounce)] == ["bounced", "known"]
    assert len(world.others(letter)) == 2


def test_a_receipt_after_a_bounce_does_not_undo_it() -> None:
    world, letter = sent()
    record(world, event("Bounce", letter, bounce=PERMANENT))
    assert record(world, event("Delivery", letter)) == "known"
    assert world.posted(letter).state == "bounced"


@pytest.mark.parametrize(
    "text",
    [
        "", "no json", "[]", "{}", '{"eventType": "Open", "mail": {}}', '{"eventType": "Send", "mail": {}}',
        '{"eventType": "Send", "mail": {"tags": {"reference": []}}}',
        '{"eventType": "Send", "mail": {"tags": {"reference": ["%%%"]}}}',
        '{"notificationType": "Bounce", "mail": {"destination": ["li@customer.example"]}}',
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_read_is_counted_and_left(text: str) -> None:
    world = World()
    assert record(world, text) == "unknown"
    assert world.figures == {"DeliveryEventsUnknown": 1}


def test_an_event_about_a_message_that_is_not_there_is_counted_and_left() -> None:
    assert record(World(), event("Delivery", message())) == "unknown"


@settings(max_examples=60, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(
    st.sampled_from(["eventType", "mail", "tags", "reference", "bounce", "destination"]) | st.text(), inner
) | st.lists(inner), max_leaves=12))  # fmt: skip
def test_no_event_whatever_raises(body: Any) -> None:
    assert record(World(), json.dumps(body)) == "unknown"


def test_what_is_logged_of_an_unreadable_event_holds_none_of_its_content(capsys: pytest.CaptureFixture[str]) -> None:
    record(World(), '{"eventType": "Bounce", "mail": {"destination": "li@customer.example"}}')
    out = capsys.readouterr().out
    assert "customer" not in out
