"""Each function may do what it is for, and nothing else."""

import json
from typing import Any

import pytest

ROLES = {
    "APIHandler": "ApiHandlerRole",
    "Sweep": "SweepRole",
    "SweepShard": "SweepShardRole",
    "Deliver": "DeliverRole",
    "Announce": "AnnounceRole",
    "BuildReport": "BuildReportRole",
    "ReceiveMail": "ReceiveMailRole",
    "RecordDelivery": "RecordDeliveryRole",
}


def statements(resources: dict[str, Any], function: str) -> list[dict[str, Any]]:
    policies = resources[ROLES[function]]["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def actions(statement: dict[str, Any]) -> list[str]:
    action = statement["Action"]
    return action if isinstance(action, list) else [action]


def allowed(resources: dict[str, Any], function: str) -> set[str]:
    return {action for statement in statements(resources, function) for action in actions(statement)}


def where(resources: dict[str, Any], function: str, action: str) -> str:
    """The resources of every statement that allows `action`, as text."""
    return json.dumps([s["Resource"] for s in statements(resources, function) if action in actions(s)])


def test_every_function_has_a_role_of_its_own(functions: dict[str, Any]) -> None:
    assert {name: f["Role"]["Fn::GetAtt"][0] for name, f in functions.items()} == ROLES


CONSUMERS = ("Deliver", "Announce", "SweepShard", "BuildReport")


@pytest.mark.parametrize("function", ROLES)
def test_no_role_allows_a_family_of_actions_or_a_scan(resources: dict[str, Any], function: str) -> None:
    names = allowed(resources, function)
    assert not [name for name in names if "*" in name]
    assert "dynamodb:Scan" not in names


@pytest.mark.parametrize("function", ROLES)
def test_no_statement_is_about_everything(resources: dict[str, Any], function: str) -> None:
    everything = [s for s in statements(resources, function) if s.get("Resource") == "*"]
    assert everything == []


@pytest.mark.parametrize("function", ROLES)
def test_a_function_writes_to_its_own_log(resources: dict[str, Any], function: str) -> None:
    assert where(resources, function, "logs:PutLogEvents") == json.dumps([{"Fn::GetAtt": [f"{function}Logs", "Arn"]}])


def test_only_deliver_sends_letters(resources: dict[str, Any]) -> None:
    for function in ROLES:
        sends = allowed(resources, function) & {"ses:SendEmail", "sns:Publish"}
        assert sends == ({"ses:SendEmail", "sns:Publish"} if function == "Deliver" else set())


def test_deliver_publishes_to_telephones_and_to_no_topic(resources: dict[str, Any]) -> None:
    [statement] = [s for s in statements(resources, "Deliver") if "sns:Publish" in actions(s)]
    assert "Resource" not in statement
    assert statement["NotResource"] == {"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"}


@pytest.mark.parametrize("function", ["Sweep", "SweepShard", "Announce", "BuildReport", "RecordDelivery"])
def test_who_needs_no_names_cannot_open_them(resources: dict[str, Any], function: str) -> None:
    assert "IdentityKey" not in json.dumps(statements(resources, function))


@pytest.mark.parametrize(
    ("action", "functions"),
    [
        ("kms:GenerateDataKey", {"APIHandler", "ReceiveMail"}),
        ("kms:Decrypt", {"APIHandler", "ReceiveMail", "Deliver"}),
        ("kms:Encrypt", set()),
    ],
)
def test_who_takes_complaints_in_makes_keys_and_who_writes_letters_opens_them(
    resources: dict[str, Any], action: str, functions: set[str]
) -> None:
    assert {name for name in ROLES if "IdentityKey" in where(resources, name, action)} == functions


def test_the_data_key_opens_through_the_service_that_holds_the_data(resources: dict[str, Any]) -> None:
    for function in ROLES:
        for statement in statements(resources, function):
            if "DataKey" in json.dumps(statement.get("Resource")):
                assert "kms:ViaService" in json.dumps(statement["Condition"])


@pytest.mark.parametrize(("function", "queue"), [(n, f"{n}Queue") for n in CONSUMERS])
def test_a_consumer_takes_from_its_own_queue_only(resources: dict[str, Any], function: str, queue: str) -> None:
    assert where(resources, function, "sqs:ReceiveMessage") == json.dumps([{"Fn::GetAtt": [queue, "Arn"]}])


def test_reports_are_put_under_their_own_prefix(resources: dict[str, Any]) -> None:
    assert where(resources, "BuildReport", "s3:PutObject") == json.dumps([{"Fn::Sub": "${Attachments.Arn}/reports/*"}])


@pytest.mark.parametrize("function", ["BuildReport", "Deliver"])
def test_reports_alone_are_read_by_who_prepares_or_sends_them(resources: dict[str, Any], function: str) -> None:
    assert where(resources, function, "s3:GetObject") == json.dumps([{"Fn::Sub": "${Attachments.Arn}/reports/*"}])


@pytest.mark.parametrize("function", ["APIHandler", "BuildReport", "Deliver"])
def test_who_reads_reports_is_told_where_there_is_none(resources: dict[str, Any], function: str) -> None:
    listing = [s for s in statements(resources, function) if s["Action"] == "s3:ListBucket"]
    assert {"Fn::GetAtt": ["Attachments", "Arn"]} in [s["Resource"] for s in listing]
    assert {"s3:prefix": "reports/*"} in [s["Condition"]["StringLike"] for s in listing]


def test_the_api_deletes_what_nobody_took_in_and_the_sweep_the_files_of_cases(resources: dict[str, Any]) -> None:
    waiting = [{"Fn::Sub": "${Attachments.Arn}/uploads/*"}]
    of_cases = [[{"Fn::Sub": f"${{Attachments.Arn}}/{folder}/*"} for folder in ("attachments", "mail")]]
    may = {"APIHandler": waiting, "Sweep": of_cases, "SweepShard": of_cases}
    for function in ROLES:
        assert where(resources, function, "s3:DeleteObject") == json.dumps(may.get(function, []))


def test_the_sweep_alone_writes_many_rows_at_a_time(resources: dict[str, Any]) -> None:
    assert {name for name in ROLES if "dynamodb:BatchWriteItem" in allowed(resources, name)} == {"Sweep", "SweepShard"}


@pytest.mark.parametrize("function", ["Sweep", "SweepShard"])
def test_who_erases_reads_no_file(resources: dict[str, Any], function: str) -> None:
    assert not {"s3:GetObject", "s3:ListBucket"} & allowed(resources, function)


def test_the_api_is_told_where_nothing_was_sent(resources: dict[str, Any]) -> None:
    listing = [s for s in statements(resources, "APIHandler") if s["Action"] == "s3:ListBucket"]
    assert "uploads/*" in [s["Condition"]["StringLike"]["s3:prefix"] for s in listing]


def test_the_roles_name_every_action_that_a_transaction_needs(resources: dict[str, Any]) -> None:
    for function in ROLES:
        assert {
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:ConditionCheckItem",
        } <= allowed(resources, function)
