"""Libraries: what cases leave for those who handle the next ones, such as a rule, a lesson, knowledge."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.facts import is_kept
from chalicelib.desk.procedure import Library, Procedure

ALL = "all"
"""The place in which a library holds every entry; the others hold those of cases that are alike."""


def place(library: Library, case: Complaint) -> str | None:
    """Where the entries of cases like this one stand; None where it is not known yet what the case is like.

    A hash, so that the place is short whatever the answers are.
    """
    values = [case.values.get(name) for name in library.same]
    if not library.same or not all(is_kept(value) for value in values):
        return None
    return hashlib.sha256("\x1f".join(str(value) for value in values).encode()).hexdigest()[:32]


def shelved(procedure: Procedure, case: Complaint, set_now: Collection[str]) -> list[tuple[str, str]]:
    """(library, place) of what this case leaves, where something of it was just answered."""
    found = []
    for id, library in procedure.libraries.items():
        if is_kept(case.values.get(library.entry)) and not {library.entry, *library.same}.isdisjoint(set_now):
            found += [(id, where) for where in (ALL, place(library, case)) if where]
    return found


def entered_at(procedure: Procedure, library: Library, case: Complaint) -> datetime:
    """When the entry was written: the last time that an action was done which asks for it."""
    asking = [id for id, action in procedure.actions.items() if library.entry in (*action.asks, *action.may_ask)]
    return max((case.done[id].at for id in asking if id in case.done), default=case.registered_at)
