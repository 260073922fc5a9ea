"""The product on a local AWS: deployed, found again, and described for any tool that drives it."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra import deploy

STAGE = "local"
DOMAIN = "desk.localhost"  # every browser resolves *.localhost to this machine; Python does not
FUNCTIONS = {
    "api": "APIHandlerName",
    "sweep": "SweepName",
    "sweep_shard": "SweepShardName",
    "deliver": "DeliverName",
    "announce": "AnnounceName",
    "build_report": "BuildReportName",
    "receive_mail": "ReceiveMailName",
    "record_delivery": "RecordDeliveryName",
}
ANSWERING = 60.0


@dataclass(frozen=True)
class Stack:
    """A deployment: where the local AWS is (`http://127.0.0.1:PORT`), and the outputs of the stack on it."""

    endpoint: str
    outputs: Mapping[str, str]

    @property
    def public_url(self) -> str:
        """For browsers, and in every link the product writes."""
        return public_url(self.endpoint)

    @property
    def api_url(self) -> str:
        """The same routes by number, for tools that resolve no *.localhost."""
        stage = self.outputs["ApiStage"]
        return f"{self.endpoint}/restapis/{self.outputs['RestAPIId']}/{stage}/_user_request_"

    @property
    def mail_url(self) -> str:
        return f"{self.endpoint}/_ministack/ses/messages"

    @property
    def sms_url(self) -> str:
        return f"{self.endpoint}/_ministack/sns/sms-messages"

    @property
    def functions(self) -> dict[str, str]:
        """Name in app.py to name on AWS."""
        return {name: self.outputs[output] for name, output in FUNCTIONS.items()}

    def wait_until_it_answers(self) -> None:
        """The first answer waits for a cold start. Raises DeployError with what the product said instead."""
        deadline = time.monotonic() + ANSWERING
        said = "nothing"
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.api_url}/healthz", timeout=30):  # noqa: S310 # our own
                    return
            except urllib.error.HTTPError as error:
                said = f"{error.code} {error.read(500).decode(errors='replace')}"
            except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
                said = str(error)
            time.sleep(0.5)
        raise deploy.DeployError(f"{self.api_url}/healthz does not answer: {said}")

    def describe(self, seeded: Mapping[str, Any]) -> dict[str, Any]:
        """What .local/stack.json holds."""
        return {
            "public_url": self.public_url,
            "api_url": self.api_url,
            "table": self.outputs["TableName"],
            "endpoint_url": self.endpoint,
            "mail_url": self.mail_url,
            "sms_url": self.sms_url,
            "client_id": self.outputs["StaffClientId"],
            **seeded,
            "functions": self.functions,
        }


def public_url(endpoint: str) -> str:
    return f"http://{DOMAIN}:{endpoint.rpartition(':')[2]}"


def deploy_to(endpoint: str, out: Path) -> Stack:
    """Deploy what infra.package wrote into `out` to the local AWS at `endpoint`, for which os.environ is set up."""
    settings = {
        "LocalEndpoint": endpoint,
        "PublicUrl": public_url(endpoint),
        "DomainName": DOMAIN,
        "CertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/local",
        "MailDomain": "desk.example",
        "ProtectData": "false",
    }
    return Stack(endpoint, deploy.deploy(STAGE, out, settings))


def write(path: Path, description: Mapping[str, Any]) -> None:
    """Write it whole or not at all: tools wait for this file."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(description, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.rename(path)
