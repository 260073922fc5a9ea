"""A procedure without one of its elements, to see whether the tests of its rules notice."""

import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from chalicelib.desk.procedure import Procedure, Role

NOBODY = "action_that_nobody_ever_does"
"""`did` of a role that is nobody."""

STEP = re.compile(r"^(?P<part>\w+)(?:\.(?P<name>\w+)(?:\.(?P<inner>\w+))?|)(?:\[(?P<index>\d+)\])?$")


def without(procedure: Procedure, element: str, rule: str) -> Procedure | None:
    """The procedure with the element at this path (`clocks.transfer`, `actions.x.needs[0]`) taken away.

    An element that others name stays under its name and does nothing any more: a clock never starts, an action is
    nobody's (the one that opens the case asks nothing), a stage lies with nobody and an end ends nothing, a role is
    nobody, a field is asked by no action. None for what does nothing by itself: a setting, a promise (`check` proves
    it), what is so everywhere (`platform`).
    """
    path = STEP.match(element)
    if path is None or path["part"] not in ("actions", "bars", "wording", *TAKEN, *DROPPED):
        return None
    part, name, inner, index = path["part"], path["name"], path["inner"], path["index"]
    if index is not None and name is None:
        return replace(procedure, **{part: _but(getattr(procedure, part), int(index))})
    held: dict[str, Any] = getattr(procedure, part)
    if inner:
        return replace(
            procedure,
            **{part: {**held, name: replace(held[name], **{inner: _but(getattr(held[name], inner), int(index))})}},
        )
    if part == "guides" and rule in held[name].lines:
        lines = {id: words for id, words in held[name].lines.items() if id != rule}
        return replace(procedure, guides={**held, name: replace(held[name], lines=lines)})
    if part in DROPPED:
        return replace(procedure, **{part: {id: other for id, other in held.items() if id != name}})
    return TAKEN[part](procedure, name)


def optional(procedure: Procedure, element: str) -> Procedure | None:
    """The procedure where this field is offered and no longer required.

    None where no action requires it, and where its `when` does: such a field is required wherever it is offered.
    """
    part, _, name = element.partition(".")
    if part != "fields" or not any(name in action.asks for action in procedure.actions.values()):
        return None
    if procedure.fields[name].when:
        return None
    loose = {
        id: replace(action, asks=[f for f in action.asks if f != name], may_ask=[*action.may_ask, name])
        if name in action.asks
        else action
        for id, action in procedure.actions.items()
    }
    field = replace(procedure.fields[name], never_unknown=False)
    return replace(procedure, actions=loose, fields={**procedure.fields, name: field})


def _but(items: list[Any], index: int) -> list[Any]:
    return [item for place, item in enumerate(items) if place != index]


def _unasked(procedure: Procedure, name: str) -> Procedure:
    def but(put: dict[str, Any]) -> dict[str, Any]:
        return {field: value for field, value in put.items() if field != name}

    actions = {
        id: replace(
            action,
            asks=[field for field in action.asks if field != name],
            may_ask=[field for field in action.may_ask if field != name],
            put=but(action.put),
            goes=[replace(way, put=but(way.put)) for way in action.goes],
        )
        for id, action in procedure.actions.items()
    }
    return replace(procedure, actions=actions)


def _nobodys(procedure: Procedure, name: str) -> Procedure:
    action = procedure.actions[name]
    spoilt = replace(action, asks=[], may_ask=[]) if action.at == ["new"] else replace(action, by=[])
    return replace(procedure, actions={**procedure.actions, name: spoilt})


def _left_alone(procedure: Procedure, name: str) -> Procedure:
    stage = procedure.stages[name]
    spoilt = replace(stage, in_charge=None, also=[], moves=[]) if stage.in_charge else replace(stage, status="handling")
    return replace(procedure, stages={**procedure.stages, name: spoilt})


def _empty(procedure: Procedure, name: str) -> Procedure:
    title = procedure.roles[name].title
    return replace(procedure, roles={**procedure.roles, name: Role(title=title, did=[NOBODY])})


def _stopped(procedure: Procedure, name: str) -> Procedure:
    clock = replace(procedure.clocks[name], starts=[], stops=[], each=None, ladder=[])
    return replace(procedure, clocks={**procedure.clocks, name: clock})


def _never_opened(procedure: Procedure, name: str) -> Procedure:
    actions = {
        id: replace(action, opens=[opening for opening in action.opens if opening.task != name])
        for id, action in procedure.actions.items()
    }
    watches = {
        id: replace(watch, opens="") if watch.opens == name else watch for id, watch in procedure.watches.items()
    }
    tasks = {**procedure.tasks, name: replace(procedure.tasks[name], opened_by=[])}
    return replace(procedure, actions=actions, watches=watches, tasks=tasks)


TAKEN: dict[str, Callable[[Procedure, str], Procedure]] = {
    "fields": _unasked, "actions": _nobodys, "stages": _left_alone, "roles": _empty, "clocks": _stopped,
    "tasks": _never_opened,
}  # fmt: skip
DROPPED = ("channels", "duties", "guides", "registers", "forms", "reports", "links", "watches")
