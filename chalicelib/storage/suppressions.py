"""Addresses that bounced or complained: not written to again. Kept by keyed hash, so that no address is a key."""

from chalicelib.desk.procedure import Channel
from chalicelib.storage import keys
from chalicelib.storage.rows import SuppressionRow
from chalicelib.storage.table import Table


class Suppressed:
    """The suppression list on DynamoDB."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def is_suppressed(self, channel: Channel, address_hash: str) -> bool:
        """See Suppressions."""
        return self._table.get(SuppressionRow, keys.suppression(channel, address_hash)) is not None

    def add(self, channel: Channel, address_hash: str, reason: str) -> None:
        """See Suppressions."""
        row = SuppressionRow(*keys.suppression(channel, address_hash), reason=reason)
        self._table.save(row, SuppressionRow.pk.does_not_exist())
