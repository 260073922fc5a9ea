"""When the desk last swept: one small item."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.storage import keys
from chalicelib.storage.rows import PulseRow
from chalicelib.storage.table import Table

KEPT_SECONDS = 10.0
"""How long a container answers from what it has read: checks that come every second cost a read in ten."""


class Heart:
    """The Pulse on DynamoDB."""

    def __init__(self, table: Table, clock: Callable[[], float]) -> None:
        self._table, self._clock = table, clock
        self._kept: tuple[float, datetime | None] | None = None

    def beat(self, now: datetime) -> None:
        """See Pulse. Of two sweeps at once either may be the last: they are seconds apart."""
        self._table.save(PulseRow(*keys.SWEPT, at=keys.stamp(now)))

    def last(self) -> datetime | None:
        """See Pulse. A read that may be a moment behind costs half."""
        if self._kept is None or self._clock() - self._kept[0] >= KEPT_SECONDS:
            row = self._table.get(PulseRow, keys.SWEPT, consistent=False)
            self._kept = self._clock(), keys.instant(row.at) if row else None
        return self._kept[1]
