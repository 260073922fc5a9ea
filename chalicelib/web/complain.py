"""The complaint form in a browser: filled in, corrected with everything wrong shown at once, sent once."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.cases.views import GuideView
from chalicelib.desk.errors import BadInput, KeyReused, Problem, TooMany
from chalicelib.desk.parsing import parsed
from chalicelib.desk.people import Organisation
from chalicelib.desk.posting import Posting
from chalicelib.desk.words import said
from chalicelib.observability import measure
from chalicelib.web import errors
from chalicelib.web.complaints import OF_THE_PUBLIC
from chalicelib.web.filling import TRAP, begun, by_hand, form_key, opened, stamp
from chalicelib.web.page import Page, Visit, in_words, page
from chalicelib.web.pages import organisation_of, reader_time
from chalicelib.web.phrases import words

if TYPE_CHECKING:
    from chalicelib.cases.register import Receipt  # at run time the phone book would come with it

CUSTOMER = ("name", "phone", "email", "address", "room", "plate")
CONTENT = ("summary", "details", "when", "where")

BESIDE = {
    **{f"customer.{name}": name for name in CUSTOMER},
    **{f"content.{name}": name for name in CONTENT},
    **{name: name for name in ("site", "demand", "anonymous")},
    "content": "summary",
    "customer": "anonymous",
}
"""Where in a complaint a problem is, to the field of the form beside which it is said."""


@page("GET", "/complain")
def form(visit: Visit) -> Page:
    """The empty form of an organisation, or the question which organisation."""
    if not visit.query.get("org"):
        return Page(template="which")
    organisation = organisation_of(visit, visit.query["org"])
    if site := visit.query.get("site", ""):
        from chalicelib.cases.desks import site_of  # noqa: PLC0415 # procedures come with it, which a start reads none of

        site_of(organisation, site)  # an unknown one is not found
    return _form(visit, organisation, {"site": site})


@page("POST", "/complain")
def complain(visit: Visit) -> Page:
    """Register it. The key in the form makes two submits of the same one complaint."""
    organisation, key = organisation_of(visit, visit.form.get("org", "")), visit.form.get("key", "")
    try:
        visit.world.limits.by_source("intake", visit.source)
        posting = _posting(visit, organisation)
        if not by_hand(visit.form, _opened(visit), visit.world.clock()):
            return _once_more(visit, organisation, posting)
        receipt = visit.world.register(posting, key=form_key(key), source=OF_THE_PUBLIC)
    except TooMany as busy:
        wait = words("pages")["too_many"][visit.language].format(busy.seconds)
        return _form(visit, organisation, visit.form, notes=[wait], status=busy.status, headers=errors.headers(busy))
    except KeyReused as reused:  # sent before, then changed: with a key of its own it can go in beside the first
        again = words("pages")["sent_before"][visit.language]
        return _form(visit, organisation, {**visit.form, "key": ""}, notes=[again], status=reused.status)
    except BadInput as bad:
        problems = {BESIDE[p.field]: in_words(p, visit.language) for p in bad.problems if p.field in BESIDE}
        notes = [f"{p.field}: {in_words(p, visit.language)}" for p in bad.problems if p.field not in BESIDE]
        return _form(visit, organisation, visit.form, problems, notes, bad.status)
    return _received(visit, receipt)


def _once_more(visit: Visit, organisation: Organisation, posting: Posting) -> Page:
    """The form as it was filled in, and nothing of why. Raises BadInput where something is wrong with it anyway."""
    if wrong := visit.world.register.faults(posting):
        raise BadInput("The form is not complete.", wrong)
    measure("FormsReturned")
    return _form(visit, organisation, visit.form, notes=[words("pages")["once_more"][visit.language]], status=422)


def _opened(visit: Visit) -> datetime | None:
    """When the form that was sent had been opened; None for one that was not, and for one that is none of ours."""
    return opened(visit.world.key("forms"), visit.form.get("key", ""), visit.form.get("opened", ""))


def _posting(visit: Visit, organisation: Organisation) -> Posting:
    """The form as a complaint. Raises BadInput with everything wrong, also what intake would find only afterwards."""
    given = {name: value.strip() for name, value in visit.form.items()}
    body = {
        "org": organisation.id,
        "site": given.get("site", ""),
        "channel": "web",
        "customer": {name: given.get(name, "") for name in CUSTOMER},
        "content": {name: given.get(name, "") for name in CONTENT},
        "demand": given.get("demand", ""),
        "language": visit.language,
        "anonymous": bool(given.get("anonymous")),
    }
    wrong, faults = _odd(given), visit.world.register.faults
    try:
        posting = parsed(Posting, body, faults)
    except BadInput as bad:
        raise BadInput(bad.detail, [*wrong, *bad.problems]) from None
    if wrong:
        raise BadInput("The form is not complete.", [*wrong, *faults(posting)])
    return posting


def _odd(given: dict[str, str]) -> list[Problem]:
    """What intake would take, or could not tell where a name cannot be read."""
    problems = []
    if given.get("anonymous") and (given.get("name") or given.get("address")):
        problems.append(Problem("customer", "an anonymous complaint carries no name and no address"))
    if given.get("email") and "@" not in given["email"]:
        problems.append(Problem("customer.email", "is not an e-mail address"))
    return problems


def _form(
    visit: Visit, organisation: Organisation, typed: dict[str, str], problems: dict[str, str] | None = None,
    notes: list[str] | None = None, status: int = 200, headers: dict[str, str] | None = None,
) -> Page:  # fmt: skip
    language, key = visit.language, form_key(typed.get("key", ""))
    since = begun(_opened(visit), visit.world.clock())
    shows: dict[str, Any] = {
        "org": organisation.id,
        "name": said(organisation.name, language),
        "sites": {site.id: said(site.name, language) for site in organisation.sites.values()},
        "key": key,
        "opened": stamp(visit.world.key("forms"), key, since),
        "trap": TRAP,
        "typed": typed,
        "guides": _guides(visit, organisation, typed.get("site", "")),
        "problems": problems or {},
        "notes": notes or [],
    }
    again = {"org": organisation.id, **({"site": typed["site"]} if typed.get("site") else {})}
    return Page(template="complain", shows=shows, again=again, status=status, headers=headers or {})


def _guides(visit: Visit, organisation: Organisation, site: str) -> list[GuideView]:
    """What the procedure says to the complainant; nothing before a site is chosen."""
    if site not in organisation.sites and len(organisation.sites) != 1:
        return []
    return visit.world.intake_form.for_customers(organisation.id, site, visit.language)


def _received(visit: Visit, receipt: "Receipt") -> Page:
    if not receipt.replayed:
        measure("ComplaintsRegistered")
    case = receipt.case
    shows = {
        "case": case,
        "tracking_url": visit.world.links.tracking(case.org, case.number),
        "query_code": visit.world.links.code(case.number),
        "until": reader_time(visit, visit.world.desks.of(case).site.zone, ends=True),
    }
    return Page(
        template="complained", shows=shows, again={"org": case.org, "site": case.site},
        status=200 if receipt.replayed else 201,
    )  # fmt: skip
