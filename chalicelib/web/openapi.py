"""The API's description (OpenAPI 3.1), made of the routes and of the very types that they parse with."""

import re
from functools import cache
from typing import Any

import msgspec

from chalicelib.desk.outside import CloudEvent
from chalicelib.web.calls import JSON
from chalicelib.web.errors import PROBLEM, ProblemDocument
from chalicelib.web.routes import TABLE, Answer, Call, Route, serve
from chalicelib.web.service import VERSION

REF = "#/components/schemas/{name}"

REFUSALS = {
    "400": "The request cannot be read",
    "401": "Not signed in, or the signature does not hold",
    "403": "Not allowed",
    "404": "There is no such thing, or not for this caller",
    "409": "Somebody was faster, or it is not open at this stage",
    "413": "Too large",
    "415": "Media type not taken",
    "422": "Everything wrong with the input, at once",
    "428": "If-Match is needed",
    "429": "Too many calls",
    "500": "It was noted",
    "503": "Try the same again shortly",
}

HEADERS: dict[str, tuple[bool, str, dict[str, Any]]] = {
    "Idempotency-Key": (
        False, "The same key with the same body gives the same complaint; another body is refused. Without a key "
        "each call is a new complaint.",
        {"maxLength": 255},
    ),
    "If-Match": (
        True, "The version of the case that was seen: its ETag.", {"pattern": '^(W/)?("[0-9]{1,10}"|[0-9]{1,10})$'},
    ),
    "webhook-id": (True, "The id of the message; the same message sent again has the same.", {}),
    "webhook-timestamp": (True, "When it was signed, in seconds since 1970; at most five minutes off.", {}),
    "webhook-signature": (
        True, "`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; several stand apart by spaces.", {},
    ),
}  # fmt: skip


EVENT = {
    "summary": "An event of a case, to each endpoint that wants it (PUT /v1/admin/webhooks)",
    "description": "Signed by Standard Webhooks with the endpoint's secret. It may come twice and out of order: `id` "
    "is the same each time, `data.version` grows with each event of a case. Any 2xx takes it.",
    "requestBody": {
        "required": True,
        "content": {"application/cloudevents+json": {"schema": {"$ref": REF.format(name="CloudEvent")}}},
    },
    "responses": {"2XX": {"description": "Taken"}, "410": {"description": "Send nothing any more"}},
}


@serve("GET", "/openapi.json", who="anyone", summary="This description", answers={200: dict})
def openapi(call: Call) -> Answer:  # noqa: ARG001 # every handler is called alike
    """The same for everyone: a route's own check decides who may call it."""
    return Answer(description(), headers={"Cache-Control": "public, max-age=300"})


@cache
def description() -> dict[str, Any]:
    """The whole document."""
    from chalicelib.web import open311_description, openapi_more  # noqa: PLC0415 # read by few, and not at start-up

    open311 = open311_description.kinds()
    kinds = [k for route in TABLE for k in (route.query, route.body, *route.answers.values()) if k not in (None, dict)]
    kinds += open311
    schemas, components = msgspec.json.schema_components([*kinds, CloudEvent, ProblemDocument], ref_template=REF)
    schema_of = dict(zip(map(id, kinds), schemas, strict=False))
    paths: dict[str, dict[str, Any]] = {}
    for route in TABLE:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schema_of, components)
    paths |= open311_description.operations(schema_of, open311)
    for operation in (operation for methods in paths.values() for operation in methods.values()):
        openapi_more.complete(operation)
    for query in {id(route.query) for route in TABLE if route.query is not None}:  # said by parameters
        components.pop(schema_of[query]["$ref"].rpartition("/")[2])
    return {
        "openapi": "3.1.0",
        "info": {"title": "Redress", "version": VERSION, "description": "A complaint desk."},
        "paths": paths,
        "webhooks": {"event": {"post": EVENT}},
        "components": {
            "schemas": components,
            "securitySchemes": {
                "staff": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "An ID token"},
                "signature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "webhook-signature",
                    "description": "Standard Webhooks (https://www.standardwebhooks.com), the organisation's secret",
                },
            },
        },
    }


def _operation(route: Route, schema_of: dict[int, Any], components: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{route.method.lower()}{route.path}").strip("_"),
        "summary": route.summary,
        "parameters": _parameters(route, schema_of, components),
        "responses": {
            **{str(status): _response(kind, schema_of) for status, kind in route.answers.items()},
            **{status: _problem(said) for status, said in REFUSALS.items() if _can(route, status)},
        },
    }
    if route.who in ("staff", "admin"):
        found["security"] = [{"staff": []}]
    elif route.who == "anyone_or_staff":
        found["security"] = [{}, {"staff": []}]
    elif route.who == "signed":
        found["security"] = [{"signature": []}]
    if route.query is not None:
        _formats(found, route.query, components, schema_of)
    if route.body is not None:
        found["requestBody"] = {"required": True, "content": {JSON: {"schema": _schema(route.body, schema_of)}}}
    return found


def _parameters(route: Route, schema_of: dict[int, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    if route.query is not None:
        shape = components[schema_of[id(route.query)]["$ref"].rpartition("/")[2]]
        needed = shape.get("required", [])
        found += [  # one that says nothing is as one that was not sent
            {"name": name, "in": "query", "required": name in needed, "allowEmptyValue": True, "schema": _set(schema)}
            for name, schema in shape["properties"].items()
        ]
    for name in route.headers:
        required, said, rest = HEADERS[name]
        schema = {"type": "string", **rest}
        found.append({"name": name, "in": "header", "required": required, "description": said, "schema": schema})
    return found


def _set(schema: dict[str, Any]) -> dict[str, Any]:
    """Without a default that only says that nothing was sent, and that a pattern may contradict."""
    return {name: value for name, value in schema.items() if (name, value) not in (("default", ""), ("default", None))}


def _formats(found: dict[str, Any], query: Any, components: dict[str, Any], schema_of: dict[int, Any]) -> None:
    """Add the other media types that `format` asks for."""
    from chalicelib.web.openapi_more import MEDIA  # noqa: PLC0415 # read by few, and not at start-up

    shape = components[schema_of[id(query)]["$ref"].rpartition("/")[2]]
    for format in shape["properties"].get("format", {}).get("enum", []):
        if format in MEDIA:
            media, schema = MEDIA[format]
            found["responses"]["200"]["content"][media] = {"schema": schema}


def _response(kind: Any, schema_of: dict[int, Any]) -> dict[str, Any]:
    if kind is None:
        return {"description": "Done; there is nothing to show"}
    return {"description": "Done", "content": {JSON: {"schema": _schema(kind, schema_of)}}}


def _problem(said: str) -> dict[str, Any]:
    return {"description": said, "content": {PROBLEM: {"schema": {"$ref": REF.format(name="ProblemDocument")}}}}


def _schema(kind: Any, schema_of: dict[int, Any]) -> Any:
    return {"type": "object"} if kind is dict else schema_of[id(kind)]


def _can(route: Route, status: str) -> bool:
    """Which refusals a route has."""
    signed = route.who in ("staff", "admin", "anyone_or_staff")
    return {
        "401": signed or route.who == "signed",
        "403": signed,
        "404": "{" in route.path or route.who != "anyone",
        "409": route.method in ("POST", "PUT"),
        "413": route.body is not None,
        "415": route.body is not None,
        "400": route.body is not None,
        "422": route.body is not None or route.query is not None,
        "428": "If-Match" in route.headers,
    }.get(status, True)
