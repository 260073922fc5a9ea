"""Clients of AWS, and what their errors mean for a message."""

from collections.abc import Collection
from typing import Any

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.session import get_session

from chalicelib.ports import TryLater, Undeliverable
from chalicelib.sdk import PLAIN

ONCE = Config(connect_timeout=2, read_timeout=8, retries={"total_max_attempts": 1, "mode": "standard"})
"""One request, never repeated by the SDK: a repeated send is a second letter, and ours to decide. Seconds."""


def client(service: str, config: Config) -> Any:
    """A client of the AWS service. Straight from botocore: importing boto3 on top of it takes some 50 ms."""
    return get_session().create_client(service, config=PLAIN.merge(config))


def verdict(error: BotoCoreError | ClientError, refused: Collection[str]) -> TryLater | Undeliverable:
    """What a failed send means. Final is only what the provider says of this very message, by a code of `refused`.

    All else may pass: throttling, an outage, an account on hold, a permission missing. No answer (`NoAnswer`) means
    that the outcome is unknown: the message may have gone out.
    """
    match error:
        case ClientError():
            code = code_of(error)
            return Undeliverable(code) if code in refused else TryLater(code)
        case ParamValidationError():
            return Undeliverable("ParamValidation")
        case ReadTimeoutError() | ConnectionClosedError():
            return TryLater("NoAnswer")
        case EndpointConnectionError():
            return TryLater("Unreachable")
    return TryLater(code_of(error))


def code_of(error: BotoCoreError | ClientError) -> str:
    """The error's code, such as `TooManyRequestsException`; its message may hold an address."""
    if not isinstance(error, ClientError):
        return type(error).__name__
    return str(error.response.get("Error", {}).get("Code", "")) or "Unnamed"
