"""The runs of a case's clocks: started, stopped, paused, resumed, and their due instants computed."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.desk.calendar import BeyondHorizon
from chalicelib.desk.caps import due_within
from chalicelib.desk.clocks import pending
from chalicelib.desk.complaint import ClockRun, Complaint, Lateness
from chalicelib.desk.facts import Facts
from chalicelib.desk.procedure import Clock
from chalicelib.desk.rulebook import Desk


class Runs:
    """Works on `case.clocks` in place; runs themselves are immutable and replaced."""

    def __init__(self, desk: Desk, case: Complaint) -> None:
        self.desk = desk
        self.case = case
        self.clocks = desk.procedure.clocks
        self._fresh: set[str] = set()  # started since due instants were last computed

    def next(self) -> tuple[datetime, str, int] | None:
        """What happens next by itself: (instant, key of the run, rung index or BREACH)."""
        return min(
            (
                (at, key, index)
                for key, run in self.case.clocks.items()
                if run.state == "running" and run.clock in self.clocks
                for at, index in pending(self.clocks[run.clock], run)
            ),
            default=None,
        )

    def start(self, clock_id: str, key: str, at: datetime, task: str = "") -> None:
        """Start a new run; a start while one is running or paused counts for nothing."""
        last = self.case.clocks.get(key)
        if last is None or last.state == "stopped":
            self.case.clocks[key] = ClockRun(clock=clock_id, run=last.run + 1 if last else 1, started=at, task=task)
            self._fresh.add(key)

    def stop(self, key: str, at: datetime, claimed: datetime | None = None) -> None:
        """End a run. Its lateness stays."""
        run = self.case.clocks.get(key)
        if run is not None and run.state != "stopped":
            self.case.clocks[key] = replace(run, state="stopped", stopped=at, claimed=claimed, paused_at=None)
            self._fresh.discard(key)

    def stop_clock(self, clock_id: str, at: datetime, claimed: datetime | None = None) -> None:
        """End every run of a clock."""
        for key in [k for k, run in self.case.clocks.items() if run.clock == clock_id]:
            self.stop(key, at, claimed)

    def stop_all(self, at: datetime) -> None:
        """End every run of every clock, as nobody is in charge any more; that of a task that stays runs on."""
        tasks = self.desk.procedure.tasks
        for key, run in list(self.case.clocks.items()):
            if not (run.task and tasks[self.case.tasks[run.task].task].stays):
                self.stop(key, at)

    def breach(self, key: str) -> None:
        """Note that the limit was missed. From here on `due` stands still, and nothing takes the lateness back."""
        run = self.case.clocks[key]
        if run.due is None:
            raise ValueError(f"run {key} has no limit to miss")
        self.case.clocks[key] = replace(run, late_at=run.due)
        owner = self.case.owner.person
        late = Lateness(clock=run.clock, run=run.run, due=run.due, round=self.case.round, owner=owner, task=run.task)
        if self.clocks[run.clock].counts:
            self.case.lateness.append(late)

    def tell(self, key: str, index: int) -> None:
        """Note that a rung has rung for the present due instant."""
        run = self.case.clocks[key]
        if run.due is not None:
            self.case.clocks[key] = replace(run, told={**run.told, str(index): run.due})

    def pause_and_resume(self, stage_id: str, at: datetime) -> None:
        """Entering a stage pauses the clocks that pause in it and resumes those that paused elsewhere."""
        for key, run in self.case.clocks.items():
            pauses = stage_id in self.clocks[run.clock].pauses_in
            if run.state == "running" and pauses:
                self.case.clocks[key] = replace(run, state="paused", paused_at=at)
            elif run.paused_at is not None and not pauses:
                span = (run.paused_at, max(at, run.paused_at))
                self.case.clocks[key] = replace(run, state="running", paused_at=None, pauses=[*run.pauses, span])

    def compute(self, now: datetime) -> None:
        """Compute the due instant of every running clock that is not yet late.

        A limit that shrinks never makes a clock due before the moment of the change. Where a due instant is new,
        warnings that would already lie behind are passed over.
        """
        facts = Facts(self.case)
        for key, run in self.case.clocks.items():
            if run.state == "running" and run.late_at is None and run.clock in self.clocks:
                due = self._due(facts, self.clocks[run.clock], run)
                if due is not None and key not in self._fresh and (run.due is None or due < run.due):
                    due = max(due, min(run.due, now) if run.due else now)
                if due != run.due:
                    told = self._passed_over(self.clocks[run.clock], run, due, now)
                    self.case.clocks[key] = replace(run, due=due, told=told)
        self._fresh.clear()

    def _due(self, facts: Facts, clock: Clock, run: ClockRun) -> datetime | None:
        facts = Facts(self.case, self.case.taken(run.task)) if run.task else facts
        try:
            return due_within(self.desk.calendar, self.case, clock.limits, run, facts)
        except BeyondHorizon:
            # Not known yet, and not guessed: the alarm on the calendar's horizon rings months ahead, and the next
            # calendar re-arms the case.
            return None

    @staticmethod
    def _passed_over(clock: Clock, run: ClockRun, due: datetime | None, now: datetime) -> dict[str, datetime]:
        behind = {
            str(index): max(due, run.told.get(str(index), due))
            for index, rung in enumerate(clock.ladder)
            if due is not None and rung.minutes < 0 and due + timedelta(minutes=rung.minutes) <= now
        }
        return {**run.told, **behind}
