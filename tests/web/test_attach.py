"""Adding a photo in a browser without a script."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.desk.filing import OF_CUSTOMERS
from tests.desk.test_kinds import OTHERS, SAMPLES
from tests.fakes.uploads import MemoryUploads
from tests.web.air import ORG, Air

PHOTO = SAMPLES["image/jpeg"]


@pytest.fixture
def uploads(air: Air) -> MemoryUploads:
    """The store that forms send to."""
    made = MemoryUploads(lambda: air.now)
    air.world.uploads = made
    return made


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the form."""
    return {unescape(n): unescape(v) for n, v in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)}


def sent_back(air: Air, uploads: MemoryUploads, number: str, content: bytes, proof: str = "phone_tail=8000") -> str:
    """Open the form and send a file with it: path and query to which the store sends the browser."""
    page = air.get(f"/attach?number={number}&{proof}&lang=en")
    assert page.status_code == 200
    back = urlsplit(uploads.send(fields_of(page.body.decode()), content))
    assert f"{back.scheme}://{back.netloc}" == "https://desk.example"
    return f"{back.path}?{back.query}&bucket=files&key=x&etag=%22y%22"


def test_a_photo_goes_from_the_form_to_the_store_and_into_the_case(air: Air, uploads: MemoryUploads) -> None:
    number = air.registered()
    assert 'href="attach?number=' in air.get(f"/track?number={number}&phone_tail=8000").body.decode()
    done = air.get(sent_back(air, uploads, number, PHOTO))
    assert done.status_code == 303
    where = urlsplit(done.headers["Location"])
    assert (where.path, parse_qs(where.query)) == (
        "/track",
        {"number": [number], "phone_tail": ["8000"], "lang": ["en"]},
    )
    [file] = air.stores.cases.load(ORG, number).attachments  # type: ignore[union-attr]  # it is there
    assert (file.name, file.kind, file.by) == (f"{number}-1.jpg", "image/jpeg", "customer")
    page = air.get(f"/track?number={number}&phone_tail=8000").body.decode()
    assert f"{number}-1.jpg</a>" in page
    link = unescape(re.findall(r'href="(file\?[^"]+)"', page)[0])
    fetched = air.get(f"/{link}")
    assert (fetched.status_code, fetched.headers["Location"][:22]) == (303, "https://files.example/")


def test_coming_back_twice_adds_one_file(air: Air, uploads: MemoryUploads) -> None:
    number = air.registered()
    back = sent_back(air, uploads, number, PHOTO)
    assert [air.get(back).status_code for _ in range(2)] == [303, 303]
    assert len(air.stores.cases.load(ORG, number).attachments) == 1  # type: ignore[union-attr]  # it is there


def test_the_browser_may_send_to_the_store_and_nowhere_else(air: Air, uploads: MemoryUploads) -> None:
    number = air.registered()
    policy = air.get(f"/attach?number={number}&phone_tail=8000").headers["Content-Security-Policy"]
    assert "form-action 'self' https://files.example;" in str(policy)
    assert "form-action 'self';" in str(air.get("/track").headers["Content-Security-Policy"])


def test_what_no_case_takes_is_refused_in_words_and_the_form_is_there_again(air: Air, uploads: MemoryUploads) -> None:
    number = air.registered()
    refused = air.get(sent_back(air, uploads, number, OTHERS["a program"]))
    assert refused.status_code == 422
    said = refused.body.decode()
    assert "The file was not added: must be of one of these kinds: jpg, png" in said
    assert fields_of(said)["key"].startswith(f"{ORG}/{number}/")
    assert (uploads.waiting, uploads.kept) == ({}, {})


def test_after_the_last_file_there_is_no_form(air: Air, uploads: MemoryUploads) -> None:
    number = air.registered()
    for nth in range(OF_CUSTOMERS.files):
        assert air.get(sent_back(air, uploads, number, PHOTO + bytes([nth]))).status_code == 303
    page = air.get(f"/attach?number={number}&phone_tail=8000", headers={"Accept-Language": "zh-CN"})
    assert page.status_code == 422
    assert "已达上限：您最多可添加5个" in page.body.decode()
    assert "<form" not in page.body.decode()


@pytest.mark.parametrize("path", ["attach", "attached", "file"])
def test_nothing_is_shown_or_taken_without_the_proof(air: Air, uploads: MemoryUploads, path: str) -> None:
    number = air.registered()
    for proof in ("", "&phone_tail=1111", "&token=x"):
        assert air.get(f"/{path}?number={number}{proof}").status_code == 404
    assert air.get(f"/file?number={number}&phone_tail=8000&file={'0' * 32}").status_code == 404
    assert air.get(f"/attached?number={number}&phone_tail=8000&file={'0' * 32}").status_code == 404


def test_a_link_keeps_its_token_on_the_way(air: Air, uploads: MemoryUploads) -> None:
    number = air.registered()
    token = air.world.links.token(number)
    done = air.get(sent_back(air, uploads, number, PHOTO, proof=f"token={token}"))
    assert parse_qs(urlsplit(done.headers["Location"]).query)["token"] == [token]
    assert "phone_tail" not in done.headers["Location"]
