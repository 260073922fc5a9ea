"""The commands on procedures: build them, prove them sound, show how each rule is carried out and proven."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from chalicelib.procedures.check import check
from chalicelib.procedures.compile import build, sources
from chalicelib.procedures.coverage import coverage, lines, missing, proofs_in, table, unheard_of
from chalicelib.procedures.problems import Problem, Unsound

TESTS = Path(__file__).resolve().parents[2] / "tests"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when all is well, 1 when there are problems, which are printed as sentences."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["simulate"]:
        from chalicelib.forecast.command import simulate  # noqa: PLC0415 # a command with options of its own

        return simulate(arguments[1:])
    parser = argparse.ArgumentParser(prog="python -m chalicelib.procedures", description=__doc__)
    parser.add_argument("command", choices=["build", "check", "rules", "simulate"])
    parser.add_argument("ids", nargs="*", help="ids of procedures; all when none is named")
    parser.add_argument("--brief", action="store_true", help="of rules: the counts and what is missing")
    wanted = parser.parse_args(arguments)
    unknown = [name for name in wanted.ids if name not in sources()]
    if unknown:
        return _told([Problem(name, "There is no such source.") for name in unknown])
    ids = wanted.ids or list(sources())
    commands: dict[str, Callable[[list[str]], int]] = {
        "build": _build,
        "check": _check,
        "rules": partial(_rules, brief=wanted.brief),
    }
    return commands[wanted.command](ids)


def _build(ids: list[str]) -> int:
    try:
        for path in build(ids):
            print(f"{path.stem} is compiled.")
    except Unsound as error:
        return _told(error.problems)
    return 0


def _check(ids: list[str]) -> int:
    worst = 0
    for name in ids:
        problems = check(sources()[name])
        print(f"{name} is not sound ({len(problems)}):" if problems else f"{name} is sound.")
        worst = max(worst, _told(problems))
    return worst


def _rules(ids: list[str], brief: bool) -> int:
    tests_known = TESTS.is_dir()
    tests = proofs_in(TESTS) if tests_known else {}
    found, problems = {}, []
    for name in ids:
        try:
            found[name] = coverage(sources()[name], tests)
            problems += missing(found[name], tests_known) + unheard_of(sources()[name], tests)
        except Unsound as error:
            problems += error.problems
    for covered in () if brief else found.values():
        print("\n".join(lines(covered, tests_known)))
    print("\n".join(table(found, tests_known)))
    if not tests_known:
        print("The tests are not here: what proves a rule is not known.")
    return _told(problems)


def _told(problems: Sequence[Problem]) -> int:
    for problem in problems:
        print(f"  {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
