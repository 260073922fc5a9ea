"""Routes: each says who may call it, what it reads and what it answers. The API's description is made of the same.

A handler gets a `Call`, already authenticated and parsed, and returns an `Answer`. Nothing is open by default: a route
cannot be written without `who`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from chalice.app import Blueprint, Request, Response
from msgspec import Struct

from chalicelib.cases.limits import BySource
from chalicelib.desk.errors import Problem
from chalicelib.web.calls import Answer, Call, Handler, Route, Who, allowed_origin, refused, respond
from chalicelib.wiring import World

__all__ = ["TABLE", "Answer", "Call", "Route", "api", "serve"]

api = Blueprint(__name__)

TABLE: list[Route] = []
"""Every route, in the order of the files."""

READS = "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, X-Correlation-Id"


def serve(
    method: str, path: str, *, who: Who, summary: str, query: type[Struct] | None = None, body: Any = None,
    answers: dict[int, Any] | None = None, headers: tuple[str, ...] = (),
    faults: Callable[[World, Any], list[Problem]] | None = None, limit: BySource | None = None,
) -> Callable[[Handler], Handler]:  # fmt: skip
    """Declare a route and register it with Chalice."""
    route = Route(
        method=method, path=path, who=who, summary=summary, query=query, body=body, answers=answers or {200: dict},
        headers=headers, faults=faults, limit=limit,
    )  # fmt: skip
    if path not in {other.path for other in TABLE}:
        _preflight(path)
    TABLE.append(route)

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def view(**path_parameters: str) -> Response:
            return respond(api.current_request, route, handler, path_parameters)

        # Every media type gets through Chalice, whose own refusal would be no problem document.
        api.route(path, methods=[method], content_types=["*/*"])(view)
        return handler

    return decorate


def _preflight(path: str) -> None:
    """What a browser asks before it calls from the one other origin, if there is one."""

    def preflight(**_: str) -> Response:
        origin = allowed_origin(api.current_request)
        if not origin:
            return Response("", {"X-Content-Type-Options": "nosniff"}, 204)
        methods = ", ".join(route.method for route in TABLE if route.path == path)
        allowed = {"Access-Control-Allow-Methods": methods, "Access-Control-Allow-Headers": READS}
        return Response("", {**origin, **allowed, "Access-Control-Max-Age": "7200"}, 204)

    api.route(path, methods=["OPTIONS"], content_types=["*/*"])(preflight)


def _chalice_refusals(request: Request, get_response: Callable[[Request], Response]) -> Response:
    """What Chalice itself refuses (an unknown method, a failure of ours outside any handler) as problem documents."""
    response = get_response(request)
    if isinstance(response.body, dict) and "Code" in response.body:
        return refused(request, response)
    return response


api.register_middleware(_chalice_refusals, "http")
