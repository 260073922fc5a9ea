"""Stages: each can be reached, each leads to an end, nothing runs in circles, and actions say where they go."""

from chalicelib.desk.procedure import Action, Procedure, Stage
from chalicelib.procedures.check.graph import NEW, Step, done_at, is_finished, quoted, reached, stages_at, steps
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:  # noqa: ARG001 # every proof is called alike
    """Prove the graph of stages whole."""
    every = steps(procedure)
    return [
        *_opening(procedure),
        *_reachable(procedure, every),
        *_in_charge(procedure),
        *_ends(procedure, every),
        *_circles(procedure),
        *_last_ways(procedure),
    ]


def _opening(procedure: Procedure) -> list[Problem]:
    problems = []
    opening = {name: action for name, action in procedure.actions.items() if "new" in action.at}
    if not opening:
        problems.append(Problem("actions", "No action opens a case; one must have `at: [new]`."))
    for name, action in opening.items():
        where = f"actions.{name}"
        if action.at != ["new"]:
            problems.append(Problem(f"{where}.at", "An action that opens a case can't be done elsewhere too."))
        if not action.goes or any(way.to is None for way in action.goes):
            problems.append(Problem(f"{where}.goes", "An action that opens a case must say to which stage it goes."))
        if action.needs:
            problems.append(Problem(f"{where}.needs", "The action that opens a case never refuses: no needs here."))
    return problems


def _reachable(procedure: Procedure, every: list[Step]) -> list[Problem]:
    found = reached(NEW, every)
    return [
        Problem(f"stages.{name}", f'No way leads to the stage "{name}" from a new case.')
        for name in procedure.stages
        if name not in found
    ]


def _in_charge(procedure: Procedure) -> list[Problem]:
    problems = []
    for name, stage in procedure.stages.items():
        where = f"stages.{name}.in_charge"
        if stage.in_charge is None:
            if not is_finished(procedure, name):
                problems.append(Problem(where, f'Nobody is in charge of the stage "{name}", and it is not finished.'))
            continue
        if not any(_is_their_work(procedure, action, name, stage) for action in done_at(procedure, name).values()):
            problems.append(Problem(where, f'"{stage.in_charge}" is in charge of "{name}" but has no action there.'))
    return problems


def _is_their_work(procedure: Procedure, action: Action, name: str, stage: Stage) -> bool:
    """Whether an action is work that whoever is in charge has at this stage.

    An action for every stage (a note, a visit) counts only where it moves the case on, or where the stage moves on
    by itself once such work is done; withdrawing is the customer's, not theirs.
    """
    everyone = {role for role, spec in procedure.roles.items() if spec.everyone}
    if not ({stage.in_charge, "in_charge"} | everyone) & set(action.by):
        return False
    leads_on = any(way.to and not is_withdrawn(procedure, way.to) for way in action.goes)
    return leads_on or name in action.at or (bool(stage.moves) and stage.in_charge in action.by)


def is_withdrawn(procedure: Procedure, stage: str) -> bool:
    """Whether the case has been withdrawn at this stage, which ends any procedure."""
    return stage in procedure.stages and procedure.stages[stage].status == "withdrawn"


def _ends(procedure: Procedure, every: list[Step]) -> list[Problem]:
    """Withdrawal, open to every case, is no end that a procedure may count on."""
    problems = []
    for name in procedure.stages:
        if is_withdrawn(procedure, name):
            continue
        ahead = reached(name, every)
        if not any(
            is_finished(procedure, stage, withdrawn=False) and procedure.stages[stage].in_charge is None
            for stage in ahead
        ):
            problems.append(Problem(f"stages.{name}", f'No way leads from the stage "{name}" to an end.'))
    return problems


def _circles(procedure: Procedure) -> list[Problem]:
    moves = [step for step in steps(procedure) if not step.action]
    problems = []
    for step in moves:
        if step.source in reached(step.target, moves):
            circle = quoted([step.source, step.target])
            problems.append(Problem(step.where, f"Automatic moves run in a circle through {circle}."))
    return problems


def _last_ways(procedure: Procedure) -> list[Problem]:
    problems = []
    for name, action in procedure.actions.items():
        if action.goes and action.goes[-1].when is not None:
            where = f"actions.{name}.goes[{len(action.goes) - 1}]"
            problems.append(Problem(where, "The last way must be unconditional, or the action may lead nowhere."))
        hidden = [index for index, way in enumerate(action.goes[:-1]) if way.when is None]
        if hidden:
            where = f"actions.{name}.goes[{hidden[0] + 1}]"
            problems.append(Problem(where, "This way is never taken: the one before it has no condition."))
        if not stages_at(procedure, action.at):
            problems.append(Problem(f"actions.{name}.at", f'The action "{name}" can be done nowhere.'))
    for name, clock in procedure.clocks.items():
        if clock.limits and clock.limits[-1].when is not None:
            where = f"clocks.{name}.limit[{len(clock.limits) - 1}]"
            problems.append(Problem(where, "The last limit must be unconditional, or the clock may have none."))
    return problems
