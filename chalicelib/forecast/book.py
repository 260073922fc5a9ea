"""A forecast as a workbook (XLSX): a sheet for each table, with a native chart beside it that reads its cells."""

from io import BytesIO
from typing import Any

from chalicelib.forecast.tables import LABELS, Table

FORMATS = {"text": "@", "count": "#,##0", "tenths": "#,##0.0", "share": "0.0%"}
COLOURS = ("#2F6DB5", "#C8553D")


def book_of(title: str, notes: list[str], tables: list[Table]) -> bytes:
    """The workbook as bytes."""
    from xlsxwriter import Workbook  # noqa: PLC0415 # only those who want a workbook wait for it

    out = BytesIO()
    book = Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    book.set_properties({"title": title})
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#EEEEEE", "text_wrap": True})
    styles = {kind: book.add_format({"num_format": code, "border": 1}) for kind, code in FORMATS.items()}
    for table in tables:
        page = book.add_worksheet(table.title[:31])
        page.write_string(0, 0, title, bold)
        for row, note in enumerate(notes, 1):
            page.write_string(row, 0, note)
        top = len(notes) + 2
        for column, text in enumerate(table.heads):
            page.write_string(top, column, text, head)
        for number, line in enumerate(table.rows, top + 1):
            for column, cell in enumerate(line):
                if cell.value is None:
                    page.write_blank(number, column, None, styles["text"])
                else:
                    page.write(number, column, cell.value, styles[cell.kind])
        page.set_column(0, 0, 44)
        page.set_column(1, len(table.heads), 11)
        page.freeze_panes(top + 1, 1)
        if table.bars and table.rows:
            page.insert_chart(top, len(table.heads) + 1, _chart(book, page.get_name(), table, top))
    book.close()
    return out.getvalue()


def _chart(book: Any, sheet: str, table: Table, top: int) -> Any:
    chart, last = book.add_chart({"type": "bar"}), top + len(table.rows)
    for index, column in enumerate(table.bars):
        chart.add_series(
            {
                "name": LABELS[index] if len(table.bars) > 1 else table.chart,
                "categories": [sheet, top + 1, 0, last, 0],
                "values": [sheet, top + 1, column, last, column],
                "fill": {"color": COLOURS[index]},
            }
        )
    chart.set_title({"name": table.chart, "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"position": "bottom"} if len(table.bars) > 1 else {"none": True})
    chart.set_size({"width": 720, "height": max(300, 100 + 26 * len(table.rows))})
    return chart
