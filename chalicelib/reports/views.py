"""What registers and forms answer, as plain data: shapes alone, so that describing the API imports nothing else."""

from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct, field

CellKind = Literal["text", "number", "money", "instant", "date"]


class Cell(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One cell: `text` as printed (empty: not answered), `value` for machines where `text` is not all there is.

    `value` by `kind`: a number; an amount as a decimal string; RFC 3339 with the site's offset; a date. Else the
    answer as it is kept (ids of choices, people and departments; rows of a table), or nothing.
    """

    text: str
    kind: CellKind = "text"
    value: Any = None
    unknown: bool = False  # answered "unknown"; `text` holds the reason
    withheld: bool = False  # there may be an answer, and it is not for this sheet; or there was one, and it was erased


class Head(Struct, frozen=True, kw_only=True):
    """The head of a column."""

    id: str
    title: str
    kind: CellKind = "text"


Result = Literal["same", "differs", "only_here", "only_there"]


class Line(Struct, kw_only=True):
    """One case in a register: `no` counts the lines that the reader has, from 1."""

    no: int
    number: str
    cells: list[Cell]


class Keeper(Struct, kw_only=True):
    """Whose register it is: the role, and the people who hold it, the primary one first."""

    role: str
    title: str
    people: list[str]


class ClosingView(Struct, kw_only=True):
    """A closed period: who closed it and when, and the hash (SHA-256) of the lines as they were then."""

    register: str
    site: str
    first: date
    last: date
    lines: int
    sha256: str
    at: datetime
    by: str
    by_name: str


class Correction(Struct, kw_only=True):
    """What changed after the period was closed. `at` and `by` where the history of the case tells."""

    kind: Literal["changed", "added", "gone"]
    number: str
    column: str = ""
    title: str = ""
    was: Cell = Cell(text="")
    now: Cell = Cell(text="")
    at: datetime | None = None
    by: str = ""
    by_name: str = ""


class ComparedLine(Struct, kw_only=True):
    """A case in two registers. `differs`: the columns of this one whose entries say something else in the other."""

    number: str
    result: Result
    here: list[Cell]
    there: list[Cell]
    differs: list[str] = field(default_factory=list)


class Comparison(Struct, kw_only=True):
    """The same matters as another register has them; an empty side is one where the case does not stand."""

    register: str
    title: str
    columns: list[Head]
    lines: list[ComparedLine]


class RegisterEntry(Struct, kw_only=True):
    """A register in the list of them."""

    id: str
    site: str
    site_name: str
    title: str
    lists: Literal["received", "open"]
    kept_by: Keeper
    columns: list[Head]
    compare_with: str
    may_close: bool  # whether its periods are for this reader to close
    closed: list[ClosingView]
    rules: list[str]


class RegisterView(Struct, kw_only=True):
    """A register as one reader gets it. `period` is empty where it lists what is open now."""

    register: str
    title: str
    lists: Literal["received", "open"]
    organisation: str
    organisation_name: str
    site: str
    site_name: str
    zone: str
    period: str
    period_title: str
    first: date | None
    last: date | None
    printed_at: datetime
    kept_by: Keeper
    rules: list[str]
    columns: list[Head]
    lines: list[Line]
    closed: ClosingView | None = None
    corrections: list[Correction] = field(default_factory=list)
    compared: Comparison | None = None
