"""Events that endpoints did not take."""

from datetime import datetime, timedelta

from msgspec import json

from chalicelib.ports import Undelivered
from chalicelib.storage import keys
from chalicelib.storage.lazily import Decoder
from chalicelib.storage.rows import UndeliveredRow
from chalicelib.storage.table import Table

KEPT = timedelta(days=90)

_lost = Decoder(Undelivered)


class Lost:
    """The UndeliveredStore on DynamoDB: one write for each, one query for a list."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, lost: Undelivered) -> None:
        """See UndeliveredStore."""
        row = UndeliveredRow(*keys.undelivered(lost.org, lost.endpoint, lost.at, lost.number, lost.message))
        row.lost, row.ttl = json.encode(lost).decode(), int((lost.at + KEPT).timestamp())
        self._table.save(row, UndeliveredRow.pk.does_not_exist())

    def since(self, org: str, endpoint: str, at: datetime, limit: int = 100) -> list[Undelivered]:
        """See UndeliveredStore."""
        place = keys.undelivered(org, endpoint, at)
        items = self._table.query(place.pk, UndeliveredRow.sk >= keys.stamp(at), limit=limit)
        return [_lost.decode(item["lost"]) for item in items]

    def forget(self, lost: Undelivered) -> None:
        """See UndeliveredStore."""
        row = UndeliveredRow(*keys.undelivered(lost.org, lost.endpoint, lost.at, lost.number, lost.message))
        self._table.delete(row, UndeliveredRow.lost == json.encode(lost).decode())
