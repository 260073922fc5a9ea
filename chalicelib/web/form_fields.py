"""A form of the procedure in a browser: its JSON Schema as fields to fill in, and what was typed as answers again.

A field `x` is sent as `f.x`, one of several ticks as `f.x.<choice>`, a cell of a table as `f.x.<row>.<column>`, and why
it is not known as `u.x`. What cannot be read is handed on as it was typed: the desk says what is wrong with it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, field

from chalicelib.desk.facts import instant, is_unknown
from chalicelib.desk.wallclock import on_the_wall, zone_named

Draws = Literal["line", "story", "number", "when", "date", "one", "several", "tick", "file", "table", "nobody"]

SPARE_ROWS = 2
"""Empty rows below those of a table; sent with problems, it comes back with more."""

Typed = Mapping[str, str]


class Input(Struct, kw_only=True):
    """A field as it is drawn. `value` is what stands in it, `ticked` what is chosen of several."""

    id: str
    title: str
    draws: Draws
    required: bool = False
    value: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    ticked: list[str] = field(default_factory=list)
    columns: list[tuple[str, str]] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    may_be_unknown: bool = False
    unknown: str = ""
    when: list[str] = field(default_factory=list)  # with which other answers it is asked, in words
    given: bool = False  # it is known, and kept apart


def inputs(
    form: dict[str, Any], zone: str, typed: Typed | None = None, told: Callable[[dict[str, Any]], str] = str
) -> list[Input]:
    """The fields of a form in order, with what is offered in them or, where somebody typed, with that.

    A field that no answer in this form could call for is left out. `told`: a comparison with another field in words.
    """
    properties: dict[str, dict[str, Any]] = form["properties"]
    wanted = {id: one for id, one in properties.items() if one.get("x-asked-now", True) or _steering(one, properties)}
    return [_input(id, one, form, zone, typed, told) for id, one in wanted.items()]


def answers(form: dict[str, Any], zone: str, typed: Typed) -> dict[str, Any]:
    """What was typed, as the API takes it. What was offered and stands as it was is sent only where it is asked for."""
    found: dict[str, Any] = {}
    for id, one in form["properties"].items():
        if why := typed.get(f"u.{id}", "").strip():
            found[id] = {"unknown": why}
            continue
        value, offered = _typed(id, one, zone, typed), one.get("default")
        if value in ("", [], None):
            continue
        stands = offered is not None and not is_unknown(offered) and _same(id, one, zone, typed, offered)
        if stands and id not in form["required"] and "x-when" not in one and "x-required-when" not in one:
            continue
        found[id] = offered if stands else value
    return found


def _steering(one: dict[str, Any], properties: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The comparisons with fields of the same form that decide whether it is asked, or required."""
    return [test for test in one.get("x-when", one.get("x-required-when", [])) if test["field"] in properties]


def _called_for(one: dict[str, Any], properties: Mapping[str, Any]) -> bool:
    """Whether another answer of the form, as it stands, calls for it: then it is required."""
    return bool(one.get("x-asked-now")) and bool(_steering(one, properties))


def _input(
    id: str, one: dict[str, Any], form: dict[str, Any], zone: str, typed: Typed | None,
    told: Callable[[dict[str, Any]], str],
) -> Input:  # fmt: skip
    inner, draws = _inner(one), draws_as(one)
    made = Input(
        id=id, title=str(one.get("title", id)), draws=draws, may_be_unknown="anyOf" in one,
        given=bool(one.get("x-given")),
        required=id in form["required"] or bool(one.get("x-required-now")) or _called_for(one, form["properties"]),
        when=[told(test) for test in _steering(one, form["properties"])],
    )  # fmt: skip
    if draws == "one":
        made.choices = _choices(inner)
    elif draws == "several":
        made.choices = _choices(inner["items"])
    elif draws == "table":
        made.columns = [(column, str(about["title"])) for column, about in inner["items"]["properties"].items()]
    if typed is None:
        _offer(made, one, zone)
    else:
        _retype(made, typed)
    if draws == "table":
        made.rows += [{column: "" for column, _ in made.columns} for _ in range(SPARE_ROWS)]
    return made


def draws_as(one: dict[str, Any]) -> Draws:
    """How a field is drawn."""
    inner = _inner(one)
    if inner.get("type") == "array":
        items = inner["items"]
        return "table" if items.get("type") == "object" else "several" if "oneOf" in items else "nobody"
    if inner.get("enum") == ["yes"]:
        return "tick"
    if "oneOf" in inner or "enum" in inner:
        return "one"
    if "type" not in inner:
        return "nobody"  # there is nobody to choose yet
    if inner.get("x-file"):
        return "file"
    by_format: dict[str, Draws] = {"date-time": "when", "date": "date"}
    if found := by_format.get(inner.get("format", "")):
        return found
    return "number" if inner["type"] == "number" else "story" if inner.get("x-lines") else "line"


def _inner(one: dict[str, Any]) -> dict[str, Any]:
    """The schema of a real answer, where "unknown" would do as well."""
    return dict(one["anyOf"][0]) if "anyOf" in one else one


def _choices(inner: dict[str, Any]) -> list[tuple[str, str]]:
    if "oneOf" in inner:
        return [(str(choice["const"]), str(choice["title"])) for choice in inner["oneOf"]]
    return [(str(value), str(value)) for value in inner["enum"]]


def _offer(made: Input, one: dict[str, Any], zone: str) -> None:
    offered = one.get("default")
    if offered is None or one.get("x-asked-now") is False:
        return
    if is_unknown(offered):
        made.unknown = str(offered["unknown"])
    elif made.draws == "several":
        made.ticked = [str(value) for value in offered]
    elif made.draws == "table":
        made.rows = [{column: str(row.get(column, "")) for column, _ in made.columns} for row in offered]
    else:
        made.value = _written(made.draws, offered, zone)


def _retype(made: Input, typed: Typed) -> None:
    made.unknown, made.value = typed.get(f"u.{made.id}", ""), typed.get(f"f.{made.id}", "")
    made.ticked = [choice for choice, _ in made.choices if typed.get(f"f.{made.id}.{choice}")]
    made.rows = _rows(made.id, [column for column, _ in made.columns], typed)


def _written(draws: Draws, value: Any, zone: str) -> str:
    """An answer as it stands in its field: an instant as the clock of the site shows it."""
    at = instant(value) if draws == "when" else None
    return on_the_wall(zone, at).strftime("%Y-%m-%dT%H:%M") if at else str(value)


def _typed(id: str, one: dict[str, Any], zone: str, typed: Typed) -> Any:
    inner, text = _inner(one), typed.get(f"f.{id}", "").strip()
    match draws_as(one):
        case "several":
            return [choice for choice, _ in _choices(inner["items"]) if typed.get(f"f.{id}.{choice}")]
        case "table":
            return [row for row in _rows(id, list(inner["items"]["properties"]), typed) if any(row.values())]
        case "number":
            return _number(text)
        case "when":
            return _instant(text, zone)
    return text


def _rows(id: str, columns: list[str], typed: Typed) -> list[dict[str, str]]:
    """The rows of a table that hold something, in order."""
    numbers = {part[2] for name in typed if (part := name.split("."))[:2] == ["f", id] and len(part) == 4}
    found = [
        {column: typed.get(f"f.{id}.{number}.{column}", "").strip() for column in columns}
        for number in sorted(numbers, key=lambda n: (len(n), n))
    ]
    return [row for row in found if any(row.values())]


def _number(text: str) -> Any:
    try:
        found = float(text)
    except ValueError:
        return text
    return int(found) if found.is_integer() else found


def _instant(text: str, zone: str) -> str:
    """A time of the site with its offset; what is none stays as it was typed."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (found if found.tzinfo else found.replace(tzinfo=zone_named(zone))).isoformat()


def _same(id: str, one: dict[str, Any], zone: str, typed: Typed, offered: Any) -> bool:
    """Whether what was typed is what had been offered: a time is shown without its seconds."""
    value, draws = _typed(id, one, zone, typed), draws_as(one)
    if draws in ("several", "table"):
        return bool(value == offered)
    return typed.get(f"f.{id}", "").strip() == _written(draws, offered, zone)
