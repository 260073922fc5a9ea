"""The API against its own description, on the deployed desk: schemathesis makes up what could be sent.

It looks for failures of the server, answers that are not described, bodies and headers other than described, bad input
that is taken, good input that is refused, and doors that open without a sign-in. How, and what it is told: `contract/`.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
import requests

from chalicelib.desk.people import Organisation
from infra import bootstrap, seed
from tests.deployed.conftest import Deployed, parts
from tests.deployed.desk import Desk, eventually

ORG, ADMINISTRATOR, MEMBER = "t-contract", "t.wu", "t.wang"
CONFIG = Path(__file__).parent / "contract" / "schemathesis.toml"
PATIENCE = 600
TOKEN = "the-token-of-a-request"
BRIEFLY = ("--phases", "fuzzing", "--mode", "positive", "--max-time", "12")


@pytest.fixture(scope="module")
def told(stack: Deployed, desk: Desk) -> dict[str, str]:
    """An organisation of its own, since an administrator's made-up entries spoil it, and what the run knows of it."""
    [model] = [one for one in seed.organisations() if one.id == "c-company"]
    text = msgspec.json.encode(model).decode().replace('"c.', '"t.').replace('"complaints@', '"contract@')
    organisation = msgspec.structs.replace(msgspec.json.decode(text, type=Organisation), id=ORG)
    with pytest.MonkeyPatch.context() as patch:
        world = parts(stack, patch)
        seed.put_directory(world, [organisation])
        seed.put_sign_ins(stack.outputs["StaffId"], [organisation])
        secret, key = world.webhook_secret(ORG), world.open311_key(ORG)
    eventually(lambda: desk.get("/v1/admin/sites", by=ADMINISTRATOR).status == 200, "administrator", 60)
    posting = {"org": ORG, "customer": {"phone": "13800138000"}, "content": {"details": "停水"}}
    case, spare = (desk.registers(posting, by=ADMINISTRATOR) for _ in range(2))
    asked = {"jurisdiction_id": ORG, "api_key": key, "service_code": "equipment", "description": "停水"}
    token = {"Idempotency_Key": TOKEN, "Content_Type": "application/x-www-form-urlencoded"}
    assert desk.call("POST", "/open311/v2/requests.json", raw=urlencode(asked).encode(), **token).status == 201
    crm = {"id": "crm", "url": "https://crm.example.org/redress", "events": ["closed"]}
    assert desk.call("PUT", "/v1/admin/webhooks", crm, by=ADMINISTRATOR).status == 200
    return {
        "CONTRACT_ORG": ORG, "CONTRACT_NUMBER": case.number, "CONTRACT_CODE": case.receipt["query_code"],
        "CONTRACT_SPARE": spare.number, "CONTRACT_SECRET": secret, "CONTRACT_KEY": key,
        "CONTRACT_FILE": sent(desk, f"/v1/tickets/{case.number}/attachments", "", by=ADMINISTRATOR),
        "CONTRACT_OWN_FILE": sent(desk, f"/v1/complaints/{case.number}/attachments", f"?token={case.proof}"),
    }  # fmt: skip


def sent(desk: Desk, path: str, proof: str, **how: str) -> str:
    """The id of a file that is part of the case."""
    content = "停水通知".encode()
    told = {"name": "note.txt", "kind": "text/plain", "size": len(content), "sha256": sha256(content).hexdigest()}
    form = desk.post(path + proof, told, **how).body
    requests.post(form["url"], data=form["fields"], files={"file": content}, timeout=30).raise_for_status()
    assert desk.post(f"{path}/{form['id']}{proof}", {}, **how).status == 201
    return str(form["id"])


def drive(
    desk: Desk, folder: Path, told: dict[str, str], *options: str,
    wanted: Callable[[dict[str, Any]], bool] = bool,
) -> None:  # fmt: skip
    """Run schemathesis on the wanted operations; what it finds fails the test in its words."""
    described = desk.get("/openapi.json").body
    for methods in described["paths"].values():
        for method in [method for method, operation in methods.items() if not wanted(operation)]:
            del methods[method]
    file = folder / "openapi.json"
    file.write_text(fitted(json.dumps(described, ensure_ascii=False), told["CONTRACT_NUMBER"]), encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", str(file)]
    command += ["--url", desk.stack.api_url, "--checks", "all", "--no-color", *options]
    told = {**os.environ, "PYTHONPATH": str(bootstrap.ROOT), **told}
    done = subprocess.run(
        command, cwd=folder, env=told, capture_output=True, text=True, check=False, timeout=PATIENCE
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]


def fitted(description: str, number: str) -> str:
    """Its examples name what is there: this organisation, its people, its case and its request."""
    description = re.sub(r'(?<!"procedure": )"c-company"', f'"{ORG}"', description.replace('"c.', '"t.'))
    return re.sub(r'"261122-5019700(\.json)?"', rf'"{number}\1"', description).replace("crm-2026-0007", TOKEN)


def test_whatever_is_sent_the_answer_is_one_that_is_described(desk: Desk, told: dict[str, str], tmp_path: Path) -> None:
    drive(desk, tmp_path, {**told, "CONTRACT_TOKEN": desk.token(ADMINISTRATOR)})


def test_who_does_not_sign_in_is_told_so_whatever_they_ask_of_the_staffs(
    desk: Desk, told: dict[str, str], tmp_path: Path
) -> None:
    closed = {**told, "CONTRACT_TOKEN": "nobody", "CONTRACT_ONLY": "401"}
    drive(desk, tmp_path, closed, *BRIEFLY, wanted=lambda operation: operation.get("security") == [{"staff": []}])


def test_who_is_no_administrator_is_told_so_whatever_they_ask_of_theirs(
    desk: Desk, told: dict[str, str], tmp_path: Path
) -> None:
    closed = {**told, "CONTRACT_TOKEN": desk.token(MEMBER), "CONTRACT_ONLY": "403"}
    drive(desk, tmp_path, closed, *BRIEFLY, wanted=lambda operation: operation["tags"] == ["admin"])
