"""The services of an organisation: what a complaint may be about, by the procedures of its sites.

A service is a choice of the field that means the category, or that the category posted goes to; where a procedure has
neither, a kind of complaint. Its attributes are those fields of the opening form that hold what a complainant says;
the others are for staff to judge.
"""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.cases.desks import Desks
from chalicelib.cases.open311_views import Attribute, DataType, Definition, Service, Value
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.people import Organisation
from chalicelib.desk.procedure import Field, FieldType, Words
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.schemas import field_schema
from chalicelib.desk.words import said
from chalicelib.reports.words import words_of

KINDS = ("complaint", "consultation", "suggestion", "opinion", "report")

SAID = {
    "content.when", "content.where", "content.who", "content.outcome", "demand", "customer.room", "customer.plate",
}  # fmt: skip
"""Parts of a complaint that whoever complains says, and for which the standard has no parameter of its own."""

NOT_ASKED: set[FieldType] = {"person", "people", "signatures", "table", "file"}
"""Who works here is not published, and neither rows nor files are attributes."""

TYPES: dict[FieldType, DataType] = {
    "long": "text", "number": "number", "money": "number", "instant": "datetime", "date": "datetime",
    "yes_no": "singlevaluelist", "tick": "singlevaluelist", "choice": "singlevaluelist",
    "department": "singlevaluelist", "choices": "multivaluelist",
}  # fmt: skip
"""A field's type in the standard's words; all others are strings."""


class Offer(Struct, frozen=True, kw_only=True):
    """A service: the choice of a field of the procedure of a site; `field` is empty where it is a kind."""

    code: str
    site: str
    field: str
    choice: str
    title: Words


def offers(desks: Desks, organisation: Organisation) -> dict[str, Offer]:
    """The services by their codes. Where there are several sites, a code begins with the site's id and a dot."""
    found = {}
    for site in organisation.sites:
        desk = desks.at(organisation.id, site)
        field = category_field(desk)
        for choice, title in _choices(desk, field).items():
            offer = Offer(code=_code(desk, choice), site=site, field=field, choice=choice, title=title)
            found[offer.code] = offer
    return found


def service(desk: Desk, offer: Offer, language: str) -> Service:
    """The service as a list shows it."""
    return Service(
        service_code=offer.code,
        service_name=said(offer.title, language),
        description=said(desk.procedure.title, language),
        metadata=bool(asked(desk)),
        group=said(desk.site.name, language),
    )


def definition(desk: Desk, offer: Offer, language: str) -> Definition:
    """What the service asks for."""
    needed = desk.procedure.actions[desk.rulebook.opening].always_asks
    return Definition(
        service_code=offer.code,
        attributes=[
            Attribute(
                code=name,
                datatype=TYPES.get(entry.type, "string"),
                # Intake refuses nothing for what is missing, unless a case cannot go on without it.
                required=name in needed and entry.never_unknown,
                datatype_description=_how(entry, language),
                order=order,
                description=said(entry.title, language),
                values=_values(entry, desk.organisation, language),
            )
            for order, (name, entry) in enumerate(asked(desk).items(), 1)
        ],
    )


def asked(desk: Desk) -> dict[str, Field]:
    """The fields of the opening form that are attributes."""
    action, fields = desk.procedure.actions[desk.rulebook.opening], desk.procedure.fields
    return {name: fields[name] for name in [*action.asks, *action.may_ask] if _is_attribute(fields[name])}


def category_field(desk: Desk) -> str:
    """The field that says which service a case is about, one of the opening form if there is one; empty: its kind."""
    action, fields = desk.procedure.actions[desk.rulebook.opening], desk.procedure.fields
    choices = {name: entry for name, entry in fields.items() if entry.type in ("choice", "choices")}
    found = [name for name, entry in choices.items() if entry.means == "category"]
    found += [name for name, entry in choices.items() if entry.intake == "category"]
    return next((name for name in found if name in (*action.asks, *action.may_ask)), next(iter(found), ""))


def code_and_title(desk: Desk, case: Complaint) -> tuple[str, Words]:
    """Which service a case is about: as staff have it, or else as it was posted; empty until anybody says."""
    field = category_field(desk)
    choices = _choices(desk, field)
    choice = _chosen(case.values.get(field), choices) if field else case.kind
    choice = choice or _chosen(case.posted.get("category"), choices)
    return (_code(desk, choice), choices[choice]) if choice in choices else ("", {})


def word(name: str) -> Words:
    """A word of `open311_words.json`."""
    return _words()[name]


def _chosen(value: Any, choices: dict[str, Words]) -> str:
    """The choice that an answer names, by its id or in any language; the first of several."""
    one = value[0] if isinstance(value, list) and value else value
    if not isinstance(one, str):
        return ""
    return next((id for id, words in choices.items() if one == id or one in words.values()), "")


def _choices(desk: Desk, field: str) -> dict[str, Words]:
    if field:
        return desk.procedure.fields[field].choices
    return {kind: words_of("kind", kind) for kind in KINDS}


def _code(desk: Desk, choice: str) -> str:
    return choice if len(desk.organisation.sites) == 1 else f"{desk.site.id}.{choice}"


def _is_attribute(entry: Field) -> bool:
    return entry.intake in SAID and entry.type not in NOT_ASKED and entry.when is None and not entry.seen_by_roles


def _values(entry: Field, organisation: Organisation, language: str) -> list[Value]:
    shape = field_schema(entry, organisation, language)
    shape = shape["anyOf"][0] if "anyOf" in shape else shape
    shape = shape.get("items", shape)
    listed = [Value(key=one["const"], name=one["title"]) for one in shape.get("oneOf", [])]
    return listed or [Value(key=key, name=said(word(key), language)) for key in shape.get("enum", [])]


def _how(entry: Field, language: str) -> str | None:
    return said(word(entry.type), language) if entry.type in _words() else None


@cache
def _words() -> dict[str, Words]:
    content = Path(__file__).with_name("open311_words.json").read_bytes()
    return msgspec.json.decode(content, type=dict[str, Words])
