"""`python -m infra.demo_cases ENDPOINT STACK_JSON`: cases for the demo's organisations, in every stage, once.

Each organisation's past is played in memory (`demo_past.py`) and then written down: what stands beside cases first,
then case after case, each whole in one transaction. Its instant is kept, so that what was interrupted is played again
the same and goes on; what is there stays as it is.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from chalicelib.desk.calendar import BeyondHorizon
from chalicelib.desk.people import Organisation
from chalicelib.ports import Files
from chalicelib.storage import keys
from chalicelib.storage.rows import ReplayRow
from chalicelib.storage.sealer import KmsSealer
from chalicelib.storage.table import TRANSACTION_LIMIT, Table
from chalicelib.wiring import World
from infra import seed
from infra.demo_past import SOURCE, Past
from infra.demo_table import Item
from infra.emulator import credentials

A_BATCH = 25
"""Items that one BatchWriteItem takes (AWS's limit)."""

BEGUN, DONE = "begun", "done"
FOREVER = 4_102_444_800  # the year 2100: the demo is put there once
ITS_OWN = {"entry", "recurrence", "pulse"}
"""Kinds of items that the running desk has itself: its directory, when its duties recur, that it sweeps."""


class Demo:
    """The demo's cases on a table."""

    def __init__(self, table: Table, name: str, files: Files) -> None:
        self._table, self._name, self._files = table, name, files

    def begun(self, org: str, now: datetime) -> datetime | None:
        """Up to when the past of an organisation is to be played; None where it is written down already."""
        if self._table.get(ReplayRow, _mark(org, DONE)):
            return None
        if self._note(org, BEGUN, keys.stamp(now)):
            return now
        known = self._table.get(ReplayRow, _mark(org, BEGUN))
        return keys.instant(known.number) if known else now

    def write(self, past: Past) -> None:
        """Write a past down."""
        cases, beside = _apart(past)
        files = [(name, *kept) for name, kept in past.files.items() if not past.is_draft(name)]
        with ThreadPoolExecutor(4) as together:
            list(together.map(lambda file: self._files.put(*file), files))
        self._batches(beside)
        for items in cases.values():
            self._case(items)
        self._note(past.org, DONE, keys.stamp(past.until))

    def _case(self, items: list[Item]) -> None:
        """One case whole, unless it is there."""
        items.sort(key=lambda item: _kind(item) == "message")
        self._batches(items[TRANSACTION_LIMIT:])
        puts = [{"Put": {"TableName": self._name, "Item": item}} for item in items[:TRANSACTION_LIMIT]]
        for put, item in zip(puts, items, strict=False):
            if _kind(item) in ("replay", "number"):
                put["Put"]["ConditionExpression"] = "attribute_not_exists(PK)"
        try:
            self._table.client.transact_write_items(TransactItems=puts)
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionCanceledException":
                raise

    def _batches(self, items: Sequence[Item]) -> None:
        rest = iter(items)
        while batch := list(islice(rest, A_BATCH)):
            wanted: Any = {self._name: [{"PutRequest": {"Item": item}} for item in batch]}
            while wanted:
                wanted = self._table.client.batch_write_item(RequestItems=wanted).get("UnprocessedItems")

    def _note(self, org: str, what: str, value: str) -> bool:
        row = ReplayRow(*_mark(org, what), number=value, body_hash="", ttl=FOREVER)
        return self._table.save(row, ReplayRow.pk.does_not_exist())


def _mark(org: str, what: str) -> keys.Key:
    return keys.idempotency(org, SOURCE, what)


def _kind(item: Item) -> str:
    return str(item["kind"]["S"])


def _apart(past: Past) -> tuple[dict[str, list[Item]], list[Item]]:
    """The items of each case by its number, in the order in which they came in; and all that stands beside cases."""
    cases: dict[str, list[Item]] = {number: [] for number in past.numbers.values()}
    heads = {keys.head(past.org, number).pk: number for number in cases}
    heads |= {keys.number_pointer(number).pk: number for number in cases}
    beside = []
    for item in past.table.items():
        number = heads.get(item["PK"]["S"]) or item.get("number", {}).get("S")
        if number in cases:
            cases[number].append(item)
        elif _kind(item) not in ITS_OWN:
            beside.append(item)
    return cases, beside


def put_cases(parts: World, demo: Demo, organisations: Iterable[Organisation], now: datetime) -> Iterator[str]:
    """Put the cases of every organisation that has none there; a line on each, once it is written down.

    While one past is written down the next is played.
    """
    sealer = KmsSealer(boto3.client("kms"), parts.settings.kms_key)
    with ThreadPoolExecutor(1) as writer:
        writing: list[tuple[Past, Future[None]]] = []
        for organisation in organisations:
            until = demo.begun(organisation.id, now)
            if until is None:
                continue
            past = Past(organisation, parts.settings, parts.secret, sealer, until)
            try:
                writing.append((past.play(), writer.submit(demo.write, past)))
            except BeyondHorizon as unknown:
                yield f"  {past.org:16} no cases: {unknown}"
        for past, written in writing:
            written.result()
            yield f"  {past.org:16} {past.told()}"


def main() -> None:
    endpoint, stack_json = sys.argv[1], Path(sys.argv[2])
    os.environ.update(credentials(endpoint))
    description = json.loads(stack_json.read_text(encoding="utf-8"))
    parts = seed.world({"APIHandlerName": description["functions"]["api"]})
    table = Table(parts.settings.table)
    demo = Demo(table, parts.settings.table, parts.files)
    lines = list(put_cases(parts, demo, seed.organisations(), datetime.now(UTC).replace(microsecond=0)))
    if lines:
        print("\n".join(["Demo cases, some in every stage of each procedure:", *lines]), flush=True)


if __name__ == "__main__":
    main()
