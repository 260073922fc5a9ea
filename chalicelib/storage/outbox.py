"""Messages on their way: waiting, claimed under a lease, and what became of them.

Every step states the state it starts from, so that a step done twice is done once, and a slow worker
cannot undo what a later one or the provider has said.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from chalicelib.desk.complaint import Message
from chalicelib.ports import Due, OutboxState, Posted
from chalicelib.storage import index_keys, keys
from chalicelib.storage.messages import born, posted_of, texts
from chalicelib.storage.rows import MessageRow
from chalicelib.storage.table import Table

KNOWN_BETTER: dict[OutboxState, int] = {
    "waiting": 0, "claimed": 1, "dead": 2, "merged": 2, "sent": 3, "delivered": 4, "bounced": 5,
}  # fmt: skip
"""What is known of a message gives way only to what is known better: a late receipt beats `dead`, not `bounced`."""


def beaten_by(state: OutboxState) -> list[OutboxState]:
    """The states that `state` may overwrite.

    >>> beaten_by("sent")
    ['waiting', 'claimed', 'dead', 'merged']
    """
    return [known for known, rank in KNOWN_BETTER.items() if rank < KNOWN_BETTER[state]]


class Messages:
    """The Outbox on DynamoDB."""

    def __init__(self, table: Table, shards: int) -> None:
        self._table = table
        self._shards = shards

    def load(
        self, org: str, number: str, message_id: str, site: str = "", duty: str = "", period: str = ""
    ) -> Posted | None:
        """See Outbox."""
        return self._at(keys.message_of(org, number, message_id, site, duty, period))

    def find(self, item: Due) -> Posted | None:
        """See Outbox."""
        return self._at(index_keys.item_of(item))

    def claim(self, posted: Posted, now: datetime, lease_until: datetime) -> bool:
        """See Outbox. The claim has a name of its own: that somebody holds it does not say that it is this one."""
        name = uuid4().hex
        free = (MessageRow.status == "waiting") | (
            (MessageRow.status == "claimed") & (MessageRow.lease_until <= keys.stamp(now))
        )
        armed = index_keys.armed(lease_until, posted.message.org, keys.message_id(posted.message), self._shards)
        actions = [
            MessageRow.status.set("claimed"),
            MessageRow.claim.set(name),
            MessageRow.lease_until.set(keys.stamp(lease_until)),
            MessageRow.attempts.add(1),
            MessageRow.due_pk.set(armed.pk),
            MessageRow.due_sk.set(armed.sk),
        ]
        place = keys.message(posted.message)
        item = self._table.update(place, actions, free)
        held = posted_of(item) if item else self._at(place)
        if held is None or held.claim != name:
            return False
        posted.state, posted.attempts, posted.lease_until, posted.claim = "claimed", held.attempts, lease_until, name
        return True

    def settle(self, posted: Posted, state: OutboxState, *, provider_id: str = "", error: str = "") -> None:
        """See Outbox."""
        actions = [
            MessageRow.status.set(state),
            MessageRow.claim.remove(),
            MessageRow.lease_until.remove(),
            MessageRow.due_pk.remove(),
            MessageRow.due_sk.remove(),
            MessageRow.error.set(error) if error else MessageRow.error.remove(),
        ]
        if provider_id:
            actions.append(MessageRow.provider_id.set(provider_id))
        self._table.update(keys.message(posted.message), actions, MessageRow.status.is_in(*beaten_by(state)))

    def retry_at(self, posted: Posted, at: datetime, error: str) -> None:
        """See Outbox."""
        armed = index_keys.armed(at, posted.message.org, keys.message_id(posted.message), self._shards)
        actions = [
            MessageRow.status.set("waiting"),
            MessageRow.claim.remove(),
            MessageRow.lease_until.remove(),
            MessageRow.error.set(error),
            MessageRow.due_pk.set(armed.pk),
            MessageRow.due_sk.set(armed.sk),
        ]
        self._table.update(keys.message(posted.message), actions, MessageRow.claim == posted.claim)

    def add(self, message: Message) -> None:
        """See Outbox."""
        row, condition = born(message, self._shards, head_start=timedelta())
        self._table.save(row, condition)

    def beside(self, message: Message) -> list[Posted]:
        """See Outbox."""
        items = self._table.query(keys.message(message).pk, MessageRow.sk.startswith(keys.MESSAGES))
        return [posted_of(item) for item in items]

    def _at(self, place: keys.Key) -> Posted | None:
        row = self._table.get(MessageRow, place)
        return posted_of(texts(row)) if row else None
