"""Keys: what is due is named and found again, and no id reaches into another's partition."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ports import Due
from chalicelib.storage import index_keys, keys

ids = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=12)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda instant: instant.replace(microsecond=0)
)


@st.composite
def armed_items(draw: st.DrawFn) -> tuple[keys.Key, Due]:
    """An item with the Due that names it."""
    org, due = draw(ids), draw(instants)
    a, b, c, d = draw(ids), draw(ids), draw(ids), draw(ids)
    place, kind, id = draw(
        st.sampled_from(
            [
                (keys.head(org, a), "case", a),
                (keys.message_of(org, a, b), "message", f"{a}/{b}"),
                (keys.message_of(org, "", d, a, b, c), "message", f"/{a}/{b}/{c}/{d}"),
                (keys.duty(org, a, b), "duty", f"{a}/{b}"),
                (keys.period(org, a, b, c), "duty", f"{a}/{b}/{c}"),
                (keys.job(org, a), "job", a),
            ]
        )
    )
    shard = int(index_keys.armed(due, org, id, 8).pk.removeprefix("DUE#"))
    return place, Due(kind=kind, org=org, id=id, due=due, shard=shard)  # type: ignore[arg-type]  # one of the above


@given(armed_items())
def test_an_armed_item_is_named_by_its_index_entry_and_found_by_that_name(case: tuple[keys.Key, Due]) -> None:
    place, due = case
    entry = index_keys.armed(due.due, due.org, due.id, 8)
    assert index_keys.named(*place, *entry) == due
    assert index_keys.item_of(due) == place


@given(ids, ids, ids, ids)
def test_ids_that_differ_never_share_a_partition(org: str, number: str, other_org: str, other: str) -> None:
    same = (org, number) == (other_org, other)
    assert (keys.head(org, number) == keys.head(other_org, other)) is same
    assert (keys.links(org, "phone", number) == keys.links(other_org, "phone", other)) is same


@given(instants, instants)
def test_keys_sort_as_time_does(a: datetime, b: datetime) -> None:
    assert (keys.stamp(a) < keys.stamp(b)) is (a < b)
    assert (index_keys.armed(a, "z", "9", 8).sk <= index_keys.due_until(b)) is (a <= b)


def test_what_cannot_be_due_is_not_named() -> None:
    with pytest.raises(ValueError, match="nothing of this kind can be due"):
        index_keys.named("T#c#DIR", "ORG", "DUE#00", "2026-11-21T00:00:00Z#c#1")
