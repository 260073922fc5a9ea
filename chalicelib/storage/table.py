"""Reading and writing the table: where DynamoDB's errors become the desk's own."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError
from pynamodb.exceptions import DoesNotExist, PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.ports import Unavailable
from chalicelib.storage.keys import Key, can_exist
from chalicelib.storage.rows import Row, bind

TRANSACTION_LIMIT = 100
"""Items that one TransactWriteItems takes (AWS's limit)."""

PAUSES = (0.05, 0.1, 0.2)
"""Seconds between tries of a write that came upon another in progress."""

REFUSED = {"ConditionalCheckFailed", "ConditionalCheckFailedException"}
NO_ANSWER = "NoAnswer"
PASSING = {
    NO_ANSWER,
    "TransactionConflict", "TransactionConflictException", "TransactionInProgressException",
    "ThrottlingError", "ThrottlingException", "ProvisionedThroughputExceeded", "ProvisionedThroughputExceededException",
    "RequestLimitExceeded", "InternalServerError", "ServiceUnavailable",
}  # fmt: skip

R = TypeVar("R", bound=Row)
T = TypeVar("T")


class Put(NamedTuple):
    """A row to write, and what must hold for it."""

    row: Row
    condition: Condition | None = None


class Drop(NamedTuple):
    """A row to remove, whether or not it is there."""

    row: Row


class Table:
    """The one table. Every method raises Unavailable when DynamoDB does not answer or is too busy."""

    def __init__(
        self, name: str, region: str | None = None, endpoint: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        bind(name, region, endpoint)
        self._sleep = sleep

    @property
    def client(self) -> Any:
        """The botocore client that every call goes through; asking for it makes it, which takes its time once."""
        return Row._get_connection().connection.client

    def get(self, kind: type[R], key: Key, *, consistent: bool = True) -> R | None:
        """One item."""
        if not can_exist(*key):
            return None
        with _translated():
            try:
                return kind.get(key.pk, key.sk, consistent_read=consistent)
            except DoesNotExist:
                return None

    def get_many(self, kind: type[R], places: Sequence[Key]) -> list[R]:
        """The items there are, in any order, read consistently; up to 100 of them are one call."""
        with _translated():
            return list(kind.batch_get([tuple(key) for key in places if can_exist(*key)], consistent_read=True))

    def query(
        self, pk: str, sort: Condition | None = None, *, index: str | None = None,
        after: dict[str, str] | None = None, forward: bool = True, page: int | None = None, limit: int | None = None,
    ) -> Iterator[dict[str, str]]:  # fmt: skip
        """The items of a partition in order, their attributes as text; read consistently where that is possible.

        `page`: how many to ask for at a time; `limit`: how many at most; `after`: the keys of the item to go on after.
        """
        start = {name: {"S": value} for name, value in after.items()} if after else None
        while can_exist(pk):
            with _translated():
                answer = Row._get_connection().query(
                    pk, range_key_condition=sort, index_name=index, exclusive_start_key=start,
                    scan_index_forward=forward, consistent_read=index is None,
                    limit=min((size for size in (limit, page) if size), default=None),
                )  # fmt: skip
            for item in answer["Items"]:
                yield _texts(item)
            start = answer.get("LastEvaluatedKey")
            if limit is not None:
                limit -= len(answer["Items"])
            if not start or limit == 0:
                return

    def transact(self, puts: Sequence[Put | Drop], found: Callable[[], T | None]) -> T | None:
        """Write all of it or nothing, in one call.

        When that fails, or its outcome is not known, `found` reads what there is: it raises if there is
        a real conflict, returns what it found if the very same was written before, and otherwise None.
        That a condition failed says neither: the reply to a write that did happen may have been lost.
        """
        if len(puts) > TRANSACTION_LIMIT:
            raise ValueError(f"a transaction takes {TRANSACTION_LIMIT} items, not {len(puts)}")
        pauses = iter(PAUSES)
        while True:
            try:
                with _translated(), TransactWrite(connection=Row._get_connection().connection) as transaction:
                    for one in puts:
                        if isinstance(one, Drop):
                            transaction.delete(one.row)
                        else:
                            transaction.save(one.row, condition=one.condition)
                return None
            except (Unavailable, TransactWriteError) as error:
                outcome = found()
                if outcome is not None:
                    return outcome
                self._pause_or_give_up(pauses, error)

    def save(self, row: Row, condition: Condition | None = None) -> bool:
        """Write one row; False when the condition did not hold (possibly because this write was there already)."""
        return self._write(lambda: row.save(condition))

    def update(self, place: Key, actions: Sequence[Action], condition: Condition | None) -> dict[str, str] | None:
        """Change one item and return all of it, its attributes as text; None where `save` is False."""
        changed: dict[str, str] = {}

        def call() -> None:
            answer = Row._get_connection().update_item(
                place.pk, range_key=place.sk, actions=list(actions), condition=condition, return_values="ALL_NEW"
            )
            changed.update(_texts(answer["Attributes"]))

        return changed if self._write(call) else None

    def delete(self, row: Row, condition: Condition | None = None) -> bool:
        """Remove one row, if it is there; False as in `save`."""
        return self._write(lambda: row.delete(condition))

    def save_all(self, rows: Sequence[Row]) -> None:
        """Write rows in batches, each for itself: nothing of it depends on the rest."""
        with _translated(), Row.batch_write() as batch:
            for row in rows:
                batch.save(row)

    def _write(self, call: Callable[[], object]) -> bool:
        pauses = iter(PAUSES)
        while True:
            try:
                with _translated():
                    call()
                return True
            except Unavailable as error:
                self._pause_or_give_up(pauses, error)
            except PynamoDBException as error:
                if REFUSED.isdisjoint(_codes(error)):
                    raise
                return False

    def _pause_or_give_up(self, pauses: Iterator[float], error: Exception) -> None:
        pause = next(pauses, None)
        if pause is None or not isinstance(error, Unavailable):
            raise error
        self._sleep(pause)


@contextmanager
def _translated() -> Iterator[None]:
    """Unavailable, where it may work the next time: the network, a throttle, another transaction on the same item."""
    try:
        yield
    except PynamoDBException as error:
        codes = _codes(error)
        if not PASSING.isdisjoint(codes) and REFUSED.isdisjoint(codes):
            raise Unavailable(", ".join(sorted(codes))) from error
        raise


def _texts(item: dict[str, dict[str, str]]) -> dict[str, str]:
    return {name: next(iter(value.values())) for name, value in item.items()}


def _codes(error: PynamoDBException) -> set[str]:
    """What DynamoDB said, as a set: the reasons of a cancelled transaction come grouped, not in the order sent."""
    if isinstance(error.cause, NoConnection | HTTPClientError):
        return {NO_ANSWER}
    reasons = error.cancellation_reasons if isinstance(error, TransactWriteError) else []
    return {error.cause_response_code or ""} | {reason.code for reason in reasons if reason}
