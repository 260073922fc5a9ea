"""What every Outbox does: claims under a lease, and what becomes of a message."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.ports import Due, OutboxState, Posted
from chalicelib.storage.stores import Stores
from tests.storage.conftest import Stand
from tests.storage.faults import all_at_once, meanwhile, replies_lost
from tests.storage.samples import HOUR, NOON, a_message, a_registration

ORG, NUMBER = "c-company", "20261121-1111-1"
LEASE = NOON + HOUR
UPDATE = "UpdateItem"


def posted_in(stores: Stores, **but: Any) -> Posted:
    """A message just born."""
    stores.cases.register(a_registration(NUMBER, messages=[a_message("1-x", **but)], due=None))
    return reread(stores)


def reread(stores: Stores) -> Posted:
    """The message as it stands."""
    found = stores.outbox.load(ORG, NUMBER, "1-x")
    assert found is not None
    return found


def armed(stores: Stores) -> list[Due]:
    """What is armed for any time."""
    return [item for shard in range(stores.due.shards) for item in stores.due.due(shard, NOON + 9999 * HOUR, 100)]


def test_a_new_message_waits_and_gives_the_queue_a_minute(stores: Stores) -> None:
    posted = posted_in(stores)
    assert (posted.state, posted.attempts, posted.message) == ("waiting", 0, a_message("1-x"))
    [item] = armed(stores)
    assert (item.kind, item.id, (item.due - NOON).total_seconds()) == ("message", f"{NUMBER}/1-x", 60)


def test_a_message_held_back_for_quiet_hours_is_armed_at_their_end(stores: Stores) -> None:
    posted_in(stores, not_before=NOON + 9 * HOUR)
    assert [item.due for item in armed(stores)] == [NOON + 9 * HOUR]


def test_a_message_is_found_by_what_armed_it(stores: Stores) -> None:
    posted = posted_in(stores)
    [item] = armed(stores)
    assert stores.outbox.find(item) == posted


def test_a_message_that_is_not_there_is_nothing(stores: Stores) -> None:
    assert stores.outbox.load(ORG, NUMBER, "none") is None
    ghost = Posted(message=a_message("none"))
    assert not stores.outbox.claim(ghost, NOON, LEASE)
    stores.outbox.settle(ghost, "sent")
    assert stores.outbox.load(ORG, NUMBER, "none") is None


def test_a_claim_is_one_workers_own_until_its_lease_ends(stores: Stores) -> None:
    first, second = posted_in(stores), reread(stores)
    assert stores.outbox.claim(first, NOON, LEASE)
    assert not stores.outbox.claim(second, NOON, LEASE)
    assert (first.state, first.attempts, first.lease_until) == ("claimed", 1, LEASE)
    assert reread(stores) == first
    assert [item.due for item in armed(stores)] == [LEASE]


def test_an_expired_lease_can_be_claimed_and_counts_as_another_attempt(stores: Stores) -> None:
    first, second = posted_in(stores), reread(stores)
    assert stores.outbox.claim(first, NOON, LEASE)
    assert not stores.outbox.claim(second, LEASE - HOUR / 3600, LEASE + HOUR)
    assert stores.outbox.claim(second, LEASE, LEASE + HOUR)
    assert second.attempts == 2
    assert first.claim != second.claim


def test_what_is_settled_is_disarmed_and_not_claimed_again(stores: Stores) -> None:
    posted = posted_in(stores)
    stores.outbox.claim(posted, NOON, LEASE)
    stores.outbox.settle(posted, "sent", provider_id="ses-1")
    now = reread(stores)
    assert (now.state, now.provider_id, now.attempts, now.lease_until, now.claim) == ("sent", "ses-1", 1, None, "")
    assert armed(stores) == []
    assert not stores.outbox.claim(now, LEASE + HOUR, LEASE + 2 * HOUR)


def test_a_claim_given_back_waits_again_until_then(stores: Stores) -> None:
    posted = posted_in(stores)
    stores.outbox.claim(posted, NOON, LEASE)
    stores.outbox.retry_at(posted, NOON + 2 * HOUR, "Throttling")
    now = reread(stores)
    assert (now.state, now.attempts, now.error, now.claim) == ("waiting", 1, "Throttling", "")
    assert [item.due for item in armed(stores)] == [NOON + 2 * HOUR]
    assert stores.outbox.claim(now, NOON + 2 * HOUR, NOON + 3 * HOUR)
    assert now.attempts == 2


def test_a_worker_that_lost_its_lease_cannot_give_back_the_claim_of_the_next(stores: Stores) -> None:
    slow, quick = posted_in(stores), reread(stores)
    stores.outbox.claim(slow, NOON, LEASE)
    stores.outbox.claim(quick, LEASE, LEASE + HOUR)
    stores.outbox.retry_at(slow, LEASE + 9 * HOUR, "Timeout")
    assert reread(stores) == quick


def test_a_message_never_claimed_cannot_be_given_back(stores: Stores) -> None:
    posted = posted_in(stores)
    stores.outbox.retry_at(posted, NOON + 2 * HOUR, "Timeout")
    assert reread(stores) == posted


@pytest.mark.parametrize(
    ("known", "said", "stands"),
    [
        ("sent", "delivered", "delivered"),
        ("sent", "bounced", "bounced"),
        ("delivered", "bounced", "bounced"),  # a mail server may change its mind
        ("dead", "delivered", "delivered"),  # the receipt came late
        ("dead", "sent", "sent"),  # the worker was slow, and sent it after all
        ("delivered", "sent", "delivered"),
        ("bounced", "sent", "bounced"),
        ("bounced", "delivered", "bounced"),
        ("sent", "dead", "sent"),
        ("sent", "merged", "sent"),
        ("merged", "dead", "merged"),
    ],
)
def test_what_is_known_gives_way_only_to_what_is_known_better(
    stores: Stores, known: OutboxState, said: OutboxState, stands: OutboxState
) -> None:
    posted = posted_in(stores)
    stores.outbox.claim(posted, NOON, LEASE)
    stores.outbox.settle(posted, known, provider_id="ses-1")
    stores.outbox.settle(posted, said)
    assert (reread(stores).state, reread(stores).provider_id) == (stands, "ses-1")


def test_a_waiting_message_can_be_merged_into_another_without_a_claim(stores: Stores) -> None:
    posted = posted_in(stores)
    stores.outbox.settle(posted, "merged")
    assert reread(stores).state == "merged"
    assert armed(stores) == []


def test_a_letter_added_later_is_due_at_once_and_added_once(stores: Stores) -> None:
    posted = posted_in(stores)
    stores.outbox.settle(posted, "bounced")
    for letter in ("late", "another"):
        stores.outbox.add(a_message("1-x-sms", channel="sms", letter=letter))
    found = stores.outbox.load(ORG, NUMBER, "1-x-sms")
    assert found is not None
    assert (found.state, found.message.letter) == ("waiting", "late")
    assert [(item.id, item.due) for item in armed(stores)] == [(f"{NUMBER}/1-x-sms", NOON)]


def test_letters_beside_one_another_are_those_of_a_case_or_of_a_period(stores: Stores) -> None:
    posted_in(stores)
    of_period = {"number": "", "site": "main", "duty": "weekly", "period": "2026-11"}
    letters = [a_message("1-y"), a_message("1-z", number="another"), a_message("a", **of_period)]
    for letter in [*letters, a_message("b", **of_period), a_message("c", **of_period | {"period": "2026-12"})]:
        stores.outbox.add(letter)
    assert [posted.message.id for posted in stores.outbox.beside(letters[0])] == ["1-x", "1-y"]
    assert [posted.message.id for posted in stores.outbox.beside(letters[2])] == ["a", "b"]


def test_a_suppressed_address_is_known_by_channel_and_hash(stores: Stores) -> None:
    assert not stores.suppressions.is_suppressed("email", "9f3a")
    for _ in range(2):
        stores.suppressions.add("email", "9f3a", "Permanent")
    assert stores.suppressions.is_suppressed("email", "9f3a")
    assert not stores.suppressions.is_suppressed("sms", "9f3a")


# when replies get lost


def test_a_claim_whose_reply_was_lost_is_known_as_ones_own(stand: Stand) -> None:
    posted = posted_in(stand.stores)
    with replies_lost(stand.client, UPDATE):
        assert stand.stores.outbox.claim(posted, NOON, LEASE)
    assert (posted.attempts, reread(stand.stores)) == (1, posted)


def test_a_claim_made_at_the_same_second_by_another_is_not_taken_for_ones_own(stand: Stand) -> None:
    first, second = posted_in(stand.stores), reread(stand.stores)
    with meanwhile(stand.client, UPDATE, lambda: stand.stores.outbox.claim(first, NOON, LEASE)):
        assert not stand.stores.outbox.claim(second, NOON, LEASE)
    assert reread(stand.stores) == first


@pytest.mark.emulator
def test_of_many_claims_at_once_one_holds(stand_on: Callable[[str], Stand]) -> None:
    stores = stand_on("dynamodb_local").stores
    posted_in(stores)
    workers = [reread(stores) for _ in range(8)]
    got = all_at_once(lambda i: stores.outbox.claim(workers[i], NOON, LEASE), 8)
    assert sorted(got) == [False] * 7 + [True]
    assert reread(stores) == workers[got.index(True)]


def test_settling_and_giving_back_survive_a_lost_reply(stand: Stand) -> None:
    posted = posted_in(stand.stores)
    stand.stores.outbox.claim(posted, NOON, LEASE)
    with replies_lost(stand.client, UPDATE):
        stand.stores.outbox.retry_at(posted, NOON + 2 * HOUR, "Throttling")
    assert reread(stand.stores).state == "waiting"
    with replies_lost(stand.client, UPDATE):
        stand.stores.outbox.settle(posted, "dead", error="MessageRejected")
    assert (reread(stand.stores).state, reread(stand.stores).error) == ("dead", "MessageRejected")
