"""Closed periods of registers: written once, on condition that the period is not closed yet."""

from datetime import date

from msgspec import json

from chalicelib.desk.errors import Conflict
from chalicelib.ports import Closing
from chalicelib.storage import keys
from chalicelib.storage.lazily import Decoder
from chalicelib.storage.rows import ClosingRow
from chalicelib.storage.table import Table

_closing = Decoder(Closing)


class Closings:
    """The ClosingStore on DynamoDB: closing is one conditional write, and one read where it was closed before."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def close(self, closing: Closing) -> Closing:
        """See ClosingStore."""
        row = ClosingRow(*_place(closing.org, closing.site, closing.register, closing.first, closing.last))
        row.closing, row.sha256 = json.encode(closing).decode(), closing.sha256
        if self._table.save(row, ClosingRow.pk.does_not_exist()):
            return closing
        kept = self.load(closing.org, closing.site, closing.register, closing.first, closing.last)
        if kept is None or kept.sha256 != closing.sha256:
            raise Conflict("This period was closed already, with other content.")
        return kept

    def load(self, org: str, site: str, register: str, first: date, last: date) -> Closing | None:
        """See ClosingStore."""
        row = self._table.get(ClosingRow, _place(org, site, register, first, last))
        return _closing.decode(row.closing) if row else None

    def closed(self, org: str, site: str, register: str, limit: int = 60) -> list[Closing]:
        """See ClosingStore."""
        items = self._table.query(keys.closing(org, site, register, "").pk, forward=False, limit=limit)
        return [_closing.decode(item["closing"]) for item in items]


def _place(org: str, site: str, register: str, first: date, last: date) -> keys.Key:
    return keys.closing(org, site, register, f"{first}..{last}")
