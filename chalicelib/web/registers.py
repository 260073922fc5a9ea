"""What staff call of registers and ledgers: the list of them, one of a period in several forms, closing a period."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.reports.views import ClosingView, RegisterEntry, RegisterView
from chalicelib.web.downloads import File, Format, told_as
from chalicelib.web.routes import Answer, Call, serve

Id = Annotated[str, Meta(max_length=64)]
PeriodName = Annotated[str, Meta(max_length=40)]


class Whose(Struct, kw_only=True, forbid_unknown_fields=True):
    """Of which site; of all that are open to the reader where none is named."""

    site: Id = ""


class Wanted(Struct, kw_only=True, forbid_unknown_fields=True):
    """Which period (`2026-11`, `2026-Q4`, `2026-W47`, a day, two days; this month where empty), and as what.

    `part`: what a CSV file holds, which is one table.
    """

    period: PeriodName = ""
    site: Id = ""
    format: Format = "json"
    part: Literal["lines", "corrections"] = "lines"


class Close(Struct, kw_only=True, forbid_unknown_fields=True):
    """Which period to close."""

    period: Annotated[str, Meta(min_length=1, max_length=40)]
    site: Id = ""


class RegisterList(Struct, kw_only=True):
    """Registers, in the order of their procedures."""

    items: list[RegisterEntry]
    next: str = ""


@serve("GET", "/v1/registers", who="staff", summary="The registers", query=Whose, answers={200: RegisterList})
def registers(call: Call) -> Answer:
    """Who keeps each, its columns, and which of its periods are closed."""
    staff = call.staff
    return Answer(RegisterList(items=call.world.registers.all(staff.org, staff.person, call.language, call.query.site)))


@serve(
    "GET", "/v1/registers/{register}", who="staff", summary="A register of a period", query=Wanted,
    answers={200: RegisterView},
)  # fmt: skip
def register(call: Call) -> Answer:
    """As JSON, or as a file to print or to open in a spreadsheet."""
    staff, wanted, language = call.staff, call.query, call.language
    view = call.world.registers(
        staff.org, staff.person, language, register=call.path["register"], period=wanted.period, site=wanted.site
    )

    def file() -> File:
        from chalicelib.reports import register_sheets as sheets  # noqa: PLC0415 # no file is made at start-up

        one = sheets.corrections_table if wanted.part == "corrections" else sheets.lines_table
        days = f"{view.first}..{view.last}" if view.first else f"{view.printed_at:%Y-%m-%d}"
        return File(f"{view.register}-{view.site}-{days}", sheets.sheet_of(view, language), one(view, language))

    return told_as(wanted.format, view, file)


@serve(
    "POST", "/v1/registers/{register}/close", who="staff", summary="Close a period of a register", body=Close,
    answers={200: ClosingView},
)  # fmt: skip
def close(call: Call) -> Answer:
    """From then on the period shows the lines as they are now. The same again is the same closing."""
    staff, body = call.staff, call.body
    return Answer(call.world.close_register(
        staff.org, staff.person, register=call.path["register"], period=body.period, site=body.site
    ))  # fmt: skip
