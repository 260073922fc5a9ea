"""Wrong proofs, counted by number and hour."""

from datetime import datetime, timedelta

from chalicelib.storage import keys
from chalicelib.storage.rows import WrongProofsRow
from chalicelib.storage.table import Table

KEPT = timedelta(hours=2)
"""Past any hour that a note can be of; DynamoDB forgets it when it gets to it."""


class Misses:
    """The WrongProofs on DynamoDB."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def note(self, number: str, at: datetime) -> None:
        """See WrongProofs. An addition needs no condition; one that is repeated errs on the safe side."""
        actions = [
            WrongProofsRow.kind.set(WrongProofsRow),
            WrongProofsRow.times.add(1),
            WrongProofsRow.ttl.set(int((at + KEPT).timestamp())),
        ]
        self._table.update(keys.wrong_proofs(number, at), actions, None)

    def in_hour(self, number: str, at: datetime) -> int:
        """See WrongProofs."""
        row = self._table.get(WrongProofsRow, keys.wrong_proofs(number, at))
        return int(row.times) if row else 0
