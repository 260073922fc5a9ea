"""What administrators call. A PUT writes one entry whole; its id is in it, so the same again changes nothing."""

from typing import Annotated, Any

from msgspec import Meta, Struct, defstruct

from chalicelib.cases.entries import OwnProcedure, ProcedureView, SettingsView, SiteCalendar, SiteSettings
from chalicelib.desk.people import Absence, Department, Person, Site
from chalicelib.web.routes import Answer, Call, serve


def _listing(kind: type[Struct]) -> Any:
    """A list of entries, whole: a directory is small enough to be read at once."""
    return defstruct(f"{kind.__name__}List", [("items", list[kind]), ("next", str, "")], kw_only=True)  # type: ignore[valid-type]


def _listed(items: Any) -> Answer:
    return Answer({"items": list(items), "next": ""})


@serve("GET", "/v1/admin/sites", who="admin", summary="The sites", answers={200: _listing(Site)})
def sites(call: Call) -> Answer:
    """Every site."""
    return _listed(call.world.directory.organisation(call.staff.org).sites.values())


@serve("PUT", "/v1/admin/sites", who="admin", summary="Write a site", body=Site, answers={200: Site})
def put_site(call: Call) -> Answer:
    """A changed calendar or setting re-arms the site's open cases."""
    call.world.directory.put_site(call.staff.org, call.body)
    return Answer(call.body)


@serve("GET", "/v1/admin/departments", who="admin", summary="The departments", answers={200: _listing(Department)})
def departments(call: Call) -> Answer:
    """Every department."""
    return _listed(call.world.directory.organisation(call.staff.org).departments.values())


@serve(
    "PUT", "/v1/admin/departments", who="admin", summary="Write a department", body=Department,
    answers={200: Department},
)  # fmt: skip
def put_department(call: Call) -> Answer:
    """People in order: primary, secondary, others."""
    call.world.directory.put_department(call.staff.org, call.body)
    return Answer(call.body)


@serve("GET", "/v1/admin/staff", who="admin", summary="The staff", answers={200: _listing(Person)})
def staff(call: Call) -> Answer:
    """Everyone, those who left too."""
    return _listed(call.world.directory.organisation(call.staff.org).staff.values())


@serve("PUT", "/v1/admin/staff", who="admin", summary="Write a member of staff", body=Person, answers={200: Person})
def put_person(call: Call) -> Answer:
    """Whoever leaves is made inactive; what they did keeps their name."""
    call.world.directory.put_person(call.staff.org, call.body, call.staff.person)
    return Answer(call.body)


@serve("GET", "/v1/admin/absences", who="admin", summary="The absences", answers={200: _listing(Absence)})
def absences(call: Call) -> Answer:
    """Past, present and planned."""
    return _listed(call.world.directory.organisation(call.staff.org).absences)


@serve("PUT", "/v1/admin/absences", who="admin", summary="Write an absence", body=Absence, answers={200: Absence})
def put_absence(call: Call) -> Answer:
    """The same person and start replaces it."""
    call.world.directory.put_absence(call.staff.org, call.body)
    return Answer(call.body)


@serve("GET", "/v1/admin/settings", who="admin", summary="The settings", answers={200: _listing(SettingsView)})
def settings(call: Call) -> Answer:
    """Of every site, with what its procedure declares."""
    return _listed(call.world.directory.settings(call.staff.org))


@serve(
    "PUT", "/v1/admin/settings", who="admin", summary="Write the settings of a site", body=SiteSettings,
    answers={200: SiteSettings},
)  # fmt: skip
def put_settings(call: Call) -> Answer:
    """Re-arms the site's open cases."""
    call.world.directory.put_settings(call.staff.org, call.body)
    return Answer(call.body)


@serve("GET", "/v1/admin/calendars", who="admin", summary="The calendars", answers={200: _listing(SiteCalendar)})
def calendars(call: Call) -> Answer:
    """Of every site."""
    return _listed(call.world.directory.calendars(call.staff.org))


@serve(
    "PUT", "/v1/admin/calendars", who="admin", summary="Write the calendar of a site", body=SiteCalendar,
    answers={200: SiteCalendar},
)  # fmt: skip
def put_calendar(call: Call) -> Answer:
    """Re-arms the site's open cases."""
    call.world.directory.put_calendar(call.staff.org, call.body)
    return Answer(call.body)


class Which(Struct, kw_only=True, forbid_unknown_fields=True):
    """One procedure whole; without an id, the list of those in use."""

    id: Annotated[str, Meta(max_length=48)] = ""
    version: Annotated[int, Meta(ge=0)] = 0


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
