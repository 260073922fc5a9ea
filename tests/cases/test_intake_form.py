"""The form by which a complaint is taken in: what it asks of whom, and what guides whoever fills it in."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from tests.web.air import ORG, Air, on_air, organisation

STORE = {"assistant": ["lin"], "person_in_charge": ["shen"], "store_manager": ["hou"]}


@pytest.fixture
def store() -> Iterator[Air]:
    """A brand store, whose guides are for those who receive."""
    known = organisation(procedure="s-store")
    with on_air(replace(known, sites={"main": replace(known.sites["main"], posts=STORE)})) as found:
        yield found


@pytest.fixture
def hospital() -> Iterator[Air]:
    with on_air(organisation(procedure="h-hospital")) as found:
        yield found


@pytest.mark.rules("S-01", "S-02", "S-09", "S-10", "S-11", "S-14")
def test_whoever_takes_a_complaint_in_is_guided_before_there_is_a_case(store: Air) -> None:
    view = store.get("/v1/intake", by="lin").json_body
    lines = {line["rule"]: line["text"] for guide in view["guides"] for line in guide["lines"]}
    assert {"S-01", "S-02", "S-09", "S-10", "S-11", "S-14"} <= set(lines)
    assert lines["S-10"] == "Let the customer say everything."
    assert "S-66" not in lines  # it is not known yet whether this customer complained before


def test_a_guide_for_some_roles_is_shown_to_them_alone(hospital: Air, store: Air) -> None:
    taken_in = {guide["id"] for guide in store.get("/v1/intake", by="lin").json_body["guides"]}
    elsewhere = {guide["id"] for guide in store.get("/v1/intake", by="root").json_body["guides"]}
    assert "call_in_charge" in taken_in
    assert elsewhere <= taken_in
    assert not [g for g in hospital.get("/v1/intake", by="lin").json_body["guides"] if g["id"] == "in_confidence"]


def test_the_form_says_what_it_asks_and_where_the_complaint_has_a_place_for_it(store: Air) -> None:
    view = store.get("/v1/intake?channel=visit", by="lin").json_body
    form = view["form"]["properties"]
    assert view["title"] == "Fill in the customer grievance record form"
    assert view["channels"]["letter"] == "Letter of complaint"
    assert (form["content"]["x-intake"], form["customer_phone"]["x-intake"]) == ("content.details", "customer.phone")
    assert "x-intake" not in form["fact_what"]


def test_a_form_of_no_site_or_channel_is_not_there(store: Air) -> None:
    assert store.get("/v1/intake?site=moon", by="lin").status_code == 404
    assert store.get("/v1/intake?channel=fax", by="lin").status_code == 422
    assert store.get("/v1/intake").status_code == 401


@pytest.mark.rules("H-16", "H-17")
def test_who_complains_on_the_website_reads_there_what_is_for_them(hospital: Air) -> None:
    page = hospital.get(f"/complain?org={ORG}&lang=zh-Hans").body.decode()
    assert "您的身份只有接待、登记的人员和领导指定的调查负责人知悉" in page
    assert "细心接听" not in page  # what is for staff


@pytest.mark.rules("N-12", "N-13")
def test_what_the_centre_stands_for_is_told_to_the_customer_too() -> None:
    with on_air(organisation(procedure="n-notice")) as air:
        assert "glad to listen" in air.get(f"/complain?org={ORG}").body.decode()


def test_nothing_is_said_for_a_site_before_one_is_chosen() -> None:
    known = organisation(procedure="n-notice")
    sites = known.sites | {"west": replace(known.sites["main"], id="west")}
    with on_air(replace(known, sites=sites)) as air:
        assert "glad to listen" not in air.get(f"/complain?org={ORG}").body.decode()
        assert "glad to listen" in air.get(f"/complain?org={ORG}&site=west").body.decode()
