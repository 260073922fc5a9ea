"""The issuer over HTTP: what is asked of it, and what its answers become."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chalicelib.ports import Unavailable
from chalicelib.web.issuer import Refused, fetched

ANSWERS = {
    "/good": (200, b'{"a":1}'),
    "/elsewhere": (302, b""),
    "/refuses": (400, b'{"error":"invalid_grant","error_description":"shen"}'),
    "/odd": (400, b'{"error":"<b>shen</b>"}'),
    "/no-json": (403, b"<html>"),
    "/fails": (500, b"x"),
    "/huge": (200, b"x" * 300_000),
}


class Handler(BaseHTTPRequestHandler):
    """Answers by the path; what is posted comes back."""

    def do_GET(self) -> None:
        status, body = ANSWERS[self.path]
        self.send_response(status)
        self.send_header("Location", "/good")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body + b" " + self.headers["Content-Type"].encode() + b" " + self.headers["X-A"].encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where it listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_answer_is_read_as_far_as_one_may_be_long(url: str) -> None:
    assert fetched(f"{url}/good", {}, None) == b'{"a":1}'
    assert len(fetched(f"{url}/huge", {}, None)) == 262_144


def test_a_form_is_posted_as_one(url: str) -> None:
    assert fetched(f"{url}/token", {"X-A": "b"}, b"code=1") == b"code=1 application/x-www-form-urlencoded b"


@pytest.mark.parametrize(
    ("path", "code"),
    [("refuses", "invalid_grant"), ("odd", "unknown"), ("no-json", "unknown"), ("elsewhere", "unknown")],
)
def test_a_refusal_is_known_by_its_word_where_it_has_one(url: str, path: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        fetched(f"{url}/{path}", {}, None)
    assert refused.value.code == code


@pytest.mark.parametrize("address", ["/fails", "http://127.0.0.1:9/", "http://nowhere.invalid/"])
def test_an_issuer_that_fails_or_is_away_is_a_matter_of_time(url: str, address: str) -> None:
    with pytest.raises(Unavailable):
        fetched(address if "//" in address else url + address, {}, None)
