"""Prove a procedure sound before anybody works by it. Each module proves one family of properties.

What can't be proven here: that conditions can hold together, that limits suit the load, that the words match the
source.
"""

from collections.abc import Iterator
from pathlib import Path

from chalicelib.procedures.check import (
    answers,
    clocks,
    figures,
    identity,
    letters,
    names,
    people,
    promises,
    secrecy,
    settings,
    stages,
    tasks,
    words,
)
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem, Unsound

NAMES = (names, identity, figures, settings)
"""They look up what is named."""

PROOFS = (stages, people, answers, tasks, clocks, promises, letters, secrecy)
"""They rely on names that resolve, so they are tried only then."""


def check(procedure_source: Path) -> list[Problem]:
    """Everything wrong with one source file; empty when the procedure is sound. Needs the build-time libraries."""
    from chalicelib.procedures.compile import (  # noqa: PLC0415 # YAML and OpenCC are not in the package
        compile_source,
        shared_letters,
    )

    try:
        compiled = compile_source(procedure_source)
        return prove(compiled) or letters.unsent(compiled.bind({}), shared_letters())
    except Unsound as error:
        return error.problems


def prove(compiled: Compiled) -> list[Problem]:
    """Everything wrong with a compiled procedure, for the default settings and for each other choice of one."""
    found: dict[Problem, None] = {}
    for chosen in _variants(compiled):
        try:
            problems = _prove(compiled, chosen)
        except Unsound as error:
            problems = error.problems
        known = {problem.where for problem in found}
        said = ", ".join(f'"{name}" set to "{value}"' for name, value in chosen.items())
        for problem in problems:
            if not chosen:
                found[problem] = None
            elif problem not in found and problem.where not in known:
                found[Problem(problem.where, f"With {said}: {problem.what}")] = None
    return list(found)


def _prove(compiled: Compiled, chosen: dict[str, str]) -> list[Problem]:
    procedure = compiled.bind(chosen)
    unresolved = [problem for part in NAMES for problem in part.proof(procedure, compiled)]
    rely_on_names = () if unresolved else PROOFS
    return [*unresolved, *(problem for part in (words, *rely_on_names) for problem in part.proof(procedure, compiled))]


def _variants(compiled: Compiled) -> Iterator[dict[str, str]]:
    """The default settings, then each other choice of a setting that has choices, one at a time."""
    yield {}
    for name, setting in (compiled.tree.get("settings") or {}).items():
        if isinstance(setting, dict):
            choices = ["yes", "no"] if setting.get("type") == "yes_no" else setting.get("choices")
            known = choices if isinstance(choices, list) else []
            yield from ({name: choice} for choice in known if choice != setting.get("default"))
