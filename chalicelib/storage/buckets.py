"""Token buckets on the table: one item for each that is not full, changed by one conditional update."""

from datetime import datetime

from pynamodb.expressions.update import Action

from chalicelib.desk.bucket import Bucket
from chalicelib.storage import keys
from chalicelib.storage.keys import Key
from chalicelib.storage.rows import BucketRow
from chalicelib.storage.table import Table

KEPT_SECONDS = 3600
"""How long a bucket that is full again stays, at least: clocks of containers differ."""

MOST_SEEN = 10_000
"""Buckets that a container remembers."""


class TokenBuckets:
    """The Buckets on DynamoDB.

    Whether a bucket is full is not known before it is asked, and the two cases are two updates. What a container has
    seen of it tells which: that instant only ever moves on. So it takes one call, two where another container made a
    bucket busy that this one has not met, and none where it is known to be empty.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._seen: dict[Key, int] = {}

    def take(self, limit: str, of: str, bucket: Bucket, now: datetime) -> bool:
        """See Buckets."""
        place, at = keys.bucket(limit, of), int(now.timestamp() * 1000)
        seen = self._seen.get(place, 0)
        if seen > bucket.latest(at):
            return False
        full_at = (None if seen > at else self._from_full(place, bucket, at)) or self._from_begun(place, bucket, at)
        if full_at is not None:
            self._remember(place, full_at, at)
        return full_at is not None

    def _from_full(self, place: Key, bucket: Bucket, at: int) -> int | None:
        condition = BucketRow.full_at.does_not_exist() | (BucketRow.full_at <= at)
        changed = self._table.update(place, [BucketRow.full_at.set(at + bucket.one), *_kept(bucket, at)], condition)
        return int(changed["full_at"]) if changed else None

    def _from_begun(self, place: Key, bucket: Bucket, at: int) -> int | None:
        """It is known not to be full: no time before `at` can be drawn from."""
        condition = BucketRow.full_at <= bucket.latest(at)
        changed = self._table.update(place, [BucketRow.full_at.add(bucket.one), *_kept(bucket, at)], condition)
        return int(changed["full_at"]) if changed else None

    def _remember(self, place: Key, full_at: int, at: int) -> None:
        if len(self._seen) >= MOST_SEEN:
            self._seen = {place: seen for place, seen in self._seen.items() if seen > at}
        if len(self._seen) < MOST_SEEN:
            self._seen[place] = full_at


def _kept(bucket: Bucket, at: int) -> list[Action]:
    forgotten = (at + bucket.whole) // 1000 + KEPT_SECONDS
    return [BucketRow.kind.set(BucketRow), BucketRow.ttl.set(forgotten)]
