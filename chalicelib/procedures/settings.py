"""The values a site sets: read the `settings` block and put its values where `{setting: name}` stands."""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.desk.procedure import Setting
from chalicelib.procedures.problems import Problem

EVERY = re.compile(
    r"daily|weekly:(mon|tue|wed|thu|fri|sat|sun)"
    r"|monthly:([1-9]|[12]\d|3[01])|quarterly:([1-9]|[12]\d|3[01])"
)
"""How often a duty recurs: `daily`, `weekly:tue`, `monthly:2`, `quarterly:1`."""

TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
"""A time of day: `17:30`."""

NEVER_EMPTY = ("number", "choice", "yes_no", "signal", "time")
"""Types of which an empty value says nothing: where a site leaves one empty, the default holds."""

LIMIT = re.compile(r"\d{1,5}(m|h|d|bh)")
"""A limit in one word: `45m`, `24h`, `3d`, `8bh`."""


def values(
    declared: Mapping[str, Setting], chosen: Mapping[str, str], problems: list[Problem]
) -> dict[str, str | None]:
    """What holds at a site for each declared setting: its own choice, else the default; None is empty.

    What the site chose for a setting that the procedure does not have is passed over, so that a new
    version may drop one.
    """
    held: dict[str, str | None] = {}
    for name, setting in declared.items():
        value = _value(declared, chosen, name, problems)
        held[name] = None if value is None or value == "" else str(value)
        wrong = misfit(setting, held[name])
        if wrong:
            problems.append(Problem(f"settings.{name}", wrong))
    return held


def _value(
    declared: Mapping[str, Setting], chosen: Mapping[str, str], name: str, problems: list[Problem], *seen: str
) -> str | int | None:
    """The site's own choice, else the default, which may be what another setting holds."""
    setting, where = declared[name], f"settings.{name}.default"
    own = chosen.get(name)
    if own or (own == "" and setting.type not in NEVER_EMPTY):
        return own
    if not setting.default_from:
        return setting.default
    if setting.default_from not in declared:
        problems.append(Problem(where, f'There is no setting "{setting.default_from}".'))
        return None
    if setting.default_from in (name, *seen):
        problems.append(Problem(where, "The defaults of these settings run in a circle."))
        return None
    return _value(declared, chosen, setting.default_from, problems, name, *seen)


def misfit(setting: Setting, value: str | None) -> str:
    """Why this value does not suit the setting; empty when it does. Every setting may be left empty."""
    if value is None:
        return ""
    if setting.choices and value not in setting.choices:
        return f'"{value}" is not one of: {", ".join(setting.choices)}.'
    if setting.type == "limit" and not LIMIT.fullmatch(value):
        return f'"{value}" is no limit; write one such as 45m, 24h, 3d or 8bh, or leave it empty.'
    if setting.type == "number" and not re.fullmatch(r"\d{1,9}", value):
        return f'"{value}" is no whole number.'
    if setting.type == "yes_no" and value not in ("yes", "no"):
        return f'"{value}" is neither yes nor no.'
    if setting.type == "time" and not TIME.fullmatch(value):
        return f'"{value}" is no time of day such as 17:30.'
    if setting.type == "recurrence" and not EVERY.fullmatch(value):
        return f'"{value}" does not say how often; write daily, weekly:tue, monthly:2 or quarterly:1.'
    return ""


SPOKEN = re.compile(r"\{setting\.([^{}]*)\}")
"""A setting in words: `Call {setting.hotline}.`"""


def put_in(tree: Any, held: Mapping[str, str | None], problems: list[Problem], where: str = "") -> Any:
    """The same tree with the site's value in place of each `{setting: name}`; an empty one is None. In words
    `{setting.name}` stands for it, an empty one for nothing.
    """
    if isinstance(tree, str) and "{setting." in tree:
        for name in SPOKEN.findall(tree):
            if name not in held:
                problems.append(Problem(where, f'There is no setting "{name}".'))
        return SPOKEN.sub(lambda found: held.get(found[1]) or "", tree)
    if isinstance(tree, dict):
        name = setting_named(tree)
        if name is None:
            below = f"{where}." if where else ""
            return {key: put_in(value, held, problems, f"{below}{key}") for key, value in tree.items()}
        if name in held:
            return held[name]
        problems.append(Problem(where, f'There is no setting "{name}".'))
        return None
    if isinstance(tree, list):
        return [put_in(value, held, problems, f"{where}[{index}]") for index, value in enumerate(tree)]
    return tree


def setting_named(tree: Any) -> str | None:
    """The name in `{setting: name}`; None for anything else."""
    if isinstance(tree, dict) and len(tree) == 1 and isinstance(tree.get("setting"), str):
        name: str = tree["setting"]
        return name
    return None
