"""What the use cases need of the world, as protocols. `storage` and `messaging` fulfil them; tests pass fakes.

Every write states its precondition and can be repeated: the same call after a lost reply finds its own work done
and says so instead of reporting a conflict.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol, runtime_checkable

from msgspec import Struct, field

from chalicelib.desk.bucket import Bucket
from chalicelib.desk.complaint import Complaint, Event, Identity, Message, Retain
from chalicelib.desk.duty_run import DutyRun as DutyRun  # noqa: PLC0414 # stores find every port here
from chalicelib.desk.people import Absence, Organisation
from chalicelib.desk.procedure import Channel


class Request(Struct, frozen=True):
    """A request that is to be known again: who sent it (`source`), its key, and the hash of what it said."""

    source: str
    key: str
    body_hash: str


class Answered(Struct, frozen=True):
    """What became of a request: the case it made or added to; `body_hash` of what it said."""

    number: str
    body_hash: str


class Registration(Struct, kw_only=True):
    """Everything that intake writes in one transaction."""

    complaint: Complaint
    events: list[Event]
    identity: Identity
    messages: list[Message]
    due: datetime | None
    source: str  # the idempotency key's namespace: the caller
    key: str
    body_hash: str
    links: list[tuple[str, str]] = field(default_factory=list)  # (kind, keyed hash of the value)
    groups: list[tuple[str, str]] = field(default_factory=list)  # (link, group) that it comes into
    jobs: "list[Job]" = field(default_factory=list)
    also: list[Request] = field(default_factory=list)  # further keys by which the request is known again
    retain: Retain | None = None


class Known(Struct, kw_only=True):
    """Who complains, once more of it is known than before; `links` as in a Registration."""

    identity: Identity
    links: list[tuple[str, str]] = field(default_factory=list)


class Registered(Struct, frozen=True):
    """The number a registration has; `replayed` when the key was known before."""

    number: str
    replayed: bool


class NumberTaken(Exception):
    """Another case has this number: draw another."""


class Unavailable(Exception):
    """The store did not answer, or is too busy. A write may have happened: the same call again finds out."""


class Row(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a worklist, straight from its index. No personal data.

    Nothing here changes with every event: a line that stays the same costs its three lists no write.
    """

    org: str
    number: str
    site: str
    stage: str
    status: str
    procedure: str
    procedure_version: int
    summary: str
    owner: str
    department: str
    received_at: datetime
    due: datetime | None
    late: bool
    round: int
    their_reference: str = ""  # of whoever passed it on
    their_deadline: datetime | None = None


class Page(Struct, frozen=True):
    """Part of a list, and the opaque cursor of the next part (empty at the end)."""

    items: list[Row]
    next: str


class Due(Struct, frozen=True, kw_only=True):
    """An armed item, as the DUE index names it."""

    kind: Literal["case", "message", "duty", "job", "retention"]
    org: str
    id: str  # number; `number/message id`, of a duty `/site/duty/period/message id`; `site/duty[/period]`; job id
    due: datetime
    shard: int


class CaseStore(Protocol):
    """Complaints with their histories, identities and outboxes."""

    def register(self, new: Registration) -> Registered:
        """Write all of it, or nothing. Raises NumberTaken, KeyReused."""

    def load(self, org: str, number: str) -> Complaint | None:
        """The head, read consistently: one read."""

    def commit(
        self, before: int, complaint: Complaint, events: Sequence[Event], messages: Sequence[Message],
        due: datetime | None, *, groups: Sequence[tuple[str, str]] = (), jobs: "Sequence[Job]" = (),
        known: Known | None = None, requests: Sequence[Request] = (), retain: Retain | None = None,
        forget: bool = False,
    ) -> None:  # fmt: skip
        """One transaction on condition that the head still is at version `before`, and that none of the `requests`
        was answered before. Raises Conflict.

        The same commit a second time is a success, also when others followed it. `groups` are (link, group) that the
        case came into, `jobs` is background work that the decision asks for, `known` replaces the identity,
        `retain` says when something of the case is erased, `forget` that the identity goes, with its key.
        """

    def answered(self, org: str, source: str, key: str) -> Answered | None:
        """What became of the request with this key, read consistently; None: it was not answered yet."""

    def load_many(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Complaint]:
        """The heads at these (org, number), read consistently, up to 100 in one read; what is missing is left out."""

    def postpone(self, item: Due, until: datetime | None) -> None:
        """Arm an item for another time (None: for none), if it still is armed at `item.due`; its version stays."""

    def org_of(self, number: str) -> str | None:
        """Which organisation a number belongs to."""

    def history(self, org: str, number: str) -> list[Event]:
        """All events, oldest first, without what was erased, wherever it may still lie."""

    def clear_history(self, org: str, number: str) -> None:
        """Write the events of which something was erased anew without it; the same a second time changes nothing."""

    def retain(self, org: str, number: str, at: datetime | None) -> None:
        """Set when something of a finished case is erased; None: never."""

    def alias(self, org: str, kind: str, hashed: str) -> str:
        """What stands for a customer's key in cases that no longer say who it was: the same until `unlink` forgets."""

    def aliases(self, org: str, links: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """What stands for which of these (kind, keyed hash) already; a hundred of them are one read."""

    def unlink(self, case: Complaint, links: Sequence[tuple[str, str]], groups: Sequence[tuple[str, str]]) -> None:
        """Nobody finds the case any more by these (kind, keyed hash), nor in these (link, group). What stood for a
        customer of whom no case is found any more is forgotten. The same a second time changes nothing.
        """

    def identity(self, org: str, number: str) -> Identity:
        """Who complains."""

    def worklist(
        self, org: str, *, department: str = "", owner: str = "", stage: str = "", site: str = "",
        due_before: datetime | None = None, cursor: str = "", limit: int = 50,
    ) -> Page:  # fmt: skip
        """Open cases of a department (`-`: of none) or an owner, most urgent first, those without a limit last.

        A page may be short of `limit` and still have a next one. Raises BadInput for a cursor that is none.
        """

    def ledger(
        self, org: str, site: str, month: str, cursor: str = "", limit: int = 100, *, newest_first: bool = False
    ) -> Page:
        """Cases received at the site in a month ("2026-11"), oldest first unless the newest are wanted."""

    def closed(self, org: str, site: str, month: str, cursor: str = "", limit: int = 100) -> Page:
        """Cases finished at the site in a month ("2026-11") and not open again since, the first one first."""

    def linked(self, org: str, kind: str, hashed: str, limit: int = 20) -> list[str]:
        """Numbers of cases with the same phone, room or plate, newest first."""

    def members(self, org: str, link: str, group: str, *, since: str = "", limit: int | None = None) -> list[str]:
        """Numbers of the cases in a group, from `since` on, in order; of more than `limit` the last."""

    def messages(self, org: str, number: str) -> list["Posted"]:
        """The outbox of a case."""


OutboxState = Literal["waiting", "claimed", "sent", "delivered", "bounced", "merged", "dead"]


class Posted(Struct, kw_only=True):
    """A message with what became of it."""

    message: Message
    state: OutboxState = "waiting"
    attempts: int = 0
    lease_until: datetime | None = None
    provider_id: str = ""
    error: str = ""  # the provider's error code, never its text
    claim: str = ""  # which claim holds it: tells one worker's lease from another's


class Outbox(Protocol):
    """Messages on their way. A message of a duty has number "" and lives beside its duty."""

    def load(
        self, org: str, number: str, message_id: str, site: str = "", duty: str = "", period: str = ""
    ) -> Posted | None:
        """The message as it stands, read consistently."""

    def find(self, item: Due) -> Posted | None:
        """The message that an armed item names, read consistently."""

    def claim(self, posted: Posted, now: datetime, lease_until: datetime) -> bool:
        """Take it for sending: only while waiting, or claimed with an expired lease. Arms it at the lease's end.

        Whoever got it has a `posted` that says so; `settle` and `retry_at` want that one.
        """

    def settle(self, posted: Posted, state: OutboxState, *, provider_id: str = "", error: str = "") -> None:
        """Write what became of it and disarm it; a final state is not overwritten by an earlier one."""

    def retry_at(self, posted: Posted, at: datetime, error: str) -> None:
        """Give the claim back: waiting again, armed at `at`. Nothing happens if the claim is no longer this one's."""

    def add(self, message: Message) -> None:
        """Put it there if it is not: waiting, armed at its `not_before`, or at once. The first one stays."""

    def beside(self, message: Message) -> list[Posted]:
        """All messages of the same case, or of the same period of the duty."""


class Undelivered(Struct, frozen=True, kw_only=True):
    """An event that an endpoint did not take."""

    org: str
    endpoint: str
    number: str
    message: str  # its id in the case's outbox
    at: datetime  # of the event
    code: str


class UndeliveredStore(Protocol):
    """What endpoints did not take, for some months, so that it can be sent again."""

    def add(self, lost: Undelivered) -> None:
        """Note it; the same a second time changes nothing."""

    def since(self, org: str, endpoint: str, at: datetime, limit: int = 100) -> list[Undelivered]:
        """What it did not take of events from `at` on, oldest first."""

    def forget(self, lost: Undelivered) -> None:
        """It is sent again; what is forgotten already is no matter."""


class Suppressions(Protocol):
    """Addresses that bounced or complained; they are not written to again. Kept by keyed hash, never in clear."""

    def is_suppressed(self, channel: Channel, address_hash: str) -> bool:
        """Whether that address is not to be written to."""

    def add(self, channel: Channel, address_hash: str, reason: str) -> None:
        """Write to it no more; `reason` is the provider's code. The same a second time changes nothing."""


class WrongProofs(Protocol):
    """Wrong proofs of whose a complaint is, counted by its number and the hour, so that nobody can try them all."""

    def begin(self, number: str, at: datetime, most: int) -> bool:
        """Count one more in this hour before it is looked at, whether or not there is such a number. False, and not
        counted, where there were `most`: of however many at once, no more than that begin. Forgotten after the hour.
        """

    def was_right(self, number: str, at: datetime) -> None:
        """The one that began at `at` was no wrong one. Not to be repeated: one that is lost errs on the safe side."""


class Buckets(Protocol):
    """Token buckets by what they limit and of whom: an opaque name, never an address or a person."""

    def take(self, limit: str, of: str, bucket: Bucket, now: datetime) -> bool:
        """Take one; False where it is empty. Forgotten some time after it is full again.

        At most `size` and what came back since are given, however many ask at once.
        """


class Pulse(Protocol):
    """When the desk last swept: whether time still passes here."""

    def beat(self, now: datetime) -> None:
        """A sweep has come to its end."""

    def last(self) -> datetime | None:
        """The latest beat, a few seconds old at most; None before the first."""


class DueStore(Protocol):
    """The one index of everything that must happen later."""

    shards: int

    def due(self, shard: int, now: datetime, limit: int) -> Iterator[Due]:
        """Armed items of a shard with due <= now, oldest first, page by page."""


class DirectoryStore(Protocol):
    """Organisations with their sites, departments, staff, absences; procedures a company wrote itself."""

    def organisation(self, org: str) -> Organisation | None:
        """The whole directory of an organisation: one query, kept for a short time."""

    def put(self, org: str, kind: str, id: str, value: Any) -> None:
        """Write one entry, such as `site` or `staff`, of the directory; forgets what is kept."""

    def put_absence(self, org: str, absence: Absence) -> None:
        """Write an absence; the same person and start replaces it."""

    def put_organisation(self, organisation: Organisation) -> None:
        """Write a whole directory, entry by entry."""

    def organisations(self) -> list[str]:
        """The ids of all organisations: one query, for what is done once in a release."""

    def holidays(self) -> str:
        """The version of the holidays by which the cases are armed; empty before the first."""

    def put_holidays(self, version: str) -> None:
        """The cases are armed by these from now on."""

    def put_procedure(self, org: str, id: str, version: int, tree: dict[str, Any]) -> None:
        """Keep a version of the organisation's own procedure; a version never changes. Raises Conflict."""

    def procedure(self, org: str, id: str, version: int | None = None) -> dict[str, Any] | None:
        """That version of its own procedure, or the newest."""

    def takes_mail(self, address: str) -> tuple[str, str] | None:
        """The organisation and the site whose `mail` has this address. A site that is put takes what is nobody's.

        `put` of a site with an address of another organisation raises Conflict.
        """


class DutyStore(Protocol):
    """What recurs: a recurrence for each duty of a site, armed for its next occurrence, and the periods it opened."""

    def arm(self, org: str, site: str, duty: str, at: datetime | None) -> None:
        """Set when the duty next occurs; None: never."""

    def load(self, org: str, site: str, duty: str) -> datetime | None:
        """When the duty next occurs, read consistently; None: it does not."""

    def open_period(
        self, run: DutyRun, messages: Sequence[Message], *, armed: datetime, next: datetime | None, due: datetime | None
    ) -> None:
        """One transaction: the period armed at `due`, its messages, and the recurrence moved from `armed` to `next`.

        Raises Conflict when the recurrence is not armed at `armed`, or the period was opened with other content.
        """

    def load_period(self, org: str, site: str, duty: str, period: str) -> DutyRun | None:
        """The period as it stands, read consistently."""

    def periods(self, org: str, site: str, duty: str, limit: int = 20) -> list[DutyRun]:
        """The latest periods, newest first."""

    def commit_period(self, before: int, run: DutyRun, messages: Sequence[Message], due: datetime | None) -> None:
        """One transaction on condition that the period still is at version `before`. Raises Conflict."""


class Job(Struct, frozen=True, kw_only=True):
    """Background work that goes on where it stopped: `cursor` says how far it came."""

    org: str
    id: str
    kind: str
    site: str
    cursor: str
    version: int
    due: datetime


class JobStore(Protocol):
    """Jobs under way. A finished one is gone."""

    def put(self, job: Job) -> None:
        """Start it, armed at `job.due`; the same job a second time changes nothing. Raises Conflict."""

    def load(self, org: str, id: str) -> Job | None:
        """The job as it stands, read consistently."""

    def advance(self, job: Job, cursor: str, due: datetime) -> Job:
        """Note how far it came and when to go on, on condition that nobody else did. Raises Conflict."""

    def finish(self, job: Job) -> None:
        """End it, on condition that nobody else advanced it. Raises Conflict."""


class Closing(Struct, frozen=True, kw_only=True):
    """A register's period that was closed: by whom, and the hash of the lines as they were then."""

    org: str
    site: str
    register: str
    first: date
    last: date
    sha256: str  # of the snapshot's bytes
    lines: int
    at: datetime
    by: str


class ClosingStore(Protocol):
    """Closed periods of registers. One that is closed stays closed, as it was."""

    def close(self, closing: Closing) -> Closing:
        """Keep it if that period is not closed yet; otherwise, where the hash is the same, the one that is kept.

        Raises Conflict where the period was closed with other content.
        """

    def load(self, org: str, site: str, register: str, first: date, last: date) -> Closing | None:
        """How the period was closed, read consistently; None: it is open."""

    def closed(self, org: str, site: str, register: str, limit: int = 60) -> list[Closing]:
        """The closed periods of a register, the latest first."""


class Queue(Protocol):
    """The queues after commit; losing a message costs only delay."""

    def deliver(self, messages: Sequence[Message]) -> None:
        """Hand message references to `deliver`. Never raises: what is lost the sweep finds."""

    def sweep_shards(self, shards: Sequence[int]) -> None:
        """Ask for parallel workers on these shards."""

    def build_report(self, org: str, site: str, duty: str, period: str) -> None:
        """Ask for a report to be prepared."""


class Sent(Struct, frozen=True):
    """What a provider answered."""

    provider_id: str


class Undeliverable(Exception):
    """The provider refused for good; `code` is its error code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TryLater(Exception):
    """The provider could not take it now (throttled, unreachable, no answer)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Sender(Protocol):
    """One channel out: e-mail, SMS or webhook. Sends exactly one request; never retries by itself."""

    def send(self, to: str, subject: str, text: str, html: str, reference: str) -> Sent:
        """Raises Undeliverable or TryLater. `reference` comes back with delivery events."""


@runtime_checkable
class EventSender(Protocol):
    """A channel that carries events to other systems. One request; it never retries by itself."""

    def send_event(self, to: str, secrets: Sequence[str], id: str, body: bytes) -> Sent:
        """Signed with each of the secrets. Raises Undeliverable or TryLater, whose code is the HTTP status."""


class Arrived(Struct, frozen=True, kw_only=True):
    """A mail as it lies in the inbox. `raw` is only its beginning where `whole` is False."""

    key: str
    raw: bytes
    at: datetime
    size: int  # bytes of the whole
    whole: bool


class KeptApart(Struct, frozen=True, kw_only=True):
    """A mail that became no case, waiting for somebody to look at it."""

    id: str
    reason: str
    at: datetime
    size: int  # bytes


class KeptApartPage(Struct, frozen=True):
    """Part of a list, and the opaque cursor of the next part (empty at the end)."""

    items: list[KeptApart]
    next: str


class Inbox(Protocol):
    """Where the mail service puts what comes in. Nothing is taken out of it here: it forgets by itself."""

    def read(self, key: str, most: int) -> Arrived | None:
        """A mail, or the beginning of one larger than `most` bytes; None where it is gone."""

    def keep_apart(self, key: str, reason: str) -> None:
        """Keep a copy for somebody to look at; the same a second time changes nothing. `reason` is one word."""

    def apart(self, cursor: str = "", limit: int = 100) -> KeptApartPage:
        """What was kept apart, by reason. Raises BadInput for a cursor that is none."""


class Form(Struct, frozen=True, kw_only=True):
    """How a browser or a program sends a file straight to the store: a multipart form, the file its last field."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


class Uploaded(Struct, frozen=True, kw_only=True):
    """What was sent. `content` is empty where it is larger than was asked for; `version` is this very content."""

    content: bytes
    size: int  # bytes of the whole
    declared: str  # what the form carried with it
    version: str


class Uploads(Protocol):
    """Files on their way in, each under a name; what nobody keeps is forgotten after a day."""

    def form(
        self, name: str, *, most: int, kind: str = "", size: int = 0, sha256: str = "", declared: str = "",
        back: str = "",
    ) -> Form:  # fmt: skip
        """A form that takes this one file alone: up to `most` bytes, or exactly what is said of it. `declared`, up to
        2,000 ASCII characters, stays with the file; `back` is where a browser goes on from there.
        """

    def read(self, name: str, most: int) -> Uploaded | None:
        """What came; None where nothing did, or where it is kept or dropped."""

    def keep(self, name: str, version: str, place: str, kind: str) -> bool:
        """Copy it to where it stays; the same a second time changes nothing. False where it is another by now."""

    def drop(self, name: str) -> None:
        """Forget it now; the same a second time changes nothing."""

    def link(self, place: str, kind: str, name: str, seconds: int) -> str:
        """An address that hands out a kept file, to be saved under a name, for so long."""


class Files(Protocol):
    """Files the desk keeps: prepared reports."""

    def put(self, name: str, content: bytes, kind: str) -> None:
        """Write a file of a media type, replacing what was there."""

    def get(self, name: str) -> bytes | None:
        """Its content, or None where there is no such file."""

    def drop(self, name: str) -> None:
        """It is gone; the same a second time changes nothing."""
