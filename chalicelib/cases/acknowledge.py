"""The acknowledgement to print: for whoever took the complaint in, or is in charge of it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from chalicelib.cases.desks import Desks
from chalicelib.cases.instants import now_by
from chalicelib.cases.may import Matter, may, staff
from chalicelib.cases.track import Links
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.engine import decided, ticked
from chalicelib.desk.errors import Conflict, NotAllowed, NotFound
from chalicelib.desk.step import Step
from chalicelib.desk.wallclock import on_the_wall
from chalicelib.desk.words import said
from chalicelib.messaging.phrases import day, instant, limit
from chalicelib.ports import CaseStore
from chalicelib.reports.acknowledgement import Acknowledgement
from chalicelib.reports.words import word

TRIES = 5
"""How often a print is noted anew when somebody else was faster."""


class Acknowledge:
    """Making acknowledgements, with what it needs of the world. `next_of`: what comes next, by status and language."""

    def __init__(
        self, *, cases: CaseStore, desks: Desks, links: Links, clock: Callable[[], datetime],
        next_of: Callable[[str, str], str],
    ) -> None:  # fmt: skip
        self._cases, self._desks, self._links, self._clock = cases, desks, links, clock
        self._next_of = next_of

    def __call__(self, org: str, number: str, person: str, language: str = "") -> Acknowledgement:
        """What stands on it, in the complaint's language unless another is named.

        It carries the complainant's proof, so that it is for few, and the history says who had it.
        Raises NotFound, NotAllowed, Conflict.
        """
        case = self._noted(org, number, person)
        desk, spoken = self._desks.of(case), language or case.language
        identity = self._cases.identity(org, number)
        secret = case.confidential or case.anonymous
        channel = desk.procedure.channels.get(case.channel)
        contact, zone = desk.site.contact, desk.calendar.zone
        today = on_the_wall(zone, now_by(self._clock)).date()
        return Acknowledgement(
            number=case.number,
            organisation_name=said(desk.organisation.name, spoken),
            site_name=said(desk.site.name, spoken),
            address=contact.get("address", ""),
            phone=contact.get("phone", ""),
            language=spoken,
            name="" if secret else identity.name,
            summary="" if secret else case.summary,
            channel=(said(channel.title, spoken) if channel else "") or word("channel", case.channel, spoken),
            received=instant(case.received_at, zone, spoken, today.year),
            promised=limit(case.promised_at, zone, spoken, today.year) if case.promised_at else "",
            printed=day(today, spoken, 0),
            next=self._next_of(case.status, spoken),
            query_code=self._links.code(case.number),
            tracking_url=self._links.tracking(org, case.number),
            wants_phone=not identity.phone,
        )

    def _noted(self, org: str, number: str, person: str) -> Complaint:
        """The case, in whose history it stands that this person had the proof: once, however often it is printed."""
        for _ in range(TRIES):
            case, now = self._cases.load(org, number), now_by(self._clock)
            actor = staff(org, person, now)
            if case is None or not may(actor, "see", Matter(self._desks.of(case), case)):
                raise NotFound(f"There is no complaint {number}.")
            desk, mark = self._desks.of(case), f"printed {person}"
            if not may(actor, "print", Matter(desk, case)):
                raise NotAllowed("The acknowledgement is for whoever took the complaint in or is in charge of it.")
            if mark in case.carried:
                return case
            step = Step(desk, case, now)
            events = ticked(step)
            step.case.carried[mark] = now.isoformat()
            decision = decided(step, [*events, step.event(at=now, kind="printed", by=person)])
            with suppress(Conflict):
                after = decision.complaint
                self._cases.commit(
                    case.version, after, decision.events, decision.messages, decision.due, retain=decision.retain
                )
                return after
        raise Conflict("Others are writing in this case: try it once more.")
