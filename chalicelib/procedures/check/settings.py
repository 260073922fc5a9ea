"""Settings: each is used, and of the type that its place needs."""

from collections.abc import Iterator
from typing import Any

from chalicelib.desk.procedure import Procedure
from chalicelib.procedures.check.graph import quoted
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem
from chalicelib.procedures.settings import NEVER_EMPTY, SPOKEN, setting_named

NEEDED = {
    "limit": ("limit",),
    "is": ("limit",),
    "reply_by": ("limit",),
    "of_opening": ("limit",),
    "every": ("recurrence",),
    "opens_at": ("time",),
    "starts": ("signal",),
    "stops": ("signal",),
    "signal": ("signal",),
    "at_least": ("number",),
    "more_than": ("number",),
    "within_days": ("number",),
    "day_of_month": ("number",),
}
"""The type of setting that a key of the language takes; elsewhere any may stand."""

SAID = ("text", "number", "time")
"""Types of settings that can stand in words."""


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:
    """Compare every `{setting: name}` with what is declared."""
    problems, used = [], set()
    rest = {key: value for key, value in compiled.tree.items() if key != "settings"}
    used |= {setting.default_from for setting in procedure.settings.values()}
    for where, key, name in _uses(rest, "", ""):
        used.add(name)
        setting = procedure.settings[name]
        needed = _needed(procedure, where, key)
        if needed and setting.type not in needed:
            problems.append(
                Problem(where, f'The setting "{name}" is a {setting.type}; here stands a {quoted(needed)} only.')
            )
    for where, name in _spoken(rest, compiled):
        used.add(name)
        problems += _unfit_for_words(procedure, where, name)
    for name, setting in procedure.settings.items():
        where = f"settings.{name}"
        if name not in used:
            problems.append(Problem(where, f'Nothing uses the setting "{name}".'))
        if setting.type in ("choice", "signal") and not setting.choices:
            problems.append(Problem(where, f"A setting of type {setting.type} lists its choices."))
        if setting.type in NEVER_EMPTY and setting.default is None and not setting.default_from:
            problems.append(Problem(where, f"A setting of type {setting.type} has a default."))
        other = procedure.settings.get(setting.default_from)
        if other is not None and other.type != setting.type:
            problems.append(
                Problem(
                    f"{where}.default", f'"{setting.default_from}" is a {other.type}, and this is a {setting.type}.'
                )
            )
    return problems


def _unfit_for_words(procedure: Procedure, where: str, name: str) -> Iterator[Problem]:
    setting = procedure.settings.get(name)
    if setting is None:
        yield Problem(where, f'There is no setting "{name}".')
    elif setting.type not in SAID:
        yield Problem(where, f'The setting "{name}" is a {setting.type}; words take {quoted(SAID)} only.')


def _needed(procedure: Procedure, where: str, key: str) -> tuple[str, ...] | None:
    if key == "fill":
        entry = procedure.fields.get(where.split(".")[1])
        return ("limit",) if entry is not None and entry.type in ("instant", "date") else None
    return NEEDED.get(key)


def _spoken(part: Any, compiled: Compiled) -> Iterator[tuple[str, str]]:
    """The place and the name of every setting that stands in words."""
    yield from _in_words(part, "")
    for letter, languages in compiled.letters.items():
        for language, text in languages.items():
            yield from ((f"letters.{letter}.{language}", name) for name in SPOKEN.findall("\n".join(text.values())))


def _in_words(part: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield from ((where, name) for name in SPOKEN.findall(part))
    elif isinstance(part, dict):
        for key, below in part.items():
            yield from _in_words(below, f"{where}.{key}" if where else key)
    elif isinstance(part, list):
        for index, below in enumerate(part):
            yield from _in_words(below, f"{where}[{index}]")


def _uses(part: Any, where: str, key: str) -> Iterator[tuple[str, str, str]]:
    """Path, the key it stands under, and the name of every setting used."""
    name = setting_named(part)
    if name is not None:
        yield where, key, name
    elif isinstance(part, dict):
        if isinstance(part.get("setting"), dict):  # a condition on what the site has set
            yield from ((where, "", below) for below in part["setting"])
        for below, value in part.items():
            yield from _uses(value, f"{where}.{below}" if where else below, below)
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _uses(value, f"{where}[{index}]", key)
