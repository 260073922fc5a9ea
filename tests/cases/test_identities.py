"""Who complains, told later: it goes to the identity alone, and the same customer is found by it from then on."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.desk.facts import KEPT_APART
from tests.web.air import ORG, Air, on_air, organisation

POSTS = {"salesperson": ["lin"], "sales_manager": ["hou"], "site_clerk": ["shen"], "company_head": ["gao"]}
NOBODY = {"name": "", "phone": "", "email": ""}
CHECKED: dict[str, Any] = {
    **dict.fromkeys(("name_checked", "room_checked", "phone_checked", "time_checked", "content_checked"), "yes"),
    "customer_name": "王芳", "customer_phone": "139 0013 9000", "room": "3-1201", "sharp": "no",
    "promised_at": "2026-11-25T17:00:00+08:00", "told_by": "lin", "told_at": "2026-11-23T09:00:00+08:00",
    "began_at": "2026-11-23T09:00:00+08:00",
}  # fmt: skip
NUMBER = "+8613900139000"


@pytest.fixture
def air() -> Iterator[Air]:
    """A sales site, where the form is checked with the customer."""
    known = organisation(procedure="e-dongnan")
    site = replace(known.sites["main"], posts=POSTS)
    with on_air(replace(known, sites={"main": site})) as found:
        yield found


@pytest.mark.rules("E-09", "E-11")
@pytest.mark.parametrize("confidential", [False, True])
def test_what_an_action_learns_of_the_customer_is_kept_apart(air: Air, confidential: bool) -> None:
    number = air.registered(customer=NOBODY, confidential=confidential)
    assert air.act(number, "check_form", "lin", **CHECKED).status_code == 200

    identity = air.stores.cases.identity(ORG, number)
    assert (identity.name, identity.phone, identity.room) == ("王芳", NUMBER, "3-1201")
    case = air.stores.cases.load(ORG, number)
    assert case is not None
    assert case.values["customer_phone"] == KEPT_APART
    memory = air.stores.cases.memory
    for held in (memory.heads, memory.events, memory.posted, memory.links, memory.groups, memory.jobs):
        assert not any(told in repr(held) for told in ("王芳", "13900139000", "139 0013 9000"))


def test_the_letter_of_the_same_action_already_reaches_the_number_it_learned(air: Air) -> None:
    number = air.registered(customer=NOBODY)
    assert not [m for m in air.queue.delivered if m.to == "customer"]
    air.act(number, "check_form", "lin", **CHECKED)
    assert [(m.letter, m.channel) for m in air.queue.delivered if m.to == "customer"] == [("promised", "sms")]


def test_the_customer_is_found_again_by_what_was_learned(air: Air) -> None:
    number = air.registered(customer=NOBODY)
    air.act(number, "check_form", "lin", **CHECKED)
    for found_by in ("phone=13900139000", "room=3-1201"):
        found = air.get(f"/v1/customers?{found_by}", by="lin").json_body["items"]
        assert [case["number"] for case in found] == [number]


def test_what_the_customer_gave_before_stays_beside_it(air: Air) -> None:
    number = air.registered(customer={"name": "王芳", "email": "wang@example.org"})
    answers = {name: said for name, said in CHECKED.items() if name != "customer_name"}
    assert air.act(number, "check_form", "lin", **answers).status_code == 200
    identity = air.stores.cases.identity(ORG, number)
    assert (identity.name, identity.email, identity.phone) == ("王芳", "wang@example.org", NUMBER)


def test_it_may_also_be_answered_in_the_form_that_is_posted(air: Air) -> None:
    number = air.registered(customer=NOBODY, form={"customer_phone": "139 0013 9000"})
    case = air.stores.cases.load(ORG, number)
    assert case is not None
    assert (case.values["customer_phone"], case.reach) == (KEPT_APART, ["sms"])
    assert air.stores.cases.identity(ORG, number).phone == NUMBER


def test_an_action_that_is_refused_makes_nothing_known(air: Air) -> None:
    number = air.registered(customer=NOBODY)
    before = repr(air.stores.cases.memory)
    assert air.act(number, "check_form", "lin", **{**CHECKED, "customer_phone": "none"}).status_code == 422
    assert air.act(number, "check_form", "lin", version=7, **CHECKED).status_code == 409
    assert air.act(number, "check_form", "shen", **CHECKED).status_code == 403
    assert repr(air.stores.cases.memory) == before


def test_the_same_action_again_is_done_and_with_another_number_it_is_not(air: Air) -> None:
    number = air.registered(customer=NOBODY)
    first = air.act(number, "check_form", "lin", version=1, **CHECKED)
    again = air.act(number, "check_form", "lin", version=1, **CHECKED)
    other = air.act(number, "check_form", "lin", version=1, **{**CHECKED, "customer_phone": "13800138000"})
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_staff_read_that_it_was_given_and_the_history_says_no_more(air: Air) -> None:
    number = air.registered(customer=NOBODY)
    air.act(number, "check_form", "lin", **CHECKED)
    last = air.get(f"/v1/tickets/{number}/history", by="lin").json_body["items"][-1]
    told = {field["id"]: field["text"] for field in last["answers"]}
    assert told["customer_phone"] == "given (kept apart)"
    assert air.get(f"/v1/tickets/{number}", by="lin").json_body["customer"]["phone"] == NUMBER


def test_nothing_is_read_of_an_identity_that_an_action_says_nothing_of(air: Air) -> None:
    number = air.registered(customer=NOBODY)
    air.cases.calls.clear()
    air.act(number, "add_note", "lin", note="已回电")
    assert "identity" not in air.cases.calls


ROOM = {"name": "王芳", "phone": "13900139000", "room": "3-1201"}


@pytest.mark.parametrize("confidential", [False, True])
def test_a_room_is_part_of_the_case_unless_it_would_say_who_complains_in_confidence(
    air: Air, confidential: bool
) -> None:
    number = air.registered(customer=ROOM, confidential=confidential)
    case = air.stores.cases.load(ORG, number)
    assert case is not None
    assert case.values["room"] == (KEPT_APART if confidential else "3-1201")
    assert air.stores.cases.identity(ORG, number).room == "3-1201"
    memory = air.stores.cases.memory
    kept = [held for held in (memory.heads, memory.events, memory.posted) if "3-1201" in repr(held)]
    assert bool(kept) is not confidential
    assert air.get("/v1/customers?room=3-1201", by="lin").json_body["items"]


def test_a_room_that_an_action_puts_right_stays_apart_where_the_complaint_is_confidential(air: Air) -> None:
    number = air.registered(customer=ROOM, confidential=True)
    assert air.act(number, "check_form", "lin", **{**CHECKED, "room": "3-1202"}).status_code == 200
    assert air.stores.cases.identity(ORG, number).room == "3-1202"
    memory = air.stores.cases.memory
    assert not [held for held in (memory.heads, memory.events, memory.posted) if "3-120" in repr(held)]
    assert air.get("/v1/customers?room=3-1202", by="lin").json_body["items"]


def test_a_form_offers_a_room_that_is_kept_apart_as_given(air: Air) -> None:
    number = air.registered(customer=ROOM, confidential=True)
    [check] = [
        one for one in air.get(f"/v1/tickets/{number}", by="lin").json_body["actions"] if one["id"] == "check_form"
    ]
    room = check["form"]["properties"]["room"]
    assert (room["x-given"], "default" in room) == (True, False)
