"""Prove a history: recompute its chain, the state that it makes, and whether an action is in it already."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from chalicelib.desk.complaint import Complaint, Event
from chalicelib.desk.errors import Refusal
from chalicelib.desk.history import broken_at, replay
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.ties import Other


class Verified(Struct, kw_only=True):
    """`broken_at`: the version at which the chain does not hold. `state_agrees`: the events make the case as it is."""

    whole: bool
    broken_at: int | None
    state_agrees: bool
    events: int


def verified(case: Complaint, events: Sequence[Event]) -> Verified:
    """Whether every event is there and untouched, and the head says what they say."""
    broken = broken_at(events, case.chain)
    agrees = broken is None and replay(events) == case
    return Verified(whole=broken is None and agrees, broken_at=broken, state_agrees=agrees, events=len(events))


def done_before(
    desk: Desk, events: Sequence[Event], version: int, action: str, answers: dict[str, Any], actor: str, task: str,
    *, other: str = "",
) -> bool:  # fmt: skip
    """Whether this person has done this very action, as the case stood at `version`: then its reply was lost.

    `other` is the case that the action names, if it names one. Deciding is a pure function, so the same again at the
    same instant makes the same events, hash for hash.
    """
    from chalicelib.desk.engine import decide  # noqa: PLC0415 # a start needs no engine

    before, later = replay(events[:version]), list(events[version:])
    done = next(
        (event for event in later[:2] if (event.kind, event.action, event.by) == ("acted", action, actor)), None
    )
    if before is None or done is None:
        return False
    try:
        joined = next(iter(done.changes.groups.values()), "")
        tied = next((Other(number, tie.confidential) for number, tie in done.changes.ties.items()), None)
        if tied and _digits(tied.number) != _digits(other):
            return False
        keys, reach = done.changes.customer_keys, done.changes.reach
        again = decide(
            desk, before, action, answers, actor, done.at, task, group=joined, keys=keys, reach=reach, other=tied
        ).events
    except Refusal:
        return False
    return again == later[: len(again)]


def _digits(number: str) -> str:
    """A number of a case however it is written."""
    return "".join(c for c in number if c.isdigit())
