"""Actions: decided on what was read, written on condition that it still stands."""

from collections.abc import Iterator

import pytest

from chalicelib.desk.errors import BadInput, Conflict, NotAllowed, NotFound, NotOpen
from chalicelib.desk.history import replay
from tests.web.air import ORG, Air, on_air


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air() as found:
        yield found


def test_an_action_is_written_with_its_event_and_its_letters(air: Air) -> None:
    number = air.registered()
    sent = len(air.queue.delivered)
    form = {"scope": "other_department", "receiving_unit": "sales"}
    decision = air.world.acting("lin", "send_form").act(ORG, number, "send_form", form, actor="lin", version=1)
    assert air.stores.cases.load(ORG, number) == decision.complaint
    assert replay(air.stores.cases.history(ORG, number)) == decision.complaint
    assert [message.letter for message in air.queue.delivered[sent:]] == ["form_in"]


def test_what_is_due_happens_before_the_action(air: Air) -> None:
    number = air.registered()
    air.wait(hours=25)
    decision = air.world.acting("shen", "add_note").act(ORG, number, "add_note", {"note": "x"}, actor="shen", version=1)
    assert [event.kind for event in decision.events] == ["ticked", "acted"]
    assert decision.complaint.version == 3
    assert [late.clock for late in decision.complaint.lateness] == ["form_in"]


@pytest.mark.parametrize(
    ("action", "person", "version", "refusal"),
    [
        ("add_note", "shen", 7, Conflict), ("send_form", "shen", 1, NotAllowed), ("classify", "shen", 1, NotOpen),
        ("vanish", "shen", 1, NotFound), ("add_note", "far", 1, NotFound), ("add_note", "left", 1, NotFound),
        ("send_form", "lin", 1, BadInput),
    ],
)  # fmt: skip
def test_what_is_refused_writes_nothing(
    air: Air, action: str, person: str, version: int, refusal: type[Exception]
) -> None:
    number = air.registered()
    before = repr(air.stores.cases.memory)
    with pytest.raises(refusal):
        air.world.acting(person, action).act(ORG, number, action, {}, actor=person, version=version)
    assert repr(air.stores.cases.memory) == before


def test_two_who_decide_on_the_same_version_do_not_both_write(air: Air) -> None:
    number = air.registered()
    for person in ("shen", "song"):
        act = air.world.acting(person, "add_note").act
        if person == "shen":
            act(ORG, number, "add_note", {"note": "x"}, actor=person, version=1)
        else:
            with pytest.raises(Conflict):
                act(ORG, number, "add_note", {"note": "x"}, actor=person, version=1)
    assert len(air.stores.cases.history(ORG, number)) == 2


def test_what_the_complainant_writes_is_told_to_who_is_in_charge(air: Air) -> None:
    number = air.registered()
    air.world.act.write(ORG, number, "还没修好", {})
    assert [(m.letter, m.to) for m in air.queue.delivered if m.letter == "customer_wrote"] == [
        ("customer_wrote", "lin")
    ]


def test_nothing_can_be_written_into_a_case_that_is_not_there(air: Air) -> None:
    with pytest.raises(NotFound):
        air.world.act.write(ORG, "261123-0000017", "x", {})
