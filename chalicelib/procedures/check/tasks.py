"""Tasks: each is opened and ends, none opens itself, none is lost with the case, many at a time do not mix."""

from collections.abc import Iterator

from chalicelib.desk.conditions import tests_in
from chalicelib.desk.procedure import Action, Procedure, Role
from chalicelib.procedures.check.graph import quoted, stages_at
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:  # noqa: ARG001 # every proof is called alike
    """Prove that tasks begin, end and keep apart."""
    return [*_begin_and_end(procedure), *_circles(procedure), *_are_seen_to(procedure), *_can_be_let_go(procedure),
            *_keep_apart(procedure)]  # fmt: skip


def _begin_and_end(procedure: Procedure) -> Iterator[Problem]:
    for name, task in procedure.tasks.items():
        opened = any(opening.task == name for action in procedure.actions.values() for opening in action.opens)
        opened |= bool(task.opened_by) or any(watch.opens == name for watch in procedure.watches.values())
        finished = any(action.finishes == name for action in procedure.actions.values())
        if not opened:
            yield Problem(f"tasks.{name}", f'No action opens the task "{name}", no signal and no watch.')
        if not finished and not task.lapses:
            yield Problem(f"tasks.{name}", f'No action finishes the task "{name}".')
        if task.lapses and not any(clock.each == name for clock in procedure.clocks.values()):
            yield Problem(f"tasks.{name}.lapses", f'The task "{name}" can\'t lapse: no clock runs for each of it.')


def _circles(procedure: Procedure) -> Iterator[Problem]:
    """No task is opened by what it sets off itself: its opening, or the lateness of its own clock."""
    for name in procedure.tasks:
        seen, ahead = [name], [name]
        while ahead:
            causes = [cause for cause in _causes(procedure, ahead.pop()) if cause not in seen or cause == name]
            if name in causes:
                yield Problem(f"tasks.{name}.opened_by", f'The task "{name}" opens itself again: it would never end.')
                break
            seen += causes
            ahead += causes


def _causes(procedure: Procedure, task: str) -> list[str]:
    """The tasks whose opening or lateness opens this one."""
    found = []
    for signal in procedure.tasks[task].opened_by:
        if signal.kind == "opened":
            found.append(signal.name)
        elif signal.kind == "late" and (each := procedure.clocks[signal.name].each):
            found.append(each)
    return found


def _are_seen_to(procedure: Procedure) -> Iterator[Problem]:
    """What opens by itself has a clock, and the case does not end before somebody saw to it."""
    put = {watch.opens: f"watches.{name}.opens" for name, watch in procedure.watches.items() if watch.opens}
    put |= {name: f"tasks.{name}.opened_by" for name, task in procedure.tasks.items() if task.opened_by}
    for name, where in put.items():
        if not any(clock.each == name for clock in procedure.clocks.values()):
            yield Problem(where, f'Nobody asks after the task "{name}": no clock runs for each of it.')
        task = procedure.tasks[name]
        if not (task.stays or task.holds) and not _is_waited_for(procedure, name):
            yield Problem(
                where,
                f'The task "{name}" would end with the case: let it stay (`stays`), or the case wait (`not_open`).',
            )
    for name, task in procedure.tasks.items():
        finishing = [action for action in procedure.actions.values() if action.finishes == name]
        ended = [stage for stage, spec in procedure.stages.items() if spec.in_charge is None]
        doable = {stage for action in finishing for stage in stages_at(procedure, action.at) if _by_name(action)}
        if task.stays and not set(ended) <= doable:
            left = quoted(stage for stage in ended if stage not in doable)
            yield Problem(f"tasks.{name}.stays", f"It outlives the case, but nobody can finish it at {left}.")


def _can_be_let_go(procedure: Procedure) -> Iterator[Problem]:
    """What holds the case can be finished wherever the case is open, or it would never end."""
    manned = {stage for stage, spec in procedure.stages.items() if spec.in_charge}
    for name, task in procedure.tasks.items():
        finishing = [action for action in procedure.actions.values() if action.finishes == name]
        doable = {stage for action in finishing for stage in stages_at(procedure, action.at)}
        if task.holds and not manned <= doable:
            left = quoted(stage for stage in procedure.stages if stage in manned - doable)
            yield Problem(f"tasks.{name}.holds", f"It holds the case, but nobody can finish it at {left}.")


def _is_waited_for(procedure: Procedure, task: str) -> bool:
    """Whether a way on waits until no such task is open."""
    waits = [way.when for stage in procedure.stages.values() for way in stage.moves]
    waits += [way.when for action in procedure.actions.values() for way in action.goes]
    waits += [need.that for action in procedure.actions.values() for need in action.needs]
    return any(test.subject == "not_open" and task in test.values for when in waits for test in tests_in(when))


def _by_name(action: Action) -> bool:
    """Whether somebody may do it also when nobody is in charge."""
    return bool(set(action.by) - {"in_charge", "owner"})


def _keep_apart(procedure: Procedure) -> Iterator[Problem]:
    """What is asked as a task is opened and says when it is due or whose it is, the task takes."""
    for name, action in procedure.actions.items():
        for index, opening in enumerate(action.opens):
            own = {*_due_by(procedure, opening.task), *_named_by(procedure, opening.task)}
            asked = [field for field in (*action.asks, *action.may_ask) if field in own]
            for field in dict.fromkeys(asked):
                if field not in opening.takes:
                    yield Problem(
                        f"actions.{name}.opens[{index}].takes",
                        f'The task "{opening.task}" must take "{field}", or the next one opened would change this one.',
                    )


def _due_by(procedure: Procedure, task: str) -> Iterator[str]:
    """The fields that say when such a task is due."""
    for clock in procedure.clocks.values():
        if clock.each == task:
            yield from (choice.limit.name for choice in clock.limits if choice.limit.kind == "until")


def _named_by(procedure: Procedure, task: str) -> Iterator[str]:
    """The fields that say whose such a task is."""
    for role_id in procedure.tasks[task].for_:
        role = procedure.roles.get(role_id, Role())
        yield from (field for field in (role.staff_of, role.head_of, role.named_in) if field)
