"""What every UndeliveredStore does."""

from typing import Any

from chalicelib.ports import Undelivered
from chalicelib.storage.stores import Stores
from tests.storage.samples import HOUR, NOON


def lost(**but: Any) -> Undelivered:
    fields: dict[str, Any] = {
        "org": "c-company", "endpoint": "crm", "number": "1", "message": "1#event", "at": NOON, "code": "HTTP500",
    }  # fmt: skip
    return Undelivered(**fields | but)


def test_what_was_not_taken_is_found_from_a_moment_on_in_order(stores: Stores) -> None:
    early, late = lost(), lost(number="2", at=NOON + HOUR)
    for one in (late, early, lost(endpoint="other"), lost(org="h-hospital")):
        stores.undelivered.add(one)
    assert stores.undelivered.since("c-company", "crm", NOON - HOUR) == [early, late]
    assert stores.undelivered.since("c-company", "crm", NOON) == [early, late]
    assert stores.undelivered.since("c-company", "crm", NOON + HOUR) == [late]
    assert stores.undelivered.since("c-company", "crm", NOON - HOUR, limit=1) == [early]


def test_it_is_noted_once_and_forgotten_as_often_as_one_likes(stores: Stores) -> None:
    for _ in range(2):
        stores.undelivered.add(lost())
    assert stores.undelivered.since("c-company", "crm", NOON) == [lost()]
    for _ in range(2):
        stores.undelivered.forget(lost())
    assert stores.undelivered.since("c-company", "crm", NOON) == []
