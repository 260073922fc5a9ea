"""What staff call of the libraries of a site: rules, lessons and knowledge that cases left."""

from msgspec import Struct

from chalicelib.cases.views import LibraryView
from chalicelib.web.routes import Answer, Call, serve
from chalicelib.web.tickets import Id


class Where(Struct, kw_only=True, forbid_unknown_fields=True):
    """Of which site; may be left out where there is one."""

    site: Id = ""


class LibraryList(Struct, kw_only=True):
    """The libraries, in the order of the procedure, without their entries."""

    items: list[LibraryView]
    next: str = ""


@serve("GET", "/v1/libraries", who="staff", summary="The libraries of a site", query=Where, answers={200: LibraryList})
def libraries(call: Call) -> Answer:
    """Which there are."""
    staff = call.staff
    return Answer(LibraryList(items=call.world.libraries.all(staff.org, call.query.site, staff.person, call.language)))


@serve(
    "GET", "/v1/libraries/{library}", who="staff", summary="A library with its latest entries", query=Where,
    answers={200: LibraryView},
)  # fmt: skip
def library(call: Call) -> Answer:
    """The latest hundred, the newest case first."""
    staff, name = call.staff, call.path["library"]
    return Answer(call.world.libraries(staff.org, call.query.site, staff.person, call.language, library=name))
