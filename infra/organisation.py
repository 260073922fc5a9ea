"""The first organisation of a deployment: `python -m infra.organisation STAGE FILE.yaml`, as those of infra/demo/.

Whoever signs in belongs to an organisation that has to be there, with somebody who may change it. The file says both;
everything after that is for its administrators, over the API. boto3 finds the deployment where it finds AWS.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import boto3
import msgspec
import yaml

from chalicelib.desk.errors import BadInput, Refusal
from chalicelib.desk.people import Organisation
from infra import deploy, seed


def read(path: Path) -> Organisation:
    """The organisation that a file says. Raises DeployError."""
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Organisation)
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise deploy.DeployError(f"{path}: {error}") from error


def put(organisation: Organisation, into: Callable[[Organisation], None]) -> None:
    """Have it written. Raises DeployError with everything that stands against it, a line each."""
    try:
        into(organisation)
    except BadInput as bad:
        lines = [f"  {problem.field} {problem.problem}" for problem in bad.problems]
        raise deploy.DeployError("\n".join([bad.detail, *lines])) from bad
    except Refusal as refusal:
        raise deploy.DeployError(refusal.detail) from refusal


def sign_ins(organisation: Organisation, pool: str) -> list[str]:
    """The commands that let its administrators sign in; Cognito mails each a password to begin with."""
    site = next(iter(organisation.sites))
    return [
        f"aws cognito-idp admin-create-user --user-pool-id {pool} --username {person.id} --user-attributes "
        f"Name=email,Value={person.email} Name=custom:org,Value={organisation.id} Name=custom:site,Value={site}"
        for person in organisation.staff.values()
        if person.admin and person.active
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage")
    parser.add_argument("file", type=Path)
    asked = parser.parse_args()
    try:
        organisation = read(asked.file)
        outputs = deploy.outputs_of(boto3.client("cloudformation"), deploy.stack_name(asked.stage))
        put(organisation, seed.world(outputs).directory.put_organisation)
    except deploy.DeployError as error:
        raise SystemExit(str(error)) from error
    print(f"{organisation.id} is there. Let its administrators sign in:")
    for command in sign_ins(organisation, outputs["StaffId"]):
        print(f"  {command}")


if __name__ == "__main__":
    main()
