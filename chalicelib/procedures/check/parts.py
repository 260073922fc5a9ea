"""Go through a whole procedure: every value in it with the path that leads there."""

from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

import msgspec

from chalicelib.desk.conditions import All, AnyOf, Condition, Test
from chalicelib.desk.procedure import Procedure, Words


class Part(NamedTuple):
    """One field of one element: the path of the element, the field's name in the language, its type, its value."""

    element: str
    name: str
    kind: Any
    value: Any

    @property
    def where(self) -> str:
        """The path of the field itself."""
        return f"{self.element}.{self.name}" if self.element else self.name


def parts_of(value: Any, where: str = "") -> Iterator[Part]:
    """Every field of this element and of those within it; conditions are taken whole."""
    if isinstance(value, All | AnyOf | Test):
        return
    if isinstance(value, msgspec.Struct):
        for field in msgspec.structs.fields(value):
            part = Part(where, field.encode_name, field.type, getattr(value, field.name))
            yield part
            yield from parts_of(part.value, part.where)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from parts_of(item, f"{where}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from parts_of(item, f"{where}[{index}]")


def conditions_in(procedure: Procedure) -> Iterator[tuple[str, Condition]]:
    """Every condition with its path."""
    for part in parts_of(procedure):
        if isinstance(part.value, All | AnyOf | Test):
            yield part.where, part.value


def words_in(procedure: Procedure) -> Iterator[tuple[str, Words]]:
    """Everything that people read, with its path."""
    for part in parts_of(procedure):
        if part.kind == Words:
            yield part.where, part.value
        elif get_args(part.kind)[1:] == (Words,):
            yield from ((f"{part.where}.{key}", words) for key, words in part.value.items())


def rules_in(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """Every rule id with the path of the element that carries it."""
    for part in parts_of(procedure):
        if part.name in {"rules", "lines"}:
            yield from ((part.element, rule) for rule in part.value)
        elif part.name == "platform":
            yield from ((f"platform.{key}", rule) for key, rules in part.value.items() for rule in rules)
