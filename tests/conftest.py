"""What every test stands on: no real AWS, and a table on moto for those that ask for one."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from chalicelib.procedures import compile
from chalicelib.storage.table import Table
from tests.storage.tables import create_table

pytest_plugins = ["tests.faults.points"]

compile.ensure()  # what runs is compiled, and as the sources are now

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": "ap-southeast-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(autouse=True)
def _no_real_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


@pytest.fixture
def aws() -> Iterator[None]:
    """AWS by moto."""
    with mock_aws():
        yield


@pytest.fixture
def table(aws: None) -> Table:
    """An empty table on moto; it waits for nobody."""
    made = Table("redress", sleep=lambda _: None)
    create_table(made.client, "redress")
    return made
