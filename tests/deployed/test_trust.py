"""Who may see and do what on the deployed product: people by their posts, functions by their roles."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.desk.beside import mailed
from chalicelib.desk.complaint import Attachment, Identity
from chalicelib.wiring import World
from infra.emulator import REGION
from tests.deployed.desk import Desk, eventually

IN_CONFIDENCE = {
    "org": "c-company",
    "channel": "web",
    "customer": {"name": "欧阳秘", "phone": "13800138003", "email": "secret@example.org"},
    "content": {"summary": "工作人员索要好处", "details": "交房时索要好处费。"},
    "confidential": True,
}


def test_a_confidential_complainant_gets_letters_and_is_shown_only_to_those_in_charge(desk: Desk) -> None:
    case = desk.registers(IN_CONFIDENCE)
    eventually(lambda: desk.mail_to("secret@example.org", case.number), "acknowledgement")
    for person in ("c.li", "c.zhou", "c.wang"):
        assert case.seen_by(person)["customer"] is None
    assert case.seen_by("c.li", "?identity=show")["customer"]["name"] == "欧阳秘"
    refused = desk.get(f"/v1/tickets/{case.number}?identity=show", by="c.zhou")
    assert "欧阳秘" not in json.dumps(refused.body, ensure_ascii=False)
    looks = [event["kind"] for event in desk.get(f"/v1/tickets/{case.number}/history", by="c.li").body["items"]]
    assert looks.count("seen") == 1


def test_the_table_holds_a_confidential_identity_sealed(desk: Desk, world: World) -> None:
    case = desk.registers(IN_CONFIDENCE)
    table = desk.stack.client("dynamodb")
    rows = table.scan(TableName=desk.stack.described["table"], ConsistentRead=True)["Items"]
    assert any(case.number in json.dumps(row, default=str) for row in rows)
    everything = json.dumps(rows, default=str, ensure_ascii=False)
    for secret in ("欧阳秘", "secret@example.org", "13800138003"):
        assert secret not in everything
    identity = world.stores.cases.identity("c-company", case.number)
    assert isinstance(identity, Identity)
    assert identity.name == "欧阳秘"


def test_who_complained_is_erased_at_once_and_what_leads_there_with_the_next_sweep(desk: Desk, world: World) -> None:
    case = desk.registers({**IN_CONFIDENCE, "customer": {"name": "欧阳忘", "phone": "13800138007"}})
    place, table = f"attachments/c-company/{case.number}/1", desk.stack.client("dynamodb")
    desk.stack.client("s3").put_object(Bucket=desk.stack.outputs["AttachmentsName"], Key=place, Body=b"a photo")
    attached(world, case.number, place)
    for verb in ("hold", "release"):
        done = desk.post(f"/v1/tickets/{case.number}/{verb}", {"reason": "诉讼"}, by="c.wu")
        assert done.status == 200, done
    erased = desk.post(f"/v1/tickets/{case.number}/erase", {"reason": "本人要求"}, by="c.wu")
    assert erased.status == 200, erased
    assert case.seen_by("c.li", "?identity=show")["customer"] == {}
    hashed = world.hasher("c-company|phone|+8613800138007")

    def left() -> list[str]:
        rows = table.scan(TableName=desk.stack.described["table"], ConsistentRead=True)["Items"]
        files = desk.stack.client("s3").list_objects_v2(Bucket=desk.stack.outputs["AttachmentsName"], Prefix=place)
        return [row["SK"]["S"] for row in rows if hashed in str(row)] + [f["Key"] for f in files.get("Contents", [])]

    def swept() -> bool:
        desk.stack.sweep()
        return not left()

    eventually(swept, "clearing", patience=90)
    whole = desk.get(f"/v1/tickets/{case.number}/history/verify", by="c.li").body
    assert (whole["whole"], whole["state_agrees"]) == (True, True)


def attached(world: World, number: str, place: str) -> None:
    """A file comes into the case, as if by mail."""
    case = world.stores.cases.load("c-company", number)
    assert case is not None
    file = Attachment(
        name="x.jpg", kind="image/jpeg", size=7, sha256="0" * 64, place=place, at=case.registered_at, id="1"
    )
    decision = mailed(world.desks.of(case), case, "见附件", "key", case.registered_at, files=[file], verified=True)
    assert decision is not None
    world.stores.cases.commit(case.version, decision.complaint, decision.events, [], decision.due)


def test_staff_of_one_organisation_find_nothing_of_another(desk: Desk) -> None:
    case = desk.registers(IN_CONFIDENCE)
    for path in ("", "/history", "/history/verify"):
        assert desk.get(f"/v1/tickets/{case.number}{path}", by="w.xie").status == 404
    assert case.act("add_note", "w.xie", {"note": "我来看看"}, 1).status == 404
    elsewhere = desk.post("/v1/complaints", IN_CONFIDENCE, by="w.xie")
    assert elsewhere.status == 403


FORBIDDEN = [
    ("deliver", "dynamodb", "scan", {"TableName": "{TableName}"}),
    ("deliver", "s3", "put_object", {"Bucket": "{AttachmentsName}", "Key": "letters/1", "Body": b""}),
    ("deliver", "sns", "publish", {"TopicArn": "{DeliveryEventsArn}", "Message": "sent"}),
    ("deliver", "sqs", "receive_message", {"QueueUrl": "{BuildReportQueueUrl}"}),
    ("sweep", "secretsmanager", "get_secret_value", {"SecretId": "{DeskSecretsArn}"}),
    ("announce", "sns", "publish", {"PhoneNumber": "+8613800138000", "Message": "sent"}),
    ("announce", "kms", "decrypt", {"CiphertextBlob": b"a name", "KeyId": "{IdentityKeyId}"}),
    ("build_report", "s3", "put_object", {"Bucket": "{AttachmentsName}", "Key": "letters/1", "Body": b""}),
    ("build_report", "kms", "generate_data_key", {"KeyId": "{IdentityKeyId}", "KeySpec": "AES_256"}),
    ("deliver", "kms", "generate_data_key", {"KeyId": "{IdentityKeyId}", "KeySpec": "AES_256"}),
    ("sweep", "s3", "get_object", {"Bucket": "{AttachmentsName}", "Key": "attachments/1"}),
    ("sweep", "s3", "delete_object", {"Bucket": "{AttachmentsName}", "Key": "reports/1"}),
    ("sweep", "kms", "decrypt", {"KeyId": "{IdentityKeyId}", "CiphertextBlob": b"a key"}),
    ("api", "kms", "encrypt", {"KeyId": "{IdentityKeyId}", "Plaintext": b"a name"}),
    ("api", "cognito-idp", "list_users", {"UserPoolId": "{StaffId}"}),
]
ALLOWED = [
    ("deliver", "dynamodb", "get_item", {"TableName": "{TableName}", "Key": {"PK": {"S": "T"}, "SK": {"S": "A"}}}),
    ("deliver", "secretsmanager", "get_secret_value", {"SecretId": "{DeskSecretsArn}"}),
    ("build_report", "s3", "put_object", {"Bucket": "{AttachmentsName}", "Key": "reports/1", "Body": b""}),
    ("sweep", "s3", "delete_object", {"Bucket": "{AttachmentsName}", "Key": "attachments/1"}),
    ("api", "kms", "generate_data_key", {"KeyId": "{IdentityKeyId}", "KeySpec": "AES_256"}),
]


@pytest.mark.parametrize(("function", "service", "verb", "what"), FORBIDDEN, ids=lambda value: str(value)[:24])
def test_a_function_cannot_do_what_is_not_its_work(
    stack: Any, function: str, service: str, verb: str, what: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as refused:
        as_function(stack, function, service, verb, what)
    code = refused.value.response["Error"]["Code"]
    assert code.startswith("AccessDenied") or code == "AuthorizationError"  # which is SNS's word for it


@pytest.mark.parametrize(("function", "service", "verb", "what"), ALLOWED, ids=lambda value: str(value)[:24])
def test_a_function_can_do_its_work(stack: Any, function: str, service: str, verb: str, what: dict[str, Any]) -> None:
    assert as_function(stack, function, service, verb, what)["ResponseMetadata"]["HTTPStatusCode"] in (200, 204)


def as_function(stack: Any, function: str, service: str, verb: str, what: dict[str, Any]) -> Any:
    """One call with the rights of a function; `{Name}` stands for an output of the stack."""
    role = stack.client("lambda").get_function_configuration(FunctionName=stack.functions[function])["Role"]
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "*", "Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    stack.client("iam").update_assume_role_policy(RoleName=role.rpartition("/")[2], PolicyDocument=trust)
    keys = stack.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    client = boto3.client(
        service,
        endpoint_url=stack.endpoint_url,
        region_name=REGION,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    said = {k: v.format(**stack.outputs) if isinstance(v, str) else v for k, v in what.items()}
    return getattr(client, verb)(**said)
