"""What goes wrong between the desk and AWS, brought about on purpose in a botocore client (`table.client`)."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from botocore.exceptions import ConnectionClosedError


class HttpAnswer:
    """As much of an HTTP response as botocore asks for."""

    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


@contextmanager
def hooked(client: Any, moment: str, operation: str, call: Callable[..., Any]) -> Iterator[None]:
    """`call` runs at that moment (`before-call`, `after-call`) of every such operation (`*`: any)."""
    event = f"{moment}.{client.meta.service_model.service_name}.{operation}"
    client.meta.events.register(event, call)
    try:
        yield
    finally:
        client.meta.events.unregister(event, call)


@contextmanager
def replies_lost(client: Any, operation: str, times: int = 1) -> Iterator[None]:
    """The operation happens, and nobody hears of it: `times` times, retries of the SDK included."""
    left = iter(range(times))

    def lose(**_: Any) -> None:
        if next(left, None) is not None:
            raise ConnectionClosedError(endpoint_url="https://dynamodb")

    with hooked(client, "after-call", operation, lose):
        yield


@contextmanager
def unreachable(client: Any, operation: str, times: int = 1) -> Iterator[None]:
    """The operation does not happen, `times` times."""
    left = iter(range(times))

    def refuse(**_: Any) -> None:
        if next(left, None) is not None:
            raise ConnectionClosedError(endpoint_url="https://dynamodb")

    with hooked(client, "before-call", operation, refuse):
        yield


@contextmanager
def answered(client: Any, operation: str, code: str, reasons: Sequence[str] = (), times: int = 1) -> Iterator[None]:
    """AWS answers with an error, `times` times, and does nothing. No emulator does that by itself."""
    left = iter(range(times))

    def answer(**_: Any) -> tuple[HttpAnswer, dict[str, Any]] | None:
        if next(left, None) is None:
            return None
        error = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPHeaders": {}}}
        return HttpAnswer(400), error | {"CancellationReasons": [{"Code": reason} for reason in reasons]}

    with hooked(client, "before-call", operation, answer):
        yield


@contextmanager
def meanwhile(client: Any, operation: str, call: Callable[[], Any]) -> Iterator[None]:
    """Somebody else does something just before the operation, once."""
    left = iter([True])

    def step_in(**_: Any) -> None:
        if next(left, None):
            call()

    with hooked(client, "before-call", operation, step_in):
        yield


@contextmanager
def calls_of(client: Any) -> Iterator[list[str]]:
    """The operations called, in order."""
    called: list[str] = []

    def note(model: Any, **_: Any) -> None:
        called.append(model.name)

    with hooked(client, "before-call", "*", note):
        yield called


def all_at_once(call: Callable[[int], Any], times: int) -> list[Any]:
    """What each of so many threads got, an exception included."""
    barrier = Barrier(times)

    def one(which: int) -> Any:
        barrier.wait()
        try:
            return call(which)
        except Exception as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))
