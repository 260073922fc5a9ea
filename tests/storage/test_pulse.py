"""What every Pulse does."""

from chalicelib.storage.pulse import KEPT_SECONDS
from chalicelib.storage.stores import Stores
from tests.storage.conftest import Stand
from tests.storage.samples import HOUR, NOON


def test_before_the_first_sweep_there_is_none(stores: Stores) -> None:
    assert stores.pulse.last() is None


def test_the_latest_beat_counts(stores: Stores) -> None:
    stores.pulse.beat(NOON - HOUR)
    stores.pulse.beat(NOON)
    assert stores.pulse.last() == NOON


def test_what_was_read_is_kept_for_some_seconds(stand: Stand) -> None:
    reads: list[dict[str, object]] = []
    stand.client.meta.events.register(
        "provide-client-params.dynamodb.GetItem", lambda params, **_: reads.append(params)
    )
    stand.stores.pulse.beat(NOON - HOUR)
    for _ in range(3):
        assert stand.stores.pulse.last() == NOON - HOUR
    stand.stores.pulse.beat(NOON)
    stand.seconds += KEPT_SECONDS - 1
    assert stand.stores.pulse.last() == NOON - HOUR
    stand.seconds += 1
    assert stand.stores.pulse.last() == NOON
    assert [read.get("ConsistentRead", False) for read in reads] == [False, False]


def test_every_beat_is_the_same_small_item(stand: Stand) -> None:
    for hour in range(3):
        stand.stores.pulse.beat(NOON + hour * HOUR)
    assert len(stand.items()) == 1
