"""Whether a site has the people its procedure needs: one for each role, and no stage that waits for an absent one.

Every role that the directory names is answered, by its people or its superior. A role in charge of a stage is filled,
and answered also while any one person is away. One that is found in the case is somebody else in each: of a
department this is asked for every department, of a person whether the superior answers. Where a procedure gives such a
person no superior, no site can help it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from chalicelib.desk.cast import Cast
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import Problem
from chalicelib.desk.people import Absence
from chalicelib.desk.procedure import Procedure, Role
from chalicelib.desk.rulebook import Desk

NOBODY = "is filled by nobody"

DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""Any day: whoever is away on it is put in here, and the absences of the directory are left out."""


def problems(desk: Desk) -> list[Problem]:
    """Everything that is wrong, each by the post or the department that lacks people."""
    in_charge = {stage.in_charge for stage in desk.procedure.stages.values()}
    found = [
        problem
        for role in desk.procedure.roles
        for problem in (_in_charge(desk, role) if role in in_charge else _named(desk, role))
    ]
    return list(dict.fromkeys(found))


def named_by_directory(role: Role) -> bool:
    """Whether the site's posts say who it is, and not the case."""
    return not (role.everyone or role.did or role.staff_of or role.head_of or role.named_in or role.unit_of)


def _named(desk: Desk, role_id: str) -> Iterator[Problem]:
    if named_by_directory(desk.procedure.roles[role_id]) and not _answers(desk, role_id, {}):
        yield Problem(f"posts.{role_id}", NOBODY)


def _in_charge(desk: Desk, role_id: str) -> Iterator[Problem]:
    role = desk.procedure.roles[role_id]
    post = _post(desk.procedure, role_id)
    if unit_field := role.staff_of or role.head_of:
        for unit in desk.organisation.departments:
            yield from _missing(desk, role_id, f"posts.{post}" if post else f"departments.{unit}", {unit_field: unit})
    elif post == role_id and not Cast(desk, _case(desk, {}), DAY).holders(role_id):
        yield Problem(f"posts.{post}", NOBODY)
    elif post:
        yield from _missing(desk, role_id, f"posts.{post}", {})


def _missing(desk: Desk, role: str, where: str, values: dict[str, str]) -> Iterator[Problem]:
    """Nothing, where the role is answered and still is when whoever answers is away."""
    first = _answers(desk, role, values)
    if not first:
        yield Problem(where, NOBODY)
    elif not _answers(desk, role, values, away=first):
        yield Problem(where, f"is answered by nobody while {first} is away")


def _post(procedure: Procedure, role_id: str | None) -> str:
    """The role itself, or the first of its superiors, that the directory names; empty where there is none."""
    seen: set[str] = set()
    while role_id in procedure.roles and role_id not in seen:
        if named_by_directory(procedure.roles[role_id]):
            return role_id
        seen.add(role_id)
        role_id = procedure.roles[role_id].superior
    return ""


def _answers(desk: Desk, role: str, values: dict[str, str], away: str = "") -> str:
    absences = [Absence(person=away, start=DAY, end=DAY + timedelta(days=1))] if away else []
    present = replace(desk, organisation=replace(desk.organisation, absences=absences))
    return Cast(present, _case(desk, values), DAY).answers_for(role)


def _case(desk: Desk, values: dict[str, str]) -> Complaint:
    """A case of which nothing else is known yet."""
    return Complaint(
        org=desk.organisation.id, site=desk.site.id, number="", procedure=desk.procedure.id,
        procedure_version=desk.procedure.version, channel="other", kind="complaint", language="zh-Hans",
        received_at=DAY, registered_at=DAY, values=dict(values),
    )  # fmt: skip
