"""Parse a body into its type and name everything that is wrong with it at once, each by its field."""

import re
from collections.abc import Callable
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from chalicelib.desk.errors import BadInput, Problem

T = TypeVar("T", bound=msgspec.Struct)

_TIME = "must be a time with its offset, such as 2026-11-21T09:30:00+08:00"
_PLAINER = {
    "Expected `datetime | null`, got": _TIME,
    "Invalid RFC3339 encoded datetime": _TIME,
    "Expected `datetime` with a timezone component": _TIME,
}


def parsed(kind: type[T], data: Any, faults: Callable[[T], list[Problem]] | None = None) -> T:
    """The body as `kind`. Raises BadInput with a problem for every unknown, missing and wrong field.

    `faults` says what else would be wrong with a body: where there are problems already, it looks at what could be
    read, so that the caller hears of everything at once. A body that can be read is for the use case to judge.
    """
    problems: list[Problem] = []
    found = _read(kind, data, "", problems)
    if problems or found is None:
        further = faults(found) if faults and found is not None else []
        raise BadInput("The body cannot be read as it is.", problems + [p for p in further if _news(p, problems)])
    return found


def _news(problem: Problem, known: list[Problem]) -> bool:
    return not any(p.field == problem.field or p.field.startswith(f"{problem.field}.") for p in known)


def _read(kind: type[T], data: Any, path: str, problems: list[Problem]) -> T | None:
    """What can be read; a wrong or missing field has its default, or what is empty."""
    if not isinstance(data, dict):
        problems.append(Problem(path.rstrip("."), "must be an object"))
        return None
    known = {entry.encode_name: entry for entry in fields(kind)}
    problems += [Problem(path + str(name), "is not a known field") for name in data if name not in known]
    values: dict[str, Any] = {}
    for name, entry in known.items():
        before = len(problems)
        if name in data:
            values[entry.name] = _value(entry, data[name], path + name, problems)
        elif entry.required:
            problems.append(Problem(path + name, "is required"))
        if len(problems) > before and values.get(entry.name) is None:
            values.pop(entry.name, None)
            if entry.required:
                struct = _struct(entry.type)
                values[entry.name] = struct() if struct else ""
    return kind(**values)


def _value(entry: FieldInfo, value: Any, path: str, problems: list[Problem]) -> Any:
    struct = _struct(entry.type)
    if struct is not None and not (value is None and type(None) in get_args(entry.type)):
        return _read(struct, value, path + ".", problems)
    try:
        return msgspec.convert(value, entry.type)
    except msgspec.ValidationError as error:
        problems.append(Problem(path, _plain(str(error))))
        return None


def _struct(kind: Any) -> type[msgspec.Struct] | None:
    if get_origin(kind) in (Union, UnionType):
        kind = next((a for a in get_args(kind) if a is not type(None)), kind)
    return kind if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else None


def _plain(message: str) -> str:
    """A library's message in a caller's terms: no type names of ours, no path (the field says it)."""
    for theirs, ours in _PLAINER.items():
        if message.startswith(theirs):
            return ours
    message = re.sub(r" - at `\$.*`$", "", message)
    message = re.sub(r"^Expected `(.*)`, got `(.*)`$", r"must be \1, not \2", message)
    message = re.sub(r"^Expected `(.*)` of ", r"must be \1 of ", message)
    return message[:1].lower() + message[1:]
