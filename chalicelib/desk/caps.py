"""How late a time may lie: what is agreed with a complainant, or when a clock is due, beside the limit itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.desk.calendar import BeyondHorizon, Calendar
from chalicelib.desk.clocks import due_of
from chalicelib.desk.complaint import ClockRun, Complaint
from chalicelib.desk.errors import Problem
from chalicelib.desk.facts import Facts, instant
from chalicelib.desk.procedure import Cap, LimitChoice
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wording import clock_time


def latest(calendar: Calendar, case: Complaint, cap: Cap, values: Mapping[str, Any], now: datetime) -> datetime | None:
    """The latest instant that a cap allows; None where it is empty or what it is counted from is not known."""
    known = {"received": case.received_at, "now": now}
    start = known.get(cap.from_) or instant(values.get(cap.from_))
    return due_of(calendar, cap.limit, ClockRun(clock="", run=1, started=start), values.get) if start else None


def due_within(
    calendar: Calendar, case: Complaint, choices: list[LimitChoice], run: ClockRun, facts: Facts
) -> datetime | None:
    """When a run is due by the first limit that fits and its cap, the earlier of both; None where there is none."""
    chosen = next((choice for choice in choices if facts.hold(choice.when)), None)
    if chosen is None:
        return None
    due, cap = due_of(calendar, chosen.limit, run, facts.values.get), chosen.not_after
    if cap is None or not facts.hold(cap.when):
        return due
    return min(filter(None, (due, latest(calendar, case, cap, facts.values, run.started))), default=None)


def promised(desk: Desk, case: Complaint, answers: dict[str, Any]) -> datetime | None:
    """The reply time that the complainant is told on receipt; none where the calendar does not reach that far."""
    run = ClockRun(clock="", run=1, started=case.received_at)
    try:
        return due_within(desk.calendar, case, desk.procedure.reply_by, run, Facts(case, answers))
    except BeyondHorizon:
        return None


def latest_answer(desk: Desk, case: Complaint, name: str, facts: Facts, now: datetime) -> datetime | None:
    """The latest instant that this field takes now; None where it takes any.

    A cap that has passed itself refuses nothing: what is late shows as late, and a time must still be agreed.
    """
    cap = next((cap for cap in desk.procedure.fields[name].not_after if facts.hold(cap.when)), None)
    most = latest(desk.calendar, case, cap, facts.values, now) if cap else None
    return most if most and most > now else None


def too_late(desk: Desk, case: Complaint, found: dict[str, Any], now: datetime) -> list[Problem]:
    """The answers being given that lie after what their fields allow."""
    facts, problems = Facts(case, found), []
    for name, value in found.items():
        most, given = latest_answer(desk, case, name, facts, now), instant(value)
        if most and given and given > most:
            problems.append(Problem(name, f"must not be later than {clock_time(most, desk.calendar.zone)}"))
    return problems
