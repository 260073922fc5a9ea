"""A page: a template in the reader's language, under headers that let nothing foreign run and no address leak.

Pages need no script. Their links are relative, so that they hold under any address; the token of a tracking link is in
the address, which is why no page sends a referrer. A page for staff is shown to who signed in with this browser, and
takes forms that were written for that session alone.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl, quote, urlencode

from chalice.app import Request, Response
from msgspec import Struct, field

from chalicelib.desk.complaint import Language
from chalicelib.desk.errors import Problem
from chalicelib.desk.words import said
from chalicelib.observability import logger, observed
from chalicelib.web import errors
from chalicelib.web.auth import Caller
from chalicelib.web.calls import MOST_BYTES, correlation_of, sent_headers, source_of
from chalicelib.web.languages import language_of
from chalicelib.web.phrases import Translations, translated, words
from chalicelib.web.routes import api
from chalicelib.web.sessions import Session, cookies_in, form_token
from chalicelib.wiring import World, world

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = {"anyone": 50, "staff": 2000}
LANGUAGES: dict[Language, str] = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}

Who = Literal["anyone", "staff"]
"""Of pages: `anyone`: a case is shown only to who proves that it is theirs. `staff`: whoever is signed in."""

PAGES: dict[tuple[str, str], Who] = {}
"""Method and path of every page, and for whom it is."""


class Visit(Struct, kw_only=True):
    """One request for a page. `query` and `form` hold what was sent, the last of each name; `source` is the address
    that it comes from.
    """

    world: World
    language: Language
    method: str = "GET"
    address: str = "/"  # of the page, under the desk's own
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    source: str = ""
    foreign: bool = False  # another site's page sent the browser here
    session: Session | None = None
    caller: Caller | None = None
    name: str = ""  # of who is signed in

    @property
    def staff(self) -> Caller:
        """The member of staff who is signed in; only on pages for staff."""
        if self.caller is None:
            raise RuntimeError("this page is not for staff")
        return self.caller

    def public(self, path: str, **query: str) -> str:
        """The whole address of a page, for a browser to go on to."""
        base = self.world.settings.public_url.rstrip("/")
        return f"{base}/{path}?{urlencode({**query, 'lang': self.language})}"


class Page(Struct, frozen=True, kw_only=True):
    """What a handler answers: a template and what it shows, or a `whole` page that was made elsewhere. `again` is the
    query of the same page once more.
    """

    template: str = ""
    whole: str = ""
    shows: dict[str, Any] = field(default_factory=dict)
    again: dict[str, str] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)


Handler = Callable[[Visit], Page]


def page(method: str, path: str, *, who: Who = "anyone") -> Callable[[Handler], Handler]:
    """Register a page with Chalice. One for staff is registered by `staff_page`, which shuts out everybody else."""
    PAGES[method, path] = who

    def decorate(handler: Handler) -> Handler:
        def view(**parts: str) -> Response:
            return _shown(api.current_request, handler, parts, MOST_FIELDS[who])

        # Every media type gets through Chalice, whose own refusal would be no page.
        api.route(path, methods=[method], content_types=["*/*"])(view)
        return handler

    return decorate


def in_words(problem: Problem, language: Language) -> str:
    """What is wrong, in the reader's language."""
    if isinstance(problem.problem, str):
        return translated(problem.problem, language)
    return said(problem.problem, language)


def moved(address: str, *, cookies: Sequence[str] = ()) -> Page:
    """The browser is to go on there."""
    return Page(status=303, headers={"Location": address}, cookies=[*cookies])


def _shown(request: Request, handler: Handler, parts: dict[str, str], most: int) -> Response:
    sent = sent_headers(request)
    query = dict(request.query_params or {})
    visit = Visit(
        world=world(), language=_language(query, sent), method=request.method, query=query, path=parts,
        address=request.path.format(**{name: quote(value, safe="") for name, value in parts.items()}),
        cookies=cookies_in(sent.get("cookie", "")), source=source_of(request),
        foreign=sent.get("sec-fetch-site", "none") not in ("none", "same-origin"),
    )  # fmt: skip
    correlation = correlation_of(sent.get("x-correlation-id", ""))
    with observed("pages", correlation):
        try:
            visit.form = _form(request, sent, most)
            visit.language = _language({**query, **visit.form}, sent)
            found = handler(visit)
            body = _html(found, visit) if found.template else found.whole
        except Exception as error:
            found = _sorry(error, request, visit.language)
            body = _html(found, visit)
    headers: dict[str, str | list[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": visit.language,
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy(),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Correlation-Id": correlation,
        **found.headers,
        **({"Set-Cookie": found.cookies} if found.cookies else {}),
    }
    return Response(body, headers, found.status)


def _language(given: dict[str, str], sent: dict[str, str]) -> Language:
    """The one that was chosen, or else what the browser asks for."""
    chosen = (tag for tag in LANGUAGES if tag == given.get("lang"))
    return next(chosen, None) or language_of(sent.get("accept-language", ""))


def _form(request: Request, sent: dict[str, str], most: int) -> dict[str, str]:
    if request.method != "POST":
        return {}
    if sent.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise errors.WrongMediaType("Send the form as it is on the page.")
    raw = request.raw_body
    if len(raw) > MOST_BYTES:
        raise errors.TooLarge(f"A body has at most {MOST_BYTES} bytes.")
    try:
        text = raw.decode() if isinstance(raw, bytes) else raw
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=most)
    except ValueError:  # not UTF-8, or too many fields
        raise errors.BadRequest("The form cannot be read.") from None
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def _sorry(error: Exception, request: Request, language: Language) -> Page:
    found = errors.document(error, language)
    if found.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger().exception("page failed", extra={"route": request.path, "method": request.method})
    return Page(template="sorry", shows={"problem": found}, status=found.status, headers=errors.headers(error))


def _html(found: Page, visit: Visit) -> str:
    language, root = visit.language, "../" * (visit.address.count("/") - 1)

    def address(path: str, **query: str) -> str:
        return f"{root}{path}?{urlencode({**{k: v for k, v in query.items() if v}, 'lang': language})}"

    def w(name: str, *inner: object) -> str:
        return _words()[name][language].format(*inner)

    others = {name: "?" + urlencode({**found.again, "lang": tag}) for tag, name in LANGUAGES.items() if tag != language}
    about = {"token": form_token(visit.world, visit.session) if visit.session else "", "me": visit.name, "root": root}
    template = _environment().get_template(f"{found.template}.html")
    return template.render(
        found.shows, w=w, address=address, language=language, others=others, style=_style(), **about
    )  # fmt: skip


@cache
def _words() -> Translations:
    return words("pages") | words("desk")


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
