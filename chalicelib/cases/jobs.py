"""Background jobs that go on where they stopped.

rearm   a changed calendar or setting: every open case of a site is looked at, those whose clocks move are written
spread  a decision in one case of a group is carried to each of the others, one transaction each
pair    a tie that was made or undone in one case is made or undone in the other
watch   a case is counted with those alike: where they are many, somebody is told, or has it put to them as a task
clear   what was erased of a case is cleared away wherever it lies
retain  a changed setting: each closed case of a site is kept as long as it says now
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.cases.desks import Desks
from chalicelib.cases.instants import now_by
from chalicelib.desk.alike import watched_as
from chalicelib.desk.beside import carry, mirrored, notice
from chalicelib.desk.complaint import Complaint, Decision
from chalicelib.desk.engine import rearm
from chalicelib.desk.erasing import next_erasure
from chalicelib.desk.errors import Conflict
from chalicelib.desk.procedure import Watch
from chalicelib.desk.rulebook import Desk
from chalicelib.ports import CaseStore, Due, Job, JobStore, Queue

SETTLES = timedelta(seconds=60)
"""Every container reads a changed directory within half this time; a job starts after it."""

A_FEW = 5
"""Cases looked at for the open task of a watch: those in which it was put to somebody last."""

A_PAGE = 25
"""Cases looked at between two notes of how far the job came."""

LONGEST_BACK = 122
"""Months that closed cases may lie back: a complaint is ten years old at most when it is registered."""

TRIES = 5
"""How often a job decides anew in a case that others change meanwhile, before it leaves the rest to the next sweep."""


def spread(case: Complaint, link: str, now: datetime) -> Job:
    """The job that carries the last decision of a case to the others of its group."""
    return _job("spread", case, f"{case.number}@{case.version}@{link}", now)


def pairing(case: Complaint, other: str, now: datetime) -> Job:
    """The job that has the other case say what this one says of the two of them."""
    return _job("pair", case, f"{case.number}@{case.version}@{other}", now)


def watching(decision: Decision, now: datetime) -> tuple[list[tuple[str, str]], list[Job]]:
    """What a decision adds to the watches of its procedure: the groups that count the case, and the counting."""
    case = decision.complaint
    groups = [(_watching(case.site, watch), key) for watch, key in decision.watched]
    return groups, [_job("watch", case, f"{case.number}@{case.version}@{w}@{key}", now) for w, key in decision.watched]


def counted_with(desk: Desk, case: Complaint) -> list[tuple[str, str, str]]:
    """Where a case is counted by the watches of its procedure: link, group, and since when others are counted."""
    found = []
    for name, watch in desk.procedure.watches.items():
        if (key := watched_as(desk.procedure, case, watch)) is not None:
            found.append((_watching(case.site, name), key, _since(case, watch)))
    return found


def _since(case: Complaint, watch: Watch) -> str:
    return f"{case.registered_at - timedelta(days=watch.within_days):%y%m%d}"


def _watching(site: str, watch: str) -> str:
    return f"watch:{site}:{watch}"


def _job(kind: str, case: Complaint, of: str, now: datetime) -> Job:
    return Job(org=case.org, id=f"{kind}-{of}", kind=kind, site=case.site, cursor="", version=1, due=now)


def _months_back(now: datetime, months: int) -> str:
    """The name of a month in the past. One more than now, since the ledger's zone may be ahead of UTC."""
    count = now.year * 12 + now.month - months
    return f"{count // 12}-{count % 12 + 1:02d}"


class Jobs:
    """Jobs, with what they need of the world."""

    def __init__(
        self, *, jobs: JobStore, cases: CaseStore, desks: Desks, queue: Queue, clock: Callable[[], datetime],
        clear: Callable[[Job], None],
    ) -> None:  # fmt: skip
        self._jobs, self._cases, self._desks, self._queue, self._clock = jobs, cases, desks, queue, clock
        self._clear, self._followed = clear, ""

    def retain(self, org: str, site: str) -> None:
        """Look at every closed case of the site again: each is kept as long as it says now. Returns at once."""
        self._of_site("retain", org, site)

    def rearm(self, org: str, site: str, of: str = "") -> None:
        """Look at every open case of the site again; only those whose clocks move are written. Returns at once.

        `of` names the occasion, which is looked at once.
        """
        self._of_site("rearm", org, site, of)

    def follow(self, holidays: str) -> None:
        """Where a release brought other holidays, every site's cases are re-armed by them. Safe to repeat.

        A container asks once: its holidays never change.
        """
        if holidays == self._followed:
            return
        directory = self._desks.directory
        if directory.holidays() != holidays:
            for org in filter(None, map(directory.organisation, directory.organisations())):
                for site in org.sites:
                    with suppress(Conflict):  # put down by a sweep that was cut off
                        self.rearm(org.id, site, of=holidays)
            directory.put_holidays(holidays)
        self._followed = holidays

    def run(self, item: Due, time_left: Callable[[], float]) -> None:
        """Go on with a job while there is time; raises Conflict where somebody else does."""
        job = self._jobs.load(item.org, item.id)
        while job is not None and time_left() > 0:
            cursor = self._step_of(job)(job)
            if cursor is None:
                self._jobs.finish(job)
                return
            job = self._jobs.advance(job, cursor, self._now())

    def _of_site(self, kind: str, org: str, site: str, of: str = "") -> None:
        now = self._now()
        job_id = f"{kind}-{site}-{of or f'{now:%Y%m%dT%H%M%S}'}"
        self._jobs.put(Job(org=org, id=job_id, kind=kind, site=site, cursor="", version=1, due=now + SETTLES))

    def _step_of(self, job: Job) -> Callable[[Job], str | None]:
        steps: dict[str, Callable[[Job], str | None]] = {
            "spread": self._carry_on, "watch": self._count, "pair": self._pair, "clear": self._clear,
            "retain": self._keep,
        }  # fmt: skip
        return steps.get(job.kind, self._page)

    def _keep(self, job: Job) -> str | None:
        """One page of the cases closed in a month, the latest month first; ten years back, where no case can be."""
        back, _, cursor = (job.cursor or "0|").partition("|")
        page = self._cases.closed(job.org, job.site, _months_back(self._now(), int(back)), cursor, A_PAGE)
        places = [(row.org, row.number) for row in page.items]
        for case in (self._cases.load_many(places) if places else {}).values():
            self._cases.retain(case.org, case.number, next_erasure(self._desks.of(case), case))
        if page.next:
            return f"{back}|{page.next}"
        return f"{int(back) + 1}|" if int(back) < LONGEST_BACK else None

    def _page(self, job: Job) -> str | None:
        """Look at one page of one department's open cases; where to go on, or None at the end."""
        units = ["", *sorted(self._desks.organisation(job.org).departments)]
        unit, _, cursor = job.cursor.partition("|")
        page = self._cases.worklist(job.org, department=unit or "-", site=job.site, cursor=cursor, limit=A_PAGE)
        for row in page.items:
            self._rewrite(job.org, row.number, rearm)
        if page.next:
            return f"{unit}|{page.next}"
        later = [u for u in units if u > unit]
        return f"{later[0]}|" if later else None

    def _rewrite(
        self, org: str, number: str, decide: Callable[[Desk, Complaint, datetime], Decision | None],
        groups: Sequence[tuple[str, str]] = (),
    ) -> None:  # fmt: skip
        """Decide in a case and commit, with the groups that it comes into; where somebody was faster, decide anew.

        Safe to repeat.
        """
        for _ in range(TRIES):
            case = self._cases.load(org, number)
            decision = decide(self._desks.of(case), case, self._now()) if case else None
            if case is None or decision is None:
                return
            try:
                self._cases.commit(
                    case.version, decision.complaint, decision.events, decision.messages, decision.due, groups=groups,
                    retain=decision.retain,
                )  # fmt: skip
            except Conflict:
                continue
            self._queue.deliver([m for m in decision.messages if m.not_before is None])
            return
        raise Conflict(f"{number} changes all the time")

    def _carry_on(self, job: Job) -> str | None:
        """Carry the decision to a page of the group's cases after the cursor; where to go on, or None at the end."""
        number, version, link = job.id.removeprefix("spread-").split("@")
        case = self._cases.load(job.org, number)
        decided = next((e for e in self._cases.history(job.org, number) if e.version == int(version)), None)
        if case is None or decided is None:
            return None
        others = [n for n in self._cases.members(job.org, link, case.groups[link]) if n != number and n > job.cursor]
        for other in others[:A_PAGE]:
            self._rewrite(job.org, other, lambda desk, c, now: carry(desk, c, decided, f"{number}@{version}", now))
        return others[A_PAGE - 1] if len(others) > A_PAGE else None

    def _pair(self, job: Job) -> None:
        """What the case says now of the other is what counts, however late this is."""
        number, _, other = job.id.removeprefix("pair-").split("@")
        case = self._cases.load(job.org, number)
        tie = case.ties.get(other) if case else None
        if tie is not None:
            self._rewrite(job.org, other, lambda desk, c, now: mirrored(desk, c, tie, number, now))

    def _count(self, job: Job) -> None:
        """Count the cases alike, as far back as the watch looks; reading costs what that time holds, at most."""
        number, _, watch_id, key = job.id.removeprefix("watch-").split("@", 3)
        case = self._cases.load(job.org, number)
        watch = self._desks.of(case).procedure.watches.get(watch_id) if case else None
        if case is None or watch is None:
            return
        link, since = _watching(case.site, watch_id), _since(case, watch)
        found = self._cases.members(job.org, link, key, since=since, limit=watch.at_least)
        if len(found) >= watch.at_least:
            others = [n for n in found if n != number]
            held = (f"{link}:put", key)
            put = not self._is_held(job.org, held, f"watch {watch_id}")
            groups = [held] if put and watch.opens else []
            self._rewrite(
                job.org, number, lambda desk, c, now: notice(desk, c, watch_id, key, others, now, put=put), groups
            )

    def _is_held(self, org: str, held: tuple[str, str], because: str) -> bool:
        """Whether one of the last cases in which the same was put to somebody still has that task open."""
        last = [(org, number) for number in self._cases.members(org, *held, limit=A_FEW)]
        cases = self._cases.load_many(last).values() if last else ()
        return any(t.because == because and t.finished is None for case in cases for t in case.tasks.values())

    def _now(self) -> datetime:
        return now_by(self._clock)
