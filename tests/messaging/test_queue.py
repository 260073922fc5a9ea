"""Handing references to the queues, on moto."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from msgspec.structs import replace

from chalicelib import observability
from chalicelib.messaging.queue import SqsQueue
from chalicelib.messaging.reference import Reference
from tests.fakes.post_office import message

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def queue() -> SqsQueue:
    sqs = boto3.client("sqs")
    names = ("deliver", "announce", "sweep_shard", "report")
    return SqsQueue(*(sqs.create_queue(QueueName=name)["QueueUrl"] for name in names))


def bodies(url: str) -> list[str]:
    sqs, found = boto3.client("sqs"), []
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [one["Body"] for one in got]
    return found


def test_messages_go_as_references_in_batches_of_ten(queue: SqsQueue) -> None:
    calls: list[int] = []
    queue.client.meta.events.register(
        "provide-client-params.sqs.SendMessageBatch", lambda params, **_: calls.append(len(params["Entries"]))
    )
    letters = [message("late", f"person-{n}") for n in range(23)]
    queue.deliver(letters)
    assert calls == [10, 10, 3]
    assert {Reference.decode(body) for body in bodies(queue.deliver_url)} == {Reference.of(one) for one in letters}
    assert queue.lost == 0


def test_no_letter_waits_behind_what_goes_to_another_system(queue: SqsQueue) -> None:
    letter, event = message("late", "wang"), replace(message("event", "crm"), channel="webhook")
    queue.deliver([event, letter])
    assert [Reference.decode(body) for body in bodies(queue.deliver_url)] == [Reference.of(letter)]
    assert [Reference.decode(body) for body in bodies(queue.announce_url)] == [Reference.of(event)]


def test_nothing_to_hand_over_asks_nothing(queue: SqsQueue) -> None:
    queue.deliver([])
    assert "client" not in vars(queue)


def test_shards_and_reports_have_queues_of_their_own(queue: SqsQueue) -> None:
    queue.sweep_shards([3, 5])
    queue.build_report("c-company", "main", "weekly", "2026-11")
    assert sorted(bodies(queue.sweep_shard_url)) == ["3", "5"]
    [body] = bodies(queue.build_report_url)
    assert Reference.decode(body) == Reference("c-company", "", "", "main", "weekly", "2026-11")


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://sqs"),
        ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "SendMessageBatch"),
    ],
)
def test_a_queue_that_fails_stops_nobody_and_is_counted(queue: SqsQueue, error: Exception) -> None:
    def fail(**_: object) -> None:
        raise error

    queue.client.meta.events.register("before-call.sqs.SendMessageBatch", fail)
    observability._figures.clear()
    queue.deliver([message("late", f"person-{n}") for n in range(12)])
    assert queue.lost == 12
    assert observability._figures == [("MessagesNotQueued", 10), ("MessagesNotQueued", 2)]


def test_entries_that_the_queue_leaves_out_are_counted(queue: SqsQueue) -> None:
    def leave_out(parsed: dict[str, Any], **_: object) -> None:
        parsed["Failed"] = [{"Id": "1"}]

    queue.client.meta.events.register("after-call.sqs.SendMessageBatch", leave_out)
    queue.deliver([message("late", f"person-{n}") for n in range(2)])
    assert queue.lost == 1


def test_bodies_hold_no_text_of_a_letter(queue: SqsQueue) -> None:
    queue.deliver([message("late", "wang")])
    [body] = bodies(queue.deliver_url)
    assert json.dumps(body).strip('"').replace("_", "").replace("-", "").isalnum()
