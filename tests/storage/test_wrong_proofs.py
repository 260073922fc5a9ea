"""What every WrongProofs does."""

from datetime import UTC, datetime, timedelta

from chalicelib.storage.stores import Stores
from tests.storage.conftest import Stand

NUMBER, OTHER = "261123-0000017", "261123-0000025"
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
END = NINE + timedelta(minutes=59, seconds=59)


def test_there_are_none_to_begin_with(stores: Stores) -> None:
    assert stores.wrong_proofs.in_hour(NUMBER, NINE) == 0


def test_they_add_up_by_number_within_the_hour(stores: Stores) -> None:
    for at in (NINE, END, END):
        stores.wrong_proofs.note(NUMBER, at)
    stores.wrong_proofs.note(OTHER, NINE)
    assert stores.wrong_proofs.in_hour(NUMBER, NINE) == stores.wrong_proofs.in_hour(NUMBER, END) == 3
    assert stores.wrong_proofs.in_hour(OTHER, NINE) == 1


def test_each_hour_begins_anew(stores: Stores) -> None:
    stores.wrong_proofs.note(NUMBER, END)
    assert stores.wrong_proofs.in_hour(NUMBER, END + timedelta(seconds=1)) == 0


def test_the_hour_is_the_same_in_every_zone(stores: Stores) -> None:
    stores.wrong_proofs.note(NUMBER, datetime.fromisoformat("2026-11-23T09:30:00+08:00"))
    assert stores.wrong_proofs.in_hour(NUMBER, NINE) == 1


def test_they_are_forgotten_after_the_hour_and_no_earlier(stand: Stand) -> None:
    stand.stores.wrong_proofs.note(NUMBER, NINE)
    stand.stores.wrong_proofs.note(NUMBER, END)
    [item] = stand.items()
    assert (item["times"], item["kind"]) == ({"N": "2"}, {"S": "wrong_proofs"})
    forgotten = datetime.fromtimestamp(int(item["ttl"]["N"]), UTC)
    assert END < forgotten <= END + timedelta(hours=2)


def test_counting_does_not_make_a_number_known(stores: Stores) -> None:
    stores.wrong_proofs.note(NUMBER, NINE)
    assert stores.cases.org_of(NUMBER) is None
