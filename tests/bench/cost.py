"""Read and write units of each operation, and what a million complaints a year cost by a price list.

Each operation runs on DynamoDB Local with warm caches; mail, text messages and queues are moto's. Units are counted
by the published rule (`units.py`) from the requests made; every single read and write is compared with what DynamoDB
Local reports for it.
"""

from collections.abc import Callable
from typing import Any

import boto3
from moto import mock_aws
from msgspec import json

from chalicelib.messaging.queue import SqsQueue
from chalicelib.messaging.reference import Reference
from chalicelib.storage.table import Table
from infra.dynamodb_local import running
from tests.bench.figures import Figure
from tests.bench.rig import INDEXES, ORG, QUEUES, START, TABLE, WALK, Known, Rig
from tests.bench.sweep_reads import quiet, reported_units, settle_letters
from tests.bench.units import Meter, Units
from tests.bench.wire import Call, listening
from tests.bench.year import Spent, bill

LOCAL: Any = {"core": {"passthrough": {"urls": [r"http://127\.0\.0\.1:\d+.*"]}}}
A_PAGE = 50
SINGLE = {"GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"}


class Tally:
    """Every operation by name with its units."""

    def __init__(self) -> None:
        self.meter = Meter(INDEXES)
        self.found: dict[str, Units] = {}
        self.compared = 0
        self.differing: list[str] = []

    def heard(self, call: Call) -> None:
        """Count a call, and hold a single read or write to what was reported."""
        if call.service != "dynamodb":
            return
        if not call.ok:
            raise RuntimeError(f"{call.operation} was refused")
        before, request = self.meter.total.copy(), json.decode(call.body)
        self.meter.seen(call.operation, request, call.answer)
        # A query that finds nothing costs the least there is on AWS, and nothing here.
        if call.operation in SINGLE and call.answer.get("Count") != 0:
            reported = reported_units(call)
            taken = self.meter.total - before
            self.compared += 1
            if reported != taken.reads + taken.writes:
                self.differing.append(f"{call.operation}: {taken.reads + taken.writes:g}, not {reported:g}")

    def of(self, name: str, do: Callable[[], Any], without: str = "") -> Any:
        """Do it under this name. `without`: the operation whose units are left out, since they come anyway."""
        before = self.meter.total.copy()
        done = do()
        self.found[name] = self.meter.total - before
        if without:
            self.found[name] -= self.found[without]
        return done


def run() -> list[Figure]:
    """Units by operation, the comparison with DynamoDB Local, the year's bill."""
    tally = Tally()
    with running() as endpoint, mock_aws(config=LOCAL):
        rig = _rig(endpoint)  # not counted: on a busy machine the table is asked for twice, and refused once
        with listening(tally.heard):
            _duty(tally, rig)
            spent = _case(tally, rig)
            _lists(tally, rig)
    figures = [
        Figure(what=f"units: {name}", measured=units.writes, unit=f"written, {units.reads:g} read")
        for name, units in tally.found.items()
    ]
    differ = Figure(
        what=f"single reads and writes counted otherwise than DynamoDB Local does, of {tally.compared}",
        measured=len(tally.differing), unit="; ".join(sorted(set(tally.differing))[:3]), limit=0,
    )  # fmt: skip
    return [*figures, differ, *bill(tally.found, spent)]


def _rig(endpoint: str) -> Rig:
    urls = [boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in QUEUES]
    boto3.client("sesv2").create_email_identity(EmailIdentity="desk.example")
    rig = Rig(Table(TABLE, endpoint=endpoint), directory=Known(), queue=SqsQueue(*urls)).lay()

    def asking(params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name in SINGLE:
            params["ReturnConsumedCapacity"] = "TOTAL"

    rig.table.client.meta.events.register("provide-client-params.dynamodb", asking)
    return rig


def _sweep(rig: Rig) -> None:
    rig.world.sweep.run(lambda: 1000.0)


def _duty(tally: Tally, rig: Rig) -> None:
    tally.of("a minute's sweep with nothing due", lambda: _sweep(rig))
    tally.of("duties of a site armed", lambda: rig.world.duties.begin(ORG, "main"))
    armed = rig.world.stores.duties.load(ORG, "main", "trend")
    if armed is None:
        raise RuntimeError("no duty is armed")
    rig.now = armed
    tally.of("duty: a period opened", lambda: _sweep(rig), "a minute's sweep with nothing due")
    rig.now = START


def _case(tally: Tally, rig: Rig) -> Spent:
    """A case with all that happens in it; how much it stores and which letters it sends."""
    stored = tally.meter.stored()
    case = tally.of("intake", lambda: rig.post("counted"))
    tally.of("intake's look at others like it", lambda: _sweep(rig), "a minute's sweep with nothing due")
    for deed in WALK:
        case = tally.of(f"action {deed.action}", lambda case=case, deed=deed: rig.do(case, deed))
    spent = Spent(stored=tally.meter.stored() - stored)
    for posted in rig.world.stores.cases.messages(ORG, case.number):
        channel = posted.message.channel
        reference = Reference.of(posted.message).encode()
        tally.of(f"deliver by {channel}", lambda reference=reference: rig.world.deliver(reference))
        spent.letters[channel] = spent.letters.get(channel, 0) + 1
    rig.now = START
    late = quiet(rig, "late")
    settle_letters(rig, [late.number])
    rig.pass_hours(24)
    tally.of("tick that rings a rung", lambda: _sweep(rig), "a minute's sweep with nothing due")
    world, token = rig.world, rig.world.links.token(late.number)
    tally.of("complainant adds something", lambda: world.act.write(ORG, late.number, "电梯还没有修好。", {}))
    tally.of("whole case for staff", lambda: world.show(ORG, late.number, "c.wang", "zh-Hans"))
    tally.of("case for the complainant", lambda: world.track.proved(late.number, phone_tail="", token=token))
    tally.of("… by phone tail", lambda: world.track.proved(late.number, phone_tail="8000", token=""))
    return spent


def _lists(tally: Tally, rig: Rig) -> None:
    for key in range(A_PAGE):
        rig.post(f"on the list {key}")
    worklists = rig.world.worklists
    page = tally.of("worklist pages", lambda: worklists(ORG, "c.wang", "zh-Hans", owner="c.li", limit=A_PAGE))
    lines = page.items
    if len(lines) != A_PAGE:
        raise RuntimeError(f"a page of {len(lines)}")
