"""Whatever ends a delivery: a letter goes out once, or twice within the guarantee, or is visibly dead."""

import json
from datetime import timedelta

import pytest

from chalicelib.messaging.email import TAG
from chalicelib.messaging.reference import Reference
from tests.faults.crashes import Tally, allowed_twice, crash_everywhere
from tests.faults.kth_call import KthCall
from tests.faults.stage import Stage


@pytest.mark.parametrize("way", ["email", "sms"])
def test_a_letter_is_never_lost_and_goes_twice_only_within_the_guarantee(stage: Stage, tally: Tally, way: str) -> None:
    """The queue hands the message over; where that is cut off, it does so again, or the sweep does."""
    case = stage.post("c-company", f"letter-{way}", email="" if way == "sms" else "li@example.com")
    [posted] = stage.world.stores.cases.messages(case.org, case.number)
    assert posted.message.channel == way
    reference = Reference.of(posted.message).encode()
    already = stage.sent()

    def arrived(harm: KthCall) -> None:
        new = stage.sent() - already
        assert new.total() >= 1
        if new.total() > 1:
            assert new.total() == 2
            assert allowed_twice(harm.way, harm.calls[harm.k - 1], harm.calls[: harm.k])

    crash_everywhere(stage, lambda: stage.world.deliver(reference), tally=tally, what="deliver", then=arrived)


def test_a_bounce_is_acted_on_once(stage: Stage, tally: Tally) -> None:
    """The letter falls back to the other channel, and the owner is told."""
    case = stage.post("w-workshop", "bounce", channel="phone")
    stage.deliver()
    stage.settle()
    posted = next(p for p in stage.world.stores.cases.messages(case.org, case.number) if p.message.channel == "email")
    event = json.dumps(
        {
            "eventType": "Bounce",
            "mail": {
                "messageId": posted.provider_id,
                "destination": ["li@example.com"],
                "tags": {TAG: [Reference.of(posted.message).encode()]},
            },
            "bounce": {"bounceType": "Permanent", "bounceSubType": "General"},
        }
    )

    def fell_back_once(_: KthCall) -> None:
        letters = stage.world.stores.cases.messages(case.org, case.number)
        assert sum(p.state == "bounced" for p in letters) == 1
        assert sum(p.message.channel == "sms" and p.message.letter == "acknowledgement" for p in letters) == 1
        assert sum(p.message.letter == "bounced_owner" for p in letters) == 1

    crash_everywhere(
        stage, lambda: stage.world.record_delivery(event), tally=tally, what="feedback", then=fell_back_once
    )
    stage.now += timedelta(minutes=1)
