"""Worklists: whose they are, and who stands in."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.desk.errors import BadInput, NotAllowed
from chalicelib.desk.people import Absence, stands_in_for
from tests.web.air import ORG, START, Air, on_air, organisation


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air() as found:
        yield found


def away(air: Air, person: str, stand_in: str = "") -> None:
    end = START + timedelta(days=1)
    air.stores.directory.put_absence(ORG, Absence(person=person, start=START, end=end, stand_in=stand_in))


def stands_in(air: Air, person: str) -> list[str]:
    found = air.stores.directory.organisation(ORG)
    assert found is not None
    return stands_in_for(found, person, air.now)


def test_nobody_stands_in_while_everybody_is_here() -> None:
    assert all(stands_in_for(organisation(), person, START) == [] for person in organisation().staff)


def test_the_named_one_stands_in_and_no_other(air: Air) -> None:
    away(air, "shen", "far")
    assert stands_in(air, "far") == ["shen"]
    assert stands_in(air, "song") == []


def test_without_a_name_the_next_of_the_post_does(air: Air) -> None:
    away(air, "shen")
    assert stands_in(air, "song") == ["shen"]
    assert stands_in(air, "hou") == []


def test_who_is_away_too_stands_in_for_nobody(air: Air) -> None:
    away(air, "shen", "song")
    away(air, "song", "far")
    assert stands_in(air, "song") == []
    assert stands_in(air, "far") == ["song"]


def test_absence_is_looked_up_at_reading(air: Air) -> None:
    away(air, "shen")
    air.wait(days=1)
    assert stands_in(air, "song") == []


def test_where_the_line_tells_enough_no_case_is_read(air: Air) -> None:
    air.registered()
    air.cases.calls.clear()
    assert len(air.world.worklists(ORG, "hou", "en", owner="lin").items) == 1
    assert air.cases.calls == {"worklist": 1}


def test_where_it_does_not_all_are_read_together(air: Air) -> None:
    for _ in range(3):
        air.registered()
    air.cases.calls.clear()
    assert air.world.worklists(ORG, "far", "en", owner="lin").items == []
    assert air.cases.calls == {"worklist": 1, "load_many": 1}


def test_late_ones_come_first_and_say_so(air: Air) -> None:
    first = air.registered()
    air.wait(hours=25)
    air.world.sweep.run(lambda: 60.0)
    second = air.registered()
    lines = air.world.worklists(ORG, "lin", "en").items
    assert {line.number: line.late for line in lines} == {first: True, second: False}


@pytest.mark.parametrize(("person", "asked", "refusal"), [
    ("lin", {"department": "moon"}, BadInput), ("lin", {"owner": "nobody"}, BadInput), ("nobody", {}, NotAllowed),
    ("lin", {"cursor": "e30"}, BadInput), ("lin", {"cursor": "WyJhIl0"}, BadInput),
])  # fmt: skip
def test_a_list_that_cannot_be_is_refused(
    air: Air, person: str, asked: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        air.world.worklists(ORG, person, "en", **asked)  # type: ignore[arg-type]  # texts alone
