"""A report as a workbook: its lines, then each table of figures on a page of its own, with a native chart beside it."""

from typing import TYPE_CHECKING, Any

from chalicelib.reports.report_page import Printed
from chalicelib.reports.sheets import Sheet, Table
from chalicelib.reports.tables import Table as FigureTable
from chalicelib.reports.tables import Value
from chalicelib.reports.views import Cell, Head
from chalicelib.reports.words import word
from chalicelib.reports.workbook import workbook_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook

KINDS: dict[str, dict[str, str]] = {
    "columns": {"type": "column"},
    "bars": {"type": "bar"},
    "stacked": {"type": "bar", "subtype": "stacked"},
}
COLOURS = ("#2F6DB5", "#C8553D")
ROW_HEIGHT, LEAST, MOST = 22, 260, 900


def report_book(of: Printed, heads: list[Head], lines: list[list[Cell]]) -> bytes:
    """The workbook (XLSX) of a report."""
    empty = of.notes[0] if of.notes else ""
    first = Table(title=word("report", "lines", of.language), heads=heads, lines=lines, empty=empty)
    tables = [first, *(_as_sheet(table) for table in of.tables)]
    sheet = Sheet(language=of.language, title=of.title, facts=of.facts, tables=tables, notes=of.notes, source=of.source)

    def draw(book: "Workbook", page: Any, index: int, top: int) -> None:
        """`top` is the row of the heads."""
        if index and of.tables[index - 1].chart:
            _draw(book, page, of.tables[index - 1], top)

    return workbook_of(sheet, draw)


def _as_sheet(table: FigureTable) -> Table:
    heads = [Head(id=f"{table.id}_{n}", title=title) for n, title in enumerate(table.heads)]
    return Table(title=table.title, heads=heads, lines=[[_cell(value) for value in row] for row in table.rows])


def _cell(value: Value) -> Cell:
    if isinstance(value, str):
        return Cell(text=value)
    return Cell(text=f"{value:.12g}", kind="number", value=value)


def _draw(book: "Workbook", page: Any, table: FigureTable, top: int) -> None:
    """The chart right of its table; it reads the cells themselves, so a corrected figure moves its bar."""
    chart = book.add_chart(KINDS[table.chart])
    last, name = top + len(table.rows), page.get_name()
    for column, colour in zip(table.series, COLOURS, strict=False):
        chart.add_series(
            {
                "name": [name, top, column],
                "categories": [name, top + 1, 0, last, 0],
                "values": [name, top + 1, column, last, column],
                "fill": {"color": colour},
                "data_labels": {"value": True} if len(table.series) == 1 else {},
            }
        )
    chart.set_title({"name": table.title, "name_font": {"size": 12}})
    if len(table.series) == 1:
        chart.set_legend({"none": True})
    else:
        chart.set_legend({"position": "bottom"})
    if table.chart == "columns":
        chart.set_y_axis({"min": 0, "num_format": "0"})
        chart.set_size({"width": max(520, min(MOST, ROW_HEIGHT * len(table.rows)))})
    else:
        chart.set_x_axis({"min": 0, "num_format": "0"})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": 560, "height": max(LEAST, min(MOST, 90 + ROW_HEIGHT * len(table.rows)))})
    page.insert_chart(top, len(table.heads) + 1, chart)
