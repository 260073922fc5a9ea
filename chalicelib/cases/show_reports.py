"""Reports for staff: which there are, and one of them as this reader may see it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from chalicelib.cases import periods
from chalicelib.cases.desks import Desks, site_of
from chalicelib.cases.may import Matter, may, staff
from chalicelib.cases.report_views import (
    BaseView,
    Correction,
    LineView,
    PeriodView,
    ReportEntry,
    ReportList,
    ReportView,
    Since,
    State,
)
from chalicelib.cases.reports import Kept, Reports
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.duties import next_time
from chalicelib.desk.duty_run import DutyRun
from chalicelib.desk.errors import NotAllowed, NotFound
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wording import clock_time, name_of
from chalicelib.desk.words import said
from chalicelib.ports import CaseStore, DutyStore
from chalicelib.reports.cells import Cells
from chalicelib.reports.period import period_of, said_days
from chalicelib.reports.report import Prepared, without
from chalicelib.reports.words import word

T = TypeVar("T")

LATEST = 6
"""Periods of each duty in the list of reports."""


class ShowReports:
    """Showing reports, with what it needs of the world."""

    def __init__(
        self, *, reports: Reports, cases: CaseStore, runs: DutyStore, desks: Desks, clock: Callable[[], datetime]
    ) -> None:
        self._reports, self._cases, self._runs, self._desks, self._clock = reports, cases, runs, desks, clock

    def entries(self, org: str, site: str, person: str, language: str) -> ReportList:
        """The duties of a site that this reader may read, with their latest periods. Raises NotFound."""
        desk = self._desk(org, site)
        reader = staff(org, person, self._now())
        duties = [duty for duty in desk.procedure.duties if may(reader, "read_report", desk, duty)]
        return ReportList(items=[self._entry(desk, duty, person, language) for duty in duties])

    def __call__(self, org: str, site: str, name: str, period: str, person: str, language: str) -> ReportView:
        """The report of a duty, or a report by itself; without a period the latest. Raises NotFound, NotAllowed."""
        desk = self._desk(org, site)
        duties = duties_of(desk, name)
        if not may(staff(org, person, self._now()), "read_report", desk, *duties):
            raise NotAllowed("This report is not for you.")
        return self._view(desk, self._found(desk, name, duties, period), person, language)

    def of_run(self, run: DutyRun, person: str, language: str) -> ReportView:
        """The report of a period as somebody sees it whom a letter tells of it. Raises NotFound."""
        desk = self._desks.at(run.org, run.site)
        return self._view(desk, self._reports.kept(run), person, language)

    def issue(
        self, org: str, site: str, duty: str, period: str, person: str, seen: str = ""
    ) -> tuple[DutyRun, bool]:  # fmt: skip
        """Issue a report; whether it was issued by the same person before. Raises NotFound, NotAllowed, Conflict."""
        desk = self._desk(org, site)
        days = period_of(period, periods.day_of(desk, self._now())).days
        run = self._runs.load_period(org, desk.site.id, duty, days) if duty in desk.procedure.duties else None
        if run is not None and run.issued_by == person and seen in ("", run.hash):
            return run, True
        return self._reports.issue(org, desk.site.id, duty, days, person, seen), False

    def period_view(self, org: str, run: DutyRun) -> PeriodView:
        """A period of a duty as it stands."""
        return _period(self._desks.at(org, run.site), run)

    def _found(self, desk: Desk, name: str, duties: list[str], period: str) -> Kept:
        """The report that was prepared or issued, or else as it comes to now."""
        org, site, reports = desk.organisation.id, desk.site.id, self._reports
        today = periods.day_of(desk, self._now())
        wanted = period_of(period, today)
        first, last = wanted.first, wanted.last
        if period:
            runs = [self._runs.load_period(org, site, duty, wanted.days) for duty in duties]
            run = next((run for run in runs if run is not None), None)
        else:
            latest = [run for duty in duties for run in self._runs.periods(org, site, duty, limit=1)]
            run = max(latest, key=lambda one: one.opened_at, default=None)
            if run is None and duties:
                first, last = reports.covered_now(desk, duties[0])
        if run is not None:
            return reports.kept(run)
        duty = name if name in desk.procedure.duties else ""
        return Kept(reports.computed(desk, duty, "" if duty else name, first, last))

    def _entry(self, desk: Desk, duty_id: str, person: str, language: str) -> ReportEntry:
        duty, now = desk.procedure.duties[duty_id], self._now()
        runs = self._runs.periods(desk.organisation.id, desk.site.id, duty_id, limit=LATEST)
        role = desk.procedure.roles.get(duty.by)
        return ReportEntry(
            duty=duty_id, report=duty.prepares, site=desk.site.id, title=said(duty.title, language),
            every=duty.every or "", by=duty.by, by_title=said(role.title if role else {}, language),
            to=duty.to, nil_report=duty.nil_report, based_on=duty.based_on or "",
            yours=may(staff(desk.organisation.id, person, now), "issue_report", desk, duty_id),
            next=next_time(desk, duty_id, now),
            periods=[_period(desk, run) for run in runs], rules=duty.rules,
        )  # fmt: skip

    def _view(self, desk: Desk, kept: Kept, person: str, language: str) -> ReportView:
        whole, run = kept.report, kept.run
        heads = self._heads(desk, whole, run, person)
        hidden = {n for n in whole.cases if heads is not None and not self._sees(heads.get(n), person)}
        report = without(whole, hidden)
        state, reader = _state(run), staff(desk.organisation.id, person, self._now())
        since = self._since(desk, report, heads or {}, person, language) if state == "issued" else None
        view = ReportView(
            report=report.report, duty=report.duty, site=report.site, title=said(report.title, language),
            organisation=said(report.org_name, language), site_name=said(report.site_name, language),
            period=report.period, zone=report.zone, state=state, late=bool(run and run.late_at),
            due=run.due if run else None, prepared_at=report.prepared_at,
            issued_at=run.issued_at if run else None, issued_by=run.issued_by if run else "",
            issued_by_name=name_of(desk.organisation, run.issued_by) if run else "", hash=kept.hash,
            yours=report.duty in desk.procedure.duties and may(reader, "issue_report", desk, report.duty),
            nil=not whole.lines, says=says(whole, language), columns=in_language(report.heads, language),
            lines=[
                LineView(number=line.number, late=line.late, cells=in_language(line.cells, language))
                for line in report.lines
            ],
            hidden=len(hidden), notes=[], figures=report.figures, based_on=_base(desk, report, language), since=since,
            rules=report.rules,
        )  # fmt: skip
        view.notes.extend(notes_of(view, language))
        return view

    def _heads(self, desk: Desk, report: Prepared, run: DutyRun | None, person: str) -> dict[str, Complaint] | None:
        """The cases as they are now, where somebody must look at them; None: this reader sees them all anyway."""
        plain = may(staff(desk.organisation.id, person, self._now()), "see_line", desk)
        if plain and not (run and run.issued_at):
            return None
        found = periods.numbered(self._cases, desk.organisation.id, report.cases)
        return {case.number: case for case in found}

    def _sees(self, case: Complaint | None, person: str) -> bool:
        if case is None:
            return False
        return may(staff(case.org, person, self._now()), "see", Matter(self._desks.of(case), case))

    def _since(self, desk: Desk, report: Prepared, heads: dict[str, Complaint], person: str, language: str) -> Since:
        """What the cases show otherwise by now, and what was recorded later of the same period."""
        cells, found = Cells(desk, language), []
        columns = in_language(report.heads, language)
        for line in report.lines:
            case = heads.get(line.number)
            if case is None or case.version == line.version:
                continue
            now = cells.line(case, [head.id for head in columns])
            for head, was, is_now in zip(columns, in_language(line.cells, language), now, strict=True):
                if was.text != is_now.text:
                    found.append(
                        Correction(number=line.number, column=head.id, title=head.title, was=was.text, now=is_now.text)
                    )
        known = set(heads)
        first, last = periods.dates(report.period)
        later = [case for case in periods.received(self._cases, desk, first, last) if case.number not in known]
        seen = [case.number for case in later if self._sees(case, person)]
        return Since(corrections=found, added=seen if report.of_all else [])

    def _desk(self, org: str, site: str) -> Desk:
        return self._desks.at(org, site_of(self._desks.organisation(org), site))

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)


def duties_of(desk: Desk, name: str) -> list[str]:
    """The duty of this name, or the duties that prepare the report of this name. Raises NotFound."""
    if name in desk.procedure.duties:
        return [name]
    if name not in desk.procedure.reports:
        raise NotFound(f"There is no report {name!r}.")
    return [duty_id for duty_id, duty in desk.procedure.duties.items() if duty.prepares == name]


def in_language(words: dict[str, list[T]], language: str) -> list[T]:
    """What a report holds in a language."""
    return words.get(language) or words["zh-Hans"]


def says(report: Prepared, language: str) -> str:
    """What a report without cases says; nothing where there are some."""
    if report.lines:
        return ""
    return word("report", "nil" if report.of_all else "nothing", language)


def notes_of(view: ReportView, language: str) -> list[str]:
    """What must be said beside the figures."""

    def phrase(name: str, **inner: object) -> str:
        return word("report", name, language).format(**inner)

    def at(moment: datetime | None) -> str:
        return clock_time(moment, view.zone) if moment else ""

    notes = [view.says] if view.says else []
    if view.state == "issued":
        notes.append(phrase("issued", at=at(view.issued_at), by=view.issued_by_name))
    else:
        notes.append(phrase(view.state))
    if view.late:
        notes.append(phrase("late_issued" if view.issued_at else "late", due=_limit(view)))
    if view.based_on:
        base = view.based_on
        state = phrase("base_issued", at=at(base.issued_at), by=base.issued_by_name) if base.issued else ""
        state, period = state or phrase("base_not_issued"), said_days(base.period, language)
        notes.append(phrase("based_on", title=base.title, period=period, state=state))
    if view.hidden:
        notes.append(phrase("hidden", n=view.hidden))
    if view.since and view.since.corrections:
        notes.append(phrase("changed", n=len({one.number for one in view.since.corrections})))
    if view.since and view.since.added:
        notes.append(phrase("added", n=len(view.since.added)))
    return notes


def _base(desk: Desk, report: Prepared, language: str) -> BaseView | None:
    base = report.based_on
    if base is None:
        return None
    return BaseView(
        duty=base.duty, title=said(base.title, language), period=base.period, issued=base.issued_at is not None,
        issued_at=base.issued_at, issued_by_name=name_of(desk.organisation, base.issued_by), hash=base.hash,
        cases=base.cases,
    )  # fmt: skip


def _limit(view: ReportView) -> str:
    """When it was due; what ends at midnight ends at 24:00 of the day before."""
    if view.due is None:
        return ""
    text = clock_time(view.due, view.zone)
    if not text.endswith("00:00"):
        return text
    return clock_time(view.due - timedelta(days=1), view.zone).replace("00:00", "24:00")


def _state(run: DutyRun | None) -> State:
    if run is None:
        return "preliminary"
    return "issued" if run.issued_at else "prepared"


def _period(desk: Desk, run: DutyRun) -> PeriodView:
    return PeriodView(
        period=run.period, state=_state(run), late=run.late_at is not None, opened_at=run.opened_at, due=run.due,
        issued_at=run.issued_at, issued_by=run.issued_by, issued_by_name=name_of(desk.organisation, run.issued_by),
    )  # fmt: skip
