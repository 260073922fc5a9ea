"""Duties of a site: their recurrences armed, their periods opened, reminded of, issued."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.cases.desks import Desks
from chalicelib.cases.instants import now_by
from chalicelib.desk.duties import DutyStep, issued, next_time, opened, ticked
from chalicelib.desk.duty_run import DutyRun
from chalicelib.desk.errors import NotFound
from chalicelib.desk.rulebook import Desk
from chalicelib.ports import Due, DutyStore, Queue


class Duties:
    """The duties of every site, with what they need of the world."""

    def __init__(self, *, duties: DutyStore, desks: Desks, queue: Queue, clock: Callable[[], datetime]) -> None:
        self._duties, self._desks, self._queue, self._clock = duties, desks, queue, clock

    def begin(self, org: str, site: str) -> None:
        """Arm every duty of a site for its next occurrence; one that is due already stays so. Safe to repeat."""
        now, desk = self._now(), self._desks.at(org, site)
        for duty_id in desk.procedure.duties:
            armed = self._duties.load(org, site, duty_id)
            upcoming = next_time(desk, duty_id, now)
            if armed != upcoming and (armed is None or armed > now):
                self._duties.arm(org, site, duty_id, upcoming)

    def run(self, item: Due) -> None:
        """What a due item of a duty asks for: a new period, or the next rung of one. Raises Conflict."""
        site, duty_id, *period = item.id.split("/", 2)
        desk = self._desks.at(item.org, site)
        if duty_id not in desk.procedure.duties:
            self._duties.arm(item.org, site, duty_id, None)
        elif period:
            self._remind(desk, duty_id, period[0])
        else:
            self._open(desk, duty_id)

    def issue(self, org: str, site: str, duty_id: str, period: str, person: str, hash: str = "") -> DutyRun:
        """Somebody issues what the duty owes for a period. Raises NotFound, NotAllowed, Conflict."""
        desk = self._desks.at(org, site)
        run = self._duties.load_period(org, site, duty_id, period)
        if run is None or duty_id not in desk.procedure.duties:
            raise NotFound(f"{duty_id!r} has no period {period!r}.")
        return self._commit(run, issued(desk, run, person, self._now(), hash)).run

    def _open(self, desk: Desk, duty_id: str) -> None:
        org, site = desk.organisation.id, desk.site.id
        at = self._duties.load(org, site, duty_id)
        if at is None or at > self._now():
            return  # the index lags behind, or somebody was faster
        last = next(iter(self._duties.periods(org, site, duty_id, limit=1)), None)
        step = opened(desk, duty_id, at, last, self._now())
        upcoming = next_time(desk, duty_id, at)
        self._duties.open_period(step.run, step.messages, armed=at, next=upcoming, due=step.due)
        self._hand_over(step)
        if desk.procedure.duties[duty_id].prepares:
            self._queue.build_report(org, site, duty_id, step.run.period)

    def _remind(self, desk: Desk, duty_id: str, period: str) -> None:
        run = self._duties.load_period(desk.organisation.id, desk.site.id, duty_id, period)
        step = ticked(desk, run, self._now()) if run else None
        if run and step:
            self._commit(run, step)

    def _commit(self, before: DutyRun, step: DutyStep) -> DutyStep:
        self._duties.commit_period(before.version, step.run, step.messages, step.due)
        self._hand_over(step)
        return step

    def _hand_over(self, step: DutyStep) -> None:
        self._queue.deliver([m for m in step.messages if m.not_before is None])

    def _now(self) -> datetime:
        return now_by(self._clock)
