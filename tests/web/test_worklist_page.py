"""The desk's lists, in a browser."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.desk.people import Absence
from tests.web.air import ORG, STAFF, Air
from tests.web.browser import Browser
from tests.web.test_pages import text


@pytest.fixture
def browser(air: Air) -> Browser:
    """A browser at a desk, not signed in."""
    return Browser(air)


def lists(page: str) -> list[str]:
    tabs = re.search(r'<ul class="tabs">(.*?)</ul>', page, re.DOTALL)
    assert tabs
    return re.findall(r">([^<>\s][^<>]*)<", tabs[1])


def test_what_waits_for_somebody_is_listed_the_most_urgent_first(browser: Browser) -> None:
    first = browser.air.registered()
    browser.air.wait(hours=1)
    second = browser.air.registered(content={"summary": "漏水", "details": "x"})
    browser.sign_in("lin")
    said = text(browser.get("/desk?lang=en"))
    assert "林一: what waits" in said
    assert 0 < said.index(first) < said.index(second)
    assert "漏水" in said


def test_how_near_a_limit_is_is_said_in_words(browser: Browser) -> None:
    browser.air.registered()
    browser.sign_in("lin")
    assert "Due tomorrow · limit 24 Nov 09:00" in re.sub(r"\s+", " ", text(browser.get("/desk?lang=en")))
    browser.air.wait(hours=20)
    browser.sign_in("lin")
    assert "Due today" in text(browser.get("/desk?lang=en"))
    browser.air.wait(hours=5)
    browser.air.world.sweep.run(lambda: 900.0)
    browser.sign_in("lin")
    assert "Late" in text(browser.get("/desk?lang=en"))


def test_whoever_stands_in_sees_what_they_stand_in_for(browser: Browser) -> None:
    number = browser.air.registered()
    start = browser.air.now
    browser.air.stores.directory.put_absence(
        ORG, Absence(person="lin", start=start, end=start + timedelta(days=1), stand_in="far")
    )
    browser.sign_in("far")
    said = text(browser.get("/desk?lang=en"))
    assert (number in said, "you stand in" in said) == (True, True)


def test_the_lists_are_ones_own_departments_and_all_for_who_has_a_post(browser: Browser) -> None:
    browser.sign_in("far")
    assert lists(browser.get("/desk?lang=en").body.decode()) == ["Mine", "Kitchen"]
    browser.sign_in("gao")
    every = ["Mine", "Sales", "Customer service", "Works", "Kitchen", "With no department"]
    assert lists(browser.get("/desk?lang=en").body.decode()) == every


def test_a_departments_list_shows_what_lies_with_it_as_far_as_the_reader_may_see_it(browser: Browser) -> None:
    number = browser.air.registered()
    browser.sign_in("shen")
    assert number in text(browser.get("/desk?department=sales"))
    browser.sign_in("far")
    assert number not in text(browser.get("/desk?department=sales"))


def test_a_number_leads_to_its_case_however_it_is_typed(browser: Browser) -> None:
    number = browser.air.registered()
    browser.sign_in("lin")
    typed = number.replace("-", "%20")
    to = browser.get(f"/desk?number={typed}&lang=en").headers["Location"]
    assert to == f"https://desk.example/desk/cases/{number}?lang=en"
    odd = browser.get("/desk?number=//evil.example").headers["Location"]
    assert odd.startswith("https://desk.example/desk/cases/%2F%2Fevil.example?")
    assert browser.get(odd).status_code in (403, 404)


@pytest.mark.parametrize("query", ["department=nowhere", "cursor=nonsense", "department=%FF"])
def test_a_list_that_there_is_not_is_said_to_be_none(browser: Browser, query: str) -> None:
    browser.sign_in("lin")
    assert browser.get(f"/desk?{query}").status_code == 422


def test_a_long_list_goes_on(browser: Browser) -> None:
    numbers = [browser.air.registered() for _ in range(53)]
    browser.sign_in("lin")
    page = browser.get("/desk?lang=en")
    more = re.search(r'href="(desk\?cursor=[^"]+)"', page.body.decode())
    assert more
    rest = browser.get("/" + more[1].replace("&amp;", "&"))
    assert sum(number in text(page) for number in numbers) == 50
    assert sum(number in text(rest) for number in numbers) == 3
    assert "From the start" in text(rest)


def test_the_page_speaks_the_readers_language(browser: Browser) -> None:
    browser.sign_in("lin")
    assert "林一的待办" in text(browser.get("/desk?lang=zh-Hans"))
    assert "林一的待辦" in text(browser.get("/desk?lang=zh-Hant"))


def test_who_left_a_department_that_is_no_more_still_has_their_list(browser: Browser) -> None:
    browser.air.stores.directory.put(ORG, "staff", "far", replace(STAFF["far"], departments=["gone"]))
    browser.sign_in("far")
    assert lists(browser.get("/desk?lang=en").body.decode()) == ["Mine"]
