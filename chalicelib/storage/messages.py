"""Messages as rows: how one is born, and how it is read back."""

from datetime import datetime, timedelta

from msgspec import json

from chalicelib.desk.complaint import Message
from chalicelib.ports import Posted
from chalicelib.storage import index_keys, keys
from chalicelib.storage.lazily import Decoder
from chalicelib.storage.rows import MessageRow
from chalicelib.storage.table import Put

HEAD_START = timedelta(seconds=60)
"""How long the sweep leaves a new message to the queue, which is quicker."""

_message = Decoder(Message)


def born(message: Message, shards: int, head_start: timedelta = HEAD_START) -> Put:
    """A new message: waiting, and armed in case that the queue loses it."""
    row = MessageRow(*keys.message(message), message=json.encode(message).decode(), status="waiting")
    armed = message.not_before or message.at + head_start
    row.due_pk, row.due_sk = index_keys.armed(armed, message.org, keys.message_id(message), shards)
    return Put(row, MessageRow.pk.does_not_exist())


def texts(row: MessageRow) -> dict[str, str]:
    """The attributes of a row as a query returns them."""
    return {name: str(value) for name, value in row.attribute_values.items() if value is not None}


def posted_of(item: dict[str, str]) -> Posted:
    """The message as it stands."""
    return Posted(
        message=_message.decode(item["message"]),
        state=item["status"],  # type: ignore[arg-type]  # written by this package alone
        attempts=int(item["attempts"]),
        lease_until=datetime.fromisoformat(item["lease_until"]) if "lease_until" in item else None,
        provider_id=item.get("provider_id", ""),
        error=item.get("error", ""),
        claim=item.get("claim", ""),
    )
