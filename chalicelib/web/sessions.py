"""Signed in with a browser: one cookie, sealed, that ends by itself. Nothing is kept of it here.

It counts for the pages of the desk alone: the API takes tokens only, so that no foreign page can call it with what a
browser sends along. Each request looks the person up in the directory, so that who is made inactive is out at once.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.web.sealed import sealed, unsealed
from chalicelib.wiring import World

IDLE = timedelta(hours=1)
WHOLE = timedelta(hours=10)
"""A session ends after this long without a page, and after a working day."""

RENEWED = timedelta(minutes=5)
"""How old what the browser holds gets before a page renews it."""


class Session(Struct, frozen=True):
    """Who signed in, when, and when they last asked for a page (seconds since 1970). `key` is this session's own."""

    org: str
    person: str
    since: int
    seen: int
    key: str


def begun(org: str, person: str, now: datetime) -> Session:
    """A new session."""
    at = int(now.timestamp())
    return Session(org, person, at, at, secrets.token_hex(16))


def running(world: World, cookies: dict[str, str]) -> Session | None:
    """The session that a browser shows, while it lasts."""
    found = unsealed(world.key("sessions"), cookies.get(cookie_name(world, "session"), ""), Session)
    now = int(world.clock().timestamp())
    if found is None or now - found.seen >= IDLE.total_seconds() or now - found.since >= WHOLE.total_seconds():
        return None
    return found


def kept(world: World, session: Session) -> str:
    """The cookie with a session. It goes with the browser's window."""
    return cookie(world, "session", sealed(world.key("sessions"), session))


def renewed(world: World, session: Session) -> list[str]:
    """The cookies that carry the session on from this page; none while it is fresh."""
    now = int(world.clock().timestamp())
    return [] if now - session.seen < RENEWED.total_seconds() else [kept(world, replace(session, seen=now))]


def form_token(world: World, session: Session) -> str:
    """What a form of this session carries: no other page can know it."""
    return hmac.new(world.key("forms of the desk"), session.key.encode(), hashlib.sha256).hexdigest()


def is_form_token(world: World, session: Session, token: str) -> bool:
    """Whether a form was written for this session."""
    return hmac.compare_digest(form_token(world, session).encode(), token.encode())


def cookies_in(header: str) -> dict[str, str]:
    """The cookies that a request carries; of one name the first.

    >>> cookies_in("a=1; b=x=y; a=2; c")
    {'a': '1', 'b': 'x=y'}
    """
    pairs = [part.strip().partition("=") for part in header.split(";")]
    return {name: value for name, mark, value in reversed(pairs) if mark}


def cookie(world: World, name: str, value: str, *, seconds: int | None = None) -> str:
    """A cookie of the desk's own: no script reads it, and no other page's form sends it."""
    ends = "" if seconds is None else f"; Max-Age={seconds}"
    return (
        f"{cookie_name(world, name)}={value}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if _safe(world) else ''}{ends}"
    )


def forgotten(world: World, name: str) -> str:
    """What makes a browser forget a cookie."""
    return cookie(world, name, "", seconds=0)


def cookie_name(world: World, name: str) -> str:
    """Its name at the browser; `__Host-` keeps neighbours under the same domain from planting it."""
    return f"__Host-{name}" if _safe(world) else name


def _safe(world: World) -> bool:
    """Everywhere but on a developer's machine without TLS."""
    return not (world.local and urlsplit(world.settings.public_url).scheme == "http")
