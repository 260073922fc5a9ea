"""Answers in the reader's words: choices by their titles, people and departments by their names."""

from datetime import datetime
from typing import Any

from chalicelib.desk.complaint import CUSTOMER
from chalicelib.desk.facts import ERASED, KEPT_APART, instant, is_unknown
from chalicelib.desk.people import Organisation
from chalicelib.desk.procedure import Field
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wallclock import zone_named
from chalicelib.desk.words import said

YES_NO = {
    "yes": {"zh-Hans": "是", "zh-Hant": "是", "en": "yes"},
    "no": {"zh-Hans": "否", "zh-Hant": "否", "en": "no"},
}


def condition_in_words(desk: Desk, test: dict[str, Any], language: str) -> str:
    """A comparison that a form's schema names (`x-when`): the other field, and with which of its answers."""
    entry = desk.procedure.fields[test["field"]]
    values = [in_words(desk, entry, value, language) for value in test["values"]] if test["op"] == "is" else []
    title = said(entry.title, language)
    return f"{title}: {' / '.join(values)}" if values else title


def yes_and_no(choices: list[tuple[str, str]], language: str) -> list[tuple[str, str]]:
    """Choices by their titles; yes and no, which have none of their own, in the reader's language."""
    return [(id, said(YES_NO[id], language) if title in YES_NO else title) for id, title in choices]


GIVEN = {"zh-Hans": "已登记（另行保存）", "zh-Hant": "已登記（另行保存）", "en": "given (kept apart)"}
"""What is read of an answer that says who complains."""
GONE = {"zh-Hans": "（已删除）", "zh-Hant": "（已刪除）", "en": "(erased)"}
"""What is read of an answer that was erased."""


def in_words(desk: Desk, entry: Field, value: Any, language: str) -> str:
    """One answer; an unknown one is its reason."""
    if is_unknown(value):
        return str(value["unknown"])
    if value in (KEPT_APART, ERASED):
        return said(GIVEN if value == KEPT_APART else GONE, language)
    if isinstance(value, list):
        return ("; " if language == "en" else "；").join(in_words(desk, entry, one, language) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{said(entry.columns.get(c, {}), language) or c}: {v}" for c, v in value.items())
    match entry.type:
        case "choice" | "choices":
            return said(entry.choices.get(str(value), {}), language) or str(value)
        case "yes_no" | "tick":
            return said(YES_NO.get(str(value), {}), language) or str(value)
        case "person" | "people" | "signatures":
            return name_of(desk.organisation, str(value))
        case "department":
            unit = desk.organisation.departments.get(str(value))
            return said(unit.name, language) if unit else str(value)
        case "instant" if (at := instant(value)) is not None:
            return clock_time(at, desk.calendar.zone)
    return str(value)


def name_of(organisation: Organisation, person: str) -> str:
    """The name of a member of staff, or the id of somebody who is none (any more)."""
    known = organisation.staff.get(person)
    return known.name if known else person if person != CUSTOMER else ""


def clock_time(at: datetime, zone: str) -> str:
    """An instant on the site's clock.

    >>> clock_time(datetime.fromisoformat("2026-11-21T01:30:00Z"), "Asia/Shanghai")
    '2026-11-21 09:30'
    """
    return at.astimezone(zone_named(zone)).strftime("%Y-%m-%d %H:%M")
