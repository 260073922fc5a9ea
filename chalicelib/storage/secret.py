"""The desk's own secret, in Secrets Manager: read by Powertools Parameters, and in no environment, template or log."""

from typing import TYPE_CHECKING

from chalicelib.ports import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def desk_secrets(client: "SecretsManagerClient", name: str) -> dict[str, str]:
    """The texts of the secret's JSON: `key`, from which all others are derived, and what else a stage keeps there.

    `name` is its name or ARN.

    Raises Unavailable where it cannot be read, or holds no key: nothing is then done with an empty one.
    """
    from aws_lambda_powertools.utilities.parameters import SecretsProvider  # noqa: PLC0415 # 30 ms, and no start needs it
    from aws_lambda_powertools.utilities.parameters.exceptions import (  # noqa: PLC0415 # as above
        GetParameterError,
        TransformParameterError,
    )

    try:
        held = SecretsProvider(boto3_client=client).get(name, transform="json")
    except (GetParameterError, TransformParameterError) as error:
        raise Unavailable("the desk's secret cannot be read") from error
    texts = {entry: text for entry, text in held.items() if isinstance(text, str)} if isinstance(held, dict) else {}
    if not texts.get("key"):
        raise Unavailable("the desk's secret holds no key")
    return texts
