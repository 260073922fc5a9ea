"""Forget what a case says of a person: when its time is up, or because an administrator says so; holds against that.

One transaction erases: the identity goes with its key, the head forgets, the erasure becomes an event of the history,
and a job is put there that clears whatever else leads to the person (`Clear`). From then on nothing of it is shown;
within a minute nothing of it is there. Each step can be repeated, and whichever is cut off is done by the next sweep.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from msgspec import json

from chalicelib.cases.clear import Clearing, clearing, ours
from chalicelib.cases.desks import Desks
from chalicelib.cases.instants import now_by
from chalicelib.cases.jobs import counted_with
from chalicelib.cases.views import HoldView, RetentionView
from chalicelib.desk.complaint import THE_DESK, Complaint, Decision, Event, Part
from chalicelib.desk.erasing import came_since, erase, hold, next_erasure, outstanding, release, times_up
from chalicelib.desk.errors import Conflict, NotFound, OnHold
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wording import name_of
from chalicelib.ports import CaseStore, Due, Queue

HELD = ("hold", "all")
"""The group of the cases that are, or were, on hold."""

MOST_HELD = 100
"""Holds that are listed: what one read takes."""

TRIES = 3
"""How often it is decided anew in a case that others change meanwhile."""


class Erase:
    """`erase` and its like with what they need of the world. `salt` draws what nobody can guess."""

    def __init__(
        self, *, cases: CaseStore, desks: Desks, queue: Queue, clock: Callable[[], datetime],
        salt: Callable[[], str],
    ) -> None:  # fmt: skip
        self._cases, self._desks, self._queue, self._clock, self._salt = cases, desks, queue, clock, salt

    def run(self, item: Due) -> None:
        """The time of a case may be up: erase what is due. Raises Conflict where somebody was faster."""
        case, now = self._cases.load(item.org, item.id), self._now()
        desk = self._desks.of(case) if case else None
        if case is None or desk is None or case.held or not case.finished:
            self._cases.postpone(item, None)  # lifting the hold, or ending again, arms it anew
            return
        events = self._cases.history(case.org, case.number)
        due = [part for part in outstanding(desk, case, events) if times_up(desk, case)[part] <= now]
        if due:
            self._erase(desk, case, events, due, THE_DESK, "")
        else:
            self._cases.postpone(item, next_erasure(desk, case))

    def now(self, org: str, number: str, parts: Sequence[Part], why: str, by: str) -> Complaint:
        """Erase parts of a case now. The same again is done already. Raises NotFound, OnHold, Conflict.

        While a case is open its words are needed to handle it: who complains can be erased, the rest not yet.
        """
        for _ in range(TRIES):
            case = self._case(org, number)
            if case.held:
                raise OnHold("Nothing of this complaint may be erased: it is on hold.")
            if "content" in parts and not case.finished:
                raise Conflict("What was said can be erased when the complaint is closed.")
            events = self._cases.history(org, number)
            wanted = list(dict.fromkeys(["identity", *parts])) if "content" in parts else list(parts)
            wanted = [part for part in wanted if part not in case.erased or came_since(case, events, part)]
            if not wanted:
                return case
            with suppress(Conflict):
                return self._erase(self._desks.of(case), case, events, wanted, by, why)
        raise Conflict("Others are writing in this case: try it once more.")

    def hold(self, org: str, number: str, why: str, by: str) -> Complaint:
        """Nothing of the case is erased from now on; one that is held stays as it was held. Raises as `now`."""
        return self._changed(org, number, lambda case: case.held, hold, by, why, groups=[HELD])

    def release(self, org: str, number: str, why: str, by: str) -> Complaint:
        """The hold is lifted, and the time of the case counts again. Raises as `now`."""
        case = self._changed(org, number, lambda case: not case.held, release, by, why)
        self._cases.unlink(case, [], [HELD])
        return case

    def held(self, org: str) -> list[RetentionView]:
        """The cases on hold, the newest first: one query, one read."""
        places = [(org, number) for number in self._cases.members(org, *HELD, limit=MOST_HELD)]
        heads = self._cases.load_many(places).values() if places else []
        return [self.view(case) for case in sorted(heads, key=lambda case: case.number, reverse=True) if case.held]

    def view(self, case: Complaint) -> RetentionView:
        """What of a case is kept, until when, and what was erased: no read."""
        desk = self._desks.of(case)
        times = times_up(desk, case)
        held = case.hold if case.held else None
        return RetentionView(
            number=case.number,
            hold=HoldView(by=held.by, by_name=name_of(desk.organisation, held.by), since=held.at, reason=held.why)
            if held
            else None,
            identity_until=times.get("identity"),
            content_until=times.get("content"),
            identity_erased_at=case.erased["identity"].at if "identity" in case.erased else None,
            content_erased_at=case.erased["content"].at if "content" in case.erased else None,
            elsewhere=[file.place for file in case.attachments if not ours(file.place)],
        )

    def _erase(
        self, desk: Desk, case: Complaint, events: Sequence[Event], parts: Sequence[Part], by: str, why: str
    ) -> Complaint:  # fmt: skip
        now, keys = self._now(), case.customer_keys
        if "identity" in parts:
            keys = [self._alias(case, key) for key in keys]
        decision = erase(desk, case, events, parts, by, why, now, salt=self._salt(), keys=keys)
        whole = Clearing(groups=[(link, group) for link, group, _ in counted_with(desk, case)])
        if "identity" in parts:
            whole.links = [(kind, hashed) for kind, hashed in map(_parted, case.customer_keys) if _leads(hashed)]
            whole.files = [file.place for file in case.attachments if ours(file.place)]
        job = clearing(decision.complaint, json.encode(whole).decode(), now)
        self._commit(case, decision, jobs=[job], forget="identity" in parts)
        return decision.complaint

    def _alias(self, case: Complaint, key: str) -> str:
        kind, hashed = _parted(key)
        return f"{kind}:{self._cases.alias(case.org, kind, hashed)}" if _leads(hashed) else key

    def _changed(
        self, org: str, number: str, done: Callable[[Complaint], bool],
        decide: Callable[[Desk, Complaint, str, str, datetime], Decision], by: str, why: str,
        groups: Sequence[tuple[str, str]] = (),
    ) -> Complaint:  # fmt: skip
        for _ in range(TRIES):
            case = self._case(org, number)
            if done(case):
                return case
            with suppress(Conflict):
                decision = decide(self._desks.of(case), case, by, why, self._now())
                self._commit(case, decision, groups=groups)
                return decision.complaint
        raise Conflict("Others are writing in this case: try it once more.")

    def _commit(self, before: Complaint, decision: Decision, **more: Any) -> None:
        self._cases.commit(
            before.version, decision.complaint, decision.events, decision.messages, decision.due,
            retain=decision.retain, **more,
        )  # fmt: skip
        self._queue.deliver(decision.messages)

    def _case(self, org: str, number: str) -> Complaint:
        case = self._cases.load(org, number)
        if case is None:
            raise NotFound(f"There is no complaint {number}.")
        return case

    def _now(self) -> datetime:
        return now_by(self._clock)


def _parted(key: str) -> tuple[str, str]:
    kind, _, hashed = key.partition(":")
    return kind, hashed


def _leads(hashed: str) -> bool:
    """Whether a key leads to a customer; one that stands for a forgotten one does not."""
    return not hashed.startswith("~")
