"""Who may see a case, and what they see of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.cases.sight import may_know, may_see
from chalicelib.desk.people import Absence
from tests.web.air import ORG, STAFF, Air, complaint, on_air, organisation

WORKSHOP = replace(
    organisation("w-workshop", "w-workshop"),
    sites={
        "main": replace(
            organisation("w-workshop", "w-workshop").sites["main"],
            posts={"store_manager": ["gao"], "customer_manager": ["shen"], "service_centre": ["song"],
                   "management": ["gao"], "general_manager": ["gao"], "receptionist": ["lin"]},
        )
    },
)  # fmt: skip


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air(organisation(), WORKSHOP) as found:
        yield found


def seers(air: Air, number: str, org: str = ORG) -> set[str]:
    case = air.stores.cases.load(org, number)
    assert case is not None
    desk = air.world.desks.of(case)
    return {person for person in STAFF if may_see(desk, case, person, air.now)}


def test_holders_of_posts_and_administrators_see_every_case_of_the_site(air: Air) -> None:
    assert seers(air, air.registered()) == {"lin", "shen", "song", "hou", "gao", "root"}


def test_a_department_concerned_sees_it_from_then_on(air: Air) -> None:
    number = air.registered()
    form = {"category": "quality", "filed": "yes", "department": "works", "complex": "no", "scope": "other_department"}
    air.act(number, "send_form", by="lin", scope="other_department", receiving_unit="sales")
    assert not {"wei", "wan"} & seers(air, number)
    assert air.act(number, "classify", by="shen", **form).status_code == 200
    assert {"wei", "wan"} <= seers(air, number)
    assert "far" not in seers(air, number)


def test_whoever_did_something_in_a_case_still_sees_it(air: Air) -> None:
    number = air.post("/v1/complaints", complaint(), by="far").json_body["number"]
    assert "far" in seers(air, number)


def test_whoever_stands_in_for_the_owner_sees_it(air: Air) -> None:
    number = air.registered()
    away = Absence(person="lin", start=air.now, end=air.now + timedelta(days=1), stand_in="far")
    assert "far" not in seers(air, number)
    air.stores.directory.put_absence(ORG, away)
    assert "far" in seers(air, number)


def test_whoever_left_sees_nothing(air: Air) -> None:
    number = air.registered()
    gone = replace(STAFF["shen"], active=False)
    air.stores.directory.put(ORG, "staff", "shen", gone)
    assert "shen" not in seers(air, number)


@pytest.mark.parametrize("concerned", ["shen", "root", "gao"])
def test_the_person_concerned_sees_nothing_whatever_their_post(air: Air, concerned: str) -> None:
    body = complaint(org="w-workshop", category="attitude", people_concerned=[concerned])
    taken = air.post("/v1/complaints", body)
    assert taken.status_code == 201, taken.body
    number = taken.json_body["number"]
    assert concerned not in seers(air, number, "w-workshop")
    assert seers(air, number, "w-workshop")
    for path in (f"/v1/tickets/{number}", f"/v1/tickets/{number}/history"):
        assert air.get(path, by=concerned, org="w-workshop").status_code == 404
    lists = ("/v1/tickets?owner=lin", "/v1/tickets?department=sales", "/v1/customers?room=1-405")
    assert any(number in air.get(path, by="song", org="w-workshop").body.decode() for path in lists)
    for path in lists:
        assert number not in air.get(path, by=concerned, org="w-workshop").body.decode()


def test_the_person_concerned_may_still_report_it_and_sees_nothing_by_it(air: Air) -> None:
    body = complaint(org="w-workshop", category="attitude", people_concerned=["lin"], channel="visit")
    number = air.post("/v1/complaints", body, by="lin", org="w-workshop").json_body["number"]
    case = air.stores.cases.load("w-workshop", number)
    assert case is not None
    path, headers = f"/v1/tickets/{number}/actions", {"If-Match": "1"}
    unseen = air.post(f"{path}/add_note", {"note": "x"}, by="lin", org="w-workshop", headers=headers)
    assert unseen.status_code == 404
    refused = air.post(f"{path}/report", {}, by="lin", org="w-workshop", headers=headers)
    asked = {wrong["field"] for wrong in refused.json_body["errors"]}
    assert "reported_to" in asked


def test_a_confidential_identity_is_for_the_receiver_and_the_role_in_charge(air: Air) -> None:
    number = air.post("/v1/complaints", complaint(confidential=True), by="far").json_body["number"]
    case = air.stores.cases.load(ORG, number)
    assert case is not None
    desk = air.world.desks.of(case)
    assert {person for person in STAFF if may_know(desk, case, person, air.now)} == {"far"}


def test_showing_a_case_writes_nothing_unless_a_confidential_identity_is_asked_for(air: Air) -> None:
    number = air.registered()
    air.cases.calls.clear()
    air.get(f"/v1/tickets/{number}", by="lin")
    air.get(f"/v1/tickets/{number}?identity=show", by="lin")
    assert "commit" not in air.cases.calls


def test_staff_see_why_they_have_to_do_it(air: Air) -> None:
    shown = air.get(f"/v1/tickets/{air.registered()}", by="lin").json_body
    assert set(shown["actions"][0]["rules"]) <= set(shown["why"])
    assert shown["why"]["C-18"]["document"] == "客户投诉管理办法"
