"""Addressing letters: who is told by which channel, and when a recipient's quiet hours let it through."""

import hashlib
from datetime import datetime

from chalicelib.desk.calendar import end_of_quiet
from chalicelib.desk.complaint import CUSTOMER, ClockRun, Complaint, Message, Told
from chalicelib.desk.facts import Facts
from chalicelib.desk.procedure import Channel, Send
from chalicelib.desk.rulebook import Desk


def addressed(
    desk: Desk, case: Complaint, send: Send, person: str, at: datetime, run: ClockRun | None = None, rung: int = -1,
    task: str = "",
) -> list[tuple[Told, Message]]:  # fmt: skip
    """The letters that reach one recipient: one a channel. Quiet hours delay a letter, never the rung it belongs to.

    `task` is the instance that an action's letter is about; that of a rung is its run's.
    """
    key = _key(run)
    return [
        (
            Told(to=person, letter=send.letter, channel=channel, clock=key, rung=rung),
            Message(
                id="",
                org=case.org,
                number=case.number,
                letter=send.letter,
                channel=channel,
                to=person,
                at=at,
                clock=key,
                rung=rung,
                task=task or (run.task if run else ""),
                due=run.due if run else None,
                stage=case.stage,
                site=case.site,
                urgent=_urgent(desk, case),
                not_before=_opening(desk, case, person, at),
            ),
        )
        for channel in channels(desk, case, send.by, person)
    ]


def channels(desk: Desk, case: Complaint, wanted: list[Channel], person: str) -> list[Channel]:
    """The wanted channels that the recipient has; where none was named or they have none of these, their first."""
    if person == CUSTOMER:
        ways: list[Channel] = list(case.reach)
    else:
        known = desk.organisation.staff.get(person)
        ways = [w for w, address in (("email", known.email), ("sms", known.phone)) if address] if known else []  # type: ignore[misc]  # literals, narrowed by the tuple
    return [w for w in wanted if w in ways] or ways[:1]


def message_id(version: int, message: Message) -> str:
    """Deterministic within a case: the event's version, what it is, the channel, a hash of the recipient."""
    what = f"{message.letter}:{message.clock}:{message.rung}" if message.clock else message.letter
    who = hashlib.sha256(message.to.encode()).hexdigest()[:12]
    return f"{version:010d}#{what}#{message.channel}#{who}"


def _key(run: ClockRun | None) -> str:
    if run is None:
        return ""
    return f"{run.clock}@{run.task}" if run.task else run.clock


def _urgent(desk: Desk, case: Complaint) -> bool:
    return desk.procedure.urgent is not None and Facts(case).hold(desk.procedure.urgent)


def _opening(desk: Desk, case: Complaint, person: str, at: datetime) -> datetime | None:
    known = desk.organisation.staff.get(person)
    if known is None or known.quiet is None or _urgent(desk, case):
        return None
    opening = end_of_quiet(desk.calendar.zone, known.quiet, at)
    return opening if opening > at else None
