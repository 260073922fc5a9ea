"""Sealing the identity of a confidential complainant, so that reading the table is not reading names.

Each case has a data key of its own, which KMS made and wrapped (envelope encryption). Whoever deletes the wrapped key
has deleted the identity, wherever a copy of what was sealed may lie.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection
from msgspec import json

from chalicelib.ports import Unavailable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from mypy_boto3_kms import KMSClient

NONCE = 12
"""Bytes of a nonce of AES-GCM (NIST SP 800-38D, 5.2.1.1), random for each sealing; they stand before what is sealed."""

PASSING = {"ThrottlingException", "KMSInternalException", "DependencyTimeoutException", "KeyUnavailableException"}


class Sealed(NamedTuple):
    """What was sealed, and the wrapped key that it was sealed with."""

    content: bytes
    key: bytes


class Sealer(Protocol):
    """Seals bytes so that they open only in the same context, with the same key."""

    def seal(self, plain: bytes, context: Mapping[str, str], key: bytes | None = None) -> Sealed:
        """The bytes, sealed with this wrapped key, or with a new one."""

    def open(self, content: bytes, context: Mapping[str, str], key: bytes | None) -> bytes:
        """What was sealed in this very context. Without a key: what KMS sealed by itself, before cases had keys."""


class KmsSealer:
    """Seals by AES-256-GCM with data keys of a KMS key, whose use AWS logs with the context: which identity was
    opened, and when.

    Raises Unavailable when KMS does not answer or is too busy.
    """

    def __init__(self, client: "KMSClient", key: str) -> None:
        self._client = client
        self._key = key

    def seal(self, plain: bytes, context: Mapping[str, str], key: bytes | None = None) -> Sealed:
        """See Sealer. One call of KMS."""
        if key is None:
            with _translated():
                made = self._client.generate_data_key(
                    KeyId=self._key, KeySpec="AES_256", EncryptionContext=dict(context)
                )
            bare, key = made["Plaintext"], made["CiphertextBlob"]
        else:
            bare = self._unwrapped(key, context)
        nonce = os.urandom(NONCE)
        return Sealed(nonce + _gcm(bare).encrypt(nonce, plain, _bound_to(context)), key)

    def open(self, content: bytes, context: Mapping[str, str], key: bytes | None) -> bytes:
        """See Sealer. One call of KMS."""
        if key is None:
            return self._unwrapped(content, context)
        return _gcm(self._unwrapped(key, context)).decrypt(content[:NONCE], content[NONCE:], _bound_to(context))

    def _unwrapped(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        with _translated():
            answer = self._client.decrypt(KeyId=self._key, CiphertextBlob=wrapped, EncryptionContext=dict(context))
        return answer["Plaintext"]


def _gcm(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers import aead  # noqa: PLC0415 # few containers ever seal anything

    return aead.AESGCM(key)


def _bound_to(context: Mapping[str, str]) -> bytes:
    """The context as what is sealed is authenticated with: the same whatever the order of its names."""
    return json.encode(dict(context), order="sorted")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (NoConnection, HTTPClientError) as error:
        raise Unavailable("NoAnswer") from error
    except ClientError as error:
        if error.response["Error"]["Code"] not in PASSING:
            raise
        raise Unavailable(error.response["Error"]["Code"]) from error
