"""What every Buckets does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.desk.bucket import Bucket
from chalicelib.ports import Unavailable
from chalicelib.storage.buckets import TokenBuckets
from chalicelib.storage.stores import Stores
from tests.bench.wire import Call, listening
from tests.storage.conftest import Stand
from tests.storage.faults import unreachable

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
THREE = Bucket(size=3, seconds=20)


def after(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def taken(stores: Stores, *at: float, of: str = "9f3a") -> list[bool]:
    """What became of taking one at each of these seconds."""
    return [stores.buckets.take("intake", of, THREE, after(seconds)) for seconds in at]


def test_as_many_as_it_holds_at_once_and_then_none(stores: Stores) -> None:
    assert taken(stores, 0, 0, 0, 0, 0) == [True, True, True, False, False]


def test_one_comes_back_after_its_time_and_no_earlier(stores: Stores) -> None:
    assert taken(stores, 0, 0, 0, 19.9, 20, 20, 40) == [True, True, True, False, True, False, True]


def test_it_never_holds_more_than_its_size_however_long_nothing_came(stores: Stores) -> None:
    taken(stores, 0)
    assert taken(stores, 86400, 86400, 86400, 86400) == [True, True, True, False]


def test_what_is_refused_takes_nothing(stores: Stores) -> None:
    taken(stores, 0, 0, 0, *[1] * 50)
    assert taken(stores, 20) == [True]


def test_each_has_its_own(stores: Stores) -> None:
    taken(stores, 0, 0, 0)
    assert taken(stores, 0, of="77aa") == [True]
    assert stores.buckets.take("proof", "9f3a", THREE, NINE)
    assert taken(stores, 0) == [False]


def test_it_is_forgotten_after_it_is_full_and_no_earlier(stand: Stand) -> None:
    taken(stand.stores, 0, 0, 0)
    [item] = stand.items()
    assert item["kind"] == {"S": "bucket"}
    forgotten = datetime.fromtimestamp(int(item["ttl"]["N"]), UTC)
    assert after(60) < forgotten <= after(60) + timedelta(hours=1)


def calls(of: TokenBuckets, *at: float) -> list[int]:
    """How many calls of the table each taking was."""
    counts = []
    for seconds in at:
        heard: list[Call] = []
        with listening(heard.append):
            of.take("intake", "9f3a", THREE, after(seconds))
        assert {call.operation for call in heard} <= {"UpdateItem"}
        counts.append(len(heard))
    return counts


def test_taking_one_is_one_call_and_none_once_it_is_known_to_be_empty(stand: Stand) -> None:
    one, other = TokenBuckets(stand.table), TokenBuckets(stand.table)
    assert calls(one, 0, 0) == [1, 1]
    assert calls(other, 0) == [2]  # another container made it busy
    assert calls(one, 0, 1) == [1, 1]  # which this one cannot know yet
    assert calls(other, 0, 5, 21) == [0, 0, 1]


@pytest.mark.emulator  # moto tests a condition and writes afterwards
def test_of_fifty_at_once_as_many_get_one_as_it_holds(stand_on: Callable[[str], Stand]) -> None:
    stand = stand_on("dynamodb_local")
    containers = [TokenBuckets(stand.table) for _ in range(5)]
    with ThreadPoolExecutor(16) as pool:
        got = list(pool.map(lambda n: containers[n % 5].take("intake", "9f3a", THREE, NINE), range(50)))
    assert sum(got) == THREE.size


def test_no_container_remembers_more_than_it_should(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.storage.buckets.MOST_SEEN", 2)
    one = TokenBuckets(stand.table)
    for of in "abc":
        assert one.take("intake", of, THREE, NINE)
    assert len(one._seen) == 2
    assert one.take("intake", "c", THREE, after(60))
    assert len(one._seen) == 1


def test_a_table_that_does_not_answer_is_unavailable(stand: Stand) -> None:
    with unreachable(stand.client, "UpdateItem", times=20), pytest.raises(Unavailable):
        taken(stand.stores, 0)
