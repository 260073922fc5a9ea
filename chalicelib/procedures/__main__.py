"""The commands on procedures: build and keep them, prove them sound, show how each rule is carried out and proven."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from chalicelib.procedures.check import check
from chalicelib.procedures.compile import build, build_own, is_own, keep, source_of, sources
from chalicelib.procedures.coverage import coverage, lines, missing, proofs_in, table, unheard_of
from chalicelib.procedures.problems import Problem, Unsound

TESTS = Path(__file__).resolve().parents[2] / "tests"

UNKNOWN = "This is neither a procedure that ships ({known}) nor the path of a .yaml file."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when all is well, 1 when there are problems, which are printed as sentences."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["simulate"]:
        from chalicelib.forecast.command import simulate  # noqa: PLC0415 # a command with options of its own

        return simulate(arguments[1:])
    parser = argparse.ArgumentParser(prog="python -m chalicelib.procedures", description=__doc__)
    parser.add_argument("command", choices=["build", "check", "keep", "rules", "simulate"])
    parser.add_argument(
        "ids",
        nargs="*",
        help="ids of procedures that ship, or paths of your own (.yaml); all that ship when none is named",
    )
    parser.add_argument("--brief", action="store_true", help="of rules: the counts and what is missing")
    wanted = parser.parse_intermixed_args(arguments)
    named = {name: source_of(name) for name in wanted.ids or sources()}
    unknown = [name for name, source in named.items() if source is None]
    if unknown:
        return _told([Problem(name, UNKNOWN.format(known=", ".join(sources()))) for name in unknown])
    files = [source for source in named.values() if source]
    commands: dict[str, Callable[[list[Path]], int]] = {
        "build": _build,
        "check": _check,
        "keep": _keep,
        "rules": partial(_rules, brief=wanted.brief),
    }
    return commands[wanted.command](files)


def _build(files: list[Path]) -> int:
    problems: list[Problem] = []
    for source in files:
        try:
            if is_own(source):
                print(f"{source.stem} is compiled for PUT /v1/admin/procedures: {build_own(source)}")
            else:
                print("".join(f"{path.stem} is compiled.\n" for path in build([source.stem])), end="")
        except Unsound as error:
            problems += error.problems
    return _told(problems)


def _keep(files: list[Path]) -> int:
    problems: list[Problem] = []
    for source in files:
        try:
            if is_own(source):
                problems.append(Problem(source.stem, "An organisation's own is kept by the desk, version by version."))
            else:
                print(f"{keep(source).stem} is kept for the cases that are pinned to it.")
        except Unsound as error:
            problems += error.problems
    return _told(problems)


def _check(files: list[Path]) -> int:
    worst = 0
    for source in files:
        problems = check(source)
        if is_own(source) and source.stem in sources():
            problems.append(
                Problem("procedure", f'"{source.stem}" is the id of a procedure that ships: choose another.')
            )
        print(f"{source.stem} is not sound ({len(problems)}):" if problems else f"{source.stem} is sound.")
        worst = max(worst, _told(problems))
    return worst


def _rules(files: list[Path], brief: bool) -> int:
    tests_known = TESTS.is_dir()
    tests = proofs_in(TESTS) if tests_known else {}
    found, problems = {}, []
    for source in files:
        try:
            found[source.stem] = coverage(source, tests)
            problems += missing(found[source.stem], tests_known) + unheard_of(source, tests)
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
