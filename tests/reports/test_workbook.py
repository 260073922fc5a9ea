"""Workbooks: read back they hold what was written, and they are ready to print."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from chalicelib.reports.sheets import FormSheet, Sheet, Table
from chalicelib.reports.views import Cell, Head
from chalicelib.reports.workbook import LONGEST, workbook_of, workbook_of_form
from tests.reports.sheets import FORMULAS, MOMENT, awkward, sheet, table

HEADS_AT = 5
"""The row of the heads: title, two facts, an empty row."""


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def page_of(made: Sheet) -> Worksheet:
    page = opened(workbook_of(made)).active
    assert isinstance(page, Worksheet)
    return page


def held(cell: object) -> str:
    """The text of a cell as Excel shows it: what looks like an escape is escaped in the file (ECMA-376, 22.4.2.4)."""
    return unescape(str(getattr(cell, "value", "")))


def broken_by_line_feeds(text: str) -> str:
    return text.replace("\r", "\n")


def rows(page: Worksheet, heads_at: int = HEADS_AT) -> list[tuple[object, ...]]:
    return [tuple(cell.value for cell in row) for row in page.iter_rows(min_row=heads_at + 1)]


def test_every_kind_of_cell_is_what_it_is() -> None:
    page = page_of(sheet("电梯停运"))
    assert rows(page) == [(1, "电梯停运", 1200.5, MOMENT)]
    formats = [cell.number_format for cell in page[HEADS_AT + 1]]
    assert formats == ["General", "General", "#,##0.00", "yyyy-mm-dd hh:mm"]


def test_the_heading_says_what_it_is() -> None:
    page = page_of(sheet("x", notes=["本期已封存"]))
    said = [page.cell(row, 1).value for row in range(1, 6)]
    assert said == ["未了事宜台账", "单位：丙公司", "期间：2026年11月", "本期已封存", None]


def test_it_prints_on_a4_across_with_its_heads_on_every_page() -> None:
    page = page_of(sheet(*"abc"))
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert page.sheet_properties.pageSetUpPr is not None
    assert (page.sheet_properties.pageSetUpPr.fitToPage, page.page_setup.fitToHeight) == (True, 0)
    assert page.print_title_rows == f"${HEADS_AT}:${HEADS_AT}"
    assert page.freeze_panes == f"A{HEADS_AT + 1}"
    assert page.oddFooter.center.text == "第&P页 / &N"
    assert page.column_dimensions["B"].width != page.column_dimensions["D"].width


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_or_a_link_is_text(text: str) -> None:
    page = page_of(sheet(text))
    cell = page.cell(HEADS_AT + 1, 2)
    assert (held(cell), cell.data_type, cell.hyperlink) == (text.replace("\r", "\n"), "s", None)


@settings(deadline=None, max_examples=60)
@given(contents=st.lists(awkward.filter(bool).map(broken_by_line_feeds), min_size=1, max_size=6))
def test_any_text_comes_back_as_the_same_text_and_never_as_a_formula(contents: list[str]) -> None:
    page = page_of(sheet(*contents))
    cells = [page.cell(row, 2) for row in range(HEADS_AT + 1, HEADS_AT + 1 + len(contents))]
    assert [held(cell) for cell in cells] == contents
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_text_longer_than_a_cell_takes_is_cut_and_says_so() -> None:
    value = page_of(sheet("长" * 40_000)).cell(HEADS_AT + 1, 2).value
    assert isinstance(value, str)
    assert (len(value), value[-1]) == (LONGEST, "…")


def test_nothing_to_list_is_said() -> None:
    made = sheet()
    made.tables[0].empty = "本期无记录。"
    assert rows(page_of(made))[0][0] == "本期无记录。"


def test_each_table_has_a_page_of_its_own_whatever_it_is_called() -> None:
    made = sheet("a")
    made.tables += [table("b"), table("c")]
    made.tables[2].title = "一/二:" + "长" * 40
    book = opened(workbook_of(made))
    assert book.sheetnames == ["未了事宜台账", "未了事宜台账~2", ("一 二 " + "长" * 40)[:31]]


def test_a_line_that_stands_out_is_coloured() -> None:
    made = sheet("a", "b")
    made.tables[0].marks = ["", "differs"]
    page = page_of(made)
    assert page.cell(HEADS_AT + 1, 2).fill.fgColor.rgb != page.cell(HEADS_AT + 2, 2).fill.fgColor.rgb == "FFFFF2CC"


def test_a_form_is_a_list_of_its_entries_on_upright_paper() -> None:
    heads = [Head(id=title, title=title) for title in ("栏目", "项目", "内容")]
    entries = Table(
        title="处理单", heads=heads, lines=[[Cell(text="受理"), Cell(text="车牌号"), Cell(text="京A12345")]]
    )
    form = FormSheet(language="zh-Hans", title="处理单", facts=[("编号", "7")], boxes=[])
    page = opened(workbook_of_form(form, entries)).active
    assert isinstance(page, Worksheet)
    assert rows(page, heads_at=4) == [("受理", "车牌号", "京A12345")]
    assert page.page_setup.orientation == "portrait"
