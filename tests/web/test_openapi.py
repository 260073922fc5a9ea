"""The API's description: complete, and true."""

from typing import Any

import jsonschema
import pytest

from app import app
from chalicelib.web.openapi import description
from chalicelib.web.page import PAGES
from tests.web.air import Air, complaint


def test_every_route_of_the_api_is_described_and_no_other() -> None:
    served = {
        (path, method.lower())
        for path, methods in app.routes.items()
        for method in methods
        if method != "OPTIONS" and (method, path) not in PAGES
    }
    described = {(path, method) for path, methods in description()["paths"].items() for method in methods}
    assert described == served


def test_every_reference_leads_somewhere() -> None:
    known = description()["components"]["schemas"]
    references = list(_references(description()))
    assert references
    assert {reference.rpartition("/")[2] for reference in references} <= set(known)


def test_every_schema_is_one() -> None:
    for schema in description()["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_operation_has_its_own_id() -> None:
    operations = [operation for path in description()["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)


@pytest.mark.parametrize(
    ("method", "path", "called"),
    [
        ("get", "/v1/tickets/{number}", "/v1/tickets/261123-0000017"),
        ("get", "/v1/tickets", "/v1/tickets"),
        ("get", "/v1/tickets/{number}/history", "/v1/tickets/261123-0000017/history"),
        ("get", "/v1/customers", "/v1/customers?room=1-405"),
        ("get", "/v1/admin/sites", "/v1/admin/sites"),
        ("get", "/v1/admin/settings", "/v1/admin/settings"),
        ("get", "/v1/admin/procedures", "/v1/admin/procedures"),
        ("get", "/v1/complaints/{number}", "/v1/complaints/261123-0000017?phone_tail=8000"),
        ("get", "/healthz", "/healthz"),
    ],
)
def test_answers_are_as_described(air: Air, method: str, path: str, called: str) -> None:
    assert air.registered() == "261123-0000017"
    answer = air.get(called, by="root")
    _validate(answer.json_body, description()["paths"][path][method]["responses"]["200"])


def test_refusals_are_as_described(air: Air) -> None:
    answer = air.post("/v1/complaints", {})
    _validate(answer.json_body, description()["paths"]["/v1/complaints"]["post"]["responses"]["422"])


def test_a_good_body_is_good_by_the_description(air: Air) -> None:
    schema = description()["paths"]["/v1/complaints"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    _validate(complaint(), {"content": {"application/json": {"schema": schema}}})
    assert air.post("/v1/complaints", complaint()).status_code == 201


def _validate(body: Any, response: dict[str, Any]) -> None:
    [content] = response["content"].values()
    whole = {**content["schema"], "components": description()["components"]}
    jsonschema.Draft202012Validator(whole).validate(body)


def _references(tree: Any) -> Any:
    if isinstance(tree, dict):
        yield from (value for key, value in tree.items() if key == "$ref")
        for value in tree.values():
            yield from _references(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _references(value)
