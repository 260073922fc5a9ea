"""Background jobs that go on where they stopped. So far one: a changed calendar or setting re-arms a site's cases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from chalicelib.cases.desks import Desks
from chalicelib.cases.ports import CaseStore, Due, Job, JobStore
from chalicelib.desk.engine import rearm
from chalicelib.desk.errors import Conflict

SETTLES = timedelta(seconds=60)
"""Every container reads a changed directory within this time; a job starts after it."""

A_PAGE = 25
"""Cases looked at between two notes of how far the job came."""


class Jobs:
    """Jobs, with what they need of the world."""

    def __init__(self, *, jobs: JobStore, cases: CaseStore, desks: Desks, clock: Callable[[], datetime]) -> None:
        self._jobs, self._cases, self._desks, self._clock = jobs, cases, desks, clock

    def rearm(self, org: str, site: str) -> None:
        """Look at every open case of the site again; only those whose clocks move are written. Returns at once."""
        now = self._now()
        job_id = f"rearm-{site}-{now:%Y%m%dT%H%M%S}"
        self._jobs.put(Job(org=org, id=job_id, kind="rearm", site=site, cursor="", version=1, due=now + SETTLES))

    def run(self, item: Due, time_left: Callable[[], float]) -> None:
        """Go on with a job while there is time; raises Conflict where somebody else does."""
        job = self._jobs.load(item.org, item.id)
        while job is not None and time_left() > 0:
            cursor = self._page(job)
            if cursor is None:
                self._jobs.finish(job)
                return
            job = self._jobs.advance(job, cursor, self._now())

    def _page(self, job: Job) -> str | None:
        """Look at one page of one department's open cases; where to go on, or None at the end."""
        units = ["", *sorted(self._desks.organisation(job.org).departments)]
        unit, _, cursor = job.cursor.partition("|")
        page = self._cases.worklist(job.org, department=unit or "-", site=job.site, cursor=cursor, limit=A_PAGE)
        for row in page.items:
            self._rearm(job.org, row.number)
        if page.next:
            return f"{unit}|{page.next}"
        later = [u for u in units if u > unit]
        return f"{later[0]}|" if later else None

    def _rearm(self, org: str, number: str) -> None:
        for _ in range(3):
            case = self._cases.load(org, number)
            decision = rearm(self._desks.of(case), case, self._now()) if case else None
            if case is None or decision is None:
                return
            try:
                self._cases.commit(case.version, decision.complaint, decision.events, decision.messages, decision.due)
            except Conflict:
                continue  # whoever was faster decided by the new calendar too; looking again costs one read
            return

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC).replace(microsecond=0)
