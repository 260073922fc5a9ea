"""What event handlers share: batches answered record by record, the time a function has left, a sweep's figures."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalice.app import SQSEvent

from chalicelib.observability import HandlerFailed, logger, measure, observed

if TYPE_CHECKING:
    from chalicelib.cases.receive_mail import ReceiveMail
    from chalicelib.cases.sweep import Swept


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


def received(event: dict[str, Any], receive: "ReceiveMail") -> None:
    """Each mail that an event names, and a line in the log of what became of it."""
    from chalicelib.messaging.inbound.events import keys_in  # noqa: PLC0415 # of no other function

    for key in keys_in(event):
        for mail in receive(key):
            about = {"outcome": mail.outcome, "org": mail.org, "number": mail.number, "why": mail.reason}
            logger().info("mail handled", extra={name: said for name, said in about.items() if said})


def time_left(context: Any) -> Callable[[], float]:
    """Seconds until Lambda ends the function."""
    return lambda: context.get_remaining_time_in_millis() / 1000


def noted(swept: "Swept", now: datetime) -> None:
    """The figures of a sweep, every minute, so that a sweep that stopped shows too."""
    from chalicelib.desk.calendar import horizon_is_near  # noqa: PLC0415 # as above
    from chalicelib.desk.holidays import holidays  # noqa: PLC0415 # the API has no use for it

    measure("DueFound", swept.found)
    measure("SweepLagSeconds", max(0.0, (now - swept.oldest).total_seconds()) if swept.oldest else 0.0)
    measure("CalendarHorizonNear", float(horizon_is_near(holidays(), now)))
