"""A case for staff: what they see of it, and of the cases beside it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chalicelib.cases.customers import Hasher, links_of
from chalicelib.cases.desks import Desks
from chalicelib.cases.libraries import Libraries
from chalicelib.cases.may import Matter, may, staff
from chalicelib.cases.picture import Picture
from chalicelib.cases.related import Beside, Related
from chalicelib.cases.related_views import Reader
from chalicelib.cases.views import CaseView, CustomerCounts, EarlierView, EventView
from chalicelib.cases.why import why
from chalicelib.desk.complaint import Complaint, Identity
from chalicelib.desk.engine import next_due, open_actions
from chalicelib.desk.errors import NotAllowed, NotFound
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.step import Step
from chalicelib.ports import CaseStore


class SeenBy:
    """A CaseStore as one person has it: cases that they may not see, nor do this `action` in, are not there."""

    def __init__(
        self, cases: CaseStore, desks: Desks, person: str, clock: Callable[[], datetime], action: str = ""
    ) -> None:
        self._cases, self._desks, self._person, self._clock, self._action = cases, desks, person, clock, action

    def load(self, org: str, number: str) -> Complaint | None:
        """The head, read consistently: one read."""
        case = self._cases.load(org, number)
        if case is None:
            return None
        actor, matter = staff(org, self._person, self._clock().astimezone(UTC)), Matter(self._desks.of(case), case)
        return case if may(actor, "see", matter) or may(actor, "do_unseen", matter, self._action) else None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)


class Show:
    """Showing cases, with what it needs of the world. `hasher` is called when it is needed first."""

    def __init__(
        self, *, cases: CaseStore, desks: Desks, hasher: Callable[[], Hasher], clock: Callable[[], datetime]
    ) -> None:
        self._cases, self._desks, self._hasher, self._clock = cases, desks, hasher, clock
        self._related = Related(cases=cases, desks=desks)
        self._libraries = Libraries(cases=cases, desks=desks, clock=clock)

    def seen(self, org: str, number: str, person: str) -> Complaint:
        """The case, where this person may see it: one read. Raises NotFound otherwise."""
        case = SeenBy(self._cases, self._desks, person, self._clock).load(org, number)
        if case is None:
            raise NotFound(f"There is no complaint {number}.")
        return case

    def __call__(self, org: str, number: str, person: str, language: str, *, identity: bool = False) -> CaseView:
        """The whole case. `identity`: of a confidential case too, which is recorded. Raises NotFound, NotAllowed."""
        case = self.seen(org, number, person)
        desk, now = self._desks.of(case), self._now()
        knows = self._knows(desk, case, person, now)
        if case.confidential and identity:
            if not knows:
                raise NotAllowed("Who complains is not for you to know.")
            case = self._noted(desk, case, person, now)
        view = self._pictured(desk, case, person, now, language, knows)
        if knows and (identity or not case.confidential):
            view.customer = self._cases.identity(org, number)
            view.customer_withheld = False
        told = view.customer is not None
        actions = [action.id for action in view.actions]
        reader = Reader(person=person, language=language, now=now, actions=actions)
        beside = self._related.beside(case, reader, knows=told)
        view.earlier = beside.earlier if told else None
        view.suggested, view.linked = beside.suggested, beside.linked
        view.libraries = self._libraries.beside(desk, case, reader)
        return view

    def view(self, case: Complaint, person: str, language: str) -> CaseView | None:
        """What the head alone tells: no read. None where it is not for this person."""
        desk, now = self._desks.of(case), self._now()
        if not may(staff(case.org, person, now), "see", Matter(desk, case)):
            return None
        return self._pictured(desk, case, person, now, language, self._knows(desk, case, person, now))

    def history(self, org: str, number: str, person: str, language: str) -> list[EventView]:
        """All events, oldest first, in words. Raises NotFound."""
        case = self.seen(org, number, person)
        desk, now = self._desks.of(case), self._now()
        picture = Picture(desk, case, person, now, language, self._knows(desk, case, person, now))
        return picture.history(self._cases.history(org, number))

    def beside(self, case: Complaint, person: str, language: str) -> Beside:
        """The cases beside one that this person just took in, as far as they may see them."""
        desk, now = self._desks.of(case), self._now()
        reader = Reader(
            person=person, language=language, now=now, actions=open_actions(desk, case, person, now)
        )  # fmt: skip
        return self._related.beside(case, reader, knows=self._knows(desk, case, person, now))

    def of_customer(
        self, org: str, person: str, language: str, *, phone: str = "", room: str = "", plate: str = ""
    ) -> tuple[list[EarlierView], CustomerCounts]:
        """Cases of whoever gave this phone, room (at any site) or plate, newest first, and how many there are."""
        given = Identity(phone=phone, room=room, plate=plate)
        sites = self._desks.organisation(org).sites if room else [""]
        links = dict.fromkeys(link for site in sites for link in links_of(given, org, site, self._hasher()))
        return self._related.of_customer(org, links, Reader(person=person, language=language, now=self._now()))

    def _noted(self, desk: Desk, case: Complaint, person: str, now: datetime) -> Complaint:
        """Every look at a confidential identity stands in the history. Raises Conflict."""
        step = Step(desk, case, now)
        event = step.event(at=now, kind="seen", by=person)
        self._cases.commit(case.version, step.case, [event], [], next_due(desk, step.case))
        return step.case

    def _pictured(
        self, desk: Desk, case: Complaint, person: str, now: datetime, language: str, knows: bool
    ) -> CaseView:  # fmt: skip
        view = Picture(desk, case, person, now, language, knows).case()
        view.why = why(view, self._desks.compiled(desk), language)
        return view

    def _knows(self, desk: Desk, case: Complaint, person: str, now: datetime) -> bool:
        return may(staff(case.org, person, now), "know", Matter(desk, case))

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC).replace(microsecond=0)
