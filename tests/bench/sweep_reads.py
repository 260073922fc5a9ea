"""What a sweep reads, at 1,000, 10,000 and 100,000 open complaints: only what is due, whatever is open.

On DynamoDB Local. Open complaints are heads as the product writes them; those that are due are registered by the
product itself just before. Units are what DynamoDB Local reports for each read.
"""

from collections.abc import Sequence
from itertools import count, islice
from typing import Any

from msgspec import Struct

from chalicelib.desk.complaint import Complaint
from chalicelib.storage.table import Table
from infra.dynamodb_local import running
from tests.bench.calls import READS
from tests.bench.figures import Figure
from tests.bench.filling import fill
from tests.bench.rig import ORG, TABLE, Known, Rig
from tests.bench.wire import Call, listening

OPEN = (1_000, 10_000, 100_000)
DUE = (0, 100)
NO_GROWTH = 1.0


LEAST = 0.5
"""Units of a query that finds nothing, on AWS; DynamoDB Local reports none."""


class Swept(Struct):
    """What a sweep did in the table."""

    units: float = 0
    reads: int = 0
    writes: int = 0

    def heard(self, call: Call) -> None:
        """Add a call."""
        if call.service != "dynamodb":
            return
        if call.operation not in READS:
            self.writes += 1
            return
        self.reads += 1
        self.units += max(LEAST, reported_units(call))


def run() -> list[Figure]:
    """Reads of a sweep for each number of open complaints, and how they grow from the first to the last."""
    sweeps: dict[tuple[int, int], Swept] = {}
    with running() as endpoint:
        rig = Rig(Table(TABLE, endpoint=endpoint), directory=Known()).lay()
        report_capacity(rig.table.client)
        like, there, keys = quiet(rig, "like the others"), 0, count()
        _sweep(rig, [like.number])
        for size in OPEN:
            fill(endpoint, like, range(there, size))
            there = size
            for due in DUE:
                sweeps[size, due] = _sweep(rig, [quiet(rig, f"due {key}").number for key in islice(keys, due)])
    return [figure for due in DUE for figure in _figures(sweeps, due)]


def _figures(sweeps: dict[tuple[int, int], Swept], due: int) -> list[Figure]:
    few, many = sweeps[OPEN[0], due], sweeps[OPEN[-1], due]
    grown = f"sweep, {due} due: %s at {OPEN[-1]:,} open : at {OPEN[0]:,}"
    figures = [
        Figure(what=grown % "read units", measured=many.units / few.units, limit=NO_GROWTH),
        Figure(what=grown % "read calls", measured=many.reads / few.reads, limit=NO_GROWTH),
    ]
    for size in OPEN:
        swept, where = sweeps[size, due], f"… {due} due, {size:,} open"
        figures += [
            Figure(what=f"{where}: read units", measured=swept.units, unit=""),
            Figure(what=f"{where}: read calls", measured=swept.reads, unit=f"(writes {swept.writes})"),
        ]
    return figures


def _sweep(rig: Rig, due: Sequence[str]) -> Swept:
    """One sweep a day later, when these are due and nothing else; the clock is put back afterwards."""
    settle_letters(rig, due)
    began, swept = rig.now, Swept()
    rig.pass_hours(24)
    with listening(swept.heard):
        found = rig.world.sweep.run(lambda: 1000.0).found
    rig.now = began
    if found != len(due):
        raise RuntimeError(f"{found} found due instead of {len(due)}")
    return swept


def quiet(rig: Rig, key: str) -> Complaint:
    """A complaint that gives rise to nothing but itself: one without a category is counted among no others."""
    return rig.post(key, category="")


def settle_letters(rig: Rig, numbers: Sequence[str]) -> None:
    """As `deliver` does once they are sent: they are due no more."""
    stores = rig.world.stores
    for number in numbers:
        for posted in stores.cases.messages(ORG, number):
            stores.outbox.settle(posted, "sent")


def reported_units(call: Call) -> float:
    """The units that DynamoDB Local says a call took."""
    told = call.answer["ConsumedCapacity"]
    return float(sum(part["CapacityUnits"] for part in (told if isinstance(told, list) else [told])))


def report_capacity(client: Any) -> None:
    """Have every read say what it took."""

    def asking(params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name in READS:
            params["ReturnConsumedCapacity"] = "TOTAL"

    client.meta.events.register("provide-client-params.dynamodb", asking)
