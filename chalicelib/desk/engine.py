"""The engine: what an action does to a case, what the passing of time does, when it is due next.

Everything here is pure: `now` is an argument, people and calendar come with the `Desk`, and the outcome is a
`Decision` of events, messages and the case afterwards. Refusals are raised (`desk/errors.py`).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.desk.alike import watched_as
from chalicelib.desk.caps import too_late
from chalicelib.desk.cast import Cast
from chalicelib.desk.complaint import Complaint, Decision, Event, Mark
from chalicelib.desk.erasing import retained
from chalicelib.desk.errors import BadInput, NotAllowed, NotFound, NotOpen, Problem
from chalicelib.desk.facts import Facts, instant, is_given
from chalicelib.desk.fills import filled
from chalicelib.desk.forms import checked
from chalicelib.desk.library import shelved
from chalicelib.desk.procedure import Action, Channel, Opening, Procedure, Wording
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.runs import Runs
from chalicelib.desk.step import Step
from chalicelib.desk.ties import Other, misnamed, tied, undoable


def open_case(
    desk: Desk, case: Complaint, answers: dict[str, Any], actor: str, now: datetime, *, mute: Collection[str] = ()
) -> Decision:  # fmt: skip
    """Open a case by the procedure's opening action. `case` holds what never changes, at version 0. To whom is in
    `mute` nothing is written, though the procedure says so.

    Acceptance is never refused for what is missing: it is noted as unknown, and a later action asks again.
    """
    action_id = desk.rulebook.opening
    action = desk.procedure.actions[action_id]
    answers = filled(desk, case, action, answers, now)
    if (always := desk.procedure.confidential) and Facts(case, answers).hold(always):
        case = replace(case, confidential=True)
    found, problems = checked(desk.procedure, case, action, answers, desk.organisation, now, lenient=True)
    if problems:
        raise BadInput("The complaint cannot be taken as it is.", problems)
    step = Step(desk, case, now, mute=mute)
    warnings = _act(step, action_id, action, found, actor, now, task="")
    event = step.event(
        at=now, kind="registered", by=actor, action=action_id, answers=found, happened_at=_claimed(action, found)
    )
    return decided(step, [event], warnings)


def decide(
    desk: Desk, case: Complaint, action_id: str, answers: dict[str, Any], actor: str, now: datetime, task: str = "",
    *, group: str = "", origin: str = "", keys: Sequence[str] = (), reach: Sequence[Channel] | None = None,
    other: Other | None = None,
) -> Decision:  # fmt: skip
    """Do an action: first everything due up to `now` happens, then the action.

    `task` is the instance that the action finishes; `group` the group that it joins; `origin` the decision in
    another case (`number@version`) that is carried here; `keys` are those of the customer, and `reach` the ways to
    write to them, where more is known now; `other` is the case that this one is paired with, or no more.

    Raises NotFound (no such action), NotOpen (not at this stage), NotAllowed (not this person), BadInput (all
    problems of the form, and every need of the procedure that is not met).
    """
    action = desk.procedure.actions.get(action_id)
    if action is None or "new" in action.at:
        raise NotFound(f"There is no action {action_id!r}.")
    step = Step(desk, case, now)
    events = ticked(step)
    case = step.case
    if not is_open(desk, case, action):
        raise NotOpen(f"{action_id!r} cannot be done at stage {case.stage!r}.")
    if not _may(Cast(desk, case, now), action_id, actor, task):
        raise NotAllowed(f"{action_id!r} is not yours to do in this case.")
    found, problems = checked(desk.procedure, case, action, answers, desk.organisation, now)
    problems += too_late(desk, case, found, now)
    problems += _task_problems(case, action, task) + _hand_over_problems(desk, case, action, found, now)
    problems += misnamed(case, action, other)
    if action.joins and not group and not other:
        problems.append(Problem("joins", "must be the number of another complaint"))
    if not problems:
        problems = _unmet(case, action, found)
    if problems:
        raise BadInput("The form is not complete.", problems)
    finished = case.finished
    if other:
        case.ties[other.number] = tied(desk.procedure, case, action, other, found, actor, now)
    elif action.joins:
        case.groups[action.joins] = group
    if origin:
        case.carried[action_id] = origin
    case.customer_keys += [key for key in dict.fromkeys(keys) if key not in case.customer_keys]
    case.reach = list(case.reach if reach is None else reach)
    warnings = _act(step, action_id, action, found, actor, now, task)
    _refuse_to_end(step, was_finished=finished)
    about = {"answers": found, "task": task, "happened_at": _claimed(action, found)}
    events.append(step.event(at=now, kind="acted", by=actor, action=action_id, **about))
    return decided(step, events, warnings)


def tick(desk: Desk, case: Complaint, now: datetime) -> Decision | None:
    """Let everything happen that is due up to `now`; None where nothing is."""
    step = Step(desk, case, now)
    events = ticked(step)
    return decided(step, events) if events else None


def rearm(desk: Desk, case: Complaint, now: datetime) -> Decision | None:
    """Compute all due instants anew after the calendar or a setting changed; None where none moved."""
    step = Step(desk, case, now)
    events = ticked(step)
    before = dict(step.case.clocks)
    step.runs.compute(now)
    if step.case.clocks == before and not events:
        return None
    if step.case.clocks != before:
        events.append(step.event(at=now, kind="rearmed"))
    return decided(step, events)


def next_due(desk: Desk, case: Complaint) -> datetime | None:
    """The one instant at which the case must be looked at again: the minimum over its clocks, None where none runs."""
    return _next(Runs(desk, case))


def is_open(desk: Desk, case: Complaint, action: Action) -> bool:
    """Whether an action belongs to the stage the case is at; one that finishes a task needs such a task open."""
    if (action.finishes and not _unfinished(case, action)) or not undoable(case, action):
        return False
    return (
        case.stage in action.at
        or ("open" in action.at and case.stage in desk.rulebook.manned)
        or ("any" in action.at and bool(case.stage))
    )


def open_actions(desk: Desk, case: Complaint, person: str, now: datetime) -> list[str]:
    """The actions this person may do in the case now, in the order of the procedure."""
    cast = Cast(desk, case, now)
    return [
        action_id
        for action_id, action in desk.procedure.actions.items()
        if is_open(desk, case, action) and _may(cast, action_id, person)
    ]


def tasks_to_finish(desk: Desk, case: Complaint, action_id: str, person: str, now: datetime) -> list[str]:
    """The open instances that this person may finish by the action; what a task took says whose it is."""
    action = desk.procedure.actions[action_id]
    return [i for i in _unfinished(case, action) if Cast(desk, case, now, i).may(person, action.by, action_id)]


def _may(cast: Cast, action_id: str, person: str, task: str = "") -> bool:
    desk, case, action = cast.desk, cast.complaint, cast.procedure.actions[action_id]
    if not action.finishes:
        return cast.may(person, action.by, action_id)
    mine = tasks_to_finish(desk, case, action_id, person, cast.at)
    return task in mine if task in _unfinished(case, action) else bool(mine)


def _unfinished(case: Complaint, action: Action) -> list[str]:
    return [i for i, t in case.tasks.items() if t.task == action.finishes and t.finished is None]


def ticked(step: Step) -> list[Event]:
    """Let everything happen that is due up to the step's instant, as one event; none where nothing is."""
    step.advance()
    return [step.event(at=step.now, kind="ticked")] if step.signals else []


def _act(
    step: Step, action_id: str, action: Action, found: dict[str, Any], actor: str, now: datetime, task: str
) -> list[dict[str, str]]:
    """done, set, finished, opened, then the way out, letters, the stage's own moves, and the due instants."""
    case, claimed = step.case, _claimed(action, found)
    old = case.done.get(action_id)
    case.done[action_id] = Mark(
        first_by=old.first_by if old else actor,
        by=actor,
        at=now,
        round=case.round,
        version=case.version + 1,
        times=old.times + 1 if old else 1,
    )
    case.values.update(found)
    facts = Facts(case)
    warnings = [warning.say for warning in action.warns if facts.hold(warning.when)]
    warnings += _ill_worded(step.procedure, found)
    step.emit("done", action_id, now, claimed=claimed)
    for name in found:
        step.emit("set", name, now, claimed=claimed)
    step.put(action.put, now, actor)
    if action.finishes:
        step.finish_task(task, now, actor, claimed)
    if action.hands_to:
        _hand_over(step, action.hands_to, task)
    opened = [
        step.open_task(opening.task, now, _taken(case, opening), actor)
        for opening in action.opens
        if Facts(case).hold(opening.when)
    ]
    # What is sent depends on what was done, which a new round forgets; whom it reaches, on where that leads.
    sends = [send for send in action.sends if Facts(case).hold(send.when)]
    step.take(action.goes, now, actor, claimed)
    for send in sends:
        step.write(send, task=opened[0] if opened else task)
    if not case.stage:
        raise RuntimeError(f"action {action_id}: an opening action must lead to a stage")
    step.settle(now)
    return warnings


def _refuse_to_end(step: Step, *, was_finished: bool) -> None:
    """Raises BadInput where the case would end before a task that holds it is done."""
    if step.case.finished and not was_finished and (holding := step.holding()):
        raise BadInput("The case is not done yet.", [Problem("", words) for words in holding])


def _taken(case: Complaint, opening: Opening) -> dict[str, Any]:
    return {name: case.values[name] for name in opening.takes if is_given(case.values.get(name))}


def _ill_worded(procedure: Procedure, found: dict[str, Any]) -> list[dict[str, str]]:
    """What the procedure says of words that do not belong into what the customer gets to read."""

    def heard(wording: Wording) -> str:
        fields = procedure.fields
        return " ".join(str(v) for n, v in found.items() if n in wording.fields or fields[n].seen_by == "customer")

    return [wording.say for wording in procedure.wording if any(word in heard(wording) for word in wording.never)]


def _hand_over(step: Step, field: str, task: str) -> None:
    takes = step.case.tasks[task].takes if task else {}
    person = str(takes.get(field, step.case.values.get(field, "")))
    if known := step.desk.organisation.staff.get(person):
        department = known.departments[0] if known.departments else step.case.owner.department
        step.case.owner = replace(step.case.owner, person=person, department=department)


def _hand_over_problems(
    desk: Desk, case: Complaint, action: Action, found: dict[str, Any], now: datetime
) -> list[Problem]:
    person = found.get(action.hands_to) if action.hands_to else None
    refused = isinstance(person, str) and not Cast(desk, case, now).able(person)
    return [Problem(action.hands_to or "", "cannot take this case over")] if refused else []


def _claimed(action: Action, found: dict[str, Any]) -> datetime | None:
    return instant(found.get(action.happened_at)) if action.happened_at else None


def _task_problems(case: Complaint, action: Action, task: str) -> list[Problem]:
    if not action.finishes:
        return [Problem("task", "this action finishes no task")] if task else []
    instances = _unfinished(case, action)
    return [] if task in instances else [Problem("task", f"must be one of: {', '.join(instances)}")]


def _unmet(case: Complaint, action: Action, found: dict[str, Any]) -> list[Problem]:
    facts = Facts(case, found)
    return [Problem("", need.say) for need in action.needs if facts.hold(need.when) and not facts.hold(need.that)]


def decided(step: Step, events: list[Event], warnings: list[dict[str, str]] | None = None) -> Decision:
    """What a step came to."""
    return Decision(
        complaint=step.case,
        events=events,
        messages=step.messages,
        due=_next(step.runs),
        warnings=warnings or [],
        watched=_watched(step, events),
        retain=retained(step.desk, step.case, step.now, was_finished=step.was_finished),
        shelved=shelved(step.procedure, step.case, {name for event in events for name in event.changes.values}),
    )


def _watched(step: Step, events: list[Event]) -> list[tuple[str, str]]:
    """The watches whose fields are all answered, one of them just now: each with what the cases must have alike."""
    set_now = {name for event in events for name in event.changes.values}
    if any(event.changes.customer_keys for event in events):
        set_now |= {name for name, entry in step.procedure.fields.items() if entry.tells_who}
    watches = {id: watch for id, watch in step.procedure.watches.items() if not set_now.isdisjoint(watch.same)}
    keys = {id: watched_as(step.procedure, step.case, watch) for id, watch in watches.items()}
    return [(id, key) for id, key in keys.items() if key]


def _next(runs: Runs) -> datetime | None:
    upcoming = runs.next()
    return upcoming[0] if upcoming else None
