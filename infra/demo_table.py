"""A table in memory, under the product's own stores: where the demo's past is played before it is written down.

It understands the conditions and updates that the stores state, and holds items as DynamoDB has them.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from operator import gt, lt
from typing import Any, TypeVar

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Value
from pynamodb.expressions.update import Action, AddAction, RemoveAction, SetAction

from chalicelib.storage.keys import Key
from chalicelib.storage.rows import Row
from chalicelib.storage.table import Drop, Put, Table

R = TypeVar("R", bound=Row)
T = TypeVar("T")
Item = dict[str, dict[str, Any]]

INDEXES = {
    "DUE": ("due_pk", "due_sk"), "DEPARTMENT": ("dep_pk", "dep_sk"), "OWNER": ("own_pk", "own_sk"),
    "LEDGER": ("led_pk", "led_sk"),
}  # fmt: skip


class Refused(Exception):
    """A condition does not hold."""


class MemoryTable(Table):
    """The table in memory. One thread at a time."""

    def __init__(self) -> None:
        self._partitions: dict[str, dict[str, Item]] = {}
        self._indexes: dict[str, dict[str, dict[tuple[str, str, str], Item]]] = {name: {} for name in INDEXES}

    def items(self) -> Iterator[Item]:
        """Everything that is kept."""
        for partition in self._partitions.values():
            yield from partition.values()

    def first_due(self) -> str:
        """The sort key of the DUE index of what is due first; empty where nothing is armed."""
        return min((place[0] for shard in self._indexes["DUE"].values() for place in shard), default="")

    def get(self, kind: type[R], key: Key, *, consistent: bool = True) -> R | None:  # noqa: ARG002 # there is one copy
        """See Table."""
        item = self._at(*key)
        return kind.from_raw_data(item) if item else None

    def get_many(self, kind: type[R], places: Sequence[Key]) -> list[R]:
        """See Table."""
        return [found for place in places if (found := self.get(kind, place))]

    def query(
        self, pk: str, sort: Condition | None = None, *, index: str | None = None,
        after: dict[str, str] | None = None, forward: bool = True,
        page: int | None = None, limit: int | None = None,  # noqa: ARG002 # nothing is read page by page
    ) -> Iterator[dict[str, str]]:  # fmt: skip
        """See Table."""
        name = INDEXES[index][1] if index else "SK"
        held = self._indexes[index].get(pk, {}) if index else self._partitions.get(pk, {})
        found = sorted(held.values(), key=lambda item: (item[name]["S"], item["PK"]["S"], item["SK"]["S"]))
        if after:
            past = gt if forward else lt
            found = [item for item in found if past(item[name]["S"], after[name])]
        chosen = [item for item in (found if forward else reversed(found)) if holds(sort, item)]
        yield from ({name: next(iter(value.values())) for name, value in item.items()} for item in chosen[:limit])

    def transact(self, puts: Sequence[Put | Drop], found: Callable[[], T | None]) -> T | None:
        """See Table."""
        if all(isinstance(one, Drop) or self._may(one.row, one.condition) for one in puts):
            for one in puts:
                if isinstance(one, Drop):
                    self.delete(one.row)
                else:
                    self._put(one.row.serialize())
            return None
        outcome = found()
        if outcome is None:
            raise Refused(puts[0].row)
        return outcome

    def save(self, row: Row, condition: Condition | None = None) -> bool:
        """See Table."""
        if not self._may(row, condition):
            return False
        self._put(row.serialize())
        return True

    def save_all(self, rows: Sequence[Row]) -> None:
        """See Table."""
        for row in rows:
            self._put(row.serialize())

    def update(self, place: Key, actions: Sequence[Action], condition: Condition | None) -> dict[str, str] | None:
        """See Table."""
        known = self._at(*place)
        if not holds(condition, known or {}):
            return None
        item = dict(known or {"PK": {"S": place.pk}, "SK": {"S": place.sk}})
        for action in actions:
            _apply(action, item)
        self._put(item)
        return {name: next(iter(value.values())) for name, value in item.items()}

    def delete(self, row: Row, condition: Condition | None = None) -> bool:
        """See Table."""
        known = self._at(row.pk, row.sk)
        if known is None or not holds(condition, known):
            return False
        self._forget(known)
        return True

    def _at(self, pk: str, sk: str) -> Item | None:
        return self._partitions.get(pk, {}).get(sk)

    def _may(self, row: Row, condition: Condition | None) -> bool:
        return holds(condition, self._at(row.pk, row.sk) or {})

    def _put(self, item: Item) -> None:
        pk, sk = item["PK"]["S"], item["SK"]["S"]
        if known := self._at(pk, sk):
            self._forget(known)
        self._partitions.setdefault(pk, {})[sk] = item
        for name, place in _places(item):
            self._indexes[name].setdefault(item[INDEXES[name][0]]["S"], {})[place] = item

    def _forget(self, item: Item) -> None:
        del self._partitions[item["PK"]["S"]][item["SK"]["S"]]
        for name, place in _places(item):
            del self._indexes[name][item[INDEXES[name][0]]["S"]][place]


def holds(condition: Condition | None, item: Item) -> bool:
    """Whether a condition holds of an item; of a missing one, `{}`, too."""
    if condition is None:
        return True
    operator, values = condition.operator, condition.values
    if operator in ("AND", "OR"):
        return (all if operator == "AND" else any)(holds(part, item) for part in values)
    has, others = _of(values[0], item), [_of(value, item) for value in values[1:]]
    if operator == "attribute_not_exists":
        return has is None
    if has is None:
        return False
    test = _TESTS[operator]
    return bool(test(has, others))


_TESTS: dict[str, Callable[[Any, list[Any]], object]] = {
    "=": lambda has, of: has == of[0], "<": lambda has, of: has < of[0], "<=": lambda has, of: has <= of[0],
    ">": lambda has, of: has > of[0], ">=": lambda has, of: has >= of[0], "IN": lambda has, of: has in of,
    "begins_with": lambda has, of: has.startswith(of[0]),
}  # fmt: skip


def _of(operand: Any, item: Item) -> Any:
    """What an operand stands for; None where the item lacks it."""
    held: dict[str, Any] | None = operand.value if isinstance(operand, Value) else item.get(_name(operand))
    if held is None:
        return None
    kind, value = next(iter(held.items()))
    return Decimal(value) if kind == "N" else value


def _name(path: Any) -> str:
    """The attribute that a path names; the stores name no parts of attributes."""
    return str(path.path[0])


def _apply(action: Action, item: Item) -> None:
    name = _name(action.values[0])
    if isinstance(action, RemoveAction):
        item.pop(name, None)
        return
    operand: Any = action.values[1]
    value: dict[str, Any] = operand.value
    if isinstance(action, AddAction):
        before = item.get(name, {"N": "0"})["N"]
        value = {"N": str(Decimal(before) + Decimal(value["N"]))}
    elif not isinstance(action, SetAction):
        raise TypeError(action)
    item[name] = value


def _places(item: Item) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Each index that an item is in, and its place there."""
    for name, (pk, sk) in INDEXES.items():
        if pk in item and sk in item:
            yield name, (item[sk]["S"], item["PK"]["S"], item["SK"]["S"])
