"""What the systems of an organisation are told of its cases: which events, to which of its endpoints, in what words.

Nothing personal is in it: whoever may know more asks the API for the case. An organisation without endpoints has none
of this in its outbox.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.desk.complaint import Announcement, Complaint, Event, Message
from chalicelib.desk.people import Endpoint, Organisation
from chalicelib.desk.procedure import Status

LETTER = "event"
"""What a message that carries an event says instead of the name of a letter."""

SILENT = frozenset({"seen", "rearmed", "ticked", "held", "released"})
"""Kinds of events that are nobody's business outside, or say nothing by themselves."""

TELLING = ("registered", "closed", "reopened", "late", "moved")
"""Of several kinds that one event is, the first of these gives it its type."""

Kind = Literal[
    "registered", "acted", "moved", "late", "closed", "reopened", "wrote", "mailed", "called", "attached", "grouped",
    "linked", "unlinked", "erased",
]  # fmt: skip


def told(before: Complaint | None, case: Complaint, event: Event) -> Announcement | None:
    """What is to be told of an event; None: nothing. `case` is how it stood after it, `before` how it did before."""
    late = [signal.removeprefix("late ") for signal in event.signals if signal.startswith("late ")]
    was_finished = before is not None and before.finished
    happened = {
        event.kind: event.kind not in SILENT,
        "late": bool(late),
        "moved": before is not None and before.stage != case.stage,
        "closed": case.finished and not was_finished,
        "reopened": was_finished and not case.finished,
    }
    kinds = [kind for kind, holds in happened.items() if holds]
    if not kinds:
        return None
    ranked = sorted(kinds, key=lambda kind: TELLING.index(kind) if kind in TELLING else len(TELLING))
    return Announcement(
        kinds=ranked, version=event.version, stage=case.stage, status=case.status, round=case.round,
        action=event.action if event.kind in ("registered", "acted") else "", late=late,
    )  # fmt: skip


def wanted(endpoint: Endpoint, what: Announcement) -> bool:
    """Whether an endpoint asked for it: by a kind, an action (`acted:classify`) or a clock (`late:transfer`)."""
    names = {*what.kinds, *(f"late:{clock}" for clock in what.late)}
    if what.action:
        names |= {f"{kind}:{what.action}" for kind in what.kinds if kind in ("registered", "acted")}
    return not endpoint.events or not names.isdisjoint(endpoint.events)


def announcements(organisation: Organisation, before: Complaint | None, case: Complaint, event: Event) -> list[Message]:
    """One message for each endpoint that wants to hear of the event; without its id."""
    open_ = [endpoint for endpoint in organisation.webhooks.values() if organisation.hears(endpoint.id)]
    what = told(before, case, event) if open_ else None
    return [
        Message(
            id="", org=case.org, number=case.number, site=case.site, letter=LETTER, channel="webhook", to=endpoint.id,
            at=event.at, stage=case.stage, tells=what,
        )
        for endpoint in open_
        if what is not None and wanted(endpoint, what)
    ]  # fmt: skip


class CaseEvent(Struct, kw_only=True):
    """The data of an event: no personal data, so whoever may know more asks for the case."""

    org: str
    site: str
    number: str
    version: int  # of the case after it
    kinds: list[str]
    stage: str
    status: Status
    round: int
    action: str
    late: list[str]


class CloudEvent(Struct, kw_only=True):
    """CloudEvents 1.0 in JSON. `id` is the same for every endpoint and at every try; `subject` is the case's number."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    data: CaseEvent


def cloud_event(message: Message, what: Announcement, public_url: str) -> CloudEvent:
    """The event as it is sent."""
    return CloudEvent(
        id=f"{message.number}.{what.version}",
        source=f"{public_url}/organisations/{message.org}",
        type=f"redress.case.{what.kinds[0]}.v1",
        subject=message.number,
        time=message.at,
        dataschema=f"{public_url}/openapi.json#/components/schemas/CaseEvent",
        data=CaseEvent(
            org=message.org, site=message.site, number=message.number, version=what.version, kinds=what.kinds,
            stage=what.stage, status=what.status, round=what.round, action=what.action, late=what.late,
        ),
    )  # fmt: skip
