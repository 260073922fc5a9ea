"""What must hold after every step of every story: nothing is lost, nothing is made up, nothing is sent twice."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from chalicelib.desk.cast import Cast
from chalicelib.desk.complaint import Complaint, Event
from chalicelib.desk.engine import next_due, tick
from chalicelib.desk.history import broken_at, replay
from chalicelib.ports import Posted

if TYPE_CHECKING:
    from tests.stories.town import Town


def nothing_is_lost(town: Town) -> None:
    """Look through every case and every letter of the town."""
    for case in town.cases:
        head, events = case.head, case.history
        _history_makes_the_case(head, events)
        _messages_are_what_the_events_say(case.messages, events)
        _somebody_is_in_charge(town, head)
        _time_is_kept(town, head)
        assert head.lateness[: len(case.lateness_seen)] == case.lateness_seen, "lateness was erased"
        case.lateness_seen = head.lateness
    _every_letter_is_sent_or_armed(town)


def _history_makes_the_case(head: Complaint, events: list[Event]) -> None:
    assert broken_at(events) is None, "the history does not hold together"
    assert replay(events) == head, "the history tells another case"


def _messages_are_what_the_events_say(messages: list[Posted], events: list[Event]) -> None:
    said = Counter(
        (event.version, told.to, told.letter, told.channel, told.clock, told.rung)
        for event in events
        for told in event.told
    )
    born = Counter(
        (int(m.id.partition("#")[0]), m.to, m.letter, m.channel, m.clock, m.rung) for m in (p.message for p in messages)
    )
    assert born == said, "messages and events tell of different letters"
    assert max(said.values(), default=1) == 1, "somebody was told the same twice at once"
    rungs = Counter((m.to, m.channel, m.clock, m.rung, m.due) for m in (p.message for p in messages) if m.clock)
    assert max(rungs.values(), default=1) == 1, "a rung rang twice for the same limit"


def _somebody_is_in_charge(town: Town, head: Complaint) -> None:
    desk = town.world.desks.of(head)
    if desk.procedure.stages[head.stage].in_charge is None:
        running = [key for key, run in head.clocks.items() if run.state != "stopped"]
        assert not running, f"clocks run on after the end: {running}"
        assert head.closed_at is not None
        return
    cast = Cast(desk, head, town.now)
    assert cast.able(head.owner.person), f"nobody able owns the case at {head.stage}"
    assert cast.in_charge(), f"nobody answers for the case at {head.stage}"


def _time_is_kept(town: Town, head: Complaint) -> None:
    desk = town.world.desks.of(head)
    assert town.memory.armed.get(("case", head.org, head.number)) == next_due(desk, head), "armed for another instant"
    if head.registered_at < town.now:  # what was late when it was recorded waits for the next minute's sweep
        assert tick(desk, head, town.now) is None, "something due was not done"
    missed = {(late.clock, late.run, late.task) for late in head.lateness}
    noted = {(run.clock, run.run, run.task) for run in head.clocks.values() if run.late_at is not None}
    assert noted <= missed, "a late clock is not in the list of lateness"


def _every_letter_is_sent_or_armed(town: Town) -> None:
    taken = Counter(posted.state for posted in town.memory.posted.values())
    assert set(taken) <= {"sent", "merged", "waiting"}, f"letters were lost: {taken}"
    assert taken["sent"] == len(town.letters), "a letter was sent twice, or marked without being sent"
    for (org, place), posted in town.memory.posted.items():
        if posted.state == "waiting":
            armed = town.memory.armed.get(("message", org, place))
            assert armed is not None, f"{place} was forgotten"
            assert armed > town.now, f"{place} should have gone out"
