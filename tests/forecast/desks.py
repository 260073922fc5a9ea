"""Forecasts for tests: a made-up desk, some complaints, and the year played."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from msgspec.structs import replace

from chalicelib.desk.rulebook import Desk, Rulebook
from chalicelib.forecast.course import Course
from chalicelib.forecast.incoming import Incoming
from chalicelib.forecast.journeys import plainly
from chalicelib.forecast.made_up import posts_of, staffed
from chalicelib.forecast.minutes import Minutes
from chalicelib.forecast.options import bound
from chalicelib.forecast.player import Manner
from chalicelib.forecast.shifts import Shifts
from chalicelib.forecast.simulation import Simulation
from chalicelib.procedures.compile import compile_source, sources
from chalicelib.procedures.load import Compiled

FIRST = datetime(2026, 3, 2, 1, tzinfo=UTC)
UNTIL = FIRST + timedelta(days=120)


@cache
def compiled(procedure: str) -> Compiled:
    return compile_source(sources()[procedure])


def desk_of(procedure: str, people: int = 2, **changes: str) -> Desk:
    """A made-up desk with so many people in each post; `changes` are settings and the limits of clocks."""
    problems: list[Any] = []
    changed = bound(compiled(procedure), {}, changes, "--set", problems)
    assert problems == []
    plain = compiled(procedure).bind({})
    desk = staffed(plain, people=dict.fromkeys(posts_of(plain), people), usually=2)
    return replace(desk, calendar=replace(desk.calendar, horizon=""), rulebook=Rulebook(changed))


def complaints(count: int, seed: int = 1) -> list[Incoming]:
    """So many within a month, at any hour."""
    dice = Random(seed)  # noqa: S311 # dice
    moments = sorted(FIRST + timedelta(minutes=dice.randrange(30 * 1440)) for _ in range(count))
    return [Incoming(number=f"n-{n}", received_at=at) for n, at in enumerate(moments)]


def played(
    desk: Desk, incoming: list[Incoming], *, minutes: Mapping[str, float] | None = None, seed: str = "1",
    absent: float = 0.05, **more: Any,
) -> Simulation:  # fmt: skip
    """What became of it by the end of June."""
    manner = Manner(course=Course(desk.procedure), habits=plainly(desk), seed=seed, **more)
    shifts = Shifts(
        desk.calendar,
        date(2026, 2, 28),
        date(2026, 8, 1),
        absences=desk.organisation.absences,
        absent=absent,
        seed=seed,
    )
    given = Minutes(desk.procedure, minutes)
    return Simulation(desk, manner, given, shifts, until=int(UNTIL.timestamp()), keeps_history=True).run(incoming)
