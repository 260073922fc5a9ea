"""The sweep: everything that must happen later happens here, a minute after it is due at the latest.

It reads the DUE index alone, so its cost follows what is due. Overlapping sweeps are harmless: every write is
conditional on what was read. An item that cannot be handled is pushed forward, counted and alarmed, and never
starves its shard.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from msgspec import Struct

from chalicelib.cases.desks import Desks
from chalicelib.cases.duties import Duties
from chalicelib.cases.erase import Erase
from chalicelib.cases.instants import now_by
from chalicelib.cases.jobs import Jobs
from chalicelib.desk.complaint import Complaint, Message
from chalicelib.desk.engine import next_due, tick
from chalicelib.desk.errors import Conflict
from chalicelib.desk.holidays import holidays
from chalicelib.ports import CaseStore, Due, DueStore, Outbox, Pulse, Queue, Unavailable

A_BATCH = 25
"""Items handled together: their heads come in one read, their letters go in few calls."""

SPARE_SECONDS = 5.0
"""A worker stops this long before its time ends."""

POISON_WAIT = timedelta(minutes=15)
RESEND_WAIT = timedelta(minutes=2)
"""How long `deliver` has before the sweep hands it the same message again."""


class Swept(Struct):
    """What a sweep did."""

    found: int = 0
    poison: int = 0
    handed_on: int = 0
    oldest: datetime | None = None


class Sweep:
    """`sweep` and `sweep_shard` with what they need of the world. `note_poison` hears of what could not be handled."""

    def __init__(
        self, *, due: DueStore, cases: CaseStore, outbox: Outbox, desks: Desks, queue: Queue, duties: Duties,
        jobs: Jobs, erase: Erase, pulse: Pulse, clock: Callable[[], datetime],
        note_poison: Callable[[Due, Exception], None], backlog: int = 200,
    ) -> None:  # fmt: skip
        self._due, self._cases, self._outbox, self._desks = due, cases, outbox, desks
        self._queue, self._duties, self._jobs, self._erase, self._pulse = queue, duties, jobs, erase, pulse
        self._clock, self._note_poison, self._backlog = clock, note_poison, backlog

    def run(self, time_left: Callable[[], float]) -> Swept:
        """Every minute: handle what is due. A shard with more than a backlog of it is handed to a parallel worker."""
        swept, now = Swept(), self._now()
        with suppress(Unavailable):  # the next sweep asks again
            self._jobs.follow(holidays().version)
        first = now.minute % self._due.shards  # no shard is always the last
        for shard in (*range(first, self._due.shards), *range(first)):
            if time_left() < SPARE_SECONDS:
                self._queue.sweep_shards([shard])
                swept.handed_on += 1
                continue
            items = list(islice(self._due.due(shard, now, self._backlog), self._backlog))
            self._handle_all(iter(items), now, swept, time_left)
            if len(items) == self._backlog:
                self._queue.sweep_shards([shard])
                swept.handed_on += 1
        self._pulse.beat(self._now())
        return swept

    def shard(self, shard: int, time_left: Callable[[], float]) -> Swept:
        """Drain one shard, oldest first; where time ends before it is empty, hand it on."""
        swept, now = Swept(), self._now()
        if not self._handle_all(self._due.due(shard, now, self._backlog), now, swept, time_left):
            self._queue.sweep_shards([shard])
            swept.handed_on += 1
        return swept

    def _handle_all(self, items: Iterator[Due], now: datetime, swept: Swept, time_left: Callable[[], float]) -> bool:
        """Handle batch after batch; False where time ended first."""
        while batch := tuple(islice(items, A_BATCH)):
            if time_left() < SPARE_SECONDS:
                return False
            swept.found += len(batch)
            swept.oldest = min(swept.oldest or batch[0].due, batch[0].due)
            self._handle(batch, now, swept, time_left)
        return True

    def _handle(self, batch: tuple[Due, ...], now: datetime, swept: Swept, time_left: Callable[[], float]) -> None:
        heads = self._heads([(item.org, item.id) for item in batch if item.kind == "case"])
        letters: list[Message] = []
        for item in batch:
            try:
                letters += self._handle_one(item, heads, now, time_left)
            except (Conflict, Unavailable):
                continue  # somebody was faster, or the store did not answer: what is still due is found again
            except Exception as error:  # one bad item must not stop the others
                swept.poison += 1
                self._note_poison(item, error)
                with suppress(Unavailable):  # it is found again
                    self._cases.postpone(item, now + POISON_WAIT)
        self._queue.deliver(letters)

    def _heads(self, places: list[tuple[str, str]]) -> Callable[[str, str], Complaint | None]:
        """The heads of a batch, in one read; one by one where something among them is no head."""
        try:
            heads = self._cases.load_many(places) if places else {}
        except Unavailable:
            raise
        except Exception:  # which one it is shows as each is read
            return self._cases.load
        return lambda org, number: heads.get((org, number))

    def _handle_one(
        self, item: Due, heads: Callable[[str, str], Complaint | None], now: datetime, time_left: Callable[[], float]
    ) -> list[Message]:
        match item.kind:
            case "case":
                return self._tick(item, heads(item.org, item.id), now)
            case "message":
                posted = self._outbox.find(item)
                self._cases.postpone(item, now + RESEND_WAIT)
                return [posted.message] if posted else []
            case "duty":
                self._duties.run(item)
            case "job":
                self._jobs.run(item, time_left)
            case "retention":
                self._erase.run(item)
        return []

    def _tick(self, item: Due, head: Complaint | None, now: datetime) -> list[Message]:
        if head is None:
            raise LookupError("an armed case is not there")
        desk = self._desks.of(head)
        decision = tick(desk, head, now)
        if decision is None:
            # The index lags behind a later write, and then this changes nothing; or the head is armed too early.
            self._cases.postpone(item, next_due(desk, head))
            return []
        self._cases.commit(
            head.version, decision.complaint, decision.events, decision.messages, decision.due, retain=decision.retain
        )
        return [m for m in decision.messages if m.not_before is None]

    def _now(self) -> datetime:
        return now_by(self._clock)
