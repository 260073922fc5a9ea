"""Tables as CSV: any spreadsheet reads back what was written, and nothing as a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reports.cells import Cell
from chalicelib.reports.comma_separated import STARTERS, csv_of, original
from chalicelib.reports.sheets import Table
from tests.reports.sheets import FORMULAS, HEADS, awkward, table


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_it_begins_with_the_mark_of_utf_8_and_its_lines_end_as_rfc_4180_says() -> None:
    content = csv_of(table("电梯停运"))
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig") == "序号,内容,金额,时间\r\n1,电梯停运,1200.50,2026-11-02 09:30\r\n"


def test_numbers_stay_numbers_also_below_zero() -> None:
    cells = [Cell(text="-3", kind="number", value=-3), Cell(text="1,200.50", kind="money", value="1200.50")]
    [_, row] = read(csv_of(Table(title="", heads=HEADS[:2], lines=[cells])))
    assert row == ["-3", "1200.50"]


def test_commas_quotes_and_line_breaks_come_back() -> None:
    said = 'a,"b"\r\nc\nd'
    assert read(csv_of(table(said)))[1][1] == said


@pytest.mark.parametrize("text", FORMULAS[:13])
def test_what_a_spreadsheet_takes_for_a_formula_stays_text(text: str) -> None:
    written = read(csv_of(table(text)))[1][1]
    assert written[0] == "'"
    assert original(written) == text


@given(contents=st.lists(awkward, max_size=5))
def test_any_text_comes_back_and_never_begins_as_a_formula(contents: list[str]) -> None:
    rows = read(csv_of(table(*contents)))[1:]
    assert [original(row[1]) for row in rows] == contents
    assert not [row[1] for row in rows if row[1][:1] and row[1][0] in STARTERS]
