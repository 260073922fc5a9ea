"""What a posted complaint says, as answers to the procedure's opening form; and what the form has no place for."""

from datetime import datetime
from typing import Any

from chalicelib.desk.answers import SHORT, BadAnswer, normalised
from chalicelib.desk.complaint import Identity
from chalicelib.desk.facts import KEPT_APART, is_unknown
from chalicelib.desk.people import Organisation
from chalicelib.desk.posting import Posting
from chalicelib.desk.procedure import Field, Procedure
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.words import phrases_in


def summary_of(posting: Posting) -> str:
    """What a list shows of it: at most 80 characters on one line."""
    text = posting.content.summary.strip() or posting.content.details.strip()
    return " ".join(text.split())[:80]


def answers_in(posting: Posting, desk: Desk, now: datetime) -> dict[str, Any]:
    """The answers to the opening form: what the body holds where the procedure looks for it, and its `form`."""
    action = desk.procedure.actions[desk.rulebook.opening]
    found: dict[str, Any] = {}
    for name in [*action.asks, *action.may_ask]:
        entry = desk.procedure.fields[name]
        value = _posted(posting, entry.intake) if entry.intake and not entry.apart else None
        if value not in (None, "", []):
            found[name] = _fitting(entry, value, desk.organisation, now)
    if action.happened_at:
        found[action.happened_at] = min(posting.received_at or now, now).isoformat()
    return {**{k: v for k, v in found.items() if v not in (None, "", [])}, **posting.form}


def who_in(answers: dict[str, Any], procedure: Procedure) -> dict[str, str]:
    """What answers say of the complainant: part of the identity to what was written."""
    asked = {name: procedure.fields[name].intake or "" for name in answers if name in procedure.fields}
    return {
        intake.removeprefix("customer."): str(answers[name])
        for name, intake in asked.items()
        if intake.startswith("customer.") and isinstance(answers[name], str) and answers[name].strip()
    }


def marks_of(identity: Identity, procedure: Procedure) -> dict[str, Any]:
    """What the case knows of an identity: that these fields are answered, not how."""
    fields = procedure.fields.items()
    return {name: KEPT_APART for name, entry in fields if entry.apart and getattr(identity, entry.apart)}


BEYOND = (
    "content.summary", "content.when", "content.where", "content.who", "content.outcome", "content.details",
    "category", "demand", "external_ref", "people_concerned", "referral.body", "referral.reference",
    "referral.deadline",
)  # fmt: skip
"""Parts of a body that a form may have no field for, or one that could not take what was written."""


def beyond_the_form(posting: Posting, desk: Desk, answers: dict[str, Any]) -> dict[str, str]:
    """What was said that no answer holds: nothing of a complaint is dropped."""
    action = desk.procedure.actions[desk.rulebook.opening]
    taken = {desk.procedure.fields[name].intake: answers.get(name) for name in (*action.asks, *action.may_ask)}
    kept: dict[str, str] = {}
    for path in BEYOND:
        value = _posted(posting, path)
        said = "、".join(value) if isinstance(value, list) else str(value or "").strip()
        answer = taken.get(path)
        whole = answer in (value, {"unknown": said}) or (isinstance(value, list) and _as_many(answer, value))
        whole |= is_unknown(value) or (path == "content.summary" and summary_of(posting) == said)
        if said and not whole:
            kept[path] = said
    return kept


def _as_many(answer: Any, value: list[str]) -> bool:
    return isinstance(answer, list) and len(answer) == len(value)


def _posted(posting: Posting, path: str) -> Any:
    value: Any = posting
    for name in path.split("."):
        value = getattr(value, name, None)
    if path == "content.details" and not value:
        return posting.content.summary
    if path.startswith("referral.") and not value and (posting.referral or posting.channel == "referral"):
        return _of_envelope(path, posting)
    return value.isoformat() if isinstance(value, datetime) else value


def _of_envelope(path: str, posting: Posting) -> Any:
    """What a referral does not say itself: its reference is `external_ref`, and with that alone its body is unknown."""
    if path == "referral.body" and posting.external_ref:
        return {"unknown": phrases_in(posting.language)["not_given"]}
    return posting.external_ref if path == "referral.reference" else None


def _fitting(entry: Field, value: Any, organisation: Organisation, now: datetime) -> Any:
    """What a complainant wrote, as the field takes it, or None where it does not: then staff say it."""
    if is_unknown(value):
        return value
    if entry.type == "people":
        by_name = {person.name: person.id for person in organisation.staff.values()}
        value = [by_name.get(one, one) for one in value if by_name.get(one, one) in organisation.staff]
    if entry.type == "choice":
        titles = {word: key for key, words in entry.choices.items() for word in words.values()}
        value = titles.get(value, value)
    if entry.type == "text" and isinstance(value, str):
        value = value[:SHORT]
    try:
        return normalised(entry, value, organisation, now)
    except BadAnswer:
        return None
