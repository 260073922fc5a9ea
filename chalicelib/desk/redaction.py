"""What is left of a case and of its history when something of it is erased: plain functions, the same a second time.

What can be counted stays (stages, times, choices, numbers, who of the staff did it). Of an answer that goes, a mark
stays that there was one, so that conditions and figures come out the same.
"""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from chalicelib.desk.complaint import Changes, Complaint, Erasure, Event
from chalicelib.desk.facts import ERASED, KEPT_APART, is_unknown

OF_THE_WAY_IN = ("hotline.", "mail.")
"""What a case keeps of how it came (`posted`): it leads to a recording or an original, and so to a person."""

TELLING = frozenset({"mailed", "called", "attached"})
"""Kinds of events whose note may say who it was."""


def redacted(case: Complaint, gone: Erasure) -> Complaint:
    """The state without what is gone."""
    more: dict[str, Any] = {"posted": _posted(case.posted, gone)}
    return replace(case, salt="", **more, **_common(case, gone))


def redacted_event(event: Event, gone: Erasure) -> Event:
    """An earlier event without what is gone; its hash and its place in the chain stay."""
    changes, opening = event.changes, dict(event.changes.opening)
    if opening:
        opening |= {"salt": "", "posted": _posted(opening.get("posted", {}), gone)}
        if "identity" in gone.parts:
            opening |= {"customer_keys": [], "reach": []}
    note = event.note
    if "content" in gone.parts or ("identity" in gone.parts and event.kind in TELLING):
        note = "" if event.kind not in ("held", "released", "erased") else note
    changes = replace(changes, opening=opening, salt=None, **_common(changes, gone))
    return replace(event, answers=_values(event.answers, gone), note=note, changes=changes)


def left_of(events: Iterable[Event]) -> list[Event]:
    """The events without what later ones among them erased, whether or not that is gone from where they are kept."""
    found = list(events)
    for index, event in enumerate(found):
        if event.erasure is not None:
            found[:index] = [redacted_event(earlier, event.erasure) for earlier in found[:index]]
    return found


def _common(of: Complaint | Changes, gone: Erasure) -> dict[str, Any]:
    """What state and changes have in common."""
    left: dict[str, Any] = {
        "values": _values(of.values, gone),
        "tasks": {id: replace(run, takes=_values(run.takes, gone)) for id, run in of.tasks.items()},
    }
    if "identity" in gone.parts:
        watched = {name: "" for name in of.carried if name.startswith("watch ")}  # it is known there by keyed hashes
        left |= {"customer_keys": [], "attachments": [], "carried": of.carried | watched}
        left["reach"] = None if of.reach is None else []
    if "content" in gone.parts:
        left["summary"] = None if of.summary is None else ""
        left["replies"] = [replace(reply, text="") for reply in of.replies]
        left["ties"] = {number: replace(tie, note="") for number, tie in of.ties.items()}
    return left


def _values(values: dict[str, Any], gone: Erasure) -> dict[str, Any]:
    return {name: _left(name, value, gone) for name, value in values.items()}


def _left(name: str, value: Any, gone: Erasure) -> Any:
    if is_unknown(value):
        return {"unknown": ""} if "content" in gone.parts else value
    if name not in gone.fields or value in (None, "", []) or value == KEPT_APART:
        return value
    return ERASED


def _posted(posted: dict[str, str], gone: Erasure) -> dict[str, str]:
    if "content" in gone.parts:
        return {}
    return {name: text for name, text in posted.items() if not name.startswith(OF_THE_WAY_IN)}
