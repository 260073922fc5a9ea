"""Conditions of a procedure: comparisons of what a case holds with values. Nothing is evaluated as code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from msgspec import Struct

Subject = Literal[
    "field", "stage", "status", "round", "channel", "kind", "anonymous", "confidential",
    "done", "not_done", "ever_done", "open", "not_open", "late", "not_late",
]  # fmt: skip


class All(Struct, frozen=True, tag="all"):
    """Holds when every part holds."""

    of: list[Condition]


class AnyOf(Struct, frozen=True, tag="any"):
    """Holds when one part holds."""

    of: list[Condition]


class Test(Struct, frozen=True, tag="test", omit_defaults=True):
    """One comparison.

    subject field          `name` against `values`: op `is` (one of them), `given`, `missing`,
                           `unknown`, `at_least`, `more_than`, `covers` (holds all that the field in `values` holds)
    subject stage … kind   the case's own, one of `values`; `round` also with the two numbers
    subject anonymous, confidential   the case's own, `yes` or `no`
    subject done           every action in `values` was done in this round (`since`: after that action, last time)
    subject not_done       none of them was
    subject ever_done      every one was, in any round
    subject open, not_open a task of one of these kinds is open; none is
    subject late, not_late one of these clocks is or was late in this run of it; none is
    """

    __test__ = False  # pytest: not a test class

    subject: Subject
    name: str = ""
    op: Literal["is", "given", "missing", "unknown", "at_least", "more_than", "covers"] = "is"
    values: list[Any] = []
    since: str = ""


Condition = All | AnyOf | Test

Lookup = Callable[[Test], bool]


def holds(condition: Condition | None, lookup: Lookup) -> bool:
    """Whether the condition holds; `lookup` answers one comparison. No condition always holds."""
    if condition is None:
        return True
    if isinstance(condition, Test):
        return lookup(condition)
    if isinstance(condition, All):
        return all(holds(part, lookup) for part in condition.of)
    return any(holds(part, lookup) for part in condition.of)


def tests_in(condition: Condition | None) -> list[Test]:
    """Every comparison in a condition, for `check` and for finding which fields a condition reads."""
    if condition is None:
        return []
    if isinstance(condition, Test):
        return [condition]
    return [test for part in condition.of for test in tests_in(part)]
