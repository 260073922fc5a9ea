"""The application, on the air."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.observability import logger
from tests.web.air import Air, on_air


@pytest.fixture
def air() -> Iterator[Air]:
    """The application with one organisation that works by procedure C."""
    with on_air() as found:
        yield found


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The lines logged so far. The log is made anew, as it holds on to the standard output that it first saw."""
    _forget_log()
    yield lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    _forget_log()


def _forget_log() -> None:
    logger.cache_clear()
    logging.getLogger("redress").handlers.clear()
    for mark in ("init", "powertools_handler"):
        vars(logging.getLogger("redress")).pop(mark, None)
