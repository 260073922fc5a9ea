"""Nothing that is sent may be of any size: what has a type says its most, what has none is held to a general one."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import inspect

from chalicelib.desk.sizes import MOST_DEPTH, MOST_ENTRIES, MOST_NAME, MOST_TEXT
from chalicelib.web.calls import MOST_BYTES
from chalicelib.web.open311_calls import VERBS
from chalicelib.web.page import FORM, PAGES
from chalicelib.web.routes import TABLE
from tests.web.air import Air, complaint

ANYTHING = {
    "Posting.form{}": "answers to the site's own form: each is held to its field",
    "HotlineCall.answers{}": "answers of a conversation: each is held to its field",
    "OwnProcedure.tree{}": "a procedure: the check reads it whole",
}
"""What is typed as anything, and why. The general bounds hold all of it."""

TYPED = [
    (f"{route.method} {route.path}", kind) for route in TABLE for kind in (route.query, route.body)
    if kind is not None and kind is not dict
]  # fmt: skip


def unbounded(kind: inspect.Type, place: str) -> Iterator[str]:
    """The places of a type that may be of any size."""
    if _alone(kind, place):
        yield f"{place} is {type(kind).__name__} of any size"
    for part, name in _inside(kind, place):
        yield from unbounded(part, name)


def _alone(kind: inspect.Type, place: str) -> bool:
    """Whether the type itself has no most, whatever is in it."""
    if isinstance(kind, inspect.IntType):
        return kind.le is None or kind.ge is None
    if isinstance(kind, inspect.StrType) and kind.max_length is None:
        pattern = str(kind.pattern or "*")  # one that repeats nothing without end has a most of its own
        return "*" in pattern or "+" in pattern or not pattern.endswith("$")
    if hasattr(kind, "max_length"):
        return kind.max_length is None
    return not isinstance(kind, KNOWN) and place not in ANYTHING


KNOWN = (
    inspect.StructType, inspect.UnionType, inspect.TupleType, inspect.Metadata, inspect.BoolType, inspect.NoneType,
    inspect.LiteralType, inspect.DateTimeType,
)  # fmt: skip


def _inside(kind: inspect.Type, place: str) -> Iterator[tuple[inspect.Type, str]]:
    """The types within a type, each with its place."""
    if isinstance(kind, inspect.StructType):
        yield from ((entry.type, f"{kind.cls.__name__}.{entry.encode_name}") for entry in kind.fields)
    inner: list[tuple[str, str]] = [("item_type", "[]"), ("key_type", "{}"), ("value_type", "{}"), ("type", "")]
    yield from ((getattr(kind, name), place + mark) for name, mark in inner if hasattr(kind, name))
    for name, mark in (("item_types", "[]"), ("types", "")):
        yield from ((part, place + mark) for part in getattr(kind, name, ()))


@pytest.mark.parametrize(("route", "kind"), TYPED, ids=lambda value: getattr(value, "__name__", str(value)))
def test_every_part_of_a_typed_body_or_query_has_a_most(route: str, kind: Any) -> None:
    assert list(unbounded(inspect.type_info(kind), kind.__name__)) == []


def test_the_walk_finds_what_has_no_most() -> None:
    found = list(unbounded(inspect.type_info(dict[str, list[int]]), "x"))
    assert [one.partition(" ")[0] for one in found] == ["x", "x{}", "x{}", "x{}[]"]


def test_only_an_action_takes_any_object_as_it_is() -> None:
    assert [route.path for route in TABLE if route.body is dict] == ["/v1/tickets/{number}/actions/{action}"]


def nested(depth: int) -> Any:
    found: Any = "x"
    for _ in range(depth):
        found = [found]
    return found


LARGE = [
    ("x" * (MOST_TEXT + 1), f"must be at most {MOST_TEXT} characters"),
    (["x"] * (MOST_ENTRIES + 1), f"must have at most {MOST_ENTRIES} entries"),
    ({str(n): "" for n in range(MOST_ENTRIES + 1)}, f"must have at most {MOST_ENTRIES} entries"),
    ({"x" * (MOST_NAME + 1): ""}, f"must have names of at most {MOST_NAME} characters"),
]


@pytest.mark.parametrize(("value", "said"), LARGE, ids=["text", "list", "object", "name"])
@pytest.mark.parametrize("route", [r for r in TABLE if r.body is not None and r.who != "signed"], ids=lambda r: r.path)
def test_no_body_of_any_route_holds_more_than_the_general_bounds(air: Air, route: Any, value: Any, said: str) -> None:
    number = air.registered()
    path = route.path.format(number=number, action="add_note", id="x", register="summary", report="weekly")
    if route.who == "complainant":
        path += f"?token={air.world.links.token(number)}"
    before = repr(air.stores.cases.memory)
    answer = air.call(route.method, path, {"form": {"a": value}}, by="root", headers={"If-Match": '"1"'})
    assert answer.status_code == 422
    assert {"field": "form.a", "problem": said} in answer.json_body["errors"]
    assert repr(air.stores.cases.memory) == before


def test_a_body_is_only_so_deep_and_much_that_is_too_large_is_named_in_part(air: Air) -> None:
    deep = air.post("/v1/complaints", complaint(form={"a": nested(MOST_DEPTH)}))
    assert deep.status_code == 422
    assert deep.json_body["errors"][0]["problem"] == f"must be at most {MOST_DEPTH} levels deep"
    many = air.post("/v1/complaints", complaint(form={"x" * 201 + str(n): "" for n in range(900)}))
    assert len(many.json_body["errors"]) == 50


def test_a_hotline_call_is_held_to_the_same(air: Air) -> None:
    from tests.web.calling import a_call, calls  # noqa: PLC0415 # beside its one use

    answer = calls(air, a_call(answers={"details": "x" * (MOST_TEXT + 1)}))
    assert answer.status_code == 422


LONG = "9" * 5000
HEADERS = (
    "Idempotency-Key", "If-Match", "X-Correlation-Id", "Accept-Language", "Authorization", "Origin", "webhook-id",
    "webhook-timestamp", "webhook-signature", "Content-Type",
)  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_of_any_length_is_never_our_failure(air: Air, name: str) -> None:
    number = air.registered()
    for method, path in (
        ("POST", "/v1/complaints"), ("POST", f"/v1/tickets/{number}/actions/add_note"), ("POST", "/v1/hotline/calls"),
        ("GET", f"/v1/tickets/{number}"), ("POST", "/open311/v2/requests.json"), ("POST", "/complain"), ("GET", "/"),
    ):  # fmt: skip
        answer = air.call(method, path, complaint(), by="" if name == "Authorization" else "shen", headers={name: LONG})
        assert answer.status_code < 500, path
        assert LONG not in str(dict(answer.headers))


@pytest.mark.parametrize("route", [r for r in TABLE if "{" in r.path], ids=lambda r: f"{r.method} {r.path}")
def test_a_part_of_a_path_of_any_length_is_never_our_failure(air: Air, route: Any) -> None:
    parts = dict.fromkeys(("number", "action", "id", "register", "report", "library", "form"), LONG)
    answer = air.call(route.method, route.path.format(**parts), {}, by="root", headers={"If-Match": '"1"'})
    assert 400 <= answer.status_code < 500
    one = air.registered()
    answer = air.call(route.method, route.path.format(**{**parts, "number": one}), {}, by="root")
    assert answer.status_code < 500


@pytest.mark.parametrize("route", [r for r in TABLE if r.query is not None], ids=lambda r: f"{r.method} {r.path}")
def test_a_parameter_of_any_length_is_refused(air: Air, route: Any) -> None:
    parts = {
        "number": air.registered(),
        "register": "summary",
        "report": "trend",
        "library": "x",
        "form": "x",
        "id": "x",
    }
    for name in route.query.__struct_fields__:
        answer = air.call(route.method, f"{route.path.format_map(parts)}?{name}={LONG}", by="root")
        assert 400 <= answer.status_code < 500, name


def test_pages_and_open311_take_parameters_of_any_length_without_failing(air: Air) -> None:
    names = (
        "org", "site", "number", "phone_tail", "code", "token", "file", "lang", "jurisdiction_id", "status", "api_key",
        "service_code", "service_request_id", "start_date", "end_date", "description",
    )  # fmt: skip
    form = "&".join(f"{name}={LONG}" for name in names).encode()
    for method, path in sorted({*PAGES, *((verb.method, verb.path.format(id="x.json")) for verb in VERBS)}):
        for name in names:
            assert air.call(method, f"{path}?{name}={LONG}", headers={"Content-Type": FORM}).status_code < 500
        if method == "POST":
            assert air.call(method, path, raw=form, headers={"Content-Type": FORM}).status_code < 500


@pytest.mark.parametrize(
    "path", ["/v1/complaints", "/complain", "/track", "/open311/v2/requests.xml", "/v1/hotline/calls"]
)
def test_a_body_beyond_all_bounds_is_refused_unread(air: Air, path: str) -> None:
    kind = "application/json" if path.startswith("/v1") else FORM
    raw = (b'{"org":"c-company","x":"' if path.startswith("/v1") else b"x=") + b"x" * MOST_BYTES
    answer = air.call("POST", path, raw=raw, headers={"Content-Type": kind})
    assert answer.status_code == 413


def test_a_directory_holds_to_its_sizes(air: Air) -> None:
    for kind, entry, field in (
        ("staff", {"id": "new", "name": "x" * 501}, "name"),
        ("staff", {"id": "new", "name": "x", "email": "x" * 255}, "email"),
        ("staff", {"id": "new", "name": "x", "departments": ["works"] * 501}, "departments"),
        ("departments", {"id": "new", "name": {"en": "x" * 501}}, "name"),
        ("absences", {"person": "x" * 65, "start": "2026-11-23T00:00:00Z", "end": "2026-11-24T00:00:00Z"}, "person"),
        ("settings", {"site": "main", "settings": {"x" * 65: ""}}, "settings"),
        ("calendars", {"site": "main", "days": {str(n): {"kind": "off"} for n in range(1001)}}, "days"),
    ):
        answer = air.call("PUT", f"/v1/admin/{kind}", entry, by="root")
        assert answer.status_code == 422, (kind, entry)
        assert [wrong["field"].partition(".")[0] for wrong in answer.json_body["errors"]] == [field], answer.json_body
