"""Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2): a `jurisdiction_id` is an organisation's id."""

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.cases.entries import Open311View
from chalicelib.desk.errors import BadInput, Problem
from chalicelib.observability import measure
from chalicelib.web.open311_calls import BASE, MEDIA, PUBLIC, Ask, Told, key_of, verb
from chalicelib.web.routes import Answer, Call, serve

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"  # its id, which is written like this
CHANGESET = "2026-11-22T00:00:00Z"
"""When what is served here last changed its shape."""

STATUSES = ("open", "closed")
SHOWN = {"Cache-Control": PUBLIC}


@verb("GET", "/discovery", summary="Which APIs there are", root="discovery", answer="Discovery")
def discovery(ask: Ask) -> Told:
    """The same for everyone."""
    from chalicelib.cases.open311_services import word  # noqa: PLC0415 # nothing of this is needed at start-up
    from chalicelib.cases.open311_views import Discovery, Endpoint  # noqa: PLC0415 # as above
    from chalicelib.desk.words import said  # noqa: PLC0415 # as above

    settings = ask.world.settings
    endpoint = Endpoint(
        specification=SPECIFICATION, url=settings.public_url + BASE, changeset=CHANGESET,
        type="test" if settings.stage == "local" else "production",
        formats=[media.partition(";")[0] for media in (MEDIA["xml"], MEDIA["json"])],
    )  # fmt: skip
    contact, key_service = (said(word(name), ask.language) for name in ("contact", "key_service"))
    return Told(
        Discovery(changeset=CHANGESET, contact=contact, key_service=key_service, endpoints=[endpoint]), headers=SHOWN
    )


@verb(
    "GET", "/services", summary="The services of an organisation", root="services", answer="Service", many=True,
    parameters=("jurisdiction_id",),
)  # fmt: skip
def services(ask: Ask) -> Told:
    """What a complaint may be about."""
    return Told(ask.world.open311.services(ask.org, ask.language), headers=SHOWN)


@verb(
    "GET", "/services/{id}", summary="What a service asks for: its code with .json or .xml", root="service_definition",
    answer="Definition", parameters=("jurisdiction_id",),
)  # fmt: skip
def definition(ask: Ask) -> Told:
    """Its attributes."""
    return Told(ask.world.open311.definition(ask.org, ask.id, ask.language), headers=SHOWN)


@verb(
    "POST", "/requests", summary="Post a service request; it becomes a complaint", root="service_requests",
    answer="Accepted", many=True,
)  # fmt: skip
def post(ask: Ask) -> Told:
    """Needs the organisation's api_key. A replay, by Idempotency-Key or the same body soon after, answers 200."""
    from chalicelib.cases.open311_views import Accepted  # noqa: PLC0415 # not needed at start-up

    receipt = ask.world.open311.post(ask.org, ask.given, key_of(ask), ask.language)
    notice = ask.world.receipts.acknowledgement(receipt.case)
    told = [Accepted(service_request_id=receipt.case.number, service_notice=notice)]
    if receipt.replayed:
        return Told(told, 200, {"Idempotency-Replayed": "true"})
    measure("ComplaintsRegistered")
    place = f"{BASE}/requests/{receipt.case.number}.{ask.format}?jurisdiction_id={receipt.case.org}"
    return Told(told, 201, {"Location": place})


@verb(
    "GET", "/requests", summary="The public list of service requests, the newest first", root="service_requests",
    answer="ServiceRequest", many=True,
    parameters=("jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status"),
    limit="list",
)  # fmt: skip
def requests(ask: Ask) -> Told:
    """At most 90 days and 1000 of them, where the organisation publishes its list."""
    from chalicelib.cases.open311 import Wanted  # noqa: PLC0415 # with it comes the whole of intake

    problems: list[Problem] = []
    statuses = ask.several("status")
    if set(statuses) - set(STATUSES):
        problems.append(Problem("status", "is not one of: " + ", ".join(STATUSES)))
    wanted = Wanted(
        ids=ask.several("service_request_id"),
        codes=frozenset(ask.several("service_code")),
        statuses=frozenset(statuses),
        start=_time(ask, "start_date", problems),
        end=_time(ask, "end_date", problems),
    )
    if problems and not wanted.ids:  # which override the rest
        raise BadInput("The request cannot be read as it is.", problems)
    return Told(ask.world.open311.requests(ask.org, wanted, ask.language), headers=SHOWN)


@verb(
    "GET", "/requests/{id}", summary="A public service request: its id with .json or .xml", root="service_requests",
    answer="ServiceRequest", many=True, parameters=("jurisdiction_id",), limit="list",
)  # fmt: skip
def request(ask: Ask) -> Told:
    """Whether it is open, and when it came."""
    return Told([ask.world.open311.request(ask.org, ask.id, ask.language)], headers=SHOWN)


@verb(
    "GET", "/tokens/{id}", summary="The public service request that was posted with this Idempotency-Key",
    root="service_requests", answer="OfToken", many=True, parameters=("jurisdiction_id",),
    limit="list",
)  # fmt: skip
def token(ask: Ask) -> Told:
    """Every request has its id at once; this is for whoever lost the answer."""
    return Told([ask.world.open311.of_token(ask.org, ask.id)])


class Chosen(Struct, kw_only=True, forbid_unknown_fields=True):
    """Whether to publish the list, and which key opens posting: the present epoch, or the next one for a new key."""

    published: bool
    epoch: Annotated[int, Meta(ge=0, le=1_000_000)]


@serve("GET", "/v1/admin/open311", who="admin", summary="Open311: the key, and the list", answers={200: Open311View})
def access(call: Call) -> Answer:
    """The key is derived: nothing keeps it."""
    return Answer(call.world.open311_access.shown(call.staff.org))


@serve(
    "PUT", "/v1/admin/open311", who="admin", summary="Publish the list or not; change the key", body=Chosen,
    answers={200: Open311View},
)  # fmt: skip
def choose(call: Call) -> Answer:
    """Containers hear of it within half a minute."""
    chosen: Chosen = call.body
    return Answer(call.world.open311_access.choose(call.staff.org, chosen.published, chosen.epoch))


def _time(ask: Ask, name: str, problems: list[Problem]) -> datetime | None:
    """The instant that a parameter names; a + that was not written as %2B came as a blank."""
    text = ask.one(name)
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        found = datetime.min  # noqa: DTZ901 # no time at all
    if found.tzinfo is None or not 2000 <= found.year < 2100:
        problems.append(Problem(name, "must be a time with its offset, such as 2026-11-21T09:30:00+08:00"))
        return None
    return found.astimezone(UTC)
