"""Signed letters to a real server on this machine."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from chalicelib.messaging import webhook
from chalicelib.messaging.reference import Reference
from chalicelib.messaging.signatures import sign
from chalicelib.messaging.webhook import WebhookSender
from chalicelib.ports import TryLater, Undeliverable
from tests.documents import blocks

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
REFERENCE = Reference("c-company", "20261122-4711-8", "1#late").encode()


class Receiver(ThreadingHTTPServer):
    """Remembers what it got and answers with `status`, after `delay` seconds."""

    status, delay = 204, 0.0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.got: list[tuple[dict[str, str], str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Answer(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.got.append((dict(self.headers), body))
        time.sleep(self.server.delay)
        self.send_response(self.server.status)
        self.send_header("location", self.server.url + "/elsewhere")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def sender() -> WebhookSender:
    return WebhookSender({"c-company": [SECRET]}.__getitem__, clock=lambda: datetime.now(UTC), local=True)


VECTOR = (
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg-0001", datetime(2026, 11, 22, 4, 38, 30, tzinfo=UTC),
    b'{"specversion":"1.0","id":"261122-5019700.6","type":"redress.case.closed.v1"}',
)  # fmt: skip
"""What `infra/decisions.md` shows signed."""


def test_the_vector_in_the_documents_is_what_the_library_of_the_standard_signs() -> None:
    secret, id, at, body = VECTOR
    signature = Webhook(secret).sign(id, at, body.decode())
    assert sign(*VECTOR) == signature
    decisions = (Path(__file__).parents[2] / "infra" / "decisions.md").read_text("utf-8")
    for part in (secret, id, str(int(at.timestamp())), body.decode(), signature):
        assert part in decisions


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The README's receiver at work: where it listens, and the file of what it prints."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as free:
        port = str(free.server_port)
    _, sample = blocks("README.md", "python")
    code = sample.replace("whsec_...", SECRET).replace("8311", port)
    assert SECRET in code
    assert port in code
    out = tmp_path / "printed"
    with out.open("w") as printed:
        process = subprocess.Popen([sys.executable, "-c", code], stdout=printed, stderr=subprocess.DEVNULL)
    yield f"http://127.0.0.1:{port}/", out
    process.terminate()
    process.wait(10)


def test_the_receiver_in_the_readme_takes_what_is_signed_and_nothing_else(shown: tuple[str, Path]) -> None:
    address, printed = shown
    body = b'{"id": "261122-5019700.6", "type": "redress.case.closed.v1", "data": {"stage": "closed"}}'
    for _ in range(100):
        try:
            sender().send_event(address, [SECRET], "msg-1", body)
            break
        except TryLater:  # it is still starting
            time.sleep(0.1)
    assert printed.read_text() == "261122-5019700.6 redress.case.closed.v1 {'stage': 'closed'}\n"
    with pytest.raises(Undeliverable, match="HTTP401"):
        sender().send_event(address, ["whsec_" + "b3RoZXI=" * 3], "msg-2", body)


def test_an_event_arrives_signed_with_each_secret_that_still_holds(receiver: Receiver) -> None:
    other = "whsec_" + "b3RoZXI=" * 3
    sender().send_event(receiver.url, [other, SECRET], "msg-1", b'{"id": "1"}')
    [(headers, body)] = receiver.got
    assert {k.lower(): v for k, v in headers.items()}["content-type"].startswith("application/cloudevents+json")
    for secret in (other, SECRET):
        assert Webhook(secret).verify(body, headers) == {"id": "1"}


def test_off_a_developers_machine_nothing_is_sent_to_this_one(receiver: Receiver) -> None:
    away = WebhookSender({"c-company": [SECRET]}.__getitem__, clock=lambda: datetime.now(UTC))
    with pytest.raises(Undeliverable, match="NotHttps"):
        away.send_event(receiver.url, [SECRET], "msg-1", b"{}")
    assert receiver.got == []


def test_a_letter_arrives_signed_with_the_organisations_secret(receiver: Receiver) -> None:
    sent = sender().send(receiver.url, "迟了", "投诉已超时", "<p>投诉已超时</p>", REFERENCE)
    [(headers, body)] = receiver.got
    letter = Webhook(SECRET).verify(body, headers)
    assert letter["type"] == "letter"
    assert letter["data"] == {"reference": REFERENCE, "subject": "迟了", "text": "投诉已超时"}
    assert sent.provider_id == REFERENCE


def test_a_second_try_has_the_same_id_so_that_the_receiver_can_tell(receiver: Receiver) -> None:
    for _ in range(2):
        sender().send(receiver.url, "", "x", "", REFERENCE)
    assert {{k.lower(): v for k, v in headers.items()}["webhook-id"] for headers, _ in receiver.got} == {REFERENCE}


@pytest.mark.parametrize(
    ("status", "meant"),
    [(400, Undeliverable), (404, Undeliverable), (410, Undeliverable), (307, Undeliverable), (302, Undeliverable),
     (408, TryLater), (429, TryLater), (500, TryLater), (503, TryLater)],
)  # fmt: skip
def test_the_receivers_answer_decides_whether_it_is_tried_again_and_redirects_are_not_followed(
    receiver: Receiver, status: int, meant: type[Exception]
) -> None:
    receiver.status = status
    with pytest.raises(meant, match=f"^HTTP{status}$"):
        sender().send(receiver.url, "", "x", "", REFERENCE)
    assert len(receiver.got) == 1


def test_no_answer_in_time_is_an_unknown_outcome(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS", 0.1)
    receiver.delay = 0.5
    with pytest.raises(TryLater, match="NoAnswer"):
        sender().send(receiver.url, "", "x", "", REFERENCE)


def test_a_server_that_is_not_there_is_tried_again(receiver: Receiver) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as gone:
        port = gone.server_port
    with pytest.raises(TryLater, match="Unreachable"):
        sender().send(f"http://127.0.0.1:{port}/hook", "", "x", "", REFERENCE)


@pytest.mark.parametrize(
    "address",
    ["http://crm.example/hook", "ftp://crm.example/hook", "file:///etc/passwd", "https://", "http://[::1", "",
     "http://127.0.0.1.crm.example/", "http://127.0.0.1@crm.example/"],
)  # fmt: skip
def test_letters_go_by_https_alone(address: str) -> None:
    with pytest.raises(Undeliverable, match="NotHttps"):
        sender().send(address, "", "x", "", REFERENCE)
