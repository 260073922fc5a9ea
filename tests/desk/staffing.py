"""A site for any procedure, staffed so that one person missing leaves nobody alone with a role."""

from collections.abc import Mapping

from chalicelib.cases.desks import holidays
from chalicelib.desk.calendar import QuietHours
from chalicelib.desk.people import Department, Organisation, Person, Site
from chalicelib.desk.procedure import Procedure
from chalicelib.desk.rulebook import Desk, Rulebook

RANKS = ("first", "second", "third")
FOUND_IN_CASE = ("everyone", "did", "staff_of", "head_of", "named_in", "unit_of")


def posts_of(procedure: Procedure) -> dict[str, list[str]]:
    """For each role that the directory names: a primary, a secondary and one more."""
    named = [r for r, role in procedure.roles.items() if not any(getattr(role, how) for how in FOUND_IN_CASE)]
    return {role: [f"{role}-{rank}" for rank in RANKS] for role in named}


def staffed(procedure: Procedure, settings: Mapping[str, str] | None = None) -> Desk:
    """A desk for the procedure: a department for each post, two more without, and an administrator."""
    posts = posts_of(procedure)
    units = {**posts, "east": ["east-1", "east-2", "east-3"], "west": ["west-1", "west-2", "west-3"]}
    staff = {who: _person(who, unit) for unit, people in units.items() for who in people}
    staff["root"] = _person("root", "east", admin=True)
    departments = {
        unit: Department(id=unit, name={"zh-Hans": unit}, people=people, head=people[0])
        for unit, people in units.items()
    }
    site = Site(id="main", name={"zh-Hans": "总部"}, procedure=procedure.id, posts=posts, settings=dict(settings or {}))
    organisation = Organisation(
        id=procedure.id, name={"zh-Hans": procedure.id}, sites={"main": site}, departments=departments, staff=staff
    )
    return Desk(organisation=organisation, site=site, calendar=holidays(), rulebook=Rulebook(procedure))


def _person(who: str, unit: str, admin: bool = False) -> Person:
    quiet = QuietHours() if who.endswith("second") else None
    return Person(
        id=who, name=who, email=f"{who}@example.org", phone="13800138000", departments=[unit], quiet=quiet, admin=admin
    )
