"""Read plain text data into the types of `chalicelib.desk.procedure`, led by the types themselves.

What a type does not say, the short forms of the language, is in `shorthand.py`. Reading goes on after a
problem, so that an author sees all of them at once; the result is worth something only when there are none.
"""

import builtins
import typing
from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import msgspec

from chalicelib.desk.conditions import All, AnyOf, Test
from chalicelib.desk.procedure import Setting
from chalicelib.procedures.problems import Problem

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
SHORT_LANGUAGE = {"zh": "zh-Hans"}


class Reader:
    """Reads values by type and collects what is wrong; `types` tells the type of each field.

    `taken` tells by which field a place of the posted complaint is asked for.
    """

    def __init__(self, types: Mapping[str, str] | None = None, taken: Mapping[str, str] | None = None) -> None:
        self.types = types or {}
        self.taken = taken or {}
        self.settings: Mapping[str, Setting] = {}  # what a site may set, and what holds there
        self.held: Mapping[str, str | None] = {}
        self.problems: list[Problem] = []
        self.special: dict[Any, Callable[[Any, str], Any]] = {}  # readers of types that have a short form
        self.named: dict[type, dict[str, str]] = {}  # the type's name of a field to the language's word for it

    def wrong(self, where: str, what: str) -> Any:
        """Note a problem; gives None, what is read in place of a value that is wrong."""
        self.problems.append(Problem(where, what))
        return None

    def read(self, kind: Any, value: Any, where: str) -> Any:
        """The value as `kind`; what cannot be read is noted and read as None."""
        kind, may_be_none = _without_none(kind)
        if may_be_none and empty(value):
            return None
        if kind in self.special:
            return self.special[kind](value, where)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self.struct(kind, value, where)
        part = get_args(kind)
        match get_origin(kind):
            case typing.Literal:
                read: Any = self.one_of(part, value, where)
            case builtins.list:
                read = self.list_of(part[0], value, where)
            case builtins.dict:
                read = self.mapping(part[1], value, where)
            case _:
                read = self.scalar(kind, value, where)
        return read

    def struct(self, kind: type[msgspec.Struct], value: Any, where: str) -> Any:
        """A mapping whose keys are the type's fields; unknown and missing ones are named."""
        if not isinstance(value, dict):
            return self.wrong(where, "This must be a mapping of names to values.")
        wanted = _fields(kind)
        word = self.named.get(kind, {})
        known = {word.get(name, name): name for name in wanted}
        for key in value:
            if key not in known:
                self.wrong(join(where, key), f'"{key}" is not known here; known are: {", ".join(known)}.')
        read: dict[str, Any] = {}
        for key, name in known.items():
            field = wanted[name]
            if key in value:
                if empty(value[key]) and not field.required and not _reads_empty(field.type, self.special):
                    continue  # a key left empty says what leaving it out says
                read[field.name] = self.read(field.type, value[key], join(where, key))
            elif field.required:
                read[field.name] = self.wrong(where, f'"{key}" is missing.')
        return kind(**read)

    def one_of(self, allowed: tuple[str, ...], value: Any, where: str) -> Any:
        """One of the words a place allows."""
        if isinstance(value, str) and value in allowed:
            return value
        return self.wrong(where, f'"{value}" is not one of: {", ".join(allowed)}.')

    def list_of(self, kind: Any, value: Any, where: str) -> list[Any]:
        """A list; one thing alone is a list of it, and empty items (an empty setting) are left out."""
        if empty(value):
            return []
        if not isinstance(value, list):
            return [self.read(kind, value, where)]
        return [self.read(kind, item, f"{where}[{index}]") for index, item in enumerate(value) if not empty(item)]

    def mapping(self, kind: Any, value: Any, where: str) -> dict[str, Any]:
        """Names to values of one type; words in several languages are such a mapping of texts."""
        if kind is str:
            return self.words(value, where)
        if empty(value):
            return {}
        if not isinstance(value, dict):
            self.wrong(where, "This must be a mapping of names to values.")
            return {}
        return {key: self.read(kind, item, join(where, key)) for key, item in value.items()}

    def words(self, value: Any, where: str) -> dict[str, str]:
        """Words by language; `zh` stands for `zh-Hans`."""
        if not isinstance(value, dict):
            self.wrong(where, "Write the words by language: {zh: …, en: …}.")
            return {}
        read: dict[str, str] = {}
        for key, text in value.items():
            language = SHORT_LANGUAGE.get(key, key)
            if language not in LANGUAGES:
                hint = "words with a comma stand in quotes" if empty(text) else "write zh, zh-Hant or en"
                self.wrong(join(where, key), f'"{key}" is no language of the desk; {hint}.')
            elif not isinstance(text, str):
                self.wrong(join(where, key), "This must be text.")
            else:
                read[language] = text
        return read

    def scalar(self, kind: Any, value: Any, where: str) -> Any:
        """A text, a whole number or yes and no, typed by the place where it stands."""
        if isinstance(value, dict | list):
            return self.wrong(where, "This must be one value.")
        text = "" if value is None else str(value)
        if kind is bool:
            known = {"true": True, "yes": True, "false": False, "no": False}
            if text.lower() in known:
                return known[text.lower()]
            return self.wrong(where, f'"{text}" must be true or false.')
        if kind is int:
            whole = text.isascii() and text.isdigit()
            return int(text) if whole else self.wrong(where, f'"{text}" is no whole number.')
        return text

    def answer(self, name: str, value: Any, where: str) -> Any:
        """An answer to a field as the desk keeps it: numbers as numbers, money with two places, else text."""
        kind = self.types.get(name)
        if kind not in ("number", "money") or empty(value):
            return self.read(str | None, value, where)
        number = self.number(value, where)
        return f"{number:.2f}" if kind == "money" and number is not None else number

    def number(self, value: Any, where: str) -> Any:
        """A number as numbers are compared: whole where it is whole."""
        try:
            number = float(value)
        except (TypeError, ValueError):
            return self.wrong(where, f'"{value}" is no number.')
        return int(number) if number.is_integer() else number


def empty(value: Any) -> bool:
    """Whether nothing was written here."""
    return value is None or value == ""


def join(where: str, key: str) -> str:
    """The path of a key below a path."""
    return f"{where}.{key}" if where else key


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


@cache
def _without_none(kind: Any) -> tuple[Any, bool]:
    if get_origin(kind) not in (Union, UnionType):
        return kind, False
    parts = [part for part in get_args(kind) if part is not NoneType]
    if set(parts) == {All, AnyOf, Test}:
        return All, len(parts) < len(get_args(kind))  # a condition, whichever of the three it is
    return parts[0], len(parts) < len(get_args(kind))


def _reads_empty(kind: Any, special: dict[Any, Any]) -> bool:
    """Whether an empty value says something of its own here, as an empty limit does."""
    return kind in special or (get_origin(kind) is list and get_args(kind)[0] in special)
