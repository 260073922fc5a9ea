"""The forms of one case: which there are, and each filled in as the case stands.

One read for the case, and one more for who complains where the form shows it.
"""

from collections.abc import Callable
from datetime import datetime

from chalicelib.cases.desks import Desks
from chalicelib.cases.instants import now_by
from chalicelib.cases.may import Matter, hides, may, staff
from chalicelib.cases.show import Show
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import NotFound
from chalicelib.desk.procedure import Form
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.words import said
from chalicelib.ports import CaseStore
from chalicelib.reports.form_sheets import FormFiller, names_customer
from chalicelib.reports.sheets import FormEntry, FormView


class Forms:
    """Filling in forms, with what it needs of the world."""

    def __init__(self, *, show: Show, cases: CaseStore, desks: Desks, clock: Callable[[], datetime]) -> None:
        self._show, self._cases, self._desks, self._clock = show, cases, desks, clock

    def all(self, org: str, number: str, person: str, language: str) -> list[FormEntry]:
        """The forms that the procedure of the case has. Raises NotFound."""
        desk = self._desks.of(self._show.seen(org, number, person))
        return [
            FormEntry(id=id, title=said(form.title, language), rules=form.rules)
            for id, form in desk.procedure.forms.items()
        ]

    def __call__(self, org: str, number: str, person: str, language: str, *, form: str) -> FormView:
        """One of them, filled in. Raises NotFound."""
        case, now = self._show.seen(org, number, person), now_by(self._clock)
        desk = self._desks.of(case)
        found = desk.procedure.forms.get(form)
        if found is None:
            raise NotFound(f"This case has no form {form!r}.")
        knows = self._shows_customer(desk, case, found) and may(staff(org, person, now), "know", Matter(desk, case))
        identity = self._cases.identity(org, number) if knows else None
        return FormFiller(desk, case, identity, language, hides(desk, person, now))(form, found, now)

    def _shows_customer(self, desk: Desk, case: Complaint, form: Form) -> bool:
        return names_customer(desk, form) and not (case.confidential or case.anonymous)
