"""What every WrongProofs does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.storage.stores import Stores
from tests.storage.conftest import Stand

NUMBER, OTHER = "261123-0000017", "261123-0000025"
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
END = NINE + timedelta(minutes=59, seconds=59)
MOST = 10


def left(stores: Stores, number: str = NUMBER, at: datetime = NINE, most: int = MOST) -> int:
    """How many more may begin; looking begins them."""
    found = 0
    while stores.wrong_proofs.begin(number, at, most):
        found += 1
    return found


def begun(stores: Stores, *at: datetime) -> None:
    for instant in at:
        assert stores.wrong_proofs.begin(NUMBER, instant, MOST)


def test_no_more_than_the_most_begin_and_what_is_refused_is_not_counted(stores: Stores) -> None:
    assert left(stores, most=2) == 2
    assert left(stores, most=3) == 1


def test_they_add_up_by_number_within_the_hour(stores: Stores) -> None:
    begun(stores, NINE, END, END)
    assert left(stores, at=END) == MOST - 3
    assert left(stores, OTHER) == MOST


def test_one_that_was_right_is_not_counted(stores: Stores) -> None:
    begun(stores, NINE, NINE)
    stores.wrong_proofs.was_right(NUMBER, NINE)
    assert left(stores) == MOST - 1


def test_there_are_never_less_than_none(stores: Stores) -> None:
    stores.wrong_proofs.was_right(NUMBER, NINE)
    begun(stores, NINE)
    for _ in range(3):
        stores.wrong_proofs.was_right(NUMBER, NINE)
    assert left(stores) == MOST


def test_each_hour_begins_anew(stores: Stores) -> None:
    assert left(stores, at=END) == MOST
    assert left(stores, at=END + timedelta(seconds=1)) == MOST


def test_the_hour_is_the_same_in_every_zone(stores: Stores) -> None:
    begun(stores, datetime.fromisoformat("2026-11-23T09:30:00+08:00"))
    assert left(stores) == MOST - 1


def test_they_are_forgotten_after_the_hour_and_no_earlier(stand: Stand) -> None:
    stand.stores.wrong_proofs.begin(NUMBER, NINE, MOST)
    stand.stores.wrong_proofs.begin(NUMBER, END, MOST)
    [item] = stand.items()
    assert (item["times"], item["kind"]) == ({"N": "2"}, {"S": "wrong_proofs"})
    forgotten = datetime.fromtimestamp(int(item["ttl"]["N"]), UTC)
    assert END < forgotten <= END + timedelta(hours=2)


def test_counting_does_not_make_a_number_known(stores: Stores) -> None:
    stores.wrong_proofs.begin(NUMBER, NINE, MOST)
    assert stores.cases.org_of(NUMBER) is None


@pytest.mark.emulator  # moto tests a condition and writes afterwards
def test_of_fifty_at_once_ten_begin(stand_on: Callable[[str], Stand]) -> None:
    stand = stand_on("dynamodb_local")
    with ThreadPoolExecutor(16) as pool:
        begun = list(pool.map(lambda _: stand.stores.wrong_proofs.begin(NUMBER, NINE, MOST), range(50)))
    assert sum(begun) == MOST
