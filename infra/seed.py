"""The demo: an organisation for each file of infra/demo/, and a sign-in for each of its people."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import msgspec
import yaml

from chalicelib import settings
from chalicelib.desk.people import Organisation, Person
from chalicelib.wiring import World

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

DEMO = Path(__file__).parent / "demo"
HOTLINE = "c-company"  # whose hotline's calls a tool may sign, and to which one may post by Open311
PASSWORD = "Demo-complaints-2026"  # noqa: S105 # printed by `make run`, for a desk that only this machine reaches


def organisations(folder: Path = DEMO) -> list[Organisation]:
    """The organisations of the demo files, each a whole directory."""
    paths = sorted(folder.glob("*.yaml"))
    return [msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Organisation) for path in paths]


def sign_ins(organisation: Organisation) -> Iterator[dict[str, str]]:
    """One entry for each post of each person, as .local/stack.json lists them.

    `admin` is one more of whoever may change the directory, `staff` that of whoever has none.
    """
    for person in organisation.staff.values():
        posts = [
            (site.id, role)
            for site in organisation.sites.values()
            for role, people in site.posts.items()
            if person.id in people
        ]
        if person.admin or not posts:
            posts += [(site, "admin" if person.admin else "staff") for site in list(organisation.sites)[:1]]
        for site, role in posts:
            yield {
                "org": organisation.id,
                "site": site,
                "role": role,
                "username": person.id,
                "password": PASSWORD,
            }


def _usernames(cognito: "CognitoIdentityProviderClient", pool: str) -> set[str]:
    pages = cognito.get_paginator("list_users").paginate(UserPoolId=pool)
    return {user["Username"] for page in pages for user in page["Users"]}


def _add(cognito: "CognitoIdentityProviderClient", pool: str, org: str, site: str, person: Person) -> None:
    cognito.admin_create_user(
        UserPoolId=pool,
        Username=person.id,
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "name", "Value": person.name},
            {"Name": "custom:org", "Value": org},
            {"Name": "custom:site", "Value": site},
        ],
    )
    cognito.admin_set_user_password(UserPoolId=pool, Username=person.id, Password=PASSWORD, Permanent=True)


def put_sign_ins(pool: str, demo: Iterable[Organisation]) -> list[dict[str, str]]:
    """Let everyone sign in who cannot yet; all sign-ins, for .local/stack.json."""
    cognito = boto3.client("cognito-idp")
    known = _usernames(cognito, pool)
    users = []
    for organisation in demo:
        theirs = list(sign_ins(organisation))
        users += theirs
        sites = {entry["username"]: entry["site"] for entry in theirs}
        for username, site in sites.items():
            if username not in known:
                _add(cognito, pool, organisation.id, site, organisation.staff[username])
    return users


def world(outputs: Mapping[str, str]) -> World:
    """The product's own parts, with the settings that its functions were deployed with."""
    deployed = boto3.client("lambda").get_function_configuration(FunctionName=outputs["APIHandlerName"])
    return World(settings.read(deployed["Environment"]["Variables"]))


def put_directory(parts: World, demo: Iterable[Organisation]) -> None:
    """Put each organisation that is not there yet, its duties armed: what people changed in theirs stays."""
    directory = parts.stores.directory
    for organisation in demo:
        if directory.organisation(organisation.id) is None:
            directory.put_organisation(organisation)
        for site in organisation.sites:
            parts.duties.begin(organisation.id, site)


def seed(outputs: Mapping[str, str]) -> dict[str, Any]:
    """Put the demo into the deployment with these outputs, again and again without harm; its part of stack.json.

    boto3 finds the deployment by os.environ.
    """
    demo, parts = organisations(), world(outputs)
    put_directory(parts, demo)
    return {
        "users": put_sign_ins(outputs["StaffId"], demo),
        "webhook_secret": parts.webhook_secret(HOTLINE),
        "open311_key": parts.open311_key(HOTLINE),
    }
