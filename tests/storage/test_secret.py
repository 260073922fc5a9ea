"""The desk's own secret, on moto."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from chalicelib.ports import Unavailable
from chalicelib.storage.secret import desk_secrets

KEY = "k" * 48


@pytest.fixture
def manager() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client("secretsmanager", region_name="us-east-1")


def test_it_is_read_by_its_arn(manager: Any) -> None:
    made = manager.create_secret(Name="desk", SecretString=json.dumps({"key": KEY}))
    assert desk_secrets(manager, made["ARN"]) == {"key": KEY}


@pytest.mark.parametrize("held", ["", "not json", "[]", "{}", '{"key": ""}', '{"key": 7}'])
def test_a_secret_without_a_key_opens_nothing(manager: Any, held: str) -> None:
    made = manager.create_secret(Name="desk", SecretString=held or " ")
    with pytest.raises(Unavailable) as refused:
        desk_secrets(manager, made["ARN"])
    assert not held or held not in str(refused.value)


def test_one_that_is_not_there_is_unavailable(manager: Any) -> None:
    with pytest.raises(Unavailable):
        desk_secrets(manager, "arn:aws:secretsmanager:us-east-1:123456789012:secret:another")


def test_when_secrets_manager_does_not_answer_it_is_unavailable() -> None:
    class Silent:
        def get_secret_value(self, **_: str) -> None:
            raise EndpointConnectionError(endpoint_url="https://secretsmanager.example")

    with pytest.raises(Unavailable):
        desk_secrets(Silent(), "desk")  # type: ignore[arg-type] # that is the test
