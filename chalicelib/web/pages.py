"""What a complainant opens in a browser: what this desk is, and their own case."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from chalicelib.cases.limits import ByNumber
from chalicelib.cases.views import Tracked, attachment_view
from chalicelib.desk.complaint import CUSTOMER, Complaint
from chalicelib.desk.errors import BadInput, Conflict, NotFound, TooMany
from chalicelib.desk.hours import WEEKDAYS
from chalicelib.desk.parsing import parsed
from chalicelib.desk.people import Organisation, Site
from chalicelib.desk.posting import Key
from chalicelib.desk.words import said
from chalicelib.messaging.phrases import instant, limit
from chalicelib.web import errors
from chalicelib.web.complaints import Addition, added, followed
from chalicelib.web.page import Page, Visit, in_words, page
from chalicelib.web.phrases import words

REACHED_BY = ("phone", "email", "address")
"""What of a site's contact is for the public."""

OPINIONS = ("process", "measures", "result")


@page("GET", "/")
def home(visit: Visit) -> Page:
    """What this is; with an organisation, how to complain there."""
    if not visit.query.get("org"):
        return Page(template="home")
    organisation, language = organisation_of(visit, visit.query["org"]), visit.language
    shows = {
        "org": organisation.id,
        "name": said(organisation.name, language),
        "sites": [_at(organisation.id, site, visit) for site in organisation.sites.values()],
    }
    return Page(template="organisation", shows=shows, again={"org": organisation.id})


@page("GET", "/track")
def track(visit: Visit) -> Page:
    """The complainant's case, once they prove that it is theirs; before that a form that asks for the proof."""
    if not any(visit.query.get(name) for name in ("number", "phone_tail", "code", "token")):
        return Page(template="track", shows={"wrong": False})
    try:
        return _case(visit, proved(visit, visit.query), visit.query)
    except NotFound:
        return _wrong()


@page("POST", "/track")
def add(visit: Visit) -> Page:
    """The complainant adds something, or answers the revisit. The same words again are the same message."""
    try:
        case = proved(visit, visit.form, limit="adding")
    except NotFound:
        return _wrong()
    except TooMany as busy:  # what was written is kept on the page
        note = words("pages")["too_many"][visit.language].format(busy.seconds)
        shows = {"note": note, "sent": visit.form, "path": "track"}
        return Page(template="again", shows=shows, status=busy.status, headers=errors.headers(busy))
    try:
        added(visit.world, case, _addition(visit.form))
    except BadInput as bad:
        problems = {
            problem.field.removeprefix("opinions."): in_words(problem, visit.language) for problem in bad.problems
        }
        return _case(visit, case, visit.form, problems, bad.status)
    except Conflict as busy:  # somebody at the desk was faster: the words are kept, and sent once more they go in
        return _case(visit, case, visit.form, {"text": words("pages")["try_again"][visit.language]}, busy.status)
    back = urlencode({"number": case.number, **proof_of(visit.form), "lang": visit.language})
    return Page(status=303, headers={"Location": f"{visit.world.settings.public_url.rstrip('/')}/track?{back}"})


def organisation_of(visit: Visit, org: str) -> Organisation:
    """The organisation of that id. Raises NotFound."""
    try:
        return visit.world.desks.organisation(msgspec.convert(org, Key))
    except msgspec.ValidationError:
        raise NotFound(f"There is no organisation {org!r}.") from None


def reader_time(visit: Visit, zone: str, *, ends: bool = False) -> Any:
    """How an instant is written at a place; `ends`: as the end of a limit."""
    this_year = visit.world.clock().year
    written = limit if ends else instant

    def at(when: datetime) -> str:
        return written(when, zone, visit.language, this_year)

    return at


def _at(org: str, site: Site, visit: Visit) -> dict[str, Any]:
    hours = [
        (day, "  ".join(f"{start}–{end}" for start, end in site.hours[day])) for day in WEEKDAYS if site.hours.get(day)
    ]
    return {
        "id": site.id,
        "name": said(site.name, visit.language),
        "reached": [(name, site.contact[name]) for name in REACHED_BY if site.contact.get(name)],
        "hours": hours,
        "notices": visit.world.notices.public(org, site.id, visit.language),
        "at": reader_time(visit, site.zone),
    }


def proof_of(given: dict[str, str]) -> dict[str, str]:
    """The proof among what was sent."""
    return {name: given[name] for name in ("token", "code", "phone_tail") if given.get(name)}


def proved(visit: Visit, given: dict[str, str], limit: ByNumber = "reading") -> Complaint:
    """The case that what was sent proves to be the visitor's. Raises NotFound, TooMany."""
    tail, token, code = (given.get(name, "") for name in ("phone_tail", "token", "code"))
    return visit.world.track.proved(
        given.get("number", ""), phone_tail=tail, token=token, code=code, source=visit.source, limit=limit
    )


def _wrong() -> Page:
    """The same whatever was wrong: it does not even repeat what was sent."""
    return Page(template="track", shows={"wrong": True}, status=404)


def _addition(form: dict[str, str]) -> Addition:
    given: dict[str, Any] = {"text": form.get("text", "")}
    if form.get("satisfied"):
        given["satisfied"] = form["satisfied"]
    given["opinions"] = {name: form[name] for name in OPINIONS if form.get(name)}
    return parsed(Addition, given)


def _case(
    visit: Visit, case: Complaint, given: dict[str, str], problems: dict[str, str] | None = None, status: int = 200
) -> Page:
    seen: Tracked = followed(visit.world, case, visit.language)
    desk = visit.world.desks.of(case)
    shows = {
        "case": seen,
        "organisation": said(desk.organisation.name, visit.language),
        "revisit": words("revisit"),
        "proof": proof_of(given),
        "files": [attachment_view(file) for file in case.attachments if file.by == CUSTOMER],
        "typed": given,
        "problems": problems or {},
        "at": reader_time(visit, desk.site.zone),
        "until": reader_time(visit, desk.site.zone, ends=True),
    }
    return Page(template="case", shows=shows, again={"number": case.number, **proof_of(given)}, status=status)
