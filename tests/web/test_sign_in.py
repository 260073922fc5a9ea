"""Signing in with a browser: the code flow, the session, and what neither of them lets through."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

from chalicelib.ports import Unavailable
from chalicelib.web.issuer import Issuer
from chalicelib.web.sessions import IDLE, WHOLE
from chalicelib.web.sign_in import LASTS, within
from tests.fakes.issuer import FakeIssuer
from tests.web.air import AUDIENCE, ISSUER, ORG, STAFF, Air, token
from tests.web.browser import Browser
from tests.web.test_pages import Fields, text

Logged = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def browser(air: Air) -> Browser:
    """A browser at a desk."""
    return Browser(air)


def said_to_the_issuer(address: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}


def test_who_is_not_signed_in_is_sent_to_the_issuer_and_comes_back_to_the_page_they_wanted(browser: Browser) -> None:
    sent = browser.get("/desk?department=service&lang=en")
    assert sent.status_code == 303
    assert sent.headers["Location"].startswith("https://desk.example/desk/sign-in?next=%2Fdesk%3Fdepartment%3Dservice")
    away = browser.get(sent.headers["Location"]).headers["Location"]
    asked = said_to_the_issuer(away)
    assert away.startswith("https://issuer.example/authorize?")
    assert {name: asked[name] for name in ("response_type", "client_id", "redirect_uri", "code_challenge_method")} == {
        "response_type": "code", "client_id": AUDIENCE, "redirect_uri": "https://desk.example/desk/callback",
        "code_challenge_method": "S256",
    }  # fmt: skip
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    back = browser.get(browser.issuer.sign_in(away, "shen"))
    assert (back.status_code, back.headers["Location"]) == (303, "https://desk.example/desk?department=service")
    assert set(browser.cookies) == {"__Host-session"}
    assert browser.get("/desk").status_code == 200


def test_the_code_is_exchanged_with_the_verifier_that_only_this_browser_holds(browser: Browser) -> None:
    browser.sign_in("shen")
    address, headers, sent = browser.issuer.asked[-1]
    assert (address, headers) == ("https://issuer.example/token", {})
    assert (sent["grant_type"], len(sent["code_verifier"])) == ("authorization_code", 43)


def test_a_desk_that_was_given_a_secret_shows_it(air: Air) -> None:
    fake = FakeIssuer(ISSUER, lambda person, nonce: token(person, nonce=nonce))
    browser = Browser(air)
    browser.issuer = fake
    air.world.issuer = Issuer(issuer=ISSUER, client_id=AUDIENCE, secret=lambda: "a:secret", fetch=fake.fetch)
    assert browser.sign_in("shen").status_code == 303
    assert fake.asked[-1][1] == {"Authorization": "Basic ZGVzazphJTNBc2VjcmV0"}  # desk:a%3Asecret


@pytest.mark.parametrize("change", ["state", "cookie", "late", "none"])
def test_an_answer_to_no_question_of_this_browser_is_not_believed(browser: Browser, change: str) -> None:
    back = browser.issuer.sign_in(browser.begin(), "shen")
    if change == "state":
        back += "x"
    elif change == "cookie":
        browser.cookies["__Host-sign-in"] = browser.cookies["__Host-sign-in"][:-1] + "0"
        browser.cookies["__Host-sign-in"] += "1"
    elif change == "late":
        browser.air.wait(seconds=LASTS.total_seconds() + 1)
    else:
        browser.cookies.clear()
    answer = browser.get(back)
    assert answer.status_code == 401
    assert "took too long, or was begun in another window" in text(answer)
    assert browser.cookies == {}
    assert len(browser.issuer.asked) == 1  # the code was not even shown to the issuer


@pytest.mark.parametrize(
    "changes",
    [{"nonce": "another"}, {"nonce": None}, {"aud": "another-desk"}, {"iss": "https://elsewhere.example"},
     {"exp": 1}, {"azp": "another-desk"}, {"token_use": "access"}],
)  # fmt: skip
def test_a_token_for_another_sign_in_or_desk_signs_nobody_in(air: Air, changes: dict[str, Any]) -> None:
    browser = Browser(air)
    browser.issuer._token_of = lambda person, nonce: token(person, **{"nonce": nonce, **changes})
    answer = browser.sign_in("shen")
    assert (answer.status_code, browser.cookies) == (401, {})


def test_a_code_counts_once(browser: Browser) -> None:
    back = browser.issuer.sign_in(browser.begin(), "shen")
    held = dict(browser.cookies)
    assert browser.get(back).status_code == 303
    browser.cookies = held
    assert browser.get(back).status_code == 401


@pytest.mark.parametrize("query", ["error=access_denied", "error=server_error&code=x", "x=y"])
def test_a_sign_in_that_the_issuer_broke_off_is_said_to_be_so(browser: Browser, query: str) -> None:
    state = said_to_the_issuer(browser.begin())["state"]
    answer = browser.get(f"/desk/callback?{query}&state={state}")
    assert (answer.status_code, "was not completed" in text(answer)) == (401, True)


def test_an_answer_that_names_another_issuer_is_not_believed(browser: Browser) -> None:
    back = browser.issuer.sign_in(browser.begin(), "shen")
    assert browser.get(back + "&iss=https%3A%2F%2Felsewhere.example").status_code == 401


@pytest.mark.parametrize(
    "next",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/desk//evil.example", "/desk/../track", "/deskx",
     "/desk@evil.example", "/desk\r\nX: y", "javascript:alert(1)", "/track", "", "/desk/" + "a" * 600, "/desk/.."],
)  # fmt: skip
def test_signing_in_leads_to_pages_of_the_desk_alone(browser: Browser, next: str) -> None:
    assert browser.sign_in("shen", next).headers["Location"] == "https://desk.example/desk"


@pytest.mark.parametrize("next", ["/desk", "/desk/cases/261122-5019700?do=accept", "/desk?department=service"])
def test_and_to_whichever_of_them_was_wanted(next: str) -> None:
    assert within(next) == next


def test_who_is_in_no_directory_is_told_so_and_may_sign_in_as_somebody_else(browser: Browser) -> None:
    for person in ("nobody", "left"):
        answer = browser.sign_in(person)
        assert (answer.status_code, browser.cookies) == (403, {})
        assert 'href="https://issuer.example/logout?ui=desk&amp;client_id=desk' in answer.body.decode()


def test_who_is_made_inactive_is_out_at_the_next_page(browser: Browser) -> None:
    browser.sign_in("shen")
    browser.air.stores.directory.put(ORG, "staff", "shen", replace(STAFF["shen"], active=False))
    assert (browser.get("/desk").status_code, browser.cookies) == (403, {})


def test_a_session_ends_after_an_hour_without_a_page_and_after_a_working_day(browser: Browser) -> None:
    browser.sign_in("shen")
    for _ in range(int(WHOLE / IDLE * 2) - 1):
        browser.air.wait(seconds=IDLE.total_seconds() / 2)
        assert browser.get("/desk").status_code == 200
    browser.air.wait(seconds=IDLE.total_seconds() / 2)
    assert browser.get("/desk").status_code == 303
    browser.sign_in("shen")
    browser.air.wait(seconds=IDLE.total_seconds())
    assert browser.get("/desk").status_code == 303


def test_a_page_soon_after_the_last_writes_no_cookie(browser: Browser) -> None:
    browser.sign_in("shen")
    assert "Set-Cookie" not in browser.get("/desk").headers
    browser.air.wait(minutes=6)
    assert "Set-Cookie" in browser.get("/desk").headers


@pytest.mark.parametrize("cookie", ["", "x", "x.y", "e30.", "x" * 5000, "李.李", "\ud800.x"])
def test_a_session_that_the_desk_did_not_seal_is_none(browser: Browser, cookie: str) -> None:
    browser.cookies["__Host-session"] = cookie
    assert browser.get("/desk").status_code == 303


def test_what_was_sealed_for_signing_in_is_no_session(browser: Browser) -> None:
    browser.begin()
    browser.cookies["__Host-session"] = browser.cookies["__Host-sign-in"]
    assert browser.get("/desk").status_code == 303


def test_the_api_takes_no_cookie_and_the_pages_no_token(browser: Browser) -> None:
    browser.sign_in("shen")
    number = browser.air.registered()
    cookie = {"Cookie": f"__Host-session={browser.cookies['__Host-session']}"}
    for method, path in (("GET", "/v1/tickets"), ("POST", f"/v1/tickets/{number}/actions/add_note")):
        assert browser.air.call(method, path, {} if method == "POST" else None, headers=cookie).status_code == 401
    assert browser.air.get("/desk", by="shen").status_code == 303


def test_signing_out_ends_the_session_here_and_leads_to_where_it_ends_at_the_issuer(browser: Browser) -> None:
    browser.sign_in("shen")
    answer = browser.post("/desk/sign-out", token=browser.token(), lang="en")
    assert (answer.status_code, browser.cookies) == (200, {})
    seconds, _, to = answer.headers["Refresh"].partition("; url=")
    assert (seconds, to.partition("?")[0]) == ("0", "https://issuer.example/logout")
    assert said_to_the_issuer(to) == {
        "ui": "desk", "client_id": AUDIENCE, "logout_uri": "https://desk.example/desk",
        "post_logout_redirect_uri": "https://desk.example/desk",
    }  # fmt: skip
    assert browser.get("/desk").status_code == 303


def test_an_issuer_without_a_way_out_is_no_matter(browser: Browser) -> None:
    del browser.issuer.description["end_session_endpoint"]
    browser.sign_in("shen")
    answer = browser.post("/desk/sign-out", token=browser.token(), lang="en")
    assert ("Refresh" in answer.headers, browser.cookies) == (False, {})


def test_who_signs_out_is_out_of_the_desk_though_the_issuer_is_away(browser: Browser) -> None:
    browser.sign_in("shen")
    token = browser.token()

    def away(*_: object) -> bytes:
        raise Unavailable("no answer")

    browser.air.world.issuer = Issuer(issuer=ISSUER, client_id=AUDIENCE, fetch=away)
    answer = browser.post("/desk/sign-out", token=token, lang="en")
    assert (answer.status_code, browser.cookies) == (200, {})


def test_nobody_is_signed_out_by_another_page(browser: Browser) -> None:
    browser.sign_in("shen")
    token = browser.token()
    assert browser.post("/desk/sign-out", lang="en").status_code == 403
    assert browser.post("/desk/sign-out", token=token, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.get("/desk").status_code == 200


def test_the_token_of_forms_is_the_sessions_own(browser: Browser) -> None:
    browser.sign_in("shen")
    first = browser.token()
    browser.sign_in("shen")
    assert browser.token() != first


def test_an_issuer_that_does_not_answer_is_a_matter_of_time(browser: Browser) -> None:
    def away(*_: object) -> bytes:
        raise Unavailable("no answer")

    browser.air.world.issuer = Issuer(issuer=ISSUER, client_id=AUDIENCE, fetch=away)
    answer = browser.get("/desk/sign-in")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize(
    "changes",
    [{"issuer": "https://elsewhere.example"}, {"token_endpoint": "http://issuer.example/token"},
     {"jwks_uri": "file:///etc/passwd"}, {"authorization_endpoint": None}],
)  # fmt: skip
def test_a_description_that_is_another_issuers_or_unsafe_is_not_used(browser: Browser, changes: dict[str, Any]) -> None:
    browser.issuer.description |= changes
    assert browser.get("/desk/sign-in").status_code == 503


def test_over_plain_http_cookies_are_for_a_developers_machine_alone(air: Air) -> None:
    browser = Browser(air)
    for url, secure in (("http://desk.localhost:4720", False), ("http://desk.example", True)):
        air.world.settings = replace(air.world.settings, public_url=url)
        [cookie] = air.get("/desk/sign-in").headers["Set-Cookie"]
        assert ("; Secure" in cookie, cookie.startswith("__Host-")) == (secure, secure)
    assert browser.issuer.asked


def test_nothing_of_a_sign_in_is_logged(browser: Browser, logged: Logged) -> None:
    back = browser.issuer.sign_in(browser.begin(), "shen")
    browser.get(back)
    browser.get(back)  # refused by now
    lines = json.dumps(logged(), ensure_ascii=False)
    for secret in (parse_qs(urlsplit(back).query)["code"][0], "shen", *browser.cookies.values()):
        assert secret not in lines


def test_the_issuers_word_for_its_refusal_is_logged_for_whoever_set_the_desk_up(
    browser: Browser, logged: Logged
) -> None:
    browser.issuer._codes.clear()
    state = said_to_the_issuer(browser.begin())["state"]
    assert browser.get(f"/desk/callback?code=unknown&state={state}").status_code == 401
    assert [line["error"] for line in logged() if "error" in line] == ["invalid_grant"]


def test_a_page_of_the_desk_has_no_field_that_is_sent_elsewhere(browser: Browser) -> None:
    browser.sign_in("shen")
    page = browser.get("/desk")
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert set(Fields(page).found) == {"lang", "token", "number"}
