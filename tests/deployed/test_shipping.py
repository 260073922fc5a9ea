"""That the product which was packaged is the product which runs, within the rights of its roles."""
# it opens this machine's own addresses

import json
import time
import urllib.request
from typing import Any

import pytest


def test_it_answers_by_number_and_by_name(stack: Any) -> None:
    by_name = urllib.request.Request(f"{stack.endpoint_url}/healthz", headers={"Host": stack.public_url[7:]})
    for address in (f"{stack.api_url}/healthz", by_name):
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert answer.status == 200


def test_every_function_starts_from_the_package(stack: Any) -> None:
    """An import that is missing from the package would fail here, at the function that needs it."""
    for queue_consumer in ("deliver", "announce", "sweep_shard", "build_report"):
        assert stack.invoke(queue_consumer, {"Records": []}) == {"batchItemFailures": []}
    stack.sweep()


def test_the_minute_comes_round_by_itself(stack: Any) -> None:
    rules = stack.client("events").list_rules()["Rules"]
    assert [rule["ScheduleExpression"] for rule in rules if rule["State"] == "ENABLED"] == ["rate(1 minute)"]


def test_a_message_on_the_queue_reaches_its_function(stack: Any) -> None:
    sqs = stack.client("sqs")
    url = stack.outputs["SweepShardQueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="0")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        waiting = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        if not any(int(waiting[name]) for name in names):
            return
        time.sleep(0.5)
    pytest.fail(f"still on the queue: {waiting}")


def test_the_functions_are_told_of_every_resource_they_use(stack: Any) -> None:
    configuration = stack.client("lambda").get_function_configuration(FunctionName=stack.functions["api"])
    told = configuration["Environment"]["Variables"]
    assert told["TABLE"] == stack.outputs["TableName"]
    assert told["DELIVER_QUEUE"] == stack.outputs["DeliverQueueUrl"]
    assert told["OIDC_AUDIENCE"] == stack.outputs["StaffClientId"]
    assert told["PUBLIC_URL"] == stack.public_url
    with urllib.request.urlopen(told["OIDC_DISCOVERY_URL"], timeout=10) as answer:
        assert json.load(answer)["issuer"] == told["OIDC_ISSUER"]


def test_the_desks_secret_was_generated_and_is_long(stack: Any) -> None:
    secret = stack.client("secretsmanager").get_secret_value(SecretId=stack.outputs["DeskSecretsArn"])
    assert len(json.loads(secret["SecretString"])["key"]) >= 48


def test_a_person_signs_in_as_a_member_of_one_organisation_and_cannot_move_to_another(stack: Any) -> None:
    cognito = stack.client("cognito-idp")
    pool, app = stack.outputs["StaffId"], stack.outputs["StaffClientId"]
    password = "A-long-enough-1"
    cognito.admin_create_user(
        UserPoolId=pool,
        Username="test.mover",
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "custom:org", "Value": "c-company"}, {"Name": "custom:site", "Value": "main"}],
    )
    cognito.admin_set_user_password(UserPoolId=pool, Username="test.mover", Password=password, Permanent=True)
    writable = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=app)["UserPoolClient"]["WriteAttributes"]
    assert stack.id_token("test.mover", password).count(".") == 2
    assert writable == ["name"]
