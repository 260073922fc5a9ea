"""Many open complaints at once: heads as the product writes them, each with a number of its own, put in raw."""

from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

from msgspec import json

from chalicelib.desk.complaint import Complaint
from chalicelib.storage import index_keys
from chalicelib.storage.heads import head_of
from tests.bench.rig import SHARDS, TABLE

A_WRITE = 25
"""Most items of one BatchWriteItem."""

HEADERS = {
    "X-Amz-Target": "DynamoDB_20120810.BatchWriteItem",
    "Content-Type": "application/x-amz-json-1.0",
    "Authorization": (
        "AWS4-HMAC-SHA256 Credential=testing/20261123/ap-southeast-1/dynamodb/aws4_request, SignedHeaders=host, "
        "Signature=0"
    ),
}
"""DynamoDB Local wants a signature to be there, and does not look at it."""


def fill(endpoint: str, like: Complaint, numbers: range) -> None:
    """Put complaints like this one, due in thirty days, straight into DynamoDB Local: the SDK would take minutes."""
    connection = HTTPConnection(urlsplit(endpoint).netloc)
    bodies = _puts(like, numbers)
    for first in range(numbers.start, numbers.stop, A_WRITE):
        puts = ",".join(next(bodies) for _ in range(first, min(first + A_WRITE, numbers.stop)))
        connection.request("POST", "/", f'{{"RequestItems":{{"{TABLE}":[{puts}]}}}}'.encode(), HEADERS)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200 or json.decode(said)["UnprocessedItems"]:
            raise RuntimeError(f"not filled: {said[:300]!r}")
    connection.close()


def _puts(like: Complaint, numbers: range) -> Iterator[str]:
    due = like.received_at + timedelta(days=30)
    item = json.encode({"PutRequest": {"Item": head_of(like, due, SHARDS).serialize()}}).decode()
    shard, _ = index_keys.armed(due, like.org, like.number, SHARDS)
    for number in numbers:
        name = f"{like.number[:7]}9{number:06d}"
        theirs, _ = index_keys.armed(due, like.org, name, SHARDS)
        yield item.replace(like.number, name).replace(f'"{shard}"', f'"{theirs}"')
