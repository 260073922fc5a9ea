"""Cases of the same customer, and cases that tell the same."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.desk.alike import same_customer
from chalicelib.desk.complaint import Complaint

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def case(number: str, *keys: str) -> Complaint:
    return Complaint(
        org="o", site="main", number=number, procedure="p", procedure_version=1, channel="phone", kind="complaint",
        language="zh-Hans", received_at=NOW, registered_at=NOW, customer_keys=list(keys),
    )  # fmt: skip


def test_cases_with_a_phone_a_room_or_a_plate_in_common_are_one_customers() -> None:
    cases = [case("1", "phone:a"), case("2", "room:b"), case("3"), case("4", "phone:a", "room:b"), case("5", "plate:a")]
    assert same_customer(cases) == [["1", "2", "4"], ["3"], ["5"]]


@given(st.lists(st.sets(st.sampled_from("abcdef"), max_size=3), max_size=12))
def test_customers_are_told_apart_as_one_would_by_hand(held: list[set[str]]) -> None:
    found = same_customer(case(str(index), *keys) for index, keys in enumerate(held))
    assert sorted(number for group in found for number in group) == sorted(str(index) for index in range(len(held)))
    assert all(group == sorted(group, key=int) for group in found)
    of = {int(number): index for index, group in enumerate(found) for number in group}
    for one, mine in enumerate(held):
        reached, before = set(mine), None
        while reached != before:
            before, reached = reached, reached.union(*(other for other in held if other & reached), set())
        for other, theirs in enumerate(held):
            assert (of[one] == of[other]) == (one == other or bool(theirs & reached))
