"""Network calls of a request once the container's caches are warm, counted on moto as they leave botocore."""

from collections import Counter
from itertools import islice
from typing import Any

import boto3
import msgspec
from moto import mock_aws

from chalicelib.cases.limits import LIMITS
from chalicelib.messaging.queue import SqsQueue
from chalicelib.storage.table import Table
from chalicelib.wiring import use
from tests.bench.cpu import action_of, ask, intakes
from tests.bench.figures import Figure
from tests.bench.rig import ORG, QUEUES, TABLE, WALK, Rig
from tests.bench.wire import Call, listening

READS = {"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"}


class Counted:
    """Calls by what they do: reads, writes, sqs, and `other`, which should be none."""

    def __init__(self) -> None:
        self.now: Counter[str] = Counter()
        self.read_first = False

    def heard(self, call: Call) -> None:
        """Count one; a read that comes before any write is noted."""
        if call.service == "dynamodb":
            self.read_first |= call.operation in READS and not self.now["writes"]
            self.now["reads" if call.operation in READS else "writes"] += 1
        else:
            self.now[call.service if call.service == "sqs" else "other"] += 1

    def taken(self) -> Counter[str]:
        """What was counted since the last time."""
        found, self.now = self.now, Counter()
        return found


def run() -> list[Figure]:
    """The most of each kind over a case's whole walk, each step an HTTP request through the application."""
    with mock_aws():
        urls = [boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in QUEUES]
        rig = Rig(Table(TABLE), queue=SqsQueue(*urls)).furnish()
        counted = Counted()
        with use(rig.world):
            warming, asked = islice(intakes(), 2)
            ask(warming, 201)
            with listening(counted.heard):
                number = msgspec.json.decode(ask(asked, 201))["number"]
                intake, read_before = counted.taken(), counted.read_first
                for asked in islice(intakes("192.0.2.7"), LIMITS["intake"].free + 2):
                    counted.taken()
                    ask(again(asked), 201)
                busy = counted.taken()
                actions = _walked(rig, number, counted)
    return [
        Figure(what="write calls of an intake request", measured=intake["writes"], unit="", limit=1),
        Figure(what="… a read before it", measured=float(read_before), unit="", limit=0),
        Figure(what="… reads in all, and other calls", measured=intake["reads"] + intake["other"], unit="", limit=0),
        Figure(what="… hand-over to SQS after it", measured=intake["sqs"], unit=""),
        Figure(what="… writes where its place sent five at once before", measured=busy["writes"], unit="", limit=2),
        Figure(what="read calls of an action request", measured=_most(actions, "reads"), unit="", limit=1),
        Figure(what="write calls of an action request", measured=_most(actions, "writes"), unit="", limit=1),
        Figure(what="… other calls", measured=_most(actions, "other"), unit="", limit=0),
        Figure(what="… hand-over to SQS after it", measured=_most(actions, "sqs"), unit=""),
    ]


def again(asked: dict[str, Any]) -> dict[str, Any]:
    """The same, as a complaint of its own."""
    headers = {**asked["headers"], "Idempotency-Key": asked["headers"]["Idempotency-Key"] + " again"}
    return {**asked, "headers": headers, "multiValueHeaders": {name: [value] for name, value in headers.items()}}


def _walked(rig: Rig, number: str, counted: Counted) -> list[Counter[str]]:
    found = []
    for deed in WALK:
        case = rig.world.stores.cases.load(ORG, number)
        if case is None:
            raise RuntimeError("the case is gone")
        counted.taken()
        rig.pass_hours(deed.hours)
        ask(action_of(case, deed), 200)
        found.append(counted.taken())
    return found


def _most(counts: list[Counter[str]], kind: str) -> Any:
    return max(count[kind] for count in counts)
