"""A sound procedure passes; each fault in the graph of stages is found, with the place and the reason."""

from typing import Any

import pytest

from chalicelib.procedures.check import check, prove
from tests.procedures.broken.breaking import GONE, HERE, said, sound

WORDS = {"zh": "话", "en": "words"}
CIRCLE = [{"when": {"ours": "no"}, "to": "received"}]


def test_the_sound_procedure_is_sound() -> None:
    assert prove(sound()) == []


def test_a_source_that_cannot_be_read_is_reported_like_any_other_problem() -> None:
    problems = check(HERE / "stands_twice.yaml")

    assert [str(problem) for problem in problems] == [
        'stands_twice.yaml, line 4: "title" stands twice, first in line 3.'
    ]


STAGES: dict[str, tuple[dict[str, Any], str]] = {
    "nothing opens a case": (
        {"actions.register.at": ["received"]},
        "actions: No action opens a case; one must have `at: [new]`.",
    ),
    "an opening action done elsewhere too": (
        {"actions.register.at": ["new", "received"]},
        "actions.register.at: An action that opens a case can't be done elsewhere too.",
    ),
    "an opening action that goes nowhere": (
        {"actions.register.goes": GONE},
        "actions.register.goes: An action that opens a case must say to which stage it goes.",
    ),
    "an opening action that refuses": (
        {"actions.register.needs": [{"that": {"content": "given"}, "say": WORDS}]},
        "actions.register.needs: The action that opens a case never refuses: no needs here.",
    ),
    "a stage nobody reaches": (
        {"stages.lost": {"title": WORDS, "status": "pending", "in_charge": "clerk"}},
        'stages.lost: No way leads to the stage "lost" from a new case.',
    ),
    "a stage without an end": (
        {"stages.told.moves": GONE, "actions.tell.goes": "told"},
        'stages.received: No way leads from the stage "received" to an end.',
    ),
    "an unfinished stage with nobody in charge": (
        {"stages.solving.in_charge": GONE},
        'stages.solving.in_charge: Nobody is in charge of the stage "solving", and it is not finished.',
    ),
    "somebody in charge with nothing to do": (
        {"actions.transfer.by": ["receiver"], "promises.1.roles": ["receiver"]},
        'stages.received.in_charge: "clerk" is in charge of "received" but has no action there.',
    ),
    "automatic moves in a circle": (
        {"stages.received.moves": [{"when": {"late": "transfer"}, "to": "told"}], "stages.told.moves": CIRCLE},
        'Automatic moves run in a circle through "received", "told".',
    ),
    "a last way with a condition": (
        {"actions.solve.goes.1": {"when": {"ours": "no"}, "to": "received"}},
        "actions.solve.goes[1]: The last way must be unconditional, or the action may lead nowhere.",
    ),
    "a way that is never taken": (
        {"actions.solve.goes.0": {"to": "told"}},
        "actions.solve.goes[1]: This way is never taken: the one before it has no condition.",
    ),
    "an action that can be done nowhere": (
        {"actions.visit.at": []},
        'actions.visit.at: The action "visit" can be done nowhere.',
    ),
    "a last limit with a condition": (
        {"clocks.solve.limit": [{"when": {"kind_of": "quality"}, "is": "3d"}], "settings.accept": GONE},
        "clocks.solve.limit[0]: The last limit must be unconditional, or the clock may have none.",
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), STAGES.values(), ids=STAGES)
def test_a_fault_in_the_stages_is_found(changes: dict[str, Any], sentence: str) -> None:
    assert any(sentence in problem for problem in said(changes))


PEOPLE: dict[str, tuple[dict[str, Any], str]] = {
    "superiors in a circle": (
        {"roles.head.superior": "clerk"},
        'roles.clerk.superior: The superiors of "clerk" run in a circle: clerk → head.',
    ),
    "a department that may not be named yet": (
        {"actions.transfer.asks": ["kind_of"], "actions.transfer.may_ask": ["department"]},
        'stages.solving.in_charge: A way leads to "solving" on which nobody is "department" yet',
    ),
    "a department that may be unknown": (
        {"fields.department.never_unknown": GONE},
        'stages.solving.in_charge: A way leads to "solving" on which nobody is "department" yet, because the field '
        '"department" is answered later or not at all; ask before, or name a superior.',
    ),
    "a department asked too late, even with a superior": (
        {
            "roles.department.superior": "head",
            "actions.transfer.asks": ["kind_of"],
            "actions.tell.asks": ["reply", "department"],
        },
        'stages.solving.in_charge: Nobody can be "department" yet: the field "department" is answered only after this '
        "stage.",
    ),
    "whoever did what is done later": (
        {"roles.clerk": {"title": WORDS, "did": "solve"}},
        'stages.received.in_charge: A way leads to "received" on which nobody is "clerk" yet',
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), PEOPLE.values(), ids=PEOPLE)
def test_a_role_that_is_nobody_is_found(changes: dict[str, Any], sentence: str) -> None:
    assert any(problem.startswith(sentence) for problem in said(changes))


def test_a_superior_may_answer_until_the_department_is_named() -> None:
    later = {"actions.transfer.asks": ["kind_of"], "actions.transfer.may_ask": ["department"]}

    assert said({**later, "roles.department.superior": "head"}) == []


PROMISES: dict[str, tuple[dict[str, Any], str]] = {
    "no_way": (
        {"promises.2": {"kind": "no_way", "from": "solving", "to": "received"}},
        'promises[2]: There must be no way from "solving" to "received", but there is one.',
    ),
    "only_by": (
        {"actions.transfer.by": ["clerk", "head"]},
        'promises[1]: Only "clerk" may do "transfer", but "head" may too.',
    ),
    "only_by, by whoever is in charge": (
        {"promises.1": {"kind": "only_by", "action": "withdraw", "roles": ["clerk"]}},
        'promises[1]: Only "clerk" may do "withdraw", but "department" may too.',
    ),
    "passes_through an action": (
        {"actions.solve.needs": GONE},
        'promises[0]: A case can come to "closed" without passing through "find_facts".',
    ),
    "passes_through a stage": (
        {"promises.0.through": "solving", "actions.transfer.goes": "told"},
        'promises[0]: A case can come to "closed" without passing through "solving".',
    ),
    "no_action": (
        {"actions.transfer.goes": [{"when": {"kind_of": "other"}, "to": "closed"}, {"to": "solving"}]},
        'promises[3]: At "received" there must be no "close", but "transfer" does it.',
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), PROMISES.values(), ids=PROMISES)
def test_a_broken_promise_is_found(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in said(changes)


def test_a_promise_kept_by_a_gate_holds() -> None:
    assert said({"promises.0": {"kind": "passes_through", "to": "told", "through": "find_facts"}}) == []
