"""A forecast loses nothing, counts what the histories say, and differs only where what was changed makes it differ."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.engine import decide, open_case, tick
from chalicelib.desk.history import broken_at, replay
from chalicelib.desk.rulebook import Desk
from chalicelib.forecast.figures import figures_of
from chalicelib.forecast.incoming import Incoming
from chalicelib.forecast.journeys import blank
from chalicelib.forecast.ledger import Work
from chalicelib.forecast.player import Move
from chalicelib.forecast.simulation import Simulation
from chalicelib.procedures.compile import sources
from tests.forecast.desks import FIRST, UNTIL, complaints, desk_of, played

PROCEDURES = sorted(sources())


@pytest.fixture(scope="module", params=PROCEDURES)
def year(request: pytest.FixtureRequest) -> Simulation:
    return played(desk_of(request.param), complaints(30))


def test_every_complaint_is_accounted_for(year: Simulation) -> None:
    totals = figures_of(year, {}).totals

    assert sorted(year.live) == sorted(c.number for c in complaints(30))
    assert totals.complaints == 30 == totals.closed + totals.open
    assert {work.case for work in year.ledger.work} <= year.live.keys()
    assert sum(totals.standing_at.values()) == totals.standing <= totals.open


def test_most_complaints_come_to_an_end_and_none_hangs_unseen(year: Simulation) -> None:
    totals = figures_of(year, {}).totals

    assert totals.closed >= 25
    assert totals.closed + totals.standing + sum(_is_waited_for(year, n) for n in year.live) >= totals.complaints


def _is_waited_for(year: Simulation, number: str) -> bool:
    live = year.live[number]
    return not live.case.finished and (bool(live.pieces) or live.due is not None)


def test_what_outlives_its_case_is_done_all_the_same() -> None:
    desk = desk_of("c-company")
    asked = played(desk, complaints(60), chances={"ask_call_back": 1})
    calls = [run for live in asked.live.values() for run in live.case.tasks.values() if run.task == "call_back"]

    assert len(calls) > 60 / 2
    assert [run for run in calls if run.finished is None] == []


def test_breaches_are_those_that_the_histories_tell(year: Simulation) -> None:
    told: Counter[str] = Counter()
    clocks = year.desk.procedure.clocks
    for number, events in year.ledger.events.items():
        assert broken_at(events, year.live[number].case.chain) is None
        state = replay(events)
        assert state == year.live[number].case
        told.update(s.removeprefix("late ") for e in events for s in e.signals if s.startswith("late "))
    figures = figures_of(year, {})

    assert {c.clock: c.late for c in figures.clocks if c.late} == {
        name: count for name, count in told.items() if clocks[name].counts
    }
    assert figures.totals.late == sum(c.late for c in figures.clocks)
    assert all(c.late + c.in_time + c.undecided + c.unlimited == c.runs for c in figures.clocks)


def test_the_rungs_that_roles_heard_are_those_that_reached_somebody(year: Simulation) -> None:
    expected = 0
    for events in year.ledger.events.values():
        for version, event in enumerate(events, 1):
            if rungs := {(told.clock, told.rung) for told in event.told if told.rung >= 0}:
                case = replay(events[:version])
                expected += sum(_roles_of(year.desk, case, key, rung) for key, rung in rungs)

    assert figures_of(year, {}).totals.heard == expected == sum(r.heard for r in figures_of(year, {}).roles)


def _roles_of(desk: Desk, case: Complaint, key: str, rung: int) -> int:
    """How many roles a rung names; a superior counts where there is one, and somebody hears in any case."""
    tell, owner = (
        desk.procedure.clocks[key.partition("@")[0]].ladder[rung].tell,
        desk.procedure.roles.get(case.owner.role),
    )
    nobodys = {"superior"} if not (owner and owner.superior) else set()
    if not owner and "@" not in key:
        nobodys |= {"in_charge", "owner"}
    return len([role for role in tell if role not in nobodys]) or 1


def test_nobody_does_two_things_at_once_or_begins_outside_working_time(year: Simulation) -> None:
    days: dict[str, list[Work]] = defaultdict(list)
    for work in year.ledger.work:
        days[work.person].append(work)
        assert year.crew.shifts.of(work.person).at_work(work.started)
        assert work.ready <= work.started < work.ended
    for worked in days.values():
        in_order = sorted(worked, key=lambda work: work.started)
        assert all(one.ended <= other.started for one, other in pairwise(in_order))


def test_roles_add_up_to_all_the_work(year: Simulation) -> None:
    figures = figures_of(year, {})

    assert sum(role.pieces for role in figures.roles) == figures.totals.pieces
    assert sum(role.hours for role in figures.roles) == pytest.approx(figures.totals.hours)


def test_the_same_seed_is_the_same_forecast_and_another_is_not() -> None:
    one, same, other = (
        figures_of(played(desk_of("c-company"), complaints(20), seed=seed), {}) for seed in ("a", "a", "b")
    )  # fmt: skip

    assert one == same
    assert one != other


@pytest.mark.parametrize("name", ["c-company", "n-notice", "e-dongnan"])  # no case closes over work left undone
def test_more_people_do_no_more_work_in_all_and_are_no_later(name: str) -> None:
    few, many = (
        figures_of(played(desk_of(name, people), complaints(60), absent=0, detour=0, aside=0), {}).totals
        for people in (1, 4)
    )

    assert many.hours <= few.hours
    assert many.late <= few.late


def test_work_that_takes_longer_makes_a_desk_later() -> None:
    quick, slow = (
        figures_of(played(desk_of("c-company", 1), complaints(120), minutes={"classify": m}), {}).totals
        for m in (5, 300)
    )

    assert slow.late > quick.late
    assert slow.hours > quick.hours


@pytest.mark.parametrize("clock", ["form_in", "transfer", "tell_result"])
def test_on_the_same_moves_a_tighter_limit_is_never_missed_less(clock: str) -> None:
    desk = desk_of("c-company")
    moves = played(desk, complaints(40)).ledger.moves
    late = [
        sum(_late(desk_of("c-company", **{clock: limit}), clock, each) for each in moves.values())
        for limit in ("30m", "4h", "24h", "3d", "30d")
    ]

    assert late == sorted(late, reverse=True)
    assert late[0] > late[-1]


def _late(desk: Desk, clock: str, moves: list[Move]) -> int:
    first, *rest = moves
    case: Complaint = open_case(desk, blank(desk, "n", first.at), first.answers, first.actor, first.at).complaint
    for move in rest:
        case = decide(desk, case, move.action, move.answers, move.actor, move.at, move.task).complaint
    passed = tick(desk, case, UNTIL)
    return sum(late.clock == clock for late in (passed.complaint if passed else case).lateness)


def test_a_changed_limit_changes_no_draw() -> None:
    wide, tight = (played(desk_of("c-company", transfer=limit), complaints(30)) for limit in ("24h", "5m"))

    assert [(w.case, w.action, w.seconds) for w in sorted(wide.ledger.work, key=_by_case)] == [
        (w.case, w.action, w.seconds) for w in sorted(tight.ledger.work, key=_by_case)
    ]
    assert figures_of(tight, {}).totals.late > figures_of(wide, {}).totals.late


def _by_case(work: Work) -> tuple[str, str, int]:
    return work.case, work.action, work.seconds


def test_what_was_done_in_fact_is_played_at_its_time_and_what_it_needs_with_it() -> None:
    done = [(FIRST.replace(hour=3), "classify"), (FIRST.replace(day=5), "return_result")]
    simulation = played(desk_of("c-company"), [Incoming(number="1", received_at=FIRST, did=done)])

    assert [(m.at, m.action) for m in simulation.ledger.moves["1"]] == [
        (FIRST, "register"),
        (FIRST.replace(hour=3), "send_form"),
        (FIRST.replace(hour=3), "classify"),
        (FIRST.replace(day=5), "return_result"),
    ]
    assert simulation.unplayed == []
    assert simulation.ledger.work == []
    assert simulation.live["1"].case.stage == "result_in"


def test_what_cannot_have_been_done_is_told() -> None:
    done = [(FIRST.replace(hour=3), "tell_customer"), (FIRST.replace(hour=4), "send_form")]
    simulation = played(desk_of("c-company"), [Incoming(number="1", received_at=FIRST, did=done)])

    assert simulation.unplayed == [("1", "send_form")]
