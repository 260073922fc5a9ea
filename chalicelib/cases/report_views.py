"""The shapes in which reports are listed and shown."""

from datetime import datetime
from typing import Literal

from msgspec import Struct, field

from chalicelib.reports.counted import Figures
from chalicelib.reports.views import Cell, Head

State = Literal["preliminary", "prepared", "issued"]
"""`preliminary`: computed now, nothing was prepared for this period; `issued`: as it stood when it was issued."""


class PeriodView(Struct, frozen=True, kw_only=True):
    """One period of a duty. `late`: its limit passed before it was issued, whether it has been since or not."""

    period: str
    state: State
    late: bool
    opened_at: datetime
    due: datetime | None
    issued_at: datetime | None
    issued_by: str
    issued_by_name: str


class ReportEntry(Struct, frozen=True, kw_only=True):
    """A duty with the report that it owes. `yours`: this reader may issue it."""

    duty: str
    report: str
    site: str
    title: str
    every: str
    by: str
    by_title: str
    to: list[str]
    nil_report: bool
    based_on: str
    yours: bool
    next: datetime | None
    periods: list[PeriodView]
    rules: list[str]


class ReportList(Struct, kw_only=True):
    """Which reports there are at a site."""

    items: list[ReportEntry]
    next: str = ""


class LineView(Struct, frozen=True, kw_only=True):
    """One case, in the order of the columns."""

    number: str
    late: bool
    cells: list[Cell]


class BaseView(Struct, frozen=True, kw_only=True):
    """What the report rests on, as it stood when this one was prepared, and whether that was issued."""

    duty: str
    title: str
    period: str
    issued: bool
    issued_at: datetime | None
    issued_by_name: str
    hash: str
    cases: list[str]


class Correction(Struct, frozen=True, kw_only=True):
    """What a case shows otherwise than when the report was issued."""

    number: str
    column: str
    title: str
    was: str
    now: str


class Since(Struct, frozen=True, kw_only=True):
    """What changed since the report was issued; the report itself stays as it is."""

    corrections: list[Correction]
    added: list[str]  # received in the period, and recorded since


class ReportView(Struct, frozen=True, kw_only=True):
    """A report of one period. Figures count every case; `hidden` of them are not for this reader and not listed."""

    report: str
    duty: str
    site: str
    title: str
    organisation: str
    site_name: str
    period: str
    zone: str
    state: State
    late: bool
    due: datetime | None
    prepared_at: datetime
    issued_at: datetime | None
    issued_by: str
    issued_by_name: str
    hash: str
    yours: bool
    nil: bool
    says: str  # in words, where there are no cases
    columns: list[Head]
    lines: list[LineView]
    hidden: int
    notes: list[str]
    figures: Figures
    based_on: BaseView | None
    since: Since | None
    rules: list[str] = field(default_factory=list)
