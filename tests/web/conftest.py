"""The application, on the air."""

from collections.abc import Iterator

import pytest

from tests.web.air import Air, on_air


@pytest.fixture
def air() -> Iterator[Air]:
    """The application with one organisation that works by procedure C."""
    with on_air() as found:
        yield found
