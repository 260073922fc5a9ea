"""Send one message of the outbox.

Guarantee: never lost. A claim (a lease of two minutes) comes before the one request to the provider, and what the
provider answered is marked after it. If the mark is lost, the provider's own event marks it late
(`record_delivery`); if that is lost too, the message is sent again once the lease has ended: only so can a recipient
get it twice, and never more often than ATTEMPTS. What cannot be delivered ends `dead`, counted and in sight.
"""

from datetime import datetime, timedelta
from typing import Literal

from chalicelib.cases.fall_back import fall_back
from chalicelib.cases.post_office import Errand, PostOffice, Recipient, errand, recipient
from chalicelib.cases.webhooks import announce
from chalicelib.desk.complaint import CUSTOMER, Message
from chalicelib.messaging.email import ThreadSender
from chalicelib.messaging.letters import Texts, as_mail, as_sms
from chalicelib.messaging.reference import Reference
from chalicelib.messaging.sms import TemplateSender
from chalicelib.messaging.vocabulary import BadLetter, Enclosure, Vocabulary
from chalicelib.observability import logger
from chalicelib.ports import OutboxState, Posted, Sent, TryLater, Undeliverable

Outcome = Literal["sent", "skipped", "waiting", "retry", "dead", "merged"]

LEASE = timedelta(minutes=2)
"""Longer than any sender waits for its provider, shorter than what a recipient would miss."""

BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
ATTEMPTS = 1 + len(BACKOFF)

UNDER_WAY: frozenset[OutboxState] = frozenset({"waiting", "claimed", "sent", "delivered"})


def deliver(reference: Reference, *, office: PostOffice, now: datetime) -> Outcome:
    """Send the message if it is time and nobody else is at it. Safe to repeat at any moment.

    sent     the provider took it
    skipped  unknown, finished, or in another worker's hands
    waiting  held back by quiet hours
    merged   a higher rung for the same person and clock, held back with it, says it
    retry    the provider could not take it now: armed again by BACKOFF
    dead     refused for good or tried ATTEMPTS times: it falls back to another channel
    """
    posted = office.outbox.load(
        reference.org, reference.number, reference.message, reference.site, reference.duty, reference.period
    )
    if posted is None or not _open(posted, now):
        return "skipped"
    message = posted.message
    if message.not_before and message.not_before > now:
        return "waiting"
    attempt = posted.attempts + 1
    if not office.outbox.claim(posted, now, now + LEASE):
        return "skipped"
    if _outranked(message, office, now):
        office.outbox.settle(posted, "merged")
        return "merged"
    if message.tells is not None:
        return announce(posted, attempt, office=office, now=now)
    if attempt > ATTEMPTS:
        return _give_up(posted, "NoAcknowledgement", office, now)
    try:
        sent = _send(message, office)
    except Undeliverable as refusal:
        return _give_up(posted, refusal.code, office, now)
    except TryLater as hindrance:
        if attempt == ATTEMPTS:
            return _give_up(posted, hindrance.code, office, now)
        office.outbox.retry_at(posted, now + BACKOFF[attempt - 1], hindrance.code)
        return "retry"
    office.outbox.settle(posted, "sent", provider_id=sent.provider_id)
    office.measure("MessagesSent", 1)
    return "sent"


def _open(posted: Posted, now: datetime) -> bool:
    if posted.state == "claimed":
        return posted.lease_until is None or posted.lease_until <= now
    return posted.state == "waiting"


def _outranked(message: Message, office: PostOffice, now: datetime) -> bool:
    """Whether a higher rung waited for the same opening. Each message asks for itself, so that order is no matter."""
    if not message.clock or message.not_before is None:
        return False
    return any(
        other.state in UNDER_WAY
        and _line(other.message) == _line(message)
        and other.message.not_before is not None
        and other.message.not_before <= now
        and _rank(other.message) > _rank(message)
        for other in office.outbox.beside(message)
    )


def _line(message: Message) -> tuple[str, str, str]:
    return message.to, message.clock, message.channel


def _rank(message: Message) -> tuple[int, datetime, str]:
    return message.rung, message.at, message.id


def _send(message: Message, office: PostOffice) -> Sent:
    """Write and send it, once. Raises Undeliverable or TryLater."""
    about = errand(office, message)
    if about is None:
        raise Undeliverable("NoSuchCase")
    reader = recipient(office, about)
    address = reader.addresses.get(message.channel)
    if not address:
        raise Undeliverable("NoAddress")
    if office.suppressions.is_suppressed(message.channel, office.hashed(address)):
        raise Undeliverable("Suppressed")
    sender = office.senders.get(message.channel)
    if sender is None:
        raise Undeliverable("NoSuchChannel")
    texts = office.desks.compiled(about.desk).letters.get(message.letter, {})
    words = _vocabulary(about, reader, office, texts if message.channel == "email" else {})
    reference = Reference.of(message).encode()
    try:
        if message.channel == "sms":
            sms = as_sms(texts, words)
            if isinstance(sender, TemplateSender):
                template = f"{message.letter}.{sms.language}"
                return sender.send_template(address, template, sms.words, sms.text, reference)
            return sender.send(address, "", sms.text, "", reference)
        mail = as_mail(texts, words)
    except BadLetter as why:
        logger().error("letter cannot be written", extra={"letter": message.letter, "why": str(why)})
        raise Undeliverable("BadLetter") from None
    if reader.thread and isinstance(sender, ThreadSender):
        return sender.answer(reader.thread, address, mail.subject, mail.text, mail.html, reference)
    return sender.send(address, mail.subject, mail.text, mail.html, reference)


def _encloses(texts: Texts) -> bool:
    """Whether a letter carries the report that it is about."""
    return any("{report}" in parts.get("body", "") for parts in texts.values())


def _vocabulary(about: Errand, reader: Recipient, office: PostOffice, texts: Texts) -> Vocabulary:
    message = about.message
    to_customer = message.to == CUSTOMER
    return Vocabulary(
        message=message,
        desk=about.desk,
        case=about.case,
        language=reader.language,
        recipient=reader.name,
        tracking_url=office.links.tracking(message.org, message.number) if to_customer else "",
        desk_url="" if to_customer else office.links.desk(message.org, message.number),
        report=office.enclosed(message, reader.language) if _encloses(texts) else Enclosure(),
    )


def _give_up(posted: Posted, code: str, office: PostOffice, now: datetime) -> Outcome:
    """First the other ways, then the mark: a crash in between repeats the one, and never loses the letter."""
    fall_back(posted.message, office=office, now=now)
    office.outbox.settle(posted, "dead", error=code)
    office.measure("MessagesDead", 1)
    logger().warning("message dead", extra={"number": posted.message.number, "org": posted.message.org, "code": code})
    return "dead"
