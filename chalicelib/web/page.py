"""A page: a template in the reader's language, under headers that let nothing foreign run and no address leak.

Pages need no script. Their links are relative, so that they hold under any address; the token of a tracking link is in
the address, which is why no page sends a referrer.
"""

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from chalice.app import Request, Response
from msgspec import Struct, field

from chalicelib.desk.complaint import Language
from chalicelib.desk.errors import Problem
from chalicelib.desk.words import said
from chalicelib.observability import logger, observed
from chalicelib.web import errors
from chalicelib.web.calls import MOST_BYTES, correlation_of, sent_headers, source_of
from chalicelib.web.languages import language_of
from chalicelib.web.phrases import translated, words
from chalicelib.web.routes import api
from chalicelib.wiring import World, world

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 50
LANGUAGES: dict[Language, str] = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}

PAGES: set[tuple[str, str]] = set()
"""Method and path of every page. All are open to anyone: a case is shown only to who proves that it is theirs."""


class Visit(Struct, kw_only=True):
    """One request for a page. `query` and `form` hold what was sent, the last of each name; `source` is the address
    that it comes from.
    """

    world: World
    language: Language
    query: dict[str, str]
    form: dict[str, str]
    source: str = ""


class Page(Struct, frozen=True, kw_only=True):
    """What a handler answers: a template and what it shows. `again` is the query of the same page once more."""

    template: str = ""
    shows: dict[str, Any] = field(default_factory=dict)
    again: dict[str, str] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Visit], Page]


def page(method: str, path: str) -> Callable[[Handler], Handler]:
    """Register a page with Chalice."""
    PAGES.add((method, path))

    def decorate(handler: Handler) -> Handler:
        def view() -> Response:
            return _shown(api.current_request, handler)

        # Every media type gets through Chalice, whose own refusal would be no page.
        api.route(path, methods=[method], content_types=["*/*"])(view)
        return handler

    return decorate


def in_words(problem: Problem, language: Language) -> str:
    """What is wrong, in the reader's language."""
    if isinstance(problem.problem, str):
        return translated(problem.problem, language)
    return said(problem.problem, language)


def _shown(request: Request, handler: Handler) -> Response:
    sent = sent_headers(request)
    query = dict(request.query_params or {})
    language = _language(query, sent)
    correlation = correlation_of(sent.get("x-correlation-id", ""))
    with observed("pages", correlation):
        try:
            form = _form(request, sent)
            language = _language({**query, **form}, sent)
            found = handler(Visit(world=world(), language=language, query=query, form=form, source=source_of(request)))
            body = _html(found, language) if found.template else ""
        except Exception as error:
            found = _sorry(error, request, language)
            body = _html(found, language)
    headers: dict[str, str | list[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": language,
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy(),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Correlation-Id": correlation,
        **found.headers,
    }
    return Response(body, headers, found.status)


def _language(given: dict[str, str], sent: dict[str, str]) -> Language:
    """The one that was chosen, or else what the browser asks for."""
    chosen = (tag for tag in LANGUAGES if tag == given.get("lang"))
    return next(chosen, None) or language_of(sent.get("accept-language", ""))


def _form(request: Request, sent: dict[str, str]) -> dict[str, str]:
    if request.method != "POST":
        return {}
    if sent.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise errors.WrongMediaType("Send the form as it is on the page.")
    raw = request.raw_body
    if len(raw) > MOST_BYTES:
        raise errors.TooLarge(f"A body has at most {MOST_BYTES} bytes.")
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:  # not UTF-8, or too many fields
        raise errors.BadRequest("The form cannot be read.") from None
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def _sorry(error: Exception, request: Request, language: Language) -> Page:
    found = errors.document(error, language)
    if found.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger().exception("page failed", extra={"route": request.path, "method": request.method})
    return Page(template="sorry", shows={"problem": found}, status=found.status, headers=errors.headers(error))


def _html(found: Page, language: Language) -> str:
    def address(path: str, **query: str) -> str:
        return f"{path}?{urlencode({**{k: v for k, v in query.items() if v}, 'lang': language})}"

    def w(name: str, *inner: object) -> str:
        return words("pages")[name][language].format(*inner)

    others = {name: "?" + urlencode({**found.again, "lang": tag}) for tag, name in LANGUAGES.items() if tag != language}
    template = _environment().get_template(f"{found.template}.html")
    return template.render(found.shows, w=w, address=address, language=language, others=others, style=_style())


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 # slow to import, and only pages need it

    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


@cache
def _style() -> Any:
    from markupsafe import Markup  # noqa: PLC0415 # it comes with Jinja2

    return Markup((TEMPLATES / "style.css").read_text("utf-8"))  # noqa: S704 # a file of ours


@cache
def policy(forms: str = "'self'") -> str:
    """Nothing but our one style sheet, known by its hash, and forms that lead back here, or to those sources."""
    style = base64.b64encode(hashlib.sha256(str(_style()).encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; form-action {forms}; frame-ancestors 'none'; base-uri 'none'"
    )
