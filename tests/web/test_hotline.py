"""A hotline platform tells of calls: whose it is, is proved by the signature alone."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.desk.complaint import CUSTOMER, Complaint
from tests.web.air import ORG, Air, on_air, organisation
from tests.web.calling import MINUTE, PATH, RECORDING, a_call, calls, signed
from tests.web.test_bad_input import OFTEN, anything, instants, memory

Logged = Callable[[], list[dict[str, Any]]]


def case_of(air: Air, number: str) -> Complaint:
    found = air.stores.cases.load(ORG, number)
    assert found is not None
    return found


# the answers


def test_a_call_is_a_complaint_with_the_caller_and_what_was_said(air: Air) -> None:
    answer = calls(air)
    assert answer.status_code == 201
    number = answer.json_body["number"]
    case = case_of(air, number)
    assert answer.json_body == {"number": number, "received_at": "2026-11-23T00:50:00Z", "joined": False}
    assert (case.channel, case.summary, case.values["content"]) == ("phone", "电梯困人", "三号楼电梯困住两人。")
    identity = air.stores.cases.identity(ORG, number)
    assert (identity.name, identity.phone) == ("王芳", "+8613912345678")
    assert [(m.letter, m.channel, m.to) for m in air.queue.delivered] == [("acknowledgement", "sms", CUSTOMER)]


def test_the_same_call_again_is_the_same_complaint_whatever_it_says_now(air: Air) -> None:
    first = calls(air)
    again = calls(air)
    later = calls(air, a_call(recording=RECORDING), id="msg-2")
    assert [answer.status_code for answer in (first, again, later)] == [201, 200, 200]
    assert {answer.json_body["number"] for answer in (first, again, later)} == {first.json_body["number"]}
    assert again.headers["Idempotency-Replayed"] == later.headers["Idempotency-Replayed"] == "true"
    assert len(air.stores.cases.memory.heads) == 1


def test_the_recording_is_fetched_where_the_platform_keeps_it(air: Air) -> None:
    number = calls(air, a_call(recording=RECORDING)).json_body["number"]
    [listed] = air.get(f"/v1/tickets/{number}/attachments", by="shen").json_body["items"]
    fetched = air.get(f"/v1/tickets/{number}/attachments/{listed['id']}", by="shen").json_body
    assert (fetched["url"], fetched["sha256"]) == (RECORDING["url"], RECORDING["sha256"])


def test_a_call_costs_two_reads_and_one_write(air: Air) -> None:
    calls(air)
    assert air.cases.calls == {"answered": 2, "register": 1}


# signatures


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"webhook_signature": ""}, "missing"), ({"webhook_id": ""}, "missing"), ({"webhook_timestamp": ""}, "missing"),
        ({"webhook_signature": "v1,AAAA"}, "wrong"), ({"webhook_id": "another"}, "wrong"),
        ({"webhook_timestamp": "soon"}, "malformed"), ({"secret": "whsec_d3Jvbmc="}, "wrong"),
        ({"raw": b"not json"}, "wrong"), ({"raw": b'{"org": 5}'}, "wrong"), ({"raw": b'{"org": "nobody"}'}, "wrong"),
        ({"raw": b'{"org": "w-workshop"}'}, "wrong"),
    ],
)  # fmt: skip
def test_a_signature_that_does_not_hold_is_refused_in_the_same_words_and_the_log_says_why(
    sent: dict[str, Any], reason: str, logged: Logged
) -> None:
    with on_air(organisation(), organisation("w-workshop", "w-workshop")) as air:
        answer = calls(air, **sent)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json_body["detail"] == "The signature is missing or does not hold."
    assert set(answer.json_body) == {"type", "title", "status", "detail"}
    [line] = [line for line in logged() if line.get("message") == "signature refused"]
    assert line["reason"] == reason
    assert "王芳" not in str(line)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_older_or_younger_than_five_minutes_by_the_desks_clock_is_refused(air: Air, minutes: int) -> None:
    assert calls(air, at=air.now + minutes * MINUTE).status_code == 401
    assert calls(air, at=air.now + minutes * MINUTE * 5 / 6).status_code == 201


def test_a_body_changed_on_the_way_is_refused(air: Air) -> None:
    good = json.dumps(a_call()).encode()
    headers = signed(good, air.world.webhook_secret(ORG), "msg-1", air.now)
    changed = good.replace(b"13912345678", b"13912345679")
    answer = air.call("POST", PATH, raw=changed, headers={"Content-Type": "application/json", **headers})
    assert answer.status_code == 401
    assert not air.stores.cases.memory.heads


def test_the_id_of_a_message_is_good_for_one_text(air: Air) -> None:
    assert calls(air).status_code == 201
    assert calls(air, a_call(call_id="call-2")).status_code == 401
    assert calls(air, a_call(call_id="call-2"), id="msg-2").status_code == 201


def test_what_is_wrong_with_a_call_uses_up_neither_its_id_nor_that_of_the_message(air: Air) -> None:
    assert calls(air, a_call(number="261123-0000009")).status_code == 422
    assert calls(air).status_code == 201


def test_a_call_is_refused_before_its_body_is_looked_at(air: Air) -> None:
    answer = calls(air, {"org": ORG}, webhook_signature="v1,AAAA")
    assert (answer.status_code, "errors" in answer.json_body) == (401, False)


def test_no_page_of_another_origin_may_call() -> None:
    with on_air() as air:
        asked = air.call("OPTIONS", PATH, headers={"Origin": "https://elsewhere.example"})
        assert "Access-Control-Allow-Origin" not in asked.headers


# the secret


def test_an_administrator_changes_the_secret_and_the_one_before_stays_good_for_a_day(air: Air) -> None:
    old = air.get("/v1/admin/signing", by="root").json_body
    assert old == {
        "epoch": 0, "secret": air.world.webhook_secret(ORG), "since": None, "previous_until": None,
    }  # fmt: skip
    new = air.call("PUT", "/v1/admin/signing", {"epoch": 1}, by="root").json_body
    assert new["secret"] not in ("", old["secret"])
    assert new["previous_until"] == "2026-11-24T01:00:00Z"
    assert calls(air, secret=new["secret"]).status_code == 201
    air.wait(hours=23, minutes=59)
    assert calls(air, secret=old["secret"], id="msg-2").status_code == 200
    air.wait(minutes=1)
    assert calls(air, secret=old["secret"], id="msg-3").status_code == 401
    assert calls(air, secret=new["secret"], id="msg-3").status_code == 200


def test_the_same_change_again_changes_nothing_and_none_is_skipped(air: Air) -> None:
    first = air.call("PUT", "/v1/admin/signing", {"epoch": 1}, by="root").json_body
    air.wait(hours=1)
    assert air.call("PUT", "/v1/admin/signing", {"epoch": 1}, by="root").json_body == first
    refused = air.call("PUT", "/v1/admin/signing", {"epoch": 3}, by="root")
    assert (refused.status_code, refused.json_body["errors"]) == (422, [{"field": "epoch", "problem": "must be 2"}])


def test_changed_twice_the_first_secret_is_refused_at_once(air: Air) -> None:
    first = air.world.webhook_secret(ORG)
    for epoch in (1, 2):
        air.call("PUT", "/v1/admin/signing", {"epoch": epoch}, by="root")
    assert calls(air, secret=first).status_code == 401


def test_a_container_that_has_not_heard_of_the_change_yet_takes_the_new_secret(air: Air) -> None:
    assert calls(air, secret=air.world.webhook_secret(ORG, 1)).status_code == 201
    assert calls(air, secret=air.world.webhook_secret(ORG, 2), id="msg-2").status_code == 401


@pytest.mark.parametrize("by", ["shen", ""])
def test_the_secret_is_for_administrators(air: Air, by: str) -> None:
    for answer in (air.get("/v1/admin/signing", by=by), air.call("PUT", "/v1/admin/signing", {"epoch": 1}, by=by)):
        assert answer.status_code == (403 if by else 401)
        assert "whsec_" not in answer.body.decode()


# bad input


def test_everything_wrong_is_said_at_once_in_the_callers_terms(air: Air) -> None:
    body = a_call(
        caller=None, call_id="", started_at="2026-11-23T08:50:00", recording={"url": "ftp://x", "sha256": "zz"}, extra=1
    )
    answer = calls(air, body)
    assert answer.status_code == 422
    named = {wrong["field"] for wrong in answer.json_body["errors"]}
    assert named == {"caller", "call_id", "started_at", "recording.url", "recording.sha256", "extra"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ended_at": "2026-11-23T09:06:00+08:00"}, "ended_at"),
        ({"started_at": "2026-11-23T08:54:00+08:00"}, "started_at"),
        ({"started_at": "2015-11-23T08:54:00+08:00"}, "started_at"),
        ({"started_at": None, "ended_at": "2015-11-23T08:54:00+08:00"}, "ended_at"),
        ({"number": "261123-0000009"}, "number"), ({"number": "nonsense"}, "number"), ({"site": "elsewhere"}, "site"),
        ({"answers": {"summary": 5}}, "answers.summary"), ({"answers": {"name": "王" * 501}}, "answers.name"),
        ({"answers": {"kind": "lament"}}, "answers.kind"), ({"answers": {"x": "长" * 10_001}}, "answers.x"),
        ({"answers": {"name": "王芳", "anonymous": True}}, "answers.anonymous"),
        ({"answers": {"y" * 101: "?"}}, "answers"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_and_nothing_is_written(air: Air, changes: dict[str, Any], field: str) -> None:
    answer = calls(air, a_call(**changes))
    assert answer.status_code == 422, answer.body
    assert {wrong["field"] for wrong in answer.json_body["errors"]} == {field}
    assert not air.stores.cases.memory.heads


FIELDS = ["call_id", "caller", "ended_at", "site", "agent", "started_at", "answered", "recording", "answers", "number"]


@OFTEN
@given(field=st.sampled_from(FIELDS), value=anything | instants)
def test_one_odd_field_is_taken_or_named(field: str, value: Any) -> None:
    with on_air() as air:
        answer = calls(air, {**a_call(), field: value})
        assert answer.status_code in (201, 422), answer.body
        assert len(air.stores.cases.memory.heads) == (1 if answer.status_code == 201 else 0)


@OFTEN
@given(body=anything)
def test_arbitrary_json_that_is_not_signed_changes_nothing(body: Any) -> None:
    with on_air() as air:
        before = memory(air)
        assert air.post(PATH, body).status_code == 401
        assert memory(air) == before


def test_calls_may_be_told_of_long_after(air: Air) -> None:
    ended = air.now - timedelta(days=300)
    answer = calls(air, a_call(started_at=None, ended_at=ended.isoformat()))
    assert case_of(air, answer.json_body["number"]).received_at == ended
