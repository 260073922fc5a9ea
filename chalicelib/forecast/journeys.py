"""Ways to a stage: the actions, with actors and answers, that bring a new case to it by the engine's own rules."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import repeat
from random import Random
from typing import Any

from msgspec.structs import replace

from chalicelib.desk.calendar import next_opening
from chalicelib.desk.complaint import ChannelOfIntake, Complaint
from chalicelib.desk.conditions import tests_in
from chalicelib.desk.engine import decide, next_due, open_case, tick
from chalicelib.desk.errors import BadInput
from chalicelib.desk.procedure import Field
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.words import said
from chalicelib.forecast.answering import MINUTE, Habits
from chalicelib.forecast.course import Course
from chalicelib.forecast.player import Manner, Move, Player, Wanted, hands

MOST_MOVES, TRIES_EACH = 60, 6
"""The longest journey, and how often each way of finding one is tried."""

USUALLY = 20
"""A journey by the usual way that takes more moves than this has gone in circles."""

USUAL_TRIES = 4
A_DAY = 24 * 60


class NoWay(LookupError):
    """No way to the stage was found."""


def plainly(desk: Desk) -> Habits:
    """How a careful person fills a form where nobody said what to write: everything required, nothing unknown.

    Whoever is named holds no post where there are such people: named as the person concerned, the head of a desk
    would be kept out of the case.
    """

    def says(entry: Field) -> str:
        language = desk.site.language
        return f"{said(entry.title, language)}: {'as recorded' if language == 'en' else '见记录'}"

    posted = {person for people in desk.site.posts.values() for person in people}
    others = [p.id for p in desk.organisation.staff.values() if p.active and p.id not in posted]
    return Habits(
        optional=0.3, unknown=0, earlier=[0], by_day=True, spans=[A_DAY, 2 * A_DAY, 3 * A_DAY, 5 * A_DAY],
        copies=_copies(desk), people=others, says=says, enveloped=False,
    )  # fmt: skip


def journeys(
    desk: Desk, received_at: datetime, *, seed: str = "1", fixed: Mapping[str, Any] | None = None,
    channel: ChannelOfIntake = "phone",
) -> Iterator[tuple[str, list[Move]]]:  # fmt: skip
    """For each stage of the desk's procedure, in its order, a way there. Raises NoWay.

    `fixed`: field to the answer it gets wherever it is asked, unless the way there needs another.
    """
    for stage in desk.procedure.stages:
        yield stage, journey_to(desk, stage, received_at, seed=seed, fixed=fixed, channel=channel)


def journey_to(
    desk: Desk, stage: str, received_at: datetime, *, seed: str = "1", fixed: Mapping[str, Any] | None = None,
    channel: ChannelOfIntake = "phone",
) -> list[Move]:  # fmt: skip
    """A way to the stage, from a complaint received then; work is done while the site is open. Raises NoWay."""
    habits = replace(plainly(desk), fixed=fixed or {})
    for attempt, manner in enumerate(_manners(desk, stage, habits)):
        most = USUALLY if attempt < USUAL_TRIES else MOST_MOVES
        if moves := _way(desk, replace(manner, seed=f"{seed}.{attempt}"), stage, received_at, channel, most):
            return moves
    raise NoWay(f"{desk.procedure.id}: no way to {stage!r} was found")


def _manners(desk: Desk, stage: str, habits: Habits) -> Iterator[Manner]:
    """The usual way, if it passes the stage; else straight there; else by whatever happens besides."""
    usual = Manner(course=Course(desk.procedure), habits=habits, detour=0, aside=0)
    straight = replace(usual, course=Course(desk.procedure, stage))
    for attempt in range(USUAL_TRIES):
        yield replace(usual, detour=attempt / 10)
    yield from repeat(straight, TRIES_EACH)
    yield from repeat(replace(straight, habits=replace(habits, fixed={})), TRIES_EACH)
    for much in (0.2, 0.5):
        yield from repeat(replace(usual, detour=much, aside=much), 2 * TRIES_EACH)
    yield from repeat(replace(usual, detour=0.5, aside=0.5, habits=replace(habits, fixed={})), 4 * TRIES_EACH)


def blank(desk: Desk, number: str, received_at: datetime, channel: ChannelOfIntake = "phone") -> Complaint:
    """A case that is not opened yet."""
    return Complaint(
        org=desk.organisation.id, site=desk.site.id, number=number, procedure=desk.procedure.id,
        procedure_version=desk.procedure.version, channel=channel, kind="complaint", language="zh-Hans",
        received_at=received_at, registered_at=received_at, reach=["sms"],
    )  # fmt: skip


def _way(
    desk: Desk, manner: Manner, target: str, received_at: datetime, channel: ChannelOfIntake, most: int
) -> list[Move]:
    """The moves of one attempt; none where it does not come there."""
    player = Player(desk, manner, manner.seed)
    dice = Random(manner.seed)  # noqa: S311 # dice
    now, case = received_at, blank(desk, "journey", received_at, channel)
    answers, first = player.opening(case, now), desk.rulebook.opening
    actor = (hands(desk, case, first, now)[1] or [""])[0]
    moves = [Move(at=now, actor=actor, action=first, answers=answers)]
    try:
        case = open_case(desk, case, answers, actor, now).complaint
    except BadInput:
        return []
    for _ in range(most):
        if case.stage == target:
            return moves
        now = next_opening(desk.calendar, now + dice.randint(10, 150) * MINUTE)
        todo = _soonest(desk, case, player, now)
        if todo is None:
            due = next_due(desk, case)
            if due is None:
                return []
            now = max(due, now)
            move = Move(at=now, actor="", action="", answers={})
            case = passed.complaint if (passed := tick(desk, case, now)) else case
        else:
            move, after = todo
            case = after
        moves.append(move)
    return []


def _soonest(desk: Desk, case: Complaint, player: Player, now: datetime) -> tuple[Move, Complaint] | None:
    """The first of what is to be done that the engine lets be done; None where nothing can be."""
    passed = tick(desk, case, now)
    case = passed.complaint if passed else case
    for wanted in player.wanted(case, now):
        if found := done(desk, case, player, wanted, now):
            return found
    return None


def done(desk: Desk, case: Complaint, player: Player, wanted: Wanted, now: datetime) -> tuple[Move, Complaint] | None:
    """The work as a move, and the case after it; None where the engine does not let it be done."""
    actor = player.hands(case, wanted.action, now)[1][0]
    answers = player.answers(case, wanted, now)
    try:
        decision = decide(desk, case, wanted.action, answers, actor, now, wanted.task)
    except BadInput:
        return None
    return Move(at=now, actor=actor, action=wanted.action, answers=answers, task=wanted.task), decision.complaint


def _copies(desk: Desk) -> dict[str, str]:
    conditions = [need.that for action in desk.procedure.actions.values() for need in action.needs]
    tests = [test for condition in conditions for test in tests_in(condition) if test.op == "covers"]
    return {test.name: str(test.values[0]) for test in tests}
