"""Secrecy: what few may see stands nowhere where many read, and who complains in confidence is known to few."""

from collections.abc import Iterator

from chalicelib.desk.conditions import tests_in
from chalicelib.desk.procedure import Procedure
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem

KNOWN_AT_INTAKE = ("field", "channel", "kind", "anonymous")
"""What a condition may read when a complaint comes in."""

Found = Iterator[Problem]


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:  # noqa: ARG001 # every proof is called alike
    """Look at fields that are for some roles, and at confidential complaints."""
    return [*_seen_by_few(procedure), *_known_to_few(procedure), *_confidential(procedure)]


def _seen_by_few(procedure: Procedure) -> Found:
    few = {name for name, entry in procedure.fields.items() if entry.seen_by_roles}
    shown = [
        *((f"registers.{name}.columns", register.columns) for name, register in procedure.registers.items()),
        *((f"reports.{name}.columns", report.columns) for name, report in procedure.reports.items()),
        *((f"reports.{name}.by", report.by) for name, report in procedure.reports.items()),
    ]
    for where, columns in shown:
        for name in [name for name in columns if name in few]:
            yield Problem(where, f'"{name}" is seen by some roles only, and registers and reports have many readers.')
    for name in few:
        for role in procedure.fields[name].seen_by_roles:
            if role in procedure.roles and procedure.roles[role].everyone:
                yield Problem(f"fields.{name}.seen_by", f'"{role}" is everyone: leave `seen_by` out.')


def _known_to_few(procedure: Procedure) -> Found:
    for where, roles in (("known_to", procedure.known_to), ("confidants", procedure.confidants)):
        for role in roles:
            if role in procedure.roles and procedure.roles[role].everyone:
                yield Problem(where, f'"{role}" is everyone: then nothing is confidential.')


def _confidential(procedure: Procedure) -> Found:
    """Whether a complaint is confidential is decided once, when it comes in."""
    opening = [action for action in procedure.actions.values() if "new" in action.at]
    asked = {name for action in opening for name in (*action.asks, *action.may_ask)}
    for test in tests_in(procedure.confidential):
        if test.subject not in KNOWN_AT_INTAKE:
            yield Problem("confidential", f'"{test.subject}" says nothing yet when a complaint comes in.')
        elif test.subject == "field" and test.name not in asked:
            yield Problem("confidential", f'The action that opens a case does not ask for "{test.name}".')
