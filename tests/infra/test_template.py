"""What lands on AWS, after Chalice's template and ours are merged."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from chalicelib.settings import Settings
from chalicelib.web.open311_calls import VERBS
from chalicelib.web.page import PAGES
from chalicelib.web.routes import TABLE
from infra import lint, template

FUNCTIONS = {"APIHandler", "Sweep", "SweepShard", "Deliver", "Announce", "BuildReport", "ReceiveMail", "RecordDelivery"}
CONSUMERS = {"Deliver": 10, "Announce": 5, "SweepShard": 1, "BuildReport": 1}


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    return {name: r["Properties"] for name, r in resources.items() if r["Type"] == kind}


def test_these_functions_and_no_others_land(functions: dict[str, Any]) -> None:
    assert set(functions) == FUNCTIONS


def test_a_file_comes_as_bytes_whatever_the_caller_accepts(resources: dict[str, Any]) -> None:
    [api] = of_type(resources, "AWS::Serverless::Api").values()
    assert api["BinaryMediaTypes"] == [{"Fn::If": ["IsLocal", "*/*", "*~1*"]}]


def test_the_runtime_is_one_setting(functions: dict[str, Any]) -> None:
    assert {f["Runtime"] for f in functions.values()} == {f"python{template.PYTHON}"}


@pytest.mark.parametrize(("name", "batch"), CONSUMERS.items())
def test_a_consumer_reports_which_messages_of_a_batch_failed(functions: dict[str, Any], name: str, batch: int) -> None:
    [source] = functions[name]["Events"].values()
    assert source["Type"] == "SQS"
    assert source["Properties"]["BatchSize"] == batch
    assert source["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["Properties"]["Queue"] == {"Fn::Sub": f"${{{name}Queue.Arn}}"}


@pytest.mark.parametrize("name", CONSUMERS)
def test_a_queue_gives_up_into_its_own_dead_letters(resources: dict[str, Any], name: str) -> None:
    queue = resources[f"{name}Queue"]["Properties"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": [f"{name}DeadLetters", "Arn"]}
    assert queue["RedrivePolicy"]["maxReceiveCount"] >= 2
    assert resources[f"{name}DeadLetters"]["Properties"]["MessageRetentionPeriod"] == 14 * 86_400


@pytest.mark.parametrize("name", CONSUMERS)
def test_a_queue_waits_six_times_as_long_as_its_function_may_run(
    resources: dict[str, Any], functions: dict[str, Any], name: str
) -> None:
    assert resources[f"{name}Queue"]["Properties"]["VisibilityTimeout"] >= 6 * functions[name]["Timeout"]


def test_the_sweep_runs_each_minute_alone_and_is_not_retried(functions: dict[str, Any]) -> None:
    sweep = functions["Sweep"]
    assert sweep["Events"]["SweepEvent"]["Properties"]["Schedule"] == "rate(1 minute)"
    assert sweep["Timeout"] < 60
    assert sweep["EventInvokeConfig"]["MaximumRetryAttempts"] == 0
    assert sweep["ReservedConcurrentExecutions"] == {"Fn::If": ["HasReserve", 1, {"Ref": "AWS::NoValue"}]}


@pytest.mark.parametrize("name", ["ReceiveMail", "RecordDelivery"])
def test_an_event_that_nobody_waits_for_is_kept_when_it_fails(functions: dict[str, Any], name: str) -> None:
    kept = functions[name]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
    assert kept == {"Type": "SQS", "Destination": {"Fn::GetAtt": ["LostEvents", "Arn"]}}


def test_the_table_is_protected_recoverable_encrypted_and_forgets(resources: dict[str, Any]) -> None:
    table = resources["Table"]
    properties = table["Properties"]
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"
    assert properties["DeletionProtectionEnabled"] == {"Fn::If": ["Protected", True, False]}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"]["SSEType"] == "KMS"
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_the_indexes_have_the_keys_and_projections_the_desk_reads(resources: dict[str, Any]) -> None:
    found = {
        index["IndexName"]: (
            [key["AttributeName"] for key in index["KeySchema"]],
            index["Projection"]["ProjectionType"],
        )
        for index in resources["Table"]["Properties"]["GlobalSecondaryIndexes"]
    }
    assert found == {
        "DUE": (["due_pk", "due_sk"], "KEYS_ONLY"),
        "DEPARTMENT": (["dep_pk", "dep_sk"], "INCLUDE"),
        "OWNER": (["own_pk", "own_sk"], "INCLUDE"),
        "LEDGER": (["led_pk", "led_sk"], "INCLUDE"),
    }


def test_every_bucket_is_private_encrypted_and_kept(resources: dict[str, Any]) -> None:
    buckets = of_type(resources, "AWS::S3::Bucket")
    assert set(buckets) == {"Attachments", "MailBucket"}
    for name, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
        assert resources[name]["DeletionPolicy"] == "Retain"


def test_what_was_uploaded_and_not_taken_in_is_forgotten_with_all_its_versions(resources: dict[str, Any]) -> None:
    rules = resources["Attachments"]["Properties"]["LifecycleConfiguration"]["Rules"]
    [forgets] = [rule for rule in rules if rule.get("ExpirationInDays")]
    assert (forgets["Prefix"], forgets["ExpirationInDays"], forgets["Status"]) == ("uploads/", 1, "Enabled")
    assert forgets["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


def test_a_file_that_was_erased_is_gone_for_good_after_thirty_days(resources: dict[str, Any]) -> None:
    rules = resources["Attachments"]["Properties"]["LifecycleConfiguration"]["Rules"]
    everywhere = [rule for rule in rules if "Prefix" not in rule]
    assert {"NoncurrentDays": 30} in [rule.get("NoncurrentVersionExpiration") for rule in everywhere]
    assert any(rule.get("ExpiredObjectDeleteMarker") for rule in everywhere)


def test_only_our_own_pages_and_the_one_foreign_origin_send_and_fetch_files(resources: dict[str, Any]) -> None:
    [rule] = resources["Attachments"]["Properties"]["CorsConfiguration"]["CorsRules"]
    foreign = {"Fn::If": ["HasCorsOrigin", {"Ref": "CorsOrigin"}, {"Ref": "AWS::NoValue"}]}
    assert rule["AllowedOrigins"] == [{"Ref": "PublicUrl"}, foreign]
    assert rule["AllowedMethods"] == ["POST", "GET"]


def test_every_function_has_an_alarm_for_its_errors(resources: dict[str, Any]) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm").values()
    watched = {a["Dimensions"][0]["Value"]["Ref"] for a in alarms if a["MetricName"] == "Errors"}
    assert watched == FUNCTIONS


def test_every_place_where_work_is_given_up_has_an_alarm(resources: dict[str, Any]) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm").values()
    metric = "ApproximateNumberOfMessagesVisible"
    watched = {a["Dimensions"][0]["Value"]["Fn::GetAtt"][0] for a in alarms if a["MetricName"] == metric}
    assert watched == {"LostEvents"} | {f"{name}DeadLetters" for name in CONSUMERS}


def test_every_metric_that_is_alarmed_or_charted_is_one_the_code_declares(landed: dict[str, Any]) -> None:
    from chalicelib.observability import METRICS, NAMESPACE, SERVICE  # noqa: PLC0415 # the names, nothing else

    alarms = of_type(landed["Resources"], "AWS::CloudWatch::Alarm").values()
    own = [alarm for alarm in alarms if alarm["Namespace"] == NAMESPACE]
    alarmed = {alarm["MetricName"] for alarm in own}
    assert alarmed == {
        "SweepLagSeconds", "PoisonItems", "MessagesDead", "MailUnassigned", "CalendarHorizonNear", "EndpointsDisabled",
        "LimitsUnavailable",
    }  # fmt: skip
    assert all(alarm["Dimensions"] == [{"Name": "service", "Value": SERVICE}] for alarm in own)
    dashboard = json.loads(landed["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"])
    lines = [line for widget in dashboard["widgets"] for line in widget["properties"]["metrics"]]
    charted = {line[1] for line in lines if line[0] == NAMESPACE}
    assert alarmed | charted <= METRICS


def test_silence_of_the_sweep_is_an_alarm(resources: dict[str, Any]) -> None:
    alarm = resources["SweepSilentAlarm"]["Properties"]
    assert (alarm["TreatMissingData"], alarm["ComparisonOperator"]) == ("breaching", "LessThanThreshold")


def test_every_alarm_tells_someone_and_says_what_to_do(resources: dict[str, Any]) -> None:
    for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]
        assert alarm["AlarmDescription"]


def test_every_log_is_forgotten_in_time(resources: dict[str, Any], functions: dict[str, Any]) -> None:
    logs = of_type(resources, "AWS::Logs::LogGroup")
    assert set(logs) == {f"{name}Logs" for name in FUNCTIONS} | {"AccessLogs"}
    assert all(log["RetentionInDays"] == 90 for log in logs.values())
    assert {name: f["LoggingConfig"]["LogGroup"]["Ref"] for name, f in functions.items()} == {
        name: f"{name}Logs" for name in FUNCTIONS
    }


def test_access_logs_name_the_route_and_not_the_path(resources: dict[str, Any]) -> None:
    """A path holds the number of a complaint, and its query the proof."""
    format_ = json.loads(resources["RestAPI"]["Properties"]["AccessLogSetting"]["Format"])
    assert format_["route"] == "$context.resourcePath"
    assert not [value for value in format_.values() if value in {"$context.path", "$context.identity.sourceIp"}]


def test_the_functions_are_told_all_that_the_settings_read(landed: dict[str, Any]) -> None:
    told = set(landed["Globals"]["Function"]["Environment"]["Variables"])
    read = {name.upper() for name in Settings.__struct_fields__}
    assert read - told == {"DUE_SHARDS"}, "a setting that no deployment can state"
    assert told - read == {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}


KEPT_IN_A_CONTAINER = [
    "/", "/complain", "/healthz", "/openapi.json", "/open311/v2/discovery.json", "/open311/v2/discovery.xml",
]  # fmt: skip
"""What anyone may call and what reads no case: the stage's own limit is enough."""


def test_what_the_public_can_call_is_throttled_by_itself(resources: dict[str, Any]) -> None:
    api = resources["RestAPI"]["Properties"]
    limits = {(limit["ResourcePath"], limit["HttpMethod"]): limit for limit in api["MethodSettings"]}
    everything = limits.pop(("/*", "*"))
    assert limits
    routes = {(path, method.upper()) for path, methods in api["DefinitionBody"]["paths"].items() for method in methods}
    limited = {(path[1:].replace("~1", "/"), method) for path, method in limits}
    assert limited <= routes
    open_ = {(route.path, route.method) for route in TABLE if route.who not in ("staff", "admin")}
    open_ |= {(path, method) for (method, path), who in PAGES.items() if who == "anyone"} | {
        (verb.path, verb.method) for verb in VERBS
    }
    assert open_ - limited == {(path, "GET") for path in KEPT_IN_A_CONTAINER}
    for limit in limits.values():
        assert limit["ThrottlingRateLimit"] < everything["ThrottlingRateLimit"]


def test_staff_cannot_write_the_attribute_that_says_whose_they_are(resources: dict[str, Any]) -> None:
    client = resources["StaffClient"]["Properties"]
    assert "custom:org" in client["ReadAttributes"]
    assert client["WriteAttributes"] == ["name"]


def test_a_password_is_sent_to_the_user_pool_on_a_local_aws_only(resources: dict[str, Any]) -> None:
    condition, local, elsewhere = resources["StaffClient"]["Properties"]["ExplicitAuthFlows"]["Fn::If"]
    assert condition == "IsLocal"
    assert "ALLOW_USER_PASSWORD_AUTH" in local
    assert "ALLOW_USER_PASSWORD_AUTH" not in elsewhere


def test_a_name_defined_in_two_files_is_refused(tmp_path: Path) -> None:
    for file in ("a.yaml", "b.yaml"):
        (tmp_path / file).write_text("Resources:\n  Table: {Type: AWS::DynamoDB::Table}\n")
    with pytest.raises(ValueError, match=r"b\.yaml: Resources \['Table'\] defined twice"):
        template.resources(tmp_path)


def test_short_tags_are_read_as_cloudformation_reads_them(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "Outputs:\n  A: !GetAtt Domain.Regional.Name\n  B: !If [Yes, !Ref C, !Sub '${D}']\n  E: !Json {f: '${G}'}\n"
        "Conditions:\n  H: !Not [!Condition I]\n"
    )
    read = template.resources(tmp_path)
    assert read["Outputs"] == {
        "A": {"Fn::GetAtt": ["Domain", "Regional.Name"]},
        "B": {"Fn::If": [True, {"Ref": "C"}, {"Fn::Sub": "${D}"}]},
        "E": {"Fn::Sub": '{"f":"${G}"}'},
    }
    assert read["Conditions"] == {"H": {"Fn::Not": [{"Condition": "I"}]}}


def test_a_tag_on_a_mapping_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("Outputs:\n  A: !Ref {b: c}\n")
    with pytest.raises(yaml.YAMLError, match="takes a text or a list"):
        template.resources(tmp_path)


def test_the_template_passes_cfn_lint() -> None:
    assert lint.lint() == 0


def test_what_the_gateway_refuses_by_itself_is_a_problem_document(resources: dict[str, Any]) -> None:
    refusals = resources["RestAPI"]["Properties"]["GatewayResponses"]
    kinds = {"MISSING_AUTHENTICATION_TOKEN", "REQUEST_TOO_LARGE", "THROTTLED", "DEFAULT_4XX", "DEFAULT_5XX"}
    assert kinds == set(refusals)
    for refusal in refusals.values():
        template = refusal["ResponseTemplates"]["application/json"]
        said = json.loads(template.replace("$context.error.messageString", '"Forbidden"'))  # it comes with its quotes
        assert said["title"]
        assert said["correlation_id"] == "$context.requestId"
        assert said.get("status") == refusal.get("StatusCode")
        assert refusal["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"
