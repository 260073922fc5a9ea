"""Signing in to the deployed product as a browser does: by the user pool's own pages, with a cookie at the end."""

import http.client
import re
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from infra.seed import PASSWORD
from tests.deployed.conftest import Deployed
from tests.deployed.desk import Desk, eventually

FORM = "application/x-www-form-urlencoded"


class Browser:
    """Follows addresses and sends forms. It keeps the desk's cookies for the desk, and knows no others."""

    def __init__(self, stack: Deployed) -> None:
        self.stack, self.cookies, self.at = stack, dict[str, str](), ""

    def open(self, address: str, fields: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
        """One request, without going on."""
        self.at = address
        page, to = urlsplit(address), urlsplit(self.stack.endpoint_url)
        headers = {"Host": page.netloc, "Accept-Language": "en", **({"Content-Type": FORM} if fields else {})}
        mine = page.hostname == urlsplit(self.stack.public_url).hostname
        if mine and self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection(str(to.hostname), to.port, timeout=60)
        try:
            path = page.path + (f"?{page.query}" if page.query else "")
            connection.request("POST" if fields else "GET", path, urlencode(fields) if fields else None, headers)
            answer = connection.getresponse()
            body = answer.read().decode()
        finally:
            connection.close()
        for said in answer.headers.get_all("Set-Cookie") or [] if mine else []:
            name, _, value = said.partition(";")[0].partition("=")
            self.cookies[name] = value
            if "Max-Age=0" in said:
                del self.cookies[name]
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, body

    def go(self, address: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """Open it, and go on wherever it leads."""
        status, headers, body = self.open(address, fields)
        while status in (302, 303):
            status, headers, body = self.open(urljoin(self.at, headers["location"]))
        return status, body

    def sign_in(self, person: str, wanted: str) -> tuple[int, str]:
        """Ask for a page, sign in where that leads, and come back to it."""
        status, page = self.go(wanted)
        assert (status, "Password" in page) == (200, True), page
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        assert hidden["code_challenge_method"] == "S256"
        return self.go(urljoin(self.at, "/login"), {**hidden, "username": person, "password": PASSWORD})


def test_a_browser_signs_in_by_the_user_pool_and_out_again(stack: Deployed) -> None:
    browser, desk = Browser(stack), f"{stack.public_url}/desk"
    status, page = browser.sign_in("c.li", f"{desk}?department=sales")
    assert (status, "sign-out" in page) == (200, True)
    assert browser.at == f"{desk}?department=sales"
    assert set(browser.cookies) == {"session"}
    token = re.search(r'name="token" value="(\w+)"', page)
    assert token
    status, headers, _ = browser.open(f"{desk}/sign-out", {"token": token[1], "lang": "en"})
    assert (status, browser.cookies) == (200, {})
    status, page = browser.go(headers["refresh"].partition("url=")[2])
    assert (status, "Password" in page) == (200, True)  # out there, then back to the desk, which asks to sign in
    assert parse_qs(urlsplit(browser.at).query)["redirect_uri"] == [f"{desk}/callback"]


def test_a_code_of_another_browser_signs_nobody_in(stack: Deployed) -> None:
    one, other = Browser(stack), Browser(stack)
    _, page = one.go(f"{stack.public_url}/desk")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    filled = {**hidden, "username": "c.li", "password": PASSWORD}
    _, headers, _ = one.open(urljoin(one.at, "/login"), filled)
    other.open(f"{stack.public_url}/desk/sign-in")
    assert other.open(headers["location"])[0] == 401
    assert "session" not in other.cookies


def test_the_api_takes_no_cookie(stack: Deployed) -> None:
    browser = Browser(stack)
    browser.sign_in("c.li", f"{stack.public_url}/desk")
    assert browser.open(f"{stack.public_url}/v1/tickets")[0] == 401


def test_the_link_of_a_letter_leads_to_the_case_and_an_action_is_done_there(stack: Deployed, desk: Desk) -> None:
    case = desk.registers({
        "org": "c-company", "channel": "web", "customer": {"name": "李女士", "phone": "13800138000"},
        "content": {"summary": "电梯停运", "details": "一号楼电梯停运三天。", "where": "一号楼"},
    })  # fmt: skip
    case.do("send_form", "c.li", scope="other_department", receiving_unit="project_service")
    link = f"{stack.public_url}/desk/cases/{case.number}"
    eventually(lambda: [mail for mail in stack.mail() if link in mail["BodyText"]], "letter with a link to the case")
    browser = Browser(stack)
    status, page = browser.sign_in("c.wang", link)
    assert (status, browser.at) == (200, link)
    version = re.search(r'name="action" value="classify">\s*<input type="hidden" name="version" value="(\d+)"', page)
    token = re.search(r'name="token" value="(\w+)"', page)
    assert version
    assert token
    typed = {"token": token[1], "lang": "en", "action": "classify", "version": version[1], "f.category": "equipment"}
    status, wrong = browser.go(link, typed)
    assert (status, "is required" in wrong) == (422, True)
    rest = {"filed": "yes", "scope": "other_department", "department": "engineering", "complex": "no"}
    status, done = browser.go(link, {**typed, **{f"f.{name}": value for name, value in rest.items()}})
    assert (status, "Done: " in done) == (200, True)
    assert case.seen_by("c.wang")["stage"] == "transferred"
