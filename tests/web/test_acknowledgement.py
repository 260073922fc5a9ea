"""The acknowledgement that is printed for whoever complained by letter or in person."""

import re
from html import unescape

import pytest
import segno

from chalicelib.desk.complaint import Complaint
from tests.web.air import ORG, Air, complaint


def taken_in(air: Air, **changes: object) -> str:
    """A letter that the reception registers."""
    body = complaint(channel="letter", **changes)
    return str(air.post("/v1/complaints", body, by="lin").json_body["number"])


def printed(air: Air, number: str, by: str = "lin", language: str = "") -> str:
    answer = air.get(f"/v1/tickets/{number}/acknowledgement?format=html&language={language}", by=by)
    assert answer.status_code == 200, answer.body
    return unescape(answer.body.decode())


def head(air: Air, number: str) -> Complaint:
    found = air.stores.cases.load(ORG, number)
    assert found is not None
    return found


def dark(page: str) -> set[tuple[int, int]]:
    """The dark modules of the code on the page: column and row, without the margin."""
    path = re.findall(r'<path d="([^"]+)"', page)[0]
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path)
    assert "".join(f"M{x} {y}h{n}v1h-{n}z" for x, y, n in runs) == path
    return {(int(x) + i - 4, int(y) - 4) for x, y, n in runs for i in range(int(n))}


def test_it_says_what_the_complainant_needs_in_their_language(air: Air) -> None:
    number = taken_in(air)
    page = printed(air, number)
    for said in (
        "投诉登记回执",
        "丙公司",
        number,
        "李女士",
        "电梯停运",
        "来信",
        "最迟答复时间",
        air.world.links.code(number)[:4],
    ):
        assert said in page
    assert "https://desk.example/track" in page
    assert "联系电话" not in page
    assert "Acknowledgement of your complaint" in printed(air, number, language="en")
    assert "投訴登記回執" in printed(air, number, language="zh-Hant")


def test_the_code_on_it_opens_the_case(air: Air) -> None:
    number = taken_in(air)
    url = air.world.links.tracking(ORG, number)
    matrix = segno.make_qr(url, error="m").matrix
    assert dark(printed(air, number)) == {
        (x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module
    }
    assert air.get(url.removeprefix("https://desk.example")).status_code == 200


@pytest.mark.rules("S-46")
def test_whoever_left_no_phone_is_asked_for_one(air: Air) -> None:
    number = taken_in(air, customer={"name": "李女士", "address": "示例市示例路1号"})
    assert "我们这里没有您的联系电话" in printed(air, number)


@pytest.mark.parametrize("secrecy", [{"confidential": True}, {"anonymous": True, "customer": {"room": "1-405"}}])
def test_nothing_on_paper_says_who_complains_in_secret(air: Air, secrecy: dict[str, object]) -> None:
    page = printed(air, taken_in(air, **secrecy))
    assert not [said for said in ("李女士", "13800138000", "1-405", "电梯停运") if said in page]
    assert "尊敬的投诉人" in page


def test_who_had_the_proof_stands_in_the_history_once(air: Air) -> None:
    number = taken_in(air)
    for _ in range(3):
        printed(air, number)
    kinds = [
        (e["kind"], e["by"] and e["by"]["id"])
        for e in air.get(f"/v1/tickets/{number}/history", by="lin").json_body["items"]
    ]
    assert kinds.count(("printed", "lin")) == 1
    assert air.get(f"/v1/tickets/{number}/history/verify", by="lin").json_body["whole"] is True


def test_it_is_for_who_took_the_complaint_in_or_is_in_charge(air: Air) -> None:
    number = taken_in(air)
    path = f"/v1/tickets/{number}/acknowledgement"
    assert air.get(path, by="lin").json_body["query_code"] == air.world.links.code(number)
    assert air.get(path, by="gao").status_code == 403
    assert air.get(path, by="far").status_code == 404
    assert air.get(path).status_code == 401
    assert air.get(f"{path}?format=pdf", by="lin").status_code == 422
    assert head(air, number).version == 2


def test_a_letter_is_filed_with_its_scan_or_why_there_is_none(air: Air) -> None:
    number = taken_in(air)
    paper = {
        "paper_what": "letter",
        "paper_on": "2026-11-20",
        "paper_by": "lin",
        "paper_signed": ["signature", "fingerprint"],
    }
    refused = air.act(number, "file_paper", "lin", paper_signed=[])
    assert {e["field"] for e in refused.json_body["errors"]} >= {"paper_what", "paper_on", "paper_signed", "paper_scan"}
    assert air.act(number, "file_paper", "lin", **paper, paper_scan="柜子里").status_code == 422
    done = air.act(number, "file_paper", "lin", **paper, paper_scan={"unknown": "原件污损"}, paper_kept="档案柜3号")
    assert done.status_code == 200
    shown = {field["id"]: field["text"] for field in done.json_body["fields"]}
    assert (shown["paper_signed"], shown["paper_by"]) == ("Signature; Fingerprint", "林一")
