"""The functions that Lambda calls."""

from typing import Any

from chalice.app import Chalice, SNSEvent, SQSEvent

app = Chalice(app_name="redress")


@app.route("/healthz")
def healthz() -> dict[str, Any]:
    return {"ok": True}


@app.schedule("rate(1 minute)")
def sweep(event: Any) -> None:
    print("swept", event.to_dict())


@app.on_sqs_message(queue="deliver", batch_size=10)
def deliver(event: SQSEvent) -> dict[str, Any]:
    return {"batchItemFailures": []}


@app.on_sqs_message(queue="sweep_shard", batch_size=1)
def sweep_shard(event: SQSEvent) -> dict[str, Any]:
    return {"batchItemFailures": []}


@app.on_sqs_message(queue="build_report", batch_size=1)
def build_report(event: SQSEvent) -> dict[str, Any]:
    return {"batchItemFailures": []}


@app.lambda_function()
def receive_mail(event: dict[str, Any], context: Any) -> None:
    print("mail", event)


@app.on_sns_message(topic="delivery_events")
def record_delivery(event: SNSEvent) -> None:
    print("event", event.subject)
