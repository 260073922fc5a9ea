"""The demo shows every procedure in all its stages, and putting it there again changes nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.cases.verify import verified
from chalicelib.desk.answers import normalised
from chalicelib.desk.complaint import Complaint
from chalicelib.settings import Settings
from chalicelib.storage.table import Table
from chalicelib.wiring import World
from infra import seed
from infra.demo_cases import Demo, put_cases
from infra.demo_past import LEFT, Kept, Past
from infra.demo_plan import written
from tests.storage.conftest import PlainSealer
from tests.storage.tables import create_table

NOW = datetime(2026, 11, 22, 7, 20, tzinfo=UTC)  # a Sunday afternoon
AT_NIGHT = datetime(2026, 10, 31, 16, 5, tzinfo=UTC)  # the first minutes of a month, when most sites are shut
BEYOND = datetime(2031, 5, 5, tzinfo=UTC)  # the holidays of that year are not known
ORGANISATIONS = {found.id: found for found in seed.organisations()}
EVERY = pytest.mark.parametrize("org", ORGANISATIONS)
SMALL = "n-notice"


@cache
def played(org: str, now: datetime = NOW) -> Past:
    """The past of an organisation; played once, looked at by every test."""
    return Past(ORGANISATIONS[org], Settings(public_url="https://desk.example"), b"k" * 32, PlainSealer(), now).play()


def cases(past: Past) -> list[Complaint]:
    found = [past.stores.cases.load(past.org, number) for number in past.numbers.values()]
    return [case for case in found if case]


@EVERY
def test_every_stage_has_a_case_and_everything_planned_could_be_done(org: str) -> None:
    past = played(org)
    there = {case.stage for case in cases(past)}
    assert past.refused == []
    assert there == set(past.desk.procedure.stages)


def test_both_ledgers_of_pending_matters_have_something_to_show() -> None:
    past = played("w-workshop")
    keeper, read = past.desk.site.posts["service_centre"][0], past.world.registers
    ledgers = ("pending_customer_manager", "pending_service_centre")
    assert [name for name in ledgers if not read(past.org, keeper, "zh-Hans", register=name).lines] == []


@EVERY
def test_cases_are_open_late_finished_and_of_customers_who_came_before(org: str) -> None:
    past = played(org)
    found = cases(past)
    assert sum(not case.finished for case in found) >= 5
    assert any(run.late_at for case in found if not case.finished for run in case.clocks.values())
    assert any(run.state == "running" for case in found for run in case.clocks.values())
    assert sum(case.finished for case in found) >= 14
    keys = [tuple(case.customer_keys) for case in found]
    assert len(set(keys)) < len(keys)


@EVERY
def test_those_alike_are_linked_with_the_first_of_them(org: str) -> None:
    past = played(org)
    alike = [past.numbers[plan.key] for plan in past.plans if plan.alike]
    first = past.stores.cases.load(org, alike[0])
    assert first is not None
    together = {n for link, group in first.groups.items() for n in past.stores.cases.members(org, link, group)}
    assert set(alike[1:]) <= {*first.ties, *together}


@EVERY
def test_nothing_happened_in_the_future_and_every_history_holds(org: str) -> None:
    past = played(org)
    for case in cases(past):
        events = past.stores.cases.history(org, case.number)
        assert events[-1].at <= NOW
        assert verified(case, events).whole


@EVERY
def test_letters_of_the_past_are_sent_and_only_the_newest_wait(org: str) -> None:
    past = played(org)
    posted = [p for number in past.numbers.values() for p in past.stores.cases.messages(org, number)]
    waiting = [p.message for p in posted if p.state != "sent"]
    assert len(posted) > 20
    assert all(message.at > NOW - 2 * LEFT or (message.not_before or NOW) > NOW - LEFT for message in waiting)
    assert len(waiting) < 60


@EVERY
def test_the_register_of_last_month_is_closed_and_shows_lines(org: str) -> None:
    past = played(org)
    registers, person = past.world.registers, next(p.id for p in past.desk.organisation.staff.values() if p.admin)
    closed = [entry for entry in registers.all(org, person, "zh-Hans") if entry.closed]
    [view] = [registers(org, person, "zh-Hans", register=entry.id, period="2026-10") for entry in closed]
    assert view.closed is not None
    assert len(view.lines) >= 2


@EVERY
def test_a_report_was_issued_where_the_procedure_owes_any(org: str) -> None:
    past = played(org)
    duties = past.desk.procedure.duties
    runs = [run for duty in duties for run in past.stores.duties.periods(org, past.site, duty, limit=100)]
    assert any(run.issued_at for run in runs) or not duties
    for run in runs:
        assert past.world.reports.read(org, past.site, run.duty, run.period).report


@EVERY
def test_what_people_wrote_reads_as_words_of_the_trade(org: str) -> None:
    past = played(org)
    fields = past.desk.procedure.fields
    written_there = {
        name: value for case in cases(past) for name, value in case.values.items()
        if name in fields and fields[name].type in ("text", "long") and isinstance(value, str)
    }  # fmt: skip
    assert {name: value for name, value in written_there.items() if "见记录" in value or "{" in value} == {}
    assert len(set(written_there.values())) > 4


@EVERY
def test_every_organisation_has_a_dozen_complaints_and_three_alike(org: str) -> None:
    book = written(org)
    assert len(book.complaints) >= 12
    assert len(book.alike) == 3
    both = [*book.complaints, *book.alike]
    assert len({complaint.details for complaint in both}) >= 15
    desk = played(org).desk
    for complaint in both:
        for name, value in complaint.form.items():
            normalised(desk.procedure.fields[name], value, desk.organisation, NOW)


@pytest.mark.parametrize("org", ["c-company", SMALL])
def test_it_is_the_same_for_the_same_instant(org: str) -> None:
    again = Past(
        ORGANISATIONS[org], Settings(public_url="https://desk.example"), b"k" * 32, PlainSealer(), NOW
    ).play()  # fmt: skip
    assert list(again.table.items()) == list(played(org).table.items())


@pytest.mark.parametrize("org", ["c-company", "e-dongnan", "h-hospital", SMALL])
def test_it_can_be_played_in_the_first_minutes_of_a_month(org: str) -> None:
    past = played(org, AT_NIGHT)
    assert past.refused == []
    assert {case.stage for case in cases(past)} == set(past.desk.procedure.stages)


# written down


class Failing:
    """A client that fails at one of the calls that write."""

    def __init__(self, client: Any, at: int) -> None:
        self._client, self._left = client, at

    def __getattr__(self, name: str) -> Any:
        if name in ("transact_write_items", "batch_write_item"):
            self._left -= 1
            if self._left == 0:
                raise ConnectionError("the machine was switched off")
        return getattr(self._client, name)


class Breaking(Table):
    """The table, over such a client."""

    def __init__(self, name: str, at: int) -> None:
        super().__init__(name)
        self._failing = Failing(super().client, at)

    @property
    def client(self) -> Any:
        return self._failing


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        found = Table("redress-demo")
        create_table(found.client, "redress-demo")
        yield found


def all_of(table: Table) -> dict[tuple[str, str], Any]:
    pages = table.client.get_paginator("scan").paginate(TableName="redress-demo")
    return {(item["PK"]["S"], item["SK"]["S"]): item for page in pages for item in page["Items"]}


def put(table: Table, past: Past, now: datetime = NOW) -> bool:
    """Whether there was anything to put."""
    demo = Demo(table, "redress-demo", Kept())
    if demo.begun(past.org, now) is None:
        return False
    demo.write(past)
    return True


def test_a_past_is_written_down_as_it_was_played(table: Table) -> None:
    past = played(SMALL)
    assert put(table, past)
    there = all_of(table)
    expected = [i for i in past.table.items() if i["kind"]["S"] not in ("entry", "recurrence", "pulse")]
    assert all(there[i["PK"]["S"], i["SK"]["S"]] == i for i in expected)
    assert len(there) == len(expected) + 2


def test_each_organisation_is_told_of_and_the_second_time_none(table: Table) -> None:
    parts = World(Settings(table="redress-demo", kms_key="alias/none"), secret=b"k" * 32)
    demo = Demo(table, "redress-demo", Kept())
    [line] = put_cases(parts, demo, [ORGANISATIONS[SMALL]], NOW)
    assert SMALL in line
    assert "22 cases in 4 stages" in line
    assert list(put_cases(parts, demo, [ORGANISATIONS[SMALL]], NOW)) == []


def test_where_the_calendar_ends_there_are_no_cases_and_it_is_said(table: Table) -> None:
    parts = World(Settings(table="redress-demo", kms_key="alias/none"), secret=b"k" * 32)
    [line] = put_cases(parts, Demo(table, "redress-demo", Kept()), [ORGANISATIONS[SMALL]], BEYOND)
    assert "no cases: the calendar does not know the holidays of" in line


def test_a_second_run_changes_nothing(table: Table) -> None:
    put(table, played(SMALL))
    before = all_of(table)
    assert not put(table, played(SMALL))
    assert all_of(table) == before


@pytest.mark.parametrize("at", [1, 8])
def test_what_was_interrupted_goes_on_where_it_was_and_overwrites_no_case(table: Table, at: int) -> None:
    past = played(SMALL)
    with pytest.raises(ConnectionError):
        put(Breaking("redress-demo", at), past)
    changed = {place: i for place, i in all_of(table).items() if i["kind"]["S"] == "case"}
    for item in changed.values():  # the desk went on with what was there
        item["version"] = {"N": "99"}
        table.client.put_item(TableName="redress-demo", Item=item)

    assert Demo(table, "redress-demo", Kept()).begun(SMALL, AT_NIGHT) == NOW
    assert put(table, past, AT_NIGHT)
    there = all_of(table)
    assert {place: there[place] for place in changed} == changed
    assert sum(item["kind"]["S"] == "case" for item in there.values()) == len(past.numbers)
    assert not put(table, past)
