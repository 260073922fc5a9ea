"""Signing in with a browser: the issuer's code flow with PKCE (RFC 7636), begun and ended here.

Between the two the browser alone knows what it began: a cookie of ten minutes, sealed, holds `state`, `nonce`, the
verifier and where it wanted to go. The token that the issuer gives for the code is read once and kept nowhere.
"""

import base64
import hashlib
import hmac
import re
import secrets
from contextlib import suppress
from datetime import timedelta

from msgspec import Struct

from chalicelib.desk.errors import NotAllowed, NotSignedIn
from chalicelib.ports import Unavailable
from chalicelib.web.auth import Caller
from chalicelib.web.issuer import NOT_TAKEN
from chalicelib.web.page import Page, Visit, moved, page
from chalicelib.web.phrases import translated
from chalicelib.web.sealed import sealed, unsealed
from chalicelib.web.sessions import begun, cookie, cookie_name, forgotten, is_form_token, kept, running

LASTS = timedelta(minutes=10)
"""How long somebody may take at the issuer."""

_WITHIN = re.compile(r"/desk(/[A-Za-z0-9_-][A-Za-z0-9._~%-]*)*(\?[A-Za-z0-9._~%=&+:-]*)?", re.ASCII)
"""Where signing in may lead to: pages of the desk, and nothing else that a browser could take for an address."""

LONGEST = 500


class Begun(Struct, frozen=True):
    """A sign-in on its way; `until` in seconds since 1970."""

    state: str
    nonce: str
    verifier: str
    next: str
    until: int


def within(address: str) -> str:
    """The address where it is one of the desk's pages, else that of the desk.

    >>> within("/desk/cases/261122-5019700?do=accept"), within("//evil.example"), within("/desk/..//evil.example")
    ('/desk/cases/261122-5019700?do=accept', '/desk', '/desk')
    """
    return address if len(address) <= LONGEST and _WITHIN.fullmatch(address) else "/desk"


@page("GET", "/desk/sign-in")
def begin(visit: Visit) -> Page:
    """Off to the issuer."""
    world = visit.world
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    until = int((world.clock() + LASTS).timestamp())
    started = Begun(state, nonce, verifier, within(visit.query.get("next", "")), until)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    to = world.issuer.begins_at(
        state=state, nonce=nonce, challenge=challenge, back=_back(visit), language=visit.language
    )  # fmt: skip
    seconds = int(LASTS.total_seconds())
    return moved(to, cookies=[cookie(world, "sign-in", sealed(_key(visit), started), seconds=seconds)])


@page("GET", "/desk/callback")
def finish(visit: Visit) -> Page:
    """Back from the issuer: the code is exchanged, the token verified, and the session begins."""
    world, over = visit.world, forgotten(visit.world, "sign-in")
    try:
        started = _started(visit)
        caller = _signed_in(visit, started)
    except NotSignedIn as refused:
        shows = {"problem": translated(refused.detail, visit.language), "out": ""}
        return Page(template="not_in", shows=shows, status=refused.status, cookies=[over])
    except NotAllowed as stranger:  # who they are is proved, but they are nobody here: perhaps somebody else is
        said = translated(stranger.detail, visit.language)
        shows = {"problem": said, "out": world.issuer.ends_at(_desk(visit))}
        return Page(template="not_in", shows=shows, status=stranger.status, cookies=[over])
    session = begun(caller.org, caller.person, world.clock())
    return moved(world.settings.public_url.rstrip("/") + started.next, cookies=[kept(world, session), over])


@page("POST", "/desk/sign-out")
def end(visit: Visit) -> Page:
    """Out of the desk at once, and on to where one signs out at the issuer.

    The browser goes there by itself, not led by the form: a policy on forms would hold the issuer's pages as well.
    """
    session = running(visit.world, visit.cookies)
    if session and (visit.foreign or not is_form_token(visit.world, session, visit.form.get("token", ""))):
        raise NotAllowed("Sign out by the button on a page of the desk.")
    out = ""
    with suppress(Unavailable):  # out of the desk all the same
        out = visit.world.issuer.ends_at(_desk(visit)) if session else ""
    headers = {"Refresh": f"0; url={out}"} if out else {}
    return Page(
        template="signed_out", shows={"out": out}, headers=headers, cookies=[forgotten(visit.world, "session")]
    )  # fmt: skip


def _started(visit: Visit) -> Begun:
    """What this browser began, and the issuer answers to. Raises NotSignedIn."""
    started = unsealed(_key(visit), visit.cookies.get(cookie_name(visit.world, "sign-in"), ""), Begun)
    if started is None or started.until < visit.world.clock().timestamp():
        raise NotSignedIn("The sign-in took too long, or was begun in another window.")
    if not hmac.compare_digest(started.state.encode(), visit.query.get("state", "").encode()):
        raise NotSignedIn("The sign-in took too long, or was begun in another window.")
    if visit.query.get("iss", visit.world.settings.oidc_issuer) != visit.world.settings.oidc_issuer:  # RFC 9207
        raise NotSignedIn(NOT_TAKEN)
    if visit.query.get("error") or not visit.query.get("code"):
        raise NotSignedIn("The sign-in was not completed.")
    return started


def _signed_in(visit: Visit, started: Begun) -> Caller:
    """The member of staff for whom the issuer gave a code. Raises NotSignedIn, NotAllowed, Unavailable."""
    world = visit.world
    token = world.issuer.token(code=visit.query["code"], verifier=started.verifier, back=_back(visit))
    claims = world.tokens.claims(token)
    nonce, azp = str(claims.get("nonce", "")), claims.get("azp")
    if not hmac.compare_digest(nonce.encode(), started.nonce.encode()):
        raise NotSignedIn(NOT_TAKEN)
    if azp is not None and azp != world.settings.oidc_audience:  # OpenID Connect Core, 3.1.3.7: issued to another
        raise NotSignedIn(NOT_TAKEN)
    return world.tokens.known(claims, world.desks)


def _key(visit: Visit) -> bytes:
    return visit.world.key("sign-ins")


def _back(visit: Visit) -> str:
    """Where the issuer sends browsers back to: one fixed address, which it knows."""
    return f"{_desk(visit)}/callback"


def _desk(visit: Visit) -> str:
    return f"{visit.world.settings.public_url.rstrip('/')}/desk"
