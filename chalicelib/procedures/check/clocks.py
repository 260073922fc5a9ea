"""Clocks: each can start and is stopped, every stage in somebody's charge has one, no ladder ends at the owner."""

from collections import defaultdict

from chalicelib.desk.procedure import ALL_OF, Clock, Procedure
from chalicelib.procedures.check.graph import is_finished, quoted
from chalicelib.procedures.check.walk import TooManyStates, Walk
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem
from chalicelib.procedures.settings import setting_named


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:
    """Walk the procedure for each clock, then for each stage, and look at the ladders."""
    problems: list[Problem] = []
    runs_in: dict[str, set[str]] = {}
    for name, clock in procedure.clocks.items():
        if clock.each:
            continue
        try:
            walk = Walk(procedure, [name])
        except TooManyStates:
            problems.append(
                Problem(f"clocks.{name}", "The conditions that start and stop it are too entangled to prove.")
            )
            continue
        runs_in[name] = {state.stage for state in walk.settled if name in state.running}
        problems += _starts_and_stops(procedure, name, walk)
    problems += _every_stage(procedure, runs_in)
    for name, clock in procedure.clocks.items():
        problems += _ladder(procedure, compiled, name, clock, runs_in.get(name, set()))
    return problems


def _starts_and_stops(procedure: Procedure, name: str, walk: Walk) -> list[Problem]:
    clock, where = procedure.clocks[name], f"clocks.{name}"
    if not any(name in state.running for state in walk.came):
        return [Problem(f"{where}.starts", f'Nothing that can happen starts the clock "{name}".')]
    if not clock.stops:
        return [Problem(f"{where}.stops", f'Nothing stops the clock "{name}".')]
    started = {signal.name for signal in clock.starts if signal.kind == "entered"}
    for before, state in walk.entered:
        if (
            name in state.running
            and is_finished(procedure, state.stage, withdrawn=False)  # withdrawal ends everything
            and not is_finished(procedure, before)
            and state.stage not in started
        ):
            how = f'"{state.stage}" after {walk.way_to(state)}'
            return [Problem(f"{where}.stops", f'The clock "{name}" still runs when the case comes to {how}.')]
    return []


def _every_stage(procedure: Procedure, runs_in: dict[str, set[str]]) -> list[Problem]:
    """In every stage in somebody's charge some clock runs, whichever way the case came there and whatever is done."""
    problems = []
    for stage, spec in procedure.stages.items():
        if spec.in_charge is None or _has_its_own(procedure, stage):
            continue
        where = f"stages.{stage}"
        candidates = [name for name, stages in runs_in.items() if stage in stages]
        if not candidates:
            problems.append(Problem(where, f'No clock runs in the stage "{stage}"; one with an empty limit counts.'))
            continue
        try:
            walk = Walk(procedure, candidates)
        except TooManyStates:
            problems.append(
                Problem(where, f"The clocks {quoted(candidates)} are too entangled to prove that one runs.")
            )
            continue
        without = next((s for s in walk.settled if s.stage == stage and not s.running & set(candidates)), None)
        if without is not None:
            problems.append(
                Problem(
                    where, f'No clock runs in the stage "{stage}" after {walk.way_to(without)}; an empty limit counts.'
                )
            )
    return problems


def _has_its_own(procedure: Procedure, stage: str) -> bool:
    """The plain case, which needs no walk: a clock that starts on entering and stops only on leaving."""
    return any(
        clock.only_when is None
        and any(s.kind == "entered" and s.name == stage and s.when is None for s in clock.starts)
        and all(s.kind in ("left", "entered") and (s.kind == "left") == (s.name == stage) for s in clock.stops)
        for clock in procedure.clocks.values()
    )


def _ladder(procedure: Procedure, compiled: Compiled, name: str, clock: Clock, runs_in: set[str]) -> list[Problem]:
    where = f"clocks.{name}.ladder"
    if not clock.ladder:
        if clock.day_off == "still_told":
            return [Problem(f"clocks.{name}.day_off", "There is no ladder, so nobody is told, on a day off or else.")]
        written = compiled.tree["clocks"][name].get("limit")
        limited = setting_named(written) or any(choice.limit.kind != "none" for choice in clock.limits)
        return [Problem(where, f'Nobody is told when the clock "{name}" is late.')] if limited else []
    last = max(clock.ladder, key=lambda rung: rung.minutes)
    if last.minutes < 0:
        return [Problem(where, "The ladder only warns; it must tell somebody once the time is over (`at: due`).")]
    everyone_told = {person.removeprefix(ALL_OF) for rung in clock.ladder if rung.minutes >= 0 for person in rung.tell}
    for owners, place in _owners(procedure, clock, runs_in):
        beyond = everyone_told - {"in_charge", "owner"} - owners
        if beyond == {"superior"} and not any(_superior(procedure, role) for role in owners):
            return [Problem(where, f"The ladder ends with the superior of {quoted(sorted(owners))}, who has none.")]
        if not beyond:
            return [Problem(where, f"The ladder ends at the owner{place}; it must reach somebody else.")]
    return []


def _owners(procedure: Procedure, clock: Clock, runs_in: set[str]) -> list[tuple[set[str], str]]:
    """Whose duty the clock measures, with the place in words: a task's people, or whoever is in charge of a stage."""
    if clock.each:
        return [(set(procedure.tasks[clock.each].for_), "")]
    by_role: dict[str, str] = defaultdict(str)
    for stage in sorted(runs_in):
        role = procedure.stages[stage].in_charge if stage in procedure.stages else None
        if role:
            by_role.setdefault(role, stage)
    return [({role}, f' in the stage "{stage}"') for role, stage in by_role.items()]


def _superior(procedure: Procedure, role: str) -> str | None:
    return procedure.roles[role].superior if role in procedure.roles else None
