"""Promises: what the source forbids or makes a precondition holds on every way through the stages."""

from collections.abc import Iterator

from chalicelib.desk.conditions import All, AnyOf, Condition, Test
from chalicelib.desk.procedure import Procedure, Promise
from chalicelib.procedures.check.graph import NEW, Step, is_finished, quoted, reached, stages_at, steps
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:  # noqa: ARG001 # every proof is called alike
    """Prove each promise by taking something away and searching again."""
    every = steps(procedure)
    kinds = {"no_way": _no_way, "only_by": _only_by, "passes_through": _passes_through, "no_action": _no_action}
    return [
        Problem(f"promises[{index}]", broken)
        for index, promise in enumerate(procedure.promises)
        for broken in kinds[promise.kind](procedure, promise, every)
    ]


def _no_way(procedure: Procedure, promise: Promise, every: list[Step]) -> Iterator[str]:  # noqa: ARG001 # called alike
    if promise.to in reached(promise.from_, every) - {promise.from_}:
        yield f'There must be no way from "{promise.from_}" to "{promise.to}", but there is one.'


def _only_by(procedure: Procedure, promise: Promise, every: list[Step]) -> Iterator[str]:  # noqa: ARG001 # called alike
    action = procedure.actions[promise.action]
    able: set[str] = set()
    for role in action.by:
        if role in ("in_charge", "owner"):
            stages = [procedure.stages[stage] for stage in stages_at(procedure, action.at) if stage != NEW]
            able |= {name for stage in stages for name in (stage.in_charge, *stage.also) if name}
        else:
            able.add((procedure.tracked_by or role) if role == "tracked_by" else role)
    others = able - set(promise.roles)
    if others:
        yield f'Only {quoted(promise.roles)} may do "{promise.action}", but {quoted(sorted(others))} may too.'


def _passes_through(procedure: Procedure, promise: Promise, every: list[Step]) -> Iterator[str]:
    avoided = promise.through

    def cut(step: Step) -> bool:
        if avoided in procedure.stages:
            return avoided in (step.source, step.target)
        action = procedure.actions.get(step.action)
        waits = [need.that for need in action.needs if need.when is None] if action else []
        waits += [step.way.when] if step.way.when else []
        return step.action == avoided or any(_waits_for(condition, avoided) for condition in waits)

    found = reached(NEW, every, without=cut)
    if promise.to in procedure.stages:
        gets_there = promise.to in found
    else:
        there = procedure.actions[promise.to]
        waits = any(_waits_for(need.that, avoided) for need in there.needs if need.when is None)
        gets_there = not waits and bool(found & set(stages_at(procedure, there.at)))
    if gets_there:
        yield f'A case can come to "{promise.to}" without passing through "{avoided}".'


def _waits_for(condition: Condition, action: str) -> bool:
    """Whether the condition can't hold before this action was done."""
    if isinstance(condition, Test):
        return condition.subject in ("done", "ever_done") and action in condition.values
    if isinstance(condition, All):
        return any(_waits_for(part, action) for part in condition.of)
    return isinstance(condition, AnyOf) and all(_waits_for(part, action) for part in condition.of)


def _no_action(procedure: Procedure, promise: Promise, every: list[Step]) -> Iterator[str]:
    """`close` is any step to a finished stage but withdrawal, which is the customer's own."""
    places = stages_at(procedure, [promise.from_]) if promise.from_ else [NEW, *procedure.stages]
    for step in every:
        if step.source not in places:
            continue
        closes = promise.action == "close" and is_finished(procedure, step.target, withdrawn=False)
        if closes or step.action == promise.action:
            by = f'"{step.action}"' if step.action else "an automatic move"
            yield f'At "{step.source}" there must be no "{promise.action}", but {by} does it.'
