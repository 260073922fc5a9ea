"""What staff print from the desk: the acknowledgement to hand or post, and the forms of a case."""

from chalicelib.desk.errors import Conflict, NotAllowed
from chalicelib.web.case_page import told_of
from chalicelib.web.page import Page, Visit
from chalicelib.web.phrases import words
from chalicelib.web.staff_page import staff_page


@staff_page("POST", "/desk/cases/{number}/acknowledgement")
def acknowledgement(visit: Visit) -> Page:
    """As it is printed, in the complaint's language. It carries the complainant's proof: who had it is recorded."""
    staff, number = visit.staff, visit.path["number"]
    try:
        found = visit.world.acknowledge(staff.org, number, staff.person)
    except NotAllowed as refused:
        return told_of(visit, refused.detail, refused.status)
    except Conflict as busy:
        return told_of(visit, words("pages")["try_again"][visit.language], busy.status)
    from chalicelib.reports import printed  # noqa: PLC0415 # slow to import, and few need it

    track = f"{visit.world.settings.public_url.rstrip('/')}/track"
    return _printed(printed.page_of_acknowledgement(found, track))


@staff_page("GET", "/desk/cases/{number}/forms/{form}")
def form(visit: Visit) -> Page:
    """A form as the procedure draws it, filled in as the case stands."""
    from chalicelib.reports import printed  # noqa: PLC0415 # as above
    from chalicelib.reports.form_sheets import form_sheet  # noqa: PLC0415 # as above

    staff, language = visit.staff, visit.language
    view = visit.world.forms(staff.org, visit.path["number"], staff.person, language, form=visit.path["form"])
    return _printed(printed.page_of_form(form_sheet(view, language)))


def _printed(page: str) -> Page:
    from chalicelib.reports import printed  # noqa: PLC0415 # as above

    return Page(whole=page, headers={"Content-Security-Policy": printed.policy()})
