"""Nothing personal in keys, and a confidential identity in the clear nowhere."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidTag
from msgspec import json
from msgspec.structs import replace

from chalicelib.desk.complaint import Identity
from chalicelib.ports import Known, Unavailable
from chalicelib.storage.sealer import KmsSealer
from tests.storage.conftest import PlainSealer, Stand
from tests.storage.faults import answered, unreachable
from tests.storage.samples import LI, a_complaint, a_registration, an_event

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
    assert LI.name.encode() not in identity["enveloped"]["B"]  # type: ignore[operator]  # bytes come as bytes
    assert stand.stores.cases.identity("c-company", NUMBER) == LI


def test_who_deletes_the_key_of_a_case_has_deleted_who_complains(stand: Stand) -> None:
    written(stand, confidential=True)
    stand.client.delete_item(TableName=stand.name, Key=place_of("KEY"))
    assert [item for item in stand.items() if item["SK"]["S"] == "PII"]
    assert stand.stores.cases.identity("c-company", NUMBER) == Identity()


def test_what_is_learned_later_of_a_confidential_complainant_is_sealed_with_the_same_key(stand: Stand) -> None:
    before = written(stand, confidential=True)
    known = Known(identity=replace(LI, address="一号楼"))
    complaint, event = a_complaint(NUMBER, confidential=True, version=2), an_event(2)
    for _ in range(2):  # its reply was lost: the same again
        stand.stores.cases.commit(1, complaint, [event], [], None, known=known)
    assert stand.stores.cases.identity("c-company", NUMBER) == known.identity
    [first], [now] = ([i for i in items if i["SK"]["S"] == "KEY"] for items in (before, stand.items()))
    assert now == first


def test_an_identity_that_kms_sealed_by_itself_still_opens_and_gets_a_key_when_more_is_learned(stand: Stand) -> None:
    written(stand, confidential=True)
    stand.client.delete_item(TableName=stand.name, Key=place_of("KEY"))
    sealed = PlainSealer().seal(json.encode(LI), {"org": "c-company", "number": NUMBER}, b"-").content
    as_it_was = sealed.replace(b" 2d|", b" None|")
    row = {**place_of("PII"), "kind": {"S": "identity"}, "sealed": {"B": as_it_was}}
    stand.client.put_item(TableName=stand.name, Item=row)
    cases = stand.stores.cases
    assert cases.identity("c-company", NUMBER) == LI
    known = Known(identity=replace(LI, address="一号楼"))
    cases.commit(1, a_complaint(NUMBER, confidential=True, version=2), [an_event(2)], [], None, known=known)
    assert cases.identity("c-company", NUMBER) == known.identity
    [identity] = [item for item in stand.items() if item["SK"]["S"] == "PII"]
    assert "sealed" not in identity


def place_of(sk: str) -> dict[str, dict[str, str]]:
    """Where an item of the case is."""
    return {"PK": {"S": f"T#c-company#TK#{NUMBER}"}, "SK": {"S": sk}}


@pytest.fixture
def kms(aws: None) -> Any:
    """A client of KMS."""
    return boto3.client("kms")


@pytest.fixture
def sealer(kms: Any) -> KmsSealer:
    """A sealer with a key of its own."""
    return KmsSealer(kms, kms.create_key()["KeyMetadata"]["KeyId"])


LI_WOMAN = "李女士".encode()


def test_what_is_sealed_opens_with_its_own_key_in_its_own_context_only(sealer: KmsSealer) -> None:
    here, there = {"org": "c", "number": "1"}, {"number": "2", "org": "c"}
    sealed, other = sealer.seal(LI_WOMAN, here), sealer.seal(LI_WOMAN, here)
    assert LI_WOMAN not in sealed.content
    assert sealed.key != other.key
    assert sealer.open(sealed.content, dict(reversed(here.items())), sealed.key) == LI_WOMAN
    with pytest.raises(ClientError):  # KMS does not unwrap it there
        sealer.open(sealed.content, there, sealed.key)
    for content, context, key in (
        (sealed.content, here, other.key),
        (sealed.content[:-1] + bytes([sealed.content[-1] ^ 1]), here, sealed.key),
        (sealed.content, there, sealer.seal(b"", there).key),
    ):
        with pytest.raises(InvalidTag):
            sealer.open(content, context, key)


def test_the_same_key_seals_again_and_never_the_same_way(sealer: KmsSealer) -> None:
    context = {"org": "c", "number": "1"}
    first = sealer.seal(LI_WOMAN, context)
    again = sealer.seal(LI_WOMAN, context, first.key)
    assert again.key == first.key
    assert again.content != first.content
    assert sealer.open(again.content, context, first.key) == LI_WOMAN


def test_what_kms_sealed_by_itself_before_cases_had_keys_still_opens(kms: Any) -> None:
    key, context = kms.create_key()["KeyMetadata"]["KeyId"], {"org": "c", "number": "1"}
    sealed = kms.encrypt(KeyId=key, Plaintext=LI_WOMAN, EncryptionContext=context)["CiphertextBlob"]
    assert KmsSealer(kms, key).open(sealed, context, None) == LI_WOMAN


def test_a_sealer_that_gets_no_answer_is_unavailable_and_a_refusal_stays_what_it_is(
    kms: Any, sealer: KmsSealer
) -> None:  # fmt: skip
    with unreachable(kms, "GenerateDataKey"), pytest.raises(Unavailable):
        sealer.seal(b"x", {})
    with answered(kms, "Decrypt", "ThrottlingException"), pytest.raises(Unavailable):
        sealer.open(b"x", {}, b"k")
    with answered(kms, "Decrypt", "AccessDeniedException"), pytest.raises(ClientError):
        sealer.open(b"x", {}, b"k")


def test_a_replayed_key_is_remembered_for_more_than_a_year(stand_on: Callable[[str], Stand]) -> None:
    stand = stand_on("moto")
    [replay] = [item for item in written(stand, confidential=False) if item["kind"]["S"] == "replay"]
    days = (int(replay["ttl"]["N"]) - a_complaint().registered_at.timestamp()) / 86400
    assert days == 400


def test_a_case_whose_identity_was_erased_has_an_empty_one(stand: Stand) -> None:
    written(stand, confidential=False)
    stand.client.delete_item(TableName=stand.name, Key=place_of("PII"))
    assert stand.stores.cases.identity("c-company", NUMBER) == Identity()
