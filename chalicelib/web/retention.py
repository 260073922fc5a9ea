"""How long cases are kept: what administrators read, hold back, and erase."""

from typing import Annotated

from msgspec import Meta, Struct, field

from chalicelib.cases.views import RetentionView
from chalicelib.desk.complaint import Part
from chalicelib.desk.errors import BadInput, Problem
from chalicelib.web.routes import Answer, Call, serve


class Why(Struct, kw_only=True, forbid_unknown_fields=True):
    """The reason, for the history. It stays there for good, so it names nobody."""

    reason: Annotated[str, Meta(max_length=500)]


class Wish(Why, kw_only=True, forbid_unknown_fields=True):
    """What is to be erased now, and why. With the `content` goes the `identity`, whether or not it is named."""

    parts: Annotated[list[Part], Meta(min_length=1, max_length=2)] = field(default_factory=lambda: ["identity"])


class HeldList(Struct, kw_only=True):
    """Cases of which nothing may be erased, the newest first."""

    items: list[RetentionView]
    next: str = ""


@serve(
    "GET", "/v1/tickets/{number}/retention", who="admin", summary="What of a case is kept, and until when",
    answers={200: RetentionView},
)  # fmt: skip
def retention(call: Call) -> Answer:
    """How long is a matter of the site's settings, `keep_identity`, `keep_inquiries` and `keep_content`."""
    return Answer(call.world.erase.view(call.world.show.seen(call.staff.org, call.path["number"], call.staff.person)))


@serve(
    "POST", "/v1/tickets/{number}/erase", who="admin", summary="Erase what a case says of a person", body=Wish,
    answers={200: RetentionView},
)  # fmt: skip
def erase(call: Call) -> Answer:
    """At once and for good; the same again is done already. Links and files are cleared within a minute."""
    org, number, by = _whose(call)
    return Answer(call.world.erase.view(call.world.erase.now(org, number, call.body.parts, _reason(call), by)))


@serve(
    "POST", "/v1/tickets/{number}/hold", who="admin", summary="Let nothing of a case be erased", body=Why,
    answers={200: RetentionView},
)  # fmt: skip
def hold(call: Call) -> Answer:
    """Until it is released: for a lawsuit, an inspection, an investigation."""
    org, number, by = _whose(call)
    return Answer(call.world.erase.view(call.world.erase.hold(org, number, _reason(call), by)))


@serve(
    "POST", "/v1/tickets/{number}/release", who="admin", summary="Lift the hold", body=Why,
    answers={200: RetentionView},
)  # fmt: skip
def release(call: Call) -> Answer:
    """What should have been erased meanwhile goes within a minute."""
    org, number, by = _whose(call)
    return Answer(call.world.erase.view(call.world.erase.release(org, number, _reason(call), by)))


@serve("GET", "/v1/admin/holds", who="admin", summary="Cases of which nothing may be erased", answers={200: HeldList})
def holds(call: Call) -> Answer:
    """The newest hundred."""
    return Answer(HeldList(items=call.world.erase.held(call.staff.org)))


def _whose(call: Call) -> tuple[str, str, str]:
    """Nobody erases, holds or releases a case from which they are kept out. Raises NotFound."""
    staff = call.staff
    case = call.world.show.seen(staff.org, call.path["number"], staff.person)
    return case.org, case.number, staff.person


def _reason(call: Call) -> str:
    reason: str = call.body.reason.strip()
    if not reason:
        raise BadInput("Say why.", [Problem("reason", "is required")])
    return reason
