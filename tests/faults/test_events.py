"""An event for another system is born with what it tells of, sent at least once, and given up in sight."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from chalicelib.cases.entries import EndpointEntry
from chalicelib.cases.webhooks import BACKOFF
from chalicelib.desk.complaint import Complaint
from chalicelib.messaging.reference import Reference
from chalicelib.ports import Posted, Sent, TryLater
from tests.faults.crashes import Tally, crash_everywhere
from tests.faults.kth_call import KthCall
from tests.faults.stage import Stage

ORG, ENDPOINT = "c-company", "crm"


class System:
    """Another system; `well` or not."""

    def __init__(self) -> None:
        self.well, self.got = True, Counter[str]()

    def send(self, *_: str) -> Sent:
        raise AssertionError("no letters go there")

    def send_event(self, _to: str, _secrets: Sequence[str], id: str, _body: bytes) -> Sent:
        if not self.well:
            raise TryLater("HTTP503")
        self.got[id] += 1
        return Sent(id)


@pytest.fixture
def system(stage: Stage) -> Iterator[System]:
    """The stage with an endpoint that hears of what people do, until the end of the test."""
    found, office, before = System(), stage.world.post_office, stage.snapshot()
    vars(stage.world)["post_office"] = replace(office, senders={**office.senders, "webhook": found})
    entry = EndpointEntry(id=ENDPOINT, url="https://crm.example/hook", events=["registered", "acted"])
    stage.world.endpoints.put(ORG, entry)
    stage.world.desks.organisation(ORG)
    yield found
    vars(stage.world)["post_office"] = office
    stage.restore(before)
    stage.world.stores.directory.put(ORG, "webhook", ENDPOINT, {"id": ENDPOINT, "url": "", "active": False})


def events(stage: Stage, case: Complaint) -> list[Posted]:
    return [posted for posted in stage.world.stores.cases.messages(ORG, case.number) if posted.message.to == ENDPOINT]


def test_each_event_of_a_case_is_one_message_and_arrives(stage: Stage, system: System, tally: Tally) -> None:
    case = stage.post(ORG, "heard-of")
    stage.settle()

    def once(_: KthCall) -> None:
        found = events(stage, case)
        assert [posted.message.tells.version for posted in found if posted.message.tells] == [1, 2]
        assert {posted.state for posted in found} == {"sent"}
        assert set(system.got) >= {Reference.of(posted.message).encode() for posted in found}

    def note() -> None:
        if stage.head(case).version == 1:
            stage.act(case, "add_note", "c.wang", note="已核实")

    crash_everywhere(stage, note, tally=tally, what="event", then=once)


def test_what_is_given_up_is_listed_and_the_endpoint_off(stage: Stage, system: System, tally: Tally) -> None:
    system.well = False
    endpoint = stage.world.desks.organisation(ORG).webhooks[ENDPOINT]
    case = stage.post(ORG, "not-heard-of")
    [posted] = events(stage, case)
    reference = Reference.of(posted.message).encode()
    for span in BACKOFF:
        stage.world.deliver(reference)
        stage.now += span

    def listed(_: KthCall) -> None:
        assert [one.state for one in events(stage, case)] == ["dead"]
        assert not stage.world.desks.organisation(ORG).hears(ENDPOINT)
        lost = stage.world.stores.undelivered.since(ORG, ENDPOINT, case.registered_at)
        assert [one.message for one in lost] == [posted.message.id]

    def last_try() -> None:
        stage.world.stores.directory.put(ORG, "webhook", ENDPOINT, endpoint)  # a container that read it anew
        stage.world.deliver(reference)

    crash_everywhere(stage, last_try, tally=tally, what="event", then=listed)
