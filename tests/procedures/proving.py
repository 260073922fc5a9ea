"""Do the tests of a rule notice when what carries it out is taken away?

    python -m tests.procedures.proving [RULE or PROCEDURE ...] [--all]

For each rule and each element that carries it, the tests marked with the rule run against the procedure without that
element, until one fails; of a rule whose tests missed one element no other is taken away. 1 when a rule has none that
any test missed. `--all` takes every element away and tells those without which the tests of a rule stayed green though
they miss others of that rule.
"""

import argparse
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

import pytest
from _pytest.runner import runtestprotocol

from chalicelib.desk.procedure import Procedure
from chalicelib.procedures import compile as compiling
from chalicelib.procedures.__main__ import TESTS
from chalicelib.procedures.compile import read_rules, sources
from chalicelib.procedures.coverage import elements_of, proofs_in
from chalicelib.procedures.load import Compiled
from tests.procedures import playing
from tests.procedures.without import optional, without

PATIENCE = 20.0
"""Seconds that a test may take; without an element the way of a case may never end."""


class Taken(NamedTuple):
    """An element taken away for a rule; `how`: `gone`, or `optional` for a question nobody has to answer any more."""

    rule: str
    element: str
    how: str
    procedure: str

    def __str__(self) -> str:
        return f"{self.rule}  {self.element} {self.how}"


def takings(procedure_id: str) -> Iterator[Taken]:
    """Every element that can be taken away, rule by rule."""
    whole = compiling.compile_source(sources()[procedure_id]).bind({})
    carried = elements_of(sources()[procedure_id])
    for rule in read_rules(sources()[procedure_id]):
        for element in carried.get(rule, []):
            if optional(whole, element):
                yield Taken(rule, element, "optional", procedure_id)
            elif without(whole, element, rule):
                yield Taken(rule, element, "gone", procedure_id)


class Proving:
    """A pytest plugin: in place of running all tests, each rule's run until one misses what was taken away."""

    def __init__(self, wanted: list[Taken], everything: bool) -> None:
        self.wanted, self.everything = wanted, everything
        self.taken: Taken | None = None
        self.missed: set[str] = set()
        self.red_before: list[str] = []
        self.unmissed: list[Taken] = []
        self.tests = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of the usual loop."""
        if session.testsfailed:
            raise session.Interrupted("not every test could be read")
        of_rule: dict[str, list[pytest.Item]] = defaultdict(list)
        for item in sorted(session.items, key=lambda item: "/stories/" in item.nodeid):  # the quick ones first
            for rule in {rule for mark in item.iter_markers("rules") for rule in mark.args}:
                of_rule[rule].append(item)
        with self._in_place_of_the_shipped():
            for rule in dict.fromkeys(taken.rule for taken in self.wanted):
                self.red_before += [item.nodeid for item in of_rule[rule] if self._fails(item)]
            for taken in self.wanted:
                if taken.rule in self.missed and not self.everything:
                    continue
                self.taken = taken
                if any(self._fails(item) for item in of_rule[taken.rule]):
                    self.missed.add(taken.rule)
                else:
                    self.unmissed.append(taken)
        return True

    def _fails(self, item: pytest.Item) -> bool:
        self.tests += 1
        item._initrequest()  # type: ignore[attr-defined] # as plugins do that run a test again
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        try:
            return any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    @contextmanager
    def _in_place_of_the_shipped(self) -> Iterator[None]:
        """Whoever binds a procedure gets it without what is taken; nobody compiles one twice."""
        with pytest.MonkeyPatch.context() as patch:
            once = cache(compiling.compile_source)
            for module in list(sys.modules.values()):
                if getattr(module, "compile_source", None) is compiling.compile_source and module is not compiling:
                    patch.setattr(module, "compile_source", once)
            patch.setattr(playing, "_procedure", playing._procedure.__wrapped__)
            patch.setattr(Compiled, "bind", self._binding(Compiled.bind))
            before = signal.signal(signal.SIGALRM, _out_of_patience)
            try:
                yield
            finally:
                signal.signal(signal.SIGALRM, before)

    def _binding(self, bind: Any) -> Any:
        spoilt = cache(_spoilt)
        whole: dict[int, Procedure] = {}

        def spoiling(compiled: Compiled, settings: Mapping[str, str]) -> Procedure:
            procedure: Procedure = bind(compiled, settings)
            if self.taken is None or self.taken.procedure != procedure.id:
                return procedure
            whole[id(procedure)] = procedure  # kept, so that its id stays its own
            return spoilt(id(procedure), self.taken, whole.get)

        return spoiling


def _spoilt(key: int, taken: Taken, whole: Any) -> Procedure:
    procedure = whole(key)
    found = optional(procedure, taken.element) if taken.how == "optional" else None
    return found or without(procedure, taken.element, taken.rule) or procedure


def _out_of_patience(*_signal: Any) -> None:
    raise TimeoutError("The test came to no end.")


def main(arguments: list[str] | None = None) -> int:
    """Run; 1 when the tests of a rule miss nothing of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.procedures.proving", description=__doc__)
    parser.add_argument("wanted", nargs="*", help="rules or procedures; all when none is named")
    parser.add_argument("--all", action="store_true", help="take away every element, and tell each that no test missed")
    given = parser.parse_args(arguments)
    taken = [taken for name in sources() for taken in takings(name)]
    if given.wanted:
        taken = [one for one in taken if one.rule in given.wanted or one.procedure in given.wanted]
    return _prove(taken, list(dict.fromkeys(one.rule for one in taken)), given.all)


def _prove(wanted: list[Taken], rules: list[str], everything: bool) -> int:
    proofs = proofs_in(TESTS)
    files = {str(TESTS.parent / test.partition("::")[0]) for rule in rules for test in proofs[rule]}
    proving, began = Proving(wanted, everything), time.monotonic()
    status = pytest.main(["-q", "--no-header", "-p", "no:xdist", "-p", "no:cacheprovider", *sorted(files)], [proving])
    missed = proving.missed
    took = f"{time.monotonic() - began:.0f} s"
    print(f"\n{len(missed)} of {len(rules)} rules proven; {proving.tests} tests, {took}.")
    for test in dict.fromkeys(proving.red_before):
        print(f"  fails with nothing taken away: {test}")
    for taken in proving.unmissed:
        if taken.rule not in missed:
            print(f"  {taken}, and no test of {taken.rule} misses anything.")
        elif everything:
            print(f"  {taken}, and no test of {taken.rule} misses it.")
    silent = {taken.rule for taken in proving.unmissed} - missed
    return 1 if silent or proving.red_before or status != pytest.ExitCode.OK else 0


if __name__ == "__main__":
    sys.exit(main())
