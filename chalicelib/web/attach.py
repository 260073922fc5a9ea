"""Adding a photo or a file in a browser, without a script: a plain form that goes straight to the store and comes back.

The form knows nothing of the file that somebody will choose: what it is, is found out when the browser comes back.
"""

from typing import Any
from urllib.parse import urlencode, urlsplit

from chalicelib.desk.complaint import CUSTOMER, Complaint
from chalicelib.desk.errors import BadInput, Conflict
from chalicelib.web.page import Page, Visit, in_words, page, policy
from chalicelib.web.pages import proof_of, proved
from chalicelib.web.phrases import words


@page("GET", "/attach")
def attach(visit: Visit) -> Page:
    """The form for one file, for whoever proves that the case is theirs."""
    return _form(visit, proved(visit, visit.query, limit="adding"))


@page("GET", "/attached")
def attached(visit: Visit) -> Page:
    """The browser comes back from the store: the file is taken in, or it is said why not and asked for again."""
    case = proved(visit, visit.query, limit="adding")
    try:
        visit.world.attachments.take_in(case, visit.query.get("file", ""), CUSTOMER)
    except BadInput as bad:
        return _form(visit, case, [in_words(problem, visit.language) for problem in bad.problems], bad.status)
    except Conflict as busy:
        return _form(visit, case, [words("pages")["try_again"][visit.language]], busy.status)
    return Page(status=303, headers={"Location": _address(visit, case, "track")})


@page("GET", "/file")
def file(visit: Visit) -> Page:
    """One of the complainant's own files."""
    found = visit.world.attachments.returned(proved(visit, visit.query), visit.query.get("file", ""))
    return Page(status=303, headers={"Location": found.url})


def _form(visit: Visit, case: Complaint, problems: list[str] | None = None, status: int = 200) -> Page:
    shows: dict[str, Any] = {
        "number": case.number,
        "problems": problems or [],
        "form": None,
        "back": _address(visit, case, "track"),
    }
    again = {"number": case.number, **proof_of(visit.query)}
    try:
        form = visit.world.attachments.open_form(case, lambda id: _address(visit, case, "attached", file=id))
    except BadInput as full:
        shows["problems"] = problems or [in_words(problem, visit.language) for problem in full.problems]
        return Page(template="attach", shows=shows, again=again, status=status if problems else full.status)
    shows["form"] = form
    # A browser holds a form to the policy all the way: to the store, and back here.
    safe = {"Content-Security-Policy": policy(f"'self' {origin(form.url)}")}
    return Page(template="attach", shows=shows, again=again, status=status, headers=safe)


def _address(visit: Visit, case: Complaint, path: str, **more: str) -> str:
    """A page of this case for the same reader, with the proof that they gave."""
    query = urlencode({"number": case.number, **proof_of(visit.query), "lang": visit.language, **more})
    return f"{visit.world.settings.public_url.rstrip('/')}/{path}?{query}"


def origin(url: str) -> str:
    """Whose address it is, as a policy names it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
