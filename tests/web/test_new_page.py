"""Taking a complaint in at the desk, in a browser."""

import re
from html import unescape

import pytest
from chalice.test import HTTPResponse
from msgspec.structs import replace

from chalicelib.desk.complaint import Complaint
from tests.web.air import ORG, Air, on_air, organisation
from tests.web.browser import Browser, Forms
from tests.web.test_pages import EVIL, text


@pytest.fixture
def browser(air: Air) -> Browser:
    """A browser in which the reception is signed in."""
    found = Browser(air)
    found.sign_in("lin")
    return found


def form_of(page: HTTPResponse) -> dict[str, str]:
    return next(fields for to, fields in Forms(page).found if to.endswith("desk/new"))


def send(browser: Browser, **typed: str) -> HTTPResponse:
    """Open the form, fill it in and send it."""
    fields = form_of(browser.get("/desk/new?lang=en"))
    return browser.post("/desk/new", **{**fields, **{name.replace("__", "."): value for name, value in typed.items()}})


def beside(page: HTTPResponse) -> dict[str, str]:
    return dict(re.findall(r'<p class="wrong" id="new-(\w+)-wrong">([^<]+)</p>', unescape(page.body.decode())))


def only(browser: Browser) -> Complaint:
    [case] = browser.air.stores.cases.memory.heads.values()
    return case


def test_a_call_is_taken_in_and_the_page_says_what_to_tell_the_caller(browser: Browser) -> None:
    page = send(
        browser, f__content="一号楼电梯停运三天。", f__content_summary="电梯停运", f__customer_name="李女士",
        f__customer_phone="138 0013 8000", f__customer_room="1-405", f__category="equipment", f__receiving_unit="sales",
    )  # fmt: skip
    assert page.status_code == 201
    case = only(browser)
    for said in (case.number, "30 Nov 24:00", browser.air.world.links.code(case.number)):
        assert said in text(page)
    assert (case.channel, case.summary, case.values["category"]) == ("phone", "电梯停运", "equipment")
    identity = browser.air.stores.cases.identity(ORG, case.number)
    assert (identity.name, identity.phone, identity.room) == ("李女士", "+8613800138000", "1-405")
    [event] = browser.air.stores.cases.history(ORG, case.number)
    assert (event.kind, event.by) == ("registered", "lin")
    assert browser.get(f"/desk/cases/{case.number}").status_code == 200


def test_sent_twice_it_is_one_complaint(browser: Browser) -> None:
    fields = {**form_of(browser.get("/desk/new?lang=en")), "f.content": "停运", "f.receiving_unit": "sales"}
    assert [browser.post("/desk/new", **fields).status_code for _ in range(2)] == [201, 200]
    again = browser.post("/desk/new", **{**fields, "f.content": "又停了"})
    assert (again.status_code, "registered before" in text(again)) == (422, True)
    assert form_of(again)["f.content"] == "又停了"
    assert browser.post("/desk/new", **form_of(again)).status_code == 201


def test_what_is_missing_is_noted_as_not_known_and_keeps_nobody_from_being_heard(browser: Browser) -> None:
    assert send(browser, f__content="电梯停运").status_code == 201
    assert only(browser).values["receiving_unit"] in ("sales", {"unknown": "登记时未说明"})


def test_everything_wrong_is_said_beside_its_field_and_kept(browser: Browser) -> None:
    page = send(browser, f__content=" ", f__category="equipment", f__received_at="2030-01-01T10:00", anonymous="yes",
                f__customer_name="李女士")  # fmt: skip
    assert page.status_code == 422
    said = beside(page)
    assert said["content"] == "must say what happened, in summary or details"
    assert said["received_at"] == "must not lie in the future"
    assert said["customer_name"] == "an anonymous complaint carries no name and no address"
    kept = form_of(page)
    assert (kept["f.category"], kept["f.received_at"], kept["f.customer_name"], kept["anonymous"]) == (
        "equipment", "2030-01-01T10:00", "李女士", "yes",
    )  # fmt: skip
    assert browser.air.stores.cases.memory.heads == {}


def test_a_letter_of_last_week_starts_its_clocks_then(browser: Browser) -> None:
    browser.air.wait(days=7)
    browser.sign_in("lin")
    browser.get("/desk/new?channel=letter")
    page = send(browser, f__content="来信", channel="letter", f__received_at="2026-11-25T10:30")
    assert page.status_code == 201
    case = only(browser)
    assert (case.channel, case.received_at.isoformat()) == ("letter", "2026-11-25T02:30:00+00:00")


def test_in_confidence_nobody_reads_who_it_was(browser: Browser) -> None:
    send(browser, f__content="工作人员索要好处", f__customer_name="欧阳秘", confidential="yes")
    case = only(browser)
    assert case.confidential
    assert "欧阳秘" not in browser.get(f"/desk/cases/{case.number}").body.decode()


def test_it_is_asked_at_which_site_where_there_are_several() -> None:
    one = organisation()
    sites = {**one.sites, "east": replace(one.sites["main"], id="east", name={"zh-Hans": "东区", "en": "East"})}
    with on_air(replace(one, sites=sites)) as air:
        browser = Browser(air)
        browser.sign_in("lin")
        page = browser.get("/desk/new?lang=en")
        assert ("East" in text(page), "What happened" in text(page)) == (True, False)
        fields = form_of(browser.get("/desk/new?site=east&lang=en"))
        assert browser.post("/desk/new", **{**fields, "f.content": "停运"}).status_code == 201
        assert only(browser).site == "east"


@pytest.mark.parametrize("query", ["channel=fax", "channel=%FF"])
def test_an_odd_channel_is_refused(browser: Browser, query: str) -> None:
    assert browser.get(f"/desk/new?{query}").status_code == 422


def test_an_unknown_site_is_not_found(browser: Browser) -> None:
    assert browser.get("/desk/new?site=nowhere").status_code == 404


def test_what_is_typed_is_shown_and_never_run(browser: Browser) -> None:
    page = send(browser, f__content=EVIL, f__received_at="2030-01-01T10:00").body.decode()
    assert "<script" not in page
    assert EVIL in unescape(page)


@pytest.mark.parametrize("procedure", ["w-workshop", "h-hospital", "e-dongnan", "s-store"])
def test_the_form_of_other_procedures_takes_a_complaint_too(procedure: str) -> None:
    with on_air(organisation(procedure=procedure)) as air:
        browser = Browser(air)
        browser.sign_in("lin")
        fields = form_of(browser.get("/desk/new?lang=en"))
        assert "f.content_details" in fields or "f.content" in fields
        typed = {name: "发生的事情" for name in ("f.content", "f.content_details") if name in fields}
        page = browser.post("/desk/new", **{**fields, **typed, "f.customer_phone": "13800138000"})
        assert page.status_code == 201, text(page)
