"""The rules of who may see a case, and who may know who complains. They are asked by `may.py` alone."""

from datetime import datetime

from chalicelib.desk.cast import Cast
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.rulebook import Desk


def may_see(desk: Desk, case: Complaint, person: str, now: datetime) -> bool:
    """Whether a member of staff may see a case at all.

    Those whom the procedure keeps out never may. Else administrators, holders of a post at the site, people of a
    department concerned, whoever did something in the case, its owner or who stands in, whom an open task is for,
    whoever was named to know who complains.
    """
    organisation = desk.organisation
    known = organisation.staff.get(person)
    cast = Cast(desk, case, now)
    if known is None or not known.active or cast.barred(person):
        return False
    if known.admin or any(person in people for people in desk.site.posts.values()):
        return True
    units = {case.owner.department, *_departments(desk, case)}
    tasks = ((i, desk.procedure.tasks[t.task]) for i, t in case.tasks.items() if t.finished is None)
    return (
        any(person in organisation.departments[u].people or u in known.departments for u in units if u in _units(desk))
        or any(person in (mark.first_by, mark.by) for mark in case.done.values())
        or person in (case.owner.person, cast.in_charge())
        or _named(cast, person)
        or any(Cast(desk, case, now, instance).may(person, task.for_) for instance, task in tasks)
    )


def may_do_unseen(desk: Desk, case: Complaint, person: str, now: datetime, action: str) -> bool:
    """Whether this action is left to somebody who is kept out: whoever is concerned still reports it (W-102)."""
    known, cast = desk.procedure.actions.get(action), Cast(desk, case, now)
    return known is not None and cast.barred(person) and cast.may(person, known.by, action)


def may_know(desk: Desk, case: Complaint, person: str, now: datetime) -> bool:
    """Whether they may know who complains. Of a confidential case those whom the procedure names (`known_to`), by name:
    no superior answers for them unless the case lies there. Where it names nobody, who received it and the role in
    charge. And whom somebody in charge of this very case named (`confidants`).
    """
    if not case.confidential:
        return may_see(desk, case, person, now)
    cast, roles = Cast(desk, case, now), desk.procedure.known_to
    if cast.barred(person):
        return False
    if _named(cast, person):
        return True
    if roles:
        mine = case.owner.role in roles and person == cast.in_charge()
        return mine or any(person in cast.holders(role) for role in roles)
    received = case.done.get(desk.rulebook.opening)
    return (received is not None and person == received.first_by) or cast.may(person, ["in_charge"])


def may_see_line(desk: Desk, person: str, department: str = "") -> bool:
    """Whether the line of a case alone shows that they may see it: nobody is kept out by this procedure, and it is
    their place, or with their department.
    """
    known = desk.organisation.staff.get(person)
    if known is None or not known.active or desk.procedure.bars:
        return False
    posted = any(person in people for people in desk.site.posts.values())
    return known.admin or posted or department in known.departments


def may_read_field(desk: Desk, case: Complaint, person: str, now: datetime, name: str) -> bool:
    """Whether a field of a case is for a person: not where it is seen by roles which they do not have there."""
    field = desk.procedure.fields.get(name)
    return field is None or not field.seen_by_roles or Cast(desk, case, now).may(person, field.seen_by_roles)


def may_print(desk: Desk, case: Complaint, person: str, now: datetime) -> bool:
    """Whether the acknowledgement is theirs to print: who took the complaint in, and who is in charge of it."""
    received = case.done.get(desk.rulebook.opening)
    took_in = received is not None and person == received.first_by
    in_charge = Cast(desk, case, now).may(person, ["in_charge", "tracked_by"])
    return may_know(desk, case, person, now) and (took_in or in_charge)


def _named(cast: Cast, person: str) -> bool:
    return any(person in cast.holders(role) for role in cast.procedure.confidants)


def _departments(desk: Desk, case: Complaint) -> list[str]:
    fields = desk.procedure.fields
    return [str(case.values[f]) for f in fields if fields[f].type == "department" and f in case.values]


def _units(desk: Desk) -> set[str]:
    return set(desk.organisation.departments)
