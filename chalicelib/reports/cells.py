"""What one case shows in one column: typed, in the reader's words, and without what is not for a sheet of paper.

A column is a field of the procedure or a column of the case itself (`CASE_COLUMNS`). Who complains never gets onto a
sheet from a confidential or an anonymous case: fields that the complainant's identity fills, plates and phone numbers
are masked there, whoever reads.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.facts import ERASED, instant, is_unknown
from chalicelib.desk.procedure import Field
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wording import clock_time, in_words, name_of
from chalicelib.desk.words import said
from chalicelib.reports.views import Cell as Cell  # noqa: PLC0414 # whoever makes cells finds them here
from chalicelib.reports.views import CellKind
from chalicelib.reports.views import Head as Head  # noqa: PLC0414
from chalicelib.reports.words import word

Hidden = Callable[[Complaint, str], bool]
"""Whether a field (by its name) of this case is kept from the reader."""


def for_a_few(desk: Desk) -> Hidden:
    """What a sheet that many may read does not show: fields that only some roles see."""
    few = {name for name, entry in desk.procedure.fields.items() if entry.seen_by_roles}
    return lambda _case, column: column in few


class Cells:
    """The cells of the cases of one desk, in one language."""

    def __init__(self, desk: Desk, language: str, hidden: Hidden | None = None) -> None:
        self._desk, self._language, self._hidden = desk, language, hidden or for_a_few(desk)
        self._fields = desk.procedure.fields

    def head(self, column: str) -> Head:
        """The head of a column; of a field that the procedure does not have (any more), its name."""
        entry = self._fields.get(column)
        if entry is None:
            return Head(id=column, title=self._word("columns", column), kind=CASE_KINDS.get(column, "text"))
        return Head(id=column, title=said(entry.title, self._language), kind=_kind(entry))

    def line(self, case: Complaint, columns: list[str]) -> list[Cell]:
        """One case as a line."""
        return [self.cell(case, column) for column in columns]

    def cell(self, case: Complaint, column: str) -> Cell:
        """What the case shows in this column; an empty cell where nothing was answered."""
        entry = self._fields.get(column)
        if entry is None:
            of_case = CASE_COLUMNS.get(column)
            return of_case(self, case) if of_case else Cell(text="")
        if masked := self._mask(case, column, entry):
            return Cell(text=self._word("marks", masked), withheld=True)
        value = case.values.get(column)
        if entry.type == "file" and (file := case.file(value)):
            secret = case.confidential or case.anonymous  # a name may say who complains
            return Cell(text=file.id[:8] if secret else file.name, value=value)
        return self.answer(entry, value)

    def summary(self, case: Complaint) -> Cell:
        """What the case is about, in a line."""
        return self._erased() if "content" in case.erased and not case.summary else Cell(text=case.summary)

    def answer(self, entry: Field, value: Any) -> Cell:
        """One answer of a field."""
        if value in (None, "", []):
            return Cell(text="")
        if value in (ERASED, {"unknown": ""}):
            return self._erased()
        if is_unknown(value):
            return Cell(text=self._word("marks", "unknown").format(reason=value["unknown"]), unknown=True)
        match entry.type:
            case "number" if isinstance(value, int | float):
                return Cell(text=f"{value:.12g}", kind="number", value=value)
            case "money":
                return Cell(text=f"{Decimal(str(value)):,.2f}", kind="money", value=str(value))
            case "instant" if (at := instant(value)) is not None:
                return self.at(at)
            case "date":
                return Cell(text=str(value), kind="date", value=value)
            case "table" if isinstance(value, list):
                return Cell(text="\n".join(self._row(entry, row) for row in value), value=value)
        text = in_words(self._desk, entry, value, self._language)
        return Cell(text=text, value=value if text != value else None)

    def at(self, moment: datetime | None) -> Cell:
        """An instant on the site's clock."""
        if moment is None:
            return Cell(text="")
        zone = self._desk.calendar.zone
        return Cell(text=clock_time(moment, zone), kind="instant", value=moment.astimezone(ZoneInfo(zone)).isoformat())

    def said_of(self, group: str, id: str) -> Cell:
        """One of the words that every procedure shares, such as a status."""
        return Cell(text=self._word(group, id), value=id)

    def named(self, words: dict[str, str], id: str) -> Cell:
        """Something that has a title."""
        return Cell(text=said(words, self._language) or id, value=id)

    def stage(self, case: Complaint) -> Cell:
        """The stage by its title."""
        known = self._desk.procedure.stages.get(case.stage)
        return self.named(known.title if known else {}, case.stage)

    def owner(self, case: Complaint) -> Cell:
        """Whom it lies with: the person, or else the department, by name."""
        organisation, owner = self._desk.organisation, case.owner
        if owner.person:
            return Cell(text=name_of(organisation, owner.person), value=owner.person)
        unit = organisation.departments.get(owner.department)
        return self.named(unit.name, owner.department) if unit else Cell(text="")

    def channel(self, case: Complaint) -> Cell:
        """How it came in, as the procedure calls it."""
        known = self._desk.procedure.channels.get(case.channel)
        called = said(known.title, self._language) if known else ""
        return Cell(text=called or self._word("channel", case.channel), value=case.channel)

    def late(self, case: Complaint) -> Cell:
        """Which limits were missed, each with how often: lateness stays when a case is closed."""
        if not case.lateness:
            return Cell(text=self._word("marks", "not_late"), value=[])
        missed = Counter(late.clock for late in case.lateness)
        said_each = [self._missed(clock, times) for clock, times in missed.items()]
        return Cell(text=self._word("marks", "and").join(said_each), value=list(missed))

    def due(self, case: Complaint) -> Cell:
        """When the first of its running clocks is due, as on the worklist."""
        going = (run.due for run in case.clocks.values() if run.due and run.state == "running")
        return self.at(min(going, default=None))

    def site(self, _case: Complaint) -> Cell:
        """The site by name."""
        return self.named(self._desk.site.name, self._desk.site.id)

    def _missed(self, clock: str, times: int) -> str:
        known = self._desk.procedure.clocks.get(clock)
        title = said(known.title, self._language) if known else clock
        return title if times == 1 else self._word("marks", "times").format(title=title, n=times)

    def _row(self, entry: Field, row: dict[str, str]) -> str:
        """A row of a table: its cells in the order of the columns, those that are empty left out."""
        is_ = self._word("marks", "is")
        cells = [(said(words, self._language) or id, row.get(id)) for id, words in entry.columns.items()]
        return self._word("marks", "of_row").join(is_.format(title=title, value=v) for title, v in cells if v)

    def _mask(self, case: Complaint, column: str, entry: Field) -> str:
        """Why a field is masked, as the mark that stands in its place; empty where it is not."""
        if entry.tells_who and (case.confidential or case.anonymous):
            return "confidential" if case.confidential else "anonymous"
        return "restricted" if self._hidden(case, column) else ""

    def _erased(self) -> Cell:
        return Cell(text=self._word("marks", "erased"), withheld=True)

    def _word(self, group: str, name: str) -> str:
        return word(group, name, self._language)


def _kind(entry: Field) -> CellKind:
    return entry.type if entry.type in ("number", "money", "instant", "date") else "text"


CASE_COLUMNS: dict[str, Callable[[Cells, Complaint], Cell]] = {
    "number": lambda _, case: Cell(text=case.number),
    "stage": Cells.stage,
    "status": lambda cells, case: cells.said_of("status", case.status),
    "owner": Cells.owner,
    "received_at": lambda cells, case: cells.at(case.received_at),
    "closed_at": lambda cells, case: cells.at(case.closed_at),
    "round": lambda _, case: Cell(text=str(case.round), kind="number", value=case.round),
    "late": Cells.late,
    "due": Cells.due,
    "channel": Cells.channel,
    "kind": lambda cells, case: cells.said_of("kind", case.kind),
    "site": Cells.site,
    "summary": Cells.summary,
}
"""The columns of the case itself; the same as `check` lets a procedure name."""

CASE_KINDS: dict[str, CellKind] = {
    "received_at": "instant",
    "closed_at": "instant",
    "due": "instant",
    "round": "number",
}
