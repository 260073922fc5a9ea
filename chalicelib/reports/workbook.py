"""Sheets as a workbook (XLSX) ready to print on A4: a page of its own for each table, its heads on every page.

XlsxWriter is imported when the first workbook is made. Every text is written as text; nothing is ever a formula or
a link, so what a complainant wrote can do nothing in a reader's spreadsheet. Rows go to disk one by one, so that
memory does not grow with the register.
"""

import io
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from chalicelib.reports.sheets import FormSheet, Sheet, Table
from chalicelib.reports.views import Cell
from chalicelib.reports.words import word

if TYPE_CHECKING:
    from xlsxwriter import Workbook

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = 9
LONGEST = 32_767
"""Characters in a cell (Excel's limit)."""
NARROWEST, WIDEST = 6, 42
FORMATS = {"number": "General", "money": "#,##0.00", "instant": "yyyy-mm-dd hh:mm", "date": "yyyy-mm-dd"}
MARKED = {"differs": "#FFF2CC", "only_here": "#FCE4D6", "only_there": "#FCE4D6"}
FONT = {"font_name": "SimSun", "font_size": 10}


Draw = Callable[["Workbook", Any, int, int], None]
"""What else goes onto a page: given the book, the page, which of the tables it is, and the row of its heads."""


def workbook_of(sheet: Sheet, draw: Draw | None = None) -> bytes:
    """The sheet; the heading stands on each page of the workbook."""
    return _made(sheet.title, sheet.facts, sheet.notes, sheet.tables, sheet.language, draw, landscape=True)


def workbook_of_form(form: FormSheet, entries: Table) -> bytes:
    """The form as a list of its entries."""
    return _made(form.title, form.facts, [], [entries], form.language, None, landscape=False)


def _made(
    title: str,
    facts: list[tuple[str, str]],
    notes: list[str],
    tables: list[Table],
    language: str,
    draw: Draw | None,
    *,
    landscape: bool,
) -> bytes:
    from xlsxwriter import Workbook  # noqa: PLC0415 # only those who want a workbook wait for it

    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    book = Workbook(out, options)
    book.set_properties({"title": title})
    styles = _Styles(book)
    names: set[str] = set()
    for at, table in enumerate(tables):
        page = book.add_worksheet(_name(table.title, names))
        _set_up(page, table, landscape=landscape)
        row = _heading(
            page, styles, title if table.title == title else f"{title} · {table.title}", facts, notes, language
        )
        for column, head in enumerate(table.heads):
            page.write_string(row, column, _fitting(head.title), styles.head)
        page.repeat_rows(row)
        page.freeze_panes(row + 1, 0)
        for index, line in enumerate(table.lines, row + 1):
            mark = table.marks[index - row - 1] if table.marks else ""
            for column, cell in enumerate(line):
                _write(page, index, column, cell, styles.of(cell, mark))
        if not table.lines and table.empty:
            page.write_string(row + 1, 0, table.empty, styles.plain)
        if draw:
            draw(book, page, at, row)
        page.set_footer("&C" + word("sheet", "page", language).format(n="&P") + " / &N")
    book.close()
    return out.getvalue()


class _Styles:
    """Formats, each made once."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}
        self.title = book.add_format({**FONT, "bold": True, "font_size": 16})
        self.plain = book.add_format(FONT)
        self.head = book.add_format({**FONT, "bold": True, "border": 1, "bg_color": "#EEEEEE", "text_wrap": True,
                                     "valign": "vcenter", "align": "center"})  # fmt: skip

    def of(self, cell: Cell, mark: str) -> Any:
        kind = cell.kind if cell.value is not None else "text"
        if (kind, mark) not in self._made:
            look = {**FONT, "border": 1, "valign": "top", "text_wrap": True}
            look |= {"num_format": FORMATS[kind]} if kind in FORMATS else {}
            look |= {"bg_color": MARKED[mark]} if mark in MARKED else {}
            look |= {"font_strikeout": True} if mark == "gone" else {}
            self._made[kind, mark] = self._book.add_format(look)
        return self._made[kind, mark]


def _set_up(page: Any, table: Table, *, landscape: bool) -> None:
    page.set_paper(A4)
    if landscape:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    for column, head in enumerate(table.heads):
        texts = [head.title, *(part for line in table.lines for part in line[column].text.split("\n"))]
        page.set_column(column, column, min(WIDEST, max(NARROWEST, max(map(_width, texts)) + 2)))


def _heading(
    page: Any, styles: _Styles, title: str, facts: list[tuple[str, str]], notes: list[str], language: str
) -> int:
    """The rows above the heads; where the heads go."""
    colon = ": " if language == "en" else "："
    page.write_string(0, 0, _fitting(title), styles.title)
    said = [f"{what}{colon}{text}" for what, text in facts if text] + notes
    for row, text in enumerate(said, 1):
        page.write_string(row, 0, _fitting(text), styles.plain)
    return len(said) + 2


def _write(page: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    match cell.kind:
        case "number" | "money" if cell.value is not None:
            page.write_number(row, column, float(cell.value), style)
        case "instant" if cell.value:
            page.write_datetime(row, column, datetime.fromisoformat(cell.value).replace(tzinfo=None), style)
        case "date" if cell.value:
            page.write_datetime(row, column, date.fromisoformat(cell.value), style)
        case _ if cell.text:
            page.write_string(row, column, _fitting(cell.text), style)
        case _:
            page.write_blank(row, column, None, style)


def _fitting(text: str) -> str:
    """As much of a text as a cell takes, with line breaks as spreadsheets have them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _name(title: str, taken: set[str]) -> str:
    """A name that Excel takes for a page: 31 characters, some signs barred, each once.

    >>> _name("未了事宜台账（客户经理）", set()), _name("a/b:c", set()), _name("x" * 40, {"x" * 31})[-2:]
    ('未了事宜台账（客户经理）', 'a b c', '~2')
    """
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip("' ")[:31] or "1"
    number = 1
    base = name
    while name.lower() in taken:
        number += 1
        name = f"{base[: 31 - len(str(number)) - 1]}~{number}"
    taken.add(name.lower())
    return name


def _width(text: str) -> int:
    """How wide a text is, in Latin characters."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
