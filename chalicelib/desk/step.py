"""One step of a case in the making: time passes, signals start and stop clocks, stages change, people are told.

`Step` works on a copy. What it did is read off afterwards as one event (`event`). The order of things is fixed:
an action emits done, set, finished, opened, left, entered; then the stage's automatic moves are tried; for each
signal a clock is first stopped, then started; entering a stage pauses and resumes; at the end all due instants are
computed anew. What is overdue happens in order of instant, clock and rung, each at its own instant, so that what a
lateness starts does not depend on when the sweep came by.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.desk.cast import Cast
from chalicelib.desk.clocks import BREACH
from chalicelib.desk.complaint import Complaint, Event, Message, TaskRun, Told
from chalicelib.desk.facts import Facts, is_given
from chalicelib.desk.history import changes_between, sealed
from chalicelib.desk.notices import addressed, message_id
from chalicelib.desk.outside import announcements
from chalicelib.desk.procedure import FINISHED, Send, SignalKind, Way, Words
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.runs import Runs

MOST_MOVES = 50
"""More automatic moves than this in one go are a fault of the procedure, which `check` would have found."""

MOST_AT_ONCE = 200
"""More rungs than this at one instant are clocks that set each other off for ever: a fault of the procedure."""


class Step:
    """A working copy of a case, and what happened to it since the last event was taken off."""

    def __init__(
        self, desk: Desk, complaint: Complaint, now: datetime, *, mute: Collection[str] = ()
    ) -> None:  # fmt: skip
        """`mute`: who is written to in no case."""
        self.desk, self.mute = desk, mute
        self.now = now
        self.procedure = desk.procedure
        self.before = complaint if complaint.version else None
        self.was_finished = complaint.finished
        self.case = _copy(complaint)
        self.runs = Runs(desk, self.case)
        self.signals: list[str] = []
        self.letters: dict[Told, Message] = {}  # since the last event: nobody is told the same twice at once
        self.messages: list[Message] = []

    # time passes

    def advance(self) -> None:
        """Let everything happen that is due up to `now`.

        Nothing happens before the stage was entered: what a claimed start or a pause left behind comes due then.
        """
        last, at_once = None, 0
        while (upcoming := self.runs.next()) is not None and upcoming[0] <= self.now:
            due, key, index = upcoming
            at = max(due, self.case.stage_since) if self.case.stage_since else due
            last, at_once = at, at_once + 1 if at == last else 0
            if at_once > MOST_AT_ONCE:
                raise RuntimeError(f"clock {key}: what it sets off does not end")
            if index == BREACH:
                self._breach(key, at)
            else:
                self._ring(key, index)

    def _breach(self, key: str, at: datetime) -> None:
        self.runs.breach(key)
        run = self.case.clocks[key]
        # Whoever must hear of it is told before the lateness moves the case on to somebody else.
        for index, rung in enumerate(self.procedure.clocks[run.clock].ladder):
            if rung.minutes == 0:
                self._ring(key, index)
        self.emit("late", run.clock, at, task=run.task)
        if run.task and self.procedure.tasks[self.case.tasks[run.task].task].lapses:
            self.finish_task(run.task, at, by="")
        self.settle(at)

    def settle(self, at: datetime) -> None:
        """After signals: the stage's own moves, who it lies with, clocks paused, resumed or ended, and what is due."""
        self.moves(at)
        case, stage = self.case, self.procedure.stages[self.case.stage]
        cast = Cast(self.desk, case, at)
        if stage.in_charge is None:
            self.runs.stop_all(at)
        elif not cast.able(case.owner.person):
            case.owner = cast.owner(stage.in_charge)
        self.runs.pause_and_resume(case.stage, at)
        self.runs.compute(at)

    def _ring(self, key: str, index: int) -> None:
        self.runs.tell(key, index)
        run = self.case.clocks[key]
        rung = self.procedure.clocks[run.clock].ladder[index]
        self.signals.append(f"rung {key} {index}")
        if not Facts(self.case, self.case.taken(run.task)).hold(rung.when):
            return
        letter = rung.letter or ("due_soon" if rung.minutes < 0 else "late")
        self.write(Send(letter=letter, to=rung.tell, by=rung.by), key=key, index=index)

    # signals

    def emit(
        self, kind: SignalKind, name: str, at: datetime, *, claimed: datetime | None = None, task: str = ""
    ) -> None:
        """Something happened: clocks that it stops are stopped, then those it starts are started.

        `claimed` is when staff say that it really happened: clocks start there; a stop stands at `at` and keeps
        the claim beside it, so that no claim undoes lateness. `task` is the instance that was opened or finished, or
        whose clock is late. Tasks that the signal opens are opened last.
        """
        self.signals.append(f"{kind} {name}")
        facts, book = Facts(self.case, self.case.taken(task)), self.desk.rulebook
        for clock_id, signal in book.stops.get((kind, name), ()):
            if facts.hold(signal.when):
                self.runs.stop_clock(clock_id, at, claimed)
        for clock_id in book.each.get(name, ()) if kind in ("opened", "finished") else ():
            if kind == "finished":
                self.runs.stop(f"{clock_id}@{task}", at, claimed)
            elif facts.hold(self.procedure.clocks[clock_id].only_when):
                self.runs.start(clock_id, f"{clock_id}@{task}", claimed or at, task)
        for clock_id, signal in book.starts.get((kind, name), ()):
            if facts.hold(signal.when) and facts.hold(self.procedure.clocks[clock_id].only_when):
                self.runs.start(clock_id, clock_id, claimed or at)
        for task_id, signal in book.opens.get((kind, name), ()):
            if facts.hold(signal.when):
                wanted = self.procedure.tasks[task_id].takes
                takes = {field: facts.values[field] for field in wanted if is_given(facts.values.get(field))}
                takes = {**self.case.taken(task), **takes}
                self.open_task(task_id, at, takes, by="", because=f"{kind} {name}")

    # stages, tasks, fields

    def take(self, ways: list[Way], at: datetime, actor: str = "", claimed: datetime | None = None) -> None:
        """Take the first way that fits, if one does."""
        way = self._fitting(ways)
        if way is None:
            return
        self.put(way.put, at, actor)
        if way.again:
            self._begin_round()
        if way.to:
            self._enter(way.to, at, claimed)

    def moves(self, at: datetime) -> None:
        """Take the stage's automatic moves until none fits, or the one that does would end a case that is held."""
        for _ in range(MOST_MOVES):
            way = self._fitting(self.procedure.stages[self.case.stage].moves)
            if way is None or self._held(way):
                return
            self.take([way], at)
        raise RuntimeError(f"stage {self.case.stage}: automatic moves do not end")

    def holding(self) -> list[Words]:
        """What stands against finishing the case: what is said of each kind of open task that holds it."""
        open_ = {run.task for run in self.case.tasks.values() if run.finished is None}
        return [task.holds for name, task in self.procedure.tasks.items() if task.holds and name in open_]

    def _fitting(self, ways: list[Way]) -> Way | None:
        facts = Facts(self.case)
        return next((way for way in ways if facts.hold(way.when)), None)

    def _held(self, way: Way) -> bool:
        ends = way.to is not None and self.procedure.stages[way.to].status in FINISHED
        return ends and not self.case.finished and bool(self.holding())

    def open_task(self, task_id: str, at: datetime, takes: dict[str, Any], by: str, because: str = "") -> str:
        """Open one more instance of a task, and say which."""
        instance = f"{task_id}-{1 + sum(t.task == task_id for t in self.case.tasks.values())}"
        self.case.tasks[instance] = TaskRun(task=task_id, opened=at, takes=takes, by=by, because=because)
        self.emit("opened", task_id, at, task=instance)
        return instance

    def finish_task(self, instance: str, at: datetime, by: str, claimed: datetime | None = None) -> None:
        """End one instance of a task; `by` empty: it lapsed."""
        task = self.case.tasks[instance]
        self.case.tasks[instance] = replace(task, finished=at, finished_by=by)
        self.emit("finished", task.task, at, task=instance, claimed=claimed)

    def put(self, values: dict[str, Any], at: datetime, actor: str) -> None:
        """Set fields as the procedure says."""
        for name, value in values.items():
            self.case.values[name] = self._meant(value, at, actor)
            self.emit("set", name, at)

    def _meant(self, value: Any, at: datetime, actor: str) -> Any:
        match value:
            case "=actor":
                return actor
            case "=actor_unit":
                known = self.desk.organisation.staff.get(actor)
                return known.departments[0] if known and known.departments else {"unknown": "no unit"}
            case "=now":
                return at.isoformat().replace("+00:00", "Z")
            case _:
                return value

    def _enter(self, stage_id: str, at: datetime, claimed: datetime | None = None) -> None:
        """Leave the stage and enter another: the owner changes; with nobody in charge all clocks end."""
        case, stage = self.case, self.procedure.stages[stage_id]
        if case.stage:
            self.emit("left", case.stage, at, claimed=claimed)
        was_finished, case.stage, case.status, case.stage_since = case.finished, stage_id, stage.status, at
        case.owner = Cast(self.desk, case, at).owner(stage.in_charge)
        self.emit("entered", stage_id, at, claimed=claimed)
        if stage.in_charge is None:
            self.runs.stop_all(at)
        if stage.status in FINISHED and not was_finished:  # archived later: it was closed when it was
            case.closed_at = at

    def _begin_round(self) -> None:
        self.case.round += 1
        for name in self.desk.rulebook.per_round:
            self.case.values.pop(name, None)

    # telling

    def write(self, send: Send, *, key: str = "", index: int = -1, task: str = "") -> None:
        """Address a letter: who is told by which channel becomes part of the event. `task`: what it is about.

        Absences and quiet hours are looked up as of now, when it goes out, however long ago the rung was due.
        """
        run = self.case.clocks.get(key)
        task = run.task if run else task
        clock = self.procedure.clocks[run.clock] if run else None
        for person in Cast(self.desk, self.case, self.now, task).recipients(send.to, clock):
            for told, message in addressed(self.desk, self.case, send, person, self.now, run, index, task):
                self.letters[told] = message

    # the end

    def event(self, **about: Any) -> Event:
        """Take what happened off as one sealed event; the case is then at that event's version."""
        case = self.case
        case.version += 1
        self.letters = {told: letter for told, letter in self.letters.items() if told.to not in self.mute}
        changes = changes_between(self.before, case)
        event = Event(version=case.version, signals=self.signals, told=list(self.letters), changes=changes, **about)
        case.chain = sealed(event, case.chain, case.salt).hash
        for message in self.letters.values():
            message.id = message_id(case.version, message)
            self.messages.append(message)
        for message in announcements(self.desk.organisation, self.before, case, event):
            message.id = message_id(case.version, message)
            self.messages.append(message)
        self.before = _copy(case)
        self.signals, self.letters = [], {}
        return event


def _copy(case: Complaint) -> Complaint:
    return replace(
        case,
        values=dict(case.values),
        done=dict(case.done),
        clocks=dict(case.clocks),
        tasks=dict(case.tasks),
        groups=dict(case.groups),
        ties=dict(case.ties),
        carried=dict(case.carried),
        lateness=list(case.lateness),
        replies=list(case.replies),
        attachments=list(case.attachments),
        customer_keys=list(case.customer_keys),
        erased=dict(case.erased),
    )
