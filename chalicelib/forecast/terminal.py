"""Tables and charts as text for a terminal; Chinese characters take two columns."""

from collections.abc import Iterator
from unicodedata import east_asian_width

from chalicelib.forecast.tables import LABELS, Cell, Table

BAR = 40
EIGHTHS = " ▏▎▍▌▋▊▉█"


def text_of(tables: list[Table]) -> str:
    """Every table, and under it its chart."""
    return "\n".join(line for table in tables for line in (*_lines(table), ""))


def _lines(table: Table) -> Iterator[str]:
    yield f"== {table.title} =="
    rows = [table.heads, *([str(cell) for cell in row] for row in table.rows)]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *rest = [_padded(text, w, left=not i) for i, (text, w) in enumerate(zip(row, widths, strict=True))]
        yield "  ".join([first, *rest]).rstrip()
    if table.bars and table.rows:
        yield ""
        yield f"-- {table.chart} --"
        yield from _chart(table, widths[0])


def _chart(table: Table, label: int) -> Iterator[str]:
    values = [_number(row[column]) for row in table.rows for column in table.bars]
    most = max(values, default=0)
    for row in table.rows:
        for index, column in enumerate(table.bars):
            name = str(row[0]) if index == 0 else ""
            letter = f" {LABELS[index]}" if len(table.bars) > 1 else ""
            drawn = bar(_number(row[column]) / most if most else 0)
            yield f"{_padded(name, label, left=True)}{letter} {drawn} {row[column]}".rstrip()


def bar(share: float) -> str:
    """A bar of up to 40 characters, in eighths of one.

    >>> bar(0.1)
    '████'
    >>> bar(0.11)
    '████▍'
    """
    eighths = round(share * BAR * 8)
    return EIGHTHS[8] * (eighths // 8) + (EIGHTHS[eighths % 8] if eighths % 8 else "")


def width(text: str) -> int:
    """How many columns a text takes.

    >>> width("超时 A")
    6
    """
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, columns: int, *, left: bool) -> str:
    space = " " * (columns - width(text))
    return text + space if left else space + text


def _number(cell: Cell) -> float:
    return float(cell.value) if isinstance(cell.value, int | float) else 0.0
