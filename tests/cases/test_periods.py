"""The cases of a period: received in it, closed in it, open now."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.cases import periods
from chalicelib.cases.desks import Desks
from chalicelib.desk.complaint import Complaint, Owner
from chalicelib.desk.errors import NotFound
from chalicelib.desk.people import Department, Organisation, Site
from chalicelib.desk.rulebook import Desk
from chalicelib.storage.stores import Stores
from tests.fakes.store import in_memory
from tests.storage.samples import a_complaint, a_registration

ORG = "c-company"
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
START = datetime(2026, 10, 31, 16, tzinfo=UTC)  # the month's first instant in China
END = datetime(2026, 11, 30, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def stores() -> Stores:
    stores = in_memory()
    places = {name: Site(id=name, name={"en": name}, procedure="c-company") for name in ("main", "north")}
    lifts = {"lifts": Department(id="lifts", name={"en": "Lifts"})}
    stores.directory.put_organisation(Organisation(id=ORG, name={"en": "C"}, sites=places, departments=lifts))
    return stores


@pytest.fixture
def desk(stores: Stores) -> Desk:
    return Desks(stores.directory).at(ORG, "main")


def put(stores: Stores, number: str, **but: Any) -> None:
    stores.cases.register(a_registration(complaint=a_complaint(number, **but), messages=[], key=number))


def numbers(cases: list[Complaint]) -> list[str]:
    return [case.number for case in cases]


def test_what_is_received_from_the_first_midnight_on_and_before_the_last_belongs_to_a_period(
    stores: Stores, desk: Desk
) -> None:
    times = {"before": START - SECOND, "first": START, "last": END - SECOND, "after": END}
    for number, at in times.items():
        put(stores, number, received_at=at)
    put(stores, "elsewhere", received_at=START, site="north")
    assert numbers(periods.received(stores.cases, desk, FIRST, LAST)) == ["first", "last"]


def test_a_period_counts_in_the_sites_zone_whatever_zone_the_ledger_is_kept_in(stores: Stores) -> None:
    place = Site(id="far", name={"en": "far"}, procedure="c-company", zone="America/Los_Angeles")
    stores.directory.put(ORG, "site", "far", place)
    far = Desks(stores.directory).at(ORG, "far")
    evening = datetime(2026, 12, 1, 6, tzinfo=UTC)  # the 30th there, and December in the ledger
    put(stores, "evening", site="far", received_at=evening)
    put(stores, "night", site="far", received_at=evening + timedelta(hours=3))
    assert numbers(periods.received(stores.cases, far, FIRST, LAST)) == ["evening"]
    put(stores, "done", site="far", received_at=START, status="closed", closed_at=evening)
    assert numbers(periods.closed(stores.cases, far, FIRST, LAST)) == ["done"]


def test_closed_in_a_period_is_what_was_finished_in_it_however_old_it_was(stores: Stores, desk: Desk) -> None:
    long_ago = START - timedelta(days=200)
    for number, at in {"before": START - SECOND, "late": END - SECOND, "early": START, "after": END}.items():
        put(stores, number, received_at=long_ago, status="closed", closed_at=at)
    put(stores, "withdrawn", received_at=long_ago, status="withdrawn", closed_at=START + SECOND)
    put(stores, "open", received_at=long_ago)
    assert numbers(periods.closed(stores.cases, desk, FIRST, LAST)) == ["early", "withdrawn", "late"]


def test_open_are_all_cases_of_the_site_in_whatever_department_or_none(stores: Stores, desk: Desk) -> None:
    put(stores, "new", received_at=END)
    put(stores, "old", received_at=START - timedelta(days=400), owner=Owner(person="u1"))
    put(stores, "elsewhere", site="north")
    put(stores, "closed", status="closed", closed_at=START)
    assert numbers(periods.open_now(stores.cases, desk)) == ["old", "new"]


def test_a_period_is_two_dates() -> None:
    assert periods.dates("2026-11-01..2026-11-30") == (FIRST, LAST)
    for wrong in ("", "2026-11", "2026-11-01", "x..y"):
        with pytest.raises(NotFound):
            periods.dates(wrong)


class Counting:
    """A CaseStore that counts the reads."""

    def __init__(self, cases: Any) -> None:
        self._cases, self.reads = cases, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **named: Any) -> Any:
            self.reads[name] += 1
            return getattr(self._cases, name)(*args, **named)

        return call


def test_a_period_is_read_by_what_it_holds_not_by_what_the_table_holds(stores: Stores, desk: Desk) -> None:
    for n in range(150):
        put(stores, f"n{n:03}", received_at=START + n * timedelta(hours=1))
    first = Counting(stores.cases)
    assert len(periods.received(first, desk, FIRST, LAST)) == 150
    assert first.reads == {"ledger": 3 + 1, "load_many": 2}  # three months, one of them in two pages
    for n in range(900):  # months that the period does not touch
        put(stores, f"old{n}", received_at=START - timedelta(days=90 + n), status="closed", closed_at=START)
    second = Counting(stores.cases)
    assert len(periods.received(second, desk, FIRST, LAST)) == 150
    assert second.reads == first.reads
