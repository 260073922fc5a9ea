"""Registers: what the procedures prescribe, who reads which lines, two ledgers held side by side, what it costs."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.desk.people import Absence
from chalicelib.reports.views import RegisterView
from infra.seed import organisations
from tests.procedures import dongnan, workshop
from tests.procedures.playing import Play
from tests.web.air import Air, on_air

PENDING = {"stage": "pending", "status": "pending"}


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air(*organisations()) as found:
        yield found


def put(air: Air, play: Play, number: str, values: dict[str, Any] | None = None, **changes: Any) -> str:
    """A case as it was played, under another number and with other answers."""
    case = replace(play.case, number=number, values={**play.case.values, **(values or {})}, **changes)
    air.stores.cases.memory.heads[case.org, number] = case  # type: ignore[attr-defined]  # the one in memory
    return number


def read(air: Air, org: str, person: str, register: str, period: str = "") -> RegisterView:
    return air.world.registers(org, person, "zh-Hans", register=register, period=period)


def numbers(view: RegisterView) -> list[str]:
    return [line.number for line in view.lines]


def ledgers(air: Air) -> None:
    """Four pending matters: alike in both ledgers, worded differently, only with the manager, only with the centre."""
    play, open_, done = workshop.assessing(), "open", "settled"
    for number, manager, centre, said, noted in (
        ("1", open_, open_, "等配件", "等配件"),
        ("2", open_, open_, "客户出差", "待客户来电"),
        ("3", open_, done, "更换悬挂", "已了结"),
        ("4", done, open_, "已了结", "复查异响"),
    ):
        answers = {"manager_ledger": manager, "centre_ledger": centre, "manager_entry": said, "centre_entry": noted}
        put(air, play, number, answers, **PENDING)


@pytest.mark.rules("W-83", "W-84", "W-88")
def test_the_customer_manager_and_the_service_centre_each_keep_a_ledger_of_pending_matters(air: Air) -> None:
    ledgers(air)
    manager = read(air, "w-workshop", "w.xie", "pending_customer_manager")
    centre = read(air, "w-workshop", "w.pan", "pending_service_centre")
    assert (manager.title, centre.title) == ("未了事宜台账（客户经理）", "未了事宜台账（客户服务中心）")
    assert (manager.kept_by.title, centre.kept_by.title) == ("客户经理", "客户服务中心")
    assert (numbers(manager), numbers(centre)) == (["1", "2", "3"], ["1", "2", "4"])
    entry = [column.id for column in manager.columns].index("manager_entry")
    assert [line.cells[entry].text for line in manager.lines] == ["等配件", "客户出差", "更换悬挂"]
    assert {"contact_answer", "change"} <= {column.id for column in manager.columns}


@pytest.mark.rules("W-84", "W-88")
def test_the_two_ledgers_stand_side_by_side_with_what_differs(air: Air) -> None:
    ledgers(air)
    for register, mine, theirs in (
        ("pending_customer_manager", "3", "4"), ("pending_service_centre", "4", "3"),
    ):  # fmt: skip
        compared = read(air, "w-workshop", "w.xie", register).compared
        assert compared is not None
        results = {line.number: line.result for line in compared.lines}
        assert results == {"1": "same", "2": "differs", mine: "only_here", theirs: "only_there"}
        [differs] = [line.differs for line in compared.lines if line.number == "2"]
        assert differs == ["manager_entry" if mine == "3" else "centre_entry"]


def test_what_differs_between_two_ledgers_is_marked_on_the_page(air: Air) -> None:
    ledgers(air)
    page = air.get("/v1/registers/pending_customer_manager?format=html", by="w.xie", org="w-workshop").body.decode()
    for mark in ("differs", "only_here", "only_there"):
        assert page.count(f'<tr class="{mark}">') == 1


def test_a_ledger_of_open_matters_lists_them_however_old_and_not_when_they_are_finished(air: Air) -> None:
    play = workshop.assessing()
    old = put(
        air, play, "1", {"manager_ledger": "open"}, **PENDING, received_at=play.case.received_at.replace(year=2024)
    )
    put(air, play, "2", {"manager_ledger": "open"}, stage="archived", status="archived")
    assert numbers(read(air, "w-workshop", "w.xie", "pending_customer_manager")) == [old]


@pytest.mark.rules("E-45", "E-46")
def test_the_summary_register_holds_the_forms_that_the_clerk_entered_by_category(air: Air) -> None:
    play = dongnan.tracking()
    put(air, play, "1")
    entered = play.do("04 10:00", "e.li", "finish", finished_how="已修好，客户满意").do(
        "04 11:00", "e.yu", "enter_register", category="quality"
    )
    put(air, entered, "2")
    view = read(air, "e-dongnan", "e.yu", "summary", "2026-11")
    assert (view.title, view.kept_by.role, numbers(view)) == ("投诉处理汇总登记表", "site_clerk", ["2"])
    columns = {column.id: cell.text for column, cell in zip(view.columns, view.lines[0].cells, strict=True)}
    assert columns["finished_how"] == "已修好，客户满意"
    assert columns["category"] == play.desk.procedure.fields["category"].choices["quality"]["zh-Hans"]


@pytest.mark.rules("E-30")
def test_what_is_to_be_handled_afterwards_is_a_list_of_its_own(air: Air) -> None:
    number = put(air, dongnan.ready(), "1", {"conflict": "邻里争执"}, stage="afterwards")
    put(air, dongnan.ready(), "2")
    view = read(air, "e-dongnan", "e.tang", "afterwards")
    assert (view.title, view.kept_by.role, numbers(view)) == ("事后处理清单", "sales_manager", [number])


@pytest.mark.rules("S-51", "S-67", "S-68", "W-14", "M-14", "P-47", "C-22", "H-12", "T-42", "N-06")
@pytest.mark.parametrize(("org", "register", "title"), [
    ("e-dongnan", "summary", "投诉处理汇总登记表"), ("w-workshop", "feedback_forms", "客户信息反馈处理单登记簿"),
    ("m-property", "follow_up", "客户意见与投诉处理跟进表"), ("s-store", "record_forms", "顾客抱怨记录表台账"),
    ("p-property", "handling_forms", "投诉处理单登记簿"), ("c-company", "complaint_forms", "客户投诉备案登记表"),
    ("h-hospital", "cases", "投诉举报登记簿"), ("t-telephone", "complaints", "投诉记录"),
    ("n-notice", "contacts", "客户来电来件登记"),
])  # fmt: skip
def test_every_procedure_has_its_register_and_somebody_who_keeps_it(
    air: Air, org: str, register: str, title: str
) -> None:
    organisation = air.world.desks.organisation(org)
    admin = next(person.id for person in organisation.staff.values() if person.admin)
    view = read(air, org, admin, register)
    assert view.title == title
    assert view.kept_by.people
    assert len(view.columns) >= 5


@pytest.mark.rules("W-102")
def test_the_person_concerned_finds_no_line_of_that_case(air: Air) -> None:
    play = workshop.assessing()
    put(air, play, "1", {"person_concerned": ["w.pan"]})
    put(air, play, "2", {"person_concerned": ["w.ding"]})
    assert numbers(read(air, "w-workshop", "w.xie", "feedback_forms", "2026-11")) == ["1", "2"]
    assert numbers(read(air, "w-workshop", "w.pan", "feedback_forms", "2026-11")) == ["2"]


def test_a_closed_period_keeps_that_line_from_them_too(air: Air) -> None:
    play = workshop.assessing()
    put(air, play, "1", {"person_concerned": ["w.pan"]})
    put(air, play, "2")
    air.wait(days=20)
    closed = air.world.close_register("w-workshop", "w.pan", register="feedback_forms", period="2026-11")
    assert closed.lines == 2
    assert numbers(read(air, "w-workshop", "w.pan", "feedback_forms", "2026-11")) == ["2"]
    assert numbers(read(air, "w-workshop", "w.xie", "feedback_forms", "2026-11")) == ["1", "2"]


@pytest.mark.parametrize(("secrecy", "mark"), [("confidential", "（保密）"), ("anonymous", "（匿名）")])
def test_who_complains_is_on_no_line_of_a_secret_case_and_in_no_snapshot(air: Air, secrecy: str, mark: str) -> None:
    put(air, workshop.assessing(), "1", **{secrecy: True})
    view = read(air, "w-workshop", "w.xie", "feedback_forms", "2026-11")
    plate = [column.id for column in view.columns].index("plate")
    assert (view.lines[0].cells[plate].text, view.lines[0].cells[plate].value) == (mark, None)
    air.wait(days=20)
    air.world.close_register("w-workshop", "w.pan", register="feedback_forms", period="2026-11")
    assert air.files.kept
    assert not [name for name, content in air.files.kept.items() if b"B12345" in content]


def test_a_colleague_who_stands_in_for_the_keeper_reads_and_closes(air: Air) -> None:
    org = air.world.desks.organisation("w-workshop")
    posted = {person for people in org.sites["main"].posts.values() for person in people}
    other = next(p.id for p in org.staff.values() if p.id not in posted and not p.admin and p.active)
    air.wait(days=20)
    assert air.get("/v1/registers/feedback_forms", by=other, org="w-workshop").status_code == 403
    for keeper in org.sites["main"].posts["service_centre"]:
        away = Absence(person=keeper, start=air.now, end=air.now.replace(year=2027), stand_in=other)
        air.stores.directory.put_absence("w-workshop", away)
    assert air.world.close_register("w-workshop", other, register="feedback_forms", period="2026-11").by == other


def test_a_period_costs_its_ledgers_and_a_read_for_a_hundred_heads(air: Air) -> None:
    play = workshop.assessing()
    for number in range(250):
        put(air, play, f"{number:03d}")
    air.cases.calls.clear()
    assert len(read(air, "w-workshop", "w.xie", "feedback_forms", "2026-11").lines) == 250
    months = 3  # a month of the site may reach into its neighbours' ledgers
    assert air.cases.calls == {"ledger": months + 2, "load_many": 3}
