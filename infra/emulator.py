"""MiniStack, the local AWS: installed into its own environment, started, and stopped so that its state is kept.

The standard library only: it starts while the rest is still being installed.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from infra import bootstrap

# Of its own (infra/locks/emulator.txt), because functions would find its packages and hide that theirs are missing.
REQUIREMENTS = ["ministack==1.5.33", "cryptography", "aws-sam-translator"]
REGION = "us-east-1"
STARTING = 30.0
STOPPING = 30.0


class EmulatorError(Exception):
    """What a person can act on: a port that is taken, an emulator that ended."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def credentials(endpoint: str) -> dict[str, str]:
    """The environment in which boto3 talks to the emulator at `endpoint`, and to nothing else."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


class Emulator:
    """One MiniStack on `port`, its state in `folder`. With `auth`, each function may do only what its role allows."""

    def __init__(self, port: int, folder: Path, *, auth: bool = False) -> None:
        self.port = port
        self.folder = folder
        self.auth = auth
        self.endpoint = f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / "emulator.log"

    def start(self) -> None:
        """Install it if need be, start it, and wait until it answers."""
        self.refuse_taken_port()
        python = bootstrap.venv("emulator", "emulator")
        # Functions unpack themselves here, 50 MB each, and never tidy up.
        shutil.rmtree(self.folder / "tmp", ignore_errors=True)
        (self.folder / "tmp").mkdir(parents=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(python.parent / "ministack")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment(),
                start_new_session=True,  # Ctrl-C is for us; we stop it ourselves, gently
            )
        self._wait_until_up()

    def stop(self) -> None:
        """Ask it to end, wait while it saves its state, and leave nothing of its process group behind."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOPPING)
            except subprocess.TimeoutExpired:
                print(
                    f"the local AWS did not end in {STOPPING:.0f} s and is killed: what it held since its start is lost"
                )
        with contextlib.suppress(ProcessLookupError):  # nothing was left
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        shutil.rmtree(self.folder / "tmp", ignore_errors=True)

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in bootstrap.environment().items() if not name.startswith("AWS_")}
        return {
            **inherited,
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "AUTH": str(self.auth).lower(),
            "LAMBDA_EXECUTOR": "local",
            "LAMBDA_ACCOUNT_CONCURRENCY": "6",
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.folder / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.folder / "s3"),
            "TMPDIR": str(self.folder / "tmp"),
            "LOG_LEVEL": "WARNING",
        }

    def refuse_taken_port(self) -> None:
        """Raise EmulatorError when something else listens there."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise EmulatorError(
                    f"port {self.port} is taken; choose another: make run PORT={self.port + 1}"
                ) from error

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + STARTING
        while time.monotonic() < deadline:
            if not self.running():
                break
            try:
                with urllib.request.urlopen(f"{self.endpoint}/_ministack/health", timeout=2):  # noqa: S310 # our own
                    return
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                time.sleep(0.05)
        self.stop()
        raise EmulatorError(f"the local AWS did not start; its log is {self.log}")
