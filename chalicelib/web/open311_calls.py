"""One call by Open311: parsed, handled, answered as JSON or XML by its address, refused as the standard says.

All of it is open to anyone; what a POST needs is the organisation's `api_key`.
"""

import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import parse_qsl

import msgspec
from chalice.app import Request, Response
from msgspec import Struct, field

from chalicelib.cases.limits import BySource
from chalicelib.desk.complaint import Language
from chalicelib.desk.errors import BadInput, Problem, Refusal
from chalicelib.observability import logger, observed
from chalicelib.ports import Unavailable
from chalicelib.web import errors
from chalicelib.web.calls import MOST_BYTES, allowed_origin, correlation_of, sent_headers, source_of
from chalicelib.web.languages import language_of
from chalicelib.web.routes import api
from chalicelib.wiring import World, world

BASE = "/open311/v2"
FORM = "application/x-www-form-urlencoded"
MEDIA = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
PUBLIC = "public, max-age=60"
"""What everyone may see anyway need not be read anew for each who asks."""

MOST_FIELDS = 300

Format = Literal["json", "xml"]


class Ask(Struct, kw_only=True):
    """One call. `given` holds the parameters of address and form that say something, each with its values."""

    world: World
    language: Language
    format: Format
    id: str  # the last part of the address, without its suffix
    given: dict[str, list[str]]
    headers: dict[str, str]

    @property
    def org(self) -> str:
        """The jurisdiction. Raises BadInput."""
        if not self.given.get("jurisdiction_id"):
            raise BadInput("The request cannot be read as it is.", [Problem("jurisdiction_id", "is required")])
        return self.one("jurisdiction_id")

    def one(self, name: str) -> str:
        """The value of a parameter; the last where it was sent several times."""
        return self.given.get(name, [""])[-1]

    def several(self, name: str) -> list[str]:
        """The values of a parameter, whether they came apart or with commas between."""
        return [one for value in self.given.get(name, []) for one in map(str.strip, value.split(",")) if one]


class Told(Struct, frozen=True):
    """What a handler answers."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Ask], Told]


class Verb(Struct, frozen=True, kw_only=True):
    """A verb of the standard, as it is described: `root` is the name of what it answers in XML, `answer` that of its
    type in `cases/open311_views.py`, whose import waits for the first call; of `many`, a list.
    """

    method: str
    path: str
    summary: str
    root: str
    answer: str
    many: bool = False
    parameters: tuple[str, ...] = ()
    limit: BySource | None = None  # to which callers are held by where they call from
    format: Format | None = None  # None: it is in the last part of the path


VERBS: list[Verb] = []


def verb(
    method: str,
    path: str,
    *,
    summary: str,
    root: str,
    answer: str,
    many: bool = False,
    parameters: tuple[str, ...] = (),
    limit: BySource | None = None,
) -> Callable[[Handler], Handler]:
    """Register a verb with Chalice: `path` without suffix for each format, or with `{id}`, which then has it."""
    formats: tuple[Format | None, ...] = (None,) if path.endswith("}") else ("json", "xml")

    def decorate(handler: Handler) -> Handler:
        for form in formats:
            declared = Verb(
                method=method, path=f"{BASE}{path}.{form}" if form else BASE + path, summary=summary, root=root,
                answer=answer, many=many, parameters=parameters, limit=limit, format=form,
            )  # fmt: skip
            _register(declared, handler)
        return handler

    return decorate


def _register(declared: Verb, handler: Handler) -> None:
    if declared.path not in {other.path for other in VERBS}:
        _preflight(declared.path)
    VERBS.append(declared)

    @wraps(handler)
    def view(**path: str) -> Response:
        return _answered(api.current_request, declared, handler, path.get("id", ""))

    # Every media type gets through Chalice, whose own refusal would not be the standard's.
    api.route(declared.path, methods=[declared.method], content_types=["*/*"])(view)


def _preflight(path: str) -> None:
    def preflight(**_: str) -> Response:
        origin = allowed_origin(api.current_request)
        methods = ", ".join(one.method for one in VERBS if one.path == path)
        allowed = {"Access-Control-Allow-Methods": methods, "Access-Control-Allow-Headers": "Idempotency-Key"}
        return Response("", {**origin, **(allowed if origin else {}), "X-Content-Type-Options": "nosniff"}, 204)

    api.route(path, methods=["OPTIONS"], content_types=["*/*"])(preflight)


def _answered(request: Request, declared: Verb, handler: Handler, last: str) -> Response:
    sent = sent_headers(request)
    language = language_of(sent.get("accept-language", ""))
    correlation = correlation_of(sent.get("x-correlation-id", ""))
    found, _, suffix = last.rpartition(".")
    format: Format = declared.format or ("xml" if suffix == "xml" else "json")
    with observed("open311", correlation):
        try:
            if declared.format is None and (suffix not in MEDIA or not found):
                raise errors.NoSuchAddress("There is nothing at this address.")
            if declared.limit:
                world().limits.by_source(declared.limit, source_of(request))
            given = _given(request, sent)
            told = handler(Ask(world=world(), language=language, format=format, id=found, given=given, headers=sent))
            body = _written(told.body, declared.root, format)
        except Exception as error:
            told = _refused(error, declared, language)
            body = _written(told.body, "errors", format)
    headers: dict[str, str | list[str]] = {
        "Content-Type": MEDIA[format],
        "Content-Language": language,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Correlation-Id": correlation,
        **allowed_origin(request),
        "Vary": "Accept-Language, Origin",
        **told.headers,
    }
    return Response(body, headers, told.status)


def _given(request: Request, sent: dict[str, str]) -> dict[str, list[str]]:
    """The parameters, trimmed: one that says nothing is one that was not sent. The form's come after the address's."""
    query = request.query_params
    pairs = [(name, value) for name in query for value in query.getlist(name)] if query else []
    if request.method == "POST":
        pairs += _form(request, sent)
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if told := value.replace("\r\n", "\n").strip():
            found.setdefault(name, []).append(told)
    return found


def _form(request: Request, sent: dict[str, str]) -> list[tuple[str, str]]:
    if sent.get("content-type", FORM).partition(";")[0].strip().lower() != FORM:
        raise errors.WrongMediaType("Send application/x-www-form-urlencoded.")
    raw = request.raw_body
    if len(raw) > MOST_BYTES:
        raise errors.TooLarge(f"A body has at most {MOST_BYTES} bytes.")
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:  # not UTF-8, or too many fields
        raise errors.BadRequest("The form cannot be read.") from None


def _refused(error: Exception, declared: Verb, language: str) -> Told:
    """The refusal in the standard's words: it knows 400 for whatever is wrong with a request."""
    found = errors.document(error, language)
    status = int(HTTPStatus.BAD_REQUEST) if isinstance(error, BadInput) else found.status
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger().exception("call failed", extra={"route": declared.path, "method": declared.method})
    said = [f"{one.field}: {one.problem}" for one in found.errors] or [found.detail or found.title]
    headers = errors.headers(error) if isinstance(error, Refusal | Unavailable) else {}
    return Told([{"code": status, "description": one} for one in said], status, headers)


def _written(body: Any, root: str, format: Format) -> str:
    if format == "json":
        return msgspec.json.encode(body).decode()
    from chalicelib.web.open311_xml import xml  # noqa: PLC0415 # no XML at start-up

    return xml(root, msgspec.to_builtins(body))


def key_of(ask: Ask) -> str:
    """The Idempotency-Key; empty where there is none. Raises BadInput."""
    key = ask.headers.get("idempotency-key", "")
    if len(key) > 255 or not re.fullmatch(r"[\x20-\x7e]*", key):
        wrong = Problem("Idempotency-Key", "must be at most 255 printable characters")
        raise BadInput("The key cannot be used.", [wrong])
    return key
