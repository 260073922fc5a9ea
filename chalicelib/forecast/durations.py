"""Observed durations from a file: minutes that each action took, for a forecast to draw from."""

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

from chalicelib.forecast.complaints import Told


def read_durations(path: Path, problems: list[Told]) -> dict[str, list[float]]:
    """CSV with the columns `action` and `minutes`, or YAML/JSON: action to a number or a list of them."""
    found: dict[str, list[float]] = defaultdict(list)
    try:
        for action, minutes in _entries(path):
            found[str(action)].append(_positive(minutes))
    except (OSError, ValueError, TypeError, KeyError) as wrong:
        problems.append(("unreadable", {"file": path.name, "why": str(wrong)}))
    return dict(found)


def _entries(path: Path) -> list[tuple[Any, Any]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [(row["action"], row["minutes"]) for row in csv.DictReader(file)]
    from yaml import YAMLError, safe_load  # noqa: PLC0415 # only for those who bring a file

    try:
        tree = safe_load(path.read_text("utf-8"))
    except YAMLError as wrong:
        raise ValueError(str(wrong).splitlines()[0]) from None
    if not isinstance(tree, dict):
        raise ValueError("it is no mapping of actions to minutes")
    return [(name, value) for name, each in tree.items() for value in (each if isinstance(each, list) else [each])]


def _positive(value: Any) -> float:
    minutes = float(value)
    if not 0 < minutes < 1e6:
        raise ValueError(f"{value!r} is no number of minutes")
    return minutes
