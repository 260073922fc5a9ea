"""The files of a case at the desk: handed out, and added by the same plain form that complainants use."""

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import BadInput, Conflict
from chalicelib.web.attach import origin
from chalicelib.web.page import Page, Visit, in_words, moved, policy
from chalicelib.web.phrases import words
from chalicelib.web.staff_page import staff_page


@staff_page("GET", "/desk/cases/{number}/files/{file}")
def file(visit: Visit) -> Page:
    """A file, where the store hands it out. In a confidential case the look is recorded."""
    staff, attachments = visit.staff, visit.world.attachments
    case = attachments.seen(staff.org, visit.path["number"], staff.person)
    return moved(attachments.handed_out(case, visit.path["file"], staff.person).url)


@staff_page("GET", "/desk/cases/{number}/attach")
def attach(visit: Visit) -> Page:
    """The form for one file, for whoever may do something in the case."""
    return _form(visit, _workable(visit))


@staff_page("GET", "/desk/cases/{number}/attached")
def attached(visit: Visit) -> Page:
    """The browser comes back from the store: the file is taken in, or it is said why not and asked for again."""
    case = _workable(visit)
    try:
        visit.world.attachments.take_in(case, visit.query.get("file", ""), visit.staff.person)
    except BadInput as bad:
        return _form(visit, case, [in_words(problem, visit.language) for problem in bad.problems], bad.status)
    except Conflict as busy:
        return _form(visit, case, [words("pages")["try_again"][visit.language]], busy.status)
    return moved(visit.public(f"desk/cases/{case.number}"))


def _workable(visit: Visit) -> Complaint:
    return visit.world.attachments.workable(visit.staff.org, visit.path["number"], visit.staff.person)


def _form(visit: Visit, case: Complaint, problems: list[str] | None = None, status: int = 200) -> Page:
    shows = {"number": case.number, "problems": problems or [], "form": None}

    def back(id: str) -> str:
        return visit.public(f"desk/cases/{case.number}/attached", file=id)

    try:
        form = visit.world.attachments.open_form(case, back, visit.staff.person)
    except BadInput as full:
        shows["problems"] = problems or [in_words(problem, visit.language) for problem in full.problems]
        return Page(template="desk_attach", shows=shows, status=status if problems else full.status)
    # A browser holds a form to the policy all the way: to the store, and back here.
    safe = {"Content-Security-Policy": policy(f"'self' {origin(form.url)}")}
    return Page(template="desk_attach", shows={**shows, "form": form}, status=status, headers=safe)
