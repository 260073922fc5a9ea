"""One field as JSON Schema (2020-12), for forms and for the API's description."""

from typing import Any

from chalicelib.desk.answers import (
    CONTROL,
    DATE,
    EMAIL,
    INSTANT,
    LONG,
    MONEY,
    MOST,
    PHONE,
    PLATE,
    ROWS,
    SAYS_SOMETHING,
    SHORT,
)
from chalicelib.desk.people import Organisation
from chalicelib.desk.procedure import Field
from chalicelib.desk.words import said

_CELL: dict[str, Any] = {"type": "string", "maxLength": SHORT, "not": {"pattern": CONTROL}}
_TEXT: dict[str, Any] = {**_CELL, "pattern": SAYS_SOMETHING}
_PLAIN: dict[str, dict[str, Any]] = {
    "text": _TEXT,
    "long": {**_TEXT, "maxLength": LONG, "x-lines": "many"},
    "number": {"type": "number", "minimum": -MOST, "maximum": MOST},
    "money": {"type": "string", "pattern": MONEY},
    "yes_no": {"type": "string", "enum": ["yes", "no"]},
    "tick": {"type": "string", "enum": ["yes"]},
    "instant": {"type": "string", "format": "date-time", "pattern": INSTANT},
    "date": {"type": "string", "format": "date", "pattern": DATE},
    "plate": {"type": "string", "maxLength": SHORT, "pattern": PLATE},
    "phone": {"type": "string", "maxLength": SHORT, "pattern": PHONE},
    "email": {"type": "string", "maxLength": SHORT, "pattern": EMAIL},
    "file": {**_TEXT, "x-file": True},  # the id of a file of the case
}


def field_schema(entry: Field, organisation: Organisation, language: str) -> dict[str, Any]:
    """The schema of one answer: what the field takes, or "unknown" with a reason where that is allowed."""
    found = {**_answer(entry, organisation, language)}
    if not entry.never_unknown:
        unknown = {
            "type": "object",
            "properties": {"unknown": _TEXT},
            "required": ["unknown"],
            "additionalProperties": False,
        }
        found = {"anyOf": [found, unknown]}
    about: dict[str, Any] = {"x-rules": entry.rules} if entry.rules else {}
    if entry.apart:
        about["x-kept-apart"] = entry.apart
    return {**found, "title": said(entry.title, language), **about}


def _answer(entry: Field, organisation: Organisation, language: str) -> dict[str, Any]:
    match entry.type:
        case "choice":
            return _one_of({key: said(words, language) for key, words in entry.choices.items()})
        case "choices":
            return _many(_one_of({key: said(words, language) for key, words in entry.choices.items()}))
        case "person":
            return _one_of({p.id: p.name for p in organisation.staff.values() if p.active})
        case "people" | "signatures":
            return _many(_one_of({p.id: p.name for p in organisation.staff.values() if p.active}))
        case "department":
            return _one_of({d.id: said(d.name, language) for d in organisation.departments.values()})
        case "table":
            columns = {c: {**_CELL, "title": said(words, language)} for c, words in entry.columns.items()}
            return _many({"type": "object", "properties": columns, "additionalProperties": False})
        case _:
            return dict(_PLAIN[entry.type])


def _one_of(choices: dict[str, str]) -> dict[str, Any]:
    if not choices:
        return {"not": {}}  # there is nobody to choose yet
    return {"oneOf": [{"const": key, "title": title} for key, title in choices.items()]}


def _many(one: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": one, "minItems": 1, "maxItems": ROWS}
