"""Do an action in a case: one read, one write."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chalicelib.cases.desks import Desks
from chalicelib.cases.ports import CaseStore, Queue
from chalicelib.desk.complaint import Complaint, Decision
from chalicelib.desk.engine import decide, write
from chalicelib.desk.errors import Conflict, NotFound


class Act:
    """`act` and its like with what they need of the world."""

    def __init__(self, *, cases: CaseStore, desks: Desks, queue: Queue, clock: Callable[[], datetime]) -> None:
        self._cases, self._desks, self._queue, self._clock = cases, desks, queue, clock

    def act(
        self, org: str, number: str, action: str, answers: dict[str, Any], *, actor: str, version: int, task: str = ""
    ) -> Decision:
        """Do it as the case stood at `version`. Raises NotFound, Conflict, NotOpen, NotAllowed, BadInput."""
        case = self._load(org, number)
        if case.version != version:
            raise Conflict(f"The case is at version {case.version}, not {version}: look at it again.")
        return self._commit(case, decide(self._desks.of(case), case, action, answers, actor, self._now(), task))

    def write(self, org: str, number: str, text: str, answers: dict[str, Any]) -> Decision:
        """The complainant adds something. Raises NotFound, Conflict."""
        case = self._load(org, number)
        return self._commit(case, write(self._desks.of(case), case, text, self._now(), answers))

    def _load(self, org: str, number: str) -> Complaint:
        case = self._cases.load(org, number)
        if case is None:
            raise NotFound(f"There is no complaint {number}.")
        return case

    def _commit(self, before: Complaint, decision: Decision) -> Decision:
        self._cases.commit(before.version, decision.complaint, decision.events, decision.messages, decision.due)
        self._queue.deliver([m for m in decision.messages if m.not_before is None])
        return decision

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC).replace(microsecond=0)
