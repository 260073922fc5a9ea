"""What is known of a case on a walk: for each answer or action that conditions read, the values it may have."""

from collections.abc import Iterable

from chalicelib.desk.conditions import All, Condition, Test, tests_in
from chalicelib.desk.procedure import Field, Procedure
from chalicelib.procedures.check.graph import NEW

MISSING, UNKNOWN, OTHER = "\0missing", "\0unknown", "\0other"
_GIVEN = "\0given"

Watched = tuple[str, str]
"""What is watched: ("field", name), ("done", action), ("ever_done", action) or ("stage", "")."""
Facts = tuple[frozenset[object], ...]
"""For each thing watched, the values it may have."""


class Knowledge:
    """Follows what some conditions read; a condition about anything else may hold or not, each time anew."""

    def __init__(self, procedure: Procedure, conditions: Iterable[Condition | None]) -> None:
        self.procedure = procedure
        self.domains = _domains(procedure, conditions)
        self.place = {watched: index for index, watched in enumerate(self.domains)}

    def at_first(self) -> Facts:
        """What is known before a case is opened: nothing is done and nothing answered."""
        known: dict[str, object] = {"field": MISSING, "stage": NEW}
        return tuple(frozenset({known.get(kind, False)}) for kind, _ in self.domains)

    def know(self, facts: Facts, watched: Watched, values: Iterable[object]) -> Facts:
        """The facts with other values for one thing; of what is not watched nothing is kept."""
        if watched not in self.place:
            return facts
        index = self.place[watched]
        return (*facts[:index], frozenset(values), *facts[index + 1 :])

    def answered(self, facts: Facts, asked: dict[str, bool]) -> Facts:
        """The facts after a form; `asked` tells of each field whether it is surely answered."""
        for name, sure in asked.items():
            if ("field", name) in self.domains:
                values = set(self.domains["field", name])
                values -= {MISSING} if sure else set()
                values -= {UNKNOWN} if self.procedure.fields[name].never_unknown else set()
                facts = self.know(facts, ("field", name), values)
        return facts

    def put(self, facts: Facts, put: dict[str, object]) -> Facts:
        """The facts after the procedure itself sets fields."""
        for name, value in put.items():
            domain = self.domains.get(("field", name), frozenset())
            facts = self.know(facts, ("field", name), {value if value in domain else OTHER})
        return facts

    def new_round(self, facts: Facts) -> Facts:
        """The facts when a new round begins."""
        for watched in self.domains:
            kind, name = watched
            if kind == "done":
                facts = self.know(facts, watched, {False})
            elif kind == "field" and self.procedure.fields[name].per_round:
                facts = self.know(facts, watched, {MISSING})
        return facts

    def split(self, condition: Condition | None, facts: Facts) -> list[tuple[bool, Facts]]:
        """The facts under which the condition holds and those under which it does not."""
        if condition is None:
            return [(True, facts)]
        if isinstance(condition, Test):
            return self._split_test(condition, facts)
        wanted = isinstance(condition, All)  # all: go on while parts hold; any: while they do not
        decided: list[tuple[bool, Facts]] = []
        open_ = [facts]
        for part in condition.of:
            branches = [branch for before in open_ for branch in self.split(part, before)]
            decided += [(holds, after) for holds, after in branches if holds is not wanted]
            open_ = [after for holds, after in branches if holds is wanted]
        return list(dict.fromkeys(decided + [(wanted, after) for after in open_]))

    def _split_test(self, test: Test, facts: Facts) -> list[tuple[bool, Facts]]:
        branches = [(True, facts)]
        for watched, fitting in _read(test):
            if watched not in self.place or fitting is None:
                return [(True, facts), (False, facts)]
            decided = [branch for branch in branches if not branch[0]]
            for _, before in [branch for branch in branches if branch[0]]:
                may = before[self.place[watched]]
                fits = {value for value in may if _fits(value, fitting)}
                decided += [(True, self.know(before, watched, fits))] if fits else []
                decided += [(False, self.know(before, watched, may - fits))] if may - fits else []
            branches = decided
        return branches


def _domains(procedure: Procedure, conditions: Iterable[Condition | None]) -> dict[Watched, frozenset[object]]:
    """What is watched, with every value it may have."""
    domains: dict[Watched, set[object]] = {("stage", ""): {NEW, *procedure.stages}}
    for test in (test for condition in conditions for test in tests_in(condition)):
        for watched, fitting in _read(test):
            kind, name = watched
            if fitting is None:
                continue
            if kind == "field":
                values = _values(procedure.fields[name])
                if values:
                    domains.setdefault(watched, values).update(test.values)
            elif kind in ("done", "ever_done"):
                domains[watched] = {True, False}
    return {watched: frozenset(values) for watched, values in domains.items()}


def _values(entry: Field) -> set[object]:
    """The values an answer may have; nothing where it may have several at once, which can't be followed."""
    match entry.type:
        case "choices":
            return set()
        case "choice":
            return {MISSING, UNKNOWN, *entry.choices}
        case "yes_no" | "tick":
            return {MISSING, UNKNOWN, "yes", "no"}
        case _:
            return {MISSING, UNKNOWN, OTHER}


def _read(test: Test) -> list[tuple[Watched, frozenset[object] | None]]:
    """What a test reads, and with which values it holds (all of them must); None: it can't be followed."""
    if test.subject == "field":
        ops = {"missing": frozenset({MISSING}), "unknown": frozenset({UNKNOWN}), "given": frozenset({_GIVEN})}
        fitting = frozenset(test.values) if test.op == "is" else ops.get(test.op)
        return [(("field", test.name), fitting)]
    if test.subject == "stage":
        return [(("stage", ""), frozenset(test.values))]
    if test.subject in ("done", "not_done", "ever_done") and not test.since:
        kind, wanted = test.subject.removeprefix("not_"), test.subject != "not_done"
        return [((kind, name), frozenset({wanted})) for name in test.values]
    return [((test.subject, ""), None)]


def _fits(value: object, fitting: frozenset[object]) -> bool:
    return value in fitting or (_GIVEN in fitting and value not in (MISSING, UNKNOWN))
