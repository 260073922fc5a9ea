"""One stage for the whole folder; each test starts from its own snapshot."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.conftest import ENVIRONMENT
from tests.faults.stage import START, Stage


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The product on moto, with the demo organisations."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        yield Stage(START)
