"""Which elements carry out each rule of the written procedures, and which tests prove it. Never at run time."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

from chalicelib.procedures.check.parts import rules_in
from chalicelib.procedures.compile import compile_source, read_rules
from chalicelib.procedures.problems import Problem
from chalicelib.procedures.rule import Rule

MARKERS = {"pytest.mark.rules", "rules"}
KINDS = ("enforce", "record", "guide")


class Coverage(Struct, frozen=True):
    """A rule, the paths of its elements (`clocks.transfer`), and its tests (`tests/x.py::test_y`)."""

    id: str
    rule: Rule
    elements: list[str]
    tests: list[str]


def coverage(source: Path, tests: Mapping[str, list[str]]) -> list[Coverage]:
    """Each rule of the procedure of this source file; raises Unsound where a file can't be read."""
    carried = elements_of(source)
    return [Coverage(id, rule, carried.get(id, []), tests.get(id, [])) for id, rule in read_rules(source).items()]


@cache
def elements_of(source: Path) -> dict[str, list[str]]:
    """The elements that carry each rule, by their paths, in the order of the procedure."""
    carried: dict[str, list[str]] = defaultdict(list)
    for where, rule in rules_in(compile_source(source).bind({})):
        if where not in carried[rule]:
            carried[rule].append(where or "procedure")
    return carried


def missing(covered: Iterable[Coverage], tests_known: bool = True) -> list[Problem]:
    """The rules that nothing carries out, and, where the tests are known, those that nothing proves."""
    problems = []
    for entry in covered:
        if not entry.elements:
            problems.append(Problem(entry.id, "No element carries it out."))
        if tests_known and not entry.tests:
            problems.append(Problem(entry.id, "No test proves it."))
    return problems


def unheard_of(source: Path, tests: Mapping[str, list[str]]) -> list[Problem]:
    """Rules that an element or a test of this procedure names, and the written procedure does not have."""
    rules = read_rules(source)
    initials = {id.partition("-")[0] for id in rules}
    places = [(place, rule) for rule, elements in elements_of(source).items() for place in elements]
    places += [(place, rule) for rule, found in tests.items() if rule.partition("-")[0] in initials for place in found]
    return [Problem(place, f'There is no rule "{rule}".') for place, rule in places if rules and rule not in rules]


def proofs_in(folder: Path) -> dict[str, list[str]]:
    """The tests marked `@pytest.mark.rules("W-97")` in this folder, by rule; read, not run."""
    proven: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        for name, rule in _marked(ast.parse(path.read_text("utf-8"))):
            test = f"{folder.name}/{path.relative_to(folder).as_posix()}::{name}"
            if test not in proven[rule]:
                proven[rule].append(test)
    return dict(proven)


def _marked(module: ast.Module) -> Iterator[tuple[str, str]]:
    """Each test of a module with each rule it is marked with, on itself, a case of it, or its class."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield from ((node.name, rule) for rule in _rules(node.decorator_list))
        elif isinstance(node, ast.ClassDef):
            own = list(_rules(node.decorator_list))
            methods = [item.name for item in node.body if isinstance(item, ast.FunctionDef)]
            yield from ((name, rule) for name in methods if name.startswith("test") for rule in own)


def _rules(decorators: Iterable[ast.expr]) -> Iterator[str]:
    for decorator in decorators:
        for node in ast.walk(decorator):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in MARKERS:
                yield from (str(ast.literal_eval(argument)) for argument in node.args)


def table(procedures: Mapping[str, list[Coverage]], tests_known: bool) -> Iterator[str]:
    """The summary: a line for each procedure, and one for all."""
    yield f"{'':12}{'rules':>7}" + "".join(f"{kind:>9}" for kind in KINDS) + f"{'elements':>10}{'tests':>7}"
    everything = [entry for covered in procedures.values() for entry in covered]
    for name, covered in {**procedures, "all": everything}.items():
        counts = "".join(f"{sum(entry.rule.kind == kind for entry in covered):>9}" for kind in KINDS)
        carried = sum(bool(entry.elements) for entry in covered)
        proven = sum(bool(entry.tests) for entry in covered)
        yield f"{name:12}{len(covered):>7}{counts}{carried:>10}{proven if tests_known else '-':>7}"


def lines(covered: Iterable[Coverage], tests_known: bool) -> Iterator[str]:
    """Each rule with what it says, what carries it out and what proves it."""
    for entry in covered:
        yield f"{entry.id}  {entry.rule.kind}  {entry.rule.says['en']}"
        yield from (f"    {element}" for element in entry.elements)
        if tests_known:
            yield from (f"    {test}" for test in entry.tests)
