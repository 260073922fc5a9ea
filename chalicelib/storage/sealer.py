"""Sealing the identity of a confidential complainant, so that reading the table is not reading names."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

from chalicelib.ports import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

PLAINTEXT_LIMIT = 4096
"""Bytes that KMS encrypts directly (AWS's limit); an identity is a few hundred."""

PASSING = {"ThrottlingException", "KMSInternalException", "DependencyTimeoutException", "KeyUnavailableException"}


class Sealer(Protocol):
    """Seals bytes so that they open only in the same context."""

    def seal(self, plain: bytes, context: Mapping[str, str]) -> bytes:
        """The bytes, sealed. ValueError if there are too many."""

    def open(self, sealed: bytes, context: Mapping[str, str]) -> bytes:
        """What was sealed in this very context."""


class KmsSealer:
    """Seals with a KMS key, whose use is logged by AWS with the context: which identity was opened, and when.

    Raises Unavailable when KMS does not answer or is too busy.
    """

    def __init__(self, client: "KMSClient", key: str) -> None:
        self._client = client
        self._key = key

    def seal(self, plain: bytes, context: Mapping[str, str]) -> bytes:
        """See Sealer."""
        if len(plain) > PLAINTEXT_LIMIT:
            raise ValueError(f"an identity to seal has at most {PLAINTEXT_LIMIT} bytes, not {len(plain)}")
        with _translated():
            answer = self._client.encrypt(KeyId=self._key, Plaintext=plain, EncryptionContext=dict(context))
        return answer["CiphertextBlob"]

    def open(self, sealed: bytes, context: Mapping[str, str]) -> bytes:
        """See Sealer."""
        with _translated():
            answer = self._client.decrypt(KeyId=self._key, CiphertextBlob=sealed, EncryptionContext=dict(context))
        return answer["Plaintext"]


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
