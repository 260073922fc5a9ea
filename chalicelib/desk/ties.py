"""Two cases that a person linked: neither is merged, each keeps a tie to the other, and undoing it is kept as well.

A tie is made in one case and mirrored in the other by a transaction of its own (`beside.mirrored`). Of two that differ
the later one holds, so that mirroring may come late, twice, or crosswise, and both cases still say the same.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.desk.complaint import Complaint, Tie
from chalicelib.desk.errors import Problem
from chalicelib.desk.procedure import Action, Procedure

MOST_TIES = 50
"""More than this linked to one case is a group, and would make its head heavy."""


SAYS_NOTHING_OF_WHO = ("same_problem",)
"""Kinds of links that hold between cases of different customers: they tell nothing of who complains."""


class Other(Struct, frozen=True):
    """The case that an action names. `confidential`: who complains there is not for everyone."""

    number: str
    confidential: bool = False


def holding(case: Complaint) -> dict[str, Tie]:
    """The ties that hold, by the number of the other case."""
    return {number: tie for number, tie in case.ties.items() if not tie.undone}


def undoable(case: Complaint, action: Action) -> bool:
    """Whether there is a tie that the action could undo; true of an action that undoes none."""
    return action.leaves is None or any(tie.link == action.leaves for tie in holding(case).values())


def misnamed(case: Complaint, action: Action, other: Other | None) -> list[Problem]:
    """What is wrong with the case that an action links with, or leaves."""
    if action.leaves:
        tied = holding(case).get(other.number) if other else None
        wrong = tied is None or tied.link != action.leaves
        return [Problem("leaves", "must be the number of a complaint that this one is linked with")] if wrong else []
    if other and other.number not in case.ties and len(case.ties) >= MOST_TIES:
        return [Problem("joins", f"this complaint is linked with {MOST_TIES} others already")]
    return []


def tied(
    procedure: Procedure, case: Complaint, action: Action, other: Other, found: Mapping[str, Any], actor: str,
    now: datetime,
) -> Tie:  # fmt: skip
    """The tie that an action makes, or undoes; who complains in either case may be confidential."""
    link = action.joins or action.leaves or ""
    pairs = procedure.links[link].pairs
    kind, note = (found.get(pairs.kind), found.get(pairs.note)) if pairs else (None, None)
    before = case.ties.get(other.number)
    return Tie(
        link=link, times=before.times + 1 if before else 1, at=now, by=actor, undone=action.leaves is not None,
        kind=str(kind or (before.kind if before and action.leaves else "")), note=str(note or ""),
        confidential=case.confidential or other.confidential,
    )  # fmt: skip


def later(one: Tie | None, other: Tie | None) -> Tie | None:
    """Which of two ties holds: the one that was decided after the other; of two decided at once always the same."""
    known = [tie for tie in (one, other) if tie is not None]
    return max(known, key=lambda tie: (tie.times, tie.at, msgspec.json.encode(tie)), default=None)
