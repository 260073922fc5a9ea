"""What a case is judged by: its procedure, indexed for the engine, and the desk it lies at."""

from collections import defaultdict

from msgspec import Struct

from chalicelib.desk.calendar import Calendar
from chalicelib.desk.people import Organisation, Site
from chalicelib.desk.procedure import Procedure, Signal, SignalKind


class Rulebook:
    """A procedure with what the engine looks up all the time: which clocks a signal starts and stops."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.starts: dict[tuple[SignalKind, str], list[tuple[str, Signal]]] = defaultdict(list)
        self.stops: dict[tuple[SignalKind, str], list[tuple[str, Signal]]] = defaultdict(list)
        self.each: dict[str, list[str]] = defaultdict(list)  # task to the clocks that run for each of them
        for clock_id, clock in procedure.clocks.items():
            if clock.each:
                self.each[clock.each].append(clock_id)
            for signal in clock.starts:
                self.starts[signal.kind, signal.name].append((clock_id, signal))
            for signal in clock.stops:
                self.stops[signal.kind, signal.name].append((clock_id, signal))
        self.opens: dict[tuple[SignalKind, str], list[tuple[str, Signal]]] = defaultdict(list)
        for task_id, task in procedure.tasks.items():
            for signal in task.opened_by:
                self.opens[signal.kind, signal.name].append((task_id, signal))
        self.opening = next((a for a, action in procedure.actions.items() if "new" in action.at), "")
        self.manned = [s for s, stage in procedure.stages.items() if stage.in_charge]
        self.per_round = [f for f, entry in procedure.fields.items() if entry.per_round]


class Desk(Struct, frozen=True, kw_only=True):
    """A site with its people, its calendar and the procedure that a case there is pinned to."""

    organisation: Organisation
    site: Site
    calendar: Calendar
    rulebook: Rulebook

    @property
    def procedure(self) -> Procedure:
        """The procedure itself."""
        return self.rulebook.procedure
