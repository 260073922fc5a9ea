"""Why a clock is due when it is: one sentence in the reader's language, from the facts the engine itself uses."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec import Struct

from chalicelib.desk.calendar import next_opening
from chalicelib.desk.clocks import due_of, paused_for, rung_at
from chalicelib.desk.complaint import ClockRun, Complaint
from chalicelib.desk.facts import Facts
from chalicelib.desk.procedure import Limit, LimitChoice
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wallclock import zone_named
from chalicelib.desk.words import phrases_in, said

ClockState = Literal["running", "paused", "late", "stopped", "stopped_late"]


class ClockView(Struct, kw_only=True):
    """A clock as staff see it; `warning` is its first warning that is still to come."""

    clock: str
    title: str
    state: ClockState
    started: datetime
    due: datetime | None
    warning: datetime | None
    stopped: datetime | None
    task: str
    rules: list[str]
    explanation: str


def clocks(desk: Desk, case: Complaint, language: str) -> list[ClockView]:
    """Every clock of the case, running ones first, by due instant."""
    views = [_view(desk, case, run, language) for run in case.clocks.values()]
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(views, key=lambda view: (view.stopped is not None, view.due or far, view.clock))


def explain(desk: Desk, case: Complaint, run: ClockRun, language: str) -> str:
    """The sentence: what the duty is, from when, how long, until when, whether paused, whether late."""
    phrases, title = phrases_in(language), said(desk.procedure.clocks[run.clock].title, language)
    chosen = _limit(desk, case, run)
    limit = chosen.limit

    def at(instant: datetime) -> str:
        return instant.astimezone(zone_named(desk.calendar.zone)).strftime(phrases["when"])

    if run.stopped is not None:
        sentence = phrases["stopped"].format(title=title, start=at(run.started), stopped=at(run.stopped))
    elif run.due is None:
        sentence = phrases["none"].format(title=title, start=at(run.started))
    else:
        started = next_opening(desk.calendar, run.started) if limit.of_opening else run.started
        sentence = phrases["capped" if _brought_forward(desk, case, run, chosen) else limit.kind].format(
            title=title,
            start=at(started),
            due=at(run.due),
            days=limit.amount,
            amount=_span(timedelta(minutes=limit.amount), phrases),
            paused=phrases["paused"].format(pause=_span(paused_for(run), phrases)) if run.pauses else "",
        )
        sentence += phrases["of_opening"] if started != run.started else ""
    if run.state == "paused":
        sentence += phrases["held"]
    return sentence + (phrases["late"].format(due=at(run.late_at)) if run.late_at else "")


def _view(desk: Desk, case: Complaint, run: ClockRun, language: str) -> ClockView:
    clock = desk.procedure.clocks[run.clock]
    state: ClockState = run.state
    if run.late_at:
        state = "stopped_late" if run.stopped else "late"
    ahead = [
        rung_at(run, rung.minutes)
        for index, rung in enumerate(clock.ladder)
        if rung.minutes < 0 and run.due and state == "running" and str(index) not in run.told
    ]
    return ClockView(
        clock=run.clock,
        title=said(clock.title, language),
        state=state,
        started=run.started,
        due=run.due,
        warning=min(ahead, default=None),
        stopped=run.stopped,
        task=run.task,
        rules=clock.rules,
        explanation=explain(desk, case, run, language),
    )


def _limit(desk: Desk, case: Complaint, run: ClockRun) -> LimitChoice:
    facts = Facts(case, case.taken(run.task))
    chosen = (c for c in desk.procedure.clocks[run.clock].limits if facts.hold(c.when))
    return next(chosen, LimitChoice(limit=Limit()))


def _brought_forward(desk: Desk, case: Complaint, run: ClockRun, chosen: LimitChoice) -> bool:
    """Whether the clock is due at its cap and not by its own limit."""
    if chosen.not_after is None or run.due is None:
        return False
    facts = Facts(case, case.taken(run.task))
    own = due_of(desk.calendar, chosen.limit, run, facts.values.get)
    return own is None or run.due < own


def _span(length: timedelta, phrases: dict[str, str]) -> str:
    minutes = int(length.total_seconds() // 60)
    return phrases["minutes"].format(n=minutes) if minutes % 60 else phrases["hours"].format(n=minutes // 60)
