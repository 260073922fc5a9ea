"""What a case shows in a column."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.desk.complaint import ClockRun, Complaint, Lateness, Owner
from chalicelib.procedures.check.names import COLUMNS
from chalicelib.reports.cells import CASE_COLUMNS, Cell, Cells
from tests.desk.build import at, desk

PROCEDURE = """
channels: {visit: {title: {zh: 上门, en: At the counter}}, phone: {}}
fields:
  text: {type: text}
  hours: {type: number}
  cost: {type: money}
  when: {type: instant}
  day: {type: date}
  happy: {type: yes_no}
  nature: {type: choice, choices: {delay: {zh: 工期延误, en: Delay}, other: {zh: 其他, en: Other}}}
  several: {type: choices, choices: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}}}
  who: {type: person}
  unit: {type: department}
  parts: {type: table, columns: {name: {zh: 名称, en: Name}, count: {zh: 数量, en: Count}}}
  room: {type: text, intake: customer.room}
  plate: {type: plate}
clocks:
  accept: {title: {zh: 受理时限, en: Time to accept}, starts: [done register], stops: [entered closed], limit: 4h}
"""
DESK = desk(PROCEDURE)
ZH, EN = Cells(DESK, "zh-Hans"), Cells(DESK, "en")


def case(**changes: Any) -> Complaint:
    return Complaint(
        **{
            "org": "acme", "site": "main", "number": "261102-0000017", "procedure": "tiny", "procedure_version": 1,
            "channel": "visit", "kind": "complaint", "language": "zh-Hans", "received_at": at("11-02 09:30"),
            "registered_at": at("11-02 09:30"), "stage": "working", "status": "handling", "summary": "电梯停运",
            **changes,
        }
    )  # fmt: skip


@pytest.mark.parametrize(("column", "value", "zh", "en", "kind"), [
    ("text", "=1+1", "=1+1", "=1+1", "text"),
    ("hours", 1.5, "1.5", "1.5", "number"),
    ("hours", 12, "12", "12", "number"),
    ("cost", "1200.50", "1,200.50", "1,200.50", "money"),
    ("when", "2026-11-02T01:30:00Z", "2026-11-02 09:30", "2026-11-02 09:30", "instant"),
    ("day", "2026-11-02", "2026-11-02", "2026-11-02", "date"),
    ("happy", "yes", "是", "yes", "text"),
    ("nature", "delay", "工期延误", "Delay", "text"),
    ("several", ["b", "a"], "乙；甲", "B; A", "text"),
    ("who", "ann", "Ann", "Ann", "text"),
    ("unit", "works", "工程部", "工程部", "text"),
    ("parts", [{"count": "2", "name": "螺丝"}, {"name": "门"}], "名称：螺丝，数量：2\n名称：门",
     "Name: 螺丝, Count: 2\nName: 门", "text"),
])  # fmt: skip
def test_an_answer_is_shown_in_the_readers_words_and_typed(
    column: str, value: Any, zh: str, en: str, kind: str
) -> None:  # fmt: skip
    of = case(values={column: value})
    assert (ZH.cell(of, column).text, EN.cell(of, column).text, EN.cell(of, column).kind) == (zh, en, kind)


def test_machines_get_what_the_words_stand_for() -> None:
    of = case(values={"hours": 1.5, "cost": "1200.50", "when": "2026-11-02T01:30:00Z", "nature": "delay"})
    values = [cell.value for cell in EN.line(of, ["hours", "cost", "when", "nature"])]
    assert values == [1.5, "1200.50", "2026-11-02T09:30:00+08:00", "delay"]


@pytest.mark.parametrize("nothing", [None, "", []])
def test_what_was_not_answered_is_an_empty_cell(nothing: object) -> None:
    assert ZH.cell(case(values={"text": nothing}), "text") == ZH.cell(case(), "text") == Cell(text="")


def test_an_unknown_answer_says_why() -> None:
    cell = ZH.cell(case(values={"hours": {"unknown": "客户未说明"}}), "hours")
    assert (cell.text, cell.unknown) == ("不详：客户未说明", True)


def test_every_column_that_a_procedure_may_name_is_shown_and_titled_in_three_languages() -> None:
    assert set(CASE_COLUMNS) == COLUMNS
    for language in ("zh-Hans", "zh-Hant", "en"):
        titles = {Cells(DESK, language).head(column).title for column in COLUMNS}
        assert len(titles) == len(COLUMNS)
        assert not titles & COLUMNS


def test_the_columns_of_the_case_itself() -> None:
    running = ClockRun(clock="accept", run=1, started=at("11-02 09:30"), due=at("11-02 13:30"))
    of = case(
        owner=Owner(person="ann", department="desk"), closed_at=at("11-03 09:00"), round=2, clocks={"accept": running}
    )
    columns = ["number", "stage", "status", "owner", "received_at", "closed_at", "round", "due", "channel", "kind",
               "summary"]  # fmt: skip
    assert [cell.text for cell in ZH.line(of, columns)] == [
        "261102-0000017", "working", "处理中", "Ann", "2026-11-02 09:30", "2026-11-03 09:00", "2", "2026-11-02 13:30",
        "上门", "投诉", "电梯停运",
    ]  # fmt: skip
    assert EN.cell(replace(of, channel="phone"), "channel").text == "Phone"
    assert EN.cell(replace(of, owner=Owner(department="works")), "owner").text == "工程部"
    assert EN.cell(replace(of, owner=Owner()), "owner") == Cell(text="")


def test_lateness_is_said_by_the_limits_missed_and_how_often() -> None:
    missed = [Lateness(clock="accept", run=n, due=datetime(2026, 11, n, tzinfo=UTC), round=1) for n in (1, 2)]
    assert EN.cell(case(), "late").text == "no"
    assert EN.cell(case(lateness=missed[:1], status="closed"), "late").text == "Time to accept"
    assert ZH.cell(case(lateness=missed), "late").text == "受理时限（2次）"


@pytest.mark.parametrize(("secrecy", "mark"), [("confidential", "（保密）"), ("anonymous", "（匿名）")])
@pytest.mark.parametrize("column", ["room", "plate"])
def test_nothing_on_a_sheet_says_who_complains_where_that_is_secret(column: str, secrecy: str, mark: str) -> None:
    answers = {"room": "1-405", "plate": "京A12345", "text": "x"}
    assert ZH.cell(case(values=answers), column).text == answers[column]
    hidden = ZH.cell(case(values=answers, **{secrecy: True}), column)
    assert hidden == Cell(text=mark, withheld=True)
    assert ZH.cell(case(**{secrecy: True}), column) == hidden, "that there is none would tell something too"
    assert ZH.cell(case(values=answers, **{secrecy: True}), "text").text == "x"


def test_a_field_kept_from_the_reader_is_masked() -> None:
    cells = Cells(DESK, "en", hidden=lambda _, column: column == "text")
    of = case(values={"text": "secret", "happy": "no"})
    assert [cell.text for cell in cells.line(of, ["text", "happy"])] == ["(restricted)", "no"]


def test_a_column_that_the_procedure_no_longer_has_is_an_empty_one() -> None:
    assert (EN.cell(case(), "gone"), EN.head("gone").title) == (Cell(text=""), "gone")
