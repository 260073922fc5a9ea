"""Histories: whole or not, and whether an action is in them already."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.cases.verify import Verified, done_before, verified
from chalicelib.desk.complaint import Event
from tests.web.air import ORG, Air, on_air


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air() as found:
        yield found


@pytest.fixture
def number(air: Air) -> str:
    number = air.registered()
    for note in ("a", "b", "c"):
        air.wait(minutes=1)
        assert air.act(number, "add_note", by="shen", note=note).status_code == 200
    return number


def proved(air: Air, number: str, events: list[Event] | None = None) -> Verified:
    case = air.stores.cases.load(ORG, number)
    assert case is not None
    return verified(case, air.stores.cases.history(ORG, number) if events is None else events)


def test_an_untouched_history_is_whole(air: Air, number: str) -> None:
    assert proved(air, number) == Verified(whole=True, broken_at=None, state_agrees=True, events=4)


@pytest.mark.parametrize(("lost", "broken"), [(0, 1), (1, 2), (2, 3), (3, 4)])
def test_a_missing_event_is_found_the_last_one_too(air: Air, number: str, lost: int, broken: int) -> None:
    events = air.stores.cases.history(ORG, number)
    del events[lost]
    found = proved(air, number, events)
    assert (found.whole, found.broken_at) == (False, broken)


def test_a_head_that_says_something_else_is_found(air: Air, number: str) -> None:
    air.stores.cases.memory.heads[ORG, number].summary = "别的"
    found = proved(air, number)
    assert (found.whole, found.broken_at, found.state_agrees) == (False, None, False)


def test_an_action_is_known_again_by_its_very_event(air: Air, number: str) -> None:
    events, case = air.stores.cases.history(ORG, number), air.stores.cases.load(ORG, number)
    assert case is not None
    desk = air.world.desks.of(case)

    def known(version: int, action: str, note: Any, actor: str) -> bool:
        return done_before(desk, events, version, action, {"note": note}, actor, "")

    assert known(1, "add_note", "a", "shen")
    assert known(2, "add_note", "b", "shen")
    assert not known(1, "add_note", "b", "shen")
    assert not known(1, "add_note", "a", "song")
    assert not known(1, "withdraw", "a", "shen")
    assert not known(1, "add_note", 5, "shen")
    assert not known(4, "add_note", "c", "shen")
    assert not known(99, "add_note", "c", "shen")
    assert not known(0, "add_note", "a", "shen")
