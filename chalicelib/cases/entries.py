"""Entries of the directory as administrators read and write them, where they differ from how they are kept."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from chalicelib.desk.people import Dates, Entries, Published, Week
from chalicelib.desk.procedure import Words
from chalicelib.desk.sizes import MOST_TEXT, Name
from chalicelib.procedures.rule import Rule

Id = Annotated[str, Meta(max_length=48)]


class SiteSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The settings of a site: name to value, empty for "measured and shown, never late"."""

    site: Id
    settings: Entries


class Declared(Struct, kw_only=True):
    """A setting that a site's procedure declares."""

    title: Words
    type: str
    choices: list[str]
    default: str | int | None
    rules: list[str]


class SettingsView(Struct, kw_only=True):
    """The settings of a site with what may be set."""

    site: str
    settings: dict[str, str]
    declared: dict[str, Declared]


class SiteCalendar(Struct, kw_only=True, forbid_unknown_fields=True):
    """Opening hours of a site: weekday to intervals, and dates that differ. Holidays need not be listed."""

    site: Id
    zone: Name = "Asia/Shanghai"
    hours: Week = field(default_factory=dict)
    days: Dates = field(default_factory=dict)


class SigningView(Struct, kw_only=True):
    """The secret (`whsec_...`) that calls are signed with, and until when the one before it is taken too."""

    epoch: int
    secret: str
    since: datetime | None
    previous_until: datetime | None


class SiteNotice(Struct, kw_only=True, forbid_unknown_fields=True):
    """A notice of a site to be published: entry to what it says."""

    site: Id
    notice: Id
    entries: Entries


class EntryView(Struct, kw_only=True):
    """An entry of a notice; `value` is empty before it is published."""

    id: str
    title: str
    type: str
    value: str


class NoticeView(Struct, kw_only=True):
    """A notice of a site: as it is published, and as it was before, oldest first."""

    site: str
    notice: str
    title: str
    entries: list[EntryView]
    published_at: datetime | None
    published_by: str
    earlier: list[Published]
    rules: list[str]


class EndpointEntry(Struct, kw_only=True, forbid_unknown_fields=True):
    """An endpoint as it is written. `events` are kinds, `acted:<action>` or `late:<clock>`; none: all of them.

    `epoch` names its secret: one more, and it has a new one; the one before is signed with as well for 24 hours.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,47}$")]
    url: Annotated[str, Meta(max_length=500)]
    events: Annotated[list[Annotated[str, Meta(max_length=100)]], Meta(max_length=50)] = field(default_factory=list)
    active: bool = True
    epoch: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class EndpointView(Struct, kw_only=True):
    """The same with how it fares. The `secret` (`whsec_...`) is told once, as it begins."""

    id: str
    url: str
    events: list[str]
    active: bool
    epoch: int
    since: datetime | None
    failing_since: datetime | None
    disabled_at: datetime | None  # it failed for long and was given up; writing it again gives it another chance
    secret: str | UnsetType = UNSET


class Redelivery(Struct, kw_only=True, forbid_unknown_fields=True):
    """What to send again: of a case, or since when."""

    number: Annotated[str, Meta(max_length=40)] = ""
    message: Annotated[str, Meta(max_length=200)] = ""
    since: Annotated[datetime, Meta(tz=True)] | None = None


class Requeued(Struct, kw_only=True):
    """How many events are on their way again; `more`: ask once more for the rest."""

    queued: int
    more: bool


class Open311View(Struct, kw_only=True):
    """Whether everyone may list the organisation's requests, and the key with which requests are posted to it."""

    published: bool
    epoch: int
    api_key: str
    jurisdiction_id: str


Parts = Annotated[dict[Name, Annotated[str, Meta(max_length=MOST_TEXT)]], Meta(max_length=10)]
"""Of a letter in a language."""


class OwnProcedure(Struct, kw_only=True, forbid_unknown_fields=True):
    """A procedure as its file holds it, its letters (id, language, then `subject`, `sms`, `body`), and, where they are
    written down, the rules of its document by id.
    """

    tree: Annotated[dict[Name, Any], Meta(max_length=100)]
    letters: Annotated[dict[Name, Annotated[dict[Name, Parts], Meta(max_length=10)]], Meta(max_length=300)]
    rules: Annotated[dict[Name, Rule], Meta(max_length=500)] = field(default_factory=dict)


class ProcedureView(Struct, kw_only=True):
    """A procedure in the list. `own`: the organisation wrote it. Tree and letters come where it is asked for by id."""

    id: str
    version: int
    title: Words
    own: bool
    sites: list[str]
    tree: dict[str, Any] | None = None
    letters: dict[str, dict[str, dict[str, str]]] | None = None
    rules: dict[str, Rule] | None = None
