"""Duties that recur: a period opens, somebody issues what it owes; what is not issued climbs a ladder."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.desk.calendar import next_occurrence, period_covered
from chalicelib.desk.cast import Cast
from chalicelib.desk.clocks import BREACH, due_of, pending
from chalicelib.desk.complaint import ClockRun, Complaint, Message
from chalicelib.desk.duty_run import DutyRun
from chalicelib.desk.errors import Conflict, NotAllowed
from chalicelib.desk.notices import addressed, message_id
from chalicelib.desk.procedure import Clock, Duty, Send
from chalicelib.desk.rulebook import Desk

FIRST_SPAN = timedelta(days=30)
"""What the first period of a duty without a fixed span covers."""


class DutyStep(Struct, frozen=True):
    """A period after something happened to it, who is to be told, and when it is due next."""

    run: DutyRun
    messages: list[Message]
    due: datetime | None


def opened(desk: Desk, duty_id: str, at: datetime, last: DutyRun | None, now: datetime) -> DutyStep:
    """The period that opens at an occurrence; whoever has the duty is told. `last` is the period before.

    Where sweeps stood still and it opens late, warnings that already lie behind are passed over.
    """
    duty = desk.procedure.duties[duty_id]
    first, end = _covered(desk, duty, at, last)
    due = due_of(desk.calendar, duty.limit, _as_clock(duty_id, at), lambda _name: None)
    behind = [
        index
        for index, rung in enumerate(duty.ladder)
        if due is not None and rung.minutes < 0 and due + timedelta(minutes=rung.minutes) <= now
    ]
    run = DutyRun(
        org=desk.organisation.id,
        site=desk.site.id,
        duty=duty_id,
        period=f"{first}..{end}",
        opened_at=at,
        due=due,
        told={str(index): due for index in behind if due is not None},
    )
    messages = _written(desk, run, Send(letter="summary_due", to=[duty.by]), at, "opened")
    return DutyStep(run, messages, _next(duty, run))


def ticked(desk: Desk, run: DutyRun, now: datetime) -> DutyStep | None:
    """Let everything happen that is due up to `now`; None where nothing is."""
    duty = desk.procedure.duties[run.duty]
    before, messages = run, []
    while (upcoming := _upcoming(duty, run)) is not None and upcoming[0] <= now:
        at, index = upcoming
        if index == BREACH:
            run = replace(run, late_at=run.due)
            continue
        rung = duty.ladder[index]
        letter = rung.letter or ("summary_due" if rung.minutes < 0 else "summary_late")
        messages += _written(desk, run, Send(letter=letter, to=rung.tell, by=rung.by), at, str(index))
        run = replace(run, told={**run.told, str(index): run.due or at})
    if run is before:
        return None
    run = replace(run, version=run.version + 1)
    return DutyStep(run, messages, _next(duty, run))


def issued(desk: Desk, run: DutyRun, person: str, now: datetime, hash: str = "") -> DutyStep:
    """Somebody whose duty it is issues it: those it goes to are told. Raises NotAllowed, Conflict.

    `hash` is that of the report as it stands; empty where the duty prepares none.
    """
    duty = desk.procedure.duties[run.duty]
    if not may_issue(desk, run.duty, person, now):
        raise NotAllowed(f"{run.duty!r} is not yours to issue.")
    if run.issued_at is not None:
        raise Conflict(f"{run.duty!r} for {run.period} was issued already.")
    run = replace(run, issued_at=now, issued_by=person, hash=hash, version=run.version + 1)
    return DutyStep(run, _written(desk, run, Send(letter="summary_issued", to=duty.to), now, "issued"), None)


def may_issue(desk: Desk, duty_id: str, person: str, now: datetime) -> bool:
    """Whether a duty is this person's to issue."""
    return _cast(desk, now).may(person, [desk.procedure.duties[duty_id].by])


def may_read(desk: Desk, duty_ids: Iterable[str], person: str, now: datetime) -> bool:
    """Whether a report is for this person: who issues it, whom it goes to, who has a post here, administrators."""
    known = desk.organisation.staff.get(person)
    if known is None or not known.active:
        return False
    if known.admin or any(person in people for people in desk.site.posts.values()):
        return True
    duties = [desk.procedure.duties[duty_id] for duty_id in duty_ids]
    return any(_cast(desk, now).may(person, [duty.by, *duty.to]) for duty in duties)


def next_time(desk: Desk, duty_id: str, after: datetime) -> datetime | None:
    """When a duty occurs next; None where the site has set no interval."""
    duty = desk.procedure.duties[duty_id]
    return next_occurrence(desk.calendar, duty.every, after, duty.opens_at) if duty.every else None


def _covered(desk: Desk, duty: Duty, at: datetime, last: DutyRun | None) -> tuple[date, date]:
    if duty.covers != "since_last":
        return period_covered(desk.calendar, duty.covers, at)
    _, yesterday = period_covered(desk.calendar, "yesterday", at)
    if last is None:
        return yesterday - FIRST_SPAN, yesterday
    return date.fromisoformat(last.period.rpartition("..")[2]) + timedelta(days=1), yesterday


def _as_clock(duty_id: str, at: datetime, due: datetime | None = None, run: DutyRun | None = None) -> ClockRun:
    told, late = (run.told, run.late_at) if run else ({}, None)
    return ClockRun(clock=duty_id, run=1, started=at, due=due, told=told, late_at=late)


def _upcoming(duty: Duty, run: DutyRun) -> tuple[datetime, int] | None:
    if run.issued_at is not None:
        return None
    ladder = Clock(title=duty.title, ladder=duty.ladder)
    return min(pending(ladder, _as_clock(run.duty, run.opened_at, run.due, run)), default=None)


def _next(duty: Duty, run: DutyRun) -> datetime | None:
    upcoming = _upcoming(duty, run)
    return upcoming[0] if upcoming else None


def _cast(desk: Desk, at: datetime) -> Cast:
    return Cast(desk, _nobodys_case(desk, at), at)


def _nobodys_case(desk: Desk, at: datetime) -> Complaint:
    """A duty belongs to no case: its roles are looked up as of an empty one."""
    return Complaint(
        org=desk.organisation.id, site=desk.site.id, number="", procedure=desk.procedure.id,
        procedure_version=desk.procedure.version, channel="other", kind="complaint", language="zh-Hans",
        received_at=at, registered_at=at,
    )  # fmt: skip


def _written(desk: Desk, run: DutyRun, send: Send, at: datetime, what: str) -> list[Message]:
    case, found = _nobodys_case(desk, at), []
    for person in _cast(desk, at).recipients(send.to) if send.to else []:
        for _, message in addressed(desk, case, send, person, at):
            message.duty, message.period, message.due = run.duty, run.period, run.due
            message.id = f"{what}#{message_id(run.version, message)}"
            found.append(message)
    return found
