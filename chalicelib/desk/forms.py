"""The form of an action: which fields it asks of whom, as JSON Schema, and what is wrong with the answers given."""

from datetime import datetime
from typing import Any

from chalicelib.desk.answers import BadAnswer, normalised, reason
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.conditions import Condition, tests_in
from chalicelib.desk.errors import Problem
from chalicelib.desk.facts import ERASED, KEPT_APART, Facts, instant, is_given, is_unknown
from chalicelib.desk.people import Organisation
from chalicelib.desk.procedure import Action, Field, Procedure
from chalicelib.desk.schemas import field_schema
from chalicelib.desk.words import phrases_in, said

REQUIRED = "is required"
REQUIRED_OR_WHY = "is required; where it is not known, say why"


def asked(procedure: Procedure, case: Complaint, action: Action) -> dict[str, bool]:
    """The fields of an action's form, in order, and whether each is required. Their `when` is not yet looked at.

    What is known of the complainant is asked no more, only offered to be put right.
    """
    form = _own_form(procedure, action)
    if action.completes:
        earlier = _own_form(procedure, procedure.actions[action.completes])
        apart = {
            n for n in earlier if procedure.fields[n].kept_apart(case.confidential)
        }  # always offered: it is read back
        left_open = [
            name
            for name, needed in earlier.items()
            if needed and (name in apart or not is_given(case.values.get(name)))
        ]
        form = {**dict.fromkeys(left_open, True), **form}
    known = {n for n in form if procedure.fields[n].kept_apart(case.confidential) and is_given(case.values.get(n))}
    return {name: needed and name not in known for name, needed in form.items()}


def required_when(procedure: Procedure, action: Action) -> dict[str, Condition]:
    """Of the fields that a form requires, those that it requires only where a condition of the action holds."""
    form = _own_form(procedure, action)
    earlier = procedure.actions[action.completes].asks_when if action.completes else []
    asked_later = {one.field: one.when for one in earlier if one.field not in form}
    return asked_later | {one.field: one.when for one in action.asks_when}


def _own_form(procedure: Procedure, action: Action) -> dict[str, bool]:
    """What the action itself asks and offers; what is offered because of another answer is needed with that one."""
    form = {**dict.fromkeys(action.may_ask, False), **dict.fromkeys(action.asks, True)}
    steered = {
        name for name in action.may_ask if any(t["field"] in form for t in _compared(procedure.fields[name].when))
    }
    order = [*action.asks, *(name for name in action.may_ask if name not in action.asks)]
    return {name: form[name] or name in steered for name in order}


def schema(
    procedure: Procedure, case: Complaint, action: Action, organisation: Organisation, language: str
) -> dict[str, Any]:
    """JSON Schema (2020-12) of an action's form. A field with a condition carries it in words under `x-when`."""
    properties: dict[str, Any] = {}
    required: list[str] = []
    facts, only_when = Facts(case), required_when(procedure, action)
    for name, needed in asked(procedure, case, action).items():
        entry = procedure.fields[name]
        properties[name] = field_schema(entry, organisation, language)
        if entry.kept_apart(case.confidential):
            properties[name]["x-given"] = is_given(case.values.get(name))
        elif is_given(case.values.get(name)) and case.values[name] != ERASED and not entry.per_round:
            properties[name]["default"] = case.values[name]
        if name in only_when and needed:
            properties[name]["x-required-now"] = facts.hold(only_when[name])
            properties[name]["x-required-when"] = _compared(only_when[name])
        elif entry.when is None and needed:
            required.append(name)
        if entry.when is not None:
            properties[name]["x-asked-now"] = facts.hold(entry.when)
            properties[name]["x-when"] = _compared(entry.when)
    if action.finishes:
        instances = [i for i, t in case.tasks.items() if t.task == action.finishes and t.finished is None]
        properties["task"] = {
            "type": "string",
            "enum": instances,
            "title": said(procedure.tasks[action.finishes].title, language),
        }
        required.append("task")
    if action.joins:
        title = said(procedure.links[action.joins].title, language)
        properties["joins"] = {"type": "string", "title": title, "description": "the number of another complaint"}
        required.append("joins")
    if action.leaves:
        title = said(procedure.links[action.leaves].title, language)
        properties["leaves"] = {"type": "string", "title": title, "description": "the number of the linked complaint"}
        required.append("leaves")
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _compared(condition: Condition | None) -> list[dict[str, Any]]:
    """The comparisons a condition makes with other fields, for a form to follow."""
    return [{"field": t.name, "op": t.op, "values": t.values} for t in tests_in(condition) if t.subject == "field"]


def checked(
    procedure: Procedure, case: Complaint, action: Action, answers: dict[str, Any], organisation: Organisation,
    now: datetime, *, lenient: bool = False,
) -> tuple[dict[str, Any], list[Problem]]:  # fmt: skip
    """The answers in their stored form, and everything wrong with them.

    `lenient` is for intake alone: acceptance is never refused, so what is missing is noted as unknown, and what
    steers the case (`never_unknown`) is still asked for.
    """
    form = asked(procedure, case, action)
    found, problems = _read(procedure, case, form, answers, organisation, now)
    facts, only_when = Facts(case, found), required_when(procedure, action)
    for name, needed in form.items():
        entry = procedure.fields[name]
        applies = facts.hold(entry.when)
        if name in found and not applies:
            problems.append(Problem(name, "does not apply with these answers"))
        elif name in found:
            problems += _order(name, entry, facts)
            if name == action.happened_at and (claimed := instant(found[name])) and claimed > now:
                problems.append(Problem(name, "must not lie in the future"))
        elif needed and applies and facts.hold(only_when.get(name)) and not any(p.field == name for p in problems):
            if lenient and name in action.may_ask:
                continue  # a later action asks again
            if lenient and not entry.never_unknown:
                found[name] = {"unknown": phrases_in(case.language)["not_given"]}
            else:
                problems.append(Problem(name, REQUIRED if entry.never_unknown else REQUIRED_OR_WHY))
    return found, problems


def _read(
    procedure: Procedure, case: Complaint, form: dict[str, bool], answers: dict[str, Any], organisation: Organisation,
    now: datetime,
) -> tuple[dict[str, Any], list[Problem]]:  # fmt: skip
    found: dict[str, Any] = {}
    problems = [Problem(name, "is not asked here") for name in answers if name not in form]
    for name in form:
        value = answers.get(name)
        if value in (None, "", []):
            continue
        if is_unknown(value):
            problems += _unknown(name, procedure.fields[name], value)
            found[name] = value
            continue
        try:
            answer = normalised(procedure.fields[name], value, organisation, now)
            found[name] = KEPT_APART if procedure.fields[name].kept_apart(case.confidential) else answer
        except BadAnswer as bad:
            problems.append(Problem(name, str(bad)))
    return found, problems


def _order(name: str, entry: Field, facts: Facts) -> list[Problem]:
    """An instant that must lie after another."""
    if not entry.after or entry.after == "now":
        return []
    earlier, later = instant(facts.values.get(entry.after)), instant(facts.values[name])
    return [Problem(name, f"must be later than {entry.after}")] if earlier and later and later <= earlier else []


def _unknown(name: str, entry: Field, value: dict[str, Any]) -> list[Problem]:
    if entry.never_unknown:
        return [Problem(name, "cannot be unknown")]
    try:
        reason(value["unknown"])
    except BadAnswer as bad:
        return [Problem(name, f"is unknown: the reason {bad}")]
    return [] if set(value) == {"unknown"} else [Problem(name, "is unknown: say why, and nothing else")]
