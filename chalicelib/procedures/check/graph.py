"""The graph of a procedure's stages: every step an action or an automatic move can take."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct

from chalicelib.desk.conditions import Condition
from chalicelib.desk.procedure import FINISHED, Action, Procedure, Way

NEW = ""
"""Where a case is before the action that opens it."""


class Step(Struct, frozen=True):
    """From a stage to a stage (the same, when the way stays) by an action, or by an automatic move (`action` empty)."""

    source: str
    target: str
    action: str
    way: Way
    where: str
    unless: tuple[Condition, ...] = ()  # the conditions of the ways before it: none of them held


def stages_at(procedure: Procedure, at: Iterable[str]) -> list[str]:
    """The stages that a list of stage ids, `open`, `any` and `new` means."""
    found: list[str] = []
    for place in at:
        if place == "new":
            found.append(NEW)
        elif place == "any":
            found += procedure.stages
        elif place == "open":
            found += [name for name, stage in procedure.stages.items() if stage.in_charge]
        elif place in procedure.stages:
            found.append(place)
    return list(dict.fromkeys(found))


def ways_of(action: Action) -> list[Way]:
    """The ways out of an action; one without any stays where it is."""
    return action.goes or [Way()]


def steps(procedure: Procedure) -> list[Step]:
    """Every step between stages that exist."""
    found: list[Step] = []
    for name, action in procedure.actions.items():
        for source in stages_at(procedure, action.at):
            found += _steps(source, name, ways_of(action), f"actions.{name}.goes")
    for name, stage in procedure.stages.items():
        found += _steps(name, "", stage.moves, f"stages.{name}.moves")
    return [step for step in found if step.target in procedure.stages]


def _steps(source: str, action: str, ways: list[Way], where: str) -> Iterator[Step]:
    unless: tuple[Condition, ...] = ()
    for index, way in enumerate(ways):
        yield Step(source, way.to or source, action, way, f"{where}[{index}]", unless)
        if way.when is None:
            return
        unless = (*unless, way.when)


def reached(start: str, every: Iterable[Step], *, without: Callable[[Step], bool] = lambda _: False) -> set[str]:
    """The stages that can be reached from a stage, itself among them, without taking certain steps."""
    onward: dict[str, set[str]] = {}
    for step in every:
        if not without(step):
            onward.setdefault(step.source, set()).add(step.target)
    seen, ahead = {start}, [start]
    while ahead:
        found = onward.get(ahead.pop(), set()) - seen
        seen |= found
        ahead += found
    return seen


def done_at(procedure: Procedure, stage: str) -> dict[str, Action]:
    """The actions that can be done at a stage."""
    return {name: action for name, action in procedure.actions.items() if stage in stages_at(procedure, action.at)}


def is_finished(procedure: Procedure, stage: str, *, withdrawn: bool = True) -> bool:
    """Whether a case at this stage is finished; a withdrawn one counts only when asked for."""
    status = procedure.stages[stage].status if stage in procedure.stages else ""
    return status in FINISHED and (withdrawn or status != "withdrawn")


def quoted(names: Iterable[Any]) -> str:
    """Names in quotes, with commas."""
    return ", ".join(f'"{name}"' for name in names)
