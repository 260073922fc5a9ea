"""The counter of read and write units, held to examples of the published rule."""

import pytest

from tests.bench.units import Index, Item, Meter, read_units, size

DUE = Index(name="DUE", keys=("due_pk", "due_sk"))
LIST = Index(name="LIST", keys=("dep_pk", "dep_sk"), carries=("row",))


def item(length: int = 10, **more: str) -> Item:
    """An item at one place, with a text of so many bytes."""
    texts = {"PK": "a", "SK": "b", "state": "x" * length, **more}
    return {name: {"S": text} for name, text in texts.items()}


def put(of: Item) -> dict[str, object]:
    return {"Put": {"TableName": "t", "Item": of}}


def written(meter: Meter, operation: str, request: dict[str, object], answer: dict[str, object] | None = None) -> float:
    before = meter.total.writes
    meter.seen(operation, request, answer or {})
    return meter.total.writes - before


@pytest.mark.parametrize(
    ("value", "bytes_"),
    [
        ({"S": "三号楼"}, 9),
        ({"N": "0"}, 1),
        ({"N": "123"}, 3),
        ({"N": "-1200"}, 3),
        ({"B": "AAEC"}, 3),
        ({"B": "AAE="}, 2),
        ({"B": b"\0\1\2"}, 3),
        ({"BOOL": True}, 1),
        ({"L": [{"S": "ab"}]}, 6),
        ({"M": {"k": {"S": "ab"}}}, 7),
    ],
)
def test_a_value_is_as_large_as_the_guide_says(value: dict[str, object], bytes_: int) -> None:
    assert size({"name": value}) == len("name") + bytes_


def test_a_type_that_no_item_here_has_is_refused_instead_of_guessed() -> None:
    with pytest.raises(ValueError, match="SS"):
        size({"name": {"SS": ["a"]}})


def test_each_begun_four_kilobytes_are_a_read_unit_and_half_of_one_where_that_is_eventual() -> None:
    assert read_units([item(5000)], consistent=True) == 2
    assert read_units([item(5000)], consistent=False) == 1
    assert read_units([{}], consistent=True) == 1


def test_a_query_rounds_its_items_together_and_a_batch_each_for_itself() -> None:
    three = [item(100)] * 3
    assert read_units(three, consistent=True, together=True) == 1
    assert read_units(three, consistent=True) == 3
    assert read_units([], consistent=False, together=True) == 0.5


def test_what_a_batch_does_not_find_is_read_too() -> None:
    meter = Meter([])
    asked = {"t": {"Keys": [{}, {}], "ConsistentRead": True}}
    meter.seen("BatchGetItem", {"RequestItems": asked}, {"Responses": {"t": [item()]}})
    assert (meter.total.reads, meter.total.read_calls) == (2, 1)


def test_a_write_takes_the_larger_of_before_and_after() -> None:
    meter = Meter([])
    assert written(meter, "PutItem", {"Item": item(3000)}) == 3
    assert written(meter, "PutItem", {"Item": item(10)}) == 3
    assert written(meter, "DeleteItem", {"Key": item()}) == 1


def test_a_transaction_doubles_its_items_and_not_their_index_entries() -> None:
    meter = Meter([DUE])
    armed = item(due_pk="DUE#00", due_sk="2026")
    assert written(meter, "TransactWriteItems", {"TransactItems": [put(armed)]}) == 2 + 1


def test_an_index_pays_one_for_coming_and_going_two_for_moving_none_for_what_it_does_not_carry() -> None:
    meter = Meter([DUE, LIST])
    assert written(meter, "PutItem", {"Item": item()}) == 1
    assert written(meter, "PutItem", {"Item": item(due_pk="0", due_sk="1", dep_pk="0", dep_sk="1", row="r")}) == 1 + 2
    assert written(meter, "PutItem", {"Item": item(due_pk="0", due_sk="2", dep_pk="0", dep_sk="1", row="r")}) == 1 + 2
    assert written(meter, "PutItem", {"Item": item(due_pk="0", due_sk="2", dep_pk="0", dep_sk="1", row="s")}) == 1 + 1
    assert written(meter, "PutItem", {"Item": item(20, due_pk="0", due_sk="2", dep_pk="0", dep_sk="1", row="s")}) == 1
    assert written(meter, "PutItem", {"Item": item()}) == 1 + 2


def test_an_update_is_counted_by_the_item_it_answers_and_refused_where_it_answers_none() -> None:
    meter = Meter([DUE])
    meter.seen("PutItem", {"Item": item(due_pk="0", due_sk="1")}, {})
    assert written(meter, "UpdateItem", {"Key": item()}, {"Attributes": item()}) == 1 + 1
    with pytest.raises(ValueError, match="ALL_NEW"):
        meter.seen("UpdateItem", {"Key": item()}, {})


def test_what_has_no_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="Scan"):
        Meter([]).seen("Scan", {}, {})


def test_stored_bytes_are_those_of_the_items_and_of_their_index_entries_with_what_each_is_billed_besides() -> None:
    meter = Meter([DUE])
    armed = item(due_pk="0", due_sk="1")
    meter.seen("PutItem", {"Item": armed}, {})
    entry = {name: value for name, value in armed.items() if name != "state"}
    assert meter.stored() == size(armed) + size(entry) + 200
