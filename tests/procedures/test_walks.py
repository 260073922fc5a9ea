"""Random walks through every shipped procedure. `HYPOTHESIS_PROFILE=long` walks further (see conftest.py)."""

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from chalicelib.procedures.compile import compile_source, sources
from chalicelib.procedures.load import Compiled
from tests.procedures.walking import STARTS, Walk, ends

PROCEDURES = sorted(sources())
DICE = st.integers(0, 2**32 - 1).map(Random)
PAUSES = [0, 1, 7, 30, 59, 60, 240, 600, 1440, 3 * 1440, 10 * 1440, 35 * 1440]

COVERAGE_WALKS = 400


@pytest.fixture(params=PROCEDURES)
def compiled(request: pytest.FixtureRequest) -> Compiled:
    return compile_source(sources()[request.param])


def machine(compiled: Compiled, seen: Counter[str]) -> Callable[[], RuleBasedStateMachine]:
    """The state machine of one procedure."""

    class Machine(RuleBasedStateMachine):
        @initialize(dice=DICE, start=st.sampled_from(STARTS))
        def begin(self, dice: Random, start) -> None:
            self.walk = Walk(compiled, start, seen)
            self.walk.open(dice)

        @rule(dice=DICE, times=st.integers(1, 4))
        def act(self, dice: Random, times: int) -> None:
            for _ in range(times):
                self.walk.act(dice)
                self.walk.check()

        @rule(minutes=st.sampled_from(PAUSES))
        def wait(self, minutes: int) -> None:
            self.walk.wait(minutes)

        @rule(minutes=st.sampled_from(PAUSES))
        def wait_for_the_sweep(self, minutes: int) -> None:
            self.walk.wait(minutes)
            self.walk.sweep()

        @rule()
        def sweep_on_time(self) -> None:
            self.walk.sweep_on_time()

        @rule()
        def complain_again(self) -> None:
            self.walk.complain_again()

        @rule(dice=DICE)
        def somebody_goes_away(self, dice: Random) -> None:
            self.walk.somebody_goes_away(dice)

        @rule(dice=DICE)
        def somebody_leaves(self, dice: Random) -> None:
            self.walk.somebody_leaves(dice)

        @rule(dice=DICE)
        def a_setting_changes(self, dice: Random) -> None:
            self.walk.a_setting_changes(dice)

        @rule(dice=DICE)
        def the_calendar_changes(self, dice: Random) -> None:
            self.walk.the_calendar_changes(dice)

        @precondition(lambda self: self.walk.finished)
        @rule(dice=DICE)
        def another_complaint(self, dice: Random) -> None:
            self.walk.open(dice)

        @invariant()
        def all_holds(self) -> None:
            seen["steps"] += 1
            self.walk.check()

    return Machine


def test_whatever_happens_nothing_is_lost_undone_or_told_to_the_wrong_person(compiled, record_property):
    seen: Counter[str] = Counter()
    run_state_machine_as_test(machine(compiled, seen), settings=settings())
    record_property("walked", _coverage(compiled, seen))


def test_every_stage_can_be_reached_and_every_action_done(compiled, record_property):
    procedure, seen = compiled.bind({}), Counter[str]()
    wanted = {f"stage {s}" for s in procedure.stages} | {f"action {a}" for a in procedure.actions}
    for seed in range(COVERAGE_WALKS):
        dice = Random(seed)
        walk = Walk(compiled, STARTS[0], seen)
        walk.open(dice)
        for _ in range(60):
            if wanted <= seen.keys() or walk.finished:
                break
            explore(walk, dice)
        if wanted <= seen.keys():
            break
    record_property("walked", _coverage(compiled, seen))
    assert not wanted - seen.keys()


def explore(walk: Walk, dice: Random) -> None:
    """Do what was done least so far; what ends the case last."""
    doable = walk.doable()
    actions = walk.desk.procedure.actions
    order = sorted(doable, key=lambda a: (ends(walk.desk, actions[a]) and dice.random() < 0.95, walk.seen[f"action {a}"], dice.random()))
    for action_id in order[: 1 + dice.randrange(4)]:
        walk.seen["steps"] += 1
        if action_id in walk.doable():
            walk.do(action_id, dice.choice(walk.doable()[action_id]), dice)
            walk.check()
    if dice.random() < 0.2:
        walk.sweep_on_time()
        walk.check()


def test_no_walk_comes_to_a_stage_where_nobody_can_go_on(compiled):
    stuck = Counter[str]()
    for seed in range(60):
        dice = Random(1000 + seed)
        walk = Walk(compiled, STARTS[0], Counter())
        walk.open(dice)
        for _ in range(40):
            if walk.finished:
                break
            if not any(led_on(walk, a, who) for a, people in walk.doable().items() for who in people[:1]):
                stuck[walk.case.stage] += 1
                break
            walk.act(dice)
    assert not stuck


def led_on(walk: Walk, action_id: str, _who: str) -> bool:
    """Whether the action leads to another stage, or finishes what a stage waits for."""
    action = walk.desk.procedure.actions[action_id]
    return bool(action.finishes or (action.goes and not ends(walk.desk, action)) or (ends(walk.desk, action) and "open" not in action.at))


def _coverage(compiled: Compiled, seen: Counter[str]) -> str:
    procedure = compiled.bind({})
    stages = sum(f"stage {s}" in seen for s in procedure.stages)
    actions = sum(f"action {a}" in seen for a in procedure.actions)
    done = sum(n for key, n in seen.items() if key.startswith("action "))
    return (
        f"{procedure.id}: {seen['steps']} steps, {done} actions done; "
        f"{stages} of {len(procedure.stages)} stages, {actions} of {len(procedure.actions)} actions"
    )
