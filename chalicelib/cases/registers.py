"""Registers and ledgers: who may read them, what they list, and what a closed period holds.

What it costs: of a period the lines of the ledgers of its months, of what is open the worklist of each department;
then the heads, a hundred in one read. A closed period takes one read and one file more, and a history for each case
that is other now than it was then.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.cases import periods
from chalicelib.cases.desks import Desks, site_of
from chalicelib.cases.instants import now_by
from chalicelib.cases.keepers import Of, keeper
from chalicelib.cases.may import Matter, may, staff
from chalicelib.desk.calendar import local_date
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import BadInput, Conflict, NotAllowed, NotFound, Problem
from chalicelib.desk.facts import Facts
from chalicelib.desk.procedure import Register
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wording import name_of
from chalicelib.desk.words import said
from chalicelib.ports import CaseStore, Closing, ClosingStore, Files
from chalicelib.reports.cells import Cells
from chalicelib.reports.period import Period, period_of, said_period
from chalicelib.reports.registers import held, lines_of, numbered, side_by_side
from chalicelib.reports.snapshots import Snapshot, made_by, since_then, unpacked
from chalicelib.reports.views import ClosingView, Comparison, Correction, Line, RegisterEntry, RegisterView

MOST_LINES = 5000
"""More lines than an answer can carry (Lambda's 6 MB); a shorter period has fewer."""

SOME = 24
"""The closed periods that a list of registers names, the latest first."""


class Registers:
    """Reading registers, with what it needs of the world. `files` is called when a closed period is first read."""

    def __init__(
        self, *, cases: CaseStore, desks: Desks, closings: ClosingStore, files: Callable[[], Files],
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._cases, self._desks, self._closings, self._files, self._clock = cases, desks, closings, files, clock

    def all(self, org: str, person: str, language: str, site: str = "") -> list[RegisterEntry]:
        """The registers of the sites whose registers this person may read. Raises NotFound, NotAllowed."""
        organisation, now = self._desks.organisation(org), now_by(self._clock)
        actor = staff(org, person, now)
        wanted = [site_of(organisation, site)] if site else list(organisation.sites)
        desks = [desk for one in wanted if may(actor, "read_registers", desk := self._desks.at(org, one))]
        if not desks:
            raise NotAllowed("The registers of this site are not for you.")
        return [
            self._entry(Of(desk, id, register, person, now), language)
            for desk in desks
            for id, register in desk.procedure.registers.items()
        ]

    def __call__(
        self, org: str, person: str, language: str, *, register: str, period: str = "", site: str = ""
    ) -> RegisterView:
        """A register of a period, or of what is open now. Raises NotFound, NotAllowed, BadInput, Conflict."""
        of = self.of(org, person, register, site)
        span = self._span(of, period)
        closing = self._closing(of, span) if span else None
        view = self._blank(of, span, language)
        if span and closing:
            self._locked(of, span, closing, view, language)
        elif of.register.lists == "open" and span and span.last < local_date(of.desk.calendar, of.now):
            problem = "is over, and what was open then was not kept: this register lists what is open now"
            raise BadInput("There is no such list.", [Problem("period", problem)])
        else:
            view.lines = self._lines(of, of.register, self.listed(of, of.register, span), language)
            self._compare(of, span, view, language)
        if of.register.lists == "open" and not closing:
            view.period = view.period_title = ""
            view.first = view.last = None
        return view

    def of(self, org: str, person: str, register: str, site: str) -> Of:
        """A register that this person may read. Raises NotFound, NotAllowed."""
        desk, now = self._desks.at(org, site_of(self._desks.organisation(org), site)), now_by(self._clock)
        if not may(staff(org, person, now), "read_registers", desk):
            raise NotAllowed("The registers of this site are not for you.")
        found = desk.procedure.registers.get(register)
        if found is None:
            raise NotFound(f"There is no register {register!r}.")
        return Of(desk, register, found, person, now)

    def listed(self, of: Of, register: Register, span: Period | None) -> list[Complaint]:
        """The cases that a register of this desk holds, whoever may see them. Raises BadInput."""
        if register.lists == "open":
            found = periods.open_now(self._cases, of.desk)
        else:
            span = span or period_of("", local_date(of.desk.calendar, of.now))
            found = periods.received(self._cases, of.desk, span.first, span.last)
        holding = held(register, found)
        if len(holding) > MOST_LINES:
            problem = f"holds more than {MOST_LINES} entries; ask for a shorter one"
            raise BadInput("That is too much at once.", [Problem("period", problem)])
        return holding

    def cells_of(self, language: str) -> Callable[[Complaint], Cells]:
        """The cells of a case by its own procedure."""
        made: dict[int, tuple[Desk, Cells]] = {}  # each desk is held, so that no other gets its identity

        def of(case: Complaint) -> Cells:
            desk = self._desks.of(case)
            return made.setdefault(id(desk), (desk, Cells(desk, language)))[1]

        return of

    def closing_view(self, closing: Closing, desk: Desk) -> ClosingView:
        """A closing with the name of who did it."""
        about = {n: getattr(closing, n) for n in ("register", "site", "first", "last", "lines", "sha256", "at", "by")}
        return ClosingView(**about, by_name=name_of(desk.organisation, closing.by))

    def _span(self, of: Of, period: str) -> Period | None:
        if not period and of.register.lists == "open":
            return None
        return period_of(period, local_date(of.desk.calendar, of.now))

    def _closing(self, of: Of, span: Period) -> Closing | None:
        site = of.desk.site.id
        return self._closings.load(of.desk.organisation.id, site, of.id, span.first, span.last)

    def _lines(self, of: Of, register: Register, cases: list[Complaint], language: str) -> list[Line]:
        return lines_of(register, self._visible(of, cases), self.cells_of(language))

    def _visible(self, of: Of, cases: Sequence[Complaint]) -> list[Complaint]:
        actor = staff(of.desk.organisation.id, of.person, of.now)
        return [case for case in cases if may(actor, "see", Matter(self._desks.of(case), case))]

    def _compare(self, of: Of, span: Period | None, view: RegisterView, language: str) -> None:
        """Hold the register against the one it is compared with, as both are now."""
        other = of.desk.procedure.registers.get(of.register.compare_with or "")
        if other is None:
            return
        theirs = self._lines(of, other, self.listed(of, other, span), language)
        cells = Cells(of.desk, language)
        view.compared = Comparison(
            register=of.register.compare_with or "",
            title=said(other.title, language),
            columns=[cells.head(column) for column in other.columns],
            lines=side_by_side(view.lines, theirs, of.register.columns),
        )

    def _locked(self, of: Of, span: Period, closing: Closing, view: RegisterView, language: str) -> None:
        """The lines as they were closed, and what changed since."""
        snapshot = self._snapshot(closing)
        heads = self._heads_of([line.number for line in snapshot.lines], of)
        current = self.listed(of, of.register, span) if of.register.lists == "received" else []
        known = {case.number: case for case in [*heads.values(), *current]}
        seen = {case.number for case in self._visible(of, list(known.values()))}
        view.columns = snapshot.heads[language]
        view.lines = numbered((line.number, line.cells[language]) for line in snapshot.lines if line.number in seen)
        view.closed = self.closing_view(closing, of.desk)
        if of.register.lists == "received":
            of_now = Register(title={}, columns=[head.id for head in view.columns])
            now = lines_of(of_now, [case for case in current if case.number in seen], self.cells_of(language))
            changes = since_then(view.columns, view.lines, now)
            view.corrections = [self._told(of, change, closing) for change in changes]

    def _snapshot(self, closing: Closing) -> Snapshot:
        found = unpacked(self._files().get(file_name(closing)), closing.sha256)
        if found is None:
            raise Conflict("What was kept of this closed period is not what was closed: its hash differs.")
        return found

    def _heads_of(self, numbers: list[str], of: Of) -> dict[str, Complaint]:
        org, found = of.desk.organisation.id, {}
        for start in range(0, len(numbers), periods.AT_ONCE):
            places = [(org, number) for number in numbers[start : start + periods.AT_ONCE]]
            found.update({number: case for (_, number), case in self._cases.load_many(places).items()})
        return found

    def _told(self, of: Of, correction: Correction, closing: Closing) -> Correction:
        """The correction with when it was made and by whom."""
        events = self._cases.history(closing.org, correction.number)
        event = made_by(correction, events, closing.at, lambda case: Facts(case).hold(of.register.holds))
        if event is not None:
            correction.at, correction.by = event.at, event.by
            correction.by_name = name_of(of.desk.organisation, event.by)
        return correction

    def _entry(self, of: Of, language: str) -> RegisterEntry:
        desk, register = of.desk, of.register
        cells = Cells(desk, language)
        closed = self._closings.closed(desk.organisation.id, desk.site.id, of.id, SOME)
        return RegisterEntry(
            id=of.id,
            site=desk.site.id,
            site_name=said(desk.site.name, language),
            title=said(register.title, language),
            lists=register.lists,
            kept_by=keeper(desk, register, language),
            columns=[cells.head(column) for column in register.columns],
            compare_with=register.compare_with or "",
            may_close=may(staff(desk.organisation.id, of.person, of.now), "close_register", desk, of.id),
            closed=[self.closing_view(one, desk) for one in closed],
            rules=register.rules,
        )

    def _blank(self, of: Of, span: Period | None, language: str) -> RegisterView:
        desk, register = of.desk, of.register
        cells = Cells(desk, language)
        return RegisterView(
            register=of.id,
            title=said(register.title, language),
            lists=register.lists,
            organisation=desk.organisation.id,
            organisation_name=said(desk.organisation.name, language),
            site=desk.site.id,
            site_name=said(desk.site.name, language),
            zone=desk.calendar.zone,
            period=span.name if span else "",
            period_title=said_period(span, language) if span else "",
            first=span.first if span else None,
            last=span.last if span else None,
            printed_at=of.now,
            kept_by=keeper(desk, register, language),
            rules=register.rules,
            columns=[cells.head(column) for column in register.columns],
            lines=[],
        )


def file_name(closing: Closing) -> str:
    """Where the snapshot of a closed period is kept: by its hash, so that no other content takes its place."""
    days = f"{closing.first}..{closing.last}"
    return f"registers/{closing.org}/{closing.site}/{closing.register}/{days}/{closing.sha256}.json"
