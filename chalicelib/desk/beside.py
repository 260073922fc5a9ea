"""What happens to a case from beside its own actions: its complainant writes, other cases join it or are like it.

Pure as the engine is, and with the same outcome: a `Decision`, or None where it was done before.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.desk.complaint import CUSTOMER, THE_DESK, Attachment, Complaint, Decision, Event, Reply, Tie
from chalicelib.desk.engine import decide, decided, ticked
from chalicelib.desk.errors import BadInput, Problem, Refusal
from chalicelib.desk.facts import Facts
from chalicelib.desk.procedure import Send
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.step import Step
from chalicelib.desk.ties import later

MOST_SAID = 100_000
"""Bytes of what its complainant adds that a case holds: an item of DynamoDB has 400 KB, and staff write there too."""


def room_in(case: Complaint) -> int:
    """How many bytes more of what its complainant adds a case holds."""
    return max(0, MOST_SAID - sum(len(reply.text.encode()) for reply in case.replies))


def fitting(case: Complaint, text: str) -> str:
    """The text, or as much of its beginning as the case still holds, with a mark that there is more."""
    room, said = room_in(case), text.encode()
    return text if len(said) <= room else said[: max(0, room - 3)].decode(errors="ignore") + "…"


def grouped(desk: Desk, case: Complaint, link: str, group: str, by: str, now: datetime) -> Decision | None:
    """Another case joined this one: both are in the group, neither is merged. None where it is in it already."""
    if case.groups.get(link) == group:
        return None
    step = Step(desk, case, now)
    events = ticked(step)
    step.case.groups[link] = group
    events.append(step.event(at=now, kind="grouped", by=by))
    return decided(step, events)


def mirrored(desk: Desk, case: Complaint, tie: Tie, other: str, now: datetime) -> Decision | None:
    """Somebody linked another case with this one, or undid it: this one says so too. None where it does already."""
    if later(case.ties.get(other), tie) == case.ties.get(other):
        return None
    step = Step(desk, case, now)
    events = ticked(step)
    step.case.ties[other] = tie
    events.append(step.event(at=now, kind="unlinked" if tie.undone else "linked", by=tie.by))
    return decided(step, events)


def carry(desk: Desk, case: Complaint, made: Event, origin: str, now: datetime) -> Decision | None:
    """Carry a decision made in another case of the group here; None where that was done before.

    Where it cannot be done here (the case has moved on), the history says so.
    """
    if case.carried.get(made.action) == origin:
        return None
    try:
        return decide(desk, case, made.action, made.answers, made.by, now, origin=origin)
    except Refusal as refusal:
        step = Step(desk, case, now)
        events = ticked(step)
        step.case.carried[made.action] = origin
        note = f"{made.action} of {origin} was not carried here: {refusal.title}"
        events.append(step.event(at=now, kind="grouped", by=made.by, note=note))
        return decided(step, events)


def notice(
    desk: Desk, case: Complaint, watch_id: str, key: str, others: list[str], now: datetime, *, put: bool = True
) -> Decision | None:  # fmt: skip
    """A watch found this case among others alike: whoever it tells is told, once, and its task is put to them.

    `put`: no task of the same is open in another case. None where it was done before, or is not for this case.
    """
    watch = desk.procedure.watches[watch_id]
    if case.carried.get(f"watch {watch_id}") == key or not Facts(case).hold(watch.when):
        return None
    step = Step(desk, case, now)
    events = ticked(step)
    step.case.carried[f"watch {watch_id}"] = key
    task = ""
    if watch.opens and put:
        takes = {name: step.case.values[name] for name in watch.same if name in step.case.values}
        task = step.open_task(watch.opens, now, takes, THE_DESK, because=f"watch {watch_id}")
        step.settle(now)
    step.write(Send(letter="recurring", to=watch.tell), task=task)
    events.append(step.event(at=now, kind="grouped", note=f"{watch_id}: {', '.join(others)}"))
    return decided(step, events)


def mailed(
    desk: Desk, case: Complaint, text: str, key: str, now: datetime, *, files: Sequence[Attachment], verified: bool,
    note: str = "",
) -> Decision | None:  # fmt: skip
    """A mail about this case came; None where this very mail (`key`) came before.

    Of the complainant it is what they add. From anybody else it stands in the history for staff, and nowhere else.
    """
    mark = f"mail {key}"
    if mark in case.carried:
        return None
    step = Step(desk, case, now)
    events = ticked(step)
    step.case.carried[mark] = "verified" if verified else "unverified"
    step.case.attachments += files
    whole = "\n\n".join(part for part in (note, text) if part)
    if verified:
        fits = fitting(case, text)
        step.case.replies.append(Reply(at=now, by="customer", text=fits))
        step.write(Send(letter="customer_wrote", to=["in_charge"]))
        events.append(step.event(at=now, kind="wrote", by=CUSTOMER, note=note if fits == text else whole))
        return decided(step, events)
    step.write(Send(letter="mail_unverified", to=["in_charge"]))
    events.append(step.event(at=now, kind="mailed", note=whole))
    return decided(step, events)


def write(desk: Desk, case: Complaint, text: str, now: datetime, answers: dict[str, Any] | None = None) -> Decision:
    """The complainant adds something: it stands in the case, and whoever is in charge is told.

    Raises BadInput where the case holds no more.
    """
    if fitting(case, text) != text:
        most = Problem("text", f"must be at most {room_in(case) // 4} characters")
        raise BadInput("This complaint can hold no more words: please call.", [most])
    step = Step(desk, case, now)
    events = ticked(step)
    step.case.replies.append(Reply(at=now, by="customer", text=text))
    step.write(Send(letter="customer_wrote", to=["in_charge"]))
    events.append(step.event(at=now, kind="wrote", by=CUSTOMER, answers=answers or {}))
    return decided(step, events)
