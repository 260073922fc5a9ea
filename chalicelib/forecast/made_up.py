"""A made-up site for any procedure: a department for each post, each with as many people as wanted."""

from collections.abc import Mapping

from chalicelib.desk.calendar import QuietHours
from chalicelib.desk.holidays import holidays
from chalicelib.desk.people import Department, Organisation, Person, Site
from chalicelib.desk.procedure import Procedure
from chalicelib.desk.rulebook import Desk, Rulebook

RANKS = ("first", "second", "third")
FOUND_IN_CASE = ("everyone", "did", "staff_of", "head_of", "named_in", "unit_of")
OTHER_UNITS = ("east", "west")
"""Departments whose people hold no post: those that complaints are about."""


def posts_of(procedure: Procedure, people: Mapping[str, int] | None = None, usually: int = 3) -> dict[str, list[str]]:
    """For each role that the directory names: a primary, a secondary and so on, as many as `people` says of it."""
    named = [r for r, role in procedure.roles.items() if not any(getattr(role, how) for how in FOUND_IN_CASE)]
    return {role: _names(role, (people or {}).get(role, usually)) for role in named}


def staffed(
    procedure: Procedure,
    settings: Mapping[str, str] | None = None,
    people: Mapping[str, int] | None = None,
    usually: int = 3,
) -> Desk:
    """A desk for the procedure: a department for each post, two more without, and an administrator.

    `people` says how many a role or one of the two departments (`east`, `west`) has; `usually` of the others. Three
    for each is enough for one person missing to leave nobody alone with a role.
    """
    posts = posts_of(procedure, people, usually)
    units = {**posts, **{unit: _names(unit, (people or {}).get(unit, usually)) for unit in OTHER_UNITS}}
    staff = {who: _person(who, unit) for unit, names in units.items() for who in names}
    staff["root"] = _person("root", "east", admin=True)
    departments = {
        unit: Department(id=unit, name={"zh-Hans": unit}, people=names, head=names[0]) for unit, names in units.items()
    }
    site = Site(id="main", name={"zh-Hans": "总部"}, procedure=procedure.id, posts=posts, settings=dict(settings or {}))
    organisation = Organisation(
        id=procedure.id, name={"zh-Hans": procedure.id}, sites={"main": site}, departments=departments, staff=staff
    )
    return Desk(organisation=organisation, site=site, calendar=holidays(), rulebook=Rulebook(procedure))


def _names(unit: str, count: int) -> list[str]:
    return [f"{unit}-{RANKS[n] if n < len(RANKS) else n + 1}" for n in range(count)]


def _person(who: str, unit: str, admin: bool = False) -> Person:
    quiet = QuietHours() if who.endswith("second") else None
    return Person(
        id=who, name=who, email=f"{who}@example.org", phone="13800138000", departments=[unit], quiet=quiet, admin=admin
    )
