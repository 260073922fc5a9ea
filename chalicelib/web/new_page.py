"""Taking a complaint in at the desk: by phone, from a visitor, from a letter, by the form that the procedure asks."""

import re
from typing import TYPE_CHECKING, Any

from chalicelib.cases.views import IntakeView
from chalicelib.desk.errors import BadInput, KeyReused
from chalicelib.desk.parsing import parsed
from chalicelib.desk.posting import Posting
from chalicelib.desk.wording import condition_in_words, yes_and_no
from chalicelib.desk.words import said
from chalicelib.observability import measure
from chalicelib.web.filling import form_key
from chalicelib.web.form_fields import Input, answers, inputs
from chalicelib.web.page import Page, Visit, in_words
from chalicelib.web.pages import reader_time
from chalicelib.web.phrases import words
from chalicelib.web.staff_page import staff_page

if TYPE_CHECKING:
    from chalicelib.cases.register import Receipt  # at run time the phone book would come with it

PLACED = re.compile(r"(customer|content)\.\w+|received_at")
"""Where in a complaint an answer is better given than under `form`."""

WHO = {f"customer.{name}": word for name, word in (
    ("name", "name"), ("phone", "your_phone"), ("email", "email"), ("address", "address"), ("room", "room"),
    ("plate", "plate"),
)}  # fmt: skip
WHAT = {"content.summary": "in_short", "content.details": "details"}
"""What is asked in every complaint, unless the procedure's own form has a field for it: place to words."""


@staff_page("GET", "/desk/new")
def new(visit: Visit) -> Page:
    """The empty form of a site, or the question at which."""
    return _form(visit, {"site": visit.query.get("site", ""), "channel": visit.query.get("channel", "phone")})


@staff_page("POST", "/desk/new")
def take_in(visit: Visit) -> Page:
    """Register it. The key in the form makes two submits of the same one complaint."""
    view, problems, notes = _asked(visit, visit.form), dict[str, str](), list[str]()
    try:
        posting = parsed(Posting, _body(visit, view), visit.world.register.faults)
        key, source = form_key(visit.form.get("key", "")), f"staff/{visit.staff.person}"
        receipt = visit.world.register(posting, key=key, source=source, actor=visit.staff.person)
    except KeyReused as reused:  # sent before, then changed: with a key of its own it can go in beside the first
        notes.append(words("desk")["taken_in_before"][visit.language])
        return _form(visit, {**visit.form, "key": ""}, {}, notes, reused.status)
    except BadInput as bad:
        beside = _beside(visit, view)
        for problem in bad.problems:
            if problem.field in beside:
                problems[beside[problem.field]] = in_words(problem, visit.language)
            else:
                notes.append(in_words(problem, visit.language))
        return _form(visit, visit.form, problems, notes, bad.status)
    return _taken(visit, receipt)


def _form(
    visit: Visit, typed: dict[str, str], problems: dict[str, str] | None = None, notes: list[str] | None = None,
    status: int = 200,
) -> Page:  # fmt: skip
    organisation = visit.world.desks.organisation(visit.staff.org)
    sites = {site.id: said(site.name, visit.language) for site in organisation.sites.values()}
    chosen = {"site": typed.get("site", ""), "channel": typed.get("channel", "phone")}
    shows: dict[str, Any] = {"sites": sites, **chosen, "view": None, "notes": notes or [], "problems": problems or {}}
    again = {"site": chosen["site"], "channel": chosen["channel"]} if chosen["site"] else {}
    if not chosen["site"] and len(sites) != 1:
        return Page(template="desk_new", shows=shows, again=again)
    view = _asked(visit, typed)
    fields = _drawn(visit, view, typed if "token" in typed else None)
    shows |= {
        "view": view,
        "key": form_key(typed.get("key", "")),
        "what": [one for one in fields if not _places(visit, view)[one.id].startswith("customer.")],
        "who": [one for one in fields if _places(visit, view)[one.id].startswith("customer.")],
        "typed": typed,
    }
    return Page(template="desk_new", shows=shows, again=again, status=status)


def _asked(visit: Visit, typed: dict[str, str]) -> IntakeView:
    """What the procedure of the site asks. Raises NotFound, BadInput."""
    site, channel = typed.get("site", ""), typed.get("channel", "phone")
    known = parsed(Posting, {"org": visit.staff.org, "content": {}, "channel": channel})
    return visit.world.intake_form(visit.staff.org, site, visit.staff.person, known.channel, visit.language)


def _schema(visit: Visit, view: IntakeView) -> dict[str, Any]:
    """The procedure's fields, and those of every complaint that it has none for."""
    properties = dict(view.form["properties"])
    has = {one.get("x-intake") for one in properties.values()}
    for place, word in {**WHAT, **WHO}.items():
        if place not in has:
            lines = {"x-lines": "many"} if place == "content.details" else {}
            title = words("pages")[word][visit.language]
            properties[place.replace(".", "_")] = {"type": "string", "title": title, "x-intake": place, **lines}
    return {"properties": properties, "required": view.form["required"]}


def _places(visit: Visit, view: IntakeView) -> dict[str, str]:
    """Where in a complaint each field's answer is given."""
    fields = _schema(visit, view)["properties"].items()
    return {id: place if PLACED.fullmatch(place := one.get("x-intake", "")) else f"form.{id}" for id, one in fields}


def _beside(visit: Visit, view: IntakeView) -> dict[str, str]:
    """Where in a complaint a problem is, to the field beside which it is said."""
    fields = _schema(visit, view)["properties"]
    found = {f"form.{id}": id for id in fields}
    found |= {one["x-intake"]: id for id, one in fields.items() if "x-intake" in one}
    return {"content": found["content.details"], "customer": found["customer.name"], **found}


def _drawn(visit: Visit, view: IntakeView, typed: dict[str, str] | None) -> list[Input]:
    desk = visit.world.desks.at(visit.staff.org, view.site)
    language = visit.language
    zone = desk.calendar.zone
    fields = inputs(_schema(visit, view), zone, typed, lambda test: condition_in_words(desk, test, language))
    for one in fields:
        one.choices = yes_and_no(one.choices, language)
    return fields


def _body(visit: Visit, view: IntakeView) -> dict[str, Any]:
    """What was typed, as the body of a complaint."""
    zone = visit.world.desks.at(visit.staff.org, view.site).calendar.zone
    body: dict[str, Any] = {
        "org": visit.staff.org, "site": view.site, "channel": visit.form.get("channel", "phone"),
        "language": visit.form.get("spoken") or "zh-Hans", "anonymous": bool(visit.form.get("anonymous")),
        "confidential": bool(visit.form.get("confidential")), "customer": {}, "content": {}, "form": {},
    }  # fmt: skip
    places = _places(visit, view)
    for id, value in answers(_schema(visit, view), zone, visit.form).items():
        part, _, name = places[id].partition(".")
        if not isinstance(value, str):  # why it is not known, or more than a text: the form's own
            body["form"][id] = value
        elif name:
            body[part][name] = value
        else:
            body[part] = value
    return body


def _taken(visit: Visit, receipt: "Receipt") -> Page:
    """What to tell whoever complains: the number, by when they hear, how they follow it."""
    if not receipt.replayed:
        measure("ComplaintsRegistered")
    case = receipt.case
    shows = {
        "case": case,
        "query_code": visit.world.links.code(case.number),
        "acknowledgement": visit.world.receipts.acknowledgement(case),
        "until": reader_time(visit, visit.world.desks.of(case).site.zone, ends=True),
    }
    return Page(template="desk_taken", shows=shows, status=200 if receipt.replayed else 201)
