"""Read and write units by DynamoDB's published rule, from the requests actually made.

Source: "DynamoDB read and write operations" and "Item sizes and formats" of the Developer Guide. An item is as large
as its attribute names and values; a write takes one unit for each begun KB of the larger of the item before and
after, twice that in a transaction; a consistent read one for each begun 4 KB, an eventually consistent one half of
that, a transactional one twice. An index pays for its own entry: one write where it comes, goes or changes, two where
its key changes, none where nothing of it does. Index entries are written after a transaction, and not doubled.

The emulators do not report transactions as AWS does; that is why this is counted here. Single reads and writes are
held to what DynamoDB Local reports.
"""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

from msgspec import Struct

WRITE_BYTES = 1024
READ_BYTES = 4096
STORED_EXTRA = 100
"""Bytes that every stored item and index entry is billed besides its own."""

Item = dict[str, dict[str, Any]]
"""An item as DynamoDB's JSON has it: name to {type: value}."""


def size(item: Item) -> int:
    """Bytes of an item: names and values."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(typed: dict[str, Any]) -> int:
    ((kind, value),) = typed.items()
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            return _number(value)
        case "B":  # base64 in a request, bytes in an answer
            return len(value) if isinstance(value, bytes) else len(value) * 3 // 4 - value[-2:].count("=")
        case "BOOL" | "NULL":
            return 1
        case "L":
            return 3 + sum(1 + _value(part) for part in value)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value(part) for name, part in value.items())
    raise ValueError(f"items here hold no {kind}")


def _number(text: str) -> int:
    digits = text.lstrip("-").replace(".", "").strip("0")
    return 1 + ceil(len(digits) / 2) + text.startswith("-")


def read_units(items: Iterable[Item], *, consistent: bool, together: bool = False) -> float:
    """Units to read items, each rounded up for itself, or `together` as a query does. What is not there costs one."""
    sizes = [size(item) for item in items]
    if together:
        sizes = [sum(sizes)]
    units = sum(max(1, ceil(bytes_ / READ_BYTES)) for bytes_ in sizes)
    return units if consistent else units / 2


class Index(Struct, frozen=True, kw_only=True):
    """A global secondary index: its key attributes, and what it carries besides them and the table's keys."""

    name: str
    keys: tuple[str, str]
    carries: tuple[str, ...] = ()

    def entry(self, item: Item | None) -> Item | None:
        """What the index holds of an item; an item without its keys is not in it."""
        if item is None or any(key not in item for key in self.keys):
            return None
        return {name: item[name] for name in ("PK", "SK", *self.keys, *self.carries) if name in item}

    def units(self, before: Item | None, after: Item | None) -> int:
        """What the index pays for a write."""
        old, new = self.entry(before), self.entry(after)
        if old == new:
            return 0
        if old and new and any(old[key] != new[key] for key in self.keys):
            return _written(old) + _written(new)
        return max(_written(entry) for entry in (old, new) if entry)


def _written(item: Item) -> int:
    return max(1, ceil(size(item) / WRITE_BYTES))


class Units(Struct):
    """Units taken, and calls made."""

    reads: float = 0
    writes: float = 0
    read_calls: int = 0
    write_calls: int = 0

    def copy(self) -> "Units":
        """As it is now."""
        return Units(self.reads, self.writes, self.read_calls, self.write_calls)

    def __sub__(self, other: "Units") -> "Units":
        return Units(*(getattr(self, name) - getattr(other, name) for name in self.__struct_fields__))


class Meter:
    """Counts the units of the calls it is shown. It must see every write from the first on: it keeps the items."""

    def __init__(self, indexes: Iterable[Index]) -> None:
        self.indexes = {index.name: index for index in indexes}
        self.items: dict[tuple[str, str], Item] = {}
        self.total = Units()

    def seen(self, operation: str, request: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """Count one answered call: the body of the request, and the answer as botocore parses it."""
        consistent = bool(request.get("ConsistentRead"))
        match operation:
            case "GetItem":
                self._read(read_units([answer.get("Item", {})], consistent=consistent))
            case "Query":
                self._read(read_units(answer["Items"], consistent=consistent, together=True))
            case "BatchGetItem":
                ((table, asked),) = request["RequestItems"].items()
                found = answer["Responses"].get(table, [])
                missing: list[Item] = [{}] * (len(asked["Keys"]) - len(found))
                self._read(read_units([*found, *missing], consistent=bool(asked.get("ConsistentRead"))))
            case "PutItem" | "UpdateItem" | "DeleteItem":
                self._write(self._changed(operation[:-4], request, answer))
            case "TransactWriteItems":
                self._write(sum(self._in_transaction(step) for step in request["TransactItems"]))
            case "BatchWriteItem":
                ((_, puts),) = request["RequestItems"].items()
                self._write(sum(self._changed("Put", put["PutRequest"], {}) for put in puts))
            case "CreateTable" | "DescribeTable" | "DeleteTable":
                pass
            case _:
                raise ValueError(f"no rule for {operation}")

    def stored(self) -> int:
        """Bytes billed for what there is, in table and indexes."""
        entries = [index.entry(item) for index in self.indexes.values() for item in self.items.values()]
        return sum(size(item) + STORED_EXTRA for item in [*self.items.values(), *filter(None, entries)])

    def _read(self, units: float) -> None:
        self.total.reads += units
        self.total.read_calls += 1

    def _write(self, units: float) -> None:
        self.total.writes += units
        self.total.write_calls += 1

    def _in_transaction(self, step: dict[str, Any]) -> float:
        ((kind, what),) = step.items()
        if kind == "ConditionCheck":
            return 2 * _written(self.items.get(_place(what["Key"]), {}))
        if kind == "Update":
            raise ValueError("a transaction does not tell what its updates came to")
        return self._changed(kind, what, {}, twice=True)

    def _changed(self, kind: str, what: Mapping[str, Any], answer: Mapping[str, Any], *, twice: bool = False) -> float:
        place = _place(what["Item"] if kind == "Put" else what["Key"])
        before = self.items.get(place)
        after: Item | None = {"Put": what.get("Item"), "Update": answer.get("Attributes"), "Delete": None}[kind]
        if kind == "Update" and after is None:
            raise ValueError("an update must return ALL_NEW to be counted")
        own = max((_written(item) for item in (before, after) if item is not None), default=1)
        self.items.pop(place, None)
        if after is not None:
            self.items[place] = after
        return own * (2 if twice else 1) + sum(index.units(before, after) for index in self.indexes.values())


def _place(item: Item) -> tuple[str, str]:
    return item["PK"]["S"], item["SK"]["S"]
