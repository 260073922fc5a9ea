"""The composition root: what a container's handlers work with, each part built when it is first asked for.

Imports stand inside the parts, so that a handler pays for what it uses: the phone book alone takes as long as the
whole of Chalice, and the sweep needs none of it. Tests pass a `World` of their own to `use`.
"""
# ruff: noqa: PLC0415 # see above

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chalicelib.settings import Settings, settings

if TYPE_CHECKING:
    from chalicelib.cases.acknowledge import Acknowledge
    from chalicelib.cases.act import Act
    from chalicelib.cases.attachments import Attachments
    from chalicelib.cases.clear import Clear
    from chalicelib.cases.close_register import CloseRegister
    from chalicelib.cases.customers import Hasher
    from chalicelib.cases.desks import Desks
    from chalicelib.cases.directory import Directory
    from chalicelib.cases.duties import Duties
    from chalicelib.cases.endpoints import Endpoints
    from chalicelib.cases.erase import Erase
    from chalicelib.cases.forms import Forms
    from chalicelib.cases.hotline import Hotline
    from chalicelib.cases.identities import Identities
    from chalicelib.cases.intake_form import IntakeForm
    from chalicelib.cases.jobs import Jobs
    from chalicelib.cases.libraries import Libraries
    from chalicelib.cases.limits import Limits
    from chalicelib.cases.notices import Notices
    from chalicelib.cases.open311 import Open311
    from chalicelib.cases.open311_access import Access
    from chalicelib.cases.post_office import PostOffice
    from chalicelib.cases.receipts import Receipts
    from chalicelib.cases.receive_mail import ReceiveMail
    from chalicelib.cases.register import Register
    from chalicelib.cases.registers import Registers
    from chalicelib.cases.reports import Reports
    from chalicelib.cases.show import Show
    from chalicelib.cases.show_reports import ShowReports
    from chalicelib.cases.signing import Secrets
    from chalicelib.cases.sweep import Sweep
    from chalicelib.cases.track import Links, Track
    from chalicelib.cases.worklists import Worklists
    from chalicelib.desk.complaint import Message
    from chalicelib.messaging.vocabulary import Enclosure
    from chalicelib.ports import Due, Files, Inbox, Queue, Uploads
    from chalicelib.storage.sealer import KmsSealer, Sealed
    from chalicelib.storage.stores import Stores
    from chalicelib.web.auth import Tokens
    from chalicelib.web.issuer import Issuer


class World:
    """Every part by name. A part that is `given` takes the place of the one built here: `World(settings, stores=…)`."""

    def __init__(self, settings: Settings, **given: Any) -> None:
        if unknown := [name for name in given if not hasattr(type(self), name)]:
            raise TypeError(f"no such part: {', '.join(unknown)}")
        self.settings = settings
        vars(self).update(given)

    @cached_property
    def clock(self) -> Callable[[], datetime]:
        """What time it is, in UTC."""
        return lambda: datetime.now(UTC)

    @cached_property
    def randbelow(self) -> Callable[[int], int]:
        """Where numbers of cases are drawn."""
        return secrets.randbelow

    @cached_property
    def salt(self) -> Callable[[], str]:
        """Where the salts of histories are drawn."""
        return lambda: secrets.token_hex(16)

    def webhook_secret(self, org: str, epoch: int = 0) -> str:
        """With which calls to and from an organisation are signed (Standard Webhooks): derived, so never stored."""
        return self.signing_secret(f"webhooks of {org}", epoch)

    def signing_secret(self, purpose: str, epoch: int = 0) -> str:
        """The secret of a purpose; each epoch has its own."""
        return "whsec_" + base64.b64encode(self.key(f"{purpose} #{epoch}" if epoch else purpose)).decode()

    @property
    def local(self) -> bool:
        """Whether this desk runs on a developer's machine, where other systems may as well."""
        return f".{urlsplit(self.settings.public_url).hostname}".endswith((".localhost", ".127.0.0.1"))

    def open311_key(self, org: str, epoch: int = 0) -> str:
        """With which service requests are posted to an organisation: derived, so never stored."""
        return self.key(f"open311 of {org} #{epoch}").hex()[:40]

    # AWS

    @cached_property
    def secret(self) -> bytes:
        """The desk's own secret, from which every key is derived. Raises Unavailable.

        Hashes in the table and links in letters are made with it, so that it never changes.
        """
        return self._secrets["key"].encode()

    @cached_property
    def _secrets(self) -> dict[str, str]:
        """What the secret of the deployment holds; read once a container. Raises Unavailable."""
        from chalicelib.storage.secret import desk_secrets

        return desk_secrets(self._client("secretsmanager"), self.settings.secrets_arn)

    def key(self, purpose: str) -> bytes:
        """A key for one purpose, so that no two purposes share one."""
        return hmac.new(self.secret, purpose.encode(), hashlib.sha256).digest()

    @cached_property
    def stores(self) -> "Stores":
        """Every store on the one table."""
        from chalicelib.storage.stores import stores_in
        from chalicelib.storage.table import Table

        return stores_in(Table(self.settings.table), _LazySealer(self), self.settings.due_shards)

    @cached_property
    def queue(self) -> "Queue":
        """The queues after commit."""
        from chalicelib.messaging.queue import SqsQueue

        chosen = self.settings
        return SqsQueue(
            chosen.deliver_queue, chosen.announce_queue, chosen.sweep_shard_queue, chosen.build_report_queue
        )

    def _client(self, service: str) -> Any:
        from botocore.config import Config
        from botocore.session import get_session

        config = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 3, "mode": "standard"})
        return get_session().create_client(service, config=config)

    # use cases

    @cached_property
    def hasher(self) -> "Hasher":
        """The keyed hash by which the same customer is found again."""
        from chalicelib.cases.customers import hasher

        return hasher(self.key("customers"))

    @cached_property
    def desks(self) -> "Desks":
        """Sites with their people, calendars and procedures."""
        from chalicelib.cases.desks import Desks

        return Desks(self.stores.directory)

    @cached_property
    def register(self) -> "Register":
        """Intake."""
        from chalicelib.cases.register import Register

        return Register(
            cases=self.stores.cases, desks=self.desks, queue=self.queue, hasher=self.hasher,
            randbelow=self.randbelow, clock=self.clock, salt=self.salt,
        )  # fmt: skip

    @cached_property
    def act(self) -> "Act":
        """What the complainant adds."""
        from chalicelib.cases.act import Act

        return Act(
            cases=self.stores.cases, desks=self.desks, queue=self.queue, clock=self.clock,
            identities=lambda: self.identities,
        )  # fmt: skip

    def acting(self, person: str, action: str) -> "Act":
        """An action of a member of staff: only cases that are open to them are there."""
        from chalicelib.cases.act import Act
        from chalicelib.cases.show import SeenBy

        seen = SeenBy(self.stores.cases, self.desks, person, self.clock, action)
        return Act(cases=seen, desks=self.desks, queue=self.queue, clock=self.clock, identities=lambda: self.identities)

    @cached_property
    def intake_form(self) -> "IntakeForm":
        """The form by which complaints are taken in."""
        from chalicelib.cases.intake_form import IntakeForm

        return IntakeForm(desks=self.desks, clock=self.clock)

    @cached_property
    def identities(self) -> "Identities":
        """Who complains, made known later."""
        from chalicelib.cases.identities import Identities

        return Identities(cases=self.stores.cases, hasher=self.hasher)

    @cached_property
    def secrets(self) -> "Secrets":
        """With what calls to and from organisations are signed."""
        from chalicelib.cases.signing import Secrets

        return Secrets(desks=self.desks, derived=self.webhook_secret, clock=self.clock)

    @cached_property
    def hotline(self) -> "Hotline":
        """Complaints by phone."""
        from chalicelib.cases.hotline import Hotline

        return Hotline(
            cases=self.stores.cases, desks=self.desks, register=self.register, act=self.act, hasher=self.hasher,
            clock=self.clock,
        )  # fmt: skip

    @cached_property
    def open311_access(self) -> "Access":
        """Who may post by Open311, and which organisations publish."""
        from chalicelib.cases.open311_access import Access

        return Access(desks=self.desks, derived=self.open311_key)

    @cached_property
    def open311(self) -> "Open311":
        """Service requests by Open311."""
        from chalicelib.cases.open311 import Open311

        return Open311(
            cases=self.stores.cases, desks=self.desks, register=self.register, access=self.open311_access,
            clock=self.clock,
        )  # fmt: skip

    @cached_property
    def endpoints(self) -> "Endpoints":
        """Where other systems hear of events."""
        from chalicelib.cases.endpoints import Endpoints

        stores = self.stores
        return Endpoints(
            desks=self.desks, cases=stores.cases, outbox=stores.outbox, undelivered=stores.undelivered,
            queue=self.queue, secret_of=self.signing_secret, clock=self.clock, local=self.local,
        )  # fmt: skip

    @cached_property
    def links(self) -> "Links":
        """Public addresses, with the complainant's proof."""
        from chalicelib.cases.track import Links

        return Links(self.settings.public_url, self.key("tracking"))

    @cached_property
    def track(self) -> "Track":
        """What the complainant sees."""
        from chalicelib.cases.track import Track

        return Track(
            cases=self.stores.cases, desks=self.desks, links=self.links, wrong_proofs=self.stores.wrong_proofs,
            limits=self.limits, clock=self.clock, even=self.even,
        )  # fmt: skip

    @cached_property
    def even(self) -> Callable[[], Callable[[], None]]:
        """How long looking at a wrong proof takes: longer than a warm container needs for any."""
        from chalicelib.cases.track import until

        return lambda: until(0.25, time.monotonic, time.sleep)

    @cached_property
    def limits(self) -> "Limits":
        """How often the public may call."""
        from chalicelib.cases.limits import Limits

        return Limits(buckets=self.stores.buckets, key=lambda: self.key("sources"), clock=self.clock)

    @cached_property
    def show(self) -> "Show":
        """What staff see of a case."""
        from chalicelib.cases.show import Show

        return Show(cases=self.stores.cases, desks=self.desks, hasher=lambda: self.hasher, clock=self.clock)

    @cached_property
    def worklists(self) -> "Worklists":
        """Lists of open cases."""
        from chalicelib.cases.worklists import Worklists

        return Worklists(cases=self.stores.cases, desks=self.desks, clock=self.clock)

    @cached_property
    def duties(self) -> "Duties":
        """What recurs."""
        from chalicelib.cases.duties import Duties

        return Duties(duties=self.stores.duties, desks=self.desks, queue=self.queue, clock=self.clock)

    @cached_property
    def jobs(self) -> "Jobs":
        """Background work."""
        from chalicelib.cases.jobs import Jobs

        return Jobs(
            jobs=self.stores.jobs, cases=self.stores.cases, desks=self.desks, queue=self.queue, clock=self.clock,
            clear=self.clear,
        )  # fmt: skip

    @cached_property
    def clear(self) -> "Clear":
        """Clearing away what was erased."""
        from chalicelib.cases.clear import Clear

        return Clear(cases=self.stores.cases, files=lambda: self.files)

    @cached_property
    def erase(self) -> "Erase":
        """Forgetting what cases say of a person."""
        from chalicelib.cases.erase import Erase

        return Erase(cases=self.stores.cases, desks=self.desks, queue=self.queue, clock=self.clock, salt=self.salt)

    @cached_property
    def sweep(self) -> "Sweep":
        """Everything that must happen later."""
        from chalicelib.cases.sweep import Sweep

        return Sweep(
            due=self.stores.due, cases=self.stores.cases, outbox=self.stores.outbox, desks=self.desks,
            queue=self.queue, duties=self.duties, jobs=self.jobs, erase=self.erase, pulse=self.stores.pulse,
            clock=self.clock, note_poison=_note_poison,
        )  # fmt: skip

    @cached_property
    def reports(self) -> "Reports":
        """Reports that duties owe."""
        from chalicelib.cases.reports import Reports

        return Reports(
            cases=self.stores.cases, desks=self.desks, files=self.files, runs=self.stores.duties, duties=self.duties,
            clock=self.clock,
        )  # fmt: skip

    @cached_property
    def show_reports(self) -> "ShowReports":
        """What staff see of reports."""
        from chalicelib.cases.show_reports import ShowReports

        return ShowReports(
            reports=self.reports, cases=self.stores.cases, runs=self.stores.duties, desks=self.desks, clock=self.clock
        )

    @cached_property
    def files(self) -> "Files":
        """Files that the desk keeps."""
        from chalicelib.storage.files import BucketFiles

        return BucketFiles(self._client("s3"), self.settings.attachments)

    @cached_property
    def acknowledge(self) -> "Acknowledge":
        """Acknowledgements to print."""
        from chalicelib.cases.acknowledge import Acknowledge
        from chalicelib.web.phrases import words

        return Acknowledge(
            cases=self.stores.cases, desks=self.desks, links=self.links, clock=self.clock,
            next_of=lambda status, language: words("next")[status][language],
        )  # fmt: skip

    @cached_property
    def uploads(self) -> "Uploads":
        """Files on their way in."""
        from chalicelib.storage.uploads import BucketUploads, signing_client

        return BucketUploads(signing_client(), self.settings.attachments, self.clock)

    @cached_property
    def attachments(self) -> "Attachments":
        """The files of a case."""
        from chalicelib.cases.attachments import Attachments

        return Attachments(
            cases=self.stores.cases, desks=self.desks, uploads=self.uploads, queue=self.queue, clock=self.clock
        )

    @cached_property
    def registers(self) -> "Registers":
        """What staff see of registers and ledgers."""
        from chalicelib.cases.registers import Registers

        return Registers(
            cases=self.stores.cases, desks=self.desks, closings=self.stores.closings, files=lambda: self.files,
            clock=self.clock,
        )  # fmt: skip

    @cached_property
    def forms(self) -> "Forms":
        """The forms of a case."""
        from chalicelib.cases.forms import Forms

        return Forms(show=self.show, cases=self.stores.cases, desks=self.desks, clock=self.clock)

    @cached_property
    def close_register(self) -> "CloseRegister":
        """Closing a period of a register."""
        from chalicelib.cases.close_register import CloseRegister

        return CloseRegister(registers=self.registers, closings=self.stores.closings, files=lambda: self.files)

    @cached_property
    def inbox(self) -> "Inbox":
        """Mail that came in."""
        from chalicelib.storage.inbox import BucketInbox

        return BucketInbox(self._client("s3"), self.settings.mail)

    @cached_property
    def receive_mail(self) -> "ReceiveMail":
        """Complaints by mail."""
        from chalicelib.cases.receive_mail import ReceiveMail
        from chalicelib.observability import measure

        return ReceiveMail(
            inbox=self.inbox, files=self.files, cases=self.stores.cases, desks=self.desks, register=self.register,
            act=self.act, hasher=self.hasher, own=self.settings.mail_from, clock=self.clock, measure=measure,
        )  # fmt: skip

    def prepare_report(self, reference: str) -> None:
        """Prepare the report that an encoded reference names."""
        from chalicelib.messaging.reference import Reference

        of = Reference.decode(reference)
        self.reports.prepare(of.org, of.site, of.duty, of.period)

    @cached_property
    def post_office(self) -> "PostOffice":
        """What letters need."""
        from chalicelib.cases.post_office import PostOffice
        from chalicelib.messaging.addresses import hashed
        from chalicelib.messaging.email import EmailSender
        from chalicelib.messaging.sms import SmsSender
        from chalicelib.messaging.webhook import WebhookSender
        from chalicelib.observability import measure

        key, stores = self.key("addresses"), self.stores
        return PostOffice(
            outbox=stores.outbox, cases=stores.cases, desks=self.desks, suppressions=stores.suppressions,
            senders={
                "email": EmailSender(self.settings.mail_from, self.settings.configuration_set),
                "sms": SmsSender(),
                "webhook": WebhookSender(self.secrets.signing, self.clock, local=self.local),
            },
            undelivered=stores.undelivered, secret_of=self.signing_secret, public_url=self.settings.public_url,
            links=self.links, hashed=lambda address: hashed(key, address), measure=measure, enclosed=self.enclosed,
        )  # fmt: skip

    def enclosed(self, message: "Message", language: str) -> "Enclosure":
        """The report that a letter carries."""
        from chalicelib.cases.report_prints import enclosure

        return enclosure(message, language, runs=self.stores.duties, show=self.show_reports)

    def deliver(self, reference: str) -> None:
        """Send the message that an encoded reference names."""
        from chalicelib.cases.deliver import deliver
        from chalicelib.messaging.reference import Reference

        deliver(Reference.decode(reference), office=self.post_office, now=self.clock())

    def record_delivery(self, event: str) -> None:
        """Note what the mail service tells of a letter."""
        from chalicelib.cases.record_delivery import record_delivery

        record_delivery(event, office=self.post_office, now=self.clock())

    @cached_property
    def receipts(self) -> "Receipts":
        """What a complainant is told on the spot."""
        from chalicelib.cases.receipts import Receipts

        return Receipts(desks=self.desks, links=self.links)

    @cached_property
    def directory(self) -> "Directory":
        """What administrators read and write."""
        from chalicelib.cases.directory import Directory
        from chalicelib.procedures.check import prove

        begin = self.duties.begin
        return Directory(store=self.stores.directory, desks=self.desks, jobs=self.jobs, begin=begin, check=prove)

    @cached_property
    def libraries(self) -> "Libraries":
        """What cases left for others."""
        from chalicelib.cases.libraries import Libraries

        return Libraries(cases=self.stores.cases, desks=self.desks, clock=self.clock)

    @cached_property
    def notices(self) -> "Notices":
        """What sites publish."""
        from chalicelib.cases.notices import Notices

        return Notices(store=self.stores.directory, desks=self.desks, clock=self.clock)

    @cached_property
    def tokens(self) -> "Tokens":
        """Whose sign-ins are believed."""
        from chalicelib.web.auth import Tokens

        chosen = self.settings
        return Tokens(
            issuer=chosen.oidc_issuer, audience=chosen.oidc_audience, org_claim=chosen.oidc_org_claim,
            keys_url=self.issuer.keys_url,
        )  # fmt: skip

    @cached_property
    def issuer(self) -> "Issuer":
        """Where staff sign in."""
        from chalicelib.web.issuer import Issuer

        chosen = self.settings
        return Issuer(
            issuer=chosen.oidc_issuer, client_id=chosen.oidc_audience, discovery_url=chosen.oidc_discovery_url,
            secret=lambda: self._secrets.get("oidc_client_secret", ""), local=self.local,
        )  # fmt: skip


class _LazySealer:
    """The KMS sealer, whose client is built at the first confidential case."""

    def __init__(self, of: World) -> None:
        self._of = of

    def seal(self, plain: bytes, context: Mapping[str, str], key: bytes | None = None) -> "Sealed":
        """See Sealer."""
        return self._sealer.seal(plain, context, key)

    def open(self, content: bytes, context: Mapping[str, str], key: bytes | None) -> bytes:
        """See Sealer."""
        return self._sealer.open(content, context, key)

    @cached_property
    def _sealer(self) -> "KmsSealer":
        from chalicelib.storage.sealer import KmsSealer

        return KmsSealer(self._of._client("kms"), self._of.settings.kms_key)


def _note_poison(item: "Due", error: Exception) -> None:
    from chalicelib.observability import logger, measure

    measure("PoisonItems")
    about = {"kind": item.kind, "org": item.org, "id": item.id, "error": type(error).__name__}
    logger().error("a due item cannot be handled", extra=about)


_worlds: list[World] = []


def world() -> World:
    """The world of this container, or the one that a test uses."""
    if not _worlds:
        _worlds.append(World(settings()))
    return _worlds[-1]


@contextmanager
def use(other: World) -> Iterator[World]:
    """Handlers work with this world meanwhile."""
    _worlds.append(other)
    try:
        yield other
    finally:
        _worlds.remove(other)
