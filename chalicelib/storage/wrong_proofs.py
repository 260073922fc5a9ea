"""Wrong proofs, counted by number and hour."""

from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition

from chalicelib.storage import keys
from chalicelib.storage.rows import WrongProofsRow
from chalicelib.storage.table import Table

KEPT = timedelta(hours=2)
"""Past any hour that a note can be of; DynamoDB forgets it when it gets to it."""


class Misses:
    """The WrongProofs on DynamoDB."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, number: str, at: datetime, most: int) -> bool:
        """See WrongProofs. One that is counted twice errs on the safe side."""
        condition = WrongProofsRow.times.does_not_exist() | (WrongProofsRow.times < most)
        return self._add(number, at, 1, condition)

    def was_right(self, number: str, at: datetime) -> None:
        """See WrongProofs. It stays above none, whatever was forgotten or came twice."""
        self._add(number, at, -1, WrongProofsRow.times > 0)

    def _add(self, number: str, at: datetime, times: int, condition: Condition) -> bool:
        actions = [
            WrongProofsRow.kind.set(WrongProofsRow),
            WrongProofsRow.times.add(times),
            WrongProofsRow.ttl.set(int((at + KEPT).timestamp())),
        ]
        return self._table.update(keys.wrong_proofs(number, at), actions, condition) is not None
