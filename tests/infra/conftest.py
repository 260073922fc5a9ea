"""The template that lands, made once."""

from typing import Any

import pytest

from infra import template


@pytest.fixture(scope="session")
def landed() -> dict[str, Any]:
    """What CloudFormation is given, before SAM's transform."""
    return template.build("prod")


@pytest.fixture(scope="session")
def resources(landed: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = landed["Resources"]
    return found


@pytest.fixture(scope="session")
def functions(resources: dict[str, Any]) -> dict[str, Any]:
    """Logical name to properties."""
    return {name: r["Properties"] for name, r in resources.items() if r["Type"] == "AWS::Serverless::Function"}
