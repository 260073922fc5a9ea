"""A register's period as it was when it was closed, in every language; and what changed since.

A snapshot is bytes whose SHA-256 is kept apart from them: reading holds them against it. It is made of cells, so
nothing that a sheet masks is in it, and what becomes of procedures, names and choices later does not change it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256

import msgspec
from msgspec import Struct

from chalicelib.desk.complaint import Changes, Complaint, Event, Language
from chalicelib.desk.history import apply
from chalicelib.desk.procedure import Words
from chalicelib.reports.views import Cell, Correction, Head, Line

LANGUAGES: tuple[Language, ...] = ("zh-Hans", "zh-Hant", "en")
TYPE = "application/json"


class Locked(Struct, frozen=True, kw_only=True):
    """One case: its cells by language."""

    number: str
    cells: dict[str, list[Cell]]


class Snapshot(Struct, frozen=True, kw_only=True):
    """All lines of the period, whoever may see them; readers get those that are for them."""

    org: str
    site: str
    register: str
    procedure: str
    procedure_version: int
    first: date
    last: date
    title: Words
    heads: dict[str, list[Head]]
    lines: list[Locked]


def packed(snapshot: Snapshot) -> tuple[bytes, str]:
    """The snapshot's bytes and their hash; the same lines are the same bytes."""
    content = msgspec.json.encode(snapshot)
    return content, sha256(content).hexdigest()


def unpacked(content: bytes | None, hash: str) -> Snapshot | None:
    """The snapshot, where these are the bytes that were hashed; else None."""
    if content is None or sha256(content).hexdigest() != hash:
        return None
    return msgspec.json.decode(content, type=Snapshot)


def since_then(heads: list[Head], locked: list[Line], now: list[Line]) -> Iterator[Correction]:
    """What is other now than in the locked lines: cells that changed, lines that are gone, lines that came."""
    current = {line.number: line for line in now}
    for line in locked:
        if line.number not in current:
            yield Correction(kind="gone", number=line.number)
            continue
        for head, was, is_ in zip(heads, line.cells, current[line.number].cells, strict=True):
            if was.text != is_.text and not is_.withheld:  # what was erased since is no correction
                yield Correction(kind="changed", number=line.number, column=head.id, title=head.title, was=was, now=is_)
    known = {line.number for line in locked}
    yield from (Correction(kind="added", number=line.number) for line in now if line.number not in known)


def made_by(
    correction: Correction, events: list[Event], after: datetime, holds: Callable[[Complaint], bool]
) -> Event | None:
    """The event after the closing that made it so; None where the history tells of none (a person was renamed)."""
    if correction.kind == "changed":
        return _last(e for e in events if e.at >= after and _touches(e.changes, correction.column))
    return _last(e for e in _turning(events, holds) if e.at >= after)


def _turning(events: list[Event], holds: Callable[[Complaint], bool]) -> Iterator[Event]:
    """The events by which the case came into the register or left it."""
    case, before = None, False
    for event in events:
        case = apply(case, event)
        if (now := holds(case)) != before:
            yield event
        before = now


def _touches(changes: Changes, column: str) -> bool:
    """Whether these changes are of what the column shows."""
    match column:
        case "stage" | "status" | "owner" | "closed_at" | "round" | "summary":
            return getattr(changes, column) is not None
        case "late":
            return bool(changes.lateness)
        case "due":
            return bool(changes.clocks)
    return column in changes.values or column in changes.forgotten


def _last(events: Iterable[Event]) -> Event | None:
    return max(events, key=lambda event: event.version, default=None)
