"""The form by which a complaint is taken in: what it asks, and the guides shown beside it.

There is no case yet: guides are judged as if this person were taking a complaint in by this channel now.
"""

from collections.abc import Callable
from datetime import datetime

from chalicelib.cases.desks import Desks, site_of
from chalicelib.cases.instants import now_by
from chalicelib.cases.picture import Picture, guide_view
from chalicelib.cases.views import GuideView, IntakeView
from chalicelib.desk.complaint import CUSTOMER, ChannelOfIntake, Complaint, Mark
from chalicelib.desk.facts import Facts
from chalicelib.desk.procedure import NEW
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.words import said


class IntakeForm:
    """The form, with what it needs of the world."""

    def __init__(self, *, desks: Desks, clock: Callable[[], datetime]) -> None:
        self._desks, self._clock = desks, clock

    def __call__(self, org: str, site: str, person: str, channel: ChannelOfIntake, language: str) -> IntakeView:
        """For a member of staff who takes a complaint in. Raises NotFound (no such site)."""
        desk, now = self._desks.at(org, site_of(self._desks.organisation(org), site)), now_by(self._clock)
        procedure, case = desk.procedure, _blank(desk, channel, now, person)
        action = procedure.actions[desk.rulebook.opening]
        picture = Picture(desk, case, person, now, language, knows=False)
        form = picture.form(action)
        for name, one in form["properties"].items():
            if intake := procedure.fields[name].intake:
                one["x-intake"] = intake
        return IntakeView(
            org=desk.organisation.id,
            site=desk.site.id,
            site_name=said(desk.site.name, language),
            procedure=procedure.id,
            procedure_title=said(procedure.title, language),
            title=said(action.title, language),
            channels={id: said(one.title, language) or id for id, one in procedure.channels.items()},
            form=form,
            guides=picture.guides(),
            rules=action.rules,
        )

    def for_customers(self, org: str, site: str, language: str) -> list[GuideView]:
        """What the procedure says to those who fill the form in themselves, on the website. Raises NotFound."""
        desk = self._desks.at(org, site_of(self._desks.organisation(org), site))
        facts = Facts(_blank(desk, "web", now_by(self._clock)))
        return [
            guide_view(id, guide, language)
            for id, guide in desk.procedure.guides.items()
            if NEW in guide.at and CUSTOMER in guide.for_ and facts.hold(guide.when)
        ]


def _blank(desk: Desk, channel: ChannelOfIntake, now: datetime, person: str = "") -> Complaint:
    """A case of which nothing has happened but that this person is about to take it in."""
    about_to = Mark(first_by=person, by=person, at=now, round=1, version=1)
    return Complaint(
        org=desk.organisation.id,
        site=desk.site.id,
        number="",
        procedure=desk.procedure.id,
        procedure_version=desk.procedure.version,
        channel=channel,
        kind="complaint",
        language="zh-Hans",
        received_at=now,
        registered_at=now,
        done={desk.rulebook.opening: about_to} if person else {},
    )
