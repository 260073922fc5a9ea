"""Reports that duties owe: prepared from the cases of the period, kept as a file, issued by a person.

Before it is issued a report may be prepared anew as often as one likes. Issuing writes it once more under the name of
its own hash, which the period then carries: from there on nothing can change it.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256

import msgspec
from msgspec import Struct

from chalicelib.cases import periods
from chalicelib.cases.desks import Desks
from chalicelib.cases.duties import Duties
from chalicelib.cases.instants import now_by
from chalicelib.desk.calendar import period_covered
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.duties import issued
from chalicelib.desk.duty_run import DutyRun
from chalicelib.desk.errors import Conflict, NotFound
from chalicelib.desk.procedure import Report
from chalicelib.desk.rulebook import Desk
from chalicelib.ports import CaseStore, DutyStore, Files
from chalicelib.reports.report import Base, Prepared, chosen, prepared, report_of

JSON = "application/json"


class Kept(Struct, frozen=True):
    """A report with the period of its duty, if it has one, and the hash of the file that holds it, if one does."""

    report: Prepared
    run: DutyRun | None = None
    hash: str = ""


class Reports:
    """Preparing, reading and issuing reports, with what they need of the world."""

    def __init__(
        self, *, cases: CaseStore, desks: Desks, files: Files, runs: DutyStore, duties: Duties,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._cases, self._desks, self._files, self._clock = cases, desks, files, clock
        self._runs, self._duties = runs, duties

    def prepare(self, org: str, site: str, duty: str, period: str) -> Prepared:
        """Prepare a period's report from its cases. Safe to repeat; what was issued stays as it is."""
        run = self._runs.load_period(org, site, duty, period)
        if run is not None and run.issued_at is not None:
            return self.kept(run).report
        found = self.computed(self._desks.at(org, site), duty, "", *periods.dates(period))
        self._files.put(_name(org, site, duty, period), msgspec.json.encode(found), JSON)
        return found

    def read(self, org: str, site: str, duty: str, period: str) -> Prepared:
        """The report as it was issued, or else as it was prepared. Raises NotFound."""
        run = self._runs.load_period(org, site, duty, period)
        if run is None:
            raise NotFound(f"{duty!r} has no report for {period!r}.")
        return self.kept(run).report

    def kept(self, run: DutyRun) -> Kept:
        """The report of a period that was opened; where it has none yet, as it comes to now."""
        name = _name(run.org, run.site, run.duty, run.period, run.hash)
        content, desk = self._files.get(name), self._desks.at(run.org, run.site)
        if content is not None:
            report = msgspec.json.decode(content, type=Prepared)
            if run.issued_at or _is_over(desk, report):
                return Kept(report, run, sha256(content).hexdigest())
        elif run.hash:
            raise NotFound(f"The report {run.duty!r} for {run.period} that was issued is gone.")
        return Kept(self.computed(desk, run.duty, "", *periods.dates(run.period)), run)

    def computed(self, desk: Desk, duty_id: str, report_id: str, first: date, last: date) -> Prepared:
        """A report as its cases stand now; nothing is kept of it."""
        duty = desk.procedure.duties.get(duty_id)
        report = report_of(desk, duty, report_id)
        base = self._base(desk, duty.based_on, first, last) if duty and duty.based_on else None
        cases = self._of_base(desk, base) if base else self._of(desk, report, first, last)
        cases = periods.together(self._cases, desk, chosen(report, cases))
        return prepared(
            desk, report, cases, first, last, now_by(self._clock), duty_id=duty_id, report_id=report_id, based_on=base
        )

    def issue(self, org: str, site: str, duty: str, period: str, person: str, seen: str = "") -> DutyRun:
        """Issue what a duty owes for a period, as it stands now; `seen`: only if that is what the issuer saw.

        Raises NotFound, NotAllowed, Conflict.
        """
        desk, run = self._desks.at(org, site), self._runs.load_period(org, site, duty, period)
        if run is None or duty not in desk.procedure.duties:
            raise NotFound(f"{duty!r} has no period {period!r}.")
        issued(desk, run, person, now_by(self._clock))  # whether they may: before anything is written
        found = self.kept(run)
        if seen and seen != found.hash:
            raise Conflict("The report was prepared anew since you saw it.")
        report = found.report if seen else self.computed(desk, duty, "", *periods.dates(period))
        content = msgspec.json.encode(report)
        hash = sha256(content).hexdigest()
        self._files.put(_name(org, site, duty, period, hash), content, JSON)
        return self._duties.issue(org, site, duty, period, person, hash)

    def covered_now(self, desk: Desk, duty_id: str) -> tuple[date, date]:
        """What the next period of a duty would cover if it were opened now."""
        covers = desk.procedure.duties[duty_id].covers
        now = now_by(self._clock)
        if covers != "since_last":
            return period_covered(desk.calendar, covers, now)
        _, yesterday = period_covered(desk.calendar, "yesterday", now)
        last = next(iter(self._runs.periods(desk.organisation.id, desk.site.id, duty_id, limit=1)), None)
        if last is None:
            return yesterday.replace(day=1), yesterday
        return min(periods.dates(last.period)[1] + timedelta(days=1), yesterday), yesterday

    def _of(self, desk: Desk, report: Report, first: date, last: date) -> list[Complaint]:
        found: list[Complaint] = []
        if "received" in report.of:
            found += periods.received(self._cases, desk, first, last)
        if "closed" in report.of:
            found += periods.closed(self._cases, desk, first, last)
        if "open" in report.of:
            found += [case for case in periods.open_now(self._cases, desk) if _was_there(desk, case, last)]
        return found

    def _base(self, desk: Desk, duty: str, first: date, last: date) -> Base:
        org, site, period = desk.organisation.id, desk.site.id, f"{first}..{last}"
        run = self._runs.load_period(org, site, duty, period)
        found = self.kept(run) if run else Kept(self.computed(desk, duty, "", first, last))
        report = found.report
        return Base(
            duty=duty, title=report.title, period=period, cases=report.cases, prepared_at=report.prepared_at,
            issued_at=run.issued_at if run else None, issued_by=run.issued_by if run else "",
            hash=found.hash if run and run.issued_at else "",
        )  # fmt: skip

    def _of_base(self, desk: Desk, base: Base) -> list[Complaint]:
        return periods.numbered(self._cases, desk.organisation.id, base.cases)


def _was_there(desk: Desk, case: Complaint, last: date) -> bool:
    """What came in after the period is none of its business, though it is open."""
    return periods.day_of(desk, case.received_at) <= last


def _is_over(desk: Desk, report: Prepared) -> bool:
    """Whether the period was over when the report was prepared: a day may be compiled before it ends."""
    return periods.day_of(desk, report.prepared_at) > periods.dates(report.period)[1]


def _name(org: str, site: str, duty: str, period: str, hash: str = "") -> str:
    """Where a report is: the one that is prepared, or one that was issued."""
    return f"reports/{org}/{site}/{duty}/{period}{'.' + hash if hash else ''}.json"
