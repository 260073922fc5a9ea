"""The API's description: complete, and true."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app import app
from chalicelib.desk.parsing import parsed
from chalicelib.web import openapi_more
from chalicelib.web.openapi import description
from chalicelib.web.page import PAGES
from chalicelib.web.routes import TABLE, Route
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


def test_it_is_a_valid_document_of_openapi_3_1() -> None:
    assert description()["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(description()).iter_errors()) == []


def operations() -> dict[str, dict[str, Any]]:
    """Every operation by its id."""
    return {one["operationId"]: one for path in description()["paths"].values() for one in path.values()}


def of(route: Route) -> dict[str, Any]:
    """The operation of a route."""
    found: dict[str, Any] = description()["paths"][route.path][route.method.lower()]
    return found


@pytest.mark.parametrize("route", TABLE, ids=lambda route: f"{route.method} {route.path}")
def test_each_route_says_how_it_may_refuse(route: Route) -> None:
    """Those that any call may meet, and those that what it takes makes possible."""
    said = of(route)["responses"]
    expected = {"429", "500", "503"}
    expected |= {"400", "413", "415", "422"} if route.body is not None else set()
    expected |= {"422"} if route.query is not None else set()
    expected |= {"401", "403"} if route.who in ("staff", "admin", "anyone_or_staff") else set()
    expected |= {"401"} if route.who == "signed" else set()
    expected |= {"404"} if "{" in route.path else set()
    expected |= {"428"} if "If-Match" in route.headers else set()
    assert expected <= set(said)
    for status in {status for status in said if status >= "400"}:
        assert list(said[status]["content"]) == ["application/problem+json"]


def test_each_verb_of_open311_says_how_it_may_refuse() -> None:
    for id, operation in operations().items():
        if operation["tags"] == ["open311"] and id.startswith(("get_open311", "post_open311")):
            expected = {"400", "404", "429", "500", "503"} | (
                {"403", "413", "415"} if "requestBody" in operation else set()
            )
            assert expected <= set(operation["responses"])


def test_each_answer_says_which_headers_it_has() -> None:
    for operation in operations().values():
        for status, response in operation["responses"].items():
            assert response["headers"]["X-Correlation-Id"]["required"] == (status < "400")
        if "401" in operation["responses"]:
            assert "WWW-Authenticate" in operation["responses"]["401"]["headers"]
    assert set(openapi_more.GIVES) <= set(operations())


def test_what_is_asked_for_as_a_page_or_a_workbook_is_described_as_one() -> None:
    content = operations()["get_v1_registers_register"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", *(media for media, _ in openapi_more.MEDIA.values())}


def test_each_link_leads_to_an_operation_that_takes_what_is_sent() -> None:
    for id, links in openapi_more.LINKS.items():
        for target, sent in links.items():
            taken = {f"{one['in']}.{one['name']}" for one in operations()[target]["parameters"]}
            assert set(sent) <= taken, (id, target)
        held = operations()[id]["responses"]
        good = [status for status in held if status < "300" and status != "204"]
        assert all(set(held[status]["links"]) == set(links) for status in good)


@pytest.mark.parametrize("route", [route for route in TABLE if route.body is not None], ids=lambda route: route.path)
def test_each_body_has_an_example_that_can_be_read(route: Route) -> None:
    operation = of(route)
    if operation["operationId"] in WITHOUT_EXAMPLE:
        return
    [media] = operation["requestBody"]["content"].values()
    example = media["examples"]["usual"]["value"]
    assert route.body is dict or parsed(route.body, example)
    _validate(example, {"content": {"application/json": media}})


WITHOUT_EXAMPLE = {"put_v1_admin_procedures", "put_v1_admin_notices"}
"""A whole procedure is a page; what a notice says depends on the procedure."""


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


def test_the_examples_are_taken_by_the_desk_that_they_speak_of(air: Air) -> None:
    example = openapi_more.examples()
    posted = air.post("/v1/complaints", example["post_v1_complaints"])
    assert posted.status_code == 201
    number, code = posted.json_body["number"], posted.json_body["query_code"]
    added = air.post(f"/v1/complaints/{number}/messages?code={code}", example["post_v1_complaints_number_messages"])
    assert added.status_code == 201


def test_no_parameter_has_an_empty_default() -> None:
    """A default that is empty says only that nothing was sent, and need not fit the pattern."""
    for operation in operations().values():
        for parameter in operation["parameters"]:
            assert parameter["schema"].get("default", 0) not in ("", None)


@pytest.mark.parametrize("route", [route for route in TABLE if route.body or route.query], ids=lambda route: route.path)
def test_each_time_that_is_taken_has_an_offset(route: Route) -> None:
    """One without would be kept, and then compare with no other."""
    taken = [kind for kind in (route.body, route.query) if kind not in (None, dict)]
    assert [moment for moment in _moments(msgspec.inspect.multi_type_info(taken)) if moment.tz is not True] == []


def _moments(tree: Any) -> Iterator[Any]:
    if isinstance(tree, msgspec.inspect.DateTimeType):
        yield tree
    elif isinstance(tree, msgspec.inspect.Type | msgspec.inspect.Field):
        for name in tree.__struct_fields__:
            yield from _moments(getattr(tree, name))
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from _moments(value)
