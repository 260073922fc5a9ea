"""What schemathesis cannot know: the organisation that is there, its keys, how a hotline platform signs; and checks of
the desk's own.
"""

import os
import time
import uuid
from datetime import UTC, datetime
from typing import Any

import requests
import schemathesis
from requests.adapters import HTTPAdapter
from schemathesis import GenerationMode
from standardwebhooks import Webhook

ORG = os.environ["CONTRACT_ORG"]
ONLY = os.environ.get("CONTRACT_ONLY")
MADE_GOOD = {
    "org": ORG, "jurisdiction_id": ORG, "api_key": os.environ["CONTRACT_KEY"], "service_code": "equipment",
}  # fmt: skip
TO_SIGN = "to be signed"
PROBLEM = "application/problem+json"


SEND = HTTPAdapter.send


def send(adapter: HTTPAdapter, request: requests.PreparedRequest, *how: Any, **options: Any) -> requests.Response:
    """Signed over the very bytes, where that is asked for; and again when the local AWS runs no more functions at
    once, of which no API Gateway would speak in its words.
    """
    if request.headers.get("webhook-signature") == TO_SIGN:
        sign(request)
    for _ in range(60):
        response = SEND(adapter, request, *how, **options)
        if response.status_code != 429 or b"ConcurrentInvocationLimitExceeded" not in response.content:
            break
        time.sleep(0.5)
    return response


HTTPAdapter.send = send  # type: ignore[method-assign] # schemathesis makes its sessions itself


def sign(request: requests.PreparedRequest) -> None:
    """The three headers of Standard Webhooks."""
    body = request.body or b""
    text = body if isinstance(body, str) else body.decode()
    id, now = str(uuid.uuid4()), datetime.now(UTC)
    request.headers["webhook-id"] = id
    request.headers["webhook-timestamp"] = str(int(now.timestamp()))
    request.headers["webhook-signature"] = Webhook(os.environ["CONTRACT_SECRET"]).sign(id, now, text)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """A good call is about what is there, and has its keys: beyond the door is where most can go wrong."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if case.headers.get("Idempotency-Key"):  # drawn twice, it would be one key with two bodies
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    place(case)
    if isinstance(case.body, dict):
        case.body |= {name: value for name, value in MADE_GOOD.items() if name in case.body}
        if case.path == "/v1/admin/webhooks":
            case.body["events"] = ["closed"]  # which nothing here is: it would be called, event for event


def place(case: Any) -> None:
    """The case and its files that are there."""
    if "number" in (case.path_parameters or {}):
        spare = case.path.endswith("/erase")  # what is erased has no files any more
        case.path_parameters["number"] = os.environ["CONTRACT_SPARE" if spare else "CONTRACT_NUMBER"]
        if case.path.startswith("/v1/complaints/"):  # wrong proofs close a case for a while
            case.query = {"code": os.environ["CONTRACT_CODE"]}
    if case.path.endswith("/attachments/{id}"):
        whose = "OWN_FILE" if case.path.startswith("/v1/complaints/") else "FILE"
        case.path_parameters["id"] = os.environ[f"CONTRACT_{whose}"]
    if case.path.endswith("/actions/{action}") and case.path_parameters["action"] == "add_note":
        case.headers["If-Match"] = version(case)
        case.body = {"note": str(uuid.uuid4())}


def version(case: Any) -> str:
    """The version that the case is at."""
    address = f"{case.operation.base_url.rstrip('/')}/v1/tickets/{os.environ['CONTRACT_NUMBER']}"
    sign_in = {"Authorization": f"Bearer {os.environ['CONTRACT_TOKEN']}"}
    return str(requests.get(address, headers=sign_in, timeout=30).headers.get("ETag", '"1"'))


@schemathesis.check
def refusals_are_problem_documents(ctx: Any, response: Any, case: Any) -> None:
    """RFC 9457, with the status that was answered; Open311 has refusals of its own."""
    if response.status_code < 400 or case.path.startswith("/open311/"):
        return
    found = response.json()
    assert response.headers["content-type"] == [PROBLEM], response.headers["content-type"]
    assert found["status"] == response.status_code
    assert found["type"].startswith("/problems/")
    assert found["title"]


@schemathesis.check
class EveryVerbDoesItsWork:
    """A run in which some operation was only ever refused has not tested it."""

    def __init__(self, refused: list[str]) -> None:
        self.tried: set[str] = set()
        self.done: set[str] = set(refused)

    def after_response(self, _: Any, response: Any, case: Any) -> None:
        """Once for each answer."""
        self.tried.add(case.operation.label)
        if response.status_code < 400:
            self.done.add(case.operation.label)
        if ONLY:
            assert response.status_code == int(ONLY), f"{response.status_code}, not {ONLY}"

    def after_run(self, _: Any) -> None:
        """At the end."""
        assert ONLY or self.tried <= self.done, "never done: " + ", ".join(sorted(self.tried - self.done))
