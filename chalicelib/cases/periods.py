"""The cases of a period at a site: received in it, closed in it, open now.

What it costs follows what the period holds: ledgers are kept by site and month, heads come a hundred in one read.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from chalicelib.desk.calendar import local_date
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import NotFound
from chalicelib.desk.rulebook import Desk
from chalicelib.ports import CaseStore, Page, Row

NOBODYS = "-"
"""The worklist of open cases that lie with no department."""

AT_ONCE = 100
"""Heads in one read, and lines in one page."""

Turn = Callable[[str], Page]
"""A list, from a cursor on."""


def received(cases: CaseStore, desk: Desk, first: date, last: date) -> list[Complaint]:
    """The cases received from `first` to `last`, both inclusive, in the site's zone: oldest first."""

    def month(name: str) -> Turn:
        return lambda cursor: cases.ledger(desk.organisation.id, desk.site.id, name, cursor, AT_ONCE)

    def at(case: Complaint) -> datetime | None:
        return case.received_at

    lines = [
        line
        for name in months(first, last)
        for line in _all(month(name))
        if first <= local_date(desk.calendar, line.received_at) <= last
    ]
    return _between(desk, heads(cases, lines), at, first, last)


def closed(cases: CaseStore, desk: Desk, first: date, last: date) -> list[Complaint]:
    """The cases finished from `first` to `last` and not open again since: the first one first."""

    def month(name: str) -> Turn:
        return lambda cursor: cases.closed(desk.organisation.id, desk.site.id, name, cursor, AT_ONCE)

    def at(case: Complaint) -> datetime | None:
        return case.closed_at if case.finished else None

    lines = [line for name in months(first, last) for line in _all(month(name))]
    return _between(desk, heads(cases, lines), at, first, last)


def open_now(cases: CaseStore, desk: Desk) -> list[Complaint]:
    """The cases that are open now, however old: oldest first."""

    def of(department: str) -> Turn:
        org, site = desk.organisation.id, desk.site.id
        return lambda cursor: cases.worklist(org, department=department, site=site, cursor=cursor, limit=AT_ONCE)

    lines = [line for department in [*desk.organisation.departments, NOBODYS] for line in _all(of(department))]
    found = [case for case in heads(cases, lines) if not case.finished]
    return sorted(found, key=lambda case: (case.received_at, case.number))


def heads(cases: CaseStore, lines: list[Row]) -> list[Complaint]:
    """The heads that lines of a list stand for, each once; a line may lag behind its head."""
    return _loaded(cases, [(line.org, line.number) for line in lines])


def numbered(cases: CaseStore, org: str, numbers: Iterable[str]) -> list[Complaint]:
    """The cases of these numbers, each once, as they are now; what is gone is left out."""
    return _loaded(cases, [(org, number) for number in numbers])


def together(cases: CaseStore, desk: Desk, found: Iterable[Complaint]) -> list[Complaint]:
    """The cases such that those of one customer have a key in common also where some no longer say who that was.

    Nothing is read where no case has forgotten its customer, or none has one.
    """
    found = list(found)
    known = {key for case in found for key in case.customer_keys}
    if not any(":~" in key for key in known):
        return found
    links = [(kind, hashed) for kind, _, hashed in (key.partition(":") for key in known) if not hashed.startswith("~")]
    stands_for = {f"{kind}:{hashed}": f"{kind}:{alias}" for (kind, hashed), alias in _aliases(cases, desk, links)}
    return [replace(case, customer_keys=[stands_for.get(key, key) for key in case.customer_keys]) for case in found]


def day_of(desk: Desk, at: datetime) -> date:
    """The day of an instant in the site's zone."""
    return local_date(desk.calendar, at)


def dates(period: str) -> tuple[date, date]:
    """First and last day of a period as a duty names it. Raises NotFound.

    >>> dates("2026-11-17..2026-11-23")
    (datetime.date(2026, 11, 17), datetime.date(2026, 11, 23))
    """
    first, _, last = period.partition("..")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise NotFound(f"{period!r} is no period such as 2026-11-17..2026-11-23.") from None


def months(first: date, last: date) -> list[str]:
    """The ledgers that a period touches. A day is added at both ends, since a ledger's months are of one zone.

    >>> months(date(2026, 12, 30), date(2027, 1, 5))
    ['2026-12', '2027-01']
    """
    early, late = first - timedelta(days=1), last + timedelta(days=1)
    span = range(early.year * 12 + early.month - 1, late.year * 12 + late.month)
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in span]


def _aliases(
    cases: CaseStore, desk: Desk, links: list[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], str]]:  # fmt: skip
    for start in range(0, len(links), AT_ONCE):
        yield from cases.aliases(desk.organisation.id, links[start : start + AT_ONCE]).items()


def _loaded(cases: CaseStore, places: list[tuple[str, str]]) -> list[Complaint]:
    once = list(dict.fromkeys(places))
    found: dict[tuple[str, str], Complaint] = {}
    for start in range(0, len(once), AT_ONCE):
        found |= cases.load_many(once[start : start + AT_ONCE])
    return [found[place] for place in once if place in found]


def _all(turn: Turn) -> Iterator[Row]:
    page = turn("")
    yield from page.items
    while page.next:
        page = turn(page.next)
        yield from page.items


def _between(
    desk: Desk, found: list[Complaint], at: Callable[[Complaint], datetime | None], first: date, last: date
) -> list[Complaint]:
    """Those whose instant falls into the period, in its order."""
    dated = [(when, case.number, case) for case in found if (when := at(case)) is not None]
    inside = [entry for entry in dated if first <= local_date(desk.calendar, entry[0]) <= last]
    return [case for *_, case in sorted(inside, key=lambda entry: entry[:2])]
