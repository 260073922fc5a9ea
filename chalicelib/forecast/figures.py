"""The figures of a forecast: clocks that were missed, work for each role, and how it went in all."""

from collections import Counter, defaultdict
from datetime import date
from statistics import median

from msgspec import Struct

from chalicelib.desk.clocks import paused_for
from chalicelib.desk.complaint import ClockRun
from chalicelib.desk.procedure import FINISHED, Words
from chalicelib.forecast.ledger import Work
from chalicelib.forecast.shifts import instant_of
from chalicelib.forecast.simulation import Simulation

CUSTOMER_ROLE = "customer"


class ClockFigures(Struct, frozen=True, kw_only=True):
    """One clock over all cases, times in hours. `undecided` runs still ran; `unlimited` ones had no limit to miss.

    worst  the longest that a limit was overrun; median: the usual time used, of the runs that ended
    """

    clock: str
    title: Words
    runs: int
    in_time: int
    late: int
    undecided: int
    unlimited: int
    worst: float | None
    median: float | None

    @property
    def share(self) -> float:
        """The late ones among those that are decided."""
        decided = self.late + self.in_time
        return self.late / decided if decided else 0.0


class RoleFigures(Struct, frozen=True, kw_only=True):
    """The work of one role, times in hours. `weeks`: ISO week to hours; `heard`: how many rungs of ladders told it."""

    role: str
    title: Words
    pieces: int
    hours: float
    people: int
    weeks: dict[str, float]
    peak: int
    peak_on: str
    heard: int

    @property
    def busiest(self) -> tuple[str, float]:
        """The busiest week and its hours."""
        return max(self.weeks.items(), key=lambda item: (item[1], item[0]), default=("", 0.0))


class Totals(Struct, frozen=True, kw_only=True):
    """How it went in all. `standing`: open cases for which nobody has anything to do and no clock will ring."""

    complaints: int
    closed: int
    open: int
    standing: int
    standing_at: dict[str, int]
    late_cases: int
    late: int
    median_days: float | None
    heard: int
    pieces: int
    hours: float
    refused: int


class Figures(Struct, frozen=True, kw_only=True):
    """Everything that one setting came to."""

    settings: dict[str, str]
    totals: Totals
    clocks: list[ClockFigures]
    roles: list[RoleFigures]


def figures_of(simulation: Simulation, settings: dict[str, str]) -> Figures:
    """Count what a simulation's books say."""
    return Figures(
        settings=settings, totals=_totals(simulation), clocks=_clocks(simulation), roles=_roles(simulation)
    )  # fmt: skip


def _totals(simulation: Simulation) -> Totals:
    ledger, lives = simulation.ledger, simulation.live.values()
    cases = [live.case for live in lives]
    days = [(case.closed_at - case.received_at).total_seconds() / 86400 for case in cases if case.closed_at]
    standing = Counter(
        live.case.stage
        for live in lives
        if live.case.status not in FINISHED and not live.pieces and live.due is None and not live.incoming.did
    )
    return Totals(
        complaints=len(cases),
        closed=sum(case.finished for case in cases),
        open=sum(not case.finished for case in cases),
        standing=standing.total(),
        standing_at=dict(standing),
        late_cases=sum(bool(case.lateness) for case in cases),
        late=sum(len(case.lateness) for case in cases),
        median_days=median(days) if days else None,
        heard=ledger.heard.total(),
        pieces=len(ledger.work),
        hours=sum(work.seconds for work in ledger.work) / 3600,
        refused=sum(work.refused for work in ledger.work),
    )


def _clocks(simulation: Simulation) -> list[ClockFigures]:
    runs: dict[str, list[ClockRun]] = defaultdict(list)
    for run in simulation.ledger.runs.values():
        runs[run.clock].append(run)
    clocks = simulation.desk.procedure.clocks
    return [_clock(simulation, name, runs[name]) for name, clock in clocks.items() if runs[name] and clock.counts]


def _clock(simulation: Simulation, name: str, runs: list[ClockRun]) -> ClockFigures:
    end = instant_of(simulation.until)
    late = [run for run in runs if run.late_at is not None]
    ended = [run for run in runs if run.late_at is None and run.stopped is not None]
    over = [
        ((r.stopped or end) - r.late_at - paused_for(r, r.late_at)).total_seconds() / 3600 for r in late if r.late_at
    ]  # fmt: skip
    used = [(r.stopped - r.started - paused_for(r)).total_seconds() / 3600 for r in runs if r.stopped]
    return ClockFigures(
        clock=name,
        title=simulation.desk.procedure.clocks[name].title,
        runs=len(runs),
        in_time=sum(run.due is not None for run in ended),
        late=len(late),
        undecided=sum(run.late_at is None and run.stopped is None and run.due is not None for run in runs),
        unlimited=sum(run.due is None for run in runs),
        worst=max(over, default=None),
        median=median(used) if used else None,
    )


def _roles(simulation: Simulation) -> list[RoleFigures]:
    ledger, procedure = simulation.ledger, simulation.desk.procedure
    work: dict[str, list[Work]] = defaultdict(list)
    for done in ledger.work:
        work[done.role].append(done)
    known = [role for role in procedure.roles if work[role] or ledger.heard[role]]
    heard_only = [CUSTOMER_ROLE] if ledger.heard[CUSTOMER_ROLE] else []
    return [_role(simulation, role, work[role]) for role in [*known, *heard_only]]


def _role(simulation: Simulation, role: str, work: list[Work]) -> RoleFigures:
    entry = simulation.desk.procedure.roles.get(role)
    weeks: dict[str, float] = defaultdict(float)
    for done in work:
        weeks[_week(simulation, done.started)] += done.seconds / 3600
    peak, since = simulation.ledger.peak.get(role, (0, 0))
    return RoleFigures(
        role=role,
        title=entry.title if entry else {"zh-Hans": "客户", "zh-Hant": "客戶", "en": "Customer"},
        pieces=len(work),
        hours=sum(weeks.values()),
        people=len({done.person for done in work}),
        weeks=dict(sorted(weeks.items())),
        peak=peak,
        peak_on=_day(simulation, since).isoformat() if peak else "",
        heard=simulation.ledger.heard[role],
    )


def _day(simulation: Simulation, at: int) -> date:
    return instant_of(at).astimezone(simulation.crew.shifts.zone).date()


def _week(simulation: Simulation, at: int) -> str:
    year, week, _ = _day(simulation, at).isocalendar()
    return f"{year}-W{week:02d}"
