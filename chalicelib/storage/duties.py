"""What recurs at a site: the recurrence of each duty, and the periods it opened."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import json

from chalicelib.desk.complaint import Message
from chalicelib.desk.errors import Conflict
from chalicelib.ports import DutyRun
from chalicelib.storage import index_keys, keys
from chalicelib.storage.lazily import Decoder
from chalicelib.storage.messages import born
from chalicelib.storage.rows import PeriodRow, RecurrenceRow
from chalicelib.storage.table import Put, Table

_run = Decoder(DutyRun)


class Duties:
    """The DutyStore on DynamoDB."""

    def __init__(self, table: Table, shards: int) -> None:
        self._table = table
        self._shards = shards

    def arm(self, org: str, site: str, duty: str, at: datetime | None) -> None:
        """See DutyStore."""
        self._table.save(self._recurrence(org, site, duty, at))

    def load(self, org: str, site: str, duty: str) -> datetime | None:
        """See DutyStore."""
        row = self._table.get(RecurrenceRow, keys.duty(org, site, duty))
        return keys.instant(row.due_sk) if row and row.due_sk else None

    def open_period(
        self, run: DutyRun, messages: Sequence[Message], *, armed: datetime, next: datetime | None, due: datetime | None
    ) -> None:
        """See DutyStore."""
        _, expected = index_keys.armed(armed, run.org, f"{run.site}/{run.duty}", self._shards)
        puts = [
            Put(self._recurrence(run.org, run.site, run.duty, next), RecurrenceRow.due_sk == expected),
            Put(self._period(run, due), PeriodRow.pk.does_not_exist()),
            *(born(message, self._shards) for message in messages),
        ]

        def found() -> bool | None:
            known = self.load_period(run.org, run.site, run.duty, run.period)
            if known == run:
                return True
            if known is not None or self.load(run.org, run.site, run.duty) != armed:
                raise Conflict
            return None

        self._table.transact(puts, found)

    def load_period(self, org: str, site: str, duty: str, period: str) -> DutyRun | None:
        """See DutyStore."""
        row = self._table.get(PeriodRow, keys.period(org, site, duty, period))
        return _run.decode(row.run) if row else None

    def periods(self, org: str, site: str, duty: str, limit: int = 20) -> list[DutyRun]:
        """See DutyStore."""
        pk, first = keys.period(org, site, duty, "")
        items = self._table.query(pk, PeriodRow.sk.startswith(first), forward=False, limit=limit)
        return [_run.decode(item["run"]) for item in items]

    def commit_period(self, before: int, run: DutyRun, messages: Sequence[Message], due: datetime | None) -> None:
        """See DutyStore."""
        puts = [
            Put(self._period(run, due), PeriodRow.version == before),
            *(born(message, self._shards) for message in messages),
        ]

        def found() -> bool | None:
            known = self.load_period(run.org, run.site, run.duty, run.period)
            if known == run:
                return True
            if known is None or known.version != before:
                raise Conflict
            return None

        self._table.transact(puts, found)

    def _recurrence(self, org: str, site: str, duty: str, at: datetime | None) -> RecurrenceRow:
        row = RecurrenceRow(*keys.duty(org, site, duty))
        if at is not None:
            row.due_pk, row.due_sk = index_keys.armed(at, org, f"{site}/{duty}", self._shards)
        return row

    def _period(self, run: DutyRun, due: datetime | None) -> PeriodRow:
        row = PeriodRow(*keys.period(run.org, run.site, run.duty, run.period))
        row.run, row.version = json.encode(run).decode(), run.version
        if due is not None:
            id = f"{run.site}/{run.duty}/{run.period}"
            row.due_pk, row.due_sk = index_keys.armed(due, run.org, id, self._shards)
        return row
