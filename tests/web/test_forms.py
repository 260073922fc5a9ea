"""The forms of a case over HTTP."""

import csv
import io

import pytest
from openpyxl import load_workbook

from tests.web.air import Air


def test_the_forms_of_a_case_are_those_of_its_procedure(air: Air) -> None:
    number = air.registered()
    items = air.get(f"/v1/tickets/{number}/forms", by="lin").json_body["items"]
    assert [(item["id"], item["title"]) for item in items] == [("complaint_form", "Customer complaint form")]


def test_a_form_in_every_format(air: Air) -> None:
    number = air.registered()
    path = f"/v1/tickets/{number}/forms/complaint_form"
    view = air.get(path, by="lin").json_body
    shown = {entry["head"]["id"]: entry["cell"]["text"] for box in view["boxes"] for entry in box["entries"]}
    assert (shown["number"], shown["customer.name"], shown["content"]) == (number, "李女士", "一号楼电梯停运三天。")
    page = air.get(f"{path}?format=html", by="lin", headers={"Accept-Language": "zh-CN"})
    assert "<h1>客户投诉单</h1>" in page.body.decode()
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    rows = list(csv.reader(io.StringIO(air.get(f"{path}?format=csv", by="lin").body.decode("utf-8-sig"))))
    assert ["Customer and receipt", "Complainant", "李女士"] in rows
    book = load_workbook(io.BytesIO(air.get(f"{path}?format=xlsx", by="lin").body))
    assert "李女士" in [row[2] for row in book.worksheets[0].iter_rows(values_only=True)]


@pytest.mark.parametrize("secrecy", [{"confidential": True}, {"anonymous": True, "customer": {"room": "1-405"}}])
def test_nothing_on_the_form_of_a_secret_case_says_who_complains(air: Air, secrecy: dict[str, object]) -> None:
    number = air.registered(**secrecy)
    air.cases.calls.clear()
    for format in ("json", "html", "csv"):
        said = air.get(f"/v1/tickets/{number}/forms/complaint_form?format={format}", by="lin").body.decode()
        assert not [secret for secret in ("李女士", "13800138000") if secret in said]
        assert "(confidential)" in said or "(anonymous)" in said
    assert air.cases.calls["identity"] == 0


def test_a_form_is_one_read_and_one_for_who_complains(air: Air) -> None:
    number = air.registered()
    air.cases.calls.clear()
    assert air.get(f"/v1/tickets/{number}/forms/complaint_form", by="lin").status_code == 200
    assert air.cases.calls == {"load": 1, "identity": 1}


def test_there_is_no_such_form_or_case(air: Air) -> None:
    number = air.registered()
    assert air.get(f"/v1/tickets/{number}/forms/nothing", by="lin").status_code == 404
    assert air.get("/v1/tickets/261123-9999999/forms", by="lin").status_code == 404
    for path in (f"/v1/tickets/{number}/forms", f"/v1/tickets/{number}/forms/complaint_form"):
        assert air.get(path, by="far").status_code == 404
        assert air.get(path).status_code == 401
    assert air.get(f"/v1/tickets/{number}/forms/complaint_form?format=pdf", by="lin").status_code == 422
