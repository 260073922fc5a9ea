"""The one door: what it asks, and that it is shut for everything else."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import chalicelib
from chalicelib.cases import may as door
from chalicelib.cases.may import OF_ANYONE, OF_COMPLAINANTS, OF_STAFF, Actor, Matter, Verb, complainant, may, staff
from tests.web.air import ORG, STAFF, Air, on_air, organisation

VERBS = get_args(Verb)
RULES = (
    "may_see",
    "may_see_line",
    "may_know",
    "may_read_field",
    "may_do_unseen",
    "may_print",
    "may_close",
    "may_issue",
)
SOURCE = Path(chalicelib.__file__).parent


@pytest.fixture
def air() -> Iterator[Air]:
    """Two organisations that work by the same procedure, with people of the same names."""
    with on_air(organisation(), organisation("other")) as found:
        yield found


def matter(air: Air, **changes: object) -> Matter:
    case = air.stores.cases.load(ORG, air.registered(**changes))
    assert case is not None
    return Matter(air.world.desks.of(case), case)


def things(air: Air) -> list[door.Thing]:
    found = matter(air)
    return [found, found.desk, found.desk.organisation]


def test_every_verb_has_a_rule_and_every_rule_a_verb() -> None:
    assert set(OF_STAFF) | set(OF_COMPLAINANTS) | set(OF_ANYONE) == set(VERBS)


def test_what_no_rule_says_nobody_may(air: Air) -> None:
    for thing in things(air):
        assert not may(staff(ORG, "root", air.now), "fly", thing, "x")  # type: ignore[arg-type]  # no verb
        assert not may(Actor(now=air.now), "fly", thing)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize("verb", VERBS)
def test_who_has_left_and_who_belongs_to_another_organisation_may_do_nothing(air: Air, verb: Verb) -> None:
    for thing in things(air):
        for actor in (staff(ORG, "left", air.now), staff(ORG, "nobody", air.now), staff("other", "root", air.now)):
            assert not may(actor, verb, thing, "note")


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_may_do_nothing(air: Air, verb: Verb) -> None:
    assert not any(may(Actor(now=air.now), verb, thing, "note") for thing in things(air))


@pytest.mark.parametrize("verb", VERBS)
def test_who_proved_one_case_may_do_nothing_in_another(air: Air, verb: Verb) -> None:
    mine, other = matter(air), matter(air)
    assert not may(complainant(mine.case, air.now), verb, other, "note")
    assert not may(complainant(mine.case, air.now), verb, mine.desk, "note")


@pytest.mark.parametrize("verb", ["read", "do_unseen", "close_register", "issue_report"])
def test_where_nothing_is_named_nothing_is_allowed(air: Air, verb: Verb) -> None:
    assert not any(may(staff(ORG, person, air.now), verb, thing) for thing in things(air) for person in STAFF)


def test_a_rule_about_a_case_says_nothing_of_a_site_nor_the_other_way_round(air: Air) -> None:
    found, actor = matter(air), staff(ORG, "root", air.now)
    assert may(actor, "see", found)
    assert not may(actor, "see", found.desk)
    assert may(actor, "read_registers", found.desk)
    assert not may(actor, "read_registers", found)


def test_nothing_but_the_door_asks_the_rules() -> None:
    own = {"may.py", "sight.py", "keepers.py", "duties.py"}
    asked = [
        f"{path.relative_to(SOURCE)}: {name}"
        for path in sorted(SOURCE.rglob("*.py"))
        if path.name not in own
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in [getattr(node, "id", getattr(node, "attr", getattr(node, "name", "")))]
        if name in RULES and not isinstance(node, ast.FunctionDef)
    ]
    assert [line for line in asked if not line.endswith(".py: may_close")] == [], "ask `may`"
