"""The same thing as JSON, as a page to print, or as a file to keep."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from chalicelib.web.routes import Answer

if TYPE_CHECKING:
    from chalicelib.reports.sheets import FormSheet, Sheet, Table

Format = Literal["json", "csv", "xlsx", "html"]


class File(NamedTuple):
    """What files are made of: a name without its ending, the whole sheet, and the one table that CSV can hold."""

    name: str
    sheet: "Sheet | FormSheet"
    table: "Table"


def told_as(format: Format, view: Any, file: Callable[[], File]) -> Answer:
    """The answer in the format wanted; `file` is called for anything but JSON."""
    if format == "json":
        return Answer(view)
    made = file()
    if format == "html":
        return _page(made)
    return _csv(made) if format == "csv" else _workbook(made)


def _page(file: File) -> Answer:
    from chalicelib.reports import printed  # noqa: PLC0415 # slow to import, and few need it
    from chalicelib.reports.sheets import FormSheet  # noqa: PLC0415

    sheet = file.sheet
    page = printed.page_of_form(sheet) if isinstance(sheet, FormSheet) else printed.page_of(sheet)
    safe = {"Content-Security-Policy": printed.policy(), "Referrer-Policy": "no-referrer"}
    return Answer(page.encode(), headers={"Content-Type": printed.TYPE, **safe})


def _csv(file: File) -> Answer:
    from chalicelib.reports import comma_separated  # noqa: PLC0415 # see above

    return Answer(comma_separated.csv_of(file.table), headers=_kept(comma_separated.TYPE, f"{file.name}.csv"))


def _workbook(file: File) -> Answer:
    from chalicelib.reports import workbook  # noqa: PLC0415 # see above
    from chalicelib.reports.sheets import FormSheet  # noqa: PLC0415

    sheet = file.sheet
    made = workbook.workbook_of_form(sheet, file.table) if isinstance(sheet, FormSheet) else workbook.workbook_of(sheet)
    return Answer(made, headers=_kept(workbook.TYPE, f"{file.name}.xlsx"))


def _kept(type_: str, name: str) -> dict[str, str]:
    """Headers of a file to keep. Its name is made of ids and dates, so it needs no quoting beyond this."""
    sane = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    return {"Content-Type": type_, "Content-Disposition": f'attachment; filename="{sane}"'}
