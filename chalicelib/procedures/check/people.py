"""People: who a role is is known by the time it is in charge, and superiors do not run in circles."""

from collections.abc import Iterator

from chalicelib.desk.procedure import Action, Procedure, Role
from chalicelib.procedures.check.graph import NEW, Step, reached, steps
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:  # noqa: ARG001 # every proof is called alike
    """Prove that somebody can be found for every stage."""
    return [*_circles(procedure), *_found(procedure)]


def _circles(procedure: Procedure) -> Iterator[Problem]:
    for name in procedure.roles:
        seen, role = [name], procedure.roles[name].superior
        while role in procedure.roles and role not in seen:
            seen.append(role)
            role = procedure.roles[role].superior
        if role == name:
            yield Problem(f"roles.{name}.superior", f'The superiors of "{name}" run in a circle: {" → ".join(seen)}.')


def _found(procedure: Procedure) -> Iterator[Problem]:
    every = steps(procedure)
    for stage, spec in procedure.stages.items():
        if spec.in_charge is None:
            continue
        where = f"stages.{stage}.in_charge"
        sources = _sources(procedure, spec.in_charge)
        if sources and not any(_can_be_known(procedure, every, stage, source) for source in sources):
            yield Problem(where, f'Nobody can be "{spec.in_charge}" yet: {_said(sources)} only after this stage.')
        elif sources and not _stands_by(procedure, spec.in_charge) and not _is_known(procedure, every, stage, sources):
            yield Problem(
                where,
                f'A way leads to "{stage}" on which nobody is "{spec.in_charge}" yet, because {_said(sources)} later '
                "or not at all; ask before, or name a superior.",
            )


def _sources(procedure: Procedure, name: str, seen: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """What a role is found by: ("did", action) or ("field", name); nothing where the directory says."""
    role = procedure.roles.get(name, Role())
    if role.did:
        return [("did", action) for action in role.did]
    if field := role.staff_of or role.head_of or role.named_in:
        return [("field", field)]
    if role.unit_of and name not in seen:
        return _sources(procedure, role.unit_of, seen | {name})
    return []


def _stands_by(procedure: Procedure, name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a superior answers where nobody is the role yet."""
    above = procedure.roles.get(name, Role()).superior
    if above is None or above in seen:
        return False
    return not _sources(procedure, above) or _stands_by(procedure, above, seen | {name})


def _can_be_known(procedure: Procedure, every: list[Step], stage: str, source: tuple[str, str]) -> bool:
    """Whether some way to the stage takes a step by which the source may become known."""
    known_at = {step.target for step in every if _tells(procedure, step, source, surely=False)}
    return any(stage in reached(place, every) for place in known_at)


def _is_known(procedure: Procedure, every: list[Step], stage: str, sources: list[tuple[str, str]]) -> bool:
    """Whether no way to the stage avoids all steps by which one of the sources is surely known."""

    def told(step: Step) -> bool:
        return any(_tells(procedure, step, source, surely=True) for source in sources)

    return stage not in reached(NEW, every, without=told)


def _tells(procedure: Procedure, step: Step, source: tuple[str, str], *, surely: bool) -> bool:
    kind, name = source
    if kind == "did":
        return step.action == name
    action = procedure.actions.get(step.action)
    return name in step.way.put or (action is not None and _answers(procedure, action, name, surely=surely))


def _answers(procedure: Procedure, action: Action, name: str, *, surely: bool) -> bool:
    entry = procedure.fields[name]
    if name in action.put:
        return True
    if surely:
        return name in action.always_asks and entry.when is None and entry.never_unknown
    return name in action.asks or name in action.may_ask


def _said(sources: list[tuple[str, str]]) -> str:
    return " and ".join(
        f'the action "{name}" is done' if kind == "did" else f'the field "{name}" is answered' for kind, name in sources
    )
