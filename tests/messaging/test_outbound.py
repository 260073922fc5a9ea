"""Addresses that somebody outside named: no way leads from them into this machine or this network."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from chalicelib.messaging import outbound
from chalicelib.messaging.outbound import allowed, is_public, post
from chalicelib.ports import TryLater, Undeliverable

METADATA = "169.254.169.254"


@pytest.mark.parametrize(
    "address",
    ["http://crm.example/hook", "ftp://crm.example/", "file:///etc/passwd", "https://", "http://[::1", "",
     "http://127.0.0.1/", "https://127.0.0.1/", "https://localhost/", "https://127.0.0.1.nip/../", "https://[::1]/",
     f"https://{METADATA}/latest", "https://10.0.0.8/", "https://192.168.1.1/", "https://[fd00::1]/",
     "https://[::ffff:10.0.0.8]/", "https://0.0.0.0/", "https://user:word@crm.example/", "https://crm.example:0/",
     "https://intranet/", "https://db.internal/", "https://crm.example/\nx", "https://crm.localhost/", "https://crm.local/",
     "https://crm.internal./", "https://2130706433/", "https://0x7f000001/", "https://127.1/", "https://0x7f.1/",
     "https://0177.0.0.01/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[::127.0.0.1]/",
     "https://224.0.0.1/", "https://[ff02::1]/", "https://[fe80::1%25eth0]/", "https://crm.example/a b",
     "https://crm..example/", f"https://{'a' * 64}.example/", f"https://{'a.' * 130}example/", "https://客服.example/",
     "https://@crm.example/", "https://crm.example\\@10.0.0.8/"],
)  # fmt: skip
def test_only_https_to_what_may_be_public_is_allowed(address: str) -> None:
    if address != "https://127.0.0.1.nip/../":  # a name like any other, which is looked up when it is used
        assert not allowed(address)


def test_public_addresses_are_allowed() -> None:
    for address in (
        "https://crm.example/hook?x=1", "https://crm.example:8443/hook", "https://93.184.215.14/hook",
        "https://xn--fiq228c.example/", "https://crm.xn--fiqs8s/", "https://crm.example./", "https://a_b.crm.example/",
        "https://[2606:2800:21f::1]/",
    ):  # fmt: skip
        assert allowed(address), address


@pytest.mark.parametrize(
    "place",
    ["127.0.0.1", METADATA, "10.1.2.3", "0.0.0.1", "::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
     "2002:a01:203::", "::10.1.2.3", "fd00:ec2::254", "fe80::1"],
)  # fmt: skip
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
        post("https://rebound.example/hook", b"{}", {}, 1)
    assert connected == []


def test_what_was_looked_up_is_what_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def refused(address: Any, *_: Any) -> None:
        asked.append(address)
        raise ConnectionRefusedError

    answer = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:2800:21f::1", 443, 0, 0)),
              (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]  # fmt: skip
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    monkeypatch.setattr(socket, "create_connection", refused)
    with pytest.raises(TryLater, match="Unreachable"):
        post("https://crm.example/hook", b"{}", {}, 1)
    assert asked == [("2606:2800:21f::1", 443), ("93.184.215.14", 443)]  # one may answer where another does not


def test_a_name_that_nobody_knows_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TryLater, match="Unreachable"):
        post("https://gone.example/hook", b"{}", {}, 1)


Says = Callable[[socket.socket, threading.Event], None]
"""What a receiver does with a connection, until the event."""


@contextmanager
def receiver(says: Says) -> Iterator[str]:
    """A server on this machine that deals with every connection alike."""
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            with suppress(OSError):
                line, _ = server.accept()
                threading.Thread(target=deal, args=(line,), daemon=True).start()

    def deal(line: socket.socket) -> None:
        with line, suppress(OSError):
            says(line, over)

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def drips(beginning: bytes, drop: bytes) -> Says:
    def says(line: socket.socket, over: threading.Event) -> None:
        line.recv(1000)
        line.sendall(beginning)
        while not over.wait(0.02):
            line.sendall(drop)

    return says


@pytest.mark.parametrize(
    ("beginning", "drop"),
    [(b"", b"H"), (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"), (b"HTTP/1.1 200 OK\r\n", b"X-One: more\r\n"),
     (b"", b"HTTP/1.1 100 Continue\r\n\r\n")],
)  # fmt: skip
def test_a_receiver_that_says_a_little_at_a_time_is_hung_up_on(beginning: bytes, drop: bytes) -> None:
    before = threading.active_count()
    with receiver(drips(beginning, drop)) as at:
        began = time.monotonic()
        with pytest.raises(TryLater, match="NoAnswer"):
            post(f"http://{at}/hook", b"{}", {}, 0.3, local=True)
        assert time.monotonic() - began < 1
    for _ in range(100):
        if threading.active_count() <= before:
            break
        time.sleep(0.02)
    assert threading.active_count() <= before  # nothing waits on


def test_so_is_one_that_never_ends_to_agree_on_how_to_encrypt() -> None:
    with receiver(drips(b"", b"")) as at:
        began = time.monotonic()
        with pytest.raises(TryLater, match="NoAnswer"):
            post(f"https://{at}/hook", b"{}", {}, 0.3, local=True)
        assert time.monotonic() - began < 1


def test_a_name_that_takes_for_ever_to_look_up_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait(5) and [])
    began = time.monotonic()
    with pytest.raises(TryLater, match="NoAnswer"):
        post("https://slow.example/hook", b"{}", {}, 0.1)
    assert time.monotonic() - began < 1
    answered.set()


def test_an_answer_however_long_is_not_read() -> None:
    sent: list[int] = []

    def floods(line: socket.socket, over: threading.Event) -> None:
        line.recv(1000)
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not over.is_set():
            sent.append(line.send(b"x" * 65536))

    with receiver(floods) as at:
        post(f"http://{at}/hook", b"{}", {}, 2, local=True)
        time.sleep(0.1)
        assert sum(sent) < 20_000_000  # what fits on the way


def test_headers_without_end_are_no_answer() -> None:
    with receiver(drips(b"HTTP/1.1 200 OK\r\n" + b"X-Many: x\r\n" * 200, b"")) as at, pytest.raises(TryLater):
        post(f"http://{at}/hook", b"{}", {}, 1, local=True)


def test_what_cannot_be_trusted_is_named_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def untrusted(*_: Any, **__: Any) -> None:
        raise ssl.SSLCertVerificationError

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", untrusted)
    with receiver(drips(b"", b"")) as at, pytest.raises(TryLater, match="NotTrusted"):
        post(f"https://{at}/hook", b"{}", {}, 1, local=True)


def certified(name: str, folder: Path) -> tuple[str, str]:
    """Files of a certificate for a name, signed by itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    now, subject = datetime.now(UTC), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(folder / "cert.pem"), str(folder / "key.pem")


def test_a_certificate_is_held_against_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, key = certified("localhost", tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    monkeypatch.setattr(outbound, "_trust", lambda: ssl.create_default_context(cafile=cert))

    def answers(line: socket.socket, over: threading.Event) -> None:  # as every receiver
        with server.wrap_socket(line, server_side=True) as secured:
            got = b""
            while not got.endswith(b"{}"):  # what is left unread would cut the answer off
                got += secured.recv(1000)
            secured.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with receiver(answers) as at:
        post(f"https://localhost:{at.rpartition(':')[2]}/hook", b"{}", {}, 5, local=True)
        with pytest.raises(TryLater, match="NotTrusted"):
            post(f"https://{at}/hook", b"{}", {}, 5, local=True)
    monkeypatch.undo()
    with receiver(answers) as at, pytest.raises(TryLater, match="NotTrusted"):
        post(f"https://localhost:{at.rpartition(':')[2]}/hook", b"{}", {}, 5, local=True)


def test_only_public_addresses_are_public() -> None:
    assert is_public("93.184.215.14")
    assert not is_public("::ffff:93.184.215.14")  # what holds another address is asked for under that one
