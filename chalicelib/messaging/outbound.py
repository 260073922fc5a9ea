"""One POST to an address that somebody outside named: only where it may go, and no further.

An address is looked at twice: as it is written, when it is kept and when it is used, and by what its name stands for
at the very moment of connecting, so that no name leads into the machine or the network that this runs in.
"""

import socket
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from chalicelib.ports import TryLater, Undeliverable

PASSING = frozenset({408, 425, 429})
"""Statuses below 500 that say nothing against the message."""

HERE = frozenset({"127.0.0.1", "localhost"})


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
    if parts.username or parts.password or not host or port == 0 or not address.isascii() or not address.isprintable():
        return False
    if host in HERE:
        return local and parts.scheme in ("http", "https")
    return parts.scheme == "https" and _may_be_public(host)


def _may_be_public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:  # a name, which is looked up when it is used
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))


def opener(*, local: bool) -> OpenerDirector:
    """Without proxies and redirects, and with every connection guarded."""
    return build_opener(ProxyHandler({}), _NoRedirects(), _Http(local), _Https(local))


def post(by: OpenerDirector, to: str, body: bytes, headers: dict[str, str], seconds: float) -> None:
    """One request. Raises Undeliverable or TryLater; the code is the HTTP status, or says what else there was."""
    try:
        request = Request(to, data=body, headers=headers, method="POST")  # noqa: S310 # `allowed` saw its scheme
        with by.open(request, timeout=seconds):
            return
    except HTTPError as error:
        with error:
            final = error.code < 500 and error.code not in PASSING
        raise (Undeliverable if final else TryLater)(f"HTTP{error.code}") from None
    except URLError as error:
        if isinstance(error.reason, NotAllowedThere):
            raise Undeliverable("NotPublic") from None
        raise TryLater("NoAnswer" if isinstance(error.reason, TimeoutError) else "Unreachable") from None
    except (OSError, HTTPException):
        raise TryLater("NoAnswer") from None


class _NoRedirects(HTTPRedirectHandler):
    """A redirect could lead a signed message to where nobody allowed it."""

    def redirect_request(self, *_: object) -> None:
        return None


class _Http(HTTPHandler):
    def __init__(self, local: bool) -> None:
        super().__init__()
        self._local = local

    def http_open(self, request: Request) -> Any:
        return self.do_open(lambda host, **how: _guarded(HTTPConnection(host, **how), self._local), request)


class _Https(HTTPSHandler):
    def __init__(self, local: bool) -> None:
        super().__init__()
        self._local = local

    def https_open(self, request: Request) -> Any:
        return self.do_open(lambda host, **how: _guarded(HTTPSConnection(host, **how), self._local), request)


def _guarded(connection: HTTPConnection, local: bool) -> HTTPConnection:
    """Connects to what the name stands for now, if that is public; certificates are held against the name."""

    def connect(address: tuple[str, int], timeout: float | None = None, source: Any = None) -> socket.socket:
        host, port = address
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        places = [str(where[0]) for *_, where in found]
        if not all(ip_address(place).is_global or (local and host in HERE) for place in places):
            raise NotAllowedThere("not public")
        return socket.create_connection((places[0], port), timeout, source)

    connection._create_connection = connect  # type: ignore[attr-defined]  # where http.client connects, for its tests too
    return connection
