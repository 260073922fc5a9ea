"""Fields and gates: what steers the case is known, what is defined is used, what is waited for can come."""

from collections.abc import Iterator

from chalicelib.desk.conditions import All, AnyOf, Condition, Test, tests_in
from chalicelib.desk.procedure import Action, Procedure
from chalicelib.procedures.check.graph import reached, stages_at, steps
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:  # noqa: ARG001 # every proof is called alike
    """Prove that answers steer and gates open."""
    return [*_steering(procedure), *_asked(procedure), *_gates(procedure)]


def _steering(procedure: Procedure) -> Iterator[Problem]:
    """A field read where the case chooses its way can't be answered "unknown", unless a condition reads just that."""
    for where, conditions in _choices(procedure):
        tests = [test for _, condition in conditions for test in tests_in(condition)]
        minded = {test.name for test in tests if test.op == "unknown"}
        for index, condition in conditions:
            for name in dict.fromkeys(test.name for test in tests_in(condition) if test.subject == "field"):
                entry = procedure.fields[name]
                asked = any(name in (*action.asks, *action.may_ask) for action in procedure.actions.values())
                if asked and not entry.never_unknown and name not in minded:
                    yield Problem(
                        f"{where}[{index}].when",
                        f'The field "{name}" steers the case here, so it must be `never_unknown`.',
                    )


def _choices(procedure: Procedure) -> Iterator[tuple[str, list[tuple[int, Condition | None]]]]:
    for name, action in procedure.actions.items():
        yield f"actions.{name}.goes", [(index, way.when) for index, way in enumerate(action.goes)]
        yield f"actions.{name}.opens", [(index, opening.when) for index, opening in enumerate(action.opens)]
    for name, stage in procedure.stages.items():
        yield f"stages.{name}.moves", [(index, way.when) for index, way in enumerate(stage.moves)]


def _asked(procedure: Procedure) -> Iterator[Problem]:
    asked: set[str] = set()
    for action in procedure.actions.values():
        asked |= set(action.asks) | set(action.may_ask) | set(action.put)
        asked |= {name for way in action.goes for name in way.put}
    asked |= {name for stage in procedure.stages.values() for way in stage.moves for name in way.put}
    for name in procedure.fields:
        if name not in asked:
            yield Problem(f"fields.{name}", f'No action asks for the field "{name}", and nothing puts an answer there.')
    opening = [action for action in procedure.actions.values() if "new" in action.at]
    posted = {name for action in opening for name in (*action.asks, *action.may_ask)}
    for name, entry in procedure.fields.items():
        if entry.intake and not entry.apart and name not in posted:
            yield Problem(f"fields.{name}.intake", f'The action that opens a case does not ask for "{name}".')


def _gates(procedure: Procedure) -> Iterator[Problem]:
    """What an action needs can have been done, asked or finished by the time the case is where the action is."""
    every = steps(procedure)
    behind: dict[str, set[str]] = {}
    for stage in procedure.stages:
        behind[stage] = {source for source in procedure.stages if stage in reached(source, every)}
    for name, action in procedure.actions.items():
        for index, need in enumerate(action.needs):
            for stage in stages_at(procedure, action.at):
                before = behind.get(stage, set()) | {""}
                if not _can_hold(procedure, need.that, action, before):
                    yield Problem(
                        f"actions.{name}.needs[{index}].that",
                        f'At the stage "{stage}" this can never hold: nobody may do there or before what it waits for.',
                    )
                    break


def _can_hold(procedure: Procedure, condition: Condition, action: Action, before: set[str]) -> bool:
    if isinstance(condition, All):
        return all(_can_hold(procedure, part, action, before) for part in condition.of)
    if isinstance(condition, AnyOf):
        return any(_can_hold(procedure, part, action, before) for part in condition.of)
    return _test_can_hold(procedure, condition, action, before)


def _test_can_hold(procedure: Procedure, test: Test, action: Action, before: set[str]) -> bool:
    def possible(other: Action) -> bool:
        return bool(other.by) and bool(before & set(stages_at(procedure, other.at)))

    match test.subject:
        case "done" | "ever_done":
            return all(possible(procedure.actions[name]) for name in test.values)
        case "field" if test.op != "missing":
            if test.name in (*action.asks, *action.may_ask):
                return True
            return any(
                possible(other)
                for other in procedure.actions.values()
                if test.name in (*other.asks, *other.may_ask, *other.put, *(f for way in other.goes for f in way.put))
            )
        case "open":
            return any(
                possible(other)
                for other in procedure.actions.values()
                if set(test.values) & {opening.task for opening in other.opens}
            )
        case "not_open":
            return all(
                possible(other) or procedure.tasks[name].lapses
                for name in test.values
                for other in [next((a for a in procedure.actions.values() if a.finishes == name), action)]
            )
        case _:
            return True
