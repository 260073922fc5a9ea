"""When a clock is due, and at which instants its ladder rings: arithmetic on one run of one clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.desk import calendar as days
from chalicelib.desk.calendar import Calendar
from chalicelib.desk.complaint import ClockRun
from chalicelib.desk.facts import instant
from chalicelib.desk.procedure import Clock, Limit

BREACH = -1
"""Stands where a rung's index would: the moment the limit itself is missed."""


def due_of(calendar: Calendar, limit: Limit, run: ClockRun, value: Callable[[str], Any]) -> datetime | None:
    """The due instant of a run, or None where there is no limit.

    Pauses shift hours by their length and days by the midnights that passed; agreed instants stay (semantics 7).
    """
    if limit.of_opening:
        run = replace(run, started=days.next_opening(calendar, run.started))
    match limit.kind:
        case "elapsed":
            return run.started + timedelta(minutes=limit.amount) + paused_for(run)
        case "business":
            lost = sum(days.business_minutes_between(calendar, a, b) for a, b in run.pauses)
            return days.add_business_minutes(calendar, run.started, limit.amount + lost)
        case "days":
            midnights = sum(days.midnights_between(calendar, a, b) for a, b in run.pauses)
            return days.shift_days(calendar, days.end_of_day_after(calendar, run.started, limit.amount), midnights)
        case "monthly":
            return days.day_of_next_month(calendar, run.started, limit.amount)
        case "until":
            return instant(value(limit.name))
        case "none":
            return None


def paused_for(run: ClockRun, since: datetime | None = None) -> timedelta:
    """How long a run was paused in all, or since an instant."""
    spans = ((max(a, since) if since else a, b) for a, b in run.pauses)
    return sum((b - a for a, b in spans if b > a), timedelta())


def rung_at(run: ClockRun, minutes: int) -> datetime:
    """When a rung rings. After a breach later rungs still move with pauses, so that resuming brings no burst."""
    if run.due is None:
        raise ValueError("a run without a due instant has no rungs")
    shift = paused_for(run, run.late_at) if run.late_at else timedelta()
    return run.due + timedelta(minutes=minutes) + shift


def pending(clock: Clock, run: ClockRun) -> list[tuple[datetime, int]]:
    """What still has to happen in a run: (instant, rung index or BREACH), in no order. Nothing while paused or ended.

    A warning is due again when the due instant moved later since it was told; other rungs ring once a run.
    """
    if run.state != "running" or run.due is None:
        return []
    found = [] if run.late_at else [(run.due, BREACH)]
    for index, rung in enumerate(clock.ladder):
        told = run.told.get(str(index))
        if told is None or (rung.minutes < 0 and told < run.due):
            found.append((rung_at(run, rung.minutes), index))
    return found
