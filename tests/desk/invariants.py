"""What must hold of every case, whatever its procedure: nothing lost, nothing undone, nobody told who must not be."""

from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from chalicelib.desk.cast import Cast
from chalicelib.desk.clocks import rung_at
from chalicelib.desk.complaint import CUSTOMER, ClockRun, Complaint, Decision, Event
from chalicelib.desk.history import apply, broken_at
from chalicelib.desk.rulebook import Desk

T = TypeVar("T", Event, Complaint)


def same_but_for_versions(one: Complaint, other: Complaint) -> bool:
    """Whether two states are the same, reached in however many events."""
    return replace(one, version=0, chain="") == replace(other, version=0, chain="")


class Watcher:
    """Sees every decision on one case and keeps what later ones are held against."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.events: list[Event] = []
        self.state: Complaint | None = None
        self.message_ids: set[str] = set()
        self.rung: set[tuple[str, int, int]] = set()  # key of the clock, its run, the rung: not for warnings

    def saw(self, before: Complaint, decision: Decision, now: datetime) -> None:
        """Hold a decision to what came before it."""
        after = decision.complaint
        assert (self.state or before) == before, "the engine changed what it was given"
        for event in decision.events:
            was = self.state
            self.state = apply(was, _through_json(event))
            self.events.append(event)
            self._clocks_hold(was, self.state, event)
            self._people_hold(self.state, event)
            self._nothing_held_ends(was, self.state)
        assert self.state == after, "the history replays to another state"
        assert _through_json(after) == after
        assert broken_at(self.events) is None
        assert all(event.at == now for event in decision.events)
        ids = [message.id for message in decision.messages]
        assert len(ids) == len(set(ids))
        assert not self.message_ids & set(ids)
        self.message_ids |= set(ids)
        assert len(ids) == sum(len(event.told) for event in decision.events)

    def _clocks_hold(self, was: Complaint | None, now: Complaint, event: Event) -> None:
        if was is not None:
            assert now.lateness[: len(was.lateness)] == was.lateness, "lateness was taken back"
            for key, run in was.clocks.items():
                later = now.clocks[key]
                if run.late_at and later.run == run.run:
                    assert (later.late_at, later.due) == (run.late_at, run.due)
        for signal in event.signals:
            if signal.startswith("rung "):
                assert event.kind == "ticked"
                self._rung_holds(was, now, event, *signal.split()[1:])

    def _nothing_held_ends(self, was: Complaint | None, now: Complaint) -> None:
        if now.finished and not (was and was.finished):
            tasks = self.desk.procedure.tasks
            assert not [run for run in now.tasks.values() if run.finished is None and tasks[run.task].holds]

    def _rung_holds(self, was: Complaint | None, now: Complaint, event: Event, key: str, number: str) -> None:
        assert was is not None
        run, before, index = now.clocks[key], was.clocks.get(key), int(number)
        assert event.signals.count(f"rung {key} {number}") <= 1 + run.run - (before.run if before else 0)
        if before is None or before.run != run.run:
            return  # a run that began and perhaps ended within this event
        minutes = self.desk.procedure.clocks[run.clock].ladder[index].minutes
        assert before.state == "running", "it rang while paused"
        if minutes < 0:
            assert run.told[number] + timedelta(minutes=minutes) <= event.at
            assert before.told.get(number, run.started) < run.told[number], "a warning rang twice for one instant"
        else:
            assert rung_at(run, minutes) <= event.at
            assert (key, run.run, index) not in self.rung, "a rung rang twice in one run"
            self.rung.add((key, run.run, index))

    def _people_hold(self, case: Complaint, event: Event) -> None:
        cast = Cast(self.desk, case, event.at)
        for told in event.told:
            if told.to != CUSTOMER:
                assert self.desk.organisation.staff[told.to].active, f"{told.to}, who has left, was told"
                assert not cast.barred(told.to), f"{told.to}, who is kept out, was told"
        assert not cast.barred(case.owner.person), "the case lies with somebody who is kept out of it"

    def at_rest(self, case: Complaint, due: datetime | None) -> None:
        """Hold a case to what is true of it between two steps."""
        stage, runs = self.desk.procedure.stages[case.stage], list(case.clocks.values())
        if stage.in_charge is None:
            staying = [run for run in runs if run.state != "stopped"]
            assert all(self.desk.procedure.tasks[case.tasks[run.task].task].stays for run in staying)
            assert due is not None or all(self._silent(run) for run in staying)
            return
        assert case.owner.person, f"nobody has the case at {case.stage}"
        assert any(run.state != "stopped" for run in runs), f"no clock runs at {case.stage}"
        for run in runs:
            held = case.stage in self.desk.procedure.clocks[run.clock].pauses_in
            assert run.state == "stopped" or (run.state == "paused") is held, f"{run.clock} at {case.stage}"
        assert due is not None or all(self._silent(run) for run in runs), "a clock is not armed"

    def _silent(self, run: ClockRun) -> bool:
        """Whether nothing is to come of a run: ended, held, without a limit, or late with its whole ladder climbed."""
        ladder = self.desk.procedure.clocks[run.clock].ladder
        climbed = run.late_at is not None and all(str(index) in run.told for index in range(len(ladder)))
        return run.state != "running" or run.due is None or climbed


def _through_json(value: T) -> T:
    return msgspec.json.decode(msgspec.json.encode(value), type=type(value))
