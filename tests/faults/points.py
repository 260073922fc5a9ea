"""Counts the crash points that a run tried and prints the count at its end, whichever worker tried them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

TRIED = pytest.StashKey[Counter[str]]()


@pytest.fixture(scope="session")
def tally(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """Crash points tried, by what was crashed."""
    tried = request.config.stash.setdefault(TRIED, Counter())
    yield tried
    if hasattr(request.config, "workeroutput"):
        request.config.workeroutput["crash_points"] = dict(tried)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker ended: take over its count."""
    node.config.stash.setdefault(TRIED, Counter()).update(getattr(node, "workeroutput", {}).get("crash_points", {}))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """The line at the end."""
    if tried := config.stash.get(TRIED, None):
        parts = ", ".join(f"{what} {points}" for what, points in sorted(tried.items()))
        terminalreporter.write_line(f"crash points tried: {tried.total()} ({parts})")
