"""No secret stands in the template or in a function's environment: each is made by AWS and read when it is needed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.settings import Settings

LOOKS_SECRET = re.compile(r"secret|password|token|credential|private|api_?key|(^|_)key($|_)", re.IGNORECASE)
SHAPES = re.compile(
    r"whsec_|-----BEGIN|AKIA[0-9A-Z]{16}|\{\{resolve:(secretsmanager|ssm-secure)|(^|\s)[A-Za-z0-9+/]{40,}={0,2}$"
)

NAMES_OF_SECRETS = {"SECRETS_ARN", "KMS_KEY"}
"""Settings that say where a secret or a key is: an ARN, which opens nothing."""


@pytest.fixture(scope="module")
def variables(landed: dict[str, Any], functions: dict[str, Any]) -> list[tuple[str, Any]]:
    """Name and value of every variable of every function."""
    shared = landed["Globals"]["Function"]["Environment"]["Variables"]
    own = [function.get("Environment", {}).get("Variables", {}) for function in functions.values()]
    return [pair for held in (shared, *own) for pair in held.items()]


def test_no_variable_of_a_function_holds_a_secret(variables: list[tuple[str, Any]], resources: dict[str, Any]) -> None:
    """What would be one by its name is a reference: `Ref` of a secret is its ARN, of a key its id."""
    named = {name: value for name, value in variables if LOOKS_SECRET.search(name)}
    assert set(named) == NAMES_OF_SECRETS
    for name, value in named.items():
        assert isinstance(value, dict), f"{name} is written out"
        [(how, target)] = value.items()
        logical = target if isinstance(target, str) else target[0]
        assert how in ("Ref", "Fn::GetAtt")
        assert resources[logical.partition(".")[0]]["Type"] in ("AWS::SecretsManager::Secret", "AWS::KMS::Key")


def test_no_setting_could_hold_one() -> None:
    named = {name.upper() for name in Settings.__struct_fields__ if LOOKS_SECRET.search(name)}
    assert named == NAMES_OF_SECRETS


def test_a_secret_is_made_up_by_aws_and_never_told_to_the_template(resources: dict[str, Any]) -> None:
    secrets = [r["Properties"] for r in resources.values() if r["Type"] == "AWS::SecretsManager::Secret"]
    assert secrets
    for secret in secrets:
        assert "SecretString" not in secret
        assert secret["GenerateSecretString"]["PasswordLength"] >= 32


def test_nothing_in_the_template_looks_like_one(landed: dict[str, Any]) -> None:
    found = [text for text in _texts(landed) if SHAPES.search(text)]
    assert found == []


def test_no_parameter_asks_for_one_and_no_output_tells_one(landed: dict[str, Any]) -> None:
    assert [name for name in landed["Parameters"] if LOOKS_SECRET.search(name)] == []
    told = {name: str(output["Value"]) for name, output in landed["Outputs"].items() if LOOKS_SECRET.search(name)}
    assert not [name for name, value in told.items() if "GenerateSecretString" in value or "resolve:" in value]


def _texts(tree: Any) -> Iterator[str]:
    match tree:
        case str():
            yield tree
        case dict():
            for value in tree.values():
                yield from _texts(value)
        case list():
            for value in tree:
                yield from _texts(value)
