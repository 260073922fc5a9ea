"""The one index of everything that must happen later."""

from collections.abc import Iterator
from datetime import datetime

from pynamodb.expressions.update import Action

from chalicelib.ports import Due
from chalicelib.storage import index_keys
from chalicelib.storage.rows import Row
from chalicelib.storage.table import Table

PAGE = 100


class DueItems:
    """The DueStore on DynamoDB: one query a shard, which reads only what is due."""

    def __init__(self, table: Table, shards: int) -> None:
        self._table = table
        self.shards = shards

    def due(self, shard: int, now: datetime, limit: int) -> Iterator[Due]:
        """See DueStore. Lagging by moments, as indexes do: an item may have been disarmed meanwhile."""
        until = Row.due_sk <= index_keys.due_until(now)
        items = self._table.query(index_keys.shard(shard), until, index="DUE", limit=limit, page=PAGE)
        for item in items:
            yield index_keys.named(item["PK"], item["SK"], item["due_pk"], item["due_sk"])


def postpone(table: Table, item: Due, until: datetime | None) -> None:
    """Arm an item for another time, or for none, if it still is armed at `item.due`. Whoever was faster is right."""
    place = index_keys.item_of(item)
    _, before = index_keys.armed(item.due, item.org, item.id, 1)
    actions: list[Action] = [Row.due_pk.remove(), Row.due_sk.remove()]
    if until is not None:
        _, after = index_keys.armed(until, item.org, item.id, 1)
        actions = [Row.due_sk.set(after)]
    table.update(place, actions, Row.due_sk == before)
