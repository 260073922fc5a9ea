"""The figures of one or more settings as tables, side by side: what the terminal, the page and the workbook print."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from msgspec import Struct

from chalicelib.desk.words import said
from chalicelib.forecast.figures import Figures
from chalicelib.forecast.wording import word

LABELS = "AB"

Kind = Literal["text", "count", "tenths", "share"]


class Cell(Struct, frozen=True):
    """One figure; None: there is none."""

    value: str | float | None
    kind: Kind = "text"

    def __str__(self) -> str:
        match self.kind:
            case _ if self.value is None:
                return "–"
            case "share":
                return f"{float(self.value):.1%}"
            case "tenths":
                return f"{float(self.value):,.1f}"
            case "count":
                return f"{self.value:,}"
            case "text":
                return str(self.value)


class Table(Struct, frozen=True, kw_only=True):
    """Rows under heads. `bars`: the columns, one a setting, that a chart shows against the first, under `chart`."""

    id: str
    title: str
    heads: list[str]
    rows: list[list[Cell]]
    bars: list[int] = []
    chart: str = ""


def tables_of(settings: Sequence[Figures], language: str) -> list[Table]:
    """All tables of a forecast."""
    return [_overall(settings, language), _clocks(settings, language), _roles(settings, language)]


def _overall(settings: Sequence[Figures], language: str) -> Table:
    names: dict[str, Kind] = {
        "complaints": "count", "closed": "count", "open": "count", "standing": "count", "late_cases": "count",
        "late": "count", "median_days": "tenths", "heard": "count", "pieces": "count", "hours": "tenths",
        "refused": "count",
    }  # fmt: skip
    rows = [
        [Cell(word(name, language)), *(Cell(getattr(figures.totals, name), kind) for figures in settings)]
        for name, kind in names.items()
    ]
    labels = LABELS[: len(settings)] if len(settings) > 1 else [""]
    return Table(id="overall", title=word("overall", language), heads=["", *labels], rows=rows)


def _clocks(settings: Sequence[Figures], language: str) -> Table:
    columns: list[tuple[str, Kind, Callable[[Any], Any]]] = [
        ("runs", "count", lambda c: c.runs),
        ("late_runs", "count", lambda c: c.late if c.unlimited < c.runs else None),
        ("share", "share", lambda c: c.share if c.unlimited < c.runs else None),
        ("worst", "tenths", lambda c: c.worst),
        ("median", "tenths", lambda c: c.median),
    ]
    found = [{clock.clock: clock for clock in figures.clocks} for figures in settings]
    names = list(dict.fromkeys(name for each in found for name in each))
    lines = [(said(_first(found, name).title, language), [each.get(name) for each in found]) for name in names]
    return _table("clocks", "clock", columns, lines, "share", "shares", language)


def _roles(settings: Sequence[Figures], language: str) -> Table:
    columns: list[tuple[str, Kind, Callable[[Any], Any]]] = [
        ("people", "count", lambda r: r.people),
        ("role_pieces", "count", lambda r: r.pieces),
        ("role_hours", "tenths", lambda r: r.hours),
        ("busiest", "tenths", lambda r: r.busiest[1]),
        ("busiest_week", "text", lambda r: r.busiest[0] or None),
        ("peak", "count", lambda r: r.peak),
        ("role_heard", "count", lambda r: r.heard),
    ]
    found = [{role.role: role for role in figures.roles} for figures in settings]
    names = list(dict.fromkeys(name for each in found for name in each))
    lines = [(said(_first(found, name).title, language), [each.get(name) for each in found]) for name in names]
    return _table("roles", "role", columns, lines, "busiest", "loads", language)


def _table(
    name: str, first: str, columns: list[tuple[str, Kind, Callable[[Any], Any]]], lines: list[tuple[str, list[Any]]],
    charted: str, chart: str, language: str,
) -> Table:  # fmt: skip
    """One column a figure and setting, those of one figure beside each other."""
    several = max((len(each) for _, each in lines), default=1) > 1
    heads, bars = [word(first, language)], []
    for column, _, _ in columns:
        for label in LABELS[: len(lines[0][1]) if lines else 1]:
            if column == charted:
                bars.append(len(heads))
            heads.append(f"{word(column, language)} {label}" if several else word(column, language))
    rows = [
        [Cell(title), *(Cell(take(one) if one else None, kind) for _, kind, take in columns for one in each)]
        for title, each in lines
    ]
    return Table(
        id=name, title=word(name, language), heads=heads, rows=rows, bars=bars, chart=word(chart, language)
    )  # fmt: skip


def _first(found: list[dict[str, Any]], name: str) -> Any:
    return next(each[name] for each in found if name in each)
