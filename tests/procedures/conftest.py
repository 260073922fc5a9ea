"""How far the random walks go, and what they covered."""

import pytest
from hypothesis import HealthCheck, settings

SLOW_STEPS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile(
    "walks", max_examples=20, stateful_step_count=30, deadline=None, derandomize=True, suppress_health_check=SLOW_STEPS
)
settings.register_profile(
    "long", max_examples=400, stateful_step_count=80, deadline=None, suppress_health_check=SLOW_STEPS
)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the walks covered."""
    lines = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", [])
        if name == "walked" and report.when == "call"
    ]
    if lines:
        terminalreporter.section("walks")
        terminalreporter.write_line("\n".join(lines))
