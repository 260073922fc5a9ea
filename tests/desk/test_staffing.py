"""A site has the people its procedure needs, also while one of them is away."""

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.desk.errors import Problem
from chalicelib.desk.holidays import holidays
from chalicelib.desk.people import Department, Organisation
from chalicelib.desk.rulebook import Desk, Rulebook
from chalicelib.desk.staffing import NOBODY, problems
from chalicelib.forecast.made_up import staffed
from infra.seed import organisations
from tests.desk.build import DEPARTMENTS, POSTS, STAFF, away, desk
from tests.web.air import shipped

IN_CASE = """
roles: {%s}
fields:
  unit: {type: department}
actions:
  register: {at: [new], by: [anyone], asks: [unit], goes: working}
stages:
  working: {status: handling, in_charge: found}
"""
FOUND = {
    "staff_of": "found: {staff_of: unit, superior: agent}",
    "head_of": "found: {head_of: unit, superior: agent}",
    "did": "found: {did: register, superior: agent}",
    "unit_of": "taker: {did: register}, found: {unit_of: taker, superior: agent}",
}


def of(text: str = "", **more: Any) -> list[Problem]:
    """What is wrong with a tiny desk."""
    return problems(desk(text, **more))


def alone(post: str, person: str) -> list[Problem]:
    """That somebody in a post is missed."""
    return [Problem(post, f"is answered by nobody while {person} is away")]


def test_a_site_with_people_in_each_post_has_no_problem() -> None:
    assert of() == []


def test_a_post_in_charge_that_nobody_fills_is_named_although_a_superior_would_answer() -> None:
    assert of(posts=POSTS | {"agent": []}) == [Problem("posts.agent", NOBODY)]


def test_whoever_left_or_is_unknown_fills_no_post() -> None:
    staff = STAFF | {who: replace(STAFF[who], active=False) for who in ("ann", "ben")}
    assert of(staff=staff) == [Problem("posts.agent", NOBODY)]
    assert of(posts=POSTS | {"agent": ["stranger"]}) == [Problem("posts.agent", NOBODY)]


def test_a_post_beside_the_stages_may_be_left_to_its_superior_and_the_last_superior_not() -> None:
    assert of(posts=POSTS | {"head": []}) == []
    assert of(posts=POSTS | {"director": []}) == [Problem("posts.director", NOBODY)]


def test_everything_is_said_at_once() -> None:
    assert {problem.field for problem in of(posts={})} == {"posts.agent", "posts.head", "posts.director"}


def test_one_alone_in_a_post_is_enough_where_somebody_else_is_above() -> None:
    assert of(posts=POSTS | {"agent": ["ann"]}) == []
    assert of(posts={"agent": ["dan"], "director": ["dan"]}) == alone("posts.agent", "dan")


def test_who_is_away_today_is_no_fault_of_the_site_and_a_stand_in_of_today_is_no_help() -> None:
    everyone = [away(who, "01-01 00:00", "12-31 00:00") for who in STAFF]
    assert of(absences=everyone) == []
    helped = [away("dan", "01-01 00:00", "12-31 00:00", stand_in="eva")]
    assert of(posts={"agent": ["dan"], "director": ["dan"]}, absences=helped) == alone("posts.agent", "dan")


@pytest.mark.parametrize("how", FOUND)
def test_whoever_is_found_in_the_case_is_stood_in_for_by_the_superior(how: str) -> None:
    assert of(IN_CASE % FOUND[how]) == []


@pytest.mark.parametrize(("how", "missed"), [("staff_of", False), ("head_of", True), ("did", True), ("unit_of", True)])
def test_where_one_person_alone_is_above_they_are_missed(how: str, missed: bool) -> None:
    assert of(IN_CASE % FOUND[how], posts={"director": ["dan"]}) == (alone("posts.agent", "dan") if missed else [])


def test_without_a_superior_each_department_needs_two() -> None:
    text = IN_CASE % "found: {staff_of: unit}"
    assert of(text) == []
    shed = {"shed": Department(id="shed", name={"zh-Hans": "库房"}, people=["fay"])}
    hall = {"hall": Department(id="hall", name={"zh-Hans": "大厅"})}
    found = of(text, departments=DEPARTMENTS | shed | hall)
    assert found == [*alone("departments.shed", "fay"), Problem("departments.hall", NOBODY)]


def test_a_person_found_in_the_case_without_any_superior_is_the_affair_of_the_procedure() -> None:
    assert of(IN_CASE % "found: {did: register}") == []


def test_superiors_that_run_in_a_circle_end() -> None:
    assert of(IN_CASE % "found: {did: register, superior: other}, other: {did: register, superior: found}") == []


@pytest.mark.parametrize("organisation", organisations(), ids=lambda organisation: organisation.id)
def test_the_demo_is_staffed(organisation: Organisation) -> None:
    for site in organisation.sites.values():
        procedure = shipped(site.procedure).bind(site.settings)
        at = Desk(organisation=organisation, site=site, calendar=holidays(), rulebook=Rulebook(procedure))
        assert problems(at) == []
        bare = replace(at, site=replace(site, posts={}))
        assert {problem.problem for problem in problems(bare)} >= {NOBODY}


@pytest.mark.parametrize("organisation", organisations(), ids=lambda organisation: organisation.id)
def test_the_desks_that_other_tests_are_staffed_with_are_staffed(organisation: Organisation) -> None:
    for site in organisation.sites.values():
        assert problems(staffed(shipped(site.procedure).bind(site.settings), site.settings)) == []
