"""Open311's verbs in the API's description: parameters by name, answers as JSON and XML, the standard's refusals."""

from typing import Any

from chalicelib.cases import open311_views
from chalicelib.web.open311_calls import FORM, VERBS, Verb

TEXT = {"type": "string"}
ID = {"type": "string", "pattern": r"\S"}
TIME = {"type": "string", "format": "date-time"}

PARAMETERS: dict[str, tuple[dict[str, Any], str]] = {
    "jurisdiction_id": (ID, "The id of an organisation."),
    "service_request_id": (TEXT, "Several stand apart by commas. It overrides everything else."),
    "service_code": (TEXT, "Several stand apart by commas."),
    "start_date": (TIME, "The earliest time of a request."),
    "end_date": (TIME, "The latest; at most 90 days after the earliest. Without both, the latest 90 days."),
    "status": (TEXT, "`open`, `closed`, or both with a comma between."),
}

POSTED = {
    "jurisdiction_id": "The id of an organisation.",
    "api_key": "The organisation's key.",
    "service_code": "What it is about, by the list of services.",
    "description": "What happened. It may be left out where a place or an attribute says it.",
    "address_string": "Where.", "address_id": "Where, by an id.", "lat": "Latitude (WGS84), with `long`.",
    "long": "Longitude (WGS84), with `lat`.", "first_name": "Who complains.", "last_name": "Who complains.",
    "phone": "How they are reached.", "email": "How they are reached.", "media_url": "A picture or recording.",
    "device_id": "Not kept.", "account_id": "Not kept.",
}  # fmt: skip
"""The fields of the form; beside them come `attribute[code]` and `attribute[code][]`."""

NEEDED = ("jurisdiction_id", "api_key", "service_code")

REFUSED = {
    "400": "Everything wrong with the request, at once",
    "403": "The api_key does not open it, or the organisation does not publish its list",
    "404": "There is no such organisation, service, request or token",
    "413": "Too large",
    "415": "Media type not taken",
    "422": "The same Idempotency-Key came with another body",
    "429": "Too many calls",
    "500": "It was noted",
    "503": "Try the same again shortly",
}
THROTTLED = {
    "description": "Too many calls; said by the gateway, as a problem document",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
}
ONLY_POSTED = ("413", "415", "422")


def kinds() -> list[Any]:
    """The types of which schemas are needed."""
    types = [(getattr(open311_views, one.answer), one.many) for one in VERBS] + [(open311_views.Fault, True)]
    return [list[kind] if many else kind for kind, many in types]  # type: ignore[valid-type] # they are


def operations(schema_of: dict[int, Any], answers: list[Any]) -> dict[str, dict[str, Any]]:
    """Path to method to operation. `answers` is what `kinds` gave, and `schema_of` their schemas by identity."""
    *told, faults = answers
    paths: dict[str, dict[str, Any]] = {}
    for one, kind in zip(VERBS, told, strict=True):
        found = _operation(one, schema_of[id(kind)], schema_of[id(faults)])
        paths.setdefault(one.path, {})[one.method.lower()] = found
    return paths


def _operation(one: Verb, schema: Any, faults: Any) -> dict[str, Any]:
    posts = one.method == "POST"
    done = {str(status): _response(one, "Done", schema) for status in ((201, 200) if posts else (200,))}
    refused = {
        status: _response(one, said, faults) for status, said in REFUSED.items() if posts or status not in ONLY_POSTED
    }
    refused["429"] = dict(THROTTLED)
    name = one.path.strip("/").replace("/", "_").replace(".", "_").replace("{", "").replace("}", "")
    found: dict[str, Any] = {
        "operationId": f"{one.method.lower()}_{name}",
        "summary": one.summary,
        "parameters": _parameters(one),
        "responses": {**done, **refused},
    }
    if posts:
        fields = {name: {**TEXT, "description": said} for name, said in POSTED.items()}
        form = {"type": "object", "properties": fields, "required": list(NEEDED), "additionalProperties": TEXT}
        found["requestBody"] = {"required": True, "content": {FORM: {"schema": form}}}
    return found


def _parameters(one: Verb) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if one.format is None:
        found.append({"name": "id", "in": "path", "required": True, "schema": {**TEXT, "pattern": r"\.(json|xml)$"}})
    for name in one.parameters:
        schema, said = PARAMETERS[name]
        needed = name == "jurisdiction_id"
        found.append({"name": name, "in": "query", "required": needed, "description": said, "schema": schema})
    if one.method == "POST":
        said = "The same key with the same body gives the same request; another body is refused."
        found.append(
            {"name": "Idempotency-Key", "in": "header", "required": False, "description": said, "schema": TEXT}
        )
    return found


def _response(one: Verb, said: str, schema: Any) -> dict[str, Any]:
    """As JSON; the XML is the same under an element of its own name."""
    xml = {"schema": {**TEXT, "description": f"an XML document, its root `{one.root}` (a refusal's: `errors`)"}}
    content = {"application/json": {"schema": schema}, "text/xml": xml}
    wanted = {"json": ["application/json"], "xml": ["text/xml"], None: list(content)}[one.format]
    return {"description": said, "content": {media: content[media] for media in wanted}}
