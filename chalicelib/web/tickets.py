"""What staff call: worklists, the whole case, its actions and its history."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import asdict

from chalicelib.cases.verify import Verified, verified
from chalicelib.cases.views import CaseView, CustomerCounts, EarlierView, EventView, IntakeView, Lines
from chalicelib.desk.complaint import ChannelOfIntake, Complaint
from chalicelib.desk.errors import BadInput, Problem, VersionNeeded
from chalicelib.desk.procedure import Words
from chalicelib.desk.words import said
from chalicelib.web.acting import acted
from chalicelib.web.errors import BadRequest
from chalicelib.web.routes import Answer, Call, serve

Id = Annotated[str, Meta(max_length=64)]


class Wanted(Struct, kw_only=True, forbid_unknown_fields=True):
    """Which open cases. Neither department nor owner: one's own, and those of colleagues one stands in for."""

    department: Id = ""
    owner: Id = ""
    stage: Id = ""
    site: Id = ""
    due_before: Annotated[datetime, Meta(tz=True)] | None = None
    cursor: Annotated[str, Meta(max_length=4000)] = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class Asked(Struct, kw_only=True, forbid_unknown_fields=True):
    """`identity=show` also shows who complains in a confidential case; the look is recorded."""

    identity: Literal["", "show"] = ""


class Whom(Struct, kw_only=True, forbid_unknown_fields=True):
    """What the customer would give again; at least one."""

    phone: Annotated[str, Meta(max_length=40)] = ""
    room: Annotated[str, Meta(max_length=60)] = ""
    plate: Annotated[str, Meta(max_length=20)] = ""


class Events(Struct, kw_only=True):
    """A whole history, oldest first."""

    items: list[EventView]
    next: str = ""


class Earlier(Struct, kw_only=True):
    """Cases of one customer, newest first, and how many they are."""

    items: list[EarlierView]
    counts: CustomerCounts
    next: str = ""


@serve("GET", "/v1/tickets", who="staff", summary="A worklist, most urgent first", query=Wanted, answers={200: Lines})
def worklist(call: Call) -> Answer:
    """Open cases."""
    return Answer(call.world.worklists(call.staff.org, call.staff.person, call.language, **asdict(call.query)))


@serve("GET", "/v1/tickets/{number}", who="staff", summary="The whole case", query=Asked, answers={200: CaseView})
def show(call: Call) -> Answer:
    """The case with its version as ETag."""
    staff, identity = call.staff, call.query.identity == "show"
    return _case(call.world.show(staff.org, call.path["number"], staff.person, call.language, identity=identity))


@serve(
    "POST", "/v1/tickets/{number}/actions/{action}", who="staff", summary="Do an action in a case",
    body=dict, answers={200: CaseView, 204: None}, headers=("If-Match",),
)  # fmt: skip
def act(call: Call) -> Answer:
    """The body is the action's form filled in. The same again, for the same version, finds itself done.

    204: it is done, and the case is not, or no longer, for this person to see.
    """
    done = acted(call.world, call.staff, call.path["number"], call.path["action"], call.body, _version(call))
    return _done(call, done.case, {"Idempotency-Replayed": "true"} if done.replayed else {}, done.warnings)


@serve("GET", "/v1/tickets/{number}/history", who="staff", summary="What happened, oldest first", answers={200: Events})
def history(call: Call) -> Answer:
    """Every event, in words."""
    return Answer(Events(items=call.world.show.history(
        call.staff.org, call.path["number"], call.staff.person, call.language
    )))  # fmt: skip


@serve(
    "GET", "/v1/tickets/{number}/history/verify", who="staff", summary="Recompute the chain", answers={200: Verified}
)
def verify(call: Call) -> Answer:
    """Whether the history is whole and untouched."""
    case = call.world.show.seen(call.staff.org, call.path["number"], call.staff.person)
    return Answer(verified(case, call.world.stores.cases.history(case.org, case.number)))


class Taking(Struct, kw_only=True, forbid_unknown_fields=True):
    """Where a complaint is taken in, and how it comes."""

    site: Id = ""
    channel: ChannelOfIntake = "phone"


@serve(
    "GET", "/v1/intake", who="staff", summary="The form by which a complaint is taken in, and its guides",
    query=Taking, answers={200: IntakeView},
)  # fmt: skip
def intake(call: Call) -> Answer:
    """What to ask and what to bear in mind while somebody complains."""
    staff, taking = call.staff, call.query
    return Answer(call.world.intake_form(staff.org, taking.site, staff.person, taking.channel, call.language))


@serve("GET", "/v1/customers", who="staff", summary="Cases of a customer", query=Whom, answers={200: Earlier})
def customers(call: Call) -> Answer:
    """Found by keyed hashes, so that no index holds a phone number."""
    wanted: Whom = call.query
    if not (wanted.phone or wanted.room or wanted.plate):
        raise BadInput("Say whom.", [Problem("phone", "is required, or room, or plate")])
    found, counts = call.world.show.of_customer(
        call.staff.org, call.staff.person, call.language, phone=wanted.phone, room=wanted.room, plate=wanted.plate
    )
    return Answer(Earlier(items=found, counts=counts))


def _case(view: CaseView) -> Answer:
    return Answer(view, 200, {"ETag": f'"{view.version}"'})


def _done(call: Call, case: Complaint, headers: dict[str, str], warnings: Sequence[Words] = ()) -> Answer:
    view = call.world.show.view(case, call.staff.person, call.language)
    if view is None:
        return Answer(None, 204, headers)
    view.warnings = [said(words, call.language) for words in warnings]
    return Answer(view, 200, {"ETag": f'"{view.version}"', **headers})


def _version(call: Call) -> int:
    """The version that If-Match names: `"12"`, `W/"12"` or `12`."""
    header = call.headers.get("if-match", "").strip()
    if not header:
        raise VersionNeeded("Say in If-Match which version you saw: the ETag of the case.")
    found = re.fullmatch(r'(?:W/)?(")?(\d{1,10})(?(1)")', header, re.ASCII)
    if found is None:
        raise BadRequest('If-Match must name a version of the case, such as "12".')
    return int(found[2])
