"""What every DueStore does: the one index of what must happen later."""

from datetime import datetime

from chalicelib.ports import Due, Job
from chalicelib.storage.stores import Stores
from tests.storage.conftest import SHARDS, Stand
from tests.storage.faults import calls_of, replies_lost
from tests.storage.samples import HOUR, NOON, a_complaint, a_registration

ORG = "c-company"


def register(stores: Stores, number: str, due: datetime | None) -> None:
    """A case armed at that time, and nothing else armed."""
    stores.cases.register(a_registration(number, due=due, messages=[]))


def due_by(stores: Stores, now: datetime, limit: int = 100) -> list[Due]:
    """What is due in any shard."""
    return [item for shard in range(stores.due.shards) for item in stores.due.due(shard, now, limit)]


def test_only_what_is_due_is_read(stores: Stores) -> None:
    register(stores, "late", NOON - HOUR)
    register(stores, "now", NOON)
    register(stores, "later", NOON + HOUR / 3600)
    register(stores, "never", None)
    assert sorted(item.id for item in due_by(stores, NOON)) == ["late", "now"]


def test_each_item_says_what_it_is(stores: Stores) -> None:
    register(stores, "1", NOON)
    stores.duties.arm(ORG, "main", "weekly", NOON)
    stores.jobs.put(Job(org=ORG, id="rearm", kind="rearm", site="main", cursor="", version=1, due=NOON))
    found = {(item.kind, item.org, item.id, item.due) for item in due_by(stores, NOON)}
    assert found == {("case", ORG, "1", NOON), ("duty", ORG, "main/weekly", NOON), ("job", ORG, "rearm", NOON)}


def test_many_items_spread_over_all_shards_and_each_is_in_one(stores: Stores) -> None:
    for i in range(40):
        register(stores, f"case-{i}", NOON)
    shards = [{item.id for item in stores.due.due(shard, NOON, 100)} for shard in range(SHARDS)]
    assert sum(map(len, shards)) == len(set().union(*shards)) == 40
    assert min(map(len, shards)) >= 4


def test_a_shard_gives_its_oldest_first_and_no_more_than_asked(stores: Stores) -> None:
    for i in range(24):
        register(stores, f"case-{i}", NOON - i * HOUR)
    for shard in range(SHARDS):
        whole = list(stores.due.due(shard, NOON, 100))
        assert [item.due for item in whole] == sorted(item.due for item in whole)
        assert list(stores.due.due(shard, NOON, 3)) == whole[:3]


def test_a_new_commit_moves_the_item_and_closing_disarms_it(stores: Stores) -> None:
    register(stores, "1", NOON)
    stores.cases.commit(1, a_complaint("1"), [], [], NOON + HOUR)
    assert due_by(stores, NOON) == []
    assert [item.due for item in due_by(stores, NOON + HOUR)] == [NOON + HOUR]
    stores.cases.commit(1, a_complaint("1"), [], [], None)
    assert due_by(stores, NOON + 9 * HOUR) == []


def test_an_item_is_postponed_and_its_case_stays_as_it_is(stores: Stores) -> None:
    register(stores, "1", NOON)
    [item] = due_by(stores, NOON)
    before = stores.cases.load(ORG, "1")
    stores.cases.postpone(item, NOON + 2 * HOUR)
    assert [late.due for late in due_by(stores, NOON + 2 * HOUR)] == [NOON + 2 * HOUR]
    assert stores.cases.load(ORG, "1") == before


def test_an_item_is_postponed_only_if_it_still_is_armed_as_it_was_found(stores: Stores) -> None:
    register(stores, "moved", NOON)
    register(stores, "closed", NOON)
    found = due_by(stores, NOON)
    stores.cases.commit(1, a_complaint("moved"), [], [], NOON + HOUR)
    stores.cases.commit(1, a_complaint("closed"), [], [], None)
    for item in found:
        stores.cases.postpone(item, NOON + 5 * HOUR)
    assert [(item.id, item.due) for item in due_by(stores, NOON + 9 * HOUR)] == [("moved", NOON + HOUR)]


def test_an_item_that_should_not_be_armed_can_be_disarmed(stores: Stores) -> None:
    register(stores, "1", NOON)
    [item] = due_by(stores, NOON)
    stores.cases.postpone(item, None)
    assert due_by(stores, NOON + 9 * HOUR) == []


def test_messages_duties_and_jobs_are_postponed_too(stores: Stores) -> None:
    stores.cases.register(a_registration("1", due=None))
    stores.duties.arm(ORG, "main", "weekly", NOON)
    stores.jobs.put(Job(org=ORG, id="rearm", kind="rearm", site="main", cursor="", version=1, due=NOON))
    found = due_by(stores, NOON + HOUR)
    assert sorted(item.kind for item in found) == ["duty", "job", "message"]
    for item in found:
        stores.cases.postpone(item, NOON + 5 * HOUR)
    assert due_by(stores, NOON + 4 * HOUR) == []
    assert len(due_by(stores, NOON + 5 * HOUR)) == 3


# on the table


def test_a_backlog_is_read_page_by_page_and_only_as_far_as_it_is_used(stand: Stand) -> None:
    stand.table.save_all([])  # the client is there before calls are counted
    for i in range(30):
        register(stand.stores, f"case-{i}", NOON)
    with calls_of(stand.client) as calls:
        first = next(iter(stand.stores.due.due(0, NOON, 1000)))
    assert first.shard == 0
    assert calls == ["Query"]


def test_postponing_survives_a_lost_reply(stand: Stand) -> None:
    register(stand.stores, "1", NOON)
    [item] = due_by(stand.stores, NOON)
    with replies_lost(stand.client, "UpdateItem"):
        stand.stores.cases.postpone(item, NOON + HOUR)
    assert [late.due for late in due_by(stand.stores, NOON + HOUR)] == [NOON + HOUR]
