"""The product to be measured: the real use cases, over a table and queues that a benchmark chooses."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, NamedTuple

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.holidays import holidays
from chalicelib.desk.people import Organisation
from chalicelib.desk.posting import Content, Customer, Posting
from chalicelib.messaging.queue import SqsQueue
from chalicelib.settings import Settings
from chalicelib.storage.stores import stores_in
from chalicelib.storage.table import Table
from chalicelib.wiring import World
from infra.seed import organisations
from tests.bench.sign_in import tokens
from tests.bench.units import Index
from tests.bench.wire import Instantly
from tests.conftest import ENVIRONMENT
from tests.storage.tables import INDEX_KEYS, create_table, projection

TABLE = "redress"
SHARDS = 8
QUEUES = ("deliver", "announce", "shard", "report")
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
ORG = "c-company"

INDEXES = [
    Index(name=name, keys=(f"{short}_pk", f"{short}_sk"), carries=tuple(projection(name).get("NonKeyAttributes", ())))
    for name, short in INDEX_KEYS.items()
]


class Deed(NamedTuple):
    """An action that somebody does, hours after the one before."""

    hours: int
    actor: str
    action: str
    answers: dict[str, Any]


WALK = [
    Deed(1, "c.li", "send_form", {"receiving_unit": "project_service", "scope": "other_department"}),
    Deed(1, "c.wang", "classify", {
        "scope": "other_department", "department": "engineering", "category": "equipment", "filed": "yes",
        "complex": "no",
    }),
    Deed(1, "c.sun", "accept", {}),
    Deed(20, "c.sun", "return_result", {"result": "已更换曳引机轴承，电梯恢复运行，并已向住户说明。"}),
    Deed(3, "c.wang", "tell_customer", {
        "reply": "电梯已恢复运行，给您带来不便，敬请谅解。", "told_how": "phone", "satisfied": "yes",
    }),
]  # fmt: skip
"""A complaint at procedure C from transfer to closing: the first four deeds go on, the fifth closes."""


def posting(**changes: Any) -> Posting:
    """A complaint as the web form sends it: phone, mail, room, and a few sentences."""
    given: dict[str, Any] = {
        "org": ORG,
        "channel": "web",
        "category": "equipment",
        "demand": "尽快修好，并说明原因",
        "customer": Customer(name="李女士", phone="13800138000", email="li@example.com", room="1-405"),
        "content": Content(
            summary="电梯停运", where="三号楼",
            details="三号楼电梯上午停运，困住一位老人约二十分钟，物业电话一直无人接听。上个月也停过两次，请查明原因。",
        ),
    }  # fmt: skip
    return Posting(**{**given, **changes})


@cache
def organisation() -> Organisation:
    """The demo organisation of procedure C."""
    return next(found for found in organisations() if found.id == ORG)


class Plain:
    """Seals nothing: no case here is confidential."""

    def seal(self, plain: bytes, context: Any) -> bytes:  # noqa: ARG002 # the port's signature
        """Never asked for."""
        raise AssertionError("no case here is confidential")

    open = seal


class Known:
    """A directory that is read already, for benchmarks without a table."""

    def organisation(self, org: str) -> Organisation | None:
        """See DirectoryStore."""
        return organisation() if org == ORG else None

    def holidays(self) -> str:
        """See DirectoryStore: those of this release."""
        return holidays().version


class Rig:
    """One product on one table. Time stands still until `now` is set; numbers of cases are 0, 1, 2, ..."""

    def __init__(self, table: Table, *, directory: Any = None, **given: Any) -> None:
        self.now = START
        self.table = table
        numbers = count()
        if "queue" not in given:
            given["queue"] = queue = SqsQueue(*(f"http://127.0.0.1/{name}" for name in QUEUES))
            Instantly(queue.client, "sqs").answers["SendMessageBatch"] = b'{"Successful":[],"Failed":[]}'
        stores = stores_in(table, Plain(), SHARDS)
        stores = stores._replace(directory=directory or stores.directory)
        settings = Settings(
            table=TABLE, public_url="https://desk.example", mail_from="desk@desk.example", due_shards=SHARDS
        )
        self.world = World(
            settings, stores=stores, secret=b"a secret of the benchmarks",
            clock=lambda: self.now, randbelow=lambda most: next(numbers) % most,
            tokens=tokens(), **given,
        )  # fmt: skip

    def furnish(self) -> "Rig":
        """Make the table; put the organisation in it, and read it as the first request of a container does."""
        self.lay()
        self.world.stores.directory.put_organisation(organisation())
        self.world.stores.directory.organisation(ORG)
        return self

    def lay(self) -> "Rig":
        """Make the table."""
        create_table(self.table.client, TABLE)
        return self

    def pass_hours(self, hours: float) -> None:
        """Let time pass."""
        self.now += timedelta(hours=hours)

    def post(self, key: str, **changes: Any) -> Complaint:
        """Somebody complains."""
        return self.world.register(posting(**changes), key=key, source="public").case

    def do(self, case: Complaint, deed: Deed) -> Complaint:
        """Somebody does an action in it."""
        self.pass_hours(deed.hours)
        return self.world.act.act(
            case.org, case.number, deed.action, deed.answers, actor=deed.actor, version=case.version
        ).complaint


@contextmanager
def no_real_aws() -> Iterator[None]:
    """Made-up credentials, and no endpoint or profile of this machine."""
    before = dict(os.environ)
    os.environ.update(ENVIRONMENT)
    for name in [n for n in os.environ if n.startswith("AWS_") and n not in ENVIRONMENT]:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
