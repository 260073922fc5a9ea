"""Clocks that leak, never start, leave a stage without any, or tell only the one who is late anyway."""

from typing import Any

import pytest

from tests.procedures.broken.breaking import GONE, said

WORDS = {"zh": "话", "en": "words"}

FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a clock that nothing starts": (
        {"clocks.tell.starts": [{"signal": "entered told", "when": {"stage": "received"}}]},
        'clocks.tell.starts: Nothing that can happen starts the clock "tell".',
    ),
    "a clock that nothing stops": (
        {"clocks.tell.stops": GONE},
        'clocks.tell.stops: Nothing stops the clock "tell".',
    ),
    "a clock that runs into the end": (
        {"clocks.solve.stops": ["entered received"]},
        'clocks.solve.stops: The clock "solve" still runs when the case comes to "closed" after',
    ),
    "a clock stopped only under a condition": (
        {"clocks.tell.stops": [{"signal": "left told", "when": {"kind_of": "quality"}}]},
        'clocks.tell.stops: The clock "tell" still runs when the case comes to "closed" after',
    ),
    "a stage without a clock": (
        {"clocks.tell": GONE},
        'stages.told: No clock runs in the stage "told"; one with an empty limit counts.',
    ),
    "a stage without a clock on one of its ways": (
        {"clocks.transfer.starts": ["done register"]},
        'stages.received: No clock runs in the stage "received" after "register", "transfer", "solve"',
    ),
    "a stage whose clock stops while the case stays": (
        {"clocks.solve.stops": ["done find_facts", "left solving"]},
        'stages.solving: No clock runs in the stage "solving" after "register", "transfer", "find_facts"',
    ),
    "a clock that only starts where an answer is given": (
        {"clocks.tell.only_when": {"cost": "given"}},
        'stages.told: No clock runs in the stage "told" after',
    ),
    "nobody is told": (
        {"clocks.transfer.ladder": GONE},
        'clocks.transfer.ladder: Nobody is told when the clock "transfer" is late.',
    ),
    "nobody is told, where a site sets the limit": (
        {"clocks.tell.limit": {"setting": "accept"}},
        'clocks.tell.ladder: Nobody is told when the clock "tell" is late.',
    ),
    "a ladder that only warns": (
        {"clocks.transfer.ladder": [{"before": "4h", "tell": ["head"]}]},
        "clocks.transfer.ladder: The ladder only warns; it must tell somebody once the time is over (`at: due`).",
    ),
    "a ladder that ends with whoever is in charge": (
        {"clocks.transfer.ladder": [{"at": "due", "tell": ["in_charge"]}]},
        'clocks.transfer.ladder: The ladder ends at the owner in the stage "received"; it must reach somebody else.',
    ),
    "a ladder that names the role in charge": (
        {"clocks.transfer.ladder": [{"at": "due", "tell": ["clerk"]}]},
        'clocks.transfer.ladder: The ladder ends at the owner in the stage "received"; it must reach somebody else.',
    ),
    "a task's ladder that ends with the task's people": (
        {"clocks.visit.ladder": [{"at": "due", "tell": ["clerk"]}]},
        "clocks.visit.ladder: The ladder ends at the owner; it must reach somebody else.",
    ),
    "a ladder that ends with a superior who is not there": (
        {"clocks.solve.ladder": [{"at": "due", "tell": ["superior"]}]},
        'clocks.solve.ladder: The ladder ends with the superior of "department", who has none.',
    ),
    "a fault under another choice of a setting": (
        {"clocks.solve.starts": [{"setting": "counts_from"}]},
        'stages.solving: With "counts_from" set to "done register": No clock runs in the stage "solving"',
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_fault_in_the_clocks_is_found(changes: dict[str, Any], sentence: str) -> None:
    assert any(problem.startswith(sentence) for problem in said(changes))


def test_a_clock_may_run_where_its_condition_is_that_of_the_way() -> None:
    """A clock that runs only where a visit is wanted covers the stage that only such a case comes to."""
    wanted = {"visit_wanted": {"title": WORDS, "type": "yes_no", "never_unknown": "true"}}
    changes = {
        "fields.visit_wanted": wanted["visit_wanted"],
        "actions.transfer.asks": ["department", "kind_of", "visit_wanted"],
        "actions.solve.goes": [{"when": {"visit_wanted": "yes"}, "to": "told"}, {"to": "received"}],
        "clocks.tell.only_when": {"visit_wanted": "yes"},
    }

    assert said(changes) == []


def test_two_clocks_may_share_a_stage_when_one_of_them_always_runs() -> None:
    changes = {
        "clocks.transfer.starts": ["done register"],
        "clocks.again": {
            "title": WORDS,
            "starts": [{"signal": "entered received", "when": {"done": "solve"}}],
            "stops": ["left received"],
            "limit": "",
        },
    }

    assert said(changes) == []


def test_a_clock_that_renews_itself_never_leaves_its_stage_without_one() -> None:
    changes = {
        "clocks.solve.starts": ["entered solving", "done find_facts"],
        "clocks.solve.stops": ["done find_facts", "left solving"],
        "settings.counts_from": GONE,
    }

    assert said(changes) == []


def test_a_clock_that_tells_nobody_tells_nobody_on_a_day_off_either() -> None:
    assert said({"clocks.tell.day_off": "still_told"}) == [
        "clocks.tell.day_off: There is no ladder, so nobody is told, on a day off or else."
    ]


def test_a_ladder_that_ends_at_all_of_the_owners_role_ends_at_the_owner() -> None:
    changes = {"clocks.transfer.ladder": [{"at": "due", "tell": ["all_of clerk"]}]}
    assert any("ends at the owner" in problem for problem in said(changes))


def test_withdrawal_ends_what_runs() -> None:
    assert not any("withdrawn" in problem for problem in said({"clocks.solve.stops": ["entered received"]}))
