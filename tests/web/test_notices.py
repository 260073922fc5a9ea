"""The public notice: refused while an entry is blank, dated when it is published, read by everyone."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from tests.web.air import ORG, Air, on_air, organisation

POSTS = {"centre": ["shen"], "head_of_centre": ["hou"], "general_manager": ["gao"]}
ENTRIES = {
    "phone": "400-000-0005", "hours": "每日9:00-12:00，13:30-18:00", "email": "care@example.org",
    "promise": "24小时内予以回复", "issuer": "客户关系中心",
}  # fmt: skip


@pytest.fixture
def air() -> Iterator[Air]:
    known = organisation(procedure="n-notice")
    with on_air(replace(known, sites={"main": replace(known.sites["main"], posts=POSTS)})) as found:
        yield found


def publish(air: Air, by: str = "root", **entries: str) -> Any:
    body = {"site": "main", "notice": "hotline", "entries": {**ENTRIES, **entries}}
    return air.call("PUT", "/v1/admin/notices", body, by=by)


def page(air: Air) -> str:
    return air.get(f"/?org={ORG}&lang=zh-Hans").body.decode()


@pytest.mark.rules("N-02", "N-15")
def test_a_notice_with_blank_entries_is_refused_and_each_of_them_is_named(air: Air) -> None:
    refused = publish(air, phone="", promise=" ", email="nowhere")
    assert refused.status_code == 422
    assert {wrong["field"] for wrong in refused.json_body["errors"]} == {
        "entries.phone", "entries.promise", "entries.email",
    }  # fmt: skip
    assert "公示日期" not in page(air)


@pytest.mark.rules("N-02", "N-15", "N-01", "N-03", "N-04")
def test_a_whole_notice_stands_on_the_public_page_with_its_date(air: Air) -> None:
    assert publish(air).status_code == 200
    for shown in (*ENTRIES.values(), "公示日期", "11月23日"):
        assert shown in page(air)


@pytest.mark.rules("N-15")
def test_what_was_published_before_is_kept_with_its_date(air: Air) -> None:
    publish(air)
    air.wait(days=30)
    publish(air, phone="400-000-0006")
    [notice] = air.get("/v1/admin/notices", by="root").json_body["items"]
    assert {entry["id"]: entry["value"] for entry in notice["entries"]}["phone"] == "400-000-0006"
    assert (notice["published_at"], notice["published_by"]) == ("2026-12-23T01:00:00Z", "root")
    assert [(past["entries"]["phone"], past["at"]) for past in notice["earlier"]] == [
        ("400-000-0005", "2026-11-23T01:00:00Z")
    ]


def test_only_administrators_publish_and_only_what_the_procedure_has(air: Air) -> None:
    assert publish(air, by="shen").status_code == 403
    for changes in ({"notice": "prices"}, {"site": "moon"}):
        body = {"site": "main", "notice": "hotline", "entries": ENTRIES, **changes}
        answer = air.call("PUT", "/v1/admin/notices", body, by="root")
        assert {wrong["field"] for wrong in answer.json_body["errors"]} == set(changes)


def test_a_site_that_is_written_anew_keeps_its_notices_and_cannot_make_them_up(air: Air) -> None:
    publish(air)
    site = {"id": "main", "name": {"en": "Main"}, "procedure": "n-notice", "posts": POSTS}
    assert air.call("PUT", "/v1/admin/sites", site, by="root").status_code == 200
    assert "400-000-0005" in page(air)
    forged = {**site, "notices": {"hotline": [{"entries": {}, "at": "2026-01-01T00:00:00Z"}]}}
    answer = air.call("PUT", "/v1/admin/sites", forged, by="root")
    assert [wrong["field"] for wrong in answer.json_body["errors"]] == ["notices"]


@pytest.mark.rules("H-02")
def test_the_hospitals_hotline_is_published_with_its_date() -> None:
    with on_air(organisation(procedure="h-hospital")) as air:
        entries = {"phone": "400-000-0003", "hours": "8:00-17:30", "address": "健康路3号"}
        air.call("PUT", "/v1/admin/notices", {"site": "main", "notice": "hotline", "entries": entries}, by="root")
        assert "400-000-0003" in page(air)
        [notice] = air.get("/v1/admin/notices", by="root").json_body["items"]
        assert notice["published_at"] == "2026-11-23T01:00:00Z"
