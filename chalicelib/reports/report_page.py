"""A report as HTML: a page that prints on A4, with bars drawn as inline SVG, and the part of it that goes into a mail.

Without scripts and without anything fetched from elsewhere. Mail programs drop style sheets, so in a mail each cell
carries its own style.
"""

from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from string import Template

from msgspec import Struct

from chalicelib.reports.tables import Table, Value
from chalicelib.reports.words import word

SHELL = Path(__file__).parent / "report.html"
MOST_BARS = 40
"""More bars than this are drawn no longer: they would be thinner than a reader can tell apart."""

COLOURS = ("#2f6db5", "#c8553d")
WIDTH, LABELS, LINE = 640, 190, 22

HEAD_IN_MAIL = "border:1px solid #999;padding:4px 8px;background:#eee;text-align:left"
CELL_IN_MAIL = "border:1px solid #999;padding:4px 8px"


class Printed(Struct, kw_only=True):
    """What a page shows: facts as (what, text), notes, the lines with their heads, the tables of figures."""

    language: str
    title: str
    organisation: str
    facts: list[tuple[str, str]]
    notes: list[str]
    heads: list[str]
    lines: list[list[str]]
    tables: list[Table]
    source: str = ""


def page_of(of: Printed) -> str:
    """The whole page."""
    shell = Template(SHELL.read_text("utf-8"))
    lines = _table(of.heads, of.lines) if of.lines else ""
    return shell.substitute(
        language=escape(of.language),
        title=escape(of.title),
        organisation=escape(of.organisation),
        facts="".join(f"<dt>{escape(what)}</dt><dd>{escape(text)}</dd>" for what, text in of.facts if text),
        notes="".join(f"<p class=note>{escape(note)}</p>" for note in of.notes),
        figures="".join(_section(table) for table in of.tables),
        lines_title=escape(word("report", "lines", of.language)),
        lines=lines,
        source=escape(of.source),
    )


def mail_of(of: Printed) -> str:
    """Facts, notes and figures for a mail; the lines stay at the desk."""
    facts = "".join(
        f'<tr><th style="{HEAD_IN_MAIL}">{escape(what)}</th><td style="{CELL_IN_MAIL}">{escape(text)}</td></tr>'
        for what, text in of.facts
        if text
    )
    notes = "".join(f"<p><strong>{escape(note)}</strong></p>" for note in of.notes)
    tables = "".join(f'<h3 style="margin:1.2em 0 .3em">{escape(t.title)}</h3>{_in_mail(t)}' for t in of.tables)
    return f'<table style="border-collapse:collapse">{facts}</table>{notes}{tables}'


def text_of(of: Printed) -> str:
    """The same as plain text."""
    colon = ": " if of.language == "en" else "："
    parts = [f"{what}{colon}{text}" for what, text in of.facts if text] + of.notes
    for table in of.tables:
        parts += ["", f"【{table.title}】" if of.language != "en" else table.title.upper()]
        parts += [_line_of_text(table, row, colon) for row in table.rows]
    return "\n".join(parts)


def _line_of_text(table: Table, row: list[Value], colon: str) -> str:
    """`类别：3（超时 1，满意 0）`: the second column beside the first, what more there is behind it by its head."""
    first, second, *more = [_said(value) for value in row]
    if not more:
        return f"  {first}{colon}{second}"
    if isinstance(table.rows[0][-1], str) and len(more) == 1:  # a count and the numbers of its cases
        return f"  {first}{colon}{second} ({more[0]})" if colon == ": " else f"  {first}{colon}{second}（{more[0]}）"
    pairs = zip(table.heads[1:], [second, *more], strict=True)
    return f"  {first}{colon}" + (", " if colon == ": " else "，").join(f"{head} {value}" for head, value in pairs)


def _section(table: Table) -> str:
    rows = [[_said(value) for value in row] for row in table.rows]
    chart = _bars(table) if table.chart else ""
    return f"<section><h2>{escape(table.title)}</h2>{_table(table.heads, rows, _numeric(table))}{chart}</section>"


def _table(heads: list[str], rows: list[list[str]], numeric: Callable[[int], bool] = lambda _: False) -> str:
    def cell(column: int, text: str) -> str:
        kind = " class=n" if numeric(column) else ""
        return f"<td{kind}>{escape(text).replace(chr(10), '<br>')}</td>"

    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(cell(i, text) for i, text in enumerate(row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _in_mail(table: Table) -> str:
    numeric = _numeric(table)

    def cell(column: int, value: Value) -> str:
        side = ";text-align:right" if numeric(column) else ""
        return f'<td style="{CELL_IN_MAIL}{side}">{escape(_said(value))}</td>'

    head = "".join(f'<th style="{HEAD_IN_MAIL}">{escape(text)}</th>' for text in table.heads)
    body = "".join(f"<tr>{''.join(cell(i, v) for i, v in enumerate(row))}</tr>" for row in table.rows)
    return f'<table style="border-collapse:collapse"><tr>{head}</tr>{body}</table>'


def _numeric(table: Table) -> Callable[[int], bool]:
    kinds = {i for row in table.rows for i, value in enumerate(row) if isinstance(value, int | float)}
    return lambda column: column in kinds


def _said(value: Value) -> str:
    return f"{value:.12g}" if isinstance(value, int | float) else value


def _bars(table: Table) -> str:
    """One bar for each row; those of two series stand one behind the other."""
    if len(table.rows) > MOST_BARS or not table.rows:
        return ""
    values = [[_number(row[column]) for column in table.series] for row in table.rows]
    most = max(sum(each) for each in values)
    if most <= 0:
        return ""
    height = LINE * len(values) + 6
    drawn = "".join(_bar(n, table.rows[n], each, most) for n, each in enumerate(values))
    label = escape(table.title, quote=True)
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">{drawn}</svg>{_legend(table)}'


def _bar(n: int, row: list[Value], each: list[float], most: float) -> str:
    x, top = float(LABELS), n * LINE + 4
    parts = [f'<text x="{LABELS - 8}" y="{top + 13}" text-anchor="end">{escape(_short(_said(row[0])))}</text>']
    for value, colour in zip(each, COLOURS, strict=False):
        width = (WIDTH - LABELS - 60) * value / most
        parts.append(f'<rect x="{x:.1f}" y="{top}" width="{width:.1f}" height="{LINE - 6}" fill="{colour}"/>')
        x += width
    said = " + ".join(_said(value) for value in each if value) or "0"
    return "".join(parts) + f'<text x="{x + 6:.1f}" y="{top + 13}">{said}</text>'


def _legend(table: Table) -> str:
    if len(table.series) < 2:  # one series needs no legend
        return ""
    names = zip((table.heads[column] for column in table.series), COLOURS, strict=False)
    return "<p class=legend>" + _joined(
        f'<svg viewBox="0 0 10 10"><rect width="10" height="10" fill="{colour}"/></svg> {escape(name)}'
        for name, colour in names
    ) + "</p>"  # fmt: skip


def _joined(parts: Iterable[str]) -> str:
    return " &nbsp; ".join(parts)


def _number(value: Value) -> float:
    """What a bar shows of a figure; a sum below nothing has no bar."""
    return max(0.0, float(value)) if isinstance(value, int | float) else 0.0


def _short(text: str) -> str:
    most = 15
    return text if len(text) <= most else text[: most - 1] + "…"
