"""The table as the template deploys it, for whatever emulator a test or a benchmark runs on."""

from contextlib import suppress
from typing import Any

INDEX_KEYS = {"DUE": "due", "DEPARTMENT": "dep", "OWNER": "own", "LEDGER": "led"}


def projection(index: str) -> dict[str, Any]:
    """Lists carry their line alone: every copy in an index is billed by its own size."""
    if index == "DUE":
        return {"ProjectionType": "KEYS_ONLY"}
    return {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["row"]}


def keys_of(partition: str, sort: str) -> list[dict[str, str]]:
    """A key schema."""
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def definition() -> dict[str, Any]:
    """Keys, indexes and billing, as CreateTable and CloudFormation both say it."""
    names = ["PK", "SK", *(f"{name}_{part}" for name in INDEX_KEYS.values() for part in ("pk", "sk"))]
    return {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in names],
        "KeySchema": keys_of("PK", "SK"),
        "GlobalSecondaryIndexes": [
            {"IndexName": index, "KeySchema": keys_of(f"{name}_pk", f"{name}_sk"), "Projection": projection(index)}
            for index, name in INDEX_KEYS.items()
        ],
    }


def create_table(client: Any, name: str) -> None:
    """Make the table; on these emulators it can be used at once."""
    with suppress(
        client.exceptions.ResourceInUseException
    ):  # the reply to a first try came too late, on a busy machine
        client.create_table(TableName=name, **definition())
