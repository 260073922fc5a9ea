"""Nothing personal in keys, and a confidential identity in the clear nowhere."""

from collections.abc import Callable

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.desk.complaint import Identity
from chalicelib.ports import Unavailable
from chalicelib.storage.sealer import PLAINTEXT_LIMIT, KmsSealer
from tests.storage.conftest import Stand
from tests.storage.faults import answered, unreachable
from tests.storage.samples import LI, a_complaint, a_registration

NUMBER = "20261121-1111-1"
PERSONAL = [LI.name, LI.phone, LI.phone.removeprefix("+86"), LI.room, "my key with 13800138000"]
KEYS = ("PK", "SK", "due_pk", "due_sk", "dep_pk", "dep_sk", "own_pk", "own_sk", "led_pk", "led_sk")


def written(stand: Stand, *, confidential: bool) -> list[dict[str, dict[str, str]]]:
    """All items of one intake."""
    complaint = a_complaint(NUMBER, confidential=confidential)
    links = [("phone", "9f3a"), ("room", "77aa")]
    stand.stores.cases.register(a_registration(complaint=complaint, key="my key with 13800138000", links=links))
    return stand.items()


def test_no_key_holds_anything_personal(stand: Stand) -> None:
    keys = [item[name]["S"] for item in written(stand, confidential=False) for name in KEYS if name in item]
    assert len(keys) > 20
    assert [key for key in keys for secret in PERSONAL if secret in key] == []


def test_an_identity_stands_in_its_own_item_alone(stand: Stand) -> None:
    holding = [item["SK"]["S"] for item in written(stand, confidential=False) if LI.name in str(item)]
    assert holding == ["PII"]


def test_a_confidential_identity_is_nowhere_in_the_clear(stand: Stand) -> None:
    items = written(stand, confidential=True)
    assert [item for item in items for secret in PERSONAL if secret in str(item)] == []
    [identity] = [item for item in items if item["SK"]["S"] == "PII"]
    assert LI.name.encode() not in identity["sealed"]["B"]  # type: ignore[operator]  # bytes come as bytes
    assert stand.stores.cases.identity("c-company", NUMBER) == LI


def test_what_kms_sealed_opens_in_its_own_context_only(aws: None) -> None:
    client = boto3.client("kms")
    sealer = KmsSealer(client, client.create_key()["KeyMetadata"]["KeyId"])
    sealed = sealer.seal("李女士".encode(), {"org": "c", "number": "1"})
    assert "李女士".encode() not in sealed
    assert sealer.open(sealed, {"org": "c", "number": "1"}).decode() == "李女士"
    with pytest.raises(ClientError):
        sealer.open(sealed, {"org": "c", "number": "2"})


def test_a_sealer_that_gets_no_answer_is_unavailable_and_a_refusal_stays_what_it_is(aws: None) -> None:
    client = boto3.client("kms")
    sealer = KmsSealer(client, client.create_key()["KeyMetadata"]["KeyId"])
    with unreachable(client, "Encrypt"), pytest.raises(Unavailable):
        sealer.seal(b"x", {})
    with answered(client, "Decrypt", "ThrottlingException"), pytest.raises(Unavailable):
        sealer.open(b"x", {})
    with answered(client, "Decrypt", "AccessDeniedException"), pytest.raises(ClientError):
        sealer.open(b"x", {})


def test_more_than_kms_takes_is_refused_by_name(aws: None) -> None:
    sealer = KmsSealer(boto3.client("kms"), "key")
    with pytest.raises(ValueError, match="at most 4096 bytes, not 4097"):
        sealer.seal(b"x" * (PLAINTEXT_LIMIT + 1), {})


def test_a_replayed_key_is_remembered_for_more_than_a_year(stand_on: Callable[[str], Stand]) -> None:
    stand = stand_on("moto")
    [replay] = [item for item in written(stand, confidential=False) if item["kind"]["S"] == "replay"]
    days = (int(replay["ttl"]["N"]) - a_complaint().registered_at.timestamp()) / 86400
    assert days == 400


def test_a_case_whose_identity_was_erased_has_an_empty_one(stand: Stand) -> None:
    written(stand, confidential=False)
    place = {"PK": {"S": f"T#c-company#TK#{NUMBER}"}, "SK": {"S": "PII"}}
    stand.client.delete_item(TableName=stand.name, Key=place)
    assert stand.stores.cases.identity("c-company", NUMBER) == Identity()
