"""Conditions: what they compare exists, and can have the value it is compared with."""

from collections.abc import Container, Iterator
from typing import Any, get_args

from chalicelib.desk.conditions import Test, tests_in
from chalicelib.desk.procedure import Procedure, Status
from chalicelib.procedures.check.graph import quoted
from chalicelib.procedures.check.parts import conditions_in
from chalicelib.procedures.problems import Problem

LISTS = ("people", "signatures", "choices")
KINDS = ("complaint", "consultation", "suggestion", "opinion", "report")


def compared(procedure: Procedure) -> Iterator[Problem]:
    """Look up what every comparison of the procedure reads."""
    for where, condition in conditions_in(procedure):
        for test in tests_in(condition):
            for wrong in _wrong(procedure, test):
                yield Problem(where, wrong)


def _wrong(procedure: Procedure, test: Test) -> Iterator[str]:
    named: dict[str, tuple[str, Container[str]]] = {
        "done": ("action", procedure.actions),
        "open": ("task", procedure.tasks),
        "late": ("clock", procedure.clocks),
        "stage": ("stage", procedure.stages),
        "status": ("status", get_args(Status)),
        "kind": ("kind of case", KINDS),
        "channel": ("channel", procedure.channels),
    }
    subject = test.subject.removeprefix("not_").removeprefix("ever_")
    if subject == "field":
        yield from _wrong_answer(procedure, test)
    elif subject in ("anonymous", "confidential"):
        yield from _unknown(f'answer to "{subject}" of', test.values, ("yes", "no"))
    elif subject == "round":
        if not all(str(value).isdigit() for value in test.values):
            yield f"A round is a whole number, not {quoted(test.values)}."
    else:
        kind, known = named[subject]
        yield from _unknown(kind, [*test.values, *([test.since] if test.since else [])], known)


def _wrong_answer(procedure: Procedure, test: Test) -> Iterator[str]:
    entry = procedure.fields.get(test.name)
    if entry is None:
        yield f'There is no field "{test.name}".'
    elif test.op in ("at_least", "more_than"):
        if entry.type not in ("number", "money"):
            size = test.op.replace("_", " ")
            yield f'The field "{test.name}" holds no number, so nothing in it is {size} {test.values[0]}.'
    elif test.op == "covers":
        for name in (test.name, test.values[0]):
            if name not in procedure.fields or procedure.fields[name].type not in LISTS:
                yield f'"{name}" is no field that holds a list, so nothing covers it or is covered by it.'
    elif test.op == "is":
        allowed = {"yes_no": ["yes", "no"], "tick": ["yes"]}.get(entry.type, list(entry.choices))
        if allowed:
            yield from _unknown(f'answer to "{test.name}" of', test.values, allowed)
    elif test.op in entry.choices:
        yield f'"{test.op}" has a meaning of its own in conditions; give that choice of "{test.name}" another name.'


def _unknown(kind: str, names: list[Any], known: Container[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f'There is no {kind} "{name}".'
