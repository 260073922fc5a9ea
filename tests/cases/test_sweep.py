"""The sweep itself: one bad item stops no other, time that runs out and backlogs are handed on, nothing starves."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.cases.jobs import Jobs
from chalicelib.cases.sweep import POISON_WAIT, RESEND_WAIT, Sweep
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.holidays import holidays
from chalicelib.ports import Due, Unavailable
from tests.fakes.store import Memory
from tests.web.air import ORG, START, Air, on_air


class Unreadable:
    """A store in which the head of one case is not what it should be."""

    def __init__(self, store: Any, number: str) -> None:
        self.store, self.number = store, number

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def load(self, org: str, number: str) -> Complaint | None:
        if number == self.number:
            raise ValueError("no complaint")
        found: Complaint | None = self.store.load(org, number)
        return found

    def load_many(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Complaint]:
        if any(number == self.number for _, number in places):
            raise ValueError("no complaint")
        found: dict[tuple[str, str], Complaint] = self.store.load_many(places)
        return found


class Busy(Unreadable):
    """A store that could be read a moment ago and cannot be written now."""

    def postpone(self, _item: Due, _until: datetime | None) -> None:
        raise Unavailable("busy")


class Minute:
    """A desk with some cases that are late, and a sweep of it."""

    def __init__(self, air: Air, cases: int = 0) -> None:
        self.air, self.poison = air, list[tuple[str, str]]()
        self.memory: Memory = air.stores.cases.memory  # type: ignore[attr-defined]  # it is in memory
        self.armed = self.memory.armed
        self.numbers = [air.registered(content={"summary": f"第{n}件"}) for n in range(cases)]
        for kind, org, id in list(self.armed):
            if kind == "message":  # delivered long ago
                self.memory.arm(kind, org, id, None)
        air.now = START + timedelta(hours=48)

    def sweep(self, store: Any = None, backlog: int = 200) -> Sweep:
        """The sweep, with a store of one's own and a backlog."""
        world, stores = self.air.world, self.air.stores
        return Sweep(
            due=stores.due, cases=store or stores.cases, outbox=stores.outbox, desks=world.desks, queue=world.queue,
            duties=world.duties, jobs=world.jobs, erase=world.erase, pulse=stores.pulse, clock=lambda: self.air.now,
            backlog=backlog, note_poison=lambda item, error: self.poison.append((item.id, type(error).__name__)),
        )  # fmt: skip

    def late(self) -> list[str]:
        """The cases of which it is known that they are late."""
        heads = [self.air.stores.cases.load(ORG, number) for number in self.numbers]
        return [head.number for head in heads if head and head.lateness]


def of_shard(minute: Minute, shard: int) -> list[Due]:
    return list(minute.air.stores.due.due(shard, minute.air.now, 200))


def plenty() -> float:
    return 900.0


@pytest.fixture
def minute() -> Iterator[Minute]:
    with on_air() as air:
        yield Minute(air, cases=12)


def test_a_case_that_cannot_be_handled_is_put_off_and_counted_and_the_others_are_handled(minute: Minute) -> None:
    bad = minute.numbers[5]
    minute.memory.heads[ORG, bad].procedure = "gone"
    swept = minute.sweep().run(plenty)
    assert (swept.found, swept.poison, minute.poison) == (12, 1, [(bad, "NotFound")])
    assert minute.late() == [number for number in minute.numbers if number != bad]
    assert minute.armed["case", ORG, bad] == minute.air.now + POISON_WAIT


def test_a_case_that_cannot_even_be_read_is_put_off_and_counted_and_the_others_are_handled(minute: Minute) -> None:
    bad = minute.numbers[5]
    swept = minute.sweep(Unreadable(minute.air.stores.cases, bad)).run(plenty)
    assert (swept.found, swept.poison, minute.poison) == (12, 1, [(bad, "ValueError")])
    assert minute.late() == [number for number in minute.numbers if number != bad]
    assert minute.armed["case", ORG, bad] == minute.air.now + POISON_WAIT


def test_a_bad_case_that_cannot_be_put_off_either_stops_no_other(minute: Minute) -> None:
    bad = minute.numbers[5]
    swept = minute.sweep(Busy(minute.air.stores.cases, bad)).run(plenty)
    assert (swept.found, swept.poison) == (12, 1)
    assert minute.late() == [number for number in minute.numbers if number != bad]
    assert minute.armed["case", ORG, bad] < minute.air.now  # and is found again


def test_shards_for_which_no_time_is_left_are_handed_on_and_the_sweep_counts_as_done(minute: Minute) -> None:
    swept = minute.sweep().run(lambda: 0.0)
    assert sorted(minute.air.queue.shards) == list(range(minute.air.stores.due.shards))
    assert (swept.found, swept.handed_on) == (0, minute.air.stores.due.shards)
    assert minute.air.stores.pulse.last() == minute.air.now
    for shard in minute.air.queue.shards:
        minute.sweep().shard(shard, plenty)
    assert minute.late() == minute.numbers


def test_every_shard_is_first_in_its_turn() -> None:
    with on_air() as air:
        minute, handed = Minute(air), []
        for _ in range(air.stores.due.shards):
            air.queue.shards.clear()
            minute.sweep().run(lambda: 0.0)
            handed.append(air.queue.shards[0])
            air.wait(minutes=1)
        assert sorted(handed) == list(range(air.stores.due.shards))


def test_a_shard_with_a_backlog_is_begun_and_then_handed_to_a_worker_that_drains_it(minute: Minute) -> None:
    full = max(range(minute.air.stores.due.shards), key=lambda shard: len(of_shard(minute, shard)))
    held = len(of_shard(minute, full))
    assert held > 1
    swept = minute.sweep(backlog=1).run(plenty)
    assert full in minute.air.queue.shards
    assert swept.handed_on == len(minute.air.queue.shards)
    worked = minute.sweep().shard(full, plenty)
    assert worked.found >= held - 1
    assert of_shard(minute, full) == []


def test_a_worker_whose_time_ends_hands_its_shard_on(minute: Minute) -> None:
    full = max(range(minute.air.stores.due.shards), key=lambda shard: len(of_shard(minute, shard)))
    swept = minute.sweep().shard(full, lambda: 0.0)
    assert (swept.found, swept.handed_on, minute.air.queue.shards) == (0, 1, [full])


def test_a_letter_that_the_queue_lost_is_handed_over_again_and_then_has_some_time() -> None:
    with on_air() as air:
        minute = Minute(air)
        air.registered()
        air.queue.delivered.clear()
        air.wait(minutes=2)
        for _ in range(2):
            minute.sweep().run(plenty)
            assert [letter.letter for letter in air.queue.delivered] == ["acknowledgement"]
        air.now += RESEND_WAIT
        minute.sweep().run(plenty)
        assert len(air.queue.delivered) == 2


def test_what_the_index_still_shows_though_it_was_moved_is_left_alone(minute: Minute) -> None:
    stale = [item for shard in range(minute.air.stores.due.shards) for item in of_shard(minute, shard)]
    minute.sweep().run(plenty)
    armed, events = dict(minute.armed), [len(minute.air.stores.cases.history(ORG, n)) for n in minute.numbers]

    class Lagging:
        shards = minute.air.stores.due.shards

        def due(self, shard: int, _now: datetime, _limit: int) -> Any:
            return iter([item for item in stale if item.shard == shard])

    sweep = minute.sweep()
    sweep._due = Lagging()
    assert sweep.run(plenty).poison == 0
    assert minute.armed == armed
    assert [len(minute.air.stores.cases.history(ORG, n)) for n in minute.numbers] == events


def test_the_oldest_due_item_tells_how_far_the_sweep_lags(minute: Minute) -> None:
    oldest = min(minute.armed.values())
    assert minute.sweep().run(plenty).oldest == oldest


def test_a_release_with_other_holidays_rearms_every_site_once(minute: Minute) -> None:
    minute.memory.holidays = "those of last year"
    minute.memory.armed.clear()
    for _ in range(2):
        minute.sweep().run(plenty)
        assert minute.memory.holidays == holidays().version
        assert [job.id for job in minute.memory.jobs.values()] == [f"rearm-main-{holidays().version}"]
    minute.air.wait(minutes=2)
    minute.sweep().run(plenty)
    assert minute.memory.jobs == {}
    another_container = Jobs(
        jobs=minute.air.stores.jobs, cases=minute.air.stores.cases, desks=minute.air.world.desks,
        queue=minute.air.queue, clock=lambda: minute.air.now, clear=minute.air.world.clear,
    )  # fmt: skip
    another_container.follow(holidays().version)
    assert minute.memory.jobs == {}


def test_a_clock_that_ran_beyond_the_known_holidays_is_armed_by_the_release_that_knows_them(minute: Minute) -> None:
    number = minute.numbers[0]
    head = minute.memory.heads[ORG, number]
    [key] = [key for key, run in head.clocks.items() if run.state == "running"]
    head.clocks[key] = replace(head.clocks[key], due=None)  # as it stands while nobody knows
    minute.memory.arm("case", ORG, number, None)
    minute.memory.holidays = "those of last year"
    minute.sweep().run(plenty)
    minute.air.wait(minutes=2)
    minute.sweep().run(plenty)
    known = minute.memory.heads[ORG, number].clocks[key]
    assert known.due is not None
    assert ("case", ORG, number) in minute.armed


def test_where_it_cannot_be_asked_by_which_holidays_cases_are_armed_the_sweep_goes_on(minute: Minute) -> None:
    def unavailable(_version: str) -> None:
        raise Unavailable("busy")

    minute.air.world.jobs.follow = unavailable  # type: ignore[method-assign]  # a store that does not answer
    assert minute.sweep().run(plenty).found == 12
