"""People and places: organisations, sites, departments, staff and their absences, as plain data."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, field

from chalicelib.desk.calendar import DayRule, QuietHours
from chalicelib.desk.hours import Hours
from chalicelib.desk.procedure import Words
from chalicelib.desk.sizes import Name, Names, Title, Titles

Week = Annotated[dict[Name, Hours], Meta(max_length=7)]
Dates = Annotated[dict[Name, DayRule], Meta(max_length=1000)]
Entries = Annotated[dict[Name, Title], Meta(max_length=200)]

Moment = Annotated[datetime, Meta(tz=True)]
"""With its offset: one without compares with no other."""


class Person(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member of staff; `id` is the sign-in name."""

    id: Name
    name: Title
    email: Annotated[str, Meta(max_length=254)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    language: Name = "zh-Hans"
    departments: Names = field(default_factory=list)
    quiet: QuietHours | None = None
    admin: bool = False
    active: bool = True


class Department(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit of the organisation; `people` in order: primary, secondary, others."""

    id: Name
    name: Titles
    people: Names = field(default_factory=list)
    head: Name = ""


class Absence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`person` is away from `start` until before `end`; `stand_in`, or else the next of the post, takes the work."""

    person: Name
    start: Moment
    end: Moment
    stand_in: Name = ""


class Published(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A public notice as it was published: its entries, when, and by whom."""

    entries: Entries
    at: Moment
    by: Name = ""


Notices = Annotated[dict[Name, Annotated[list[Published], Meta(max_length=50)]], Meta(max_length=50)]


class Site(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place that works by one procedure. `posts`: role to people in order, primary first."""

    id: Name
    name: Titles
    procedure: Name
    zone: Name = "Asia/Shanghai"
    language: Name = "zh-Hans"
    hours: Week = field(default_factory=dict)  # weekday to intervals
    days: Dates = field(default_factory=dict)  # dates of its own, on top of the holidays
    settings: Entries = field(default_factory=dict)
    posts: Annotated[dict[Name, Names], Meta(max_length=100)] = field(default_factory=dict)
    contact: Entries = field(default_factory=dict)
    notices: Notices = field(default_factory=dict)  # the latest last; see `desk/publishing.py`
    mail: Annotated[list[Annotated[str, Meta(max_length=320)]], Meta(max_length=20)] = field(
        default_factory=list
    )  # addresses whose mail is complaints to this site, in small letters


class Signing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which of its secrets an organisation signs with: the one of this `epoch`, since then. Never a secret itself."""

    epoch: int = 0
    since: datetime | None = None


class Endpoint(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where another system hears of events of cases. `events`: kinds, or `acted:<action>`, `late:<clock>`; empty: all.

    `epoch` names its secret, `since` when that came into force.
    """

    id: str
    url: str
    events: list[str] = field(default_factory=list)
    active: bool = True
    epoch: int = 0
    since: datetime | None = None


class EndpointHealth(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an endpoint fares: since when it fails, and when it was given up. Of one that is well there is none."""

    id: str
    failing_since: datetime | None = None
    disabled_at: datetime | None = None


class Organisation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A whole directory: what every decision about people is looked up in."""

    id: str
    name: Words
    sites: dict[str, Site] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    staff: dict[str, Person] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)
    signing: Signing = Signing()  # with what calls to and from it are signed
    webhooks: dict[str, Endpoint] = field(default_factory=dict)
    webhook_health: dict[str, EndpointHealth] = field(default_factory=dict)
    open311: bool = False  # whether everyone may list its service requests
    open311_epoch: int = 0  # which of its API keys opens posting them

    def hears(self, endpoint: str) -> bool:
        """Whether an endpoint is there, and neither switched off nor given up."""
        known, health = self.webhooks.get(endpoint), self.webhook_health.get(endpoint)
        return known is not None and known.active and not (health and health.disabled_at)


def is_absent(organisation: Organisation, person: str, at: datetime) -> bool:
    """Whether the person is away at that instant."""
    return any(a.person == person and a.start <= at < a.end for a in organisation.absences)


def stand_in(organisation: Organisation, person: str, at: datetime) -> str:
    """The stand-in that the absence names, where there is one and they are here themselves; else empty."""
    for absence in organisation.absences:
        if absence.person == person and absence.start <= at < absence.end and absence.stand_in:
            return "" if is_absent(organisation, absence.stand_in, at) else absence.stand_in
    return ""


def stands_in_for(organisation: Organisation, person: str, now: datetime) -> list[str]:
    """Colleagues who are away and whose work this person has: named by the absence, or the next of the same post."""
    if is_absent(organisation, person, now):
        return []
    away = [p.id for p in organisation.staff.values() if p.id != person and is_absent(organisation, p.id, now)]
    return [colleague for colleague in away if person in _substitutes(organisation, colleague, now)]


def _substitutes(organisation: Organisation, colleague: str, now: datetime) -> set[str]:
    if named := stand_in(organisation, colleague, now):
        return {named}
    posts = [people for site in organisation.sites.values() for people in site.posts.values() if colleague in people]
    units = [unit.people for unit in organisation.departments.values() if colleague in unit.people]
    return {next((p for p in people if _here(organisation, p, now)), "") for people in posts + units}


def _here(organisation: Organisation, person: str, now: datetime) -> bool:
    known = organisation.staff.get(person)
    return known is not None and known.active and not is_absent(organisation, person, now)
