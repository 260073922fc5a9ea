"""Background work that goes on where it stopped, armed like everything that must happen later."""

from datetime import datetime

from msgspec import json
from msgspec.structs import replace

from chalicelib.desk.errors import Conflict
from chalicelib.ports import Job
from chalicelib.storage import index_keys, keys
from chalicelib.storage.lazily import Decoder
from chalicelib.storage.rows import JobRow
from chalicelib.storage.table import Table

_job = Decoder(Job)


class Jobs:
    """The JobStore on DynamoDB."""

    def __init__(self, table: Table, shards: int) -> None:
        self._table = table
        self._shards = shards

    def put(self, job: Job) -> None:
        """See JobStore."""
        if (
            not self._table.save(job_row(job, self._shards), JobRow.pk.does_not_exist())
            and self.load(job.org, job.id) != job
        ):
            raise Conflict

    def load(self, org: str, id: str) -> Job | None:
        """See JobStore."""
        row = self._table.get(JobRow, keys.job(org, id))
        return _job.decode(row.job) if row else None

    def advance(self, job: Job, cursor: str, due: datetime) -> Job:
        """See JobStore."""
        onward = replace(job, cursor=cursor, due=due, version=job.version + 1)
        if (
            not self._table.save(job_row(onward, self._shards), JobRow.version == job.version)
            and self.load(job.org, job.id) != onward
        ):
            raise Conflict
        return onward

    def finish(self, job: Job) -> None:
        """See JobStore."""
        if not self._table.delete(job_row(job, self._shards), JobRow.version == job.version) and self.load(
            job.org, job.id
        ):
            raise Conflict


def job_row(job: Job, shards: int) -> JobRow:
    """A job as a row, armed at its time."""
    row = JobRow(*keys.job(job.org, job.id), job=json.encode(job).decode(), version=job.version)
    row.due_pk, row.due_sk = index_keys.armed(job.due, job.org, job.id, shards)
    return row
