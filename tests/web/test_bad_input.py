"""Whatever is sent, it is never our failure, and what is refused writes nothing."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.air import ORG, Air, complaint, on_air

OFTEN = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40)
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [
    "org", "site", "channel", "received_at", "customer", "content", "kind", "category", "demand", "language",
    "anonymous", "confidential", "people_concerned", "external_ref", "form",
]  # fmt: skip
instants = st.sampled_from(
    ["2026-11-20T08:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1900-01-01T00:00:00Z"]
)


def memory(air: Air) -> str:
    held = air.stores.cases.memory
    return repr((held.heads, held.events, held.identities, held.replays, held.posted))


@OFTEN
@given(body=anything)
def test_arbitrary_json_is_no_complaint(body: Any) -> None:
    with on_air() as air:
        answer = air.post("/v1/complaints", body)
        assert answer.status_code in (400, 422)
        assert not air.stores.cases.memory.heads


@OFTEN
@given(field=st.sampled_from(FIELDS), value=anything | instants)
def test_one_odd_field_is_taken_or_named(field: str, value: Any) -> None:
    with on_air() as air:
        answer = air.post("/v1/complaints", complaint(**{field: value}))
        assert answer.status_code in (201, 422), answer.body
        assert len(air.stores.cases.memory.heads) == (1 if answer.status_code == 201 else 0)
        if answer.status_code == 422 and field != "form":  # what is in the form goes by the names of its fields
            about = ("customer", field) if field == "anonymous" else (field,)  # a name is what contradicts it
            assert all(wrong["field"].startswith(about) for wrong in answer.json_body["errors"])


@OFTEN
@given(inner=st.sampled_from(["customer", "content"]), name=st.sampled_from(["name", "phone", "email", "plate", "room",
       "summary", "details", "when", "where", "who", "outcome"]), value=scalars)  # fmt: skip
def test_one_odd_detail_is_taken_or_named(inner: str, name: str, value: Any) -> None:
    with on_air() as air:
        body = complaint()
        body[inner][name] = value
        answer = air.post("/v1/complaints", body)
        assert answer.status_code in (201, 422), answer.body


ACTIONS = ["add_note", "send_form", "classify", "hand_over", "accept_hand_over", "withdraw", "nothing", "%00"]
ASKED = ["note", "scope", "receiving_unit", "department", "x", "task"]


@OFTEN
@given(
    answers=st.dictionaries(st.sampled_from(ASKED), anything) | anything,
    action=st.sampled_from(ACTIONS),
    person=st.sampled_from(["lin", "shen", "gao", "far"]),
)
def test_arbitrary_answers_never_break_an_action(answers: Any, action: str, person: str) -> None:
    with on_air() as air:
        number = air.registered()
        before = memory(air)
        answer = air.post(f"/v1/tickets/{number}/actions/{action}", answers, by=person, headers={"If-Match": "1"})
        assert answer.status_code in (200, 400, 403, 404, 409, 422), answer.body
        if answer.status_code != 200:
            assert memory(air) == before


@OFTEN
@given(raw=st.binary(max_size=60))
def test_arbitrary_bytes_are_refused(raw: bytes) -> None:
    with on_air() as air:
        answer = air.call("POST", "/v1/complaints", raw=raw, headers={"Content-Type": "application/json"})
        assert answer.status_code in (400, 422)
        json.loads(answer.body)


@OFTEN
@given(
    body=anything,
    kind=st.sampled_from(["sites", "departments", "staff", "absences", "settings", "calendars", "procedures"]),
)
def test_arbitrary_json_is_no_entry_of_the_directory(body: Any, kind: str) -> None:
    with on_air() as air:
        before = repr(air.stores.cases.memory.organisations)
        answer = air.call("PUT", f"/v1/admin/{kind}", body, by="root")
        assert answer.status_code in (400, 422), answer.body
        assert repr(air.stores.cases.memory.organisations) == before


@pytest.mark.parametrize("tail", ["12345", "abcd", "１２３４", "-800", "8000&phone_tail=9999"])
def test_an_odd_proof_opens_nothing(air: Air, tail: str) -> None:
    number = air.registered()
    assert air.get(f"/v1/complaints/{number}?phone_tail={tail}").status_code == 404


@pytest.mark.parametrize("number", ["..", "%2e%2e%2f", "261123-000001", "0" * 300, "２６１１２３-0000017"])
def test_an_odd_number_is_no_case(air: Air, number: str) -> None:
    air.registered()
    assert air.get(f"/v1/complaints/{number}?phone_tail=8000").status_code in (403, 404)
    assert air.get(f"/v1/tickets/{number}", by="lin").status_code in (403, 404)
    assert air.stores.cases.load(ORG, "261123-0000017") is not None
