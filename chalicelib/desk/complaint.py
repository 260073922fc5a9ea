"""A complaint as the desk knows it: its state, the events that made it, and the messages they gave rise to.

State is a fold over events: each event carries its `changes` as facts, so a history replays to the same state
whatever became of calendars, settings or people since. Identity (name, phone, address) is none of this: it is
kept apart (`Identity`) and never enters state, events, keys or logs.

All instants are aware UTC datetimes of whole seconds.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, field

from chalicelib.desk.procedure import FINISHED, Channel, Status

ChannelOfIntake = Literal["phone", "visit", "letter", "email", "web", "referral", "report", "other"]
Kind = Literal["complaint", "consultation", "suggestion", "opinion", "report"]
Language = Literal["zh-Hans", "zh-Hant", "en"]

CUSTOMER = "customer"
"""The recipient of a letter that is the complainant; who that is stands in the identity alone."""

THE_DESK = ""
"""`by` of an event that no person caused: a tick, an automatic move."""


class Identity(Struct, kw_only=True, omit_defaults=True):
    """Who complains. `phone` is E.164 where it could be parsed, else as given."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    room: str = ""
    plate: str = ""
    thread: str = ""  # the id of the mail by which it came: what is written back is an answer to it
    caller: str = ""  # the phone from which it came, where another one was given to be called back at


class Attachment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that belongs to a case. `place` is where its bytes are kept."""

    name: str
    kind: str  # media type, as whoever sent it says
    size: int  # bytes
    sha256: str
    place: str
    at: datetime
    by: str = CUSTOMER  # a person's id, CUSTOMER, or empty: from somebody who was not verified
    id: str = ""  # of one that was uploaded
    purpose: str = ""  # what it is there for, in the words of whoever added it

    @property
    def reference(self) -> str:
        """By which the case names it: what came by mail is known by its content."""
        return self.id or self.sha256[:32]

    @property
    def elsewhere(self) -> bool:
        """Whether its bytes are kept by whoever told of it: the recording of a hotline platform."""
        return self.place.startswith(("https://", "http://"))


class Owner(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whom a case lies with at its stage: the person assigned (absent or not), the unit, and by which role."""

    person: str = ""
    department: str = ""
    role: str = ""


class Mark(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is remembered of an action: who did it first, who last, when, in which round, how often."""

    first_by: str
    by: str
    at: datetime
    round: int
    version: int
    times: int = 1


class ClockRun(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One run of a clock. `due` None: no limit, measured only. `told`: rung index to the due it was told for."""

    clock: str
    run: int
    started: datetime
    state: Literal["running", "paused", "stopped"] = "running"
    due: datetime | None = None
    task: str = ""
    paused_at: datetime | None = None
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    late_at: datetime | None = None  # the due instant it missed; freezes `due`
    told: dict[str, datetime] = field(default_factory=dict)
    stopped: datetime | None = None
    claimed: datetime | None = None  # when staff say the stopping act really happened


class Lateness(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A missed limit. Never removed."""

    clock: str
    run: int
    due: datetime
    round: int
    owner: str = ""
    task: str = ""


class TaskRun(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One instance of a task; `takes` holds the answers copied when it was opened.

    `because`: the signal that opened it by itself (`late reply`), or the watch (`watch recurring`).
    """

    task: str
    opened: datetime
    takes: dict[str, Any] = field(default_factory=dict)
    because: str = ""
    by: str = ""
    finished: datetime | None = None
    finished_by: str = ""


class Tie(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of two cases that a person linked, seen from the other. `kind` and `note` are what that person said of it."""

    link: str
    at: datetime
    by: str
    times: int  # how often the tie between these two was decided: the highest holds
    kind: str = ""
    note: str = ""
    undone: bool = False
    confidential: bool = False  # of one of the two it is not for everyone who complains


Part = Literal["identity", "content"]
"""What of a case can be erased: who complains, with files and all that leads there; and what was said in words."""


class Hold(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why nothing of a case may be erased (a legal hold), since when and by whom; or that this was lifted."""

    by: str
    at: datetime
    why: str
    lifted: bool = False


class Erased(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a part of a case was erased last, and by which event."""

    at: datetime
    version: int


class Complaint(Struct, kw_only=True, omit_defaults=True):
    """The head of a case. `version` is that of its last event; `chain` that event's hash."""

    org: str
    site: str
    number: str
    procedure: str
    procedure_version: int
    channel: ChannelOfIntake
    kind: Kind
    language: Language
    received_at: datetime
    registered_at: datetime
    version: int = 0
    chain: str = ""
    stage: str = ""
    status: Status = "received"
    round: int = 1
    owner: Owner = Owner()
    summary: str = ""
    anonymous: bool = False
    confidential: bool = False
    reach: list[Channel] = field(default_factory=list)  # ways the complainant can be written to
    promised_at: datetime | None = None  # the reply time the complainant was told at intake
    customer_keys: list[str] = field(default_factory=list)  # `kind:keyed hash`, as links have them
    posted: dict[str, str] = field(default_factory=dict)  # what the complaint said beyond the fields of its form
    values: dict[str, Any] = field(default_factory=dict)  # answers; an unknown one is {"unknown": reason}
    done: dict[str, Mark] = field(default_factory=dict)
    clocks: dict[str, ClockRun] = field(default_factory=dict)  # by clock id, or `clock@task instance`
    tasks: dict[str, TaskRun] = field(default_factory=dict)  # by instance: `task-n`
    lateness: list[Lateness] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)  # link to the group the case is in: the number of its first
    ties: dict[str, Tie] = field(default_factory=dict)  # by the number of the other case, undone ones too
    carried: dict[str, str] = field(default_factory=dict)  # action to the decision elsewhere that it was carried from
    stage_since: datetime | None = None
    closed_at: datetime | None = None
    salt: str = ""  # goes into the hashes of the history, and with what is erased: then nobody can try what it was
    hold: Hold | None = None
    erased: dict[Part, Erased] = field(default_factory=dict)

    @property
    def held(self) -> bool:
        """Whether nothing of it may be erased."""
        return self.hold is not None and not self.hold.lifted

    @property
    def finished(self) -> bool:
        """Closed, archived or withdrawn."""
        return self.status in FINISHED

    def file(self, reference: object) -> Attachment | None:
        """The file of the case that is meant."""
        return next((file for file in self.attachments if file.reference == reference), None)

    def taken(self, task: str) -> dict[str, Any]:
        """What an instance of a task took when it was opened; nothing without one."""
        return self.tasks[task].takes if task in self.tasks else {}


class Reply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was said between desk and complainant after intake; both sides see it."""

    at: datetime
    by: Literal["desk", "customer"]
    text: str


class Changes(Struct, kw_only=True, omit_defaults=True):
    """What an event changes in the head. None or empty: unchanged; mappings are merged, lists appended."""

    stage: str | None = None
    status: Status | None = None
    round: int | None = None
    owner: Owner | None = None
    summary: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)  # values removed
    done: dict[str, Mark] = field(default_factory=dict)
    clocks: dict[str, ClockRun] = field(default_factory=dict)
    tasks: dict[str, TaskRun] = field(default_factory=dict)
    lateness: list[Lateness] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    customer_keys: list[str] = field(default_factory=list)
    reach: list[Channel] | None = None
    groups: dict[str, str] = field(default_factory=dict)
    ties: dict[str, Tie] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    stage_since: datetime | None = None
    closed_at: datetime | None = None
    salt: str | None = None
    hold: Hold | None = None
    erased: dict[Part, Erased] = field(default_factory=dict)
    opening: dict[str, Any] = field(default_factory=dict)  # the first event alone: the fields that never change


class Told(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody to be told: one letter to one recipient by one channel."""

    to: str  # a person's id, or CUSTOMER
    letter: str
    channel: Channel
    clock: str = ""
    rung: int = -1


class Erasure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an event erased: which parts, the answers to which fields. `left`: the hash (SHA-256, salted with the salt
    that the event begins) of what is left of each earlier event, the first one first.
    """

    parts: list[Part]
    fields: list[str]
    left: list[str]


class Event(Struct, kw_only=True, omit_defaults=True):
    """One entry of the history, append-only and hash-chained (`desk/history.py`)."""

    version: int
    at: datetime
    kind: Literal[
        "registered", "acted", "ticked", "rearmed", "grouped", "linked", "unlinked", "wrote", "mailed", "called",
        "attached",
        "printed",
        "seen",
        "held", "released", "erased",
    ]  # fmt: skip
    by: str = THE_DESK
    action: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    task: str = ""
    happened_at: datetime | None = None
    signals: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    note: str = ""
    changes: Changes = field(default_factory=Changes)
    erasure: Erasure | None = None
    previous: str = ""
    hash: str = ""


class Announcement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What another system is told of an event: how the case stood then, and what made it so. Nothing personal."""

    kinds: list[str]  # the first names its type
    version: int
    stage: str
    status: Status
    round: int
    action: str = ""
    late: list[str] = field(default_factory=list)  # clocks that it found late


class Message(Struct, kw_only=True, omit_defaults=True):
    """A letter on its way to one recipient by one channel: born in the same transaction as its event.

    `number` is the case's, or empty where a duty gave rise to it (`duty`, `site`). `id` is deterministic, so that
    a repeated step writes the same row. Contact data is looked up when it is sent.
    """

    id: str
    org: str
    number: str
    letter: str
    channel: Channel
    to: str
    at: datetime
    clock: str = ""
    rung: int = -1
    task: str = ""  # the instance that it is about: its words are what the task took
    due: datetime | None = None
    stage: str = ""
    site: str = ""
    duty: str = ""
    period: str = ""
    urgent: bool = False
    not_before: datetime | None = None  # quiet hours of the recipient
    tells: Announcement | None = None  # an event, to the endpoint `to` of the organisation: no letter


class Retain(Struct, frozen=True):
    """When the time of a case is up and something of it is erased; None: that is not to be seen now."""

    at: datetime | None


class Decision(Struct, kw_only=True):
    """What `decide` or `tick` came to: the case afterwards, its new events, who is to be told, when it is due next."""

    complaint: Complaint
    events: list[Event]
    messages: list[Message] = field(default_factory=list)
    due: datetime | None = None
    warnings: list[dict[str, str]] = field(default_factory=list)  # Words said to the user, in each language
    shelved: list[tuple[str, str]] = field(default_factory=list)  # (library, place) of what this case leaves now
    watched: list[tuple[str, str]] = field(default_factory=list)  # watches that count this case now, each with a key
    retain: Retain | None = None  # None: as it was
