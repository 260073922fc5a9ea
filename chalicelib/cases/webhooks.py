"""Tell another system of an event: tried for two days, then given up in sight, and an endpoint that fails long with it.

As long as an endpoint is well nothing is written about it. The first failure notes since when it fails; the first
success after it takes that back.
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from chalicelib.cases.post_office import PostOffice
from chalicelib.cases.signing import PREVIOUS_FOR, endpoint_purpose
from chalicelib.desk.complaint import Message
from chalicelib.desk.outside import cloud_event
from chalicelib.desk.people import Endpoint, EndpointHealth, Organisation
from chalicelib.desk.procedure import Channel
from chalicelib.messaging.reference import Reference
from chalicelib.observability import logger
from chalicelib.ports import EventSender, Posted, TryLater, Undeliverable, Undelivered

Outcome = Literal["sent", "retry", "dead"]

BACKOFF = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20),
)  # fmt: skip
ATTEMPTS = 1 + len(BACKOFF)

GIVEN_UP_AFTER = timedelta(hours=24)
"""An endpoint that took nothing for so long is switched off with the next event that is given up."""

GONE = "HTTP410"
"""The receiver says that it is to be sent nothing any more."""

HOPELESS = frozenset({"NotHttps", "NotPublic", GONE})

AGAIN = "~again"
"""What follows the id of a message in one that sends the same again."""

LETTER = "webhook_disabled"


def announce(posted: Posted, attempt: int, *, office: PostOffice, now: datetime) -> Outcome:
    """Send the event, once. `posted` is claimed; what became of it is marked after."""
    message = posted.message
    organisation = office.desks.organisation(message.org)
    endpoint = organisation.webhooks.get(message.to)
    if endpoint is None or not organisation.hears(message.to):
        if attempt > 1:
            return _give_up(posted, "SwitchedOff", office)
        # A container keeps the directory for half a minute: perhaps it was made after that was read.
        office.outbox.retry_at(posted, now + BACKOFF[0], "SwitchedOff")
        return "retry"
    if attempt > ATTEMPTS:
        return _failed(posted, attempt, "NoAcknowledgement", organisation, office, now)
    try:
        _send(message, endpoint, office, now)
    except (Undeliverable, TryLater) as failure:
        return _failed(posted, attempt, failure.code, organisation, office, now)
    office.outbox.settle(posted, "sent", provider_id=Reference.of(message).encode())
    office.measure("EventsSent", 1)
    if endpoint.id in organisation.webhook_health:
        _note(office, organisation, EndpointHealth(id=endpoint.id))
    return "sent"


def _send(message: Message, endpoint: Endpoint, office: PostOffice, now: datetime) -> None:
    sender: object = office.senders.get("webhook")
    if message.tells is None or not isinstance(sender, EventSender):
        raise Undeliverable("NoSuchChannel")
    body = msgspec.json.encode(cloud_event(message, message.tells, office.public_url))
    epochs = [endpoint.epoch]
    if endpoint.epoch and endpoint.since and now < endpoint.since + PREVIOUS_FOR:
        epochs.append(endpoint.epoch - 1)
    secrets = [office.secret_of(endpoint_purpose(message.org, endpoint.id), epoch) for epoch in epochs]
    sender.send_event(endpoint.url, secrets, Reference.of(first_of(message)).encode(), body)


def first_of(message: Message) -> Message:
    """The message as it was born: one that is sent again has its id, by which a receiver knows what it has."""
    return replace(message, id=message.id.partition(AGAIN)[0])


def _failed(
    posted: Posted, attempt: int, code: str, organisation: Organisation, office: PostOffice, now: datetime
) -> Outcome:  # fmt: skip
    """Any answer but success is a failure that may pass, except where the receiver says that it will not."""
    message = posted.message
    health = organisation.webhook_health.get(message.to) or EndpointHealth(id=message.to)
    if health.failing_since is None:
        health = replace(health, failing_since=now)
        _note(office, organisation, health)
    if code not in HOPELESS and attempt < ATTEMPTS:
        office.outbox.retry_at(posted, now + BACKOFF[attempt - 1], code)
        return "retry"
    if code == GONE or (health.failing_since and now - health.failing_since >= GIVEN_UP_AFTER):
        _switch_off(message, replace(health, disabled_at=now), organisation, office, now)
    return _give_up(posted, code, office)


def _give_up(posted: Posted, code: str, office: PostOffice) -> Outcome:
    """First where it can be found again, then the mark: a crash in between repeats the one."""
    message = posted.message
    office.undelivered.add(
        Undelivered(
            org=message.org, endpoint=message.to, number=message.number, message=message.id, at=message.at, code=code
        )
    )  # fmt: skip
    office.outbox.settle(posted, "dead", error=code)
    office.measure("EventsDead", 1)
    logger().warning("event dead", extra={"number": message.number, "org": message.org, "code": code})
    return "dead"


def _switch_off(
    message: Message, health: EndpointHealth, organisation: Organisation, office: PostOffice, now: datetime
) -> None:  # fmt: skip
    """The administrators are told before it is off, so that a crash in between tells them again, not never."""
    for person in organisation.staff.values():
        if person.admin and person.active and (person.email or person.phone):
            channel: Channel = "email" if person.email else "sms"
            id = f"{message.id}~{LETTER}~{person.id}"
            letter = replace(message, id=id, letter=LETTER, channel=channel, to=person.id, at=now, tells=None)
            office.outbox.add(letter)
    _note(office, organisation, health)
    office.measure("EndpointsDisabled", 1)
    logger().error("endpoint disabled", extra={"org": message.org, "endpoint": message.to})


def _note(office: PostOffice, organisation: Organisation, health: EndpointHealth) -> None:
    office.desks.directory.put(organisation.id, "webhook_health", health.id, health)
