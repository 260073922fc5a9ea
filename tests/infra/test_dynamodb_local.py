"""Fetching DynamoDB Local."""

import base64
import hashlib
from pathlib import Path

import pytest

from infra.dynamodb_local import Unavailable, verified


def test_another_archive_than_the_one_expected_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "amplify-dynamodb-simulator-2.9.30.tgz"
    archive.write_bytes(b"something else")
    with pytest.raises(Unavailable, match="its hash is another"):
        verified(archive)


def test_the_archive_with_the_hash_is_taken(tmp_path: Path) -> None:
    archive = tmp_path / "archive.tgz"
    archive.write_bytes(b"the archive")
    assert verified(archive, base64.b64encode(hashlib.sha512(b"the archive").digest()).decode()) == archive
