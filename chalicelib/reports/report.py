"""A report as it is prepared and kept: its lines, its figures, what it rests on. Pure.

It holds its words in every language, so that what was issued reads the same years later.
"""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct, convert, to_builtins

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.facts import Facts
from chalicelib.desk.procedure import Duty, Report, Words
from chalicelib.desk.rulebook import Desk
from chalicelib.reports.cells import Cells
from chalicelib.reports.counted import Figures
from chalicelib.reports.figures import figures, is_late
from chalicelib.reports.tallies import can_be_summed
from chalicelib.reports.views import Cell, Head

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
NUMBER = "number"
PLAIN = ["number", "received_at", "summary", "stage", "owner", "late"]
"""The columns of a report that names none."""


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One case of a report: its cells by language, in the order of the heads."""

    number: str
    version: int
    late: bool
    cells: dict[str, list[Cell]]


class Base(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The report that another one rests on: its cases are those of that one, as it stood then."""

    duty: str
    title: Words
    period: str
    cases: list[str]
    prepared_at: datetime
    issued_at: datetime | None = None
    issued_by: str = ""
    hash: str = ""


class Prepared(Struct, frozen=True, kw_only=True):
    """A report of one period, both days inclusive in the site's zone."""

    org: str
    site: str
    duty: str  # empty: nobody owes it, somebody asked
    report: str
    period: str
    zone: str
    procedure: str
    procedure_version: int
    title: Words
    org_name: Words
    site_name: Words
    rules: list[str]
    prepared_at: datetime
    of_all: bool  # it takes every case of its period, so that a report without any says that there were none
    heads: dict[str, list[Head]]
    lines: list[Line]
    figures: Figures
    based_on: Base | None = None

    @property
    def cases(self) -> list[str]:
        """The numbers of its cases."""
        return [line.number for line in self.lines]


def report_of(desk: Desk, duty: Duty | None, report_id: str) -> Report:
    """The report that is meant; a duty that names none owes the plain list of what came in."""
    known = desk.procedure.reports.get(report_id or (duty.prepares if duty else ""))
    if known is not None:
        return known
    return Report(title=duty.title if duty else desk.procedure.title, rules=duty.rules if duty else [])


def chosen(report: Report, cases: Iterable[Complaint]) -> list[Complaint]:
    """The cases that the report takes, each once, oldest first."""
    found = {case.number: case for case in cases if Facts(case).hold(report.holds)}
    return sorted(found.values(), key=lambda case: (case.received_at, case.number))


def prepared(
    desk: Desk, report: Report, cases: list[Complaint], first: date, last: date, now: datetime, *,
    duty_id: str = "", report_id: str = "", based_on: Base | None = None,
) -> Prepared:  # fmt: skip
    """The report of these cases."""
    duty = desk.procedure.duties.get(duty_id)
    shown = report.columns or PLAIN
    columns = shown if NUMBER in shown else [NUMBER, *shown]
    summed = [name for name in columns if _is_about_people(desk, name)]
    cells = {language: Cells(desk, language) for language in LANGUAGES}
    return Prepared(
        org=desk.organisation.id, site=desk.site.id, duty=duty_id, report=report_id or (duty.prepares if duty else ""),
        period=f"{first}..{last}", zone=desk.site.zone, procedure=desk.procedure.id,
        procedure_version=desk.procedure.version, title=duty.title if duty else report.title,
        org_name=desk.organisation.name, site_name=desk.site.name,
        rules=list(dict.fromkeys([*(duty.rules if duty else []), *report.rules])), prepared_at=now,
        of_all=report.holds is None and "received" in report.of and based_on is None,
        heads={language: [of.head(column) for column in columns] for language, of in cells.items()},
        lines=[
            Line(
                number=case.number, version=case.version, late=is_late(case),
                cells={language: of.line(case, columns) for language, of in cells.items()},
            )
            for case in cases
        ],
        figures=figures(desk, cases, first, last, report.by, summed), based_on=based_on,
    )  # fmt: skip


def without(report: Prepared, hidden: set[str]) -> Prepared:
    """The report without the lines and numbers of some cases. Its counts stay: they are of all of them."""
    if not hidden:
        return report
    tree = _pruned(to_builtins(report), hidden)
    return convert(tree, Prepared)


def _pruned(value: object, hidden: set[str]) -> object:
    if isinstance(value, dict):
        return {key: _pruned(one, hidden) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    kept = (one for one in value if not (isinstance(one, str) and one in hidden))
    return [_pruned(one, hidden) for one in kept if not (isinstance(one, dict) and one.get(NUMBER) in hidden)]


def _is_about_people(desk: Desk, name: str) -> bool:
    entry = desk.procedure.fields.get(name)
    return entry is not None and entry.type == "table" and can_be_summed(entry.columns)
