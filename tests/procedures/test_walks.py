"""Random walks through every shipped procedure. `HYPOTHESIS_PROFILE=long` walks further (see conftest.py)."""

import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib.procedures.compile import compile_source, sources
from chalicelib.procedures.load import Compiled
from tests.procedures.walking import SPELLS, STARTS, Walk, ends

PROCEDURES = sorted(sources())
DICE = st.integers(0, 2**32 - 1).map(Random)
COVERAGE_WALKS = 400


@pytest.fixture(params=PROCEDURES)
def compiled(request: pytest.FixtureRequest) -> Compiled:
    return compile_source(sources()[request.param])


def machine(compiled: Compiled, seen: Counter[str]) -> Callable[[], RuleBasedStateMachine]:  # noqa: C901 # a rule a method
    """The state machine of one procedure."""

    class Machine(RuleBasedStateMachine):
        @initialize(dice=DICE, start=st.sampled_from(STARTS), depth=st.sampled_from([0, 4, 12, 25]))
        def begin(self, dice: Random, start: datetime, depth: int) -> None:
            self.walk = Walk(compiled, start, seen, dice)
            self.walk.open(dice)
            own: Counter[str] = Counter()  # not `seen`: a walk must repeat whatever others saw
            for _ in range(depth):
                if not self.walk.finished:
                    explore(self.walk, dice, own)

        @rule(dice=DICE, times=st.sampled_from([1, 2, 5, 15]))
        def act(self, dice: Random, times: int) -> None:
            for _ in range(times):
                self.walk.act(dice)
                self.walk.check()

        @rule(minutes=st.sampled_from(SPELLS))
        def wait(self, minutes: int) -> None:
            self.walk.wait(minutes)

        @rule(minutes=st.sampled_from(SPELLS))
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
        def what_recurs_is_noticed(self, dice: Random) -> None:
            self.walk.what_recurs_is_noticed(dice)

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


def test_whatever_happens_nothing_is_lost_undone_or_told_to_the_wrong_person(
    compiled: Compiled, record_property: Callable[[str, object], None]
) -> None:
    seen: Counter[str] = Counter()
    run_state_machine_as_test(
        machine(compiled, seen), settings=settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "walks"))
    )
    record_property("walked", _coverage(compiled, seen))


def test_every_stage_can_be_reached_and_every_action_done(
    compiled: Compiled, record_property: Callable[[str, object], None]
) -> None:
    procedure, seen = compiled.bind({}), Counter[str]()
    wanted = {f"stage {s}" for s in procedure.stages} | {f"action {a}" for a in procedure.actions}
    for seed in range(COVERAGE_WALKS):
        dice = Random(seed)  # noqa: S311 # dice
        walk = Walk(compiled, STARTS[0], seen)
        walk.open(dice)
        for _ in range(60):
            if wanted <= seen.keys() or walk.finished:
                break
            explore(walk, dice, seen)
        if wanted <= seen.keys():
            break
    record_property("walked", _coverage(compiled, seen))
    assert not wanted - seen.keys()


def explore(walk: Walk, dice: Random, done: Counter[str]) -> None:
    """Do what was done least so far, by the count given; what ends the case last. What recurs is noticed meanwhile."""
    walk.what_recurs_is_noticed(dice)
    doable = walk.doable()
    actions = walk.desk.procedure.actions
    order = sorted(
        doable,
        key=lambda a: (ends(walk.desk, actions[a]) and dice.random() < 0.95, done[f"action {a}"], dice.random()),
    )
    for action_id in order[: 1 + dice.randrange(4)]:
        walk.seen["steps"] += 1
        if who := walk.doable().get(action_id):
            walk.do(action_id, dice.choice(who), dice)
            done[f"action {action_id}"] += done is not walk.seen
            walk.check()
    if dice.random() < 0.3:
        walk.weather(dice)
        walk.check()


def test_no_walk_comes_to_a_stage_where_nobody_can_go_on(compiled: Compiled) -> None:
    stuck = Counter[str]()
    for seed in range(30):
        dice = Random(seed)  # noqa: S311 # dice
        walk = Walk(compiled, STARTS[0], Counter())
        walk.open(dice)
        for _ in range(40):
            if walk.finished:
                break
            if not any(leads_on(walk, action_id) for action_id in walk.doable()):
                stuck[walk.case.stage] += 1
                break
            walk.act(dice)
    assert not stuck


def leads_on(walk: Walk, action_id: str) -> bool:
    """Whether the action leads to another stage, or finishes what a stage waits for: not by ending it from anywhere."""
    action = walk.desk.procedure.actions[action_id]
    return bool(action.finishes or action.goes) and not (ends(walk.desk, action) and "open" in action.at)


def _coverage(compiled: Compiled, seen: Counter[str]) -> str:
    procedure = compiled.bind({})
    stages = sum(f"stage {s}" in seen for s in procedure.stages)
    actions = sum(f"action {a}" in seen for a in procedure.actions)
    done = sum(n for key, n in seen.items() if key.startswith("action "))
    return (
        f"{procedure.id}: {seen['steps']} steps, {done} actions done; "
        f"{stages} of {len(procedure.stages)} stages, {actions} of {len(procedure.actions)} actions"
    )
