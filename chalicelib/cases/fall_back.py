"""What becomes of a letter that one channel could not deliver: the next channel takes it, and the owner is told."""

from datetime import datetime

from msgspec.structs import replace

from chalicelib.cases.post_office import Errand, PostOffice, errand, recipient
from chalicelib.desk.calendar import end_of_quiet
from chalicelib.desk.cast import Cast
from chalicelib.desk.complaint import CUSTOMER, Message
from chalicelib.desk.notices import addressed
from chalicelib.desk.procedure import Channel, Send

ORDER: tuple[Channel, ...] = ("email", "sms", "webhook")
BOUNCED_OWNER = "bounced_owner"
"""The letter that tells the owner of a case that the customer was not reached."""


def fall_back(message: Message, *, office: PostOffice, now: datetime) -> None:
    """Put what is to be sent instead into the outbox. Ids are deterministic, so a repetition changes nothing."""
    about = errand(office, message)
    if about is None:
        return
    if other := _other_way(about, office, now):
        office.outbox.add(other)
    if message.to == CUSTOMER:
        for letter in _to_owner(about, now):
            office.outbox.add(letter)


def _other_way(about: Errand, office: PostOffice, now: datetime) -> Message | None:
    """The same letter by a channel that it has not gone by yet, where the recipient has one that works."""
    message = about.message
    tried = {m.channel for m in (p.message for p in office.outbox.beside(message)) if _same_letter(m, message)}
    for channel in ORDER:
        address = recipient(office, about).addresses.get(channel)
        if channel in tried | {message.channel} or not address or channel not in office.senders:
            continue
        if office.suppressions.is_suppressed(channel, office.hashed(address)):
            continue
        return replace(message, id=f"{message.id}~{channel}", channel=channel, not_before=_opening(about, now))
    return None


def _same_letter(one: Message, other: Message) -> bool:
    return (one.letter, one.to, one.clock, one.rung, one.at) == (
        other.letter, other.to, other.clock, other.rung, other.at,
    )  # fmt: skip


def _opening(about: Errand, now: datetime) -> datetime | None:
    person = about.desk.organisation.staff.get(about.message.to)
    if about.message.urgent or person is None or person.quiet is None:
        return None
    opening = end_of_quiet(about.desk.site.zone, person.quiet, now)
    return opening if opening > now else None


def _to_owner(about: Errand, now: datetime) -> list[Message]:
    case = about.case
    if case is None:
        return []
    send = Send(letter=BOUNCED_OWNER, to=["owner"])
    people = Cast(about.desk, case, now).recipients(send.to)
    letters = [letter for person in people for _, letter in addressed(about.desk, case, send, person, now)]
    return [replace(letter, id=f"{about.message.id}~{BOUNCED_OWNER}~{n}") for n, letter in enumerate(letters)]
