"""The history of a case: events folded into state, and the chain of hashes that shows any tampering.

Of an event whose words were erased the hash cannot be computed any more. What is left of it is vouched for by the
erasure, which is an event of the same chain: whoever changes it breaks that.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from chalicelib.desk.complaint import Changes, Complaint, Event
from chalicelib.desk.redaction import left_of, redacted

_FIXED = (
    "org", "site", "number", "procedure", "procedure_version", "channel", "kind", "language", "received_at",
    "registered_at", "anonymous", "confidential", "reach", "promised_at", "posted", "customer_keys",
    "salt",
)  # fmt: skip
_SIMPLE = ("stage", "status", "round", "owner", "summary", "stage_since", "closed_at", "reach", "salt", "hold")
_MERGED = ("values", "done", "clocks", "tasks", "groups", "ties", "carried", "erased")
_APPENDED = ("lateness", "replies", "attachments", "customer_keys")  # who it is may be known later


def sealed(event: Event, previous: str, salt: str = "") -> Event:
    """The event with its place in the chain: sha256 over the case's salt, the hash before it and all it says."""
    event.previous, event.hash = previous, ""
    event.hash = hashed(event, salt)
    return event


def hashed(event: Event, salt: str) -> str:
    """The hash of an event as it stands."""
    return hashlib.sha256(salt.encode() + msgspec.json.encode(event)).hexdigest()


def changes_between(before: Complaint | None, after: Complaint) -> Changes:
    """What turns one state into the other."""
    if before is None:
        before = Complaint(**{name: getattr(after, name) for name in _FIXED})
        opening = {name: msgspec.to_builtins(getattr(after, name)) for name in _FIXED}
    else:
        opening = {}
    found: dict[str, Any] = {"opening": opening}
    for name in _SIMPLE:
        if (new := getattr(after, name)) != getattr(before, name):
            found[name] = new
    for name in _MERGED:
        old = getattr(before, name)
        found[name] = {k: v for k, v in getattr(after, name).items() if k not in old or old[k] != v}
    for name in _APPENDED:
        found[name] = getattr(after, name)[len(getattr(before, name)) :]
    found["forgotten"] = [k for k in before.values if k not in after.values]
    return Changes(**found)


def apply(complaint: Complaint | None, event: Event) -> Complaint:
    """The state after an event; the first event makes the state. Neither argument is changed."""
    changes = event.changes
    if complaint is None:
        complaint = msgspec.convert(changes.opening, Complaint)
    if event.erasure is not None:
        complaint = redacted(complaint, event.erasure)
    merged: dict[str, Any] = {"version": event.version, "chain": event.hash}
    for name in _SIMPLE:
        if (new := getattr(changes, name)) is not None:
            merged[name] = new
    for name in _MERGED:
        merged[name] = {**getattr(complaint, name), **getattr(changes, name)}
    for name in changes.forgotten:
        merged["values"].pop(name, None)
    for name in _APPENDED:
        merged[name] = [*getattr(complaint, name), *getattr(changes, name)]
    return msgspec.structs.replace(complaint, **merged)


def replay(events: Iterable[Event]) -> Complaint | None:
    """The state that a whole history makes."""
    complaint = None
    for event in events:
        complaint = apply(complaint, event)
    return complaint


def broken_at(events: Iterable[Event], chain: str | None = None) -> int | None:
    """The version at which the chain does not hold (a gap, a changed or a missing event), or None when it is whole.

    `chain` is the hash of the last event as the head keeps it: without it nobody sees that the end was cut off.
    """
    found = list(events)
    vouched = _vouched(found)
    previous, expected, salt = "", 1, ""
    for event, left in zip(found, left_of(found), strict=True):
        salt = event.changes.opening.get("salt", "") or event.changes.salt or salt
        holds = hashed(msgspec.structs.replace(event, hash=""), salt) == event.hash or any(
            hash in (hashed(event, by), hashed(left, by)) for by, hash in vouched.get(event.version, ())
        )
        if event.version != expected or event.previous != previous or not holds:
            return expected
        previous, expected = event.hash, expected + 1
    return expected if chain is not None and chain != previous else None


def _vouched(events: Sequence[Event]) -> dict[int, list[tuple[str, str]]]:
    """What erasures say is left of events: by version, with the salt of each."""
    found: dict[int, list[tuple[str, str]]] = {}
    for event in events:
        left = event.erasure.left if event.erasure and event.changes.salt else []
        for version, hash in enumerate(left, 1):
            found.setdefault(version, []).append((event.changes.salt or "", hash))
    return found
