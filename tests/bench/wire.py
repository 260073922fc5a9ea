"""Calls to AWS as they leave the process: heard, or answered on the spot."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint
from msgspec import json


class Call(NamedTuple):
    """One request that was answered, of any client, each try counted."""

    service: str
    operation: str
    body: bytes
    answer: Mapping[str, Any]
    ok: bool


@contextmanager
def listening(heard: Callable[[Call], None]) -> Iterator[None]:
    """While this lasts, `heard` is told of every call. It stands where moto's stub and the network both are behind."""
    endpoints: Any = Endpoint  # a private method of it: the one place that every call of every client passes
    original = endpoints._do_get_response

    def told(endpoint: Any, request: Any, operation_model: Any, context: Any) -> Any:
        answered, error = original(endpoint, request, operation_model, context)
        status, answer = (answered[0].status_code, answered[1]) if answered else (0, {})
        service = operation_model.service_model.service_name
        heard(Call(service, operation_model.name, request.body or b"", answer, status == 200))
        return answered, error

    endpoints._do_get_response = told
    try:
        yield
    finally:
        endpoints._do_get_response = original


class Instantly:
    """Answers a client's calls without a network. `answers`: what each operation answers, as bytes; others `{}`."""

    def __init__(self, client: Any, service: str) -> None:
        self.answers: dict[str, bytes] = {}
        client.meta.events.register(f"before-send.{service}", self)

    def __call__(self, event_name: str, request: Any, **_: Any) -> AWSResponse:
        """The answer, at once."""
        body = self.answers.get(event_name.rpartition(".")[2], b"{}")
        headers: Any = {"content-type": "application/x-amz-json-1.0", "content-length": str(len(body))}
        return AWSResponse(request.url, 200, headers, _Raw(body))

    def item(self, item: dict[str, Any]) -> None:
        """What the next GetItem finds."""
        self.answers["GetItem"] = json.encode({"Item": item})


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        """The whole of it."""
        yield self._body
