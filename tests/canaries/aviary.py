"""A desk on which every complainant is marked, and everything that leaves it is kept to be looked through.

The cases are those of the demo: some in every stage of each procedure, played by the product's own use cases with all
letters delivered, so that whatever an action can tell, some action told.
"""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import datetime
from functools import cached_property
from io import StringIO
from itertools import count
from typing import Any

from chalice.test import Client, HTTPResponse
from msgspec.structs import replace

from app import app
from chalicelib.cases.deliver import deliver
from chalicelib.cases.sweep import Sweep
from chalicelib.desk.complaint import Message
from chalicelib.desk.people import Endpoint, Organisation
from chalicelib.messaging.reference import Reference
from chalicelib.observability import observed
from chalicelib.ports import Sent
from chalicelib.settings import Settings
from chalicelib.storage.sealer import Sealer
from chalicelib.web.auth import Tokens
from chalicelib.wiring import World, _note_poison, use
from infra.demo_past import Past
from infra.demo_plan import Planned
from tests.canaries.birds import bird
from tests.fakes.inbox import FakeInbox
from tests.fakes.senders import FakeSender
from tests.fakes.uploads import MemoryUploads
from tests.web.air import AUDIENCE, ISSUER, signing_key, token
from tests.web.conftest import _forget_log

SETTINGS = Settings(public_url="https://desk.example", mail_from="desk@desk.example")


class Outside(FakeSender):
    """Another system, which takes letters and events."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[bytes] = []

    def send_event(self, to: str, secrets: Sequence[str], id: str, body: bytes) -> Sent:  # noqa: ARG002 # one port
        """See EventSender."""
        self.events.append(body)
        return Sent(id)


class Aviary(Past):
    """The past of an organisation all of whose complainants are marked; `confidential` all of them too."""

    def __init__(self, organisation: Organisation, sealer: Sealer, until: datetime, *, confidential: bool) -> None:
        self.confidential = confidential
        super().__init__(organisation, SETTINGS, b"k" * 32, sealer, until)
        self.handed: list[str] = []  # what went through the queue
        self.mail, self.sms, self.outside, self.inbox = FakeSender(), FakeSender(), Outside(), FakeInbox()
        draws = count(1)
        self.world = World(
            SETTINGS, clock=lambda: self.now, stores=self.stores, secret=b"k" * 32, files=self.files, queue=self,
            randbelow=lambda most: next(draws) % most, inbox=self.inbox, even=lambda: lambda: None,
            uploads=MemoryUploads(lambda: self.now),
            tokens=Tokens(
                issuer=ISSUER, audience=AUDIENCE, org_claim="custom:org", keys=lambda _: signing_key().public_key()
            ),
        )  # fmt: skip
        self.sweep = Sweep(
            due=self.stores.due, cases=self.stores.cases, outbox=self.stores.outbox, desks=self.world.desks,
            queue=self, duties=self.world.duties, jobs=self.world.jobs, erase=self.world.erase, pulse=self.stores.pulse,
            clock=lambda: self.now, note_poison=_note_poison,
        )  # fmt: skip
        self.client = Client(app)

    @cached_property
    def office(self) -> Any:
        """The post office, with providers that keep what they took."""
        senders: Any = {"email": self.mail, "sms": self.sms, "webhook": self.outside}
        return dataclasses.replace(self.world.post_office, senders=senders)

    def planned(self) -> list[Planned]:
        """The demo's plan, of marked people."""
        return [self._marked(n, plan) for n, plan in enumerate(super().planned(), 1)]

    def _marked(self, n: int, plan: Planned) -> Planned:
        posting = replace(plan.posting, customer=bird(n), confidential=self.confidential or plan.posting.confidential)
        fields = self.desk.procedure.fields
        known = {"name": bird(n).name, "phone": bird(n).phone, "email": bird(n).email, "address": bird(n).address,
                 "room": bird(n).room, "plate": bird(n).plate}  # fmt: skip

        def said(name: str, answer: Any) -> Any:
            entry = fields.get(name)
            if entry is None or not isinstance(answer, str):
                return answer
            if (part := (entry.intake or "").removeprefix("customer.")) in known:
                return known[part]
            return known.get(entry.type, answer)

        moves = [
            replace(move, answers={name: said(name, answer) for name, answer in move.answers.items()})
            for move in plan.moves
        ]
        return replace(plan, posting=posting, moves=moves)

    def deliver(self, messages: Sequence[Message]) -> None:
        """See Queue: everything is sent at once."""
        for message in messages:
            reference = Reference.of(message)
            self.handed.append(reference.encode())
            with observed("deliver"):
                deliver(reference, office=self.office, now=self.now)

    def call(
        self, method: str, path: str, body: Any = None, *, by: str = "", raw: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> HTTPResponse:  # fmt: skip
        """One request; `by` a member of staff, signed in."""
        sent = {"Accept-Language": "zh-CN", **(headers or {})}
        if by:
            sent["Authorization"] = f"Bearer {token(by, self.org)}"
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
            raw = json.dumps(body).encode()
        with use(self.world):
            return self.client.http.request(method, path, headers=sent, body=raw or b"")

    def get(self, path: str, by: str = "") -> HTTPResponse:
        """A GET."""
        return self.call("GET", path, by=by)


@contextmanager
def heard() -> Iterator[StringIO]:
    """What is logged and measured meanwhile. The log is made anew: it holds on to the output that it first saw."""
    said = StringIO()
    _forget_log()
    with redirect_stdout(said):
        yield said
    _forget_log()


def with_endpoint(organisation: Organisation) -> Organisation:
    """The organisation as another system listens to everything."""
    return replace(organisation, webhooks={"crm": Endpoint(id="crm", url="https://crm.example/hook")})
