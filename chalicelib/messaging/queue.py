"""The queues after commit, on Amazon SQS. Bodies hold references alone; what is lost here the sweep finds."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.desk.complaint import Message
from chalicelib.messaging.aws import client, code_of
from chalicelib.messaging.reference import Reference
from chalicelib.observability import logger, measure

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUICK = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2, "mode": "standard"})
"""A caller waits for this, in seconds. Handing over twice does no harm, so the SDK may repeat it."""
BATCH = 10
"""Most entries of one `SendMessageBatch`."""


class SqsQueue:
    """Hands work to other functions. `lost` counts what could not be handed over by this object."""

    def __init__(self, deliver_url: str, announce_url: str, sweep_shard_url: str, build_report_url: str) -> None:
        self.deliver_url = deliver_url
        self.announce_url = announce_url
        self.sweep_shard_url = sweep_shard_url
        self.build_report_url = build_report_url
        self.lost = 0

    @cached_property
    def client(self) -> "SQSClient":
        """Built at the first hand-over."""
        made: SQSClient = client("sqs", QUICK)
        return made

    def deliver(self, messages: Sequence[Message]) -> None:
        """One body a message: its encoded reference. Never raises.

        What goes to another system waits apart, since that may be slow: no letter waits behind it.
        """
        outside = [message for message in messages if message.channel == "webhook"]
        letters = [message for message in messages if message.channel != "webhook"]
        for url, waiting in ((self.deliver_url, letters), (self.announce_url, outside)):
            self._hand_over(url, (Reference.of(message).encode() for message in waiting))

    def sweep_shards(self, shards: Sequence[int]) -> None:
        """One body a shard: its number. Never raises."""
        self._hand_over(self.sweep_shard_url, (str(shard) for shard in shards))

    def build_report(self, org: str, site: str, duty: str, period: str) -> None:
        """The body is an encoded reference without a message. Never raises."""
        self._hand_over(self.build_report_url, [Reference(org, "", "", site, duty, period).encode()])

    def _hand_over(self, url: str, bodies: Iterable[str]) -> None:
        for batch in _batches(bodies):
            if failed := self._send(url, batch):
                self.lost += failed
                measure("MessagesNotQueued", failed)

    def _send(self, url: str, batch: list[str]) -> int:
        """How many of the batch were not taken."""
        entries = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(batch)]
        try:
            answer = self.client.send_message_batch(QueueUrl=url, Entries=entries)  # type: ignore[arg-type]  # a list of just these keys
        except (BotoCoreError, ClientError) as error:
            logger().warning("queue took nothing", extra={"error_code": code_of(error), "count": len(batch)})
            return len(batch)
        return len(answer.get("Failed", []))


def _batches(bodies: Iterable[str]) -> Iterator[list[str]]:
    left = iter(bodies)
    while batch := list(islice(left, BATCH)):
        yield batch
