"""Endpoints of other systems, for administrators."""

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.cases.entries import EndpointEntry, EndpointView, Redelivery, Requeued
from chalicelib.ports import Undelivered
from chalicelib.web.routes import Answer, Call, serve


class EndpointList(Struct, kw_only=True):
    """All of them."""

    items: list[EndpointView]
    next: str = ""


class UndeliveredList(Struct, kw_only=True):
    """The oldest first; what comes after the last is asked for by its `at`."""

    items: list[Undelivered]
    next: str = ""


class Since(Struct, kw_only=True, forbid_unknown_fields=True):
    """From when on."""

    since: Annotated[datetime, Meta(tz=True)] = datetime(2000, 1, 1, tzinfo=UTC)


@serve("GET", "/v1/admin/webhooks", who="admin", summary="The endpoints of other systems", answers={200: EndpointList})
def endpoints(call: Call) -> Answer:
    """How each fares, and no secrets."""
    return Answer(EndpointList(items=call.world.endpoints.all(call.staff.org)))


@serve(
    "PUT", "/v1/admin/webhooks", who="admin", summary="Write an endpoint", body=EndpointEntry,
    answers={200: EndpointView},
)  # fmt: skip
def put_endpoint(call: Call) -> Answer:
    """The answer tells the secret where it is new (the endpoint, or its epoch), and never again."""
    return Answer(call.world.endpoints.put(call.staff.org, call.body))


@serve(
    "GET", "/v1/admin/webhooks/{id}/undelivered", who="admin", summary="Events that an endpoint did not take",
    query=Since, answers={200: UndeliveredList},
)  # fmt: skip
def undelivered(call: Call) -> Answer:
    """They are kept for 90 days."""
    return Answer(UndeliveredList(items=call.world.endpoints.lost(call.staff.org, call.path["id"], call.query.since)))


@serve(
    "POST", "/v1/admin/webhooks/{id}/redeliver", who="admin", summary="Send events again", body=Redelivery,
    answers={200: Requeued},
)  # fmt: skip
def redeliver(call: Call) -> Answer:
    """One event of a case (`number`, `message`), all of a case that were given up, or all since a moment."""
    return Answer(call.world.endpoints.redeliver(call.staff.org, call.path["id"], call.body))
