"""What holds for every route."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app import app
from chalicelib.ports import Unavailable
from chalicelib.settings import Settings
from chalicelib.web.open311_calls import VERBS
from chalicelib.web.page import PAGES
from chalicelib.web.routes import TABLE, Route
from chalicelib.wiring import World, use
from tests.web.air import Air, complaint

Logged = Callable[[], list[dict[str, Any]]]

OPEN = {("GET", "/healthz"), ("GET", "/openapi.json")}


def test_nothing_is_served_without_saying_who_may_call_it() -> None:
    served = {(method, path) for path, methods in app.routes.items() for method in methods if method != "OPTIONS"}
    open311 = {(verb.method, verb.path) for verb in VERBS}  # open to anyone, as are pages; a POST wants its api_key
    assert served == {(route.method, route.path) for route in TABLE} | set(PAGES) | open311


@pytest.mark.parametrize("route", TABLE, ids=lambda route: f"{route.method} {route.path}")
def test_whoever_is_nobody_gets_what_is_open_and_nothing_else(air: Air, route: Route) -> None:
    path = route.path.replace("{number}", "261123-0000017").replace("{action}", "add_note")
    body = None if route.method == "GET" else {}
    answer = air.call(route.method, path, body)
    expected = {"staff": 401, "admin": 401, "complainant": 404, "anyone_or_staff": 422, "anyone": 200,
                "signed": 401}  # fmt: skip
    assert answer.status_code == expected[route.who]
    assert (route.who == "anyone") == ((route.method, route.path) in OPEN)


@pytest.mark.parametrize("sent", ["order-4711.a_b", "A" * 64])
def test_a_sane_correlation_id_comes_back(air: Air, sent: str) -> None:
    assert air.get("/healthz", headers={"X-Correlation-Id": sent}).headers["X-Correlation-Id"] == sent


@pytest.mark.parametrize("sent", ["", "short", "A" * 65, "with blanks in it", "李女士李女士李女士"])
def test_any_other_is_replaced(air: Air, sent: str) -> None:
    given = air.get("/healthz", headers={"X-Correlation-Id": sent}).headers["X-Correlation-Id"]
    assert given != sent
    assert len(given) == 16


def test_refusals_carry_a_correlation_id_too(air: Air) -> None:
    for answer in (air.get("/v1/tickets"), air.post("/v1/complaints", {}), air.call("DELETE", "/healthz")):
        assert answer.headers["X-Correlation-Id"]


@pytest.mark.parametrize("raw", [b"", b"{", b"nonsense", b"\xff\xfe", b"[" * 100_000, b'{"a": 1e999}', b'"\\ud800"'])
def test_what_is_no_json_is_refused_as_such(air: Air, raw: bytes) -> None:
    answer = air.call("POST", "/v1/complaints", raw=raw, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx"]
)
def test_another_media_type_is_refused(air: Air, kind: str) -> None:
    answer = air.call("POST", "/v1/complaints", raw=b"{}", headers={"Content-Type": kind})
    assert (answer.status_code, answer.json_body["type"]) == (415, "/problems/wrong-media-type")


def test_a_charset_does_no_harm(air: Air) -> None:
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    assert air.post("/v1/complaints", complaint(), headers=headers).status_code == 201


def test_a_huge_body_is_refused(air: Air) -> None:
    answer = air.post("/v1/complaints", complaint(form={"x": "x" * 300_000}))
    assert answer.status_code == 413


def test_what_chalice_refuses_is_a_problem_document_too(air: Air) -> None:
    answer = air.call("DELETE", "/healthz")
    assert (answer.status_code, answer.json_body["type"]) == (405, "/problems/no-such-method")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", sorted({path for path in app.routes if path.startswith(("/v1/", "/open311/"))}))
def test_a_method_that_an_address_does_not_take_is_refused_with_those_that_it_does(air: Air, path: str) -> None:
    for method in {"GET", "PUT", "POST", "PATCH", "DELETE"} - set(app.routes[path]):
        answer = air.call(method, path.replace("{", "").replace("}", ""))
        assert (answer.status_code, answer.json_body["status"]) == (405, 405)
        assert {one.strip() for one in answer.headers["Allow"].split(",")} == set(app.routes[path])


class Broken:
    """A store of which nothing works; what it says holds personal data."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> object:
        raise self.error


def test_a_busy_store_asks_to_try_again(air: Air) -> None:
    air.world.stores = air.world.stores._replace(cases=Broken(Unavailable("ProvisionedThroughputExceeded")))
    answer = air.post("/v1/complaints", complaint())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


def test_a_failure_of_ours_tells_nothing_of_itself(air: Air, logged: Logged) -> None:
    secret = "李女士 13800138000 li@example.org"
    air.world.stores = air.world.stores._replace(cases=Broken(ValueError(secret)))
    answer = air.post("/v1/complaints", complaint(), headers={"X-Correlation-Id": "trace-4711"})
    assert (answer.status_code, answer.json_body["type"]) == (500, "/problems/internal")
    assert set(answer.json_body) == {"type", "title", "status", "detail"}
    lines = logged()
    failure = next(line for line in lines if line.get("level") == "ERROR")
    assert (failure["exception_name"], failure["correlation_id"]) == ("ValueError", "trace-4711")
    for text in (answer.body.decode(), json.dumps(lines, ensure_ascii=False)):
        for personal in secret.split():
            assert personal not in text


def test_the_id_that_a_caller_is_told_is_found_in_the_log(air: Air, logged: Logged) -> None:
    air.world.stores = air.world.stores._replace(cases=Broken(ValueError()))
    told = [air.post("/v1/complaints", complaint()).headers["X-Correlation-Id"] for _ in range(40)]
    assert [line["correlation_id"] for line in logged() if line.get("level") == "ERROR"] == told


def test_nothing_personal_is_logged_of_a_good_or_a_refused_call(air: Air, logged: Logged) -> None:
    number = air.registered()
    air.post("/v1/complaints", complaint(customer={"name": "李女士", "phone": "13800138000", "nick": "x"}))
    air.get(f"/v1/complaints/{number}?phone_tail=1234")
    air.get(f"/v1/tickets/{number}", by="lin")
    lines = json.dumps(logged(), ensure_ascii=False)
    assert "ComplaintsRegistered" in lines
    for personal in ("李女士", "13800138000", "电梯", "1-405"):
        assert personal not in lines


FOREIGN = "https://portal.example"


def test_no_other_origin_may_read_answers(air: Air) -> None:
    answer = air.get("/healthz", headers={"Origin": FOREIGN})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert (
        "Access-Control-Allow-Origin" not in air.call("OPTIONS", "/v1/complaints", headers={"Origin": FOREIGN}).headers
    )


def test_the_one_that_is_set_may(air: Air) -> None:
    chosen = Settings(public_url="https://desk.example", cors_origin=FOREIGN)
    with use(World(chosen, stores=air.stores)):
        answer = air.get("/healthz", headers={"Origin": FOREIGN})
        assert answer.headers["Access-Control-Allow-Origin"] == FOREIGN
        assert answer.headers["Vary"] == "Origin"
        ahead = air.call("OPTIONS", "/v1/complaints", headers={"Origin": FOREIGN})
        assert (ahead.status_code, ahead.headers["Access-Control-Allow-Methods"]) == (204, "POST")
        assert "If-Match" in ahead.headers["Access-Control-Allow-Headers"]
        assert (
            "Access-Control-Allow-Origin" not in air.get("/healthz", headers={"Origin": "https://evil.example"}).headers
        )
