"""What a caller gets who asks for too much, sends the wrong thing, or does not say who they are."""

import json
import threading
from typing import Any

import pytest
from standardwebhooks import Webhook

from chalicelib.web.service import VERSION
from tests.deployed.desk import Desk, eventually
from tests.messaging.test_webhook import Receiver

POSTED = {"org": "c-company", "customer": {"phone": "13800138004"}, "content": {"details": "停水"}}


def test_it_says_that_it_is_alive_and_which_version_it_is(desk: Desk) -> None:
    found = desk.get("/healthz")
    assert (found.status, found.body["alive"], found.body["version"]) == (200, True, VERSION)


def test_it_describes_every_address_that_it_answers_at(desk: Desk) -> None:
    described = desk.get("/openapi.json").body
    assert described["openapi"].startswith("3.1")
    assert {"/v1/complaints", "/v1/tickets/{number}/actions/{action}", "/healthz"} <= set(described["paths"])


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({**POSTED, "colour": "red", "channel": "pigeon"}, {"colour", "channel"}),
        ({**POSTED, "received_at": "yesterday", "kind": 7}, {"received_at", "kind"}),
        ({"org": "c-company"}, {"content"}),
    ],
)
def test_everything_wrong_with_a_body_is_said_at_once(desk: Desk, body: Any, fields: set[str]) -> None:
    found = desk.post("/v1/complaints", body)
    assert (found.status, found.headers["content-type"]) == (422, "application/problem+json")
    assert fields <= {wrong["field"] for wrong in found.body["errors"]}


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 20_000], ids=repr)
def test_what_is_no_json_object_is_refused_and_never_fails(desk: Desk, raw: bytes) -> None:
    found = desk.call("POST", "/v1/complaints", raw=raw[:50_000])
    assert found.status in (400, 422)
    assert found.headers["content-type"] == "application/problem+json"


def test_another_system_hears_of_a_complaint_signed_and_without_names(desk: Desk) -> None:
    with Receiver() as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        entry = {"id": "crm", "url": receiver.url, "events": ["registered"]}
        secret = desk.call("PUT", "/v1/admin/webhooks", entry, by="c.wu").body["secret"]
        try:
            number = desk.registers(POSTED).number
            [(headers, body)] = eventually(lambda: receiver.got, "event")
            event = Webhook(secret).verify(body, headers)
            assert (event["subject"], event["type"]) == (number, "redress.case.registered.v1")
            assert "13800138004" not in body
        finally:
            desk.call("PUT", "/v1/admin/webhooks", {**entry, "active": False}, by="c.wu")
            receiver.shutdown()


def test_whoever_does_not_sign_in_sees_no_case(desk: Desk) -> None:
    case = desk.registers(POSTED)
    for path in ("/v1/tickets", f"/v1/tickets/{case.number}", "/v1/admin/staff"):
        found = desk.get(path)
        assert (found.status, found.headers["www-authenticate"]) == (401, "Bearer")
    forged = desk.token("c.li")[:-8] + "AAAAAAAA"
    assert desk.get("/v1/tickets", Authorization=f"Bearer {forged}").status == 401
    assert desk.get("/v1/admin/staff", by="c.li").status == 403


def test_a_number_alone_shows_nothing(desk: Desk) -> None:
    number = desk.registers(POSTED).number
    for proof in ("", "?phone_tail=0000", "?token=0123456789abcdef"):
        assert desk.get(f"/v1/complaints/{number}{proof}").status in (401, 403, 404)
    assert desk.get(f"/v1/complaints/{number}?phone_tail=8004").status == 200


def test_an_action_says_which_version_was_seen(desk: Desk) -> None:
    case = desk.registers(POSTED)
    path = f"/v1/tickets/{case.number}/actions/add_note"
    assert desk.post(path, {"note": "已阅"}, by="c.li").status == 428
    assert desk.post(path, {"note": "已阅"}, by="c.li", If_Match='"9"').status == 409
    assert desk.post(path, {"note": "已阅"}, by="c.li", If_Match='"1"').status == 200
    again = desk.post(path, {"note": "已阅"}, by="c.li", If_Match='"1"')
    assert (again.status, again.headers["idempotency-replayed"]) == (200, "true")


def test_a_case_that_is_not_there_is_a_problem_document(desk: Desk) -> None:
    found = desk.get("/v1/tickets/261122-0000000", by="c.li")
    assert (found.status, found.headers["content-type"]) == (404, "application/problem+json")


def test_the_secret_that_signs_hotline_calls_is_told_to_tools(desk: Desk) -> None:
    assert desk.stack.described["webhook_secret"].startswith("whsec_")


def test_a_place_that_complains_without_end_is_held_up_by_the_table_whatever_container_it_meets(desk: Desk) -> None:
    answers = [from_elsewhere(desk) for _ in range(60)]
    statuses = [answer["statusCode"] for answer in answers]
    assert set(statuses) == {422, 429}  # their bodies are wrong: nothing is registered
    assert statuses[:35] == [422] * 35
    held = next(answer for answer in answers if answer["statusCode"] == 429)
    assert int(held["headers"].get("Retry-After") or held["multiValueHeaders"]["Retry-After"][0]) == 20
    rows = desk.stack.client("dynamodb").scan(TableName=desk.stack.described["table"], ConsistentRead=True)["Items"]
    assert any(row["PK"]["S"].startswith("RATE#intake#") for row in rows)
    assert "203.0.113.77" not in json.dumps(rows, default=str)
    assert desk.post("/v1/complaints", POSTED).status == 201


def from_elsewhere(desk: Desk) -> dict[str, Any]:
    """What the function answers to a call that its gateway saw come from another machine."""
    path, headers = "/v1/complaints", {"content-type": "application/json"}
    event = {
        "resource": path, "path": path, "httpMethod": "POST", "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()}, "pathParameters": None,
        "multiValueQueryStringParameters": None, "stageVariables": None, "body": "{}", "isBase64Encoded": False,
        "requestContext": {"resourcePath": path, "httpMethod": "POST", "identity": {"sourceIp": "203.0.113.77"}},
    }  # fmt: skip
    return dict(desk.stack.invoke("api", event))
