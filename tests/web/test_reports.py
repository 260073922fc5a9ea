"""Reports over HTTP: which there are, one of a period as JSON, page and workbook, issuing one."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from tests.web.air import ORG, Air, on_air, organisation

POSTS = {
    "receptionist": ["lin"], "store_manager": ["hou"], "customer_manager": ["hou", "shen"], "finance": ["wan"],
    "service_centre": ["song", "shen"], "management": ["wei", "wan"], "general_manager": ["gao", "hou"],
}  # fmt: skip
WEEK = "2026-11-24..2026-11-30"
FORMULA = '=HYPERLINK("http://bad.example","电梯")'


@pytest.fixture
def air() -> Iterator[Air]:
    """A workshop with three complaints on a Wednesday, brought to the Tuesday on which their summary is due."""
    workshop = organisation(procedure="w-workshop")
    site = replace(workshop.sites["main"], posts=POSTS)
    with on_air(replace(workshop, sites={"main": site})) as found:
        found.queue.build_report = found.world.reports.prepare  # type: ignore[method-assign, assignment]
        found.wait(days=2)
        found.world.duties.begin(ORG, "main")
        found.registered()
        found.registered(customer={"name": "密先生", "phone": "13900139000"}, confidential=True)
        found.registered(content={"summary": FORMULA, "details": "x", "where": "x"})
        found.wait(days=6)
        found.world.sweep.run(lambda: 900.0)
        yield found


def report(air: Air, name: str = "weekly_summary", by: str = "song", query: str = "", **how: Any) -> Any:
    found = air.get(f"/v1/reports/{name}{query}", by=by, **how)
    assert found.status_code == 200, found.body
    return found


def issue(air: Air, by: str = "song", period: str = WEEK, **more: Any) -> Any:
    return air.post("/v1/reports/weekly_summary/issue", {"period": period, **more}, by=by)


@pytest.mark.rules("W-97")
def test_the_list_says_which_reports_there_are_who_owes_them_and_how_they_stand(air: Air) -> None:
    items = {one["duty"]: one for one in air.get("/v1/reports", by="song").json_body["items"]}
    weekly = items["weekly_summary"]
    assert (weekly["every"], weekly["by"], weekly["to"]) == (
        "weekly:tue",
        "service_centre",
        ["general_manager", "management"],
    )
    assert (weekly["yours"], items["rewards_penalties"]["yours"]) == (True, False)
    [newest, *_] = weekly["periods"]
    assert (newest["period"], newest["state"], newest["late"]) == (WEEK, "prepared", False)
    air.wait(days=1)
    air.world.sweep.run(lambda: 900.0)
    [newest, *_] = air.get("/v1/reports", by="song").json_body["items"][0]["periods"]
    assert newest["late"]


def test_without_a_period_it_is_the_latest_and_every_figure_can_be_counted_again_in_its_lines(air: Air) -> None:
    found = report(air).json_body
    assert (found["period"], found["state"], found["nil"], found["hidden"]) == (WEEK, "prepared", False, 0)
    numbers = [line["number"] for line in found["lines"]]
    assert len(numbers) == 3
    assert found["figures"]["cases"] == found["figures"]["received"] == numbers
    late = [line["number"] for line in found["lines"] if line["late"]]
    assert found["figures"]["late"] == {
        "numerator": len(late), "denominator": 3, "share": round(len(late) / 3, 4), "cases": late,
    }  # fmt: skip
    for group in found["figures"]["groups"]:
        assert all(set(count["cases"]) <= set(numbers) for count in group["counts"])


def test_a_period_that_no_duty_prepared_is_computed_and_says_so(air: Air) -> None:
    found = report(air, query="?period=2026-11-25").json_body
    assert (found["state"], len(found["lines"]), found["hash"]) == ("preliminary", 3, "")
    assert "Preliminary" in found["notes"][0]


def test_a_report_by_its_own_name_is_the_latest_that_a_duty_prepared_of_it(air: Air) -> None:
    assert report(air, "summary").json_body["duty"] == "weekly_summary"
    assert air.get("/v1/reports/none", by="song").status_code == 404


@pytest.mark.rules("W-97")
def test_issuing_is_recorded_locked_and_told_once_however_often_it_is_sent(air: Air) -> None:
    air.queue.delivered.clear()
    first = issue(air)
    assert (first.status_code, first.json_body["period"]["state"]) == (200, "issued")
    again = issue(air)
    assert (again.json_body, again.headers["Idempotency-Replayed"]) == (first.json_body, "true")
    assert {message.to for message in air.queue.delivered} == {"gao", "wei"}
    assert {message.letter for message in air.queue.delivered} == {"summary_issued"}
    found = report(air).json_body
    assert (found["state"], found["issued_by_name"], found["hash"]) == ("issued", "宋三", first.json_body["hash"])
    assert issue(air, by="shen").status_code == 409


def test_what_was_issued_stays_and_later_changes_stand_beside_it_as_corrections(air: Air) -> None:
    issue(air)
    before = report(air).json_body
    number = before["lines"][0]["number"]
    asked = next(a for a in air.get(f"/v1/tickets/{number}", by="lin").json_body["actions"] if a["id"] == "report")
    unknown = {name: {"unknown": "不详"} for name in asked["form"]["required"]}
    done = air.act(number, "report", by="lin", **unknown)
    assert done.status_code == 200, done.body
    late_one = air.registered(received_at="2026-11-28T10:00:00+08:00")
    air.world.reports.prepare(ORG, "main", "weekly_summary", WEEK)
    after = report(air).json_body
    assert (after["lines"], after["figures"], after["hash"]) == (before["lines"], before["figures"], before["hash"])
    changed = [(one["number"], one["column"]) for one in after["since"]["corrections"]]
    assert {found for found, _ in changed} == {number}
    assert (number, "stage") in changed
    assert after["since"]["added"] == [late_one]


def test_a_hash_that_is_no_longer_the_reports_is_refused(air: Air) -> None:
    seen = report(air).json_body["hash"]
    air.wait(minutes=1)
    air.world.reports.prepare(ORG, "main", "weekly_summary", WEEK)
    assert issue(air, hash=seen).status_code == 409
    seen = report(air).json_body["hash"]
    issued = issue(air, hash=seen)
    assert (issued.status_code, issued.json_body["hash"]) == (200, seen)


@pytest.mark.parametrize(("by", "read", "issued"), [("far", 403, 403), ("lin", 200, 403), ("gao", 200, 403),
                                                    ("root", 200, 403), ("shen", 200, 200)])  # fmt: skip
def test_who_has_a_post_reads_and_who_has_the_duty_issues(air: Air, by: str, read: int, issued: int) -> None:
    assert air.get("/v1/reports/weekly_summary", by=by).status_code == read
    assert issue(air, by=by).status_code == issued


@pytest.mark.parametrize("period", ["2026-11", "2026-11-23..2026-11-30"])
def test_a_period_that_was_not_opened_cannot_be_issued(air: Air, period: str) -> None:
    assert issue(air, period=period).status_code == 404


@pytest.mark.parametrize("query", ["?period=soon", "?format=pdf", "?period=2020-01-01..2026-01-01", "?x=1"])
def test_what_cannot_be_read_is_said(air: Air, query: str) -> None:
    assert air.get(f"/v1/reports/weekly_summary{query}", by="song").status_code == 422


@pytest.mark.rules("W-102")
def test_a_case_that_the_reader_may_not_see_is_in_the_figures_and_not_in_the_lines(air: Air) -> None:
    number = air.registered(people_concerned=["song"])
    hidden = report(air, query="?period=2026-12-01").json_body
    assert (hidden["lines"], hidden["hidden"]) == ([], 1)
    assert hidden["figures"]["late"]["denominator"] == 1
    assert number not in str(hidden)
    assert "not for you to see" in " ".join(hidden["notes"])
    shown = report(air, query="?period=2026-12-01", by="shen").json_body
    assert [line["number"] for line in shown["lines"]] == [number]


@pytest.mark.rules("H-16")
@pytest.mark.parametrize("format", ["json", "html", "xlsx"])
def test_who_complains_is_in_no_report(air: Air, format: str) -> None:
    body = report(air, query=f"?format={format}").body
    for told in ("密先生", "李女士", "13900139000", "13800138000"):
        assert told.encode() not in body


def test_as_a_page_it_runs_nothing_and_shows_words_as_words(air: Air) -> None:
    found = report(air, query="?format=html", headers={"Accept-Language": "zh-CN"})
    page = found.body.decode()
    assert found.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in found.headers["Content-Security-Policy"]
    assert "@page { size: A4" in page
    assert "<svg" in page
    assert "<script" not in page
    assert "&quot;http://bad.example&quot;" in page or "http://bad.example" not in page
    assert "《客户信息反馈处理单》每周二汇总" in page


def test_as_a_workbook_it_holds_lines_and_figures_with_charts_that_read_their_cells(air: Air) -> None:
    found = report(air, query="?format=xlsx")
    assert 'filename="weekly_summary-2026-11-24_2026-11-30.xlsx"' in found.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(found.body))
    charts = {}
    for sheet in book.worksheets:
        for chart in sheet._charts:
            series = chart.series[0]
            place = series.val.numRef.f.replace("$", "").rpartition("!")[2]
            first, _, last = place.partition(":")
            charts[sheet.title] = [cell.value for row in sheet[f"{first}:{last or first}"] for cell in row]
    assert charts["Received by day"] == [0, 3, 0, 0, 0, 0, 0]
    assert charts["Received by week"] == [3, 0]
    assert sum(charts["By status"]) == 3
    assert {"By stage", "By channel", "Received by month", "Limits kept", "Limits kept by stage"} <= set(charts)
    assert {"Customers who complained again"} <= set(charts)
    formulas = [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == []
