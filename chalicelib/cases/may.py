"""Who may do what: the one door that every use case and route asks. It is shut unless a rule here opens it.

Who asks is proved before: staff by a token or a session, the complainant by number and proof. What a rule says lies
with what it is about: `sight.py` (cases), `keepers.py` (registers), `desk/duties.py` (reports), `desk/engine.py` (the
procedure's own actions). Nothing else asks those.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.cases import keepers, sight
from chalicelib.cases.keepers import Of
from chalicelib.desk import duties
from chalicelib.desk.complaint import CUSTOMER, Complaint
from chalicelib.desk.engine import open_actions
from chalicelib.desk.people import Organisation, Person
from chalicelib.desk.rulebook import Desk

Verb = Literal[
    "see",  # a case at all
    "see_line",  # a case, as far as the department on its line tells
    "know",  # who complains in it
    "read",  # what a field of it holds
    "work",  # something in it, whatever it is: then files may be added, too
    "do_unseen",  # an action, though the case is not to be seen
    "print",  # its acknowledgement, which carries the complainant's proof
    "fetch",  # a file of it
    "read_registers",
    "close_register",  # a period of this one
    "read_report",  # of one of these duties; of none of them: one by itself
    "issue_report",  # of this duty
    "read_libraries",
    "take_in",  # a complaint
    "enter",  # the desk at all
    "administer",
    "list_requests",  # the public list of service requests
]


class Actor(Struct, frozen=True, kw_only=True):
    """Who asks, when: a member of staff of `org`; CUSTOMER, whose case is `number`; with neither, anyone."""

    org: str = ""
    person: str = ""
    number: str = ""
    now: datetime


class Matter(Struct, frozen=True):
    """A case, with the desk it lies at."""

    desk: Desk
    case: Complaint


Thing = Organisation | Desk | Matter
Rule = Callable[[Actor, Thing, tuple[str, ...]], bool]


def may(actor: Actor, verb: Verb, thing: Thing, *names: str) -> bool:
    """Whether the actor may do that: in a case (a Matter), at a site (a Desk), or in a whole organisation.

    `names`: of what the verb is about (a field, an action, a file, a register, duties). What no rule says nobody may.
    """
    if actor.person == CUSTOMER:
        rule = OF_COMPLAINANTS.get(verb)
        mine = isinstance(thing, Matter) and (thing.case.org, thing.case.number) == (actor.org, actor.number)
        return rule is not None and mine and rule(actor, thing, names)
    if not actor.person:
        rule = OF_ANYONE.get(verb)
        return rule is not None and rule(actor, thing, names)
    rule = OF_STAFF.get(verb)
    return rule is not None and _on_the_staff(actor, thing) is not None and rule(actor, thing, names)


def staff(org: str, person: str, now: datetime) -> Actor:
    """A member of staff."""
    return Actor(org=org, person=person, now=now)


def complainant(case: Complaint, now: datetime) -> Actor:
    """Whoever proved that a case is theirs."""
    return Actor(org=case.org, person=CUSTOMER, number=case.number, now=now)


def hides(desk: Desk, person: str, now: datetime) -> Callable[[Complaint, str], bool]:
    """Which fields of a case are not for a member of staff, for whoever shows many of them."""
    actor = staff(desk.organisation.id, person, now)
    return lambda case, name: not may(actor, "read", Matter(desk, case), name)


def _organisation(thing: Thing) -> Organisation:
    match thing:
        case Organisation():
            return thing
        case Desk():
            return thing.organisation
        case Matter():
            return thing.desk.organisation


def _on_the_staff(actor: Actor, thing: Thing) -> Person | None:
    """The actor in the directory that it is about; None for who is in another one, or has left."""
    organisation = _organisation(thing)
    known = organisation.staff.get(actor.person) if organisation.id == actor.org else None
    return known if known is not None and known.active else None


def _in_case(rule: Callable[[Desk, Complaint, str, datetime], bool]) -> Rule:
    return lambda actor, thing, _: isinstance(thing, Matter) and rule(thing.desk, thing.case, actor.person, actor.now)


def _of_a_case(rule: Callable[[Desk, Complaint, str, datetime, str], bool]) -> Rule:
    """A rule about something of a case, which holds for each that is named."""

    def asked(actor: Actor, thing: Thing, names: tuple[str, ...]) -> bool:
        if not isinstance(thing, Matter):
            return False
        desk, case = thing.desk, thing.case
        return _each(names, lambda name: rule(desk, case, actor.person, actor.now, name))

    return asked


def _at_site(rule: Callable[[Desk, str, datetime, tuple[str, ...]], bool]) -> Rule:
    return lambda actor, thing, names: isinstance(thing, Desk) and rule(thing, actor.person, actor.now, names)


def _always(_actor: Actor, _thing: Thing, _names: tuple[str, ...]) -> bool:
    return True


def _administers(actor: Actor, thing: Thing, _: tuple[str, ...]) -> bool:
    known = _on_the_staff(actor, thing)
    return known is not None and known.admin


def _works(desk: Desk, case: Complaint, person: str, now: datetime) -> bool:
    return bool(open_actions(desk, case, person, now))


def _fetches(desk: Desk, case: Complaint, person: str, now: datetime) -> bool:
    """Of a confidential case, a file may say who complains."""
    return sight.may_see(desk, case, person, now) and (not case.confidential or sight.may_know(desk, case, person, now))


def _closes(desk: Desk, person: str, now: datetime, names: tuple[str, ...]) -> bool:
    known = desk.procedure.registers
    return _each(names, lambda id: id in known and keepers.may_close(Of(desk, id, known[id], person, now)))


def _issues(desk: Desk, person: str, now: datetime, names: tuple[str, ...]) -> bool:
    return _each(names, lambda duty: duties.may_issue(desk, duty, person, now))


def _theirs(_desk: Desk, case: Complaint, _person: str, _now: datetime, file: str) -> bool:
    """Whether the complainant sent that file."""
    found = case.file(file)
    return found is not None and found.by == CUSTOMER


def _each(names: tuple[str, ...], rule: Callable[[str], bool]) -> bool:
    """Whether it holds for every name; where none is named nothing was asked for."""
    return bool(names) and all(rule(name) for name in names)


OF_STAFF: Mapping[Verb, Rule] = {
    "see": _in_case(sight.may_see),
    "see_line": _at_site(lambda desk, person, _, names: sight.may_see_line(desk, person, *names)),
    "know": _in_case(sight.may_know),
    "read": _of_a_case(sight.may_read_field),
    "work": _in_case(_works),
    "do_unseen": _of_a_case(sight.may_do_unseen),
    "print": _in_case(sight.may_print),
    "fetch": _in_case(_fetches),
    "read_registers": _at_site(lambda desk, person, now, _: keepers.may_read(desk, person, now)),
    "close_register": _at_site(_closes),
    "read_report": _at_site(lambda desk, person, now, names: duties.may_read(desk, names, person, now)),
    "issue_report": _at_site(_issues),
    "read_libraries": _always,
    "take_in": _always,
    "enter": _always,
    "administer": _administers,
}
"""What staff may do in their own organisation; who has left it may do nothing."""

OF_COMPLAINANTS: Mapping[Verb, Rule] = {"fetch": _of_a_case(_theirs)}
"""What complainants may do with what is in their own case; to follow it and to add to it their proof is enough."""

OF_ANYONE: Mapping[Verb, Rule] = {"list_requests": lambda _actor, thing, _names: _organisation(thing).open311}
"""What needs nobody's name."""
