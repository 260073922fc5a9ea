"""The product, packaged and deployed once, on a local AWS where each function may do only what its role allows."""
# it opens this machine's own addresses, and starts our own modules

import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from msgspec.structs import replace

from chalicelib.wiring import World
from infra import bootstrap, deploy, seed, sign_in
from infra.emulator import Emulator, credentials, free_port
from infra.seed import PASSWORD
from infra.stack import STAGE
from tests.deployed.desk import Desk

FOLDER = bootstrap.LOCAL / "deployed"
HERE = Path(__file__).parent

collect_ignore = ["contract"]  # schemathesis loads it, in a process of its own


@dataclass(frozen=True)
class Deployed:
    """A running product and what a test needs to drive it. `described` is what .local/stack.json holds."""

    described: dict[str, Any]
    outputs: dict[str, str]

    @property
    def api_url(self) -> str:
        return str(self.described["api_url"])

    @property
    def public_url(self) -> str:
        return str(self.described["public_url"])

    @property
    def endpoint_url(self) -> str:
        return str(self.described["endpoint_url"])

    @property
    def users(self) -> list[dict[str, str]]:
        return list(self.described["users"])

    @property
    def functions(self) -> dict[str, str]:
        return dict(self.described["functions"])

    def client(self, service: str) -> Any:
        """A boto3 client with an administrator's rights."""
        return client(service, self.endpoint_url)

    def invoke(self, function: str, event: dict[str, Any] | None = None) -> Any:
        """What `function` (its name in app.py) returns for `event`; its failure fails the test."""
        answer = self.client("lambda").invoke(
            FunctionName=self.functions[function], Payload=json.dumps(event or {}).encode()
        )
        payload = answer["Payload"].read()
        assert "FunctionError" not in answer, f"{function}: {payload.decode()}"
        return json.loads(payload) if payload else None

    def sweep(self) -> Any:
        """One minute's sweep, as EventBridge calls it."""
        return self.invoke(
            "sweep",
            {
                "version": "0",
                "id": "00000000-0000-0000-0000-000000000000",
                "source": "aws.events",
                "detail-type": "Scheduled Event",
                "account": "000000000000",
                "time": "2026-11-22T00:00:00Z",
                "region": "us-east-1",
                "resources": [],
                "detail": {},
            },
        )

    def mail(self) -> list[dict[str, Any]]:
        """Every e-mail sent so far, oldest first."""
        return [message for sent in self._read("mail_url")["messages"].values() for message in sent]

    def sms(self) -> dict[str, list[dict[str, Any]]]:
        """Every SMS sent so far, by telephone number."""
        return dict(self._read("sms_url")["sms_messages"])

    def id_token(self, username: str, password: str = PASSWORD) -> str:
        """The ID token with which `username` calls the API."""
        return sign_in.id_token(self.described, username, password)

    def _read(self, which: str) -> Any:
        with urllib.request.urlopen(self.described[which], timeout=10) as answer:
            return json.load(answer)


def client(service: str, endpoint: str) -> Any:
    keys = credentials(endpoint)
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=keys["AWS_DEFAULT_REGION"],
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
    )


def module(name: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", name, *arguments], cwd=bootstrap.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{name}:\n{done.stdout}\n{done.stderr}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("deployed")
    items.sort(key=lambda item: item.path.name == "test_contract.py")  # the last: it leaves hundreds of letters to send


@pytest.fixture(scope="session")
def stack() -> Iterator[Deployed]:
    """Everything, from the package to the first answer; its state is thrown away."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    emulator = Emulator(free_port(), FOLDER, auth=True)
    emulator.start()
    try:
        module("infra.package", STAGE, str(FOLDER / "out"), "--here")
        module("infra.up", emulator.endpoint, str(FOLDER / "out"), str(FOLDER / "stack.json"))
        described = json.loads((FOLDER / "stack.json").read_text(encoding="utf-8"))
        found = client("cloudformation", emulator.endpoint).describe_stacks(StackName=deploy.stack_name(STAGE))
        outputs = {output["OutputKey"]: output["OutputValue"] for output in found["Stacks"][0]["Outputs"]}
        nobody_sleeps(emulator.endpoint, outputs)
        yield Deployed(described, outputs)
    finally:
        emulator.stop()


def nobody_sleeps(endpoint: str, outputs: dict[str, str]) -> None:
    """Take everyone's quiet hours away: at night, on the desk's clock, letters to them would wait for the morning."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in credentials(endpoint).items():
            environment.setenv(name, value)
        directory = seed.world(outputs).stores.directory
        for organisation in seed.organisations():
            for person in organisation.staff.values():
                if person.quiet:
                    directory.put(organisation.id, "staff", person.id, replace(person, quiet=None))


@pytest.fixture(scope="session")
def desk(stack: Deployed) -> Desk:
    """The running desk, driven from outside."""
    return Desk(stack)


@pytest.fixture
def world(stack: Deployed, monkeypatch: pytest.MonkeyPatch) -> World:
    """The product's own parts on the deployed table and bucket, with an administrator's rights."""
    return parts(stack, monkeypatch)


def parts(stack: Deployed, patch: pytest.MonkeyPatch) -> World:
    """The product's own parts, as long as the patch holds."""
    patch.delenv("AWS_SESSION_TOKEN", raising=False)
    for name, value in credentials(stack.endpoint_url).items():
        patch.setenv(name, value)
    return seed.world(stack.outputs)
