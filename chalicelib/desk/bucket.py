"""Token buckets: how often something may be done, in a burst and in the long run.

A bucket is kept as the one instant at which it will be full again (GCRA, ITU-T I.371): what was taken moves it on, the
time that passes fills it up. So a store takes from it by one conditional addition, and an old one is as good as none.
"""

from math import ceil

from msgspec import Struct


class Bucket(Struct, frozen=True):
    """`size` at once, and then one more each `seconds`."""

    size: int
    seconds: float

    @property
    def one(self) -> int:
        """What one takes, in milliseconds.

        >>> Bucket(30, 20).one, Bucket(30, 20).whole
        (20000, 600000)
        """
        return int(self.seconds * 1000)

    @property
    def whole(self) -> int:
        """How long an empty one takes to be full, in milliseconds."""
        return self.size * self.one

    @property
    def wait(self) -> int:
        """Seconds after which an empty one has at least one again."""
        return ceil(self.seconds)

    def latest(self, now: int) -> int:
        """When a bucket is full at the latest that still has one to give at `now` (milliseconds since 1970)."""
        return now + self.whole - self.one
