"""What time it is, as the desk keeps it."""

from collections.abc import Callable
from datetime import UTC, datetime


def now_by(clock: Callable[[], datetime]) -> datetime:
    """The clock's instant in UTC, of whole seconds."""
    return clock().astimezone(UTC).replace(microsecond=0)
