"""A call about a case that is there already: it stands in the case, and whoever is in charge is told.

Pure as the engine is, and with the same outcome: a `Decision`, or None where this very call was noted before.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from chalicelib.desk.beside import fitting
from chalicelib.desk.complaint import CUSTOMER, THE_DESK, Attachment, Complaint, Decision, Reply
from chalicelib.desk.engine import decided, ticked
from chalicelib.desk.procedure import Procedure, Send
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.step import Step

MISSED = "call.missed"
"""What a field says by its `intake` that notes a call which nobody answered."""


class Heard(Struct, frozen=True, kw_only=True):
    """What there is to say of a call. `said` is what the caller said, `note` what staff should know of the call.

    by        who took it: a person's id, or empty
    verified  it came from the phone on record: then it is what the complainant adds
    missed    nobody answered it
    """

    key: str
    said: str
    note: str
    by: str = THE_DESK
    verified: bool = False
    missed: bool = False
    recording: Sequence[Attachment] = ()


def called(desk: Desk, case: Complaint, heard: Heard, now: datetime) -> Decision | None:
    """Note the call. Of a missed one, whatever the procedure opens for it is opened."""
    mark = f"call {heard.key}"
    if mark in case.carried:
        return None
    step = Step(desk, case, now)
    events = ticked(step)
    step.case.carried[mark] = "missed" if heard.missed else "verified" if heard.verified else "unverified"
    step.case.attachments += heard.recording
    if heard.missed and (field := missed_field(desk.procedure)):
        step.put({field: "yes"}, now, heard.by)
    fits = fitting(case, heard.said)
    if heard.verified and heard.said:
        step.case.replies.append(Reply(at=now, by="customer", text=fits))
        step.write(Send(letter="customer_wrote", to=["in_charge"]))
    elif not heard.missed:
        step.write(Send(letter="call_noted", to=["in_charge"]))
    step.settle(now)
    by = heard.by or (CUSTOMER if heard.verified else THE_DESK)
    stands = heard.verified and fits == heard.said
    text = heard.note if stands else "\n\n".join(part for part in (heard.note, heard.said) if part)
    events.append(step.event(at=now, kind="called", by=by, note=text))
    return decided(step, events)


def missed_field(procedure: Procedure) -> str:
    """The field that notes a missed call; empty where the procedure has none."""
    return next((name for name, entry in procedure.fields.items() if entry.intake == MISSED), "")
