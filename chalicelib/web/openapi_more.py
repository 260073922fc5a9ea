"""What the types alone do not say in the API's description: headers of answers, which answer leads where, examples."""

import json
from functools import cache
from pathlib import Path
from typing import Any

TEXT = {"type": "string"}

ALWAYS = ("X-Correlation-Id", "Content-Language")
"""Headers of every answer of the desk's own. What API Gateway refuses by itself has none of them."""

HEADERS: dict[str, tuple[dict[str, Any], str]] = {
    "X-Correlation-Id": (TEXT, "The caller's own where it sent a sane one; the desk's log lines of this call name it."),
    "Content-Language": (TEXT, "In which language the texts of the answer are."),
    "ETag": (TEXT, "The version of the case, for If-Match."),
    "Location": (TEXT, "Where what was made is found."),
    "Idempotency-Replayed": (TEXT, "`true`: it had been done before, and nothing was done again."),
    "Retry-After": (TEXT, "Seconds."),
    "WWW-Authenticate": (TEXT, "How to sign in, or to sign."),
}

OF_STATUS = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}

GIVES: dict[str, tuple[str, ...]] = {
    "post_v1_complaints": ("Location", "Idempotency-Replayed"),
    "post_v1_complaints_number_messages": ("Idempotency-Replayed",),
    "post_v1_complaints_number_attachments_id": ("ETag", "Idempotency-Replayed"),
    "post_v1_hotline_calls": ("Location", "Idempotency-Replayed"),
    "get_v1_tickets_number": ("ETag",),
    "post_v1_tickets_number_actions_action": ("ETag", "Idempotency-Replayed"),
    "post_v1_tickets_number_attachments_id": ("ETag", "Idempotency-Replayed"),
    "post_v1_reports_report_issue": ("Idempotency-Replayed",),
}
"""Headers of an operation's good answers, by its id."""

MEDIA = {
    "html": ("text/html", TEXT),
    "csv": ("text/csv", TEXT),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", {}),
}
"""What `format` asks for, as a media type with its schema."""

_SAME = {"path.number": "$request.path.number"}
_NEW = {"path.number": "$response.body#/number"}
_PROVED = {**_NEW, "query.code": "$response.body#/query_code"}
_ITEM = "$response.body#/items/0/"
_SITE = {"query.site": f"{_ITEM}site"}
_AGAIN = {"query.jurisdiction_id": "$request.query.jurisdiction_id"}

LINKS: dict[str, dict[str, dict[str, str]]] = {
    "post_v1_complaints": {
        "get_v1_complaints_number": _PROVED,
        "post_v1_complaints_number_messages": _PROVED,
        "post_v1_complaints_number_attachments": _PROVED,
        "get_v1_complaints_number_attachments": _PROVED,
        "get_v1_tickets_number": _NEW,
        "get_v1_tickets_number_history": _NEW,
        "get_v1_tickets_number_acknowledgement": _NEW,
    },
    "post_v1_hotline_calls": {"get_v1_tickets_number": _NEW},
    "get_v1_tickets": {"get_v1_tickets_number": {"path.number": f"{_ITEM}number"}},
    "get_v1_tickets_number": {
        "post_v1_tickets_number_actions_action": {
            **_SAME, "path.action": "$response.body#/actions/0/id", "header.If-Match": "$response.header.ETag",
        },
        "get_v1_tickets_number_history_verify": _SAME,
        "get_v1_tickets_number_forms": _SAME,
        "get_v1_tickets_number_attachments": _SAME,
        "post_v1_tickets_number_attachments": _SAME,
    },
    "get_v1_tickets_number_forms": {"get_v1_tickets_number_forms_form": {**_SAME, "path.form": f"{_ITEM}id"}},
    "post_v1_tickets_number_attachments": {
        "post_v1_tickets_number_attachments_id": {**_SAME, "path.id": "$response.body#/id"},
    },
    "get_v1_tickets_number_attachments": {"get_v1_tickets_number_attachments_id": {**_SAME, "path.id": f"{_ITEM}id"}},
    "get_v1_registers": {
        "get_v1_registers_register": {"path.register": f"{_ITEM}id", **_SITE},
        "post_v1_registers_register_close": {"path.register": f"{_ITEM}id"},
    },
    "get_v1_reports": {
        "get_v1_reports_report": {"path.report": f"{_ITEM}duty", **_SITE},
        "post_v1_reports_report_issue": {"path.report": f"{_ITEM}duty"},
    },
    "get_v1_libraries": {"get_v1_libraries_library": {"path.library": f"{_ITEM}library", **_SITE}},
    "put_v1_admin_webhooks": {
        "get_v1_admin_webhooks_id_undelivered": {"path.id": "$response.body#/id"},
        "post_v1_admin_webhooks_id_redeliver": {"path.id": "$response.body#/id"},
    },
    "get_open311_v2_services_json": {
        "get_open311_v2_services_id": {"path.id": "{$response.body#/0/service_code}.json", **_AGAIN},
    },
    "get_open311_v2_requests_json": {
        "get_open311_v2_requests_id": {"path.id": "{$response.body#/0/service_request_id}.json", **_AGAIN},
    },
}  # fmt: skip
"""Operation to the operations that its good answers lead to, and what of them is sent there."""

PARAMETERS: dict[str, str] = {
    "number": "261122-5019700", "code": "40718263", "action": "add_note", "If-Match": '"1"',
    "register": "complaint_forms", "report": "trend", "form": "complaint_form", "library": "lessons",
    "jurisdiction_id": "c-company", "phone": "13800138000", "id": "69c2f9f1d3a54b0e",
    "get_open311_v2_services_id": "equipment.json", "get_open311_v2_requests_id": "261122-5019700.json",
    "get_open311_v2_tokens_id": "crm-2026-0007.json", "get_v1_admin_webhooks_id_undelivered": "crm",
    "post_v1_admin_webhooks_id_redeliver": "crm", "get_v1_admin_procedures": "c-company",
}  # fmt: skip
"""Examples of parameters by their names; what `id` is, by the operation."""


def complete(operation: dict[str, Any]) -> dict[str, Any]:
    """The operation with its tag, the headers of its answers, its links and its examples."""
    id = operation["operationId"]
    operation["tags"] = [tag(id)]
    for parameter in operation["parameters"]:
        name = parameter["name"]
        if name in PARAMETERS:
            parameter["example"] = PARAMETERS.get(id, PARAMETERS[name]) if name == "id" else PARAMETERS[name]
    for status, response in operation["responses"].items():
        good = int(status) < 400
        names = (*ALWAYS, *(GIVES.get(id, ()) if good else OF_STATUS.get(int(status), ())))
        response["headers"] = {name: _header(name, required=good and name in ALWAYS) for name in names}
        if good and status != "204" and id in LINKS:
            response["links"] = {
                target: {"operationId": target, "parameters": sent} for target, sent in LINKS[id].items()
            }
    example = examples().get(id)
    if example is not None:
        for media in operation["requestBody"]["content"].values():
            media["examples"] = {"usual": {"value": example}}
    return operation


def tag(id: str) -> str:
    """Under which heading an operation stands: the first part of its address after the version.

    >>> tag("get_v1_admin_mail"), tag("get_open311_v2_services_json"), tag("get_healthz")
    ('admin', 'open311', 'service')
    """
    parts = id.split("_")
    return {"v1": parts[min(2, len(parts) - 1)], "open311": "open311"}.get(parts[1], "service")


@cache
def examples() -> dict[str, Any]:
    """Operation to a body that a desk like the demo's takes."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("examples.json").read_text(encoding="utf-8"))
    return found


def _header(name: str, *, required: bool) -> dict[str, Any]:
    schema, said = HEADERS[name]
    return {"description": said, "required": required, "schema": schema}
