"""Intake: one write, whatever is asked how often and by how many at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Lock
from typing import Any

import pytest

from chalicelib.cases.numbers import heard
from chalicelib.cases.register import MOST_DRAWS, Register
from chalicelib.desk.errors import BadInput, KeyReused
from chalicelib.desk.posting import Content, Customer, Posting
from chalicelib.ports import NumberTaken, Registered, Registration
from tests.web.air import ORG, START, Air, on_air


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air() as found:
        yield found


def posting(**changes: Any) -> Posting:
    about: dict[str, Any] = {
        "org": ORG,
        "content": Content(summary="电梯停运"),
        "customer": Customer(phone="13800138000"),
    }
    return Posting(**{**about, **changes})


def problems(air: Air, **changes: Any) -> set[str]:
    with pytest.raises(BadInput) as refused:
        air.world.register(posting(**changes), key="k", source="public")
    return {problem.field for problem in refused.value.problems}


def test_a_number_can_be_said_on_the_phone(air: Air) -> None:
    case = air.world.register(posting(), key="k", source="public").case
    assert heard(case.number.replace("-", " ")) == case.number
    assert case.number.startswith("261123-")


def test_the_number_carries_the_date_where_the_site_is(air: Air) -> None:
    air.now = START.replace(hour=17)  # past midnight in Shanghai
    assert air.registered().startswith("261124-")


def test_clocks_start_when_the_complaint_came_not_when_it_was_recorded(air: Air) -> None:
    came = START - timedelta(hours=5)
    case = air.world.register(posting(received_at=came), key="k", source="public").case
    assert (case.received_at, case.registered_at) == (came, START)
    assert case.clocks["form_in"].started == came


def test_a_clock_slightly_ahead_is_forgiven_and_the_case_is_not_received_later_than_now(air: Air) -> None:
    case = air.world.register(posting(received_at=START + timedelta(minutes=2)), key="k", source="public").case
    assert case.received_at == START


def test_what_cannot_be_is_said_at_once(air: Air) -> None:
    ahead = START + timedelta(days=1)
    assert problems(air, received_at=ahead, content=Content(), anonymous=True, customer=Customer(name="李")) == {
        "received_at", "content", "customer",
    }  # fmt: skip
    assert problems(air, received_at=START - timedelta(days=4000)) == {"received_at"}
    assert problems(air, site="moon") == {"site"}
    assert not air.stores.cases.memory.heads


def test_control_characters_are_no_reason_to_refuse_a_complaint_and_are_not_kept(air: Air) -> None:
    said = Content(summary="电\x00梯\x08停运", details="一\x0b号楼\n停\\u0000运\\\x1f三天\x0c")
    sent = posting(content=said, customer=Customer(name="李\x01女士", phone="13800138000"))
    case = air.world.register(sent, key="k", source="public").case
    assert (case.summary, case.values["content"]) == ("电梯停运", "一号楼\n停\\u0000运\\三天")
    assert air.stores.cases.identity(ORG, case.number).name == "李女士"
    assert "content.details" not in case.posted
    assert problems(air, content=Content(summary="\x00", details="\x01\x02")) == {"content"}


def with_draws(air: Air, cases: Any, draws: Callable[[int], int]) -> Register:
    parts = {"desks": air.world.desks, "queue": air.queue, "hasher": air.world.hasher, "clock": air.world.clock}
    return Register(cases=cases, randbelow=draws, **parts)  # type: ignore[arg-type]  # each is what its name says


def test_a_taken_number_is_drawn_again(air: Air) -> None:
    draws = iter([5, 5, 5, 7])
    register = with_draws(air, air.stores.cases, lambda _: next(draws))
    first = register(posting(), key="one", source="public").case.number
    second = register(posting(), key="other", source="public").case.number
    assert (first[7:13], second[7:13]) == ("000005", "000007")


class Full:
    """A store in which every number is taken."""

    def __init__(self) -> None:
        self.tries = 0

    def register(self, new: Registration) -> Registered:
        self.tries += 1
        raise NumberTaken(new.complaint.number)


def test_it_does_not_draw_for_ever(air: Air) -> None:
    full = Full()
    with pytest.raises(RuntimeError):
        with_draws(air, full, lambda _: 5)(posting(), key="k", source="public")
    assert full.tries == MOST_DRAWS


def test_many_at_once_with_one_key_make_one_complaint(air: Air) -> None:
    store, lock = air.stores.cases, Lock()
    register = store.register

    def one_at_a_time(new: Registration) -> Registered:
        with lock:  # as the table does: one transaction on an item after the other
            return register(new)

    store.register = one_at_a_time  # type: ignore[method-assign]  # this very store of this test
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: air.world.register(posting(), key="k", source="public"), range(24)))
    assert len({receipt.case.number for receipt in receipts}) == 1
    assert sum(not receipt.replayed for receipt in receipts) == 1
    assert len(store.memory.heads) == 1  # type: ignore[attr-defined]  # the fake's
    assert len([m for m in air.queue.delivered if m.letter == "acknowledgement"]) == 1


def test_the_same_key_from_another_caller_is_another_complaint(air: Air) -> None:
    one = air.world.register(posting(), key="k", source="public")
    other = air.world.register(posting(), key="k", source="staff/lin")
    assert one.case.number != other.case.number


def test_the_same_key_with_another_body_is_refused(air: Air) -> None:
    air.world.register(posting(), key="k", source="public")
    with pytest.raises(KeyReused):
        air.world.register(posting(category="quality"), key="k", source="public")


def test_no_key_of_the_index_holds_a_phone_number(air: Air) -> None:
    air.registered()
    assert air.stores.cases.memory.links
    for key in air.stores.cases.memory.links:
        for personal in ("李女士", "0013800", "1-405"):
            assert personal not in "".join(key)


def test_a_case_knows_its_customer_by_short_keyed_hashes_however_they_are_written(air: Air) -> None:
    first = air.registered(customer={"phone": "138 0013 8000", "room": "１－４０５", "plate": "京A·12345"})
    again = air.registered(customer={"phone": "+8613800138000", "room": "1-405", "plate": "京a12345"})
    heads = [air.stores.cases.load(ORG, number) for number in (first, again)]
    assert heads[0].customer_keys == heads[1].customer_keys
    assert [key.partition(":")[0] for key in heads[0].customer_keys] == ["phone", "room", "plate"]
    assert all(len(key.partition(":")[2]) == 16 for key in heads[0].customer_keys)


def test_state_and_events_hold_nothing_of_who_complains(air: Air) -> None:
    air.registered()
    held = air.stores.cases.memory
    for text in (repr(held.heads), repr(held.events), repr(held.posted)):
        for personal in ("李女士", "0013800", "1-405"):
            assert personal not in text
