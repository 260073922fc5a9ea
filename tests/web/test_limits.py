"""Limits as callers meet them: who is held to which, and what they are told."""

from urllib.parse import urlencode

from chalice.test import HTTPResponse

from chalicelib.web.page import FORM
from tests.web.air import ORG, Air, complaint
from tests.web.calling import a_call, calls
from tests.web.test_pages import Fields, send, text

SOURCE = "203.0.113.9"
THROUGH = 5 + 30
"""Complaints of one place before it is held up: a container's own, and the bucket's."""


def posted(air: Air, **how: str) -> HTTPResponse:
    return air.post("/v1/complaints", complaint(), **{"source": SOURCE, **how})


def busy(air: Air) -> None:
    """A place that has used up what it had."""
    for _ in range(THROUGH):
        assert posted(air).status_code == 201


def test_a_busy_place_is_told_when_to_come_back(air: Air) -> None:
    busy(air)
    refused = posted(air)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "20")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json_body == {
        "type": "/problems/too-many", "title": "too many calls", "status": 429,
        "detail": "Try the same again in 20 seconds.",
    }  # fmt: skip
    air.wait(seconds=20)
    assert posted(air).status_code == 201


def test_what_a_caller_writes_of_where_it_comes_from_is_not_believed(air: Air) -> None:
    busy(air)
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP"):
        sent = air.post("/v1/complaints", complaint(), source=SOURCE, headers={name: "198.51.100.7"})
        assert sent.status_code == 429


def test_whoever_signs_in_or_signs_is_never_held_up(air: Air) -> None:
    busy(air)
    for n in range(THROUGH):
        assert posted(air, by="lin").status_code == 201
        assert calls(air, a_call(call_id=f"call-{n}"), id=f"msg-{n}", source=SOURCE).status_code == 201


def test_a_sign_in_that_does_not_hold_is_refused_as_such(air: Air) -> None:
    busy(air)
    forged = air.post("/v1/complaints", complaint(), source=SOURCE, headers={"Authorization": "Bearer forged"})
    assert forged.status_code == 401


def test_nothing_is_written_for_a_call_that_is_held_up(air: Air) -> None:
    busy(air)
    before = len(air.stores.cases.memory.heads)
    air.cases.calls.clear()
    posted(air)
    assert (len(air.stores.cases.memory.heads), dict(air.cases.calls)) == (before, {})


def test_where_no_complaint_is_made_nobody_is_held_up(air: Air) -> None:
    busy(air)
    for path in ("/", "/track", f"/complain?org={ORG}", "/healthz", "/openapi.json"):
        assert air.get(path, source=SOURCE).status_code in (200, 503)


def test_a_place_that_guesses_is_held_up_on_pages_and_by_the_api_alike(air: Air) -> None:
    numbers = [air.registered() for _ in range(5)]
    for number in numbers:
        for _ in range(7):
            assert air.get(f"/v1/complaints/{number}?phone_tail=0000", source=SOURCE).status_code == 404
    for path in ("/track?", "/attach?", "/attached?file=x&", "/file?file=x&"):
        held = air.get(f"{path}number={numbers[0]}&phone_tail=8000", source=SOURCE)
        assert (held.status_code, held.headers["Retry-After"]) == (429, "10")
        assert "Try the same again in 10 seconds" in text(held)
    assert air.get(f"/v1/complaints/{numbers[0]}?phone_tail=8000", source=SOURCE).status_code == 429
    link = f"token={air.world.links.token(numbers[0])}"
    assert air.get(f"/v1/complaints/{numbers[0]}?{link}", source=SOURCE).status_code == 200


def test_messages_to_one_case_are_held_up_and_what_was_written_stays_on_the_page(air: Air) -> None:
    number = air.registered()
    proof = {"number": number, "token": air.world.links.token(number)}
    for n in range(5 + 20):
        assert send(air, "/track", **proof, text=f"message {n}").status_code == 303
    held = send(air, "/track", **proof, text='还有 "一句"')
    assert (held.status_code, held.headers["Retry-After"]) == (429, "60")
    assert "send it again in 60 seconds" in text(held)
    assert 'action="track"' in held.body.decode()
    kept = Fields(held).found
    assert kept == {**proof, "text": '还有 "一句"'}
    path = f"/v1/complaints/{number}"
    query = urlencode({"token": proof["token"]})
    assert air.post(f"{path}/messages?{query}", {"text": "x"}).status_code == 429
    assert air.post(f"{path}/attachments?{query}", {}).status_code == 429
    assert air.get(f"{path}?{query}").status_code == 200
    air.wait(seconds=60)
    assert send(air, "/track", **kept).status_code == 303
    assert air.get(f"{path}?{query}").json_body["replies"][-1]["text"] == '还有 "一句"'


def test_public_lists_are_held_up_in_the_words_of_their_standard_and_posting_with_a_key_is_not(air: Air) -> None:
    air.call("PUT", "/v1/admin/open311", {"published": True, "epoch": 0}, by="root")
    path = f"/open311/v2/requests.json?jurisdiction_id={ORG}"
    answers = [air.get(path, source=SOURCE) for _ in range(26)]
    assert [answer.status_code for answer in answers] == [200] * 25 + [429]
    assert answers[-1].headers["Retry-After"] == "5"
    assert answers[-1].json_body == [{"code": 429, "description": "Try the same again in 5 seconds."}]
    form = {"jurisdiction_id": ORG, "api_key": air.world.open311_key(ORG), "service_code": "other", "description": "灯"}
    codes = {
        air.call(
            "POST", "/open311/v2/requests.json", raw=urlencode({**form, "description": f"灯 {n}"}).encode(),
            headers={"Content-Type": FORM}, source=SOURCE,
        ).status_code
        for n in range(THROUGH + 2)
    }  # fmt: skip
    assert 429 not in codes
