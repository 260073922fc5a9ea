"""The commands on procedures: build them, prove them sound, show which rules they carry out."""

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence

from chalicelib.procedures.check import check
from chalicelib.procedures.check.parts import rules_in
from chalicelib.procedures.compile import build, compile_source, sources
from chalicelib.procedures.problems import Problem, Unsound


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 when all is well, 1 when there are problems, which are printed as sentences."""
    parser = argparse.ArgumentParser(prog="python -m chalicelib.procedures", description=__doc__)
    parser.add_argument("command", choices=["build", "check", "rules"])
    parser.add_argument("ids", nargs="*", help="ids of procedures; all when none is named")
    wanted = parser.parse_args(arguments)
    unknown = [name for name in wanted.ids if name not in sources()]
    if unknown:
        return _told([Problem(name, "There is no such source.") for name in unknown])
    ids = wanted.ids or list(sources())
    commands = {"build": _build, "check": _check, "rules": _rules}
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


def _rules(ids: list[str]) -> int:
    for name in ids:
        try:
            procedure = compile_source(sources()[name]).bind({})
        except Unsound as error:
            return _told(error.problems)
        carried = defaultdict(list)
        for where, rule in rules_in(procedure):
            carried[rule].append(where or "procedure")
        print(f"{name} carries out {len(carried)} rules.")
        for rule in sorted(carried):
            print(f"  {rule}  {', '.join(dict.fromkeys(carried[rule]))}")
    return 0


def _told(problems: Sequence[Problem]) -> int:
    for problem in problems:
        print(f"  {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
