"""The public pages of the deployed product, as a browser opens them: by its public address, through the gateway."""

import http.client
import re
import time
from html import unescape
from urllib.parse import urlencode, urlsplit

from chalicelib.web.filling import LEAST
from tests.deployed.conftest import Deployed

FORM = "application/x-www-form-urlencoded"


def opened(stack: Deployed, address: str, **fields: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of a page; with `fields` a form is sent there."""
    to, page = urlsplit(stack.endpoint_url), urlsplit(address)
    connection = http.client.HTTPConnection(str(to.hostname), to.port, timeout=60)
    headers = {"Host": page.netloc, "Accept-Language": "en", "Content-Type": FORM}
    try:
        path = page.path + (f"?{page.query}" if page.query else "")
        connection.request("POST" if fields else "GET", path, urlencode(fields) or None, headers)
        answer = connection.getresponse()
        body = answer.read().decode()
    finally:
        connection.close()
    return answer.status, {name.lower(): value for name, value in answer.headers.items()}, unescape(body)


def test_a_complaint_goes_in_by_the_form_and_its_link_opens_it_for_a_message(stack: Deployed) -> None:
    public = stack.public_url
    status, headers, form = opened(stack, f"{public}/complain?org=c-company")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert headers["content-security-policy"].startswith("default-src 'none'")
    sealed = dict(re.findall(r'name="(key|opened)" value="([^"]+)"', form))
    assert len(sealed) == 2
    filled = {"org": "c-company", **sealed, "lang": "en", "summary": "电梯停运", "phone": "13800138009"}
    status, _, again = opened(stack, f"{public}/complain", **filled)
    assert (status, "What you wrote is below" in again) == (422, True)  # nobody is so quick
    time.sleep(LEAST.total_seconds() + 1)
    status, _, received = opened(stack, f"{public}/complain", **filled)
    assert status == 201
    link = re.search(r'href="([^"]+/track\?[^"]+)"', received)
    assert link
    assert link[1].startswith(f"{public}/track?number=")
    status, _, case = opened(stack, link[1])
    assert (status, "电梯停运" in case) == (200, True)
    hidden = dict(re.findall(r'name="(number|token)" value="([^"]+)"', case))
    status, headers, _ = opened(stack, f"{public}/track", **hidden, lang="en", text="今天又停了")
    assert status == 303
    assert headers["location"].startswith(f"{public}/track?number=")
    status, _, back = opened(stack, headers["location"])
    assert (status, "今天又停了" in back) == (200, True)


def test_the_start_page_and_an_organisations_page_are_there(stack: Deployed) -> None:
    status, _, page = opened(stack, f"{stack.public_url}/")
    assert (status, 'action="track"' in page) == (200, True)
    status, _, page = opened(stack, f"{stack.public_url}/?org=c-company")
    assert (status, "400-000-0001" in page) == (200, True)
