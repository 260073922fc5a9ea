"""What other systems are told of events: the kinds, to whom, and nothing personal."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.desk.complaint import Announcement, Complaint, Event
from chalicelib.desk.outside import announcements, cloud_event, told, wanted
from chalicelib.desk.people import Endpoint, EndpointHealth, Organisation
from tests.storage.samples import NOON, a_complaint, an_event

CASE = a_complaint(stage="handling", status="handling")


def organisation(**endpoint: Any) -> Organisation:
    one = Endpoint(id="crm", url="https://crm.example/hook", **endpoint)
    return Organisation(id="c-company", name={}, webhooks={"crm": one})


@pytest.mark.parametrize(
    ("before", "after", "event", "kinds"),
    [
        (None, CASE, {"kind": "registered", "action": "register"}, ["registered"]),
        (CASE, CASE, {"action": "add_note"}, ["acted"]),
        (CASE, replace(CASE, stage="told"), {"action": "tell"}, ["moved", "acted"]),
        (CASE, replace(CASE, stage="end", status="closed"), {"action": "end"}, ["closed", "moved", "acted"]),
        (CASE, replace(CASE, stage="end", status="closed"), {"kind": "ticked"}, ["closed", "moved"]),
        (replace(CASE, status="closed"), CASE, {"action": "reopen"}, ["reopened", "acted"]),
        (replace(CASE, status="closed"), replace(CASE, status="archived"), {"action": "archive"}, ["acted"]),
        (CASE, CASE, {"kind": "ticked", "signals": ["rung a 0", "late a"]}, ["late"]),
        (CASE, CASE, {"kind": "ticked", "signals": ["rung a 0"]}, None),
        (CASE, CASE, {"kind": "seen"}, None),
        (CASE, CASE, {"kind": "rearmed"}, None),
    ],
)  # fmt: skip
def test_an_event_is_told_by_what_it_is_the_most_telling_first(
    before: Complaint | None, after: Complaint, event: dict[str, Any], kinds: list[str] | None
) -> None:
    found = told(before, after, an_event(2, **event))
    assert (found.kinds if found else None) == kinds


@pytest.mark.parametrize(
    ("events", "hears"),
    [
        ([], True), (["closed"], True), (["acted"], True), (["acted:end"], True), (["late:reply"], True),
        (["registered"], False), (["acted:begin"], False), (["late:accept"], False), (["wrote", "moved"], True),
    ],
)  # fmt: skip
def test_an_endpoint_hears_what_it_asked_for(events: list[str], hears: bool) -> None:
    what = Announcement(
        kinds=["closed", "moved", "late", "acted"], version=2, stage="end", status="closed", round=1, action="end",
        late=["reply"],
    )  # fmt: skip
    assert wanted(Endpoint(id="crm", url="", events=events), what) == hears


@pytest.mark.parametrize(
    "one",
    [
        Organisation(id="c-company", name={}),
        organisation(active=False),
        replace(organisation(), webhook_health={"crm": EndpointHealth(id="crm", disabled_at=NOON)}),
    ],
)
def test_whoever_has_no_endpoint_that_hears_pays_nothing(one: Organisation) -> None:
    assert announcements(one, CASE, CASE, an_event(2, action="add_note")) == []


def test_an_endpoint_that_merely_fails_hears_on() -> None:
    failing = replace(organisation(), webhook_health={"crm": EndpointHealth(id="crm", failing_since=NOON)})
    assert len(announcements(failing, CASE, CASE, an_event(2, action="add_note"))) == 1


def test_nothing_of_what_was_said_and_by_whom_is_in_it() -> None:
    event = an_event(2, action="tell", by="shen", answers={"reply": "李女士您好"}, note="13800138000")
    case = replace(CASE, summary="李女士家停水", values={"name": "李女士"}, posted={"demand": "13800138000"})
    [message] = announcements(organisation(), CASE, case, event)
    for text in ("李女士", "13800138000", "shen"):
        assert text not in msgspec.json.encode(message).decode()


def test_it_is_sent_as_a_cloud_event() -> None:
    [message] = announcements(organisation(), None, CASE, Event(version=1, at=NOON, kind="registered"))
    assert message.tells is not None
    sent = msgspec.to_builtins(cloud_event(message, message.tells, "https://desk.example"))
    assert sent == {
        "specversion": "1.0", "id": "20261121-1111-1.1", "source": "https://desk.example/organisations/c-company",
        "type": "redress.case.registered.v1", "subject": "20261121-1111-1", "time": "2026-11-21T04:00:00Z",
        "datacontenttype": "application/json",
        "dataschema": "https://desk.example/openapi.json#/components/schemas/CaseEvent",
        "data": {
            "org": "c-company", "site": "main", "number": "20261121-1111-1", "version": 1, "kinds": ["registered"],
            "stage": "handling", "status": "handling", "round": 1, "action": "", "late": [],
        },
    }  # fmt: skip
