"""Sheets to make files of."""

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from chalicelib.reports.cells import Cell, Head
from chalicelib.reports.sheets import Sheet, Table

HEADS = [Head(id="no", title="序号", kind="number"), Head(id="text", title="内容"),
         Head(id="cost", title="金额", kind="money"), Head(id="at", title="时间", kind="instant")]  # fmt: skip

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1", " =1", "\u3000=1",
            "'=1", "''=1", "=HYPERLINK(\"http://x\")", "http://example.org", "0123", "1e5", "_x0041_",
            "{=A1}"]  # fmt: skip

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=60).filter(
    lambda text: not any(ord(c) < 32 and c not in "\t\n" for c in text)
)  # what an answer may hold; a lone carriage return becomes a line break in any XML
awkward = (
    texts | st.sampled_from(FORMULAS) | st.builds(lambda a, b: a + b, st.sampled_from(list("=+-@＝＋－＠'\t")), texts)
)


def line(no: int, text: str) -> list[Cell]:
    """A line with a cell of each kind."""
    return [
        Cell(text=str(no), kind="number", value=no),
        Cell(text=text),
        Cell(text="1,200.50", kind="money", value="1200.50"),
        Cell(text="2026-11-02 09:30", kind="instant", value="2026-11-02T09:30:00+08:00"),
    ]


def table(*contents: str, **more: Any) -> Table:
    """A table with these texts."""
    return Table(
        title="未了事宜台账", heads=HEADS, lines=[line(no, text) for no, text in enumerate(contents, 1)], **more
    )


def sheet(*contents: str, **more: Any) -> Sheet:
    """A sheet of one table."""
    facts = [("单位", "丙公司"), ("期间", "2026年11月")]
    return Sheet(language="zh-Hans", title="未了事宜台账", facts=facts, tables=[table(*contents)], **more)


MOMENT = datetime(2026, 11, 2, 9, 30)  # noqa: DTZ001 # a spreadsheet knows no zones
