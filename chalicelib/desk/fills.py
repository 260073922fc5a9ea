"""What a form offers as an answer before anybody gave one: who acts, now, a time that a limit sets, a value."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.desk.answers import DATE, INSTANT
from chalicelib.desk.calendar import BeyondHorizon
from chalicelib.desk.clocks import due_of
from chalicelib.desk.complaint import ClockRun, Complaint
from chalicelib.desk.facts import Facts
from chalicelib.desk.procedure import Action, Field, Limit
from chalicelib.desk.rulebook import Desk


def offered(desk: Desk, entry: Field, actor: str, now: datetime) -> Any:
    """The answer that a field offers whoever acts now, in the form in which it is kept; None where it offers none."""
    fill = entry.fill
    match fill.what if fill else "":
        case "actor":
            known = actor in desk.organisation.staff
            return ([actor] if entry.type in ("people", "signatures") else actor) if known else None
        case "actor_unit":
            person = desk.organisation.staff.get(actor)
            return person.departments[0] if person and person.departments else None
        case "now":
            return _written(desk, entry, now)
        case "limit" if fill and fill.limit:
            return _counted(desk, entry, fill.limit, now, now)
        case "value" if fill:
            return fill.value
    return None


def filled(desk: Desk, case: Complaint, action: Action, answers: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The answers to an opening form, with what the procedure itself fills in where nobody answered.

    Times count from the receipt, or from now where that would be over already. Who acts, and now, are only offered:
    nobody said that they are the answer.
    """
    found = dict(answers)
    for name in [name for name in (*action.asks, *action.may_ask) if answers.get(name) in (None, "", [])]:
        entry = desk.procedure.fields[name]
        if entry.fill is None or not Facts(case, found).hold(entry.when):
            continue
        value = entry.fill.value
        if limit := entry.fill.limit:
            starts = (case.received_at, now)
            value = next((at for start in starts if (at := _counted(desk, entry, limit, start, now))), None)
        if value is not None:
            found[name] = value
    return found


def _counted(desk: Desk, entry: Field, limit: Limit, start: datetime, now: datetime) -> str | None:
    """A time that lies a limit after `start`; None without a limit, where it is over, or too far ahead to be one."""
    try:
        due = due_of(desk.calendar, limit, ClockRun(clock="", run=1, started=start), lambda _: None)
    except BeyondHorizon:
        return None
    if due is None or due <= now:
        return None
    written = _written(desk, entry, due)
    return written if re.search(DATE if entry.type == "date" else INSTANT, written) else None


def _written(desk: Desk, entry: Field, at: datetime) -> str:
    if entry.type == "date":
        return at.astimezone(ZoneInfo(desk.calendar.zone)).date().isoformat()
    return at.replace(microsecond=0).isoformat().replace("+00:00", "Z")
