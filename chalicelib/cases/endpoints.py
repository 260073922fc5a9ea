"""Where other systems hear of events: what administrators read, write and have sent again."""

from collections.abc import Callable
from datetime import datetime
from typing import get_args

from msgspec import UNSET, UnsetType
from msgspec.structs import asdict, replace

from chalicelib.cases.desks import Desks
from chalicelib.cases.entries import EndpointEntry, EndpointView, Redelivery, Requeued
from chalicelib.cases.instants import now_by
from chalicelib.cases.numbers import heard
from chalicelib.cases.signing import endpoint_purpose
from chalicelib.cases.webhooks import AGAIN, first_of
from chalicelib.desk.complaint import Message
from chalicelib.desk.errors import BadInput, Conflict, NotFound, Problem
from chalicelib.desk.outside import LETTER, Kind
from chalicelib.desk.people import Endpoint, EndpointHealth, Organisation
from chalicelib.messaging.outbound import allowed
from chalicelib.ports import CaseStore, Outbox, Queue, Undelivered, UndeliveredStore

MOST_ENDPOINTS = 5
"""Each one that wants an event is one more row in its transaction."""

AT_ONCE = 100
"""Events that one call sends again."""

DETAILED = ("acted", "registered", "late")
"""Kinds of which an endpoint may want single actions or clocks."""


class Endpoints:
    """The endpoints, with what they need of the world. `local`: see `allowed`."""

    def __init__(
        self, *, desks: Desks, cases: CaseStore, outbox: Outbox, undelivered: UndeliveredStore, queue: Queue,
        secret_of: Callable[[str, int], str], clock: Callable[[], datetime], local: bool,
    ) -> None:  # fmt: skip
        self._desks, self._cases, self._outbox, self._undelivered = desks, cases, outbox, undelivered
        self._queue, self._secret_of, self._clock, self._local = queue, secret_of, clock, local

    def all(self, org: str) -> list[EndpointView]:
        """Every endpoint, with how it fares; no secrets."""
        organisation = self._desks.organisation(org)
        return [_view(organisation, endpoint) for endpoint in organisation.webhooks.values()]

    def put(self, org: str, entry: EndpointEntry) -> EndpointView:
        """Write it whole; one that was given up is tried again. The secret is told where it is new. Raises BadInput."""
        organisation = self._desks.organisation(org)
        before = organisation.webhooks.get(entry.id)
        if problems := self._problems(organisation, before, entry):
            raise BadInput("It cannot be kept as it is.", problems)
        now, anew = now_by(self._clock), before is None or entry.epoch != before.epoch
        since = now if before is None or anew else before.since
        endpoint = Endpoint(**asdict(entry), since=since)
        self._desks.directory.put(org, "webhook", entry.id, endpoint)
        if entry.id in organisation.webhook_health:
            self._desks.directory.put(org, "webhook_health", entry.id, EndpointHealth(id=entry.id))
        secret = self._secret_of(endpoint_purpose(org, entry.id), entry.epoch) if anew else UNSET
        return _view(replace(organisation, webhook_health={}), endpoint, secret)

    def lost(self, org: str, id: str, since: datetime) -> list[Undelivered]:
        """Events from then on that it did not take, oldest first. Raises NotFound."""
        self._endpoint(org, id)
        return self._undelivered.since(org, id, since, AT_ONCE)

    def redeliver(self, org: str, id: str, wanted: Redelivery) -> Requeued:
        """Send again: one event of a case, all of a case that were given up, or all that were given up since.

        Raises NotFound, BadInput, Conflict (it is switched off).
        """
        self._endpoint(org, id)
        if not self._desks.organisation(org).hears(id):
            raise Conflict("The endpoint is switched off: switch it on first.")
        if (wanted.since is None) == (not wanted.number):
            raise BadInput("Say what to send again.", [Problem("number", "is required, or since")])
        now = now_by(self._clock)
        lost = self._undelivered.since(org, id, wanted.since, AT_ONCE) if wanted.since else []
        messages = self._of_case(org, id, wanted) if wanted.number else [m for one in lost if (m := self._of(one))]
        again = [_again(message, now) for message in messages]
        for message in again:
            self._outbox.add(message)
        for one in lost:
            self._undelivered.forget(one)
        self._queue.deliver(again)
        return Requeued(queued=len(again), more=len(lost) == AT_ONCE)

    def _of(self, lost: Undelivered) -> Message | None:
        posted = self._outbox.load(lost.org, lost.number, lost.message)
        return posted.message if posted else None

    def _of_case(self, org: str, id: str, wanted: Redelivery) -> list[Message]:
        found = [
            posted
            for posted in self._cases.messages(org, heard(wanted.number) or wanted.number)
            if posted.message.letter == LETTER and posted.message.to == id
            and (posted.message.id == wanted.message if wanted.message else posted.state == "dead")
        ]  # fmt: skip
        if wanted.message and not found:
            raise BadInput(
                "There is no such event.", [Problem("message", "is no event of this case for this endpoint")]
            )
        return [posted.message for posted in found]

    def _endpoint(self, org: str, id: str) -> Endpoint:
        found = self._desks.organisation(org).webhooks.get(id)
        if found is None:
            raise NotFound(f"There is no endpoint {id!r}.")
        return found

    def _problems(self, organisation: Organisation, before: Endpoint | None, entry: EndpointEntry) -> list[Problem]:
        problems = []
        if not allowed(entry.url, local=self._local):
            problems.append(Problem("url", "must be an https address of the public internet"))
        for name in entry.events:
            kind, _, detail = name.partition(":")
            if kind not in get_args(Kind) or (":" in name and (kind not in DETAILED or not detail)):
                problems.append(Problem("events", f"is not known here: {name}"))
        present = before.epoch if before else 0
        if entry.epoch not in ((present, present + 1) if before else (0,)):
            problems.append(Problem("epoch", f"must be {present + 1 if before else 0}"))
        if before is None and len(organisation.webhooks) >= MOST_ENDPOINTS:
            problems.append(Problem("id", f"there are {MOST_ENDPOINTS} endpoints already, which is the most"))
        return problems


def _again(message: Message, now: datetime) -> Message:
    """The same event as a message of its own; asked for twice in one second it is one."""
    return replace(message, id=f"{first_of(message).id}{AGAIN}{int(now.timestamp())}", not_before=None)


def _view(organisation: Organisation, endpoint: Endpoint, secret: str | UnsetType = UNSET) -> EndpointView:
    health = organisation.webhook_health.get(endpoint.id) or EndpointHealth(id=endpoint.id)
    return EndpointView(
        id=endpoint.id, url=endpoint.url, events=endpoint.events, active=endpoint.active, epoch=endpoint.epoch,
        since=endpoint.since, failing_since=health.failing_since, disabled_at=health.disabled_at, secret=secret,
    )  # fmt: skip
