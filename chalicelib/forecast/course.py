"""Which way a case goes forward: which actions lead on from a stage, and how much each stage is wanted."""

from collections import deque
from collections.abc import Iterator

from chalicelib.desk.conditions import All, AnyOf, Condition, Test
from chalicelib.desk.procedure import Action, Procedure, Way

FAR = 10_000
"""Further than any stage is from another."""


class Course:
    """A way through the stages. `worth` of a stage: the higher, the further on.

    Without `toward` the file's own order of stages is the way, as its author wrote them down, and nothing by which
    the customer withdraws is part of it. With it, everything leads to that one stage, the shortest way first.
    """

    def __init__(self, procedure: Procedure, toward: str = "") -> None:
        self.procedure = procedure
        self.toward = toward
        self.worth = _nearness(procedure, toward) if toward else _order(procedure)
        self._leading = {stage: self._leads_from(stage) for stage in procedure.stages}
        self._asides = {stage: self._beside(stage) for stage in procedure.stages}

    def leading(self, stage: str) -> list[str]:
        """The actions that may lead on from a stage, the likeliest first; where none does, those that lead back."""
        return self._leading[stage]

    def asides(self, stage: str) -> dict[str, bool]:
        """What may be done at a stage and leads on from nowhere, and whether it is plain: the case stays as it is."""
        return self._asides[stage]

    def onward(self, stage: str, to: str | None) -> bool:
        """Whether it is a step forward to come from the one stage to the other."""
        if to is None or to == stage:
            return False
        stages = self.procedure.stages
        if not self.toward and stages[stage].status == "pending" and stages[to].status != "pending":
            return self.worth[to] >= 0  # what was put off goes on, wherever that is
        return self.worth[to] > self.worth[stage]

    def waits_to_move(self, stage: str) -> bool:
        """Whether the stage's own moves lead on, once what they wait for is done."""
        return any(self.onward(stage, way.to) for way in self.procedure.stages[stage].moves)

    def _leads_from(self, stage: str) -> list[str]:
        forward, back = [], []
        for action_id, action in self.procedure.actions.items():
            targets = [way.to for way in ways_at(action, stage) if way.to not in (None, stage)]
            ends = not self.toward and any(self.worth[to] < 0 for to in targets if to)
            if not at_stage(self.procedure, action, stage) or not targets or ends:
                continue
            if any(self.onward(stage, to) for to in targets):
                forward.append(action_id)
            else:
                back.append(action_id)
        if self.toward:  # the nearest first
            forward.sort(key=lambda a: -max(self.worth[to] for w in self.procedure.actions[a].goes if (to := w.to)))
        return forward or ([] if self.waits_to_move(stage) else back)

    def _beside(self, stage: str) -> dict[str, bool]:
        return {
            name: not action.goes and not any(self.procedure.tasks[o.task].lapses for o in action.opens)
            for name, action in self.procedure.actions.items()
            if at_stage(self.procedure, action, stage) and name not in self._leading[stage]
            and not (action.finishes or action.joins or action.leaves or action.hands_to)
        }  # fmt: skip


def at_stage(procedure: Procedure, action: Action, stage: str) -> bool:
    """Whether an action may be open at a stage."""
    manned = procedure.stages[stage].in_charge is not None
    return stage in action.at or "any" in action.at or ("open" in action.at and manned)


def ways_at(action: Action, stage: str) -> Iterator[Way]:
    """The ways out of an action that can be taken at a stage."""
    return (way for way in action.goes if may_hold(way.when, stage))


def may_hold(condition: Condition | None, stage: str) -> bool:
    """Whether a condition can hold at a stage, whatever else is so."""
    match condition:
        case Test(subject="stage"):
            return stage in condition.values
        case All():
            return all(may_hold(part, stage) for part in condition.of)
        case AnyOf():
            return any(may_hold(part, stage) for part in condition.of)
        case _:
            return True


def _order(procedure: Procedure) -> dict[str, int]:
    return {
        stage: -1 if entry.status == "withdrawn" else index
        for index, (stage, entry) in enumerate(procedure.stages.items())
    }


def _nearness(procedure: Procedure, toward: str) -> dict[str, int]:
    """For each stage how near it is to the wanted one: minus the number of steps there."""
    before: dict[str, set[str]] = {stage: set() for stage in procedure.stages}
    for stage, entry in procedure.stages.items():
        ways = [*entry.moves, *(w for a in procedure.actions.values() if at_stage(procedure, a, stage)
                                for w in ways_at(a, stage))]  # fmt: skip
        for way in ways:
            if way.to:
                before[way.to].add(stage)
    worth, left = {toward: 0}, deque([toward])
    while left:
        here = left.popleft()
        for stage in before[here] - worth.keys():
            worth[stage] = worth[here] - 1
            left.append(stage)
    return {stage: worth.get(stage, -FAR) for stage in procedure.stages}
