"""What is written down of a forecast while it runs: every run of every clock, who heard of it, every piece of work."""

from collections import Counter

from msgspec import Struct, field

from chalicelib.desk.complaint import ClockRun, Complaint, Decision, Event
from chalicelib.desk.procedure import ALL_OF
from chalicelib.desk.rulebook import Desk
from chalicelib.forecast.player import Move


class Work(Struct, frozen=True, kw_only=True):
    """A piece of work that was done: by whom, in which role, when it was there to be done, begun and ended."""

    case: str
    action: str
    role: str
    person: str
    ready: int
    started: int
    ended: int
    seconds: int
    refused: bool = False  # meanwhile the case had moved on: time spent for nothing


class Ledger(Struct, kw_only=True):
    """The books of one forecast. `runs`: case, key of the clock and number of the run to its latest state."""

    desk: Desk
    runs: dict[tuple[str, str, int], ClockRun] = field(default_factory=dict)
    heard: Counter[str] = field(default_factory=Counter)
    work: list[Work] = field(default_factory=list)
    moves: dict[str, list[Move]] = field(default_factory=dict)
    events: dict[str, list[Event]] = field(default_factory=dict)
    backlog: Counter[str] = field(default_factory=Counter)
    peak: dict[str, tuple[int, int]] = field(default_factory=dict)  # role to most pieces waiting, and since when
    keeps_history: bool = False

    def saw(self, decision: Decision) -> None:
        """Write down what a decision did to clocks, and who heard of one."""
        case = decision.complaint
        for event in decision.events:
            for key, run in event.changes.clocks.items():
                self.runs[case.number, key, run.run] = run
            for rung in {(told.clock, told.rung) for told in event.told if told.rung >= 0}:
                self._heard(case, *rung)
            if self.keeps_history:
                self.events.setdefault(case.number, []).append(event)

    def _heard(self, case: Complaint, key: str, index: int) -> None:
        for role in roles_told(self.desk, case, key, index):
            self.heard[role] += 1

    def waits(self, role: str, at: int) -> None:
        """One more piece of work waits for a role."""
        self.backlog[role] += 1
        if self.backlog[role] > self.peak.get(role, (0, 0))[0]:
            self.peak[role] = (self.backlog[role], at)

    def waits_no_more(self, role: str) -> None:
        """It was begun, or is no longer needed."""
        self.backlog[role] -= 1


def roles_told(desk: Desk, case: Complaint, key: str, index: int) -> list[str]:
    """The roles that a rung reaches: of a task's clock its people are in charge; where there is nobody, who tracks."""
    procedure = desk.procedure
    clock, _, task = key.partition("@")
    owner = case.owner.role
    named: dict[str, str | None] = {
        "in_charge": owner, "owner": owner, "tracked_by": procedure.tracked_by,
        "superior": procedure.roles[owner].superior if owner in procedure.roles else None,
    }  # fmt: skip
    if task in case.tasks:
        first = procedure.tasks[case.tasks[task].task].for_[0]
        named["in_charge"] = named["owner"] = named.get(first, first)
    tell = [name.removeprefix(ALL_OF) for name in procedure.clocks[clock].ladder[index].tell]
    found = [role for name in tell if (role := named.get(name, name))]
    return found or [role for role in [procedure.tracked_by] if role]
