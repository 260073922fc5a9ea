"""Import and first client of the packaged artefact, against a bare boto3 client on the same libraries.

Both run in a fresh process that sees the unpacked artefact alone (`python -I`), byte-compiled and slimmed as it is
deployed. The artefact imports what Lambda's handler string names, and makes the client that the table is read with.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from infra import package
from tests.bench.figures import Figure
from tests.conftest import ENVIRONMENT

ROUNDS = 15
LIMIT, AIM = 1.2, 1.0

TIMED = """
import sys, time
start = time.process_time()
sys.path[:0] = [{folder!r}]
{code}
print(time.process_time() - start, len(sys.modules))
"""
BARE = """
import boto3
boto3.client("dynamodb")
"""
OURS = """
import app
from chalicelib.wiring import world
from chalicelib.storage.rows import Row
world().stores
Row._get_connection().connection.client
"""


def run() -> list[Figure]:
    """The ratio of the least CPU seconds of each side, by turns."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = _unpacked(Path(scratch))
        rounds = [(_seconds(BARE, folder), _seconds(OURS, folder)) for _ in range(ROUNDS)]
    bare, ours = (min(side) for side in zip(*rounds, strict=True))
    return [
        Figure(
            what="cold start, CPU: import and first client : boto3's", measured=ours / bare,
            limit=LIMIT, aim=AIM,
        ),
        Figure(what="… ours, CPU here", measured=ours * 1000, unit="ms"),
        Figure(what="… boto3 alone, CPU here", measured=bare * 1000, unit="ms"),
    ]  # fmt: skip


def _unpacked(scratch: Path) -> Path:
    package.build("prod", scratch, package.HERE)
    folder = scratch / "unpacked"
    with zipfile.ZipFile(scratch / "deployment.zip") as archive:
        archive.extractall(folder)
    return folder


def _seconds(code: str, folder: Path) -> float:
    command = [sys.executable, "-I", "-c", TIMED.format(folder=str(folder), code=code)]
    environment = {**ENVIRONMENT, "TABLE": "redress", "SECRETS_ARN": "arn:aws:secretsmanager:::secret:desk"}
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[0])
