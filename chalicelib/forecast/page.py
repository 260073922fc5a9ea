"""A forecast as one HTML page with its tables and bar charts as inline SVG; nothing is fetched, nothing runs."""

from html import escape
from pathlib import Path
from string import Template

from chalicelib.forecast.tables import LABELS, Cell, Table

SHELL = Path(__file__).parent / "page.html"
COLOURS = ("#2f6db5", "#c8553d")
WIDTH, LABEL, LINE, GAP = 760, 260, 14, 8


def page_of(title: str, notes: list[str], tables: list[Table], language: str) -> str:
    """The whole page."""
    return Template(SHELL.read_text("utf-8")).substitute(
        language=escape(language),
        title=escape(title),
        notes="".join(f"<p>{escape(note)}</p>" for note in notes),
        tables="".join(_section(table) for table in tables),
    )


def _section(table: Table) -> str:
    heads = "".join(f"<th>{escape(head)}</th>" for head in table.heads)
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.rows)
    shown = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    chart = f"<h3>{escape(table.chart)}</h3>{_legend(table)}{_chart(table)}" if table.bars and table.rows else ""
    return f"<section><h2>{escape(table.title)}</h2><div>{shown}</div>{chart}</section>"


def _cell(cell: Cell) -> str:
    return f"<td>{escape(str(cell))}</td>" if cell.kind == "text" else f"<td class=n>{escape(str(cell))}</td>"


def _legend(table: Table) -> str:
    if len(table.bars) < 2:
        return ""
    boxes = (f'<i style="background:{colour}"></i> {label}' for label, colour in zip(LABELS, COLOURS, strict=True))
    return f"<p class=legend>{' &nbsp; '.join(boxes)}</p>"


def _chart(table: Table) -> str:
    """The bars of the settings side by side, so that they compare."""
    most = max((_number(row[column]) for row in table.rows for column in table.bars), default=0) or 1
    each = LINE * len(table.bars) + GAP
    drawn = "".join(_group(table, row, n * each, most) for n, row in enumerate(table.rows))
    label = escape(table.chart, quote=True)
    return f'<svg viewBox="0 0 {WIDTH} {each * len(table.rows)}" role="img" aria-label="{label}">{drawn}</svg>'


def _group(table: Table, row: list[Cell], top: int, most: float) -> str:
    middle = top + LINE * len(table.bars) / 2 + 4
    parts = [f'<text x="{LABEL - 8}" y="{middle:.0f}" text-anchor="end">{escape(_short(str(row[0])))}</text>']
    for index, column in enumerate(table.bars):
        y, wide = top + index * LINE, (WIDTH - LABEL - 70) * _number(row[column]) / most
        parts.append(f'<rect x="{LABEL}" y="{y + 1}" width="{wide:.1f}" height="{LINE - 2}" fill="{COLOURS[index]}"/>')
        parts.append(f'<text x="{LABEL + wide + 5:.1f}" y="{y + 11}">{escape(str(row[column]))}</text>')
    return "".join(parts)


def _number(cell: Cell) -> float:
    return float(cell.value) if isinstance(cell.value, int | float) else 0.0


def _short(text: str) -> str:
    most = 40 if text.isascii() else 20
    return text if len(text) <= most else text[: most - 1] + "…"
