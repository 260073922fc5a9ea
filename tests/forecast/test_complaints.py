"""Complaints from a file become what a forecast plays; whatever is wrong with the file is said in one go."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.desk.rulebook import Desk
from chalicelib.forecast.complaints import read
from chalicelib.forecast.figures import figures_of
from chalicelib.forecast.generated import a_year
from chalicelib.forecast.incoming import Incoming
from tests.forecast.desks import complaints, desk_of, played


@pytest.fixture(scope="module")
def desk() -> Desk:
    return desk_of("c-company")


def written(folder: Path, incoming: list[Incoming]) -> Path:
    """The complaints as a CSV file."""
    path = folder / "complaints.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["number", "received_at", "channel", "kind", "category", "did:send_form"])
        for one in incoming:
            did = next((when.isoformat() for when, action in one.did if action == "send_form"), "")
            row = [one.number, one.received_at.isoformat(), one.channel, one.kind, one.answers.get("category", ""), did]
            table.writerow(row)
    return path


def test_complaints_written_as_csv_are_read_as_they_were_and_come_to_the_same(tmp_path: Path, desk: Desk) -> None:
    incoming = complaints(15)
    found, problems = read(written(tmp_path, incoming), desk)

    assert problems == []
    assert found == incoming
    assert figures_of(played(desk, found), {}) == figures_of(played(desk, incoming), {})


def test_answers_and_what_was_done_in_fact_are_read(tmp_path: Path, desk: Desk) -> None:
    received, sent = datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, 5, tzinfo=UTC)
    one = Incoming(number="7", received_at=received, answers={"category": "quality"}, did=[(sent, "send_form")])

    assert read(written(tmp_path, [one]), desk) == ([one], [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_saved_on_any_desk_is_read_and_times_without_offset_are_the_sites(
    tmp_path: Path, desk: Desk, encoding: str
) -> None:
    path = tmp_path / "saved.csv"
    path.write_bytes("received_at,content\n2026-03-02 09:30,电梯停运\n".encode(encoding))
    [found], problems = read(path, desk)

    assert problems == []
    assert (found.received_at, found.answers) == (datetime(2026, 3, 2, 1, 30, tzinfo=UTC), {"content": "电梯停运"})


def test_json_lines_are_read_too(tmp_path: Path, desk: Desk) -> None:
    path = tmp_path / "some.jsonl"
    lines: list[dict[str, Any]] = [
        {"received_at": "2026-03-03T09:00:00+08:00", "channel": "web"},
        {"received_at": "2026-03-02T09:00:00+08:00", "number": "first"},
    ]
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    found, problems = read(path, desk)

    assert problems == []
    assert [(one.number, one.channel) for one in found] == [("first", "phone"), ("1", "web")]


def test_everything_wrong_is_said_at_once_with_its_line(tmp_path: Path, desk: Desk) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(
        "number,received_at,channel,category,colour,did:classify\n"
        "1,yesterday,phone,,,\n"
        "2,2026-03-02,pigeon,no_such,red,\n"
        "3,2026-03-02,phone,,,2026-03-01\n"
        "3,2026-03-02,phone,,,\n"
        "3,2026-03-02,phone,,,\n",
        "utf-8",
    )
    found, problems = read(path, desk)

    assert [(name, about.get("line"), about.get("column")) for name, about in problems] == [
        ("unknown_column", None, "colour"),
        ("no_time", 2, "received_at"),
        ("not_one_of", 3, "channel"),
        ("bad_answer", 3, "category"),
        ("before_receipt", 4, "did:classify"),
        ("twice", None, None),
    ]
    assert [one.number for one in found] == ["3", "3"]


@pytest.mark.parametrize(("text", "problem"), [("", "empty"), ('{"a": ', "unreadable"), ("{}\n[1]\n", "unreadable")])
def test_a_file_that_holds_no_complaints_is_told(tmp_path: Path, desk: Desk, text: str, problem: str) -> None:
    path = tmp_path / "none"
    path.write_text(text)

    assert [name for name, _ in read(path, desk)[1]] == [problem]
    assert [name for name, _ in read(tmp_path / "missing", desk)[1]] == ["unreadable"]


def test_a_made_up_year_has_so_many_a_week_and_fewer_on_sundays(desk: Desk) -> None:
    year = a_year(desk, 2026, 40, "1")
    days = [one.received_at.astimezone().weekday() for one in year]

    assert len(year) == round(365 * 40 / 7)
    assert year == a_year(desk, 2026, 40, "1") != a_year(desk, 2026, 40, "2")
    assert [one.received_at for one in year] == sorted(one.received_at for one in year)
    assert days.count(6) < days.count(0)
    assert {one.channel for one in year} <= desk.procedure.channels.keys()
