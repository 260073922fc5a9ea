"""What a benchmark found, and the table it is printed in."""

from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width

from msgspec import Struct


class Figure(Struct, frozen=True, kw_only=True):
    """One line of the table. Without a limit it is there to be known; `at_least`: the limit is a floor."""

    what: str
    measured: float
    unit: str = "×"
    limit: float | None = None
    aim: float | None = None
    at_least: bool = False

    @property
    def ok(self) -> bool:
        """Whether the limit is kept."""
        return self.limit is None or self._keeps(self.limit)

    @property
    def verdict(self) -> str:
        """`MISSED`, `ok` (the limit is kept, the aim is not) or `ok, aim`; empty without a limit."""
        if self.limit is None:
            return ""
        if not self.ok:
            return "MISSED"
        return "ok, aim" if self.aim is not None and self._keeps(self.aim) else "ok"

    def _keeps(self, bound: float) -> bool:
        return self.measured >= bound if self.at_least else self.measured <= bound

    def cells(self) -> tuple[str, ...]:
        """Its cells, as printed."""
        sign = "≥ " if self.at_least else "≤ "
        bounds = [f"{sign}{bound:g}" if bound is not None else "" for bound in (self.limit, self.aim)]
        return self.what, f"{self.measured:.4g} {self.unit}".strip(), *bounds, self.verdict


def table(rows: Iterable[Sequence[str]], head: Sequence[str]) -> str:
    """Rows under a head, in columns, as Markdown takes them too."""
    lines = [list(head), *map(list, rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    )


def _width(text: str) -> int:
    """Columns on a terminal: Chinese takes two each."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
