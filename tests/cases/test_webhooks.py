"""Events go to other systems: signed, again where they fail, given up in sight. Who fails for long is switched off."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.cases.deliver import deliver
from chalicelib.cases.webhooks import ATTEMPTS, BACKOFF
from chalicelib.desk.complaint import Message
from chalicelib.desk.people import Endpoint
from chalicelib.messaging.reference import Reference
from chalicelib.ports import Posted, Sent, TryLater, Undeliverable
from tests.fakes.senders import FakeSender
from tests.web.air import ORG, Air, on_air, organisation

URL = "https://crm.example/hook"


class Receiver(FakeSender):
    """Another system."""

    def __init__(self, *troubles: Exception) -> None:
        super().__init__(*troubles)
        self.events: list[tuple[str, list[str], str, dict[str, Any]]] = []

    def send_event(self, to: str, secrets: Sequence[str], id: str, body: bytes) -> Sent:
        if self.troubles:
            raise self.troubles[0]
        self.events.append((to, list(secrets), id, json.loads(body)))
        return Sent(id)


class Outside:
    """A desk with one endpoint."""

    def __init__(self, air: Air, **endpoint: Any) -> None:
        self.air, self.receiver = air, Receiver()
        written = air.call("PUT", "/v1/admin/webhooks", {"id": "crm", "url": URL, **endpoint}, by="root")
        assert written.status_code == 200, written.body
        self.secret = written.json_body["secret"]
        office = air.world.post_office
        senders = {"webhook": self.receiver, "email": FakeSender(), "sms": FakeSender()}
        self.office = replace_office(office, senders)

    def events(self, number: str) -> list[Posted]:
        """The outbox of a case, as far as it goes to the endpoint."""
        return [posted for posted in self.air.stores.cases.messages(ORG, number) if posted.message.to == "crm"]

    def deliver(self, message: Message) -> str:
        return deliver(Reference.of(message), office=self.office, now=self.air.now)

    def health(self) -> dict[str, Any]:
        [view] = self.air.get("/v1/admin/webhooks", by="root").json_body["items"]
        return {name: view[name] for name in ("failing_since", "disabled_at")}

    def until_dead(self, number: str) -> Message:
        """Try the first event of a case until it is given up."""
        message = self.events(number)[0].message
        for span in (*BACKOFF, None):
            assert self.deliver(message) == ("retry" if span else "dead")
            self.air.now += span or timedelta()
        return message


def replace_office(office: Any, senders: dict[str, Any]) -> Any:
    return dataclasses.replace(office, senders=senders, measure=lambda *_: None)


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air() as found:
        yield found


def test_each_event_is_one_row_of_its_own_transaction_and_arrives_signed(air: Air) -> None:
    outside = Outside(air)
    number = air.registered()
    air.act(number, "add_note", "shen", note="已电话核实")
    first, second = outside.events(number)
    assert [outside.deliver(posted.message) for posted in (first, second)] == ["sent", "sent"]
    (to, secrets, id, event), (_, _, _, later) = outside.receiver.events
    assert (to, secrets, id) == (URL, [outside.secret], Reference.of(first.message).encode())
    assert (event["type"], event["subject"]) == ("redress.case.registered.v1", number)
    assert (later["type"], later["data"]["action"]) == ("redress.case.acted.v1", "add_note")
    assert "已电话核实" not in json.dumps(outside.receiver.events, ensure_ascii=False)


def test_without_endpoints_nothing_more_is_written(air: Air) -> None:
    number = air.registered()
    assert [posted.message.channel for posted in air.stores.cases.messages(ORG, number)] == ["sms"]


def test_an_endpoint_hears_only_what_it_asked_for(air: Air) -> None:
    outside = Outside(air, events=["acted:add_note", "late"])
    number = air.registered()
    air.act(number, "add_note", "shen", note="已核实")
    assert [posted.message.tells.kinds for posted in outside.events(number) if posted.message.tells] == [["acted"]]
    air.wait(days=2)
    air.world.sweep.run(lambda: 1000.0)
    assert [posted.message.tells.kinds for posted in outside.events(number) if posted.message.tells] == [
        ["acted"], ["late"],
    ]  # fmt: skip


@pytest.mark.parametrize("failure", [TryLater("HTTP503"), TryLater("NoAnswer"), Undeliverable("HTTP404")])
def test_what_fails_is_tried_for_two_days_then_given_up_and_listed(air: Air, failure: Exception) -> None:
    outside = Outside(air)
    outside.receiver.troubles = [failure]
    number = air.registered()
    message = outside.until_dead(number)
    [posted] = outside.events(number)
    assert (posted.state, posted.attempts, posted.error) == ("dead", ATTEMPTS, str(failure))
    assert sum(BACKOFF, timedelta()) > timedelta(hours=48)
    [lost] = air.get("/v1/admin/webhooks/crm/undelivered", by="root").json_body["items"]
    assert (lost["number"], lost["message"], lost["code"]) == (number, message.id, str(failure))


def test_an_endpoint_that_failed_for_long_is_switched_off_and_administrators_are_told(air: Air) -> None:
    outside = Outside(air)
    outside.receiver.troubles = [TryLater("HTTP503")]
    number = air.registered()
    outside.until_dead(number)
    assert outside.health()["disabled_at"] is not None
    letters = [p.message for p in air.stores.cases.messages(ORG, number) if p.message.letter == "webhook_disabled"]
    assert [(m.to, m.channel) for m in letters] == [("root", "email")]
    assert deliver(Reference.of(letters[0]), office=outside.office, now=air.now) == "sent"
    assert outside.events(air.registered()) == []


def test_what_waits_for_an_endpoint_that_was_switched_off_is_listed_too(air: Air) -> None:
    outside = Outside(air)
    [posted] = outside.events(air.registered())
    air.call("PUT", "/v1/admin/webhooks", {"id": "crm", "url": URL, "active": False}, by="root")
    assert outside.deliver(posted.message) == "retry"
    air.wait(minutes=1)
    assert outside.deliver(posted.message) == "dead"
    [lost] = air.get("/v1/admin/webhooks/crm/undelivered", by="root").json_body["items"]
    assert lost["code"] == "SwitchedOff"


def test_an_endpoint_that_a_container_does_not_know_yet_is_looked_for_again(air: Air) -> None:
    outside = Outside(air)
    [posted] = outside.events(air.registered())
    read_before = air.stores.directory.memory.organisations[ORG].webhooks  # type: ignore[attr-defined]  # in memory
    endpoint = read_before.pop("crm")
    assert outside.deliver(posted.message) == "retry"
    read_before["crm"] = endpoint
    air.wait(minutes=1)
    assert outside.deliver(posted.message) == "sent"


def test_a_receiver_that_says_it_is_gone_is_believed_at_once(air: Air) -> None:
    outside = Outside(air)
    outside.receiver.troubles = [Undeliverable("HTTP410")]
    [posted] = outside.events(air.registered())
    assert outside.deliver(posted.message) == "dead"
    assert outside.health()["disabled_at"] is not None


def test_a_failure_that_passes_leaves_nothing_behind_and_success_writes_nothing(air: Air) -> None:
    outside = Outside(air)
    outside.receiver.troubles = [TryLater("HTTP503")]
    [posted] = outside.events(air.registered())
    assert outside.deliver(posted.message) == "retry"
    assert outside.health()["failing_since"] == "2026-11-23T01:00:00Z"
    outside.receiver.troubles = []
    air.wait(minutes=1)
    assert outside.deliver(posted.message) == "sent"
    assert outside.health() == {"failing_since": None, "disabled_at": None}


def test_what_was_given_up_is_sent_again_when_an_administrator_says_so(air: Air) -> None:
    outside = Outside(air)
    outside.receiver.troubles = [TryLater("HTTP503")]
    number = air.registered()
    lost = outside.until_dead(number)
    refused = air.post("/v1/admin/webhooks/crm/redeliver", {"number": number}, by="root")
    assert refused.status_code == 409  # it is switched off
    on_again = air.call("PUT", "/v1/admin/webhooks", {"id": "crm", "url": URL}, by="root").json_body
    assert (on_again["disabled_at"], "secret" in on_again) == (None, False)
    outside.receiver.troubles = []
    asked = air.post("/v1/admin/webhooks/crm/redeliver", {"since": "2026-11-01T00:00:00Z"}, by="root")
    assert asked.json_body == {"queued": 1, "more": False}
    again = air.queue.delivered[-1]
    assert outside.deliver(again) == "sent"
    assert outside.receiver.events[0][3]["id"] == f"{number}.{lost.tells.version if lost.tells else 0}"
    assert air.get("/v1/admin/webhooks/crm/undelivered", by="root").json_body["items"] == []


def test_one_event_of_a_case_is_sent_again_by_its_id(air: Air) -> None:
    outside = Outside(air)
    number = air.registered()
    [posted] = outside.events(number)
    outside.deliver(posted.message)
    asked = air.post("/v1/admin/webhooks/crm/redeliver", {"number": number, "message": posted.message.id}, by="root")
    assert asked.json_body == {"queued": 1, "more": False}
    assert outside.deliver(air.queue.delivered[-1]) == "sent"
    assert outside.receiver.events[0] == outside.receiver.events[1]  # also its id: whoever took it can tell
    wrong = air.post("/v1/admin/webhooks/crm/redeliver", {"number": number, "message": "x"}, by="root")
    assert wrong.json_body["errors"][0]["field"] == "message"
    assert air.post("/v1/admin/webhooks/crm/redeliver", {}, by="root").status_code == 422
    assert air.post("/v1/admin/webhooks/none/redeliver", {"number": number}, by="root").status_code == 404


def test_a_new_secret_is_told_once_and_the_one_before_signs_along_for_a_day(air: Air) -> None:
    outside = Outside(air)
    new = air.call("PUT", "/v1/admin/webhooks", {"id": "crm", "url": URL, "epoch": 1}, by="root").json_body["secret"]
    assert new != outside.secret
    listed = air.get("/v1/admin/webhooks", by="root")
    assert "whsec_" not in listed.body.decode()
    for hours, secrets in ((0, [new, outside.secret]), (25, [new])):
        air.wait(hours=hours)
        [posted] = outside.events(air.registered())
        outside.deliver(posted.message)
        assert outside.receiver.events[-1][1] == secrets


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"url": "http://crm.example/"}, "url"), ({"url": "https://169.254.169.254/"}, "url"),
        ({"events": ["closed", "opened"]}, "events"), ({"events": ["moved:x"]}, "events"),
        ({"events": ["acted:"]}, "events"), ({"epoch": 1}, "epoch"), ({"id": "Crm"}, "id"), ({"id": ""}, "id"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_endpoint_is_named(air: Air, entry: dict[str, Any], field: str) -> None:
    answer = air.call("PUT", "/v1/admin/webhooks", {"id": "crm", "url": URL, **entry}, by="root")
    assert (answer.status_code, [wrong["field"] for wrong in answer.json_body["errors"]]) == (422, [field])


def test_an_organisation_has_no_more_endpoints_than_a_transaction_bears() -> None:
    many = {f"e{n}": Endpoint(id=f"e{n}", url=URL) for n in range(5)}
    with on_air(replace(organisation(), webhooks=many)) as air:
        answer = air.call("PUT", "/v1/admin/webhooks", {"id": "sixth", "url": URL}, by="root")
        assert answer.json_body["errors"][0]["field"] == "id"
