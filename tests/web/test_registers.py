"""Registers over HTTP: the list of them, one of a period in every form, closing a period."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl import load_workbook

from chalicelib.reports.comma_separated import original
from tests.web.air import Air, on_air, organisation

REGISTER = "/v1/registers/complaint_forms"
NOT_SAID = "unknown: 登记时未说明"
HEADS = ["No.", "Number", "Received at"]


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air() as found:
        yield found


def december(air: Air) -> None:
    air.wait(days=10)


def close(air: Air, period: str = "2026-11", by: str = "shen", register: str = REGISTER) -> Any:
    return air.post(f"{register}/close", {"period": period}, by=by)


def test_the_list_says_who_keeps_each_and_what_is_closed(air: Air) -> None:
    december(air)
    close(air)
    items = air.get("/v1/registers", by="shen").json_body["items"]
    assert [item["id"] for item in items] == ["complaint_forms", "agreed_times", "referrals"]
    first = items[0]
    assert first["kept_by"] == {
        "role": "customer_service",
        "title": "Customer service department",
        "people": ["沈二", "宋三"],
    }
    assert (first["site"], first["lists"], items[1]["lists"], first["may_close"]) == ("main", "received", "open", True)
    assert [column["id"] for column in first["columns"]][:2] == ["number", "received_at"]
    assert [(one["first"], one["last"], one["by_name"]) for one in first["closed"]] == [
        ("2026-11-01", "2026-11-30", "沈二")
    ]


def test_a_register_of_a_month_lists_what_was_received_in_it_in_order(air: Air) -> None:
    numbers = []
    for _ in range(3):
        numbers.append(air.registered())
        air.wait(hours=1)
    december(air)
    later = air.registered()
    view = air.get(f"{REGISTER}?period=2026-11", by="shen").json_body
    assert [(line["no"], line["number"]) for line in view["lines"]] == list(enumerate(numbers, 1))
    assert (view["period"], view["first"], view["last"], view["closed"]) == (
        "2026-11",
        "2026-11-01",
        "2026-11-30",
        None,
    )
    now = air.get(REGISTER, by="shen").json_body
    assert [line["number"] for line in now["lines"]] == [later]
    assert (now["period_title"], now["organisation_name"], now["printed_at"]) == (
        "2026-12",
        "C",
        "2026-12-03T04:00:00Z",
    )


def test_the_same_register_as_a_file_for_spreadsheets(air: Air) -> None:
    number = air.registered(content={"summary": "=1+1", "details": '=HYPERLINK("http://x")'})
    answer = air.get(f"{REGISTER}?format=csv", by="shen")
    assert answer.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="complaint_forms-main-2026-11-01..2026-11-30.csv"'
    )
    assert answer.body.startswith(b"\xef\xbb\xbf")
    heads, line = csv.reader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""))
    assert heads[:3] == HEADS
    assert line[:3] == ["1", number, "2026-11-23 09:00"]
    assert [original(cell) for cell in line if cell.startswith("'=")] == ['=HYPERLINK("http://x")']


def test_the_same_register_as_a_workbook(air: Air) -> None:
    number = air.registered()
    answer = air.get(f"{REGISTER}?format=xlsx", by="shen", headers={"Accept": "text/html"})
    assert answer.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page = load_workbook(io.BytesIO(answer.body)).active
    rows = [[cell.value for cell in row] for row in page.iter_rows()]  # type: ignore[union-attr]  # it is a worksheet
    assert rows[0][0] == "Register of complaint forms"
    assert "Kept by: Customer service department 沈二, 宋三" in [row[0] for row in rows]
    assert [row[:2] for row in rows if row[0] == 1] == [[1, number]]


@pytest.mark.parametrize(("language", "title"), [("en", "Register of complaint forms"), ("zh-CN", "客户投诉备案登记表"),
                                                 ("zh-TW", "客戶投訴備案登記表")])  # fmt: skip
def test_the_same_register_as_a_page_to_print_in_each_language(air: Air, language: str, title: str) -> None:
    number = air.registered(content={"summary": "<script>alert(1)</script>", "details": "<b>电梯</b>"})
    answer = air.get(f"{REGISTER}?format=html", by="shen", headers={"Accept-Language": language})
    page = answer.body.decode()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert f"<h1>{title}</h1>" in page
    assert f'<td class="serial">{number}</td>' in page  # never broken over lines
    assert "&lt;b&gt;电梯&lt;/b&gt;" in page
    assert "<script" not in page
    assert "@page" in page


@pytest.mark.parametrize(("language", "hands"), [("en", ["Prepared by: ", "Checked by: ", "Date: "]),
                                                 ("zh-CN", ["制表人：", "审核人：", "日期："])])  # fmt: skip
def test_a_printed_register_ends_with_lines_to_sign_on(air: Air, language: str, hands: list[str]) -> None:
    page = air.get(f"{REGISTER}?format=html", by="shen", headers={"Accept-Language": language}).body.decode()
    foot = page[page.index('<p class="hands">') :]
    assert [hand for hand in hands if f'<span>{hand}<span class="line"></span></span>' in foot] == hands


@pytest.mark.parametrize(("query", "field"), [
    ("period=2026-13", "period"), ("period=november", "period"), ("period=2026-11-30..2026-11-01", "period"),
    ("format=pdf", "format"), ("part=all", "part"), ("colour=red", "colour"),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused_by_name(air: Air, query: str, field: str) -> None:
    refused = air.get(f"{REGISTER}?{query}", by="shen")
    assert refused.status_code == 422
    assert [wrong["field"] for wrong in refused.json_body["errors"]] == [field]


def test_there_is_no_such_register_or_site(air: Air) -> None:
    assert air.get("/v1/registers/nothing", by="shen").status_code == 404
    assert air.get(f"{REGISTER}?site=moon", by="shen").status_code == 404
    assert air.get("/v1/registers?site=moon", by="shen").status_code == 404


def test_registers_are_for_posts_of_the_site_and_administrators(air: Air) -> None:
    for path in ("/v1/registers", REGISTER):
        assert {person: air.get(path, by=person).status_code for person in ("lin", "gao", "root", "far", "wei")} == {
            "lin": 200, "gao": 200, "root": 200, "far": 403, "wei": 403,
        }  # fmt: skip
        assert air.get(path).status_code == 401


def test_another_organisation_has_its_own(air: Air) -> None:
    number = air.registered()
    air.stores.directory.put_organisation(organisation("d-company"))
    view = air.get(REGISTER, by="shen", org="d-company")
    assert (view.status_code, view.json_body["lines"]) == (200, [])
    assert number not in view.body.decode()


def test_a_period_is_closed_by_who_keeps_it_once_it_is_over(air: Air) -> None:
    air.registered()
    early = close(air)
    assert (early.status_code, [wrong["field"] for wrong in early.json_body["errors"]]) == (422, ["period"])
    december(air)
    assert close(air, by="lin").status_code == 403
    assert close(air, by="far").status_code == 403
    done = close(air)
    assert (done.status_code, done.json_body["lines"], done.json_body["by"]) == (200, 1, "shen")
    assert len(done.json_body["sha256"]) == 64


def test_the_same_closing_again_is_the_first_one(air: Air) -> None:
    air.registered()
    december(air)
    first = close(air).json_body
    air.wait(hours=1)
    assert close(air, by="song").json_body == first
    assert close(air, period="2026-11-01..2026-11-30", by="root").json_body == first


def test_a_closed_period_cannot_be_closed_as_something_else(air: Air) -> None:
    number = air.registered()
    december(air)
    first = close(air).json_body
    air.act(number, "send_form", by="lin", scope="own", receiving_unit="sales")
    refused = close(air)
    assert (refused.status_code, refused.json_body["type"]) == (409, "/problems/conflict")
    assert air.get(f"{REGISTER}?period=2026-11", by="shen").json_body["closed"] == first


def test_a_closed_period_shows_the_lines_as_they_were_and_corrections_below(air: Air) -> None:
    number = air.registered()
    december(air)
    closed = close(air).json_body
    before = air.get(f"{REGISTER}?period=2026-11", by="shen").json_body
    assert (before["closed"], before["corrections"]) == (closed, [])
    air.wait(hours=2)
    assert air.act(number, "send_form", by="lin", scope="own", receiving_unit="sales").status_code == 200
    view = air.get(f"{REGISTER}?period=2026-11", by="shen").json_body
    assert view["lines"] == before["lines"]
    found = {c["column"]: (c["kind"], c["number"], c["was"]["text"], c["now"]["text"], c["by_name"], c["at"])
             for c in view["corrections"]}  # fmt: skip
    at = "2026-12-03T03:00:00Z"
    assert found["receiving_unit"] == ("changed", number, NOT_SAID, "Sales", "林一", at)
    assert found["stage"][:2] + found["stage"][4:] == ("changed", number, "林一", at)
    assert found["stage"][2] == "Received"
    page = air.get(f"{REGISTER}?period=2026-11&format=html", by="shen").body.decode()
    assert "Corrections since closing" in page
    assert closed["sha256"] in page
    rows = air.get(f"{REGISTER}?period=2026-11&format=csv&part=corrections", by="shen").body.decode("utf-8-sig")
    assert f"Changed,{number},Receiving unit,{NOT_SAID},Sales,2026-12-03 11:00,林一" in rows.splitlines()


def test_a_letter_registered_late_is_a_correction_too(air: Air) -> None:
    air.registered()
    december(air)
    close(air)
    air.wait(hours=1)
    late = air.post(
        "/v1/complaints",
        {"org": "c-company", "channel": "letter", "received_at": "2026-11-29T09:00:00+08:00",
         "customer": {"name": "王"}, "content": {"summary": "来信", "details": "漏水"}},
        by="shen",
    ).json_body["number"]  # fmt: skip
    view = air.get(f"{REGISTER}?period=2026-11", by="shen").json_body
    assert len(view["lines"]) == 1
    [added] = [c for c in view["corrections"] if c["kind"] == "added"]
    assert (added["number"], added["by_name"], added["at"]) == (late, "沈二", "2026-12-03T02:00:00Z")


def test_a_closed_register_reads_in_every_language(air: Air) -> None:
    air.registered()
    december(air)
    close(air)
    said = [
        air.get(f"{REGISTER}?period=2026-11", by="shen", headers={"Accept-Language": language}).json_body
        for language in ("en", "zh-CN", "zh-TW")
    ]
    assert [view["columns"][2]["title"] for view in said] == ["Receiving unit", "接待单位", "接待單位"]
    assert said[0]["lines"][0]["cells"][6]["text"] == "Received"
    assert said[1]["lines"][0]["cells"][6]["text"] == "已受理"
    assert [view["corrections"] for view in said] == [[], [], []]


def test_a_snapshot_that_was_tampered_with_is_never_shown_as_closed(air: Air) -> None:
    air.registered()
    december(air)
    close(air)
    [name] = air.files.kept
    air.files.kept[name] = air.files.kept[name].replace("电梯".encode(), "扶梯".encode())
    refused = air.get(f"{REGISTER}?period=2026-11", by="shen")
    assert (refused.status_code, "hash" in refused.json_body["detail"]) == (409, True)
    del air.files.kept[name]
    assert air.get(f"{REGISTER}?period=2026-11", by="shen").status_code == 409


def test_a_register_of_open_matters_lists_them_however_old(air: Air) -> None:
    assert air.get("/v1/registers/agreed_times", by="shen").json_body["lines"] == []
    december(air)
    past = air.get("/v1/registers/agreed_times?period=2026-11", by="shen")
    assert (past.status_code, [wrong["field"] for wrong in past.json_body["errors"]]) == (422, ["period"])
    closed = close(air, register="/v1/registers/agreed_times")
    assert closed.status_code == 200
    view = air.get("/v1/registers/agreed_times?period=2026-11", by="shen").json_body
    assert (view["closed"], view["period"]) == (closed.json_body, "2026-11")
