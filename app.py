"""The functions that Lambda calls: what each does is one verb of the use cases."""

from typing import Any

from chalice.app import Chalice, CloudWatchEvent, Rate, SNSEvent, SQSEvent

from chalicelib import startup  # before the rest, see there
from chalicelib.batches import handled_each, noted, received, time_left
from chalicelib.observability import guard, observed
from chalicelib.web import api
from chalicelib.wiring import world

startup.done()
guard()

app = Chalice(app_name="redress", configure_logs=False)  # its own log would print errors unredacted
app.register_blueprint(api)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    """Everything that is due."""
    with observed("sweep", event.event_id):
        noted(world().sweep.run(time_left(event.context)), world().clock())


@app.on_sqs_message(queue="sweep_shard", batch_size=1)
def sweep_shard(event: SQSEvent) -> dict[str, Any]:
    """One shard of the index, while a backlog lasts."""
    return handled_each(event, "sweep_shard", lambda body: world().sweep.shard(int(body), time_left(event.context)))


@app.on_sqs_message(queue="build_report", batch_size=1)
def build_report(event: SQSEvent) -> dict[str, Any]:
    """The report of one period of a duty."""
    return handled_each(event, "build_report", lambda body: world().prepare_report(body))


@app.on_sqs_message(queue="deliver", batch_size=10)
def deliver(event: SQSEvent) -> dict[str, Any]:
    """Letters, each by its reference."""
    return handled_each(event, "deliver", lambda body: world().deliver(body))


@app.on_sqs_message(queue="announce", batch_size=5)
def announce(event: SQSEvent) -> dict[str, Any]:
    """Letters and events for other systems, each by its reference."""
    return handled_each(event, "announce", lambda body: world().deliver(body))


@app.on_sns_message(topic="delivery_events")
def record_delivery(event: SNSEvent) -> None:
    """What became of a mail."""
    with observed("record_delivery"):
        world().record_delivery(event.message)


@app.lambda_function()
def receive_mail(event: dict[str, Any], context: Any) -> None:
    """A mail arrived."""
    with observed("receive_mail", getattr(context, "aws_request_id", "")):
        received(event, world().receive_mail)
