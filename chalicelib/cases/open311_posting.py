"""A posted service request as a complaint: each parameter of the standard where intake looks for it.

`device_id` and `account_id` are of no use to the desk, so it does not keep them. The standard wants a place; a
complaint need not have one.
"""

import re
from typing import Any

from msgspec.structs import replace

from chalicelib.cases.open311_services import Offer, asked, word
from chalicelib.desk.complaint import Language
from chalicelib.desk.errors import BadInput, Problem
from chalicelib.desk.parsing import parsed
from chalicelib.desk.posting import Posting
from chalicelib.desk.procedure import Field
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.words import said

Form = dict[str, list[str]]
"""Parameter to its values, none of them empty."""

ATTRIBUTE = re.compile(r"attribute\[([^\[\]]+)\](?:\[\])?")

NAMES = {
    "content": "description", "content.details": "description", "content.summary": "description",
    "content.where": "address_string", "customer.name": "last_name", "customer.phone": "phone",
    "customer.email": "email", "category": "service_code", "kind": "service_code",
}  # fmt: skip
"""Where in a complaint a problem is, to the parameter that it came from."""


def posting_of(form: Form, desk: Desk, offer: Offer, language: Language) -> Posting:
    """The complaint. Raises BadInput, by the names of the standard."""
    answers, problems = _answers(form, desk)
    place, misplaced = _place(form, language)
    problems += misplaced
    email, description = last(form, "email"), _description(form, language)
    if email and "@" not in email:
        problems.append(Problem("email", "is not an e-mail address"))
    if not (description or place or answers):
        problems.append(Problem("description", "is required"))
    body: dict[str, Any] = {
        "org": desk.organisation.id,
        "site": offer.site,
        "channel": "web",
        "customer": {"name": _name(form), "phone": last(form, "phone"), "email": email},
        "content": {"details": description, "where": place},
        "language": language,
        "form": answers,
    }
    if not description:  # the standard lets a place alone say it
        body["content"]["summary"] = said(offer.title, language)
    try:
        posting = parsed(Posting, body)
    except BadInput as bad:
        problems += named(bad, offer).problems
    if problems:
        raise BadInput("The body cannot be read as it is.", problems)
    return _about(posting, desk, offer)


def named(bad: BadInput, offer: Offer) -> BadInput:
    """What intake refuses, by the names of the standard."""
    return BadInput(bad.detail, [Problem(_name_of(p.field, offer), p.problem) for p in bad.problems])


def last(form: Form, name: str) -> str:
    """The value of a parameter that has one; empty where it was not sent."""
    return form.get(name, [""])[-1]


def _name_of(place: str, offer: Offer) -> str:
    field = place.removeprefix("form.")
    if field == offer.field:
        return "service_code"
    return f"attribute[{field}]" if field != place else NAMES.get(place, place)


def _about(posting: Posting, desk: Desk, offer: Offer) -> Posting:
    """The complaint, with what its service says of it."""
    entry = desk.procedure.fields.get(offer.field)
    action = desk.procedure.actions[desk.rulebook.opening]
    if entry is None:
        return replace(posting, kind=offer.choice)
    if offer.field not in (*action.asks, *action.may_ask):  # staff sort it later, and read what it was sent in as
        return replace(posting, category=said(offer.title, desk.site.language))
    answer = [offer.choice] if entry.type == "choices" else offer.choice
    if entry.intake == "kind" and offer.choice in ("complaint", "report"):
        posting = replace(posting, kind=offer.choice)
    return replace(posting, form={**posting.form, offer.field: answer})


def _answers(form: Form, desk: Desk) -> tuple[dict[str, Any], list[Problem]]:
    """What the attributes say, as answers to the opening form; whether they fit is for intake to judge."""
    known, found, problems = asked(desk), {}, []
    for name, values in form.items():
        attribute = ATTRIBUTE.fullmatch(name)
        if attribute and attribute[1] in known:
            found[attribute[1]] = _value(known[attribute[1]], values)
        elif attribute:
            problems.append(Problem(f"attribute[{attribute[1]}]", "is not asked here"))
    return found, problems


def _value(entry: Field, values: list[str]) -> Any:
    if entry.type == "choices":
        return values
    if entry.type == "number":
        return float(values[-1]) if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", values[-1]) else values[-1]
    return values[-1][:10] if entry.type == "date" else values[-1]  # clients may send a day with a time


def _name(form: Form) -> str:
    """The name as it is written: Chinese ones begin with the family's, and without a space."""
    first, family = last(form, "first_name"), last(form, "last_name")
    together = family + first
    return together if re.search(r"[\u3400-\u9fff]", together) else " ".join(n for n in (first, family) if n)


def _description(form: Form, language: str) -> str:
    media = last(form, "media_url")
    lines = [last(form, "description"), said(word("media"), language).format(media) if media else ""]
    return "\n".join(line for line in lines if line)


def _place(form: Form, language: str) -> tuple[str, list[Problem]]:
    """Where it is, as one line, and what is wrong with it."""
    lat, long = last(form, "lat"), last(form, "long")
    parts, problems = [last(form, "address_string")], []
    if at := last(form, "address_id"):
        parts.append(said(word("place"), language).format(at))
    if lat or long:
        if _within(lat, 90) and _within(long, 180):
            parts.append(said(word("position"), language).format(f"{lat}, {long}"))
        else:
            problems.append(Problem("lat", "must be a latitude, and long a longitude, both in degrees"))
    return "; ".join(part for part in parts if part), problems


def _within(degrees: str, most: int) -> bool:
    return bool(re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]{1,20})?", degrees)) and abs(float(degrees)) <= most
