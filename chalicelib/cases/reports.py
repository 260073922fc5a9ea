"""Reports that duties owe: prepared from the ledger of the period, kept as a file, issued by a person.

Reading a period costs what the period holds: the ledger is kept by site and month.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from chalicelib.cases.desks import Desks
from chalicelib.cases.instants import now_by
from chalicelib.desk.errors import NotFound
from chalicelib.desk.rulebook import Desk
from chalicelib.ports import CaseStore, Files, Row


class Line(Struct, kw_only=True):
    """One case of a report. No personal data."""

    number: str
    received_at: datetime
    stage: str
    status: str
    department: str
    round: int
    late: bool
    summary: str


class Report(Struct, kw_only=True):
    """A prepared report: every case received in the period, and counts that are the counts of its lines."""

    org: str
    site: str
    duty: str
    period: str
    prepared_at: datetime
    lines: list[Line]
    received: int
    late: int
    by_status: dict[str, int]


class Reports:
    """Preparing and reading reports, with what they need of the world."""

    def __init__(self, *, cases: CaseStore, desks: Desks, files: Files, clock: Callable[[], datetime]) -> None:
        self._cases, self._desks, self._files, self._clock = cases, desks, files, clock

    def prepare(self, org: str, site: str, duty: str, period: str) -> Report:
        """Prepare a period's report from its cases. Safe to repeat: it is written anew, and nothing else is."""
        desk = self._desks.at(org, site)
        lines = [_line(row) for row in self._rows(desk, *_dates(period))]
        report = Report(
            org=org,
            site=site,
            duty=duty,
            period=period,
            prepared_at=now_by(self._clock),
            lines=lines,
            received=len(lines),
            late=sum(line.late for line in lines),
            by_status=dict(Counter(line.status for line in lines)),
        )
        self._files.put(_name(org, site, duty, period), msgspec.json.encode(report), "application/json")
        return report

    def read(self, org: str, site: str, duty: str, period: str) -> Report:
        """The report as it was prepared. Raises NotFound."""
        found = self._files.get(_name(org, site, duty, period))
        if found is None:
            raise NotFound(f"{duty!r} has no report for {period!r}.")
        return msgspec.json.decode(found, type=Report)

    def _rows(self, desk: Desk, first: date, last: date) -> Iterator[Row]:
        zone = ZoneInfo(desk.calendar.zone)
        for month in _months(first, last):
            cursor = ""
            while True:
                page = self._cases.ledger(desk.organisation.id, desk.site.id, month, cursor)
                yield from (r for r in page.items if first <= r.received_at.astimezone(zone).date() <= last)
                if not (cursor := page.next):
                    break


def _line(row: Row) -> Line:
    return Line(**{name: getattr(row, name) for name in Line.__struct_fields__})


def _dates(period: str) -> tuple[date, date]:
    first, _, last = period.partition("..")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise NotFound(f"{period!r} is no period such as 2026-11-17..2026-11-23.") from None


def _months(first: date, last: date) -> list[str]:
    """The ledgers that a period touches. A day is added at both ends, since a ledger's months are of one zone.

    >>> _months(date(2026, 12, 30), date(2027, 1, 5))
    ['2026-12', '2027-01']
    """
    days = (first - timedelta(days=1), last + timedelta(days=1))
    span = range(days[0].year * 12 + days[0].month - 1, days[1].year * 12 + days[1].month)
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in span]


def _name(org: str, site: str, duty: str, period: str) -> str:
    return f"reports/{org}/{site}/{duty}/{period}.json"
