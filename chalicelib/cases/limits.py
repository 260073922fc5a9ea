"""How often the public may call: by where a call comes from, and by the case that it is about.

Each limit is a token bucket in the table. Before it stands a small one in the container, so that whoever calls now and
then costs no call of the table: only of a place that became busy here is the table asked.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Literal

from msgspec import Struct

from chalicelib.desk.bucket import Bucket
from chalicelib.desk.errors import TooMany
from chalicelib.observability import logger, measure
from chalicelib.ports import Buckets

MOST_MET = 10_000
"""Places and cases that a container counts at the same time."""

IPV6_SITE = 64
"""Bits of an IPv6 address that are one household's: it may use any of the others."""


class Limit(Struct, frozen=True):
    """`shared`: what there is in the table. `free`: how many a container gives before it asks there, each back in
    the same time.
    """

    shared: Bucket
    free: int


BySource = Literal["intake", "proof", "list"]
ByNumber = Literal["reading", "adding"]

LIMITS: dict[BySource | ByNumber, Limit] = {
    "intake": Limit(Bucket(30, 20), 5),  # complaints of whoever is not signed in: a kiosk's rush, then 180 an hour
    "proof": Limit(Bucket(30, 10), 5),  # phone tails and query codes, right or wrong: 360 an hour
    "list": Limit(Bucket(20, 5), 5),  # public lists, each up to a thousand cases
    "reading": Limit(Bucket(60, 5), 20),  # looks at one case by its complainant
    "adding": Limit(Bucket(20, 60), 5),  # messages and files to one case by its complainant
}


class Limits:
    """The limits, with what they need of the world."""

    def __init__(self, *, buckets: Buckets, key: Callable[[], bytes], clock: Callable[[], datetime]) -> None:
        self._buckets, self._key, self._clock = buckets, key, clock
        self._met: dict[tuple[str, str], int] = {}  # when each of this container's own buckets is full

    def by_source(self, limit: BySource, address: str) -> None:
        """One more call from there. Raises TooMany. An address that says nothing of where it is limits nothing."""
        if place := place_of(address):
            self._take(limit, hmac.new(self._key(), place.encode(), hashlib.sha256).hexdigest()[:32])

    def by_number(self, limit: ByNumber, number: str) -> None:
        """One more call about this case, by who proved that it is theirs. Raises TooMany."""
        self._take(limit, number)

    def _take(self, limit: BySource | ByNumber, of: str) -> None:
        chosen, now = LIMITS[limit], self._clock()
        if self._freely(limit, of, chosen, now):
            return
        try:
            given = self._buckets.take(limit, of, chosen.shared, now)
        except Exception as error:  # whatever it is: a complaint that is not taken in is worse than one too many
            measure("LimitsUnavailable")
            logger().warning("a limit cannot be asked", extra={"limit": limit, "error": type(error).__name__})
            return
        if not given:
            measure("CallsLimited")
            raise TooMany(chosen.shared.wait)

    def _freely(self, limit: str, of: str, chosen: Limit, now: datetime) -> bool:
        own, at = Bucket(chosen.free, chosen.shared.seconds), int(now.timestamp() * 1000)
        full_at = max(self._met.get((limit, of), 0), at)
        if full_at > own.latest(at):
            return False
        if len(self._met) >= MOST_MET:
            self._met = {met: full for met, full in self._met.items() if full > at}
        if len(self._met) >= MOST_MET:
            return False  # too many at once to tell them apart here
        self._met[limit, of] = full_at + own.one
        return True


def place_of(address: str) -> str:
    """What counts as one place: an IPv4 address, an IPv6 network of 64 bits. Empty for what is no address, and for the
    machine itself, from which nobody calls a function on AWS.

    >>> place_of("203.0.113.9"), place_of("2001:db8:1:2:3:4:5:6"), place_of("::ffff:203.0.113.9")
    ('203.0.113.9', '2001:db8:1:2::/64', '203.0.113.9')
    >>> place_of("127.0.0.1"), place_of("test-invoke-source-ip"), place_of("")
    ('', '', '')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_loopback:
        return ""
    return str(ip_network((found, IPV6_SITE), strict=False)) if isinstance(found, IPv6Address) else str(found)
