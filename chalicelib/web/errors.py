"""Refusals as HTTP: the one place where the desk's own errors become problem documents (RFC 9457)."""

import re
from typing import Any

from msgspec import Struct, field

from chalicelib.desk.errors import NotSigned, Refusal, TooMany
from chalicelib.desk.words import said
from chalicelib.ports import Unavailable
from chalicelib.web.phrases import translated

PROBLEM = "application/problem+json"
RETRY_SECONDS = 2


class Wrong(Struct, frozen=True):
    """One thing wrong with what was sent."""

    field: str
    problem: str


class ProblemDocument(Struct, frozen=True, omit_defaults=True):
    """What every error looks like. `type` names the kind of refusal; `errors` everything wrong, at once."""

    type: str
    title: str
    status: int
    detail: str = ""
    errors: list[Wrong] = field(default_factory=list)


class BadRequest(Refusal):
    """The request itself cannot be read."""

    status = 400
    title = "cannot be read"


class TooLarge(Refusal):
    """The body is larger than any that makes sense."""

    status = 413
    title = "too large"


class WrongMediaType(Refusal):
    """The body is of a kind that is not taken here."""

    status = 415
    title = "media type not taken"


class NoSuchAddress(Refusal):
    """No route has this path."""

    status = 404
    title = "not found"


class NoSuchMethod(Refusal):
    """The path is there, and does not take this method."""

    status = 405
    title = "method not taken"


def document(error: Exception, language: str) -> ProblemDocument:
    """The problem document of any exception; one that nobody foresaw tells nothing of itself."""
    match error:
        case Refusal():
            detail = error.detail if error.detail != error.title else ""
            kind, title, status, problems = type(error).__name__, error.title, error.status, error.problems
        case Unavailable():
            kind, title, status, problems = "Unavailable", "unavailable for a moment", 503, []
            detail = "Try the same again shortly."
        case _:
            kind, title, status, problems = "Internal", "internal error", 500, []
            detail = "It was noted. Try again later."
    wrong = [Wrong(p.field, _said(p.problem, language)) for p in problems]
    return ProblemDocument(_type(kind), translated(title, language), status, translated(detail, language), wrong)


def headers(error: Exception) -> dict[str, str]:
    """Headers that belong to a refusal."""
    status = getattr(error, "status", 0)
    if status == 401:
        return {"WWW-Authenticate": "Webhook-Signature" if isinstance(error, NotSigned) else "Bearer"}
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.seconds)}
    return {"Retry-After": str(RETRY_SECONDS)} if isinstance(error, Unavailable) else {}


def _type(kind: str) -> str:
    """A relative reference (RFC 9457, 3.1.1), such as `/problems/not-found`."""
    return "/problems/" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).lower()


def _said(problem: Any, language: str) -> str:
    return translated(problem, language) if isinstance(problem, str) else said(problem, language)
