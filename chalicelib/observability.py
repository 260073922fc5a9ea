"""What the desk says of its own running: a JSON log without personal data, and a few declared metrics.

Powertools takes about 70 ms to import, so it is loaded at the first line or figure, not before.
"""

import copy
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from chalicelib import redaction

if TYPE_CHECKING:
    from aws_lambda_powertools.logging import Logger

SERVICE = "redress"
NAMESPACE = "Redress"

Metric = Literal[
    "SweepLagSeconds",  # age of the oldest due item that a sweep found
    "DueFound",  # items that a sweep found due
    "PoisonItems",  # items pushed forward because handling them failed
    "MessagesSent",  # letters a provider took
    "MessagesDead",  # letters given up on their channel
    "EventsSent",  # events that another system took
    "EventsDead",  # events that an endpoint did not take in two days
    "EndpointsDisabled",  # endpoints switched off after failing for long
    "MessagesNotQueued",  # references the queue did not take: the sweep finds them
    "DeliveryEventsUnknown",  # feedback that names no message of ours, or cannot be read
    "ComplaintsRegistered",
    "CallsLimited",  # public calls refused because too many came from one place or for one case
    "FormsReturned",  # complaint forms shown once more because a program may have filled them in
    "LimitsUnavailable",  # public calls let through because their bucket could not be asked
    "MailReceived",  # mails that were read, whatever became of them
    "MailUnassigned",  # mails kept apart for somebody to look at
    "CalendarHorizonNear",  # 1 while a site's holidays are known for less than the alarm's notice
]
METRICS: frozenset[str] = frozenset(get_args(Metric))
SECONDS = frozenset({"SweepLagSeconds"})

_call: ContextVar[dict[str, str]] = ContextVar("_call", default={})  # noqa: B039 # replaced, never changed
_figures: list[tuple[Metric, float]] = []


class HandlerFailed(Exception):
    """Leaves a handler in place of the error: Lambda prints the text of what leaves it, and that may be personal."""


@cache
def logger() -> "Logger":
    """The log of the service: one JSON object a line on standard output, redacted whatever is passed.

    Say what happened in constant words; ids go into keys of their own: `logger().info("sent", extra={"org": org})`.
    """
    from aws_lambda_powertools.logging import Logger  # noqa: PLC0415 # 70 ms
    from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter  # noqa: PLC0415

    class Redacting(LambdaPowertoolsFormatter):
        def formatException(self, ei: Any) -> str:  # noqa: N802 # logging's name
            return redaction.stack(ei[1])

        def serialize(self, log: Any) -> str:
            log.pop("exception_notes", None)
            return super().serialize(redaction.redacted({**log, **_call.get()}))

    # Chalice's own log has this name too, so it comes out here; `Chalice(configure_logs=False)` keeps it to that.
    return Logger(service=SERVICE, logger_formatter=Redacting(utc=True, use_rfc3339=True, serialize_stacktrace=False))


def guard() -> None:
    """Keep the texts of others out of the log: libraries write through the handlers that the runtime has by now.

    Lambda's shows whatever they say, and what Chalice says of an error before the first line of ours.
    """
    handlers = [*logging.getLogger().handlers, logging.lastResort]
    for handler in [one for one in handlers if one and not isinstance(one.formatter, _Bare)]:
        handler.setFormatter(_Bare(handler.formatter))


class _Bare(logging.Formatter):
    """Who said something, where and how grave it is; of an error its types and places."""

    KEPT = frozenset(vars(logging.makeLogRecord({}))) | {"aws_request_id", "tenant_id", "_frame_type"}

    def __init__(self, theirs: logging.Formatter | None) -> None:
        super().__init__()
        self._theirs = theirs or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        bare = copy.copy(record)
        said = f"{record.name} at {record.filename}:{record.lineno}"
        error = record.exc_info[1] if record.exc_info else None
        bare.msg, bare.args = f"{said}\n{redaction.stack(error)}" if error else said, None
        bare.exc_info = bare.exc_text = bare.stack_info = None
        vars(bare).update(dict.fromkeys(vars(bare).keys() - self.KEPT))
        return self._theirs.format(bare)


def measure(name: Metric, value: float = 1) -> None:
    """Note a figure; it is written when the handler ends. ValueError for a name that is not declared above."""
    if name not in METRICS:
        raise ValueError(f"the metric {name!r} is not declared")
    _figures.append((name, value))


@contextmanager
def observed(handler: str, correlation_id: str = "") -> Iterator[None]:
    """Around everything a handler does: its log lines carry the ids, its figures are written at the end.

    An error is logged by its type and place, and leaves as HandlerFailed, without a text.
    """
    before = _call.set({"handler": handler, **({"correlation_id": correlation_id} if correlation_id else {})})
    try:
        yield
    except Exception as error:
        logger().exception("failed")
        raise HandlerFailed(type(error).__name__) from None
    finally:
        _call.reset(before)
        _write_figures()


def _write_figures() -> None:
    if not _figures:
        return
    from aws_lambda_powertools.metrics import Metrics  # noqa: PLC0415 # 70 ms

    metrics = Metrics(namespace=NAMESPACE, service=SERVICE)
    for name, value in _figures:
        metrics.add_metric(name, "Seconds" if name in SECONDS else "Count", value)
    _figures.clear()
    metrics.flush_metrics()
