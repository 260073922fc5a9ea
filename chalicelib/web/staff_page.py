"""Pages for staff: who is not signed in is sent to sign in, and a form counts only in the session it was written for.

What somebody typed is not lost when their session ended meanwhile: it is shown with a button that sends it again.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from msgspec.structs import replace

from chalicelib.desk.errors import NotAllowed
from chalicelib.web.auth import caller_of
from chalicelib.web.page import Handler, Page, Visit, moved, page
from chalicelib.web.phrases import translated
from chalicelib.web.sessions import forgotten, is_form_token, renewed, running

ELSEWHERE = "This form was sent by a page that is not the desk's."


def staff_page(method: str, path: str) -> Callable[[Handler], Handler]:
    """Register a page for staff."""

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def gated(visit: Visit) -> Page:
            return _let_in(visit, handler)

        page(method, path, who="staff")(gated)
        return handler

    return decorate


def _let_in(visit: Visit, handler: Handler) -> Page:
    """Raises NotAllowed for who is in no directory (any more), and for a form of another site's page."""
    if visit.method == "POST" and visit.foreign:
        raise NotAllowed(ELSEWHERE)
    session = running(visit.world, visit.cookies)
    if session is None:
        return _resent(visit, 401) if visit.method == "POST" else moved(_to_sign_in(visit))
    visit.session = session
    try:
        visit.caller = caller_of(visit.world.desks, session.org, session.person)
    except NotAllowed as gone:
        shows = {"problem": translated(gone.detail, visit.language), "out": ""}
        return Page(template="not_in", shows=shows, status=gone.status, cookies=[forgotten(visit.world, "session")])
    if visit.method == "POST" and not is_form_token(visit.world, session, visit.form.get("token", "")):
        return _resent(visit, 403)
    visit.name = visit.world.desks.organisation(session.org).staff[session.person].name
    found = handler(visit)
    return replace(found, cookies=[*renewed(visit.world, session), *found.cookies])


def _to_sign_in(visit: Visit) -> str:
    query = urlencode({name: value for name, value in visit.query.items() if name != "lang"})
    return visit.public("desk/sign-in", next=visit.address + (f"?{query}" if query else ""))


def _resent(visit: Visit, status: int) -> Page:
    """What was typed, to be sent again: after signing in anew, or in the session of now."""
    typed = {name: value for name, value in visit.form.items() if name not in ("token", "lang")}
    return Page(template="resend", shows={"typed": typed, "signed_in": status == 403}, status=status)
