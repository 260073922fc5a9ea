"""A hotline call as a complaint: what is posted, what comes with it, and what no form has a place for."""

import mimetypes
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import fields

from chalicelib.desk.complaint import Attachment
from chalicelib.desk.errors import BadInput, Problem
from chalicelib.desk.parsing import parsed
from chalicelib.desk.phoned import LONGEST_NAME, CallFacts, HotlineCall, Phoned
from chalicelib.desk.posting import Content, Customer
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wallclock import on_the_wall
from chalicelib.redaction import MASK

BY_THEMSELVES = ("category", "demand", "kind", "language", "anonymous", "confidential", "people_concerned",
                 "external_ref")  # fmt: skip
CUSTOMER = {f"customer.{entry.name}" for entry in fields(Customer)}
CONTENT = {f"content.{entry.name}" for entry in fields(Content)}
PLACES = {path.rpartition(".")[2]: path for path in CUSTOMER | CONTENT} | {name: name for name in BY_THEMSELVES}
"""Where an answer belongs in a complaint, by its name."""

LONGEST = 10_000


def posting_of(call: HotlineCall, desk: Desk | None) -> tuple[Phoned, dict[str, str]]:
    """The call as a complaint, and the answers that it has no place for, as texts.

    `desk` is None where org or site are unknown, which registering it will say. Raises BadInput, by `answers.…`.
    """
    known = desk.procedure.fields if desk else {}
    opening = desk.procedure.actions[desk.rulebook.opening] if desk else None
    asked = [*opening.asks, *opening.may_ask] if opening else []
    body: dict[str, Any] = {"customer": {"phone": call.caller}, "content": {}, "form": {}}
    places: dict[str, str] = {}
    beyond: dict[str, str] = {}
    for name, value in call.answers.items():
        who = name in known and known[name].tells_who  # asked at the opening or later: it is kept apart
        intake = known[name].intake if name in asked or who else None
        place = PLACES.get(name) or (intake if intake in PLACES.values() and intake not in places else None)
        if value in (None, "", []):
            continue
        if place:
            places[place] = name
            _put(body, place, value)
        elif name in asked and not (opening and name == opening.happened_at):
            body["form"][name] = value
        else:
            beyond[name] = MASK if who else _text(value)
    language = body.get("language") or (desk.site.language if desk else "zh-Hans")
    body |= {"org": call.org, "site": call.site, "channel": "phone", "language": language}
    problems = [*_odd(call.answers, beyond)]
    try:
        posting = parsed(Phoned, body)
    except BadInput as bad:
        problems += [Problem(f"answers.{places.get(p.field, p.field)}", p.problem) for p in bad.problems]
    if problems:
        raise BadInput("The answers cannot be read as they are.", problems)
    posting.received_at = call.started_at or call.ended_at
    posting.call = _facts(call, language)
    return posting, beyond


def titled(posting: Phoned, call: HotlineCall, desk: Desk | None) -> Phoned:
    """The complaint with something to list it by, where the call says nothing itself: where it may be confidential,
    nothing of who called.
    """
    if not posting.content.summary.strip() and not posting.content.details.strip():
        secret = posting.confidential or desk is None or desk.procedure.confidential is not None
        caller = "" if secret else masked(call.caller)
        text = word("untitled" if call.answered else "missed", posting.language)
        posting.content.summary = text.format(f" {caller}" if caller else "")
    return posting


def facts_of(call: HotlineCall, beyond: dict[str, str], *, staff: bool) -> dict[str, str]:
    """What the case keeps of the call itself, as `posted` has it. Who called is none of it."""
    told = {
        "hotline.call_id": call.call_id,
        "hotline.agent": "" if staff else call.agent.strip(),
        "hotline.started_at": call.started_at.isoformat() if call.started_at else "",
        "hotline.ended_at": call.ended_at.isoformat(),
        "hotline.answered": "yes" if call.answered else "no",
        **{f"hotline.answers.{name}": text for name, text in beyond.items()},
    }
    return {name: text for name, text in told.items() if text}


def note_of(call: HotlineCall, desk: Desk, beyond: dict[str, str], *, verified: bool) -> str:
    """The same as a note in the history of a case that is there already."""
    language, zone = desk.site.language, desk.site.zone
    known = desk.organisation.staff.get(call.agent)
    spell = " - ".join(f"{on_the_wall(zone, at):%Y-%m-%d %H:%M}" for at in (call.started_at, call.ended_at) if at)
    lines = [
        word("answered" if call.answered else "unanswered", language),
        "" if verified else word("other_phone", language),
        word("spell", language).format(spell),
        word("agent", language).format(known.name if known else call.agent.strip()) if call.agent.strip() else "",
        word("call_id", language).format(call.call_id),
        *(f"{name}: {text}" for name, text in beyond.items()),
    ]
    return "\n".join(line for line in lines if line)


def said_in(posting: Phoned) -> str:
    """What the caller said, as one text."""
    parts = [getattr(posting.content, entry.name).strip() for entry in fields(Content)]
    return "\n".join(dict.fromkeys(part for part in [*parts, posting.demand.strip()] if part))


def recordings_of(call: HotlineCall, language: str, at: datetime, by: str) -> list[Attachment]:
    """The recording as the case lists it: a reference and a hash; the sound stays with the platform."""
    if call.recording is None:
        return []
    kind, _ = mimetypes.guess_type(urlsplit(call.recording.url).path)
    return [
        Attachment(
            name=recording_name(call, language), kind=kind or "audio/*", size=0, sha256=call.recording.sha256.lower(),
            place=call.recording.url, at=at, by=by, purpose=word(call.recording.purpose, language),
        )
    ]  # fmt: skip


def recording_name(call: HotlineCall, language: str) -> str:
    """Such as `通话录音 3:04`."""
    minutes, seconds = divmod(call.recording.seconds if call.recording else 0, 60)
    return f"{word('recording', language)} {minutes}:{seconds:02d}"


def masked(phone: str) -> str:
    """A phone of which enough is left to tell it from another: its end is what proves whose a complaint is.

    >>> masked("13912345678"), masked("+86 139 1234 5678"), masked("")
    ('139********', '+86***********', '')
    """
    plain = "".join(c for c in phone if c.isdigit() or c == "+")
    return plain[:3] + "*" * len(plain[3:])


def word(name: str, language: str) -> str:
    """A word of `hotline_words.json`."""
    of = _words()[name]
    return of.get(language) or of["zh-Hans"]


@cache
def _words() -> dict[str, dict[str, str]]:
    content = Path(__file__).with_name("hotline_words.json").read_bytes()
    return msgspec.json.decode(content, type=dict[str, dict[str, str]])


def _facts(call: HotlineCall, language: str) -> CallFacts:
    held = call.recording
    informed = {True: "yes", False: "no", None: ""}[held.caller_informed if held else None]
    return CallFacts(
        missed="" if call.answered else "yes",
        recording=recording_name(call, language) if held else "",
        purpose=held.purpose if held else "",
        informed=informed,
    )


def _put(body: dict[str, Any], place: str, value: Any) -> None:
    group, _, name = place.rpartition(".")
    (body[group] if group else body)[name] = value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _odd(answers: dict[str, Any], beyond: dict[str, str]) -> Iterable[Problem]:
    """Names and texts beyond all measure."""
    for name in answers:
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            yield Problem("answers", f"must have names of at most {LONGEST_NAME} printable characters")
    for name, text in beyond.items():
        if len(text) > LONGEST:
            yield Problem(f"answers.{name}", f"must be at most {LONGEST} characters")
