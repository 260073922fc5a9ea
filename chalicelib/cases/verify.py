"""Prove a history: recompute its chain, and the state that it makes."""

from collections.abc import Sequence

from msgspec import Struct

from chalicelib.desk.complaint import Complaint, Event
from chalicelib.desk.history import broken_at, replay


class Verified(Struct, kw_only=True):
    """`broken_at`: the version at which the chain does not hold. `state_agrees`: the events make the case as it is."""

    whole: bool
    broken_at: int | None
    state_agrees: bool
    events: int


def verified(case: Complaint, events: Sequence[Event]) -> Verified:
    """Whether every event is there and untouched, and the head says what they say."""
    broken = broken_at(events)
    if broken is None and len(events) != case.version:
        broken = min(len(events), case.version) + 1
    agrees = broken is None and replay(events) == case
    return Verified(whole=broken is None and agrees, broken_at=broken, state_agrees=agrees, events=len(events))
