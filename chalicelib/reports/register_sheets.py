"""A register as a sheet: its heading, its lines with row numbers, corrections below, two ledgers side by side."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.desk.wording import clock_time
from chalicelib.reports.sheets import Sheet, Table
from chalicelib.reports.views import Cell, ComparedLine, Comparison, Correction, Head, RegisterView
from chalicelib.reports.words import word

RESULTS = {"same": "both", "differs": "differs", "only_here": "only_here", "only_there": "only_there"}


def sheet_of(view: RegisterView, language: str) -> Sheet:
    """The whole register."""
    made = _Made(view, language)
    tables = [made.lines()]
    if view.compared:
        tables.append(made.compared(view.compared))
    if view.corrections:
        tables.append(made.corrections())
    return Sheet(
        language=language, title=view.title, facts=made.facts(), tables=tables, notes=made.notes(),
        source=(", " if language == "en" else "、").join(view.rules),
    )  # fmt: skip


def lines_table(view: RegisterView, language: str) -> Table:
    """The lines alone, for a file of one table."""
    return _Made(view, language).lines()


def corrections_table(view: RegisterView, language: str) -> Table:
    """The corrections alone."""
    return _Made(view, language).corrections()


class _Made:
    def __init__(self, view: RegisterView, language: str) -> None:
        self._view, self._language = view, language

    def facts(self) -> list[tuple[str, str]]:
        view, keeper = self._view, self._view.kept_by
        names = (", " if self._language == "en" else "、").join(keeper.people)
        kept_by = f"{keeper.title} {names}".strip()
        period = view.period_title or self._word("now").format(at=self._at(view.printed_at))
        return [
            (self._word("organisation"), view.organisation_name),
            (self._word("site"), view.site_name),
            (self._word("period"), period),
            (self._word("kept_by"), kept_by),
            (self._word("printed_at"), self._at(view.printed_at)),
        ]

    def notes(self) -> list[str]:
        closed = self._view.closed
        if closed is None:
            return []
        said = self._word("closed" if self._view.lists == "received" else "locked_open")
        colon = ": " if self._language == "en" else "："
        return [
            said.format(by=closed.by_name, at=self._at(closed.at)),
            f"{self._word('hash')}{colon}{closed.sha256}",
        ]

    def lines(self) -> Table:
        view = self._view
        return Table(
            title=view.title,
            heads=[Head(id="no", title=self._word("row"), kind="number"), *view.columns],
            lines=[[Cell(text=str(line.no), kind="number", value=line.no), *line.cells] for line in view.lines],
            marks=self._marks(),
            empty=self._word("nothing"),
        )

    def corrections(self) -> Table:
        names = ("kind", "number", "column", "was", "is", "when", "who")
        heads = [Head(id=n, title=self._word(n), kind="instant" if n == "when" else "text") for n in names]
        lines = [self._correction(one) for one in self._view.corrections]
        return Table(title=self._word("corrections"), heads=heads, lines=lines, empty=self._word("nothing"))

    def compared(self, other: Comparison) -> Table:
        """Columns that are the same in both stand once; where the ledgers differ, the two stand side by side."""
        mine, theirs = self._view.columns, other.columns
        pairs = list(enumerate(zip(mine, theirs, strict=False)))
        heads = [Head(id="result", title=self._word("result"))]
        for _, (here, there) in pairs:
            heads += [here] if here.id == there.id else [here, there]
        title = self._word("compared").format(title=other.title)
        lines = [self._side_by_side(line, [here.id == there.id for _, (here, there) in pairs]) for line in other.lines]
        marks = ["" if line.result == "same" else line.result for line in other.lines]
        return Table(title=title, heads=heads, lines=lines, marks=marks, empty=self._word("nothing"))

    def _side_by_side(self, line: ComparedLine, shared: list[bool]) -> list[Cell]:
        cells = [Cell(text=self._word(RESULTS[line.result]))]
        for index, same in enumerate(shared):
            here = line.here[index] if line.here else Cell(text="")
            there = line.there[index] if line.there else Cell(text="")
            cells += [here if line.here else there] if same else [here, there]
        return cells

    def _correction(self, one: Correction) -> list[Cell]:
        at = one.at.astimezone(ZoneInfo(self._view.zone)).isoformat() if one.at else None
        when = Cell(text=self._at(one.at), kind="instant", value=at) if one.at else Cell(text="")
        texts = (self._word(one.kind), one.number, one.title)
        return [*(Cell(text=text) for text in texts), one.was, one.now, when, Cell(text=one.by_name)]

    def _marks(self) -> list[str]:
        gone = {one.number for one in self._view.corrections if one.kind == "gone"}
        return ["gone" if line.number in gone else "" for line in self._view.lines] if gone else []

    def _at(self, moment: datetime) -> str:
        return clock_time(moment, self._view.zone)

    def _word(self, name: str) -> str:
        return word("sheet", name, self._language)
