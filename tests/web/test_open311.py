"""Open311 over HTTP: JSON and XML, parameters, refusals."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import jsonschema
import pytest
from chalice.test import HTTPResponse
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.settings import Settings
from chalicelib.web.open311_calls import MEDIA, VERBS
from chalicelib.web.open311_xml import xml
from chalicelib.web.openapi import description
from chalicelib.wiring import World, use
from tests.web.air import ORG, Air, on_air, organisation

BASE = "/open311/v2"
ASKED = {"jurisdiction_id": ORG}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air(replace(organisation(), open311=True)) as found:
        yield found


def get(air: Air, path: str, headers: dict[str, str] | None = None, **query: str) -> HTTPResponse:
    return air.get(f"{BASE}/{path}?{urlencode({**ASKED, **query})}", headers=headers or {})


def post(air: Air, written: str = "json", headers: dict[str, str] | None = None, **given: str) -> HTTPResponse:
    about = {**ASKED, "api_key": air.world.open311_key(ORG), "service_code": "equipment", "description": "电梯停运"}
    raw = urlencode({name: value for name, value in {**about, **given}.items() if value}).encode()
    sent = {"Content-Type": FORM, **(headers or {})}
    return air.call("POST", f"{BASE}/requests.{written}", raw=raw, headers=sent)


def number_of(answer: HTTPResponse) -> str:
    return str(answer.json_body[0]["service_request_id"])


def plain(document: bytes) -> tuple[str, Any]:
    """An XML document as its root and what it holds, every text a text."""
    root = ElementTree.fromstring(document)  # noqa: S314 # our own
    return root.tag, _held(root)


def _held(element: ElementTree.Element) -> Any:
    if not len(element):
        return element.text or ""
    lists = ("services", "attributes", "values", "service_requests", "errors", "endpoints", "formats")
    if element.tag in lists:
        return [_held(inner) for inner in element]
    return {inner.tag: _held(inner) for inner in element}


def as_text(value: Any) -> Any:
    """JSON as XML has it."""
    match value:
        case dict():
            return {name: as_text(inner) for name, inner in value.items()}
        case list():
            return [as_text(inner) for inner in value] or ""
        case bool():
            return str(value).lower()
        case _:
            return "" if value is None else str(value)


PATHS = [
    ("discovery", "discovery"), ("services", "services"), ("services/equipment", "service_definition"),
    ("requests", "service_requests"), ("requests/261123-0000017", "service_requests"),
    ("tokens/k-1", "service_requests"),
    ("requests/261123-0000000", "errors"), ("services/nothing", "errors"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "root"), PATHS)
def test_xml_says_what_json_says(air: Air, path: str, root: str) -> None:
    assert number_of(post(air, headers={"Idempotency-Key": "k-1"})) == "261123-0000017"
    as_json, as_xml = (get(air, f"{path}.{suffix}") for suffix in ("json", "xml"))
    assert as_json.status_code == as_xml.status_code == (404 if root == "errors" else 200)
    assert (as_json.headers["Content-Type"], as_xml.headers["Content-Type"]) == (MEDIA["json"], MEDIA["xml"])
    assert as_xml.body.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert plain(as_xml.body) == (root, as_text(json.loads(as_json.body)))


@given(st.text())
def test_any_text_makes_a_document_that_can_be_read(text: str) -> None:
    [fault] = ElementTree.fromstring(xml("errors", [{"code": 400, "description": text}]).encode())  # noqa: S314 # our own
    assert len(fault[1].text or "") == len(text.replace("\r\n", "\n"))


@pytest.mark.parametrize("written", ["json", "xml"])
def test_a_post_is_answered_with_the_number_and_what_the_complainant_is_told(air: Air, written: str) -> None:
    answer = post(air, written)
    assert answer.status_code == 201
    told = json.loads(answer.body) if written == "json" else plain(answer.body)[1]
    number = told[0]["service_request_id"]
    assert told == [{"service_request_id": number, "service_notice": told[0]["service_notice"], "account_id": ""}]
    assert air.world.links.tracking(ORG, number) in told[0]["service_notice"]
    assert air.client.http.get(answer.headers["Location"]).status_code == 200
    again = post(air, written)
    assert (again.status_code, again.headers["Idempotency-Replayed"], again.body) == (200, "true", answer.body)


def test_parameters_may_stand_in_the_address_too(air: Air) -> None:
    path = f"{BASE}/requests.json?{urlencode(ASKED)}"
    given = {"api_key": air.world.open311_key(ORG), "service_code": "equipment", "description": "x"}
    answer = air.call("POST", path, raw=urlencode(given).encode(), headers={"Content-Type": FORM + "; charset=utf-8"})
    assert answer.status_code == 201


@pytest.mark.parametrize("path", ["services", "services/equipment", "requests", "requests/1", "tokens/1"])
def test_without_a_jurisdiction_it_is_400_and_with_an_unknown_one_404(air: Air, path: str) -> None:
    assert air.get(f"{BASE}/{path}.json").status_code == 400
    assert air.get(f"{BASE}/{path}.json?jurisdiction_id=").json_body == [
        {"code": 400, "description": "jurisdiction_id: is required"}
    ]
    assert air.get(f"{BASE}/{path}.json?jurisdiction_id=nobody").json_body == [
        {"code": 404, "description": "There is no organisation 'nobody'."}
    ]


def test_a_wrong_key_is_403_as_the_standard_has_it(air: Air) -> None:
    answer = post(air, "xml", api_key="wrong")
    assert answer.status_code == 403
    assert plain(answer.body) == ("errors", [{"code": "403", "description": "The api_key is missing or wrong."}])


def test_everything_wrong_with_a_request_is_said_at_once(air: Air) -> None:
    answer = post(air, email="nobody", lat="x", **{"attribute[age]": "7"})
    assert {fault["code"] for fault in answer.json_body} == {400} == {answer.status_code}
    assert {fault["description"].partition(":")[0] for fault in answer.json_body} == {"email", "lat", "attribute[age]"}
    assert post(air, service_code="").status_code == 400
    assert post(air, service_code="nothing").status_code == 404


def test_another_body_under_the_same_key_is_refused(air: Air) -> None:
    headers = {"Idempotency-Key": "k-1"}
    assert post(air, headers=headers).status_code == 201
    assert post(air, headers=headers, description="路灯").status_code == 422
    assert post(air, headers={"Idempotency-Key": "k" * 256}).status_code == 400


@pytest.mark.parametrize(
    ("kind", "raw", "status"),
    [
        ("application/json", b"{}", 415), ("multipart/form-data", b"x", 415), (FORM, b"\xff=\xfe", 400),
        (FORM, b"a=%ff", 400), (FORM, b"&".join([b"a=b"] * 400), 400), (FORM, b"a=" + b"x" * 300_000, 413),
        (FORM, b"", 400),
    ],
)  # fmt: skip
def test_what_is_no_form_is_refused_in_the_standards_words(air: Air, kind: str, raw: bytes, status: int) -> None:
    answer = air.call("POST", f"{BASE}/requests.json", raw=raw, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json_body[0]["code"]) == (status, status)


@given(
    st.dictionaries(st.text(max_size=12) | st.sampled_from(["lat", "attribute[place]", "phone", "email"]), st.text())
)
def test_no_form_at_all_is_our_failure(given: dict[str, str]) -> None:
    with on_air() as air:
        sent = {name: value.encode("utf-8", "replace") for name, value in given.items()}
        about = {**sent, **ASKED, "api_key": air.world.open311_key(ORG), "service_code": "equipment"}
        raw = urlencode({name.encode("utf-8", "replace"): value for name, value in about.items()}).encode()
        answer = air.call("POST", f"{BASE}/requests.xml", raw=raw, headers={"Content-Type": FORM})
        assert answer.status_code in (201, 400)
        assert plain(answer.body)[0] in ("service_requests", "errors")


LISTS = [
    ({"status": "open"}, 1), ({"status": "closed"}, 0), ({"status": "closed,open"}, 1),
    ({"service_code": "quality"}, 0),
    ({"service_code": "quality, equipment"}, 1), ({"start_date": "2026-11-23T09:00:00+08:00"}, 1),
    ({"end_date": "2026-11-23T00:59:59Z"}, 0), ({"service_request_id": "261123-0000017", "status": "no state"}, 1),
    ({"start_date": "", "end_date": "", "status": "", "service_code": ""}, 1),
]  # fmt: skip


@pytest.mark.parametrize(("query", "found"), LISTS)
def test_a_list_is_narrowed_by_what_the_standard_names(air: Air, query: dict[str, str], found: int) -> None:
    post(air)
    assert len(get(air, "requests.json", **query).json_body) == found


def test_a_parameter_may_come_several_times_and_a_plus_unquoted(air: Air) -> None:
    number = number_of(post(air))
    query = f"jurisdiction_id={ORG}&status=open&status=closed&start_date=2026-11-20T00:00:00+08:00"
    assert number_of(air.get(f"{BASE}/requests.json?{query}")) == number


WRONG = [
    {"status": "lost"}, {"start_date": "yesterday"}, {"start_date": "2026-11-01"}, {"end_date": "2026-11-01T00:00:00"},
    {"end_date": "0001-01-01T00:00:00+14:00"}, {"start_date": "9999-12-31T23:59:59-12:00"},
    {"start_date": "2026-11-23T00:00:00Z", "end_date": "2026-11-22T00:00:00Z"},
    {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-22T00:00:00Z"},
]  # fmt: skip


@pytest.mark.parametrize("query", WRONG)
def test_a_list_that_cannot_be_is_400(air: Air, query: dict[str, str]) -> None:
    answer = get(air, "requests.json", **query)
    assert (answer.status_code, answer.json_body[0]["code"]) == (400, 400)


@pytest.mark.parametrize("path", ["services/equipment", "requests/x.csv", "requests/.json", "tokens/k.1"])
def test_an_address_without_its_format_is_none(air: Air, path: str) -> None:
    assert get(air, path).json_body == [{"code": 404, "description": "There is nothing at this address."}]


def test_names_and_refusals_are_in_the_callers_language(air: Air) -> None:
    names = [
        get(air, "services/equipment.json", headers={"Accept-Language": language}).json_body["attributes"][0][
            "description"
        ]
        for language in ("zh-CN", "zh-TW", "en")
    ]
    assert names == ["客户诉求", "客戶訴求", "What the customer asks for"]
    chinese = get(air, "requests/1.json", headers={"Accept-Language": "zh-CN"})
    assert chinese.json_body[0]["description"] == "没有这件服务请求。"


def test_lists_may_be_kept_a_minute_and_what_a_poster_is_told_may_not(air: Air) -> None:
    assert get(air, "requests.json").headers["Cache-Control"] == "public, max-age=60"
    assert post(air).headers["Cache-Control"] == get(air, "requests/1.json").headers["Cache-Control"] == "no-store"


def test_a_failure_of_ours_tells_nothing_of_itself(air: Air) -> None:
    air.world.desks = None  # type: ignore[assignment]  # it breaks
    answer = get(air, "services.json")
    assert answer.json_body == [{"code": 500, "description": "It was noted. Try again later."}]


def test_the_one_foreign_origin_may_ask_ahead(air: Air) -> None:
    origin = "https://portal.example"
    path = f"{BASE}/requests.json"
    assert "Access-Control-Allow-Origin" not in air.call("OPTIONS", path, headers={"Origin": origin}).headers
    with use(World(Settings(cors_origin=origin), stores=air.stores, desks=air.world.desks)):
        ahead = air.call("OPTIONS", path, headers={"Origin": origin})
        assert (ahead.status_code, ahead.headers["Access-Control-Allow-Origin"]) == (204, origin)
        assert ahead.headers["Access-Control-Allow-Methods"] == "POST, GET"


def test_an_administrator_sees_the_key_publishes_and_changes_it(air: Air) -> None:
    shown = air.get("/v1/admin/open311", by="root").json_body
    assert shown == {
        "published": True, "epoch": 0, "api_key": air.world.open311_key(ORG), "jurisdiction_id": ORG,
    }  # fmt: skip
    hidden = air.call("PUT", "/v1/admin/open311", {"published": False, "epoch": 1}, by="root")
    assert (hidden.status_code, hidden.json_body["published"], hidden.json_body["epoch"]) == (200, False, 1)
    assert get(air, "requests.json").status_code == 403
    assert post(air, api_key=shown["api_key"]).status_code == 403
    assert post(air, api_key=hidden.json_body["api_key"]).status_code == 201
    assert air.call("PUT", "/v1/admin/open311", {"published": False, "epoch": 9}, by="root").status_code == 422
    assert air.get("/v1/admin/open311", by="lin").status_code == 403


def test_answers_and_refusals_are_as_described(air: Air) -> None:
    number = number_of(post(air, headers={"Idempotency-Key": "k-1"}))
    ids = {
        "services/{id}": "services/equipment.json",
        "requests/{id}": f"requests/{number}.json",
        "tokens/{id}": "tokens/k-1.json",
    }
    for verb in VERBS:
        if verb.method == "GET" and verb.format != "xml":
            path = verb.path.removeprefix(f"{BASE}/")
            _validate(get(air, ids.get(path, path)), verb.path, verb.method)
    _validate(post(air, description="x"), f"{BASE}/requests.json", "POST")
    _validate(post(air, api_key="wrong"), f"{BASE}/requests.json", "POST")
    _validate(get(air, "requests/1.json"), f"{BASE}/requests/{{id}}", "GET")


def _validate(answer: HTTPResponse, path: str, method: str) -> None:
    described = description()["paths"][path][method.lower()]["responses"][str(answer.status_code)]
    schema = described["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator({**schema, "components": description()["components"]}).validate(answer.json_body)


def test_a_start_imports_none_of_what_open311_alone_needs() -> None:
    code = "import sys, app; print([m for m in sys.modules if 'cases.open311' in m or m.startswith('xml.etree')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
