"""Deploy a package: `python -m infra.deploy STAGE OUT`, its settings in infra/stages/STAGE.json.

Works alike on AWS and on a local one (AWS_ENDPOINT_URL). Nothing but boto3, and credentials where boto3 finds them.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.template import ARTEFACT, ROOT

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client

STAGES = ROOT / "infra" / "stages"
# CloudFormation takes a longer template from S3 only.
INLINE_LIMIT = 51_200
UNCHANGED = ("didn't contain changes", "No updates are to be performed")


class DeployError(Exception):
    """What a person can act on: a setting that is missing or unknown, a stack that failed and why."""


def stack_name(stage: str) -> str:
    return f"redress-{stage}"


def settings(stage: str, folder: Path = STAGES) -> dict[str, str]:
    """The parameters of `stage` from its file, which holds one flat object of texts."""
    path = folder / f"{stage}.json"
    if not path.exists():
        raise DeployError(f"{path} is missing: copy {folder / 'example.json'} and fill it in")
    found = json.loads(path.read_text(encoding="utf-8"))
    if wrong := [name for name, value in found.items() if not isinstance(value, str)]:
        raise DeployError(f"{path}: {', '.join(sorted(wrong))} must be text")
    return dict(found)


def parameters(template: Mapping[str, Any], given: Mapping[str, str]) -> list[dict[str, str]]:
    """`given` as CloudFormation takes it; every unknown and every missing name is told at once."""
    declared = template["Parameters"]
    unknown = sorted(given.keys() - declared.keys())
    missing = sorted(name for name, entry in declared.items() if "Default" not in entry and name not in given)
    problems = [f"unknown setting {name}" for name in unknown] + [f"setting {name} is missing" for name in missing]
    if problems:
        raise DeployError("; ".join(problems))
    return [{"ParameterKey": name, "ParameterValue": given[name]} for name in sorted(given)]


def with_code(template: Mapping[str, Any], bucket: str, key: str) -> dict[str, Any]:
    """The template with each function's code where it was uploaded."""
    placed: dict[str, Any] = json.loads(json.dumps(template))
    for resource in placed["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function" and resource["Properties"]["CodeUri"] == ARTEFACT:
            resource["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
    return placed


def _bucket(s3: "S3Client", stack: str) -> str:
    """The bucket of uploaded packages, made private on first use. Its name is the account's and region's own."""
    account = boto3.client("sts").get_caller_identity()["Account"]
    region = s3.meta.region_name
    name = f"{stack}-artefacts-{account}-{region}"
    try:
        s3.head_bucket(Bucket=name, ExpectedBucketOwner=account)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise
        where: Any = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=name, **where)
        closed = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(closed, True))  # type: ignore[arg-type] # the stub wants a literal
    return name


def _upload(s3: "S3Client", bucket: str, body: bytes, suffix: str) -> str:
    """Put `body` under the hash of itself, so that the same package changes nothing."""
    key = hashlib.sha256(body).hexdigest()[:32] + suffix
    s3.put_object(Bucket=bucket, Key=key, Body=body)
    return key


def _exists(cloudformation: "CloudFormationClient", stack: str) -> bool:
    try:
        status = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return False
    if status == "ROLLBACK_COMPLETE":
        raise DeployError(f"{stack} failed to be created and can only be deleted: aws cloudformation delete-stack")
    return status != "REVIEW_IN_PROGRESS"


def _change_set(
    cloudformation: "CloudFormationClient", stack: str, request: dict[str, Any], pause: float
) -> str | None:
    """Make a change set and wait for it; None when there is nothing to change, which AWS tells as a failure."""
    name = f"deploy-{time.time_ns()}"
    kind: Literal["CREATE", "UPDATE"] = "UPDATE" if _exists(cloudformation, stack) else "CREATE"
    cloudformation.create_change_set(
        StackName=stack,
        ChangeSetName=name,
        ChangeSetType=kind,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Tags=[{"Key": "application", "Value": "redress"}],
        **request,
    )
    while True:
        found = cloudformation.describe_change_set(StackName=stack, ChangeSetName=name)
        if found["Status"] == "CREATE_COMPLETE":
            print(f"{stack}: {kind.lower()}, {len(found['Changes'])} changes", flush=True)
            return name
        if found["Status"] == "FAILED":
            cloudformation.delete_change_set(StackName=stack, ChangeSetName=name)
            reason = found.get("StatusReason", "")
            if any(text in reason for text in UNCHANGED):
                print(f"{stack}: nothing to change", flush=True)
                return None
            raise DeployError(f"{stack}: {reason}")
        time.sleep(pause)


def _finish(cloudformation: "CloudFormationClient", stack: str, pause: float) -> None:
    while True:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        status = found["StackStatus"]
        if status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            return
        if not status.endswith("IN_PROGRESS"):
            events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
            reasons = [
                f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
                for event in events
                if event["ResourceStatus"].endswith("_FAILED")
            ]
            raise DeployError("\n  ".join([f"{stack}: {status}", *reasons[:20]]))
        time.sleep(pause)


def deploy(stage: str, out: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Deploy what infra.package wrote into `out`; the outputs of the stack. Raises DeployError."""
    template = json.loads((out / "template.json").read_text(encoding="utf-8"))
    values = parameters(template, {"Stage": stage, **given})
    pause = 0.2 if given.get("LocalEndpoint") else 2.0
    stack = stack_name(stage)
    # Path style: a local AWS has no name for each bucket.
    style: Any = {"addressing_style": "path" if given.get("LocalEndpoint") else "auto"}
    s3 = boto3.client("s3", config=Config(s3=style))
    cloudformation = boto3.client("cloudformation")
    bucket = _bucket(s3, stack)
    key = _upload(s3, bucket, (out / "deployment.zip").read_bytes(), ".zip")
    body = json.dumps(with_code(template, bucket, key), separators=(",", ":"))
    where = {"TemplateBody": body}
    if len(body.encode()) > INLINE_LIMIT:
        where = {"TemplateURL": f"{_address(s3, bucket)}/{_upload(s3, bucket, body.encode(), '.json')}"}
    if change := _change_set(cloudformation, stack, {"Parameters": values, **where}, pause):
        cloudformation.execute_change_set(StackName=stack, ChangeSetName=change)
        _finish(cloudformation, stack, pause)
    return outputs_of(cloudformation, stack)


def outputs_of(cloudformation: "CloudFormationClient", stack: str) -> dict[str, str]:
    """What a deployed stack says of itself. Raises DeployError where there is none."""
    if not _exists(cloudformation, stack):
        raise DeployError(f"{stack} is not deployed")
    outputs = cloudformation.describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
    return {output["OutputKey"]: output["OutputValue"] for output in outputs}


def _address(s3: "S3Client", bucket: str) -> str:
    """The address of `bucket`, by path: CloudFormation reads it on AWS and on a local one."""
    return f"{s3.meta.endpoint_url}/{bucket}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage")
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    try:
        outputs = deploy(asked.stage, asked.out, settings(asked.stage))
    except DeployError as error:
        raise SystemExit(str(error)) from error
    for name, value in sorted(outputs.items()):
        print(f"  {name:24} {value}")
    if "ReceiptRulesName" in outputs:
        print("SES follows one set of receipt rules in a region. To take mail by this stack's:")
        print(f"  aws ses set-active-receipt-rule-set --rule-set-name {outputs['ReceiptRulesName']}")


if __name__ == "__main__":
    main()
