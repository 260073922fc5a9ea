"""Worklists and ledgers of every CaseStore."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.desk.complaint import ClockRun, Owner
from chalicelib.desk.errors import BadInput
from chalicelib.ports import Row
from chalicelib.storage import index_keys
from chalicelib.storage.lists import closed, page
from chalicelib.storage.stores import Stores
from tests.storage.conftest import Stand
from tests.storage.faults import calls_of
from tests.storage.samples import HOUR, NOON, a_complaint, a_registration, an_event

ORG = "c-company"


def register(stores: Stores, number: str, **but: Any) -> None:
    """A case with such a state."""
    stores.cases.register(a_registration(complaint=a_complaint(number, **but), messages=[], key=number))


def numbers(rows: list[Row]) -> list[str]:
    """Which cases."""
    return [row.number for row in rows]


def test_a_line_says_what_a_worklist_shows(stores: Stores) -> None:
    register(stores, "1", round=2)
    [row] = stores.cases.worklist(ORG, department="lifts").items
    assert row == Row(
        org=ORG, number="1", site="main", stage="registered", status="received", procedure="c-company",
        procedure_version=1, summary="电梯停运", owner="u1", department="lifts", received_at=NOON,
        due=NOON + 4 * HOUR, late=False, round=2,
    )  # fmt: skip


def test_the_most_urgent_come_first_and_those_without_a_limit_last(stores: Stores) -> None:
    register(stores, "soon", due=NOON + HOUR)
    register(stores, "never", due=None)
    register(stores, "late", due=NOON - HOUR)
    assert numbers(stores.cases.worklist(ORG, department="lifts").items) == ["late", "soon", "never"]
    assert numbers(stores.cases.worklist(ORG, owner="u1").items) == ["late", "soon", "never"]


def test_a_case_is_due_when_the_first_of_its_running_clocks_is(stores: Stores) -> None:
    clock = ClockRun(clock="reply", run=1, started=NOON, due=NOON + 5 * HOUR)
    stopped = ClockRun(clock="register", run=1, started=NOON, due=NOON, late_at=NOON, state="stopped")
    paused = ClockRun(clock="handle", run=1, started=NOON, due=NOON + HOUR, state="paused")
    register(stores, "1", clocks={"reply": clock, "register": stopped, "handle": paused})
    [row] = stores.cases.worklist(ORG, department="lifts").items
    assert (row.due, row.late) == (NOON + 5 * HOUR, False)


def test_a_case_is_late_while_a_clock_that_missed_its_limit_has_not_stopped(stores: Stores) -> None:
    missed = ClockRun(clock="reply", run=1, started=NOON, due=NOON, late_at=NOON)
    register(stores, "1", clocks={"reply": missed})
    [row] = stores.cases.worklist(ORG, department="lifts").items
    assert (row.due, row.late) == (NOON, True)


def test_a_list_in_pages_is_the_whole_list(stores: Stores) -> None:
    for i in range(7):
        register(stores, f"n{i}", due=NOON + i * HOUR if i % 2 else NOON)
    whole = stores.cases.worklist(ORG, department="lifts")
    assert whole.next == ""
    pages, cursor = [], ""
    while True:
        page = stores.cases.worklist(ORG, department="lifts", cursor=cursor, limit=3)
        pages.append(numbers(page.items))
        cursor = page.next
        if not cursor:
            break
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [number for page in pages for number in page] == numbers(whole.items)


def test_the_last_full_page_has_no_next(stores: Stores) -> None:
    for number in ("1", "2"):
        register(stores, number)
    assert stores.cases.worklist(ORG, department="lifts", limit=2).next == ""


@pytest.mark.parametrize("cursor", ["x", "not base64!", closed("no-number"), closed("x#" + "y" * 2000), "☂"])
def test_a_cursor_that_no_list_gave_out_is_bad_input(stores: Stores, cursor: str) -> None:
    with pytest.raises(BadInput) as refused:
        stores.cases.worklist(ORG, department="lifts", cursor=cursor)
    assert [problem.field for problem in refused.value.problems] == ["cursor"]


def test_a_cursor_past_the_asked_time_ends_the_list(stores: Stores) -> None:
    for number in ("1", "2"):
        register(stores, number, due=NOON + 2 * HOUR)
    cursor = stores.cases.worklist(ORG, department="lifts", limit=1).next
    page = stores.cases.worklist(ORG, department="lifts", cursor=cursor, due_before=NOON)
    assert (page.items, page.next) == ([], "")


def test_a_list_can_be_narrowed(stores: Stores) -> None:
    register(stores, "1", stage="handling", site="main", due=NOON)
    register(stores, "2", stage="handling", site="north", due=NOON + HOUR)
    register(stores, "3", stage="answered", site="main", due=NOON + 2 * HOUR)
    register(stores, "4", stage="handling", owner=Owner(person="u1", department="fire"), due=NOON)
    lists = stores.cases.worklist
    assert numbers(lists(ORG, department="lifts", stage="handling").items) == ["1", "2"]
    assert numbers(lists(ORG, department="lifts", site="main").items) == ["1", "3"]
    assert numbers(lists(ORG, department="lifts", due_before=NOON + HOUR).items) == ["1"]
    assert numbers(lists(ORG, owner="u1", department="fire").items) == ["4"]
    assert numbers(lists(ORG, department="lifts", stage="handling", site="none").items) == []


def test_a_narrowed_list_in_pages_misses_nothing(stores: Stores) -> None:
    for i in range(6):
        register(stores, f"n{i}", stage="handling" if i % 3 == 0 else "answered")
    first = stores.cases.worklist(ORG, department="lifts", stage="handling", limit=1)
    second = stores.cases.worklist(ORG, department="lifts", stage="handling", limit=1, cursor=first.next)
    assert numbers(first.items + second.items) == ["n0", "n3"]


def test_a_case_leaves_the_list_with_its_owner_and_all_lists_when_closed(stores: Stores) -> None:
    register(stores, "1")
    moved = a_complaint("1", version=2, owner=Owner(person="u2", department="fire"))
    stores.cases.commit(1, moved, [an_event(2)], [], NOON)
    assert stores.cases.worklist(ORG, department="lifts").items == []
    assert numbers(stores.cases.worklist(ORG, owner="u2").items) == ["1"]
    finished = a_complaint("1", version=3, status="closed", owner=Owner(person="u2", department="fire"))
    stores.cases.commit(2, finished, [an_event(3)], [], None)
    assert stores.cases.worklist(ORG, department="fire").items == []
    assert stores.cases.worklist(ORG, owner="u2").items == []


def test_open_cases_of_no_department_are_on_a_list_of_their_own(stores: Stores) -> None:
    register(stores, "1", owner=Owner(person="u1"))
    register(stores, "2")
    assert numbers(stores.cases.worklist(ORG, department="-").items) == ["1"]


def test_another_organisations_cases_are_on_no_list(stores: Stores) -> None:
    register(stores, "1", org="h-hospital")
    assert stores.cases.worklist(ORG, department="lifts").items == []
    assert stores.cases.ledger(ORG, "main", "2026-11").items == []


def test_a_list_of_nobody_is_a_mistake_of_the_caller(stores: Stores) -> None:
    with pytest.raises(ValueError, match="a department's or an owner's"):
        stores.cases.worklist(ORG)


def test_a_ledger_holds_a_month_of_a_site_also_what_is_closed_oldest_first(stores: Stores) -> None:
    register(stores, "2", received_at=NOON + HOUR, status="closed")
    register(stores, "1", received_at=NOON)
    register(stores, "3", received_at=datetime(2026, 11, 30, 15, 59, tzinfo=UTC))
    register(stores, "december", received_at=datetime(2026, 11, 30, 16, tzinfo=UTC))  # 1 December in China
    register(stores, "elsewhere", site="north")
    assert numbers(stores.cases.ledger(ORG, "main", "2026-11").items) == ["1", "2", "3"]
    assert numbers(stores.cases.ledger(ORG, "main", "2026-12").items) == ["december"]
    first = stores.cases.ledger(ORG, "main", "2026-11", limit=2)
    assert numbers(stores.cases.ledger(ORG, "main", "2026-11", cursor=first.next).items) == ["3"]


def test_a_ledger_can_be_read_from_its_newest_end(stores: Stores) -> None:
    for i in range(5):
        register(stores, str(i), received_at=NOON + i * HOUR)
    first = stores.cases.ledger(ORG, "main", "2026-11", limit=2, newest_first=True)
    second = stores.cases.ledger(ORG, "main", "2026-11", cursor=first.next, limit=2, newest_first=True)
    third = stores.cases.ledger(ORG, "main", "2026-11", cursor=second.next, limit=2, newest_first=True)
    assert [numbers(page.items) for page in (first, second, third)] == [["4", "3"], ["2", "1"], ["0"]]
    assert third.next == ""


def test_a_ledger_of_closed_cases_holds_what_a_site_closed_in_a_month_the_first_first(stores: Stores) -> None:
    for number, closed_at in {"2": NOON + HOUR, "1": NOON, "december": datetime(2026, 11, 30, 16, tzinfo=UTC)}.items():
        register(stores, number, received_at=NOON - 900 * HOUR, status="archived", closed_at=closed_at)
    register(stores, "elsewhere", site="north", status="closed", closed_at=NOON)
    register(stores, "open")
    assert numbers(stores.cases.closed(ORG, "main", "2026-11").items) == ["1", "2"]
    assert numbers(stores.cases.closed(ORG, "main", "2026-12").items) == ["december"]
    first = stores.cases.closed(ORG, "main", "2026-11", limit=1)
    assert numbers(stores.cases.closed(ORG, "main", "2026-11", cursor=first.next).items) == ["2"]


def test_a_case_comes_into_the_ledger_of_closed_cases_and_leaves_it_when_it_is_open_again(stores: Stores) -> None:
    register(stores, "1")
    assert stores.cases.closed(ORG, "main", "2026-11").items == []
    stores.cases.commit(1, a_complaint("1", version=2, status="closed", closed_at=NOON), [an_event(2)], [], None)
    assert numbers(stores.cases.closed(ORG, "main", "2026-11").items) == ["1"]
    stores.cases.commit(2, a_complaint("1", version=3, closed_at=NOON), [an_event(3)], [], None)
    assert stores.cases.closed(ORG, "main", "2026-11").items == []
    assert numbers(stores.cases.worklist(ORG, department="lifts").items) == ["1"]


def test_a_filter_that_little_fits_reads_so_far_and_goes_on_from_there(stand: Stand) -> None:
    for i in range(6):
        register(stand.stores, f"n{i}")
    lifts = "DEPARTMENT", index_keys.department(ORG, "lifts"), ORG

    def last_one(line: Row) -> bool:
        return line.number == "n5"

    first = page(stand.table, *lifts, "", 10, wanted=last_one, seen_at_most=4)
    assert first.items == []
    second = page(stand.table, *lifts, first.next, 10, wanted=last_one, seen_at_most=4)
    assert (numbers(second.items), second.next) == (["n5"], "")


def test_a_page_of_a_list_is_one_call(stand: Stand) -> None:
    for i in range(5):
        register(stand.stores, f"n{i}")
    with calls_of(stand.client) as calls:
        stand.stores.cases.worklist(ORG, department="lifts", limit=3)
    assert calls == ["Query"]
