"""What delivering letters needs of the world, and where a recipient is found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from msgspec import Struct

from chalicelib.cases.desks import Desks
from chalicelib.desk.complaint import CUSTOMER, Complaint, Message
from chalicelib.desk.errors import NotFound
from chalicelib.desk.procedure import Channel
from chalicelib.desk.rulebook import Desk
from chalicelib.messaging.vocabulary import Enclosure
from chalicelib.observability import Metric
from chalicelib.ports import CaseStore, Outbox, Sender, Suppressions, UndeliveredStore


class Links(Protocol):
    """Public addresses of pages."""

    def tracking(self, org: str, number: str) -> str:
        """Where the complainant follows the case, with its proof; it goes to the complainant alone."""

    def desk(self, org: str, number: str) -> str:
        """The case at the desk, for staff; with number "" the desk itself."""


@dataclass(frozen=True, kw_only=True)
class PostOffice:
    """Everything that `deliver` and `record_delivery` work with."""

    outbox: Outbox
    cases: CaseStore
    desks: Desks
    senders: Mapping[Channel, Sender]
    suppressions: Suppressions
    links: Links
    hashed: Callable[[str], str]  # the keyed hash of an address
    measure: Callable[[Metric, float], None]
    enclosed: Callable[[Message, str], Enclosure] = lambda _message, _language: Enclosure()
    undelivered: UndeliveredStore
    secret_of: Callable[[str, int], str]  # what events for an endpoint are signed with, by purpose and epoch
    public_url: str


class Recipient(Struct, frozen=True, kw_only=True):
    """Whom a letter goes to: a name (empty where it is not to be said), a language, an address for each channel."""

    name: str
    language: str
    addresses: dict[Channel, str]
    thread: str = ""  # the id of the mail that they wrote first


class Errand(Struct, frozen=True, kw_only=True):
    """A message with what it is about: the case (None for a duty) and the desk where it lies."""

    message: Message
    desk: Desk
    case: Complaint | None


def errand(office: PostOffice, message: Message) -> Errand | None:
    """What the message is about; None where that is gone."""
    try:
        if not message.number:
            return Errand(message=message, desk=office.desks.at(message.org, message.site), case=None)
        case = office.cases.load(message.org, message.number)
        return Errand(message=message, desk=office.desks.of(case), case=case) if case else None
    except NotFound:
        return None


def recipient(office: PostOffice, about: Errand) -> Recipient:
    """Looked up now, so that a corrected address counts; a person who left has none."""
    if about.message.to == CUSTOMER and about.case:
        identity = office.cases.identity(about.message.org, about.message.number)
        ways = {"email": identity.email, "sms": identity.phone}
        name = "" if about.case.confidential or about.case.anonymous else identity.name
        return Recipient(name=name, language=about.case.language, addresses=_given(ways), thread=identity.thread)
    person = about.desk.organisation.staff.get(about.message.to)
    if person is None or not person.active:
        return Recipient(name="", language="zh-Hans", addresses={})
    hook = about.desk.site.contact.get("webhook", "")
    ways = {"email": person.email, "sms": person.phone, "webhook": hook}
    return Recipient(name=person.name, language=person.language, addresses=_given(ways))


def _given(ways: Mapping[str, str]) -> dict[Channel, str]:
    channels: tuple[Channel, ...] = ("email", "sms", "webhook")
    return {channel: ways[channel] for channel in channels if ways.get(channel)}
