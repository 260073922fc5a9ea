"""All stores on one table."""

import time
from collections.abc import Callable
from typing import NamedTuple

from chalicelib.ports import (
    Buckets,
    CaseStore,
    ClosingStore,
    DirectoryStore,
    DueStore,
    DutyStore,
    JobStore,
    Outbox,
    Pulse,
    Suppressions,
    UndeliveredStore,
    WrongProofs,
)
from chalicelib.storage.buckets import TokenBuckets
from chalicelib.storage.cases import Cases
from chalicelib.storage.closings import Closings
from chalicelib.storage.directory import Directory
from chalicelib.storage.due import DueItems
from chalicelib.storage.duties import Duties
from chalicelib.storage.jobs import Jobs
from chalicelib.storage.outbox import Messages
from chalicelib.storage.pulse import Heart
from chalicelib.storage.sealer import Sealer
from chalicelib.storage.suppressions import Suppressed
from chalicelib.storage.table import Table
from chalicelib.storage.undelivered import Lost
from chalicelib.storage.wrong_proofs import Misses


class Stores(NamedTuple):
    """What the use cases need of the table."""

    cases: CaseStore
    outbox: Outbox
    due: DueStore
    directory: DirectoryStore
    duties: DutyStore
    jobs: JobStore
    suppressions: Suppressions
    wrong_proofs: WrongProofs
    buckets: Buckets
    pulse: Pulse
    closings: ClosingStore
    undelivered: UndeliveredStore


def stores_in(table: Table, sealer: Sealer, shards: int, clock: Callable[[], float] = time.monotonic) -> Stores:
    """The stores on a table. `clock` counts seconds, for what is kept for a short time."""
    return Stores(
        cases=Cases(table, sealer, shards),
        outbox=Messages(table, shards),
        due=DueItems(table, shards),
        directory=Directory(table, clock),
        duties=Duties(table, shards),
        jobs=Jobs(table, shards),
        suppressions=Suppressed(table),
        wrong_proofs=Misses(table),
        buckets=TokenBuckets(table),
        pulse=Heart(table, clock),
        closings=Closings(table),
        undelivered=Lost(table),
    )
