"""Closing a period of a register: its lines are kept as they are then, for good.

The snapshot goes first, under a name made of its hash; then one conditional write says that the period is closed and
which snapshot it is. Whatever ends this between the two leaves a file that nothing names, and the same again goes on.
"""

from collections.abc import Callable

from chalicelib.cases.keepers import Of, over
from chalicelib.cases.may import may, staff
from chalicelib.cases.registers import Registers, file_name
from chalicelib.desk.calendar import local_date
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import BadInput, NotAllowed, Problem
from chalicelib.ports import Closing, ClosingStore, Files
from chalicelib.reports.cells import Cells
from chalicelib.reports.period import Period, period_of
from chalicelib.reports.snapshots import LANGUAGES, TYPE, Locked, Snapshot, packed
from chalicelib.reports.views import ClosingView


class CloseRegister:
    """Closing, with what it needs of the world."""

    def __init__(self, *, registers: Registers, closings: ClosingStore, files: Callable[[], Files]) -> None:
        self._registers, self._closings, self._files = registers, closings, files

    def __call__(self, org: str, person: str, *, register: str, period: str, site: str = "") -> ClosingView:
        """Close a period that is over. The same content again is the same closing.

        Raises NotFound, NotAllowed, BadInput; Conflict where it was closed with other content.
        """
        of = self._registers.of(org, person, register, site)
        if not may(staff(org, person, of.now), "close_register", of.desk, of.id):
            raise NotAllowed("This register is closed by who keeps it.")
        span = _over(of, period)
        cases = self._registers.listed(of, of.register, span)
        content, hash = packed(self._snapshot(of, span, cases))
        closing = Closing(
            org=org, site=of.desk.site.id, register=of.id, first=span.first, last=span.last, sha256=hash,
            lines=len(cases), at=of.now, by=person,
        )  # fmt: skip
        self._files().put(file_name(closing), content, TYPE)
        return self._registers.closing_view(self._closings.close(closing), of.desk)

    def _snapshot(self, of: Of, span: Period, cases: list[Complaint]) -> Snapshot:
        desk, register = of.desk, of.register
        cells = {language: self._registers.cells_of(language) for language in LANGUAGES}
        return Snapshot(
            org=desk.organisation.id,
            site=desk.site.id,
            register=of.id,
            procedure=desk.procedure.id,
            procedure_version=desk.procedure.version,
            first=span.first,
            last=span.last,
            title=register.title,
            heads={
                language: [Cells(desk, language).head(column) for column in register.columns] for language in LANGUAGES
            },
            lines=[
                Locked(
                    number=case.number,
                    cells={language: cells[language](case).line(case, register.columns) for language in LANGUAGES},
                )
                for case in cases
            ],
        )


def _over(of: Of, period: str) -> Period:
    today = local_date(of.desk.calendar, of.now)
    span = period_of(period, today)
    if not over(span, today):
        raise BadInput("This period cannot be closed.", [Problem("period", "is not over yet")])
    return span
