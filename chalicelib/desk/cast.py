"""Who is who in one case: roles of the procedure resolved to people of the directory, at an instant.

A role resolves when it is used: primary, then secondary, then the superior role, passing over whoever is absent
or kept out (W-100 to W-102). Nothing is stored of it, so an absence re-arms nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.desk.complaint import CUSTOMER, Complaint, Owner
from chalicelib.desk.people import is_absent, stand_in
from chalicelib.desk.procedure import ALL_OF, Clock
from chalicelib.desk.rulebook import Desk


class Cast:
    """The people of a case at an instant.

    With `task`, an instance, roles that a field names are whoever the field named when the task took it: a later
    appointment with somebody else changes nothing of this one.
    """

    def __init__(self, desk: Desk, complaint: Complaint, at: datetime, task: str = "") -> None:
        self.desk = desk
        self.complaint = complaint
        self.at = at
        self.task = task if task in complaint.tasks else ""
        self.values = {**complaint.values, **complaint.taken(task)}
        self.procedure = desk.procedure
        self._barred: dict[str, set[str]] | None = None

    def holders(self, role: str) -> list[str]:
        """Everyone with the rights of a role, the primary person first; the barred are among them."""
        return self._holders(role, frozenset())

    def answers_for(self, role: str) -> str:
        """The one person who answers for a role now; empty where nobody does."""
        return self._answers_for(role, frozenset())

    def barred(self, person: str, action: str = "") -> bool:
        """Whether the person is kept out of this case (of this action)."""
        if self._barred is None:
            self._barred = {}
            whole = Cast(self.desk, self.complaint, self.at) if self.task else self
            for bar in self.procedure.bars:
                for role in bar.who:
                    for kept_out in whole.holders(role):
                        may = self._barred.get(kept_out)
                        self._barred[kept_out] = set(bar.may) if may is None else may & set(bar.may)
        return person in self._barred and action not in self._barred[person]

    def able(self, person: str) -> bool:
        """Whether the case may lie with this person: on the staff, and not kept out of it."""
        known = self.desk.organisation.staff.get(person)
        return known is not None and known.active and not self.barred(person)

    def may(self, person: str, roles: Iterable[str], action: str = "") -> bool:
        """Whether the person has the rights of one of the roles in this case."""
        if self.barred(person, action):
            return False
        return any(
            person in self.holders(role)
            or person == self.answers_for(role)
            or (role == self.complaint.owner.role and person == self.in_charge())  # such as one it was handed to
            for role in roles
        )

    def _with_rights(self, role_id: str, seen: frozenset[str] = frozenset()) -> list[str]:
        """The holders of a role; where nobody holds it (nobody received the case), those of its superior."""
        role = self.procedure.roles.get(role_id)
        found = self.holders(role_id)
        if any(self.able(p) for p in found) or role is None or not role.superior or role_id in seen:
            return found
        return found + self._with_rights(role.superior, seen | {role_id})

    def owner(self, role: str | None) -> Owner:
        """Whom the case lies with where this role is in charge: the person assigned, absent or not."""
        if role is None:
            return Owner()
        able = [p for p in self.holders(role) if self.able(p)]
        person = able[0] if able else self.answers_for(role)
        return Owner(person=person, department=self._department(role, person), role=role)

    def in_charge(self) -> str:
        """Who answers for the stage now: the owner, or who stands in."""
        owner = self.complaint.owner
        if owner.person and self.able(owner.person):
            if not is_absent(self.desk.organisation, owner.person, self.at):
                return owner.person
            if (other := stand_in(self.desk.organisation, owner.person, self.at)) and self.able(other):
                return other
        return self.answers_for(owner.role) if owner.role else ""

    def recipients(self, roles: Iterable[str], clock: Clock | None = None) -> list[str]:
        """Whom a letter to these roles reaches, each once. Nobody found: the superiors, then the admins.

        Where a rung of a `clock` sends it, those in charge are the people of its task, and the clock says whether
        whoever has a day off is told all the same, before the stand-in.
        """
        people = [person for role in roles for person in self._told(role, clock) if person]
        if not people:
            fallback = self._superior() or (self.procedure.tracked_by and self.answers_for(self.procedure.tracked_by))
            admins = [p.id for p in self.desk.organisation.staff.values() if p.admin and self.able(p.id)]
            people = [fallback] if fallback else admins
        return list(dict.fromkeys(people))

    def _told(self, role: str, clock: Clock | None) -> list[str]:
        if role == "customer":
            return [CUSTOMER]
        if role == "superior":
            return [self._superior()]
        if role.startswith(ALL_OF):
            return [p for p in self.holders(role.removeprefix(ALL_OF)) if self.able(p)]
        if self.task and clock and role in ("in_charge", "owner"):
            for_ = self.procedure.tasks[self.complaint.tasks[self.task].task].for_
            role = next((r for r in for_ if self.answers_for(r)), "")
        bound = clock is not None and clock.day_off == "still_told"
        first = next((p for p in self.holders(role) if self.able(p)), "") if bound else ""
        return [first, self.answers_for(role)]

    def _superior(self) -> str:
        role = self.procedure.roles.get(self.complaint.owner.role)
        return self.answers_for(role.superior) if role and role.superior else ""

    def _holders(self, role_id: str, seen: frozenset[str]) -> list[str]:
        organisation = self.desk.organisation
        if role_id in ("in_charge", "owner"):
            stage = self.procedure.stages[self.complaint.stage] if self.complaint.stage else None
            roles = [stage.in_charge, *stage.also] if stage and stage.in_charge else []
            mine = [self.complaint.owner.person] if self.complaint.owner.person else []
            return list(dict.fromkeys(mine + [p for r in roles if r for p in self._holders(r, seen)]))
        if role_id == "tracked_by":
            role_id = self.procedure.tracked_by or ""
        role = self.procedure.roles.get(role_id)
        if role is None or role_id in seen:
            return []
        seen |= {role_id}
        values = self.values
        if role.everyone:
            people: Iterable[str] = organisation.staff
        elif role.did:
            people = [self.complaint.done[a].first_by for a in role.did if a in self.complaint.done][:1]
        elif role.staff_of:
            unit = organisation.departments.get(str(values.get(role.staff_of)))
            people = unit.people if unit else []
        elif role.head_of:
            unit = organisation.departments.get(str(values.get(role.head_of)))
            people = [unit.head] if unit and unit.head else []
        elif role.named_in:
            named = values.get(role.named_in)
            people = named if isinstance(named, list) else [str(named)]
        elif role.unit_of:
            first = self._holders(role.unit_of, seen)
            units = [d for p in first if p in organisation.staff for d in organisation.staff[p].departments]
            people = first + [
                p for d in units if d in organisation.departments for p in organisation.departments[d].people
            ]
        else:
            people = self.desk.site.posts.get(role_id, [])
        known = organisation.staff
        return [p for p in dict.fromkeys(people) if p in known and known[p].active]

    def _answers_for(self, role_id: str, seen: frozenset[str]) -> str:
        if role_id in ("in_charge", "owner"):
            return self.in_charge()
        if role_id == "tracked_by":
            role_id = self.procedure.tracked_by or ""
        if not role_id or role_id in seen:
            return ""
        for person in self._holders(role_id, frozenset()):
            if not self.able(person):
                continue
            if not is_absent(self.desk.organisation, person, self.at):
                return person
            if (other := stand_in(self.desk.organisation, person, self.at)) and self.able(other):
                return other
        role = self.procedure.roles.get(role_id)
        return self._answers_for(role.superior or "", seen | {role_id}) if role else ""

    def _department(self, role_id: str, person: str) -> str:
        role = self.procedure.roles.get(role_id)
        field = (role.staff_of or role.head_of) if role else None
        if field and (unit := str(self.values.get(field, ""))) in self.desk.organisation.departments:
            return unit
        known = self.desk.organisation.staff.get(person)
        return known.departments[0] if known and known.departments else ""
