"""One contract, four stores: in memory, on the demo's table in memory, on moto, and (marked `emulator`) on DynamoDB
Local, which is stricter.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest
from moto import mock_aws

from chalicelib.storage.sealer import Sealed
from chalicelib.storage.stores import Stores, stores_in
from chalicelib.storage.table import Table
from infra.demo_table import MemoryTable
from infra.dynamodb_local import Unavailable, running
from tests.fakes.store import in_memory
from tests.storage.tables import create_table

SHARDS = 4
EMULATOR = pytest.param("dynamodb_local", marks=pytest.mark.emulator)


class PlainSealer:
    """Seals by turning the bytes round, and remembers context and key in them."""

    def seal(self, plain: bytes, context: Mapping[str, str], key: bytes | None = None) -> Sealed:
        key = key or os.urandom(8)
        return Sealed(_before(context, key) + b"|" + plain[::-1], key)

    def open(self, content: bytes, context: Mapping[str, str], key: bytes | None) -> bytes:
        before, _, turned = content.partition(b"|")
        assert before == _before(context, key)
        return turned[::-1]


def _before(context: Mapping[str, str], key: bytes | None) -> bytes:
    return f"{sorted(context.items())} {key.hex() if key else key}".encode()


class Stand:
    """Stores on a table, with the client under them."""

    def __init__(self, name: str, endpoint: str | None = None) -> None:
        self.name = name
        self.table = Table(name, endpoint=endpoint, sleep=self.pauses)
        self.client: Any = self.table.client
        create_table(self.client, name)
        self.paused: list[float] = []
        self.seconds = 0.0
        self.stores = stores_in(self.table, PlainSealer(), SHARDS, clock=lambda: self.seconds)

    def pauses(self, seconds: float) -> None:
        """Waits for nothing."""
        self.paused.append(seconds)

    def items(self) -> list[dict[str, Any]]:
        """Everything in the table."""
        items: list[dict[str, Any]] = self.client.scan(TableName=self.name)["Items"]
        return items


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The address of DynamoDB Local, started once."""
    with ExitStack() as until_the_end:
        try:
            endpoint = until_the_end.enter_context(running())
        except Unavailable as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"{error} (CI runs these tests)")
        yield endpoint


@pytest.fixture
def stand_on(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Stand]]:
    """Makes a stand on the named emulator, on a table of its own: a late one of another test is in nobody's way."""
    made: list[Stand] = []

    def make(where: str) -> Stand:
        made.append(
            Stand(f"redress-{uuid4().hex}", request.getfixturevalue("emulator") if where == "dynamodb_local" else None)
        )
        return made[-1]

    with mock_aws(config={"core": {"passthrough": {"urls": [r"http://(127\.0\.0\.1|localhost):\d+.*"]}}}):
        yield make
        for stand in made:
            stand.client.delete_table(TableName=stand.name)


@pytest.fixture(params=["moto", EMULATOR])
def stand(request: pytest.FixtureRequest, stand_on: Callable[[str], Stand]) -> Stand:
    """Stores on a table, and the client under them."""
    return stand_on(request.param)


@pytest.fixture(params=["memory", "demo", "moto", EMULATOR])
def stores(request: pytest.FixtureRequest, stand_on: Callable[[str], Stand]) -> Stores:
    """Any of the stores."""
    if request.param == "demo":
        return stores_in(MemoryTable(), PlainSealer(), SHARDS, clock=lambda: 0.0)
    return in_memory(SHARDS) if request.param == "memory" else stand_on(request.param).stores
