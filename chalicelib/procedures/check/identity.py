"""Fields that ask who complains: the answer is kept apart from the case, so that nothing of the case can rely on it."""

from collections.abc import Iterator

from chalicelib.desk.conditions import tests_in
from chalicelib.desk.procedure import Field, Procedure
from chalicelib.procedures.check.parts import conditions_in
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem

TYPES = {"name": "text", "address": "text", "phone": "phone", "email": "email"}
"""The type of a field by the part of the identity that it asks for."""

Found = Iterator[Problem]


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:  # noqa: ARG001 # every proof is called alike
    """Look at every field that is kept apart, and at every place that names one."""
    apart = {name: entry for name, entry in procedure.fields.items() if entry.apart}
    parts = (_fields(apart), _conditions(procedure, apart), _uses(procedure, apart), _carried(procedure, apart))
    return [problem for part in parts for problem in part]


def _fields(apart: dict[str, Field]) -> Found:
    taken: dict[str, str] = {}
    for name, entry in apart.items():
        where, needed = f"fields.{name}", TYPES[entry.apart]
        if entry.type != needed:
            yield Problem(f"{where}.type", f'What asks for "{entry.intake}" is of type {needed}.')
        if other := taken.get(entry.apart):
            yield Problem(f"{where}.intake", f'"{entry.intake}" is asked for by the field "{other}" already.')
        taken.setdefault(entry.apart, name)
        says = {"seen_by: customer": entry.seen_by == "customer", "per_round": entry.per_round, "link": entry.link,
                "means": entry.means, "fill": entry.fill}  # fmt: skip
        for key in [key for key, said in says.items() if said]:
            yield Problem(where, f"It says who complains and is kept apart from the case: `{key}` has no place here.")


def _conditions(procedure: Procedure, apart: dict[str, Field]) -> Found:
    for where, condition in conditions_in(procedure):
        for test in tests_in(condition):
            if test.subject == "field" and test.name in apart and test.op not in ("given", "missing", "unknown"):
                yield Problem(where, f'Of "{test.name}" the case knows only whether it is given, missing or unknown.')


def _uses(procedure: Procedure, apart: dict[str, Field]) -> Found:
    named: list[tuple[str, list[str]]] = [
        *((f"links.{name}.same", link.same) for name, link in procedure.links.items()),
        *((f"watches.{name}.same", watch.same) for name, watch in procedure.watches.items()),
        *((f"reports.{name}.columns", report.columns) for name, report in procedure.reports.items()),
        *((f"registers.{name}.columns", register.columns) for name, register in procedure.registers.items()),
        *((f"tasks.{name}.shows", task.shows) for name, task in procedure.tasks.items()),
    ]
    for name, action in procedure.actions.items():
        where = f"actions.{name}"
        named.append((f"{where}.put", [*action.put, *(field for way in action.goes for field in way.put)]))
        named += [(f"{where}.opens[{i}].takes", opening.takes) for i, opening in enumerate(action.opens)]
    for where, fields in named:
        for field in [field for field in fields if field in apart]:
            yield Problem(where, f'"{field}" says who complains and is kept apart: it has no place here.')


def _carried(procedure: Procedure, apart: dict[str, Field]) -> Found:
    """What is carried to the other cases of a group cannot be one customer's name."""
    for name, action in procedure.actions.items():
        for field in [field for field in (*action.asks, *action.may_ask) if action.spreads and field in apart]:
            yield Problem(f"actions.{name}.spreads", f'"{field}" says who complains: it is carried to no other case.')
