"""What became of a mail after SES took it, as its configuration set tells over SNS.

Source of the format: "Contents of event data that Amazon SES publishes to Amazon SNS" (Amazon SES developer guide).
Events come at least once and in any order, and settling is idempotent, so nothing here depends on either.
"""

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct, field

from chalicelib.cases.fall_back import fall_back
from chalicelib.cases.post_office import PostOffice
from chalicelib.messaging.email import TAG
from chalicelib.messaging.reference import Reference
from chalicelib.observability import logger
from chalicelib.ports import OutboxState, Posted

UNMARKED: frozenset[OutboxState] = frozenset({"claimed", "waiting", "dead"})
"""A message waits again, or is given up, when the provider did not answer; and yet it may have gone out."""

Recorded = Literal["sent", "delivered", "bounced", "known", "unknown"]


class Mail(Struct, frozen=True):
    """The mail that an event is about; `tags` are the sender's."""

    message_id: str = field(name="messageId", default="")
    destination: list[str] = field(default_factory=list)
    tags: dict[str, list[str]] = field(default_factory=dict)


class Bounce(Struct, frozen=True, rename="camel"):
    """Why it came back: `Permanent` for good, `Transient` after SES had tried long enough, or `Undetermined`."""

    bounce_type: str = ""
    bounce_sub_type: str = ""


class MailComplaint(Struct, frozen=True, rename="camel"):
    """The recipient called it unwanted."""

    complaint_feedback_type: str | None = None


class MailEvent(Struct, frozen=True):
    """One event; SES sends more fields than are read here."""

    type: Literal["Send", "Delivery", "Bounce", "Complaint", "Reject"] = field(name="eventType")
    mail: Mail
    bounce: Bounce = Bounce()
    complaint: MailComplaint = MailComplaint()


def record_delivery(text: str, *, office: PostOffice, now: datetime) -> Recorded:
    """Record one event. What cannot be read or names no message of ours is counted and left: it will not get better.

    sent       `Send` came for an unmarked message: the mark, or the provider's answer, was late or lost
    delivered  the recipient's server took it
    bounced    it did not arrive, or is unwanted: another channel takes over, the owner is told
    known      nothing new
    """
    try:
        event = msgspec.json.decode(text, type=MailEvent)
        reference = Reference.decode(event.mail.tags[TAG][0])
    except (msgspec.DecodeError, KeyError, IndexError, ValueError) as why:
        return _unknown(type(why).__name__, office)
    posted = office.outbox.load(
        reference.org, reference.number, reference.message, reference.site, reference.duty, reference.period
    )
    if posted is None:
        return _unknown("NoSuchMessage", office)
    match event.type:
        case "Send":
            return _settled(posted, "sent", event, office) if posted.state in UNMARKED else "known"
        case "Delivery":
            return _settled(posted, "delivered", event, office) if posted.state in UNMARKED | {"sent"} else "known"
    if posted.state == "bounced" or _is_automatic_reply(event, posted):
        return "known"
    if _is_final(event):
        for address in event.mail.destination:
            office.suppressions.add("email", office.hashed(address), _code(event))
    fall_back(posted.message, office=office, now=now)
    office.outbox.settle(posted, "bounced", provider_id=event.mail.message_id, error=_code(event))
    return "bounced"


def _settled(posted: Posted, state: Literal["sent", "delivered"], event: MailEvent, office: PostOffice) -> Recorded:
    office.outbox.settle(posted, state, provider_id=event.mail.message_id)
    return state


def _is_final(event: MailEvent) -> bool:
    """Whether the address is not to be written to again. A rejected mail says nothing against its address."""
    return event.type == "Complaint" or (event.type == "Bounce" and event.bounce.bounce_type == "Permanent")


def _is_automatic_reply(event: MailEvent, posted: Posted) -> bool:
    """Out-of-office replies come as transient bounces of mail that arrived."""
    return event.type == "Bounce" and event.bounce.bounce_type != "Permanent" and posted.state == "delivered"


def _code(event: MailEvent) -> str:
    """What happened, without what servers said of it: that may hold the address."""
    match event.type:
        case "Bounce":
            return f"Bounce.{event.bounce.bounce_type}.{event.bounce.bounce_sub_type}"
        case "Complaint":
            return f"Complaint.{event.complaint.complaint_feedback_type or 'unnamed'}"
    return event.type


def _unknown(why: str, office: PostOffice) -> Recorded:
    logger().warning("delivery event not understood", extra={"why": why})
    office.measure("DeliveryEventsUnknown", 1)
    return "unknown"
