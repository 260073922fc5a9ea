"""One call of a route: authenticated, parsed, handled, answered, whatever becomes of it."""

import base64
import re
import secrets
from collections.abc import Callable
from http import HTTPStatus
from itertools import islice
from string import ascii_lowercase
from typing import Any, Literal

import msgspec
from chalice.app import Request, Response
from msgspec import Struct, field
from msgspec.structs import fields

from chalicelib.cases.limits import BySource
from chalicelib.desk.complaint import Complaint, Language
from chalicelib.desk.errors import BadInput, NotAllowed, Problem
from chalicelib.desk.parsing import parsed
from chalicelib.desk.sizes import oversized
from chalicelib.observability import logger, observed
from chalicelib.ports import Request as Signed
from chalicelib.web import errors
from chalicelib.web.auth import Caller, bearer
from chalicelib.web.languages import language_of
from chalicelib.wiring import World, world

Who = Literal["anyone", "anyone_or_staff", "complainant", "staff", "admin", "signed"]
"""`anyone_or_staff`: open, and a sign-in counts where one is sent. `complainant`: the number and a proof. `signed`: the
body is signed with the secret of the organisation that it names as `org`.
"""

MOST_BYTES = 262_144
"""A body this large is no complaint: DynamoDB takes 400 KB an item, and texts have their own limits."""

MOST_NAMED = 50
"""Of what is too large in one body."""

JSON = "application/json"
SHOWN = "ETag, Idempotency-Replayed, Location, Retry-After, X-Correlation-Id"
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Route(Struct, frozen=True, kw_only=True):
    """One method of one path."""

    method: str
    path: str
    who: Who
    summary: str
    query: type[Struct] | None = None
    body: Any = None  # a Struct, or `dict` for any JSON object
    answers: dict[int, Any] = field(default_factory=dict)  # status to the type of its body
    headers: tuple[str, ...] = ()  # that it reads
    faults: Callable[[World, Any], list[Problem]] | None = None  # what else is wrong with a body that cannot be read
    limit: BySource | None = None  # to which whoever is not signed in is held


class Answer(Struct, frozen=True):
    """What a handler answers: `body` is anything msgspec writes as JSON, or the bytes of a file."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Call(Struct, kw_only=True):
    """One call, as far as its route's declaration goes."""

    world: World
    language: Language
    path: dict[str, str]
    headers: dict[str, str]  # names in small letters
    query: Any = None
    body: Any = None
    caller: Caller | None = None
    case: Complaint | None = None  # the complainant's, once proved
    message: Signed | None = None  # the signed message, once verified

    @property
    def staff(self) -> Caller:
        """The member of staff who calls; only on routes that want one."""
        if self.caller is None:
            raise RuntimeError("this route is not for staff")
        return self.caller

    @property
    def proved(self) -> Complaint:
        """The complainant's case; only on routes that want a proof."""
        if self.case is None:
            raise RuntimeError("this route is not for complainants")
        return self.case

    @property
    def signed(self) -> Signed:
        """The signed message; only on routes that want a signature."""
        if self.message is None:
            raise RuntimeError("this route is not signed")
        return self.message


Handler = Callable[[Call], Answer]


def respond(request: Request, route: Route, handler: Handler, path: dict[str, str]) -> Response:
    """The response to a call, whatever becomes of it."""
    sent = sent_headers(request)
    language = language_of(sent.get("accept-language", ""))
    correlation = correlation_of(sent.get("x-correlation-id", ""))
    with observed("api", correlation):
        try:
            call = Call(world=world(), language=language, path=path, headers=sent)
            _authenticate(call, route, request)
            _parse(call, route, request)
            answer = handler(call)
        except Exception as error:
            answer = _refused(error, route, language)
    return _response(request, answer, correlation, language)


def refused(request: Request | None, response: Response) -> Response:
    """A refusal of Chalice's own, said as the desk says its own."""
    sent = sent_headers(request)
    error: Exception = {
        404: errors.NoSuchAddress("There is nothing at this address."),
        405: errors.NoSuchMethod(f"This address does not take {request.method if request else ''}."),
    }.get(response.status_code, RuntimeError())
    language = language_of(sent.get("accept-language", ""))
    found = errors.document(error, language)
    allow = {"Allow": str(response.headers["Allow"])} if "Allow" in response.headers else {}
    answer = Answer(found, found.status, {"Content-Type": errors.PROBLEM, **allow})
    return _response(request, answer, correlation_of(sent.get("x-correlation-id", "")), language)


def allowed_origin(request: Request | None) -> dict[str, str]:
    """The headers that let the one foreign origin read an answer; none for any other."""
    origin = world().settings.cors_origin
    if not origin or sent_headers(request).get("origin") != origin:
        return {}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": SHOWN, "Vary": "Origin"}


def sent_headers(request: Request | None) -> dict[str, str]:
    """What a request says of itself, by names in small letters."""
    return {name.lower(): value for name, value in request.headers.items()} if request else {}


def source_of(request: Request) -> str:
    """The address from which the gateway saw the call come: of what is in headers a caller writes what they like."""
    return str((request.context.get("identity") or {}).get("sourceIp") or "")


def _authenticate(call: Call, route: Route, request: Request) -> None:
    header = call.headers.get("authorization", "")
    if route.who in ("staff", "admin") or (route.who == "anyone_or_staff" and header):
        from chalicelib.cases.may import may, staff  # noqa: PLC0415 # with the engine, which the form does not need

        call.caller = call.world.tokens.caller(bearer(header), call.world.desks)
        organisation = call.world.desks.organisation(call.caller.org)
        actor = staff(call.caller.org, call.caller.person, call.world.clock())
        if not may(actor, "administer" if route.who == "admin" else "enter", organisation):
            raise NotAllowed("This is for administrators.")
    elif route.who == "signed":
        call.message = call.world.secrets.checked(_claimed_org(request), call.headers, _raw(request))
    elif route.who == "complainant":
        proof: dict[str, str] = dict(request.query_params or {})
        tail, token, code = (proof.get(name) or "" for name in ("phone_tail", "token", "code"))
        call.case = call.world.track.proved(
            call.path["number"], phone_tail=tail, token=token, code=code, source=source_of(request),
            limit="reading" if route.method == "GET" else "adding",
        )  # fmt: skip
    if route.limit and call.caller is None:
        call.world.limits.by_source(route.limit, source_of(request))


def _parse(call: Call, route: Route, request: Request) -> None:
    if route.query is not None:
        call.query = parsed(route.query, _query(route.query, dict(request.query_params or {})))
    if route.body is not None:
        data = _json(call, request)
        if route.body is dict:
            if not isinstance(data, dict):
                raise errors.BadRequest("The body must be a JSON object.")
            call.body = data
        else:
            faults = route.faults
            call.body = parsed(route.body, data, (lambda body: faults(call.world, body)) if faults else None)


def _query(kind: type[Struct], given: dict[str, str]) -> dict[str, Any]:
    """Numbers are numbers; what says nothing is left out."""
    numbers = {entry.encode_name for entry in fields(kind) if isinstance(entry.default, int)}
    return {k: int(v) if k in numbers and re.fullmatch("[0-9]{1,12}", v) else v for k, v in given.items() if v != ""}


def _json(call: Call, request: Request) -> Any:
    kind = call.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if kind != JSON:
        raise errors.WrongMediaType("Send application/json.")
    try:
        found = msgspec.json.decode(_raw(request))
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise errors.BadRequest("The body is not JSON.") from None
    if wrong := list(islice(oversized(found), MOST_NAMED)):
        raise BadInput("The body cannot be read as it is.", wrong)
    return found


def _raw(request: Request) -> bytes:
    """The body as it was sent. Raises TooLarge, and ValueError where it was not sent as it was announced."""
    raw = request.raw_body
    raw = raw.encode() if isinstance(raw, str) else raw
    if len(raw) > MOST_BYTES:
        raise errors.TooLarge(f"A body has at most {MOST_BYTES} bytes.")
    return raw


def _claimed_org(request: Request) -> str:
    """Whose body it claims to be, which is believed once its secret signed it; empty where that cannot be read."""
    try:
        return msgspec.json.decode(_raw(request), type=_Claimed).org
    except (msgspec.DecodeError, ValueError, RecursionError):
        return ""


class _Claimed(Struct):
    org: str = ""


def _refused(error: Exception, route: Route, language: str) -> Answer:
    found = errors.document(error, language)
    if found.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger().exception("call failed", extra={"route": route.path, "method": route.method})
    return Answer(found, found.status, {"Content-Type": errors.PROBLEM, **errors.headers(error)})


def _response(request: Request | None, answer: Answer, correlation: str, language: str) -> Response:
    headers: dict[str, str | list[str]] = {
        "Content-Type": JSON,
        "Content-Language": language,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Correlation-Id": correlation,
        **allowed_origin(request),
        **answer.headers,
    }
    if isinstance(answer.body, bytes):
        return _file(answer.body, headers, answer.status)
    body = "" if answer.status == HTTPStatus.NO_CONTENT else msgspec.json.encode(answer.body).decode()
    return Response(body, headers, answer.status)


class _Bytes(Response):
    """A body that is no text. Chalice would refuse it to callers whose Accept does not name its media type."""

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        """As API Gateway wants it; the template says that any media type may be one."""
        found: dict[str, Any] = Response("", self.headers, self.status_code).to_dict(binary_types)
        return {**found, "body": base64.b64encode(self.body).decode(), "isBase64Encoded": True}


def _file(content: bytes, headers: dict[str, str | list[str]], status: int) -> Response:
    if str(headers["Content-Type"]).startswith("text/"):
        return Response(content.decode(), headers, status)
    return _Bytes(content, headers, status)


def correlation_of(sent: str) -> str:
    """The caller's id where it is a sane one, else a new one: of letters, as the log masks runs of digits."""
    return sent if _SANE_ID.fullmatch(sent) else "".join(secrets.choice(ascii_lowercase) for _ in range(16))
