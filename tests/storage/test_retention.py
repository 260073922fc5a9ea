"""What every CaseStore does for retention: when something is erased, and that nothing of it is found afterwards."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.desk.complaint import Changes, Complaint, Erasure, Event, Identity, Retain
from chalicelib.desk.redaction import left_of
from chalicelib.storage.stores import Stores
from tests.storage.conftest import Stand
from tests.storage.faults import replies_lost
from tests.storage.samples import LI, NOON, a_complaint, a_registration, an_event

ORG, NUMBER = "c-company", "20261121-1111-1"
PHONE, ROOM = ("phone", "9f3a"), ("room", "77aa")
YEAR = timedelta(days=365)


def registered(stores: Stores, number: str = NUMBER, **but: bool) -> Complaint:
    """A case of Li's, armed for nothing."""
    complaint = a_complaint(number, **but)
    new = a_registration(
        complaint=complaint, due=None, messages=[], links=[PHONE, ROOM], groups=[("watch:main:w", "phone:9f3a")],
        key=number,
    )  # fmt: skip
    stores.cases.register(new)
    return complaint


def due_by(stores: Stores, now: datetime) -> list[tuple[str, str, datetime]]:
    """What is due in any shard."""
    items = [item for shard in range(stores.due.shards) for item in stores.due.due(shard, now, 100)]
    return [(item.kind, item.id, item.due) for item in items]


def test_a_case_is_armed_for_its_erasure_apart_from_its_clocks_and_disarmed_when_it_is_opened_again(
    stores: Stores,
) -> None:
    registered(stores)
    cases, at = stores.cases, NOON + YEAR
    cases.commit(1, a_complaint(version=2), [an_event(2)], [], NOON, retain=Retain(at))
    assert sorted(due_by(stores, at)) == [("case", NUMBER, NOON), ("retention", NUMBER, at)]
    cases.commit(2, a_complaint(version=3), [an_event(3)], [], None)
    assert due_by(stores, at) == [("retention", NUMBER, at)]
    cases.commit(3, a_complaint(version=4), [an_event(4)], [], None, retain=Retain(None))
    assert due_by(stores, at) == []
    cases.commit(4, a_complaint(version=5), [an_event(5)], [], None, retain=Retain(None))  # there was none


def test_one_that_ends_as_it_is_registered_is_armed_too_and_may_be_armed_for_another_time(stores: Stores) -> None:
    stores.cases.register(a_registration(due=None, messages=[], retain=Retain(NOON + YEAR)))
    [item] = [i for s in range(stores.due.shards) for i in stores.due.due(s, NOON + YEAR, 9)]
    stores.cases.postpone(item, NOON + 2 * YEAR)
    assert due_by(stores, NOON + YEAR) == []
    stores.cases.retain(ORG, NUMBER, NOON)
    assert due_by(stores, NOON) == [("retention", NUMBER, NOON)]
    for _ in range(2):
        stores.cases.retain(ORG, NUMBER, None)
    assert due_by(stores, NOON + 3 * YEAR) == []


def test_an_identity_goes_with_its_key_in_the_transaction_that_says_so(stores: Stores) -> None:
    for number, confidential in (("1", False), ("2", True)):
        registered(stores, number, confidential=confidential)
        assert stores.cases.identity(ORG, number) == LI
        after = a_complaint(number, version=2, confidential=confidential)
        for _ in range(2):  # its reply was lost: the same again
            stores.cases.commit(1, after, [an_event(2)], [], None, forget=True)
        assert stores.cases.identity(ORG, number) == Identity()


def test_nothing_is_left_of_it_in_the_table(stand: Stand) -> None:
    registered(stand.stores, confidential=True)
    with replies_lost(stand.client, "TransactWriteItems"):
        stand.stores.cases.commit(1, a_complaint(version=2, confidential=True), [an_event(2)], [], None, forget=True)
    assert {item["SK"]["S"] for item in stand.items() if "#TK#" in item["PK"]["S"]} == {
        "A",
        "EV#0000000001",
        "EV#0000000002",
    }


def test_history_is_read_without_what_was_erased_and_written_so_when_it_is_cleared(stores: Stores) -> None:
    registered(stores)
    said = an_event(2, answers={"found": "王五说"}, changes=Changes(values={"found": "王五说"}))
    erased = an_event(3, kind="erased", erasure=Erasure(parts=["content"], fields=["found"], left=[]))
    stores.cases.commit(1, a_complaint(version=3), [said, erased], [], None)
    shown = stores.cases.history(ORG, NUMBER)
    assert "王五" not in repr(shown)
    assert [event.version for event in shown] == [1, 2, 3]
    for _ in range(2):
        stores.cases.clear_history(ORG, NUMBER)
    assert stores.cases.history(ORG, NUMBER) == shown


def test_the_rows_of_a_cleared_history_hold_nothing_of_it(stand: Stand) -> None:
    registered(stand.stores)
    many = [an_event(v, note="王五说") for v in range(2, 60)]
    for event in many:
        stand.stores.cases.commit(event.version - 1, a_complaint(version=event.version), [event], [], None)
    erased = an_event(60, kind="erased", erasure=Erasure(parts=["content"], fields=[], left=[]))
    stand.stores.cases.commit(59, a_complaint(version=60), [erased], [], None)
    assert "王五" in repr(stand.items())
    stand.stores.cases.clear_history(ORG, NUMBER)
    assert "王五" not in repr(stand.items())
    assert stand.stores.cases.history(ORG, NUMBER) == left_of([registration_event(), *many, erased])


def registration_event() -> Event:
    """As the samples have it."""
    return a_registration().events[0]


def test_a_case_that_is_unlinked_is_found_by_nobody_and_the_others_are(stores: Stores) -> None:
    first, other = registered(stores), registered(stores, "20261121-2222-2")
    groups = [("watch:main:w", "phone:9f3a")]
    for _ in range(2):
        stores.cases.unlink(first, [PHONE, ROOM], groups)
    assert stores.cases.linked(ORG, *PHONE) == stores.cases.linked(ORG, *ROOM) == [other.number]
    assert stores.cases.members(ORG, *groups[0]) == [other.number]
    stores.cases.unlink(first, [], [])


def test_what_stands_for_a_customer_stays_the_same_until_no_case_leads_to_them(stores: Stores) -> None:
    first, other = registered(stores), registered(stores, "20261121-2222-2")
    alias = stores.cases.alias(ORG, *PHONE)
    assert alias.startswith("~")
    assert stores.cases.alias(ORG, *PHONE) == alias
    assert stores.cases.aliases(ORG, [PHONE, ROOM]) == {PHONE: alias}
    stores.cases.unlink(first, [PHONE], [])
    assert stores.cases.aliases(ORG, [PHONE]) == {PHONE: alias}
    stores.cases.unlink(replace(other), [PHONE], [])
    assert stores.cases.aliases(ORG, [PHONE]) == {}
    assert stores.cases.alias(ORG, *PHONE) != alias
