"""Erasing parts of a case: when their time is up, or because somebody says so. Nothing of a held case is erased.

Pure as the engine is. The identity itself is kept elsewhere and goes with the commit; here it is the case and its
history that forget whatever leads to a person.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.desk.complaint import Complaint, Decision, Erased, Erasure, Event, Hold, Part, Retain
from chalicelib.desk.facts import Facts
from chalicelib.desk.history import hashed
from chalicelib.desk.procedure import Keep, Procedure
from chalicelib.desk.redaction import left_of, redacted, redacted_event
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.step import Step

IN_WORDS = ("text", "long", "table")
"""Types of fields whose answers somebody wrote: nobody knows what stands in them."""

MOST_DAYS = 36_525
"""A hundred years: as good as for ever, and still an instant that a clock can tell."""

BRINGS_NOTHING = frozenset({"seen", "printed", "held", "released", "erased"})
"""Kinds of events that bring nothing that would have to be erased."""


def times_up(desk: Desk, case: Complaint) -> dict[Part, datetime]:
    """When the parts of a finished case are to be erased; whoever complains is forgotten with what was said."""
    keep = next((one for one in desk.procedure.retention if Facts(case).hold(one.when)), Keep())
    both: dict[Part, int] = {"identity": keep.identity, "content": keep.content}
    if keep.content and (not keep.identity or keep.identity > keep.content):
        both["identity"] = keep.content
    if not case.finished or case.closed_at is None:
        return {}
    return {part: case.closed_at + timedelta(days=min(n, MOST_DAYS)) for part, n in both.items() if n > 0}


def next_erasure(desk: Desk, case: Complaint) -> datetime | None:
    """When the next part of it goes; None for a case that is open or held, or of which nothing is left to erase."""
    left = [at for part, at in times_up(desk, case).items() if not _gone(case, part)]
    return None if case.held else min(left, default=None)


def retained(desk: Desk, case: Complaint, now: datetime, *, was_finished: bool) -> Retain | None:
    """What a step means for the time at which something of the case is erased; None where that stays as it was.

    What comes into a finished case of which something was erased already is kept as long as if it had ended now.
    """
    if case.finished != was_finished:
        at = next_erasure(desk, case)
        return Retain(at) if at or was_finished else None
    if not case.finished or not case.erased or case.held:
        return None
    again = [now + (at - case.closed_at) for at in times_up(desk, case).values() if case.closed_at]
    return Retain(min(again)) if again else None


def outstanding(desk: Desk, case: Complaint, events: Sequence[Event]) -> list[Part]:
    """The parts whose time is up by the last event or later, and of which there is something to erase."""
    parts = times_up(desk, case)
    return [part for part in parts if not _gone(case, part) or came_since(case, events, part)]


def came_since(case: Complaint, events: Sequence[Event], part: Part) -> bool:
    """Whether anything came into the case since the part was erased."""
    since = case.erased[part].version if part in case.erased else 0
    return any(event.version > since and event.kind not in BRINGS_NOTHING for event in events)


def erase(
    desk: Desk, case: Complaint, events: Sequence[Event], parts: Sequence[Part], by: str, why: str, now: datetime, *,
    salt: str, keys: Sequence[str],
) -> Decision:  # fmt: skip
    """Erase parts of a case. `events` is its history; `keys` stand for its customer from now on, and lead to nobody;
    `salt` goes into the hashes from now on.
    """
    fields = sorted(_named(events) & set(_fields(desk.procedure, parts)))
    gone = Erasure(parts=list(parts), fields=fields, left=[])
    left = [hashed(redacted_event(event, gone), salt) for event in left_of(events)]
    bare = redacted(case, gone)
    mark = Erased(at=now, version=case.version + 1)
    step = Step(desk, bare, now)
    step.case.salt = salt
    step.case.erased |= dict.fromkeys(parts, mark)
    if "identity" in parts:
        step.case.customer_keys = list(keys)
    event = step.event(at=now, kind="erased", by=by, note=why, erasure=replace(gone, left=left))
    return decision_of(step, event, Retain(next_erasure(desk, step.case)) if step.case.finished else None)


def hold(desk: Desk, case: Complaint, by: str, why: str, now: datetime) -> Decision:
    """Nothing of it may be erased from now on."""
    step = Step(desk, case, now)
    step.case.hold = Hold(by=by, at=now, why=why)
    event = step.event(at=now, kind="held", by=by, note=why)
    return decision_of(step, event, Retain(None) if case.finished else None)


def release(desk: Desk, case: Complaint, by: str, why: str, now: datetime) -> Decision:
    """What it is kept for is settled: whatever should have gone meanwhile goes now."""
    step = Step(desk, case, now)
    step.case.hold = Hold(by=by, at=now, why=why, lifted=True)
    event = step.event(at=now, kind="released", by=by, note=why)
    return decision_of(step, event, Retain(next_erasure(desk, step.case)) if case.finished else None)


def decision_of(step: Step, event: Event, retain: Retain | None) -> Decision:
    """What it came to. Nobody is written to, and no clock moves."""
    upcoming = step.runs.next()
    return Decision(
        complaint=step.case, events=[event], messages=step.messages, due=upcoming[0] if upcoming else None,
        retain=retain,
    )  # fmt: skip


def _gone(case: Complaint, part: Part) -> bool:
    """Whether the part was erased since the case last ended."""
    erased = case.erased.get(part)
    return erased is not None and (case.closed_at is None or erased.at >= case.closed_at)


def _fields(procedure: Procedure, parts: Collection[Part]) -> list[str]:
    """The fields whose answers go: those that say who it is, and with the words all that were written, but for what
    figures are made of.
    """
    counted = {name for report in procedure.reports.values() for name in report.by}
    counted |= {name for name, entry in procedure.fields.items() if entry.means}
    counted |= {
        name
        for report in procedure.reports.values()
        for name in report.columns
        if name in procedure.fields and procedure.fields[name].type == "table"
    }
    return [
        name
        for name, entry in procedure.fields.items()
        if ("identity" in parts and (entry.tells_who or entry.type == "file"))
        or ("content" in parts and entry.type in IN_WORDS and name not in counted)
    ]


def _named(events: Sequence[Event]) -> set[str]:
    """Every field that the history has an answer for."""
    found: set[str] = set()
    for event in events:
        found |= event.answers.keys() | event.changes.values.keys()
        found |= {name for run in event.changes.tasks.values() for name in run.takes}
    return found
