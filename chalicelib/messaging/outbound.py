"""One POST to an address that somebody outside named: only where it may go, no further, and for so long.

An address is looked at twice: as it is written, when it is kept and when it is used, and by what its name stands for
at the very moment of connecting, so that no name leads into the machine or the network that this runs in.
"""

import re
import socket
import time
from contextlib import suppress
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv6Address, IPv6Network, ip_address
from ssl import SSLContext, SSLError, create_default_context
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from chalicelib.ports import TryLater, Undeliverable

PASSING = frozenset({408, 425, 429})
"""Statuses below 500 that say nothing against the message."""

HERE = frozenset({"127.0.0.1", "localhost"})

ASSIGNED = IPv6Network("2000::/3")
"""Where public addresses of IPv6 lie (RFC 4291). What lies elsewhere, some of it holds one of IPv4, is not for this."""

_OWN = (".localhost", ".local", ".internal")
_NAME = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\.?", re.IGNORECASE
)


class NotAllowedThere(OSError):
    """The name stands for an address that is not of the public internet."""


def allowed(address: str, *, local: bool = False) -> bool:
    """Whether something may be sent there, as far as the address itself tells. `local`: on a developer's machine.

    >>> allowed("https://crm.example/hook"), allowed("http://crm.example/hook"), allowed("https://10.0.0.8/hook")
    (True, False, False)
    >>> allowed("http://127.0.0.1:8/hook"), allowed("http://127.0.0.1:8/hook", local=True)
    (False, True)
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or port == 0 or not re.fullmatch(r"[\x21-\x7e]+", address):
        return False
    if host in HERE:
        return local and parts.scheme in ("http", "https")
    return parts.scheme == "https" and _may_be_public(host)


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:  # a name, which is looked up when it is used
        return _NAME.fullmatch(host) is not None and not host.rstrip(".").endswith(_OWN)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, and holds no other. Raises ValueError where it is none.

    >>> is_public("93.184.215.14"), is_public("2606:2800:21f::1"), is_public("::ffff:93.184.215.14")
    (True, True, False)
    """
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        return found in ASSIGNED and found.is_global and found.sixtofour is None and found.teredo is None
    return found.is_global and not found.is_multicast


def post(to: str, body: bytes, headers: dict[str, str], seconds: float, *, local: bool = False) -> None:
    """One request, without proxies and redirects. Raises Undeliverable or TryLater; the code is the HTTP status, or
    says what else there was.

    It is over after `seconds`, however little at a time the other side says: what looks up the name, connects,
    writes and reads is left to itself then, its line cut.
    """
    request = _Request(to, body, headers, seconds, local)
    worker = Thread(target=request.run, daemon=True)
    worker.start()
    worker.join(seconds)
    match request.outcome:
        case int(status) if status < 300:
            return
        case int(status):
            final = status < 500 and status not in PASSING
            raise (Undeliverable if final else TryLater)(f"HTTP{status}")
        case NotAllowedThere():
            raise Undeliverable("NotPublic")
        case TimeoutError():
            raise TryLater("NoAnswer")
        case SSLError():
            raise TryLater("NotTrusted")
        case OSError() if not request.connected:
            raise TryLater("Unreachable")
        case OSError() | HTTPException():
            raise TryLater("NoAnswer")
        case None:
            request.cut()
            raise TryLater("NoAnswer")
        case unforeseen:
            raise unforeseen


@cache
def _trust() -> SSLContext:
    """Whom certificates are believed of: read once a container, which takes longer than all else here."""
    return create_default_context()


class _Request:
    """A request under way in a thread of its own. `outcome` is the status answered, or why there is none."""

    def __init__(self, to: str, body: bytes, headers: dict[str, str], seconds: float, local: bool) -> None:
        self.outcome: int | Exception | None = None
        self.connected = False
        self._to, self._body, self._headers, self._local = to, body, headers, local
        self._until = time.monotonic() + seconds
        self._line: socket.socket | None = None
        self._lock, self._over = Lock(), False

    def run(self) -> None:
        """Send it; the answer's body is nobody's business and is not read."""
        try:
            self.outcome = self._status()
        except Exception as error:  # `post` raises what is not foreseen where somebody hears it
            self.outcome = error
        finally:
            self.cut()

    def cut(self) -> None:
        """End the line, whoever holds it and whatever they wait for."""
        with self._lock:
            line, self._line, self._over = self._line, None, True
        if line is not None:
            with suppress(OSError):  # the other side was faster
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _status(self) -> int:
        parts = urlsplit(self._to)
        host, left = parts.hostname or "", self._left()
        connection = (
            HTTPSConnection(host, parts.port, timeout=left, context=_trust())
            if parts.scheme == "https"
            else HTTPConnection(host, parts.port, timeout=left)
        )
        connection._create_connection = self._connect  # type: ignore[attr-defined]  # where http.client connects, for its tests too
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, self._body, {**self._headers, "connection": "close"})
            return connection.getresponse().status
        finally:
            connection.close()

    def _connect(self, address: tuple[str, int], timeout: Any = None, source: Any = None) -> socket.socket:  # noqa: ARG002 # http.client calls it so
        """Connect to what the name stands for now, if all of it is public; a certificate is held against the name."""
        host, port = address
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        places = list(dict.fromkeys(str(where[0]) for *_, where in found))
        if not all((self._local and host in HERE) or is_public(place) for place in places):
            raise NotAllowedThere("not public")
        failure: OSError = ConnectionRefusedError()
        for place in places:
            try:
                return self._held(socket.create_connection((place, port), self._left()))
            except OSError as error:
                failure = error
        raise failure

    def _held(self, line: socket.socket) -> socket.socket:
        """Keep hold of the line, as what uses it wraps it and takes it away."""
        with self._lock:
            if not self._over:
                self._line, self.connected = line.dup(), True
                return line
        line.close()
        raise TimeoutError

    def _left(self) -> float:
        return max(0.001, self._until - time.monotonic())
