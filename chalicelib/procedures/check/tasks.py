"""Tasks: each is opened and ends, and what is its own is copied into it, so that many at a time do not mix."""

from collections.abc import Iterator

from chalicelib.desk.procedure import Procedure, Role
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:  # noqa: ARG001 # every proof is called alike
    """Prove that tasks begin, end and keep apart."""
    return [*_begin_and_end(procedure), *_keep_apart(procedure)]


def _begin_and_end(procedure: Procedure) -> Iterator[Problem]:
    for name, task in procedure.tasks.items():
        opened = any(opening.task == name for action in procedure.actions.values() for opening in action.opens)
        finished = any(action.finishes == name for action in procedure.actions.values())
        if not opened:
            yield Problem(f"tasks.{name}", f'No action opens the task "{name}".')
        if not finished and not task.lapses:
            yield Problem(f"tasks.{name}", f'No action finishes the task "{name}".')
        if task.lapses and not any(clock.each == name for clock in procedure.clocks.values()):
            yield Problem(f"tasks.{name}.lapses", f'The task "{name}" can\'t lapse: no clock runs for each of it.')


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
