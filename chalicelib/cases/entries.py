"""Entries of the directory as administrators read and write them, where they differ from how they are kept."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from chalicelib.desk.calendar import DayRule
from chalicelib.desk.people import Published
from chalicelib.desk.procedure import Words

Id = Annotated[str, Meta(max_length=48)]


class SiteSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The settings of a site: name to value, empty for "measured and shown, never late"."""

    site: Id
    settings: dict[str, str]


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
    zone: str = "Asia/Shanghai"
    hours: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    days: dict[str, DayRule] = field(default_factory=dict)


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
    entries: dict[str, Annotated[str, Meta(max_length=500)]]


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


class OwnProcedure(Struct, kw_only=True, forbid_unknown_fields=True):
    """A procedure as its file holds it, and its letters: id, language, then `subject`, `sms`, `body`."""

    tree: dict[str, Any]
    letters: dict[str, dict[str, dict[str, str]]]


class ProcedureView(Struct, kw_only=True):
    """A procedure in the list. `own`: the organisation wrote it. Tree and letters come where it is asked for by id."""

    id: str
    version: int
    title: Words
    own: bool
    sites: list[str]
    tree: dict[str, Any] | None = None
    letters: dict[str, dict[str, dict[str, str]]] | None = None
