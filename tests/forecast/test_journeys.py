"""Every stage of every procedure is reached by somebody's work, found by looking at the procedure alone."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from msgspec.structs import replace

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.engine import decide, open_case, tick
from chalicelib.desk.holidays import calendar_of
from chalicelib.desk.rulebook import Desk, Rulebook
from chalicelib.forecast.journeys import Move, NoWay, blank, journey_to, journeys
from chalicelib.forecast.made_up import staffed
from chalicelib.procedures.compile import compile_source, sources
from infra.seed import organisations

RECEIVED = datetime(2026, 9, 10, 2, tzinfo=UTC)


def at_the_demo(procedure: str) -> Desk:
    """The desk of the demo organisation."""
    organisation = next(found for found in organisations() if found.id == procedure)
    site = next(iter(organisation.sites.values()))
    rulebook = Rulebook(compile_source(sources()[procedure]).bind(site.settings))
    return Desk(organisation=organisation, site=site, calendar=calendar_of(site), rulebook=rulebook)


def went(desk: Desk, moves: list[Move]) -> Complaint:
    """The case after these moves, made by the engine anew."""
    first, *rest = moves
    case = open_case(desk, blank(desk, "n", first.at), first.answers, first.actor, first.at).complaint
    for move in rest:
        if move.action:
            case = decide(desk, case, move.action, move.answers, move.actor, move.at, move.task).complaint
        elif passed := tick(desk, case, move.at):
            case = passed.complaint
    return case


@pytest.mark.parametrize("name", sorted(sources()))
def test_there_is_a_journey_to_every_stage_and_it_arrives_there(name: str) -> None:
    desk = at_the_demo(name)
    found = dict(journeys(desk, RECEIVED))

    assert list(found) == list(desk.procedure.stages)
    assert {stage: went(desk, moves).stage for stage, moves in found.items()} == {stage: stage for stage in found}


def test_a_journey_goes_forward_in_time_and_starts_when_the_complaint_came() -> None:
    moves = journey_to(at_the_demo("w-workshop"), "archived", RECEIVED)

    assert moves[0].at == RECEIVED
    assert all(earlier.at < later.at for earlier, later in pairwise(moves))


def test_the_same_seed_is_the_same_journey_and_another_seed_another() -> None:
    desk = at_the_demo("p-property")

    assert journey_to(desk, "closed", RECEIVED, seed="a") == journey_to(desk, "closed", RECEIVED, seed="a")
    assert journey_to(desk, "closed", RECEIVED, seed="a") != journey_to(desk, "closed", RECEIVED, seed="b")


def test_an_answer_that_is_given_stands_in_the_form() -> None:
    desk = at_the_demo("c-company")
    moves = journey_to(desk, "transferred", RECEIVED, fixed={"content": "电梯停运三天"})

    assert went(desk, moves).values["content"] == "电梯停运三天"


def test_an_answer_that_stands_in_the_way_gives_way() -> None:
    desk = at_the_demo("w-workshop")

    assert went(desk, journey_to(desk, "pending", RECEIVED, fixed={"pending_approved": "no"})).stage == "pending"


def test_where_no_way_leads_it_is_said() -> None:
    desk = staffed(compile_source(sources()["n-notice"]).bind({}))
    empty = replace(desk, organisation=replace(desk.organisation, staff={}))

    with pytest.raises(NoWay, match="closed"):
        journey_to(empty, "closed", RECEIVED)
