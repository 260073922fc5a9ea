"""Fail the k-th call to AWS, in one of three ways.

Under moto every call of every client passes through one stub. `KthCall` stands in front of it and counts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from botocore.exceptions import ConnectionClosedError
from moto.core.botocore_stubber import BotocoreStubber

Way = Literal["before", "after", "lost"]
WAYS: tuple[Way, ...] = ("before", "after", "lost")
"""Crash before the call; crash after it; the call happens, its reply is lost, and the code goes on with that."""


class Crash(BaseException):
    """The process ended here: nothing catches this."""


class KthCall:
    """Counts calls; at the `k`-th (from 1) it does harm in its way, once."""

    def __init__(self, k: int = 0, way: Way = "before") -> None:
        self.k, self.way = k, way
        self.calls: list[str] = []

    @contextmanager
    def in_force(self) -> Iterator["KthCall"]:
        """While this lasts, calls are counted and the k-th fails."""
        original = BotocoreStubber.__call__

        def stub(stubber: Any, event_name: str, request: Any, **more: Any) -> Any:
            self.calls.append(event_name.removeprefix("before-send."))
            if len(self.calls) != self.k:
                return original(stubber, event_name, request, **more)
            if self.way == "before":
                raise Crash(event_name)
            original(stubber, event_name, request, **more)
            if self.way == "after":
                raise Crash(event_name)
            raise ConnectionClosedError(endpoint_url=request.url)

        BotocoreStubber.__call__ = stub
        try:
            yield self
        finally:
            BotocoreStubber.__call__ = original
