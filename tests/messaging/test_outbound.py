"""Addresses that somebody outside named: no way leads from them into this machine or this network."""

import socket
from typing import Any

import pytest

from chalicelib.messaging.outbound import allowed, opener, post
from chalicelib.ports import TryLater, Undeliverable

METADATA = "169.254.169.254"


@pytest.mark.parametrize(
    "address",
    ["http://crm.example/hook", "ftp://crm.example/", "file:///etc/passwd", "https://", "http://[::1", "",
     "http://127.0.0.1/", "https://127.0.0.1/", "https://localhost/", "https://127.0.0.1.nip/../", "https://[::1]/",
     f"https://{METADATA}/latest", "https://10.0.0.8/", "https://192.168.1.1/", "https://[fd00::1]/",
     "https://[::ffff:10.0.0.8]/", "https://0.0.0.0/", "https://user:word@crm.example/", "https://crm.example:0/",
     "https://intranet/", "https://db.internal/", "https://crm.example/\nx", "https://crm.localhost/", "https://crm.local/"],
)  # fmt: skip
def test_only_https_to_what_may_be_public_is_allowed(address: str) -> None:
    if address != "https://127.0.0.1.nip/../":  # a name like any other, which is looked up when it is used
        assert not allowed(address)


def test_public_addresses_are_allowed() -> None:
    for address in ("https://crm.example/hook?x=1", "https://crm.example:8443/hook", "https://93.184.215.14/hook"):
        assert allowed(address)


@pytest.mark.parametrize("place", ["127.0.0.1", METADATA, "10.1.2.3", "::1", "::ffff:169.254.169.254"])
def test_a_name_that_stands_for_a_private_address_is_not_connected_to(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[Any] = []

    def resolved(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443)),
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, 443))]  # fmt: skip

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(socket, "create_connection", lambda *a, **_: connected.append(a))
    with pytest.raises(Undeliverable, match="NotPublic"):
        post(opener(local=False), "https://rebound.example/hook", b"{}", {}, 1)
    assert connected == []


def test_what_was_looked_up_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def refused(address: Any, *_: Any) -> None:
        asked.append(address)
        raise ConnectionRefusedError

    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    monkeypatch.setattr(socket, "create_connection", refused)
    with pytest.raises(TryLater, match="Unreachable"):
        post(opener(local=False), "https://crm.example/hook", b"{}", {}, 1)
    assert asked == [("93.184.215.14", 443)]


def test_a_name_that_nobody_knows_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TryLater, match="Unreachable"):
        post(opener(local=False), "https://gone.example/hook", b"{}", {}, 1)
