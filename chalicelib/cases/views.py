"""The shapes in which cases are shown: to staff (`CaseView`, `EventView`, `Lines`), to complainants (`Tracked`)."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, field

from chalicelib.desk.complaint import Attachment, ChannelOfIntake, Identity, Kind, Language, Reply
from chalicelib.desk.explain import ClockView
from chalicelib.desk.procedure import Status


class PersonView(Struct, kw_only=True):
    """A member of staff."""

    id: str
    name: str
    absent: bool = False


class OwnerView(Struct, kw_only=True):
    """Whom the case lies with, and who answers for it now."""

    person: PersonView | None
    department: str
    department_name: str
    role: str
    role_title: str
    answers_now: PersonView | None


class StageView(Struct, kw_only=True):
    """Who is in charge of a stage. `here`: the case is at it."""

    stage: str
    title: str
    status: Status
    here: bool
    role: str
    role_title: str
    primary: PersonView | None
    secondary: PersonView | None
    answers_now: PersonView | None
    rules: list[str]


class FieldView(Struct, kw_only=True):
    """An answer: as it is kept, and in words. Withheld: both are empty."""

    id: str
    title: str
    type: str
    value: Any
    text: str
    unknown: bool = False
    withheld: bool = False
    rules: list[str] = field(default_factory=list)


class LineView(Struct, kw_only=True):
    """A line of guidance, with the rule it comes from."""

    rule: str
    text: str


class GuideView(Struct, kw_only=True):
    """A checklist, a script, a prohibition or background that applies here and now."""

    id: str
    title: str
    kind: str
    lines: list[LineView]


class IntakeView(Struct, kw_only=True):
    """What to ask. `form` is a JSON Schema (2020-12) of the `form` of `POST /v1/complaints`; a field with
    `x-intake` is better given at that place of the body.
    """

    org: str
    site: str
    site_name: str
    procedure: str
    procedure_title: str
    title: str
    channels: dict[str, str]
    form: dict[str, Any]
    guides: list[GuideView]
    rules: list[str]


class LibraryEntry(Struct, kw_only=True):
    """What a case left. `number` is empty where the reader may not see that case; `about`: what the case is like."""

    number: str
    text: str
    about: list[str]
    at: datetime


class LibraryView(Struct, kw_only=True):
    """A library of a site with entries, those of the latest cases first."""

    library: str
    site: str
    title: str
    entries: list[LibraryEntry]
    rules: list[str]


class ActionView(Struct, kw_only=True):
    """Something this person may do now. `form` is a JSON Schema (2020-12) of the body to send."""

    id: str
    title: str
    form: dict[str, Any]
    checklist: list[LineView]
    rules: list[str]


class TaskView(Struct, kw_only=True):
    """A task of the case."""

    id: str
    task: str
    title: str
    opened: datetime
    finished: datetime | None
    answers_now: PersonView | None
    shows: list[FieldView]


class LatenessView(Struct, kw_only=True):
    """A missed limit; it stays."""

    clock: str
    title: str
    due: datetime
    round: int
    owner: PersonView | None


class EarlierView(Struct, kw_only=True):
    """Another case of the same customer. `why`: what both have in common, in a sentence."""

    number: str
    site: str
    received_at: datetime
    status: Status
    stage: str
    summary: str
    why: str = ""


class SuggestionView(EarlierView, kw_only=True):
    """A case that may belong with this one; a person decides.

    `link` and `action` say by which link of the procedure, and by which action open to the reader, with `answers` as
    the beginning of its form; both are empty where nothing is open to them.
    """

    kind: Literal["duplicate", "repeat", "same_problem"]
    link: str = ""
    action: str = ""
    answers: dict[str, str] = field(default_factory=dict)


class LinkedView(EarlierView, kw_only=True):
    """A case that belongs with this one: somebody linked the two, or both are in one group of a link.

    `undo` is the action, open to the reader, that undoes it; empty where there is none.
    """

    link: str
    title: str
    kind: str = ""
    kind_title: str = ""
    note: str = ""
    by: PersonView | None = None
    at: datetime | None = None
    undo: str = ""


class CustomerCounts(Struct, kw_only=True):
    """Of a customer's cases that the reader may see. `more`: there are others, older than those counted."""

    cases: int
    open: int
    late: int  # with a limit that was missed, ever
    repeats: int  # that repeat an earlier one: the same matter again, or linked as such
    last_contact: datetime | None
    more: bool = False


class WhyView(Struct, kw_only=True):
    """A rule of the written procedure: the document, its words there (in Chinese), its sense in short."""

    document: str
    clause: str
    says: str


class AttachmentView(Struct, kw_only=True):
    """A file of a case. Of a confidential one its name and purpose may say who complains: then they are `withheld`."""

    id: str
    name: str
    kind: str
    size: int
    sha256: str
    purpose: str
    at: datetime
    by: str  # a person's id, `customer`, or empty: from somebody who was not verified
    withheld: bool = False


def attachment_view(file: Attachment, *, withheld: bool = False) -> AttachmentView:
    """A file as a list shows it; where its bytes are kept is nobody's business."""
    return AttachmentView(
        id=file.reference, name="" if withheld else file.name, kind=file.kind, size=file.size, sha256=file.sha256,
        purpose="" if withheld else file.purpose, at=file.at, by=file.by, withheld=withheld,
    )  # fmt: skip


OPENS_FOR = 120
"""Seconds for which the address of a file opens it: to follow it at once, and not to pass it on."""


class Invitation(Struct, kw_only=True):
    """Where a file is to be sent: a POST of `fields` as a multipart form to `url`, with the file as the last field
    `file`. Then a POST to the attachment's own address, with its `id`, takes it in.
    """

    id: str
    url: str
    fields: dict[str, str]
    expires_at: datetime


class Download(AttachmentView, kw_only=True):
    """A file with an address that hands it out for two minutes; of a recording the address that the platform gave."""

    url: str
    expires_in: int = OPENS_FOR


class CaseView(Struct, kw_only=True):
    """The whole case. `version` is what an action's If-Match names. `why` holds every rule named anywhere in it.

    `customer` is empty where the case is confidential and the identity was not asked for, or is not for this person
    (`customer_withheld`), and in the answer to an action, which reads no more than it must.
    """

    number: str
    org: str
    site: str
    site_name: str
    version: int
    procedure: str
    procedure_version: int
    procedure_title: str
    stage: str
    stage_title: str
    status: Status
    round: int
    channel: ChannelOfIntake
    kind: Kind
    language: Language
    received_at: datetime
    registered_at: datetime
    promised_reply_at: datetime | None
    closed_at: datetime | None
    summary: str
    anonymous: bool
    confidential: bool
    owner: OwnerView
    fields: list[FieldView]
    posted: dict[str, str]
    attachments: list[AttachmentView]
    clocks: list[ClockView]
    lateness: list[LatenessView]
    tasks: list[TaskView]
    people: list[StageView]
    guides: list[GuideView]
    actions: list[ActionView]
    replies: list[Reply]
    customer: Identity | None = None
    customer_withheld: bool = False
    earlier: list[EarlierView] | None = None
    suggested: list[SuggestionView] = field(default_factory=list)
    linked: list[LinkedView] = field(default_factory=list)
    why: dict[str, WhyView] = field(default_factory=dict)
    libraries: list[LibraryView] = field(default_factory=list)  # what earlier cases like this one left
    warnings: list[str] = field(default_factory=list)  # what the procedure says of the action just done


class HoldView(Struct, kw_only=True):
    """Why nothing of a case may be erased, since when, and who says so."""

    by: str
    by_name: str
    since: datetime
    reason: str


class RetentionView(Struct, kw_only=True):
    """What of a case is kept: `identity` is who complained, with files and all that leads there, `content` what was
    said in words. `…_until` is empty while the case is open, and where it is kept until somebody erases it; a hold
    comes before both. `elsewhere`: recordings that the hotline's platform keeps by its own rules.
    """

    number: str
    hold: HoldView | None
    identity_until: datetime | None
    content_until: datetime | None
    identity_erased_at: datetime | None
    content_erased_at: datetime | None
    elsewhere: list[str]


class ToldView(Struct, kw_only=True):
    """Somebody who was told: `to` is a person, or `customer`."""

    to: str
    letter: str
    channel: str


class EventView(Struct, kw_only=True):
    """One entry of the history, in words."""

    version: int
    at: datetime
    kind: str
    title: str
    by: PersonView | None
    action: str
    happened_at: datetime | None
    answers: list[FieldView]
    stage: str
    stage_title: str
    late: list[str]
    told: list[ToldView]
    note: str
    other: str  # the number of the case that this one was linked with, or no more
    previous: str
    hash: str


class Line(Struct, kw_only=True):
    """One case of a worklist."""

    number: str
    site: str
    summary: str
    stage: str
    stage_title: str
    status: str
    owner: str
    owner_name: str
    department: str
    received_at: datetime
    due: datetime | None
    late: bool
    round: int
    their_reference: str  # of whoever passed it on; empty where nobody did
    their_deadline: datetime | None  # until when they want to hear
    standing_in: bool  # it lies with somebody who is away, and the reader stands in


class Lines(Struct, kw_only=True):
    """Part of a list; `next` is the cursor of the next part, empty at the end. A part may be short of its limit."""

    items: list[Line]
    next: str


class Shown(Struct, kw_only=True):
    """An answer that the complainant may see."""

    title: str
    value: str


class Promise(Struct, kw_only=True):
    """A time that was promised, or agreed with the complainant."""

    title: str
    at: datetime


class Tracked(Struct, kw_only=True):
    """A case as the complainant sees it. `next`: what happens next, in a sentence."""

    number: str
    org: str
    site: str
    status: Status
    stage: str
    received_at: datetime
    language: Language
    summary: str
    promised_reply_at: datetime | None = None
    promises: list[Promise] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    closed_at: datetime | None = None
    next: str = ""
