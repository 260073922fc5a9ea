"""A table as CSV (RFC 4180) that every spreadsheet opens as what it is: UTF-8 with a mark, and text that stays text.

A spreadsheet takes a cell that begins like a formula for one, whoever wrote it (CWE-1236): such text gets an
apostrophe in front. Numbers and amounts are plain numbers, without separators.
"""

import csv
import io

from chalicelib.reports.sheets import Table
from chalicelib.reports.views import Cell

STARTERS = "=+-@＝＋－＠\t\r\n"
BLANKS = " \u00a0\u3000\ufeff'"
"""What may stand before a formula and is passed over."""

TYPE = "text/csv; charset=utf-8; header=present"


def csv_of(table: Table) -> bytes:
    """The heads, then the lines."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(head.title) for head in table.heads])
    for line in table.lines:
        writer.writerow([_plain(cell) for cell in line])
    return out.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless(" ＠SUM"), harmless("1-405"), harmless("'=1")
    ("'=1+1", "' ＠SUM", '1-405', "''=1")
    """
    return f"'{text}" if _like_formula(text) else text


def original(text: str) -> str:
    """What `harmless` was made of.

    >>> original("'=1+1"), original("''=1"), original("'tis")
    ('=1+1', "'=1", "'tis")
    """
    return text[1:] if text.startswith("'") and _like_formula(text[1:]) else text


def _like_formula(text: str) -> bool:
    begins = text.lstrip(BLANKS)
    return begins[:1] != "" and begins[0] in STARTERS


def _plain(cell: Cell) -> str:
    if cell.kind in ("number", "money") and cell.value is not None:
        return str(cell.value)
    return harmless(cell.text)
