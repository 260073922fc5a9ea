"""Draining 2,000 complaints due at the same minute, against bare `transact_write_items` of the same items.

On DynamoDB Local, shard by shard: the sweep's worker drains one with everything it does (queries, reads of the heads,
ticks, one transaction a complaint with event and letters, the hand-over to a queue that answers at once); then a bare
client writes what it wrote, to places of its own. Seconds are those of the wall, since most of them are the
emulator's; the two sides take turns, so that a busy moment meets both.
"""

import time
from collections.abc import Iterator
from statistics import median
from typing import Any, NamedTuple

import boto3
from msgspec import json

from chalicelib.storage.table import Table
from infra.dynamodb_local import running
from tests.bench.figures import Figure
from tests.bench.rig import SHARDS, TABLE, Known, Rig
from tests.bench.sweep_reads import quiet, settle_letters
from tests.bench.wire import Call, listening

COMPLAINTS = 2_000
FLOOR = 0.4


class Shard(NamedTuple):
    """One shard drained, and its transactions written bare."""

    complaints: int
    ours: float  # seconds
    bare: float

    @property
    def ratio(self) -> float:
        """Our speed as a part of the bare one."""
        return self.bare / self.ours


def run() -> list[Figure]:
    """The median over the shards, and the speeds on this machine."""
    with running() as endpoint:
        rig = Rig(Table(TABLE, endpoint=endpoint), directory=Known()).lay()
        settle_letters(rig, [quiet(rig, f"due {key}").number for key in range(COMPLAINTS)])
        rig.pass_hours(24)
        client = boto3.client("dynamodb", endpoint_url=endpoint)
        shards = [_drained(rig, client, shard) for shard in range(SHARDS)]
    drained, ours, bare = (sum(column) for column in zip(*shards, strict=True))
    if drained != COMPLAINTS:
        raise RuntimeError(f"{drained} drained instead of {COMPLAINTS}")
    return [
        Figure(
            what=f"draining {COMPLAINTS:,} due at once: complaints : bare transactions, a second",
            measured=median(shard.ratio for shard in shards), limit=FLOOR, at_least=True,
        ),
        Figure(what="… complaints here", measured=drained / ours, unit="a second"),
        Figure(what="… bare transactions here", measured=drained / bare, unit="a second"),
    ]  # fmt: skip


def _drained(rig: Rig, client: Any, shard: int) -> Shard:
    bodies: list[bytes] = []

    def heard(call: Call) -> None:
        if call.operation == "TransactWriteItems":
            bodies.append(call.body)

    with listening(heard):
        began = time.perf_counter()
        found = 0
        while swept := rig.world.sweep.shard(shard, lambda: 1000.0).found:
            found += swept
        ours = time.perf_counter() - began
    if len(bodies) != found:
        raise RuntimeError(f"{len(bodies)} transactions for {found} complaints")
    transactions = list(_elsewhere(bodies))
    began = time.perf_counter()
    for items in transactions:
        client.transact_write_items(TransactItems=items)
    return Shard(found, ours, time.perf_counter() - began)


def _elsewhere(bodies: list[bytes]) -> Iterator[list[dict[str, Any]]]:
    """The same items at other places of the same length, in no shard that is swept; a new item needs no condition."""
    for body in bodies:
        moved = body.replace(b'"T#', b'"B#').replace(b'"DUE#', b'"OUT#')
        puts = [step["Put"] for step in json.decode(moved)["TransactItems"]]
        yield [{"Put": {"TableName": TABLE, "Item": put["Item"]}} for put in puts]
