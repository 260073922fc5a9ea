"""Whose registers are whose: who reads them, who keeps and closes them."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.desk.people import stands_in_for
from chalicelib.desk.procedure import Register
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wording import name_of
from chalicelib.desk.words import said
from chalicelib.reports.period import Period
from chalicelib.reports.views import Keeper


class Of(Struct, frozen=True):
    """Which register of which desk, and who asks for it, when."""

    desk: Desk
    id: str
    register: Register
    person: str
    now: datetime


def may_read(desk: Desk, person: str, now: datetime) -> bool:
    """Whether the registers of a site are for this person: administrators, holders of its posts, their stand-ins."""
    known = desk.organisation.staff.get(person)
    if known is None or not known.active:
        return False
    posted = {holder for people in desk.site.posts.values() for holder in people}
    return known.admin or bool(posted & {person, *stands_in_for(desk.organisation, person, now)})


def may_close(of: Of) -> bool:
    """Whether they may close its periods: who keeps it, who stands in for them, administrators."""
    organisation, keepers = of.desk.organisation, of.desk.site.posts.get(of.register.kept_by, [])
    known = organisation.staff.get(of.person)
    if known is None or not known.active:
        return False
    return known.admin or bool({of.person, *stands_in_for(organisation, of.person, of.now)} & set(keepers))


def over(period: Period, today: date) -> bool:
    """Whether the last day of a period is past."""
    return period.last < today


def keeper(desk: Desk, register: Register, language: str) -> Keeper:
    role = desk.procedure.roles.get(register.kept_by)
    people = [name_of(desk.organisation, person) for person in desk.site.posts.get(register.kept_by, [])]
    return Keeper(role=register.kept_by, title=said(role.title, language) if role else "", people=people)
