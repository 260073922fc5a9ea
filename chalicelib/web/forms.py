"""What staff call of the forms of one case: which there are, and each in several formats."""

from msgspec import Struct

from chalicelib.reports.sheets import FormEntry, FormView
from chalicelib.web.downloads import File, Format, told_as
from chalicelib.web.routes import Answer, Call, serve


class Wanted(Struct, kw_only=True, forbid_unknown_fields=True):
    """As what: JSON, a page to print, or a file for spreadsheets."""

    format: Format = "json"


class FormList(Struct, kw_only=True):
    """Forms, in the order of the procedure."""

    items: list[FormEntry]
    next: str = ""


@serve("GET", "/v1/tickets/{number}/forms", who="staff", summary="The forms of a case", answers={200: FormList})
def forms(call: Call) -> Answer:
    """Which forms its procedure has."""
    staff = call.staff
    return Answer(FormList(items=call.world.forms.all(staff.org, call.path["number"], staff.person, call.language)))


@serve(
    "GET", "/v1/tickets/{number}/forms/{form}", who="staff", summary="A form of a case", query=Wanted,
    answers={200: FormView},
)  # fmt: skip
def form(call: Call) -> Answer:
    """Filled in as the case stands; what is not answered yet is blank."""
    staff, number, language = call.staff, call.path["number"], call.language
    view = call.world.forms(staff.org, number, staff.person, language, form=call.path["form"])

    def file() -> File:
        from chalicelib.reports.form_sheets import form_sheet, form_table  # noqa: PLC0415 # no file at start-up

        return File(f"{view.form}-{view.number}", form_sheet(view, language), form_table(view, language))

    return told_as(call.query.format, view, file)
