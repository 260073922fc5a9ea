"""What administrators call. A PUT writes one entry whole; its id is in it, so the same again changes nothing."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct, defstruct

from chalicelib.cases.entries import OwnProcedure, ProcedureView, SettingsView, SiteCalendar, SiteSettings
from chalicelib.desk.people import Absence, Department, Person, Site
from chalicelib.web.auth import Caller
from chalicelib.web.routes import Answer, Call, serve

if TYPE_CHECKING:
    from chalicelib.cases.directory import Directory


def _listing(kind: type[Struct]) -> Any:
    """A list of entries, whole: a directory is small enough to be read at once."""
    return defstruct(f"{kind.__name__}List", [("items", list[kind]), ("next", str, "")], kw_only=True)  # type: ignore[valid-type]


def _listed(items: Iterable[Any]) -> Answer:
    return Answer({"items": list(items), "next": ""})


def _entries(
    name: str, one: str, kind: type[Struct], *, read: Callable[["Directory", str], Iterable[Any]],
    write: Callable[["Directory", Caller, Any], None], shown: type[Struct] | None = None,
) -> None:  # fmt: skip
    """A GET that lists the entries of a kind, as they are `shown`, and a PUT that writes one."""
    path = f"/v1/admin/{name}"

    @serve("GET", path, who="admin", summary=f"The {name}", answers={200: _listing(shown or kind)})
    def listing(call: Call) -> Answer:
        return _listed(read(call.world.directory, call.staff.org))

    @serve("PUT", path, who="admin", summary=f"Write {one}", body=kind, answers={200: kind})
    def put(call: Call) -> Answer:
        write(call.world.directory, call.staff, call.body)
        return Answer(call.body)


_entries(
    "sites", "a site", Site,
    read=lambda directory, org: directory.organisation(org).sites.values(),
    write=lambda directory, by, site: directory.put_site(by.org, site),
)  # fmt: skip
_entries(
    "departments", "a department", Department,
    read=lambda directory, org: directory.organisation(org).departments.values(),
    write=lambda directory, by, unit: directory.put_department(by.org, unit),
)  # fmt: skip
_entries(  # those who left too: whoever leaves is made inactive, and what they did keeps their name
    "staff", "a member of staff", Person,
    read=lambda directory, org: directory.organisation(org).staff.values(),
    write=lambda directory, by, person: directory.put_person(by.org, person, by.person),
)  # fmt: skip
_entries(  # past, present and planned
    "absences", "an absence", Absence,
    read=lambda directory, org: directory.organisation(org).absences,
    write=lambda directory, by, absence: directory.put_absence(by.org, absence),
)  # fmt: skip
_entries(
    "settings", "the settings of a site", SiteSettings, shown=SettingsView,
    read=lambda directory, org: directory.settings(org),
    write=lambda directory, by, chosen: directory.put_settings(by.org, chosen),
)  # fmt: skip
_entries(
    "calendars", "the calendar of a site", SiteCalendar,
    read=lambda directory, org: directory.calendars(org),
    write=lambda directory, by, calendar: directory.put_calendar(by.org, calendar),
)  # fmt: skip


class Which(Struct, kw_only=True, forbid_unknown_fields=True):
    """One procedure whole; without an id, the list of those in use."""

    id: Annotated[str, Meta(max_length=48)] = ""
    version: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


@serve(
    "GET", "/v1/admin/procedures", who="admin", summary="The procedures, or one whole", query=Which,
    answers={200: _listing(ProcedureView)},
)  # fmt: skip
def procedures(call: Call) -> Answer:
    """Those that sites work by."""
    directory, org, which = call.world.directory, call.staff.org, call.query
    if which.id:
        return _listed([directory.procedure(org, which.id, which.version or None)])
    return _listed(directory.procedures(org))


@serve(
    "PUT", "/v1/admin/procedures", who="admin", summary="Write a version of one's own procedure", body=OwnProcedure,
    answers={200: ProcedureView},
)  # fmt: skip
def put_procedure(call: Call) -> Answer:
    """It is proved sound before it is accepted; a version never changes."""
    return Answer(call.world.directory.put_procedure(call.staff.org, call.body))
