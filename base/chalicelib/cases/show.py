"""A case for staff: who may see it, and what they see."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from chalicelib.cases.customers import Hasher, links_of
from chalicelib.cases.desks import Desks
from chalicelib.cases.picture import Picture
from chalicelib.cases.views import CaseView, EarlierView, EventView
from chalicelib.cases.why import why
from chalicelib.desk.cast import Cast
from chalicelib.desk.complaint import Complaint, Identity
from chalicelib.desk.engine import next_due
from chalicelib.desk.errors import NotAllowed, NotFound
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.step import Step
from chalicelib.desk.words import said
from chalicelib.ports import CaseStore


def may_see(desk: Desk, case: Complaint, person: str, now: datetime) -> bool:
    """Whether a member of staff may see a case at all: the one place where that is decided.

    Those whom the procedure keeps out never may. Else administrators, holders of a post at the site, people of a
    department concerned, whoever did something in the case, its owner or who stands in, whom an open task is for.
    """
    organisation = desk.organisation
    known = organisation.staff.get(person)
    cast = Cast(desk, case, now)
    if known is None or not known.active or cast.barred(person):
        return False
    if known.admin or any(person in people for people in desk.site.posts.values()):
        return True
    units = {case.owner.department, *_departments(desk, case)}
    tasks = (desk.procedure.tasks[t.task] for t in case.tasks.values() if t.finished is None)
    return (
        any(person in organisation.departments[u].people or u in known.departments for u in units if u in _units(desk))
        or any(person in (mark.first_by, mark.by) for mark in case.done.values())
        or person in (case.owner.person, cast.in_charge())
        or any(cast.may(person, task.for_) for task in tasks)
    )


def may_do_unseen(desk: Desk, case: Complaint, person: str, action: str, now: datetime) -> bool:
    """Whether this action is left to somebody who is kept out: whoever is concerned still reports it (W-102)."""
    known, cast = desk.procedure.actions.get(action), Cast(desk, case, now)
    return known is not None and cast.barred(person) and cast.may(person, known.by, action)


def may_know(desk: Desk, case: Complaint, person: str, now: datetime) -> bool:
    """Whether they may know who complains: of a confidential case only who received it and the role in charge."""
    if not case.confidential:
        return may_see(desk, case, person, now)
    received = case.done.get(desk.rulebook.opening)
    cast = Cast(desk, case, now)
    if cast.barred(person):
        return False
    return (received is not None and person == received.first_by) or cast.may(person, ["in_charge"])


def _departments(desk: Desk, case: Complaint) -> list[str]:
    fields = desk.procedure.fields
    return [str(case.values[f]) for f in fields if fields[f].type == "department" and f in case.values]


def _units(desk: Desk) -> set[str]:
    return set(desk.organisation.departments)


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
        desk, now = self._desks.of(case), self._clock().astimezone(UTC)
        open_to = may_see(desk, case, self._person, now) or may_do_unseen(desk, case, self._person, self._action, now)
        return case if open_to else None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)


class Show:
    """Showing cases, with what it needs of the world. `hasher` is called when it is needed first."""

    def __init__(
        self, *, cases: CaseStore, desks: Desks, hasher: Callable[[], Hasher], clock: Callable[[], datetime]
    ) -> None:
        self._cases, self._desks, self._hasher, self._clock = cases, desks, hasher, clock

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
        knows = may_know(desk, case, person, now)
        if case.confidential and identity:
            if not knows:
                raise NotAllowed("Who complains is not for you to know.")
            case = self._noted(desk, case, person, now)
        view = _pictured(desk, case, person, now, language, knows)
        if knows and (identity or not case.confidential):
            view.customer = self._cases.identity(org, number)
            view.customer_withheld = False
            links = links_of(view.customer, org, case.site, self._hasher())
            others = self.earlier(org, links, person, language)
            view.earlier = [other for other in others if other.number != number]
        return view

    def view(self, case: Complaint, person: str, language: str) -> CaseView | None:
        """What the head alone tells: no read. None where it is not for this person."""
        desk, now = self._desks.of(case), self._now()
        if not may_see(desk, case, person, now):
            return None
        return _pictured(desk, case, person, now, language, may_know(desk, case, person, now))

    def history(self, org: str, number: str, person: str, language: str) -> list[EventView]:
        """All events, oldest first, in words. Raises NotFound."""
        case = self.seen(org, number, person)
        desk, now = self._desks.of(case), self._now()
        picture = Picture(desk, case, person, now, language, may_know(desk, case, person, now))
        return picture.history(self._cases.history(org, number))

    def of_customer(
        self, org: str, person: str, language: str, *, phone: str = "", room: str = "", plate: str = ""
    ) -> list[EarlierView]:
        """Cases of whoever gave this phone, room (at any site) or plate, newest first."""
        given = Identity(phone=phone, room=room, plate=plate)
        sites = self._desks.organisation(org).sites if room else [""]
        links = dict.fromkeys(link for site in sites for link in links_of(given, org, site, self._hasher()))
        return self.earlier(org, links, person, language)

    def earlier(
        self, org: str, links: Iterable[tuple[str, str]], person: str, language: str
    ) -> list[EarlierView]:  # fmt: skip
        """Cases of the same phone, room or plate that this person may see and know of, newest first."""
        numbers: dict[str, None] = {}
        for kind, hashed in links:
            numbers |= dict.fromkeys(self._cases.linked(org, kind, hashed))
        heads = self._cases.load_many([(org, number) for number in numbers][:100]).values() if numbers else []
        now, found = self._now(), []
        for case in sorted(heads, key=lambda head: head.received_at, reverse=True):
            desk = self._desks.of(case)
            if may_see(desk, case, person, now) and may_know(desk, case, person, now):
                found.append(_earlier(desk, case, language))
        return found

    def _noted(self, desk: Desk, case: Complaint, person: str, now: datetime) -> Complaint:
        """Every look at a confidential identity stands in the history. Raises Conflict."""
        step = Step(desk, case, now)
        event = step.event(at=now, kind="seen", by=person)
        self._cases.commit(case.version, step.case, [event], [], next_due(desk, step.case))
        return step.case

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC).replace(microsecond=0)


def _earlier(desk: Desk, case: Complaint, language: str) -> EarlierView:
    about: dict[str, Any] = {name: getattr(case, name) for name in ("number", "received_at", "status", "summary")}
    title = said(desk.procedure.stages[case.stage].title, language)
    return EarlierView(**about, site=case.site, stage=title)


def _pictured(desk: Desk, case: Complaint, person: str, now: datetime, language: str, knows: bool) -> CaseView:
    view = Picture(desk, case, person, now, language, knows).case()
    view.why = why(view, desk.procedure, language)
    return view
