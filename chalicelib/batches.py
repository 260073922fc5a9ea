"""What event handlers share: batches of a queue answered record by record, and the time a function has left."""

from collections.abc import Callable
from typing import Any

from chalice.app import SQSEvent

from chalicelib.observability import HandlerFailed, observed


def handled_each(event: SQSEvent, handler: str, handle: Callable[[str], object]) -> dict[str, Any]:
    """Handle each body; those that failed come again, the others do not (a partial batch response)."""
    failed = []
    for record in event.to_dict()["Records"]:
        try:
            with observed(handler, record["messageId"]):
                handle(record["body"])
        except HandlerFailed:  # logged where it happened
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def time_left(context: Any) -> Callable[[], float]:
    """Seconds until Lambda ends the function."""
    return lambda: context.get_remaining_time_in_millis() / 1000
