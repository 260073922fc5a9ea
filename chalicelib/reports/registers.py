"""Registers and ledgers (台账): which cases they list, their lines, and two of them held side by side."""

from collections.abc import Callable, Iterable

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.facts import Facts
from chalicelib.desk.procedure import Register
from chalicelib.reports.cells import Cell, Cells
from chalicelib.reports.views import ComparedLine, Line, Result

CellsOf = Callable[[Complaint], Cells]
"""The cells of a case: by the procedure and the version that it is pinned to."""


def held(register: Register, cases: Iterable[Complaint]) -> list[Complaint]:
    """The cases that the register holds, in the order in which they were received."""
    found = [case for case in cases if Facts(case).hold(register.holds)]
    return sorted(found, key=lambda case: (case.received_at, case.number))


def lines_of(register: Register, cases: list[Complaint], cells_of: CellsOf) -> list[Line]:
    """The lines of these cases, in the order given."""
    return numbered((case.number, cells_of(case).line(case, register.columns)) for case in cases)


def numbered(lines: Iterable[tuple[str, list[Cell]]]) -> list[Line]:
    """Lines with their row numbers."""
    return [Line(no=no, number=number, cells=cells) for no, (number, cells) in enumerate(lines, 1)]


def side_by_side(here: list[Line], there: list[Line], columns: list[str]) -> list[ComparedLine]:
    """Every case of either register: in one and not in the other, or in both with the same entries or not.

    Entries are held against each other column by column, in the order of the two registers.
    """
    theirs = {line.number: line for line in there}
    ours = {line.number for line in here}
    found = [_compared(line, theirs.get(line.number), columns) for line in here]
    missing = [line for line in there if line.number not in ours]
    return found + [
        ComparedLine(number=line.number, result="only_there", here=[], there=line.cells) for line in missing
    ]


def _compared(line: Line, other: Line | None, columns: list[str]) -> ComparedLine:
    if other is None:
        return ComparedLine(number=line.number, result="only_here", here=line.cells, there=[])
    pairs = zip(columns, line.cells, other.cells, strict=False)
    differs = [column for column, mine, theirs in pairs if mine.text.split() != theirs.text.split()]
    result: Result = "differs" if differs else "same"
    return ComparedLine(number=line.number, result=result, here=line.cells, there=other.cells, differs=differs)
