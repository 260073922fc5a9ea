"""Sending one message: once, in time, to the right person, and never lost whatever fails."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.cases.deliver import ATTEMPTS, BACKOFF, LEASE, Outcome, deliver
from chalicelib.cases.post_office import PostOffice
from chalicelib.desk.complaint import CUSTOMER, Identity, Message
from chalicelib.messaging.reference import Reference
from chalicelib.ports import TryLater, Undeliverable
from tests.fakes.post_office import CASE, CUSTOMER_LI, NOW, ORGANISATION, World, message
from tests.fakes.senders import FakeSender, FakeTemplateSender

MINUTE = timedelta(minutes=1)


def go(world: World, what: Message, now: datetime = NOW) -> Outcome:
    return deliver(Reference.of(what), office=world.office, now=now)


def office_with(world: World, **parts: Any) -> None:
    world.office = PostOffice(**{**vars(world.office), **parts})


# the plain way


def test_a_letter_is_sent_once_and_marked_with_what_the_provider_called_it() -> None:
    letter = message()
    world = World(letter)
    assert go(world, letter) == "sent"
    assert go(world, letter) == "skipped"
    [mail] = world.mail.taken
    assert (mail.to, mail.subject) == ("li@customer.example", "【20261122-4711-8】答复")
    assert "李女士" in mail.text
    assert "已修复" in mail.text
    posted = world.posted(letter)
    assert (posted.state, posted.provider_id, world.armed(letter)) == ("sent", "provider-1", None)
    assert world.figures == {"MessagesSent": 1}


def test_the_provider_gets_a_reference_that_leads_back_to_the_message() -> None:
    letter = message()
    world = World(letter)
    go(world, letter)
    assert Reference.decode(world.mail.taken[0].reference) == Reference.of(letter)


def test_staff_are_written_to_in_their_own_language_with_the_address_of_the_desk() -> None:
    letter = message("late", "smith", clock="answer_in", rung=1, due=NOW)
    world = World(letter)
    go(world, letter)
    [mail] = world.mail.taken
    assert (mail.to, mail.subject) == ("smith@desk.example", "[20261122-4711-8] late")
    assert mail.text == "J. Smith: Answer within 24 hours, due 22 Nov 09:00."


def test_staff_never_get_the_address_that_proves_to_be_the_complainant() -> None:
    letter = message("result", "wang")
    world = World(letter)
    go(world, letter)
    assert "token" not in world.mail.taken[0].text


def test_a_text_message_carries_the_text_alone() -> None:
    letter = message(channel="sms")
    world = World(letter)
    assert go(world, letter) == "sent"
    [sms] = world.sms.taken
    assert (sms.to, sms.subject, sms.html) == ("+8613800000009", "", "")
    assert sms.text == "投诉20261122-4711-8已答复：https://desk.example/c-company/track/20261122-4711-8?token=t"


def test_a_provider_of_registered_templates_gets_the_template_and_its_words() -> None:
    letter = message("late", "wang", channel="sms", due=NOW)
    world = World(letter)
    provider = FakeTemplateSender()
    office_with(world, senders={"sms": provider})
    assert go(world, letter) == "sent"
    assert provider.templates == [("late.zh-Hans", {"number": "20261122-4711-8", "due": "11月22日09:00"})]


def test_a_letter_of_a_duty_needs_no_case() -> None:
    letter = message("report", "wang", number="", duty="weekly", period="2026-11-10..2026-11-16", due=NOW)
    world = World(letter)
    assert go(world, letter) == "sent"
    assert world.mail.taken[0].subject == "周报 2026-11-10至2026-11-16"


def test_a_confidential_complainant_is_not_named_even_to_themselves() -> None:
    letter = message()
    world = World(letter, case=replace(CASE, confidential=True))
    go(world, letter)
    assert "李女士" not in world.mail.taken[0].text
    assert "客户：" in world.mail.taken[0].text


def test_an_unknown_message_is_skipped() -> None:
    assert go(World(), message()) == "skipped"


def test_another_workers_message_is_skipped_until_its_lease_has_ended() -> None:
    letter = message()
    world = World(letter)
    world.outbox.claim(world.posted(letter), NOW, NOW + LEASE)
    assert go(world, letter, NOW + LEASE - MINUTE) == "skipped"
    assert go(world, letter, NOW + LEASE) == "sent"


def test_a_claim_lost_to_a_faster_worker_sends_nothing() -> None:
    letter = message()
    world = World(letter)
    office_with(world, outbox=Overtaken(world.outbox))
    assert go(world, letter) == "skipped"
    assert world.mail.taken == []


class Overtaken:
    """An outbox where somebody else claims first."""

    def __init__(self, outbox: Any) -> None:
        self.outbox = outbox

    def __getattr__(self, name: str) -> Any:
        return getattr(self.outbox, name)

    def claim(self, *_: object) -> bool:
        return False


# quiet hours


OPENING = NOW + 60 * MINUTE


def held(rung: int, **more: Any) -> Message:
    return message("late", "zhao", clock="answer_in", rung=rung, not_before=OPENING, **more)


def test_quiet_hours_leave_a_message_waiting() -> None:
    letter = held(0)
    world = World(letter)
    assert go(world, letter, OPENING - MINUTE) == "waiting"
    assert (world.posted(letter).state, world.mail.taken) == ("waiting", [])


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_at_the_opening_what_waits_is_merged_into_the_highest_rung_in_whatever_order_it_is_found(
    order: tuple[int, ...],
) -> None:
    rungs = [held(0), held(1), held(2)]
    world = World(*rungs)
    outcomes = {index: go(world, rungs[index], OPENING) for index in order}
    assert outcomes == {0: "merged", 1: "merged", 2: "sent"}
    assert len(world.mail.taken) == 1
    assert [world.posted(rung).state for rung in rungs] == ["merged", "merged", "sent"]


@pytest.mark.parametrize(
    "other",
    [
        message("late", "wang", clock="answer_in", rung=2, not_before=OPENING),
        message("late", "zhao", clock="other", rung=2, not_before=OPENING),
        message("late", "zhao", clock="answer_in", rung=2, not_before=OPENING, channel="sms"),
        message("late", "zhao", clock="answer_in", rung=2),
        message("late", "zhao", clock="answer_in", rung=2, not_before=OPENING + MINUTE),
    ],
    ids=["another person", "another clock", "another channel", "not held back", "held back longer"],
)
def test_what_is_not_of_one_person_clock_channel_and_opening_is_not_merged(other: Message) -> None:
    letter = held(0)
    world = World(letter, other)
    assert go(world, letter, OPENING) == "sent"


def test_a_rung_is_not_merged_into_one_that_could_not_be_delivered() -> None:
    low, high = held(0), held(1)
    world = World(low, high)
    world.outbox.settle(world.posted(high), "dead")
    assert go(world, low, OPENING) == "sent"


# trouble


def test_a_busy_provider_is_tried_again_after_one_five_and_fifteen_minutes_and_then_no_more() -> None:
    letter = message("late", "wang")
    world = World(letter)
    office_with(world, senders={"email": FakeSender(*[TryLater("TooManyRequestsException")] * 9)})
    now = NOW
    for wait in BACKOFF:
        assert go(world, letter, now) == "retry"
        assert world.armed(letter) == now + wait
        now += wait
    assert go(world, letter, now) == "dead"
    posted = world.posted(letter)
    assert (posted.state, posted.error, world.armed(letter)) == ("dead", "TooManyRequestsException", None)
    assert world.figures == {"MessagesDead": 1}


def test_a_provider_that_recovers_gets_the_letter_once() -> None:
    letter = message()
    world = World(letter)
    world.mail.troubles = [TryLater("NoAnswer")]
    assert [go(world, letter), go(world, letter, NOW + MINUTE)] == ["retry", "sent"]
    assert len(world.mail.taken) == 1


def test_a_refused_mail_goes_as_a_text_message_and_the_owner_is_told() -> None:
    letter = message()
    world = World(letter)
    world.mail.troubles = [Undeliverable("MessageRejected")]
    assert go(world, letter) == "dead"
    sms, notice = world.others(letter)
    assert (sms.channel, sms.to, sms.letter) == ("sms", CUSTOMER, "result")
    assert (notice.letter, notice.to, notice.channel) == ("bounced_owner", "wang", "email")
    assert [go(world, sms), go(world, notice)] == ["sent", "sent"]
    assert (world.sms.taken[0].to, world.mail.taken[0].to) == ("+8613800000009", "wang@desk.example")


def test_where_the_other_channel_fails_too_the_letter_ends_dead_and_does_not_go_round() -> None:
    letter = message("late", "wang")
    world = World(letter)
    world.mail.troubles = [Undeliverable("MessageRejected")]
    world.sms.troubles = [Undeliverable("InvalidParameter")]
    go(world, letter)
    [sms] = world.others(letter)
    assert go(world, sms) == "dead"
    assert world.others(letter, sms) == []


def test_a_letter_that_already_goes_by_the_other_channel_is_not_sent_there_again() -> None:
    mail, sms = message("late", "wang"), message("late", "wang", channel="sms")
    world = World(mail, sms)
    world.mail.troubles = [Undeliverable("MessageRejected")]
    go(world, mail)
    assert world.others(mail, sms) == []


def test_quiet_hours_hold_back_a_fallback_too() -> None:
    night = datetime.fromisoformat("2026-11-22T23:30:00+08:00")
    letter = message("late", "zhao")
    world = World(letter)
    world.mail.troubles = [Undeliverable("MessageRejected")]
    go(world, letter, night)
    [sms] = world.others(letter)
    assert sms.not_before == datetime.fromisoformat("2026-11-23T07:00:00+08:00")


def test_an_urgent_fallback_passes_over_quiet_hours() -> None:
    letter = message("late", "zhao", urgent=True)
    world = World(letter)
    world.mail.troubles = [Undeliverable("MessageRejected")]
    go(world, letter, datetime.fromisoformat("2026-11-22T23:30:00+08:00"))
    assert [sms.not_before for sms in world.others(letter)] == [None]


@pytest.mark.parametrize(
    ("letter", "identity", "code"),
    [
        (message(), Identity(name="李女士"), "NoAddress"),
        (message("late", "gone"), CUSTOMER_LI, "NoAddress"),
        (message("late", "nobody"), CUSTOMER_LI, "NoAddress"),
        (message("late", "wang", channel="webhook"), CUSTOMER_LI, "NoAddress"),
        (message("leaky"), CUSTOMER_LI, "BadLetter"),
        (message("no_such_letter"), CUSTOMER_LI, "BadLetter"),
        (message(number="20261122-0000-0"), CUSTOMER_LI, "NoSuchCase"),
        (message("report", "wang", number="", duty="weekly", site="no-such-site"), CUSTOMER_LI, "NoSuchCase"),
    ],
)
def test_what_cannot_be_written_or_addressed_is_dead_at_once_and_says_why(
    letter: Message, identity: Identity, code: str
) -> None:
    world = World(letter, identity=identity)
    assert go(world, letter) == "dead"
    assert (world.posted(letter).error, world.mail.taken) == (code, [])


def test_a_site_may_be_written_to_by_webhook() -> None:
    letter = message("late", "wang", channel="webhook")
    world = World(letter)
    site = replace(ORGANISATION.sites["main"], contact={"webhook": "https://crm.example/hook"})
    world.stores.directory.put_organisation(replace(ORGANISATION, sites={"main": site}))
    hook = FakeSender()
    office_with(world, senders={"webhook": hook})
    assert go(world, letter) == "sent"
    assert hook.taken[0].to == "https://crm.example/hook"


def test_a_channel_that_this_deployment_has_not_is_no_way() -> None:
    letter = message()
    world = World(letter)
    office_with(world, senders={})
    assert go(world, letter) == "dead"
    assert world.posted(letter).error == "NoSuchChannel"


def test_a_suppressed_address_is_not_written_to() -> None:
    letter = message()
    world = World(letter)
    world.suppressions.add("email", world.office.hashed(CUSTOMER_LI.email), "Bounce.Permanent.General")
    assert go(world, letter) == "dead"
    assert (world.posted(letter).error, world.mail.taken) == ("Suppressed", [])
    assert {other.letter for other in world.others(letter)} == {"result", "bounced_owner"}


def test_a_suppressed_number_is_no_fallback() -> None:
    letter = message("late", "wang")
    world = World(letter)
    world.suppressions.add("sms", world.office.hashed("+8613900000001"), "OptedOut")
    world.mail.troubles = [Undeliverable("MessageRejected")]
    go(world, letter)
    assert world.others(letter) == []


def test_a_message_whose_every_worker_died_is_given_up_and_seen() -> None:
    letter = message("late", "wang")
    world = World(letter)
    now = NOW
    for _ in range(ATTEMPTS):
        assert world.outbox.claim(world.posted(letter), now, now + LEASE)
        now += LEASE
    assert go(world, letter, now) == "dead"
    assert world.posted(letter).error == "NoAcknowledgement"
    assert world.mail.taken == []


# crashes


class Crash(BaseException):
    """The worker dies here."""


class Fuse:
    """Counts the calls that go out, and dies at the `at`-th: before it happens, or after (its answer is lost)."""

    def __init__(self, at: int, when: str) -> None:
        self.at, self.when, self.calls, self.last = at, when, 0, ""

    def around(self, part: Any) -> Any:
        return Fused(part, self)


class Fused:
    def __init__(self, part: Any, fuse: Fuse) -> None:
        self._part, self._fuse = part, fuse

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            fuse = self._fuse
            fuse.calls += 1
            blows = fuse.calls == fuse.at
            if blows:
                fuse.last = name
            if blows and fuse.when == "before":
                raise Crash
            try:
                return getattr(self._part, name)(*args, **named)
            finally:
                if blows:
                    raise Crash

        return call


def fused(world: World, fuse: Fuse) -> PostOffice:
    office = world.office
    parts = {name: fuse.around(getattr(office, name)) for name in ("outbox", "cases", "suppressions")}
    senders = {channel: fuse.around(sender) for channel, sender in office.senders.items()}
    return PostOffice(**{**vars(office), **parts, "senders": senders})


def crash_and_recover(world: World, letter: Message, at: int, when: str) -> tuple[Fuse, bool]:
    """Die at one call, then let the sweep find everything until nothing is armed. Whether it died at all."""
    fuse, died = Fuse(at, when), False
    try:
        deliver(Reference.of(letter), office=fused(world, fuse), now=NOW)
    except Crash:
        died = True
    for minute in range(30):
        for posted in list(world.memory.posted.values()):
            deliver(Reference.of(posted.message), office=world.office, now=NOW + minute * MINUTE)
    return fuse, died


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_call_leaves_the_letter_sent_and_twice_only_where_its_mark_was_lost(when: str) -> None:
    died_at: dict[int, str] = {}
    for at in range(1, 30):
        letter = message("late", "zhao", clock="answer_in", rung=0, not_before=NOW)
        world = World(letter)
        fuse, died = crash_and_recover(world, letter, at, when)
        assert world.posted(letter).state == "sent", fuse.last
        mark_lost = (when, fuse.last) in {("after", "send"), ("before", "settle")}
        assert len(world.mail.taken) == (2 if mark_lost else 1), fuse.last
        if not died:
            break
        died_at[at] = fuse.last
    assert [*died_at.values()] == ["load", "claim", "beside", "load", "is_suppressed", "send", "settle"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_call_of_a_refused_letter_still_reaches_the_customer_once_by_some_channel(when: str) -> None:
    places = []
    for at in range(1, 40):
        letter = message()
        world = World(letter)
        world.mail.troubles = [Undeliverable("MessageRejected")]
        fuse, died = crash_and_recover(world, letter, at, when)
        # A refusal that the dead worker alone heard is asked for again; here the provider then takes the mail.
        states = {p.message.letter + p.message.channel: p.state for p in world.memory.posted.values()}
        reached = [mail.to for mail in world.mail.taken] + [sms.to for sms in world.sms.taken]
        assert {"li@customer.example", "+8613800000009"} & set(reached), fuse.last
        assert len(reached) == len(set(reached)), fuse.last
        assert set(states.values()) <= {"sent", "dead"}, fuse.last
        if not died:
            assert states == {"resultemail": "dead", "resultsms": "sent", "bounced_owneremail": "sent"}
            break
        places.append(fuse.last)
    assert places.count("add") == 2
    assert places[-1] == "settle"
