"""Registers, forms, reports and figures: what they show exists, and what a field stands for can be counted."""

from collections.abc import Iterable, Iterator

from chalicelib.desk.complaint import CUSTOMER
from chalicelib.desk.conditions import All, Condition, Test
from chalicelib.desk.procedure import FINISHED, Field, Procedure
from chalicelib.procedures.check.graph import quoted
from chalicelib.procedures.check.names import COLUMNS
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem

COUNTED = {
    "category": ("choice", "choices"),
    "cause": ("choice", "choices"),
    "satisfied": ("yes_no", "choice"),
}
"""The types of field that may stand for each of the meanings that figures know."""

IDENTITY = {f"customer.{part}" for part in ("name", "phone", "email", "address", "room", "plate")}
"""What a form may show of who complains, to those who may know it."""

SATISFIED = "satisfied"
"""The choice that counts as satisfied, where a field of choices tells it."""

FIGURES = {"count": None, "late_share": None, "satisfied_share": "satisfied"}
"""The figures of a report, and the meaning that one of the fields must have for it."""

NO_GROUPS = ("long", "table", "file", "instant")
"""Types of which every answer is another: nothing can be broken down by them."""


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:  # noqa: ARG001 # every proof is called alike
    """Look at what is shown and counted."""
    parts = (_meanings, _registers, _forms, _reports)
    return [problem for part in parts for problem in part(procedure)]


def _meanings(procedure: Procedure) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, entry in procedure.fields.items():
        where = f"fields.{name}.means"
        if entry.means is None:
            continue
        if entry.means in first:
            yield Problem(where, f'"{first[entry.means]}" means {entry.means} already; only one field can.')
        first.setdefault(entry.means, name)
        if entry.type not in COUNTED[entry.means]:
            yield Problem(where, f"What means {entry.means} is of type {' or '.join(COUNTED[entry.means])}.")
        elif entry.means == SATISFIED and entry.choices and SATISFIED not in entry.choices:
            yield Problem(where, f'One of the choices of what means satisfied is "{SATISFIED}": it is the one counted.')


def _registers(procedure: Procedure) -> Iterator[Problem]:
    for name, register in procedure.registers.items():
        if register.lists == "open" and _only_finished(procedure, register.holds):
            yield Problem(f"registers.{name}.lists", "It lists what is open, but holds only cases that are finished.")


def _only_finished(procedure: Procedure, condition: Condition | None) -> bool:
    """Whether the condition wants, beside all else, a stage or status at which the case is finished."""
    tests = condition.of if isinstance(condition, All) else [condition]
    for test in tests:
        if isinstance(test, Test) and test.op == "is" and test.subject in ("stage", "status"):
            found = [procedure.stages[v].status if v in procedure.stages else v for v in test.values]
            if set(found) <= FINISHED:
                return True
    return False


def _forms(procedure: Procedure) -> Iterator[Problem]:
    for name, form in procedure.forms.items():
        if not form.sections:
            yield Problem(f"forms.{name}.sections", "This form is empty.")
        for index, section in enumerate(form.sections):
            where = f"forms.{name}.sections[{index}].fields"
            yield from _unknown(procedure.fields, section.fields, where, also=COLUMNS | IDENTITY)
            for signed in section.signed:
                if signed != CUSTOMER and signed not in procedure.actions:
                    yield Problem(f"forms.{name}.sections[{index}].signed", f'There is no action "{signed}".')
            if not section.fields:
                yield Problem(where, "This section is empty.")


def _reports(procedure: Procedure) -> Iterator[Problem]:
    meant = {entry.means for entry in procedure.fields.values()}
    for name, report in procedure.reports.items():
        where = f"reports.{name}"
        yield from _unknown(procedure.fields, report.by, f"{where}.by")
        for field in report.by:
            if field in procedure.fields and procedure.fields[field].type in NO_GROUPS:
                yield Problem(f"{where}.by", f'Every answer to "{field}" is another; nothing can be broken down by it.')
        if not report.of:
            yield Problem(f"{where}.of", "It takes no cases: write received, closed or open.")
        for figure in report.figures:
            if figure not in FIGURES:
                yield Problem(f"{where}.figures", f'"{figure}" is none of: {quoted(FIGURES)}.')
            elif FIGURES[figure] and FIGURES[figure] not in meant:
                yield Problem(f"{where}.figures", f'"{figure}" needs a field with `means: {FIGURES[figure]}`.')


def _unknown(fields: dict[str, Field], names: list[str], where: str, also: Iterable[str] = ()) -> Iterator[Problem]:
    for name in names:
        if name not in fields and name not in also:
            yield Problem(where, f'There is no field "{name}".')
