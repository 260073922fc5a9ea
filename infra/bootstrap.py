"""From a bare python3 to an environment that can work: `python3 -m infra.bootstrap` prints its interpreter.

The standard library only: this runs first.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
OLDEST = (3, 11)
UV = "uv==0.13.9"


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold the lock `name`: two commands started at once install once."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def environment() -> dict[str, str]:
    """This process's, but with bytecode kept: without it every start compiles everything again."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV"}}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def locked(name: str) -> Path:
    """The lock `name`: packages with the hashes of their files, by which alone anything is installed."""
    return ROOT / "infra" / "locks" / f"{name}.txt"


def uv() -> str | None:
    """uv, installed into .local/uv unless the machine has it; None where it can't be had, and pip does the work."""
    own = LOCAL / "uv" / "bin" / "uv"
    with alone("uv"):
        if own.exists():
            return str(own)
        if found := shutil.which("uv"):
            works = subprocess.run([found, "--version"], capture_output=True, check=False, env=environment())
            if works.returncode == 0:
                return found
        install = [sys.executable, "-m", "pip", "install", "-q", "--target", str(LOCAL / "uv")]
        done = subprocess.run(
            [*install, *by_hash("uv")], capture_output=True, text=True, check=False, env=environment()
        )
        if done.returncode == 0 and own.exists():
            return str(own)
        print("uv could not be installed; going on with pip, which is slower", file=sys.stderr)
        return None


def by_hash(name: str) -> list[str]:
    """Arguments of pip install for the lock `name`."""
    return ["--require-hashes", "-r", str(locked(name))]


def venv(name: str, lock: str) -> Path:
    """The interpreter of .local/<name>, holding what `lock` names; remade when that changes."""
    folder = LOCAL / name
    python = folder / "bin" / "python"
    wanted = hashlib.sha256(sys.version.encode() + locked(lock).read_bytes()).hexdigest()
    stamp = folder / "holds"
    with alone(name):
        if stamp.exists() and stamp.read_text() == wanted:
            return python
        tool = uv()
        shutil.rmtree(folder, ignore_errors=True)
        if tool:
            commands = [
                [tool, "venv", "-q", "--python", sys.executable, str(folder)],
                [tool, "pip", "install", "-q", "--python", str(python), *by_hash(lock)],
            ]
        else:
            commands = [
                [sys.executable, "-m", "venv", str(folder)],
                [str(python), "-m", "pip", "install", "-q", *by_hash(lock)],
            ]
        for command in commands:
            subprocess.run(command, check=True, cwd=ROOT, env=environment())
        stamp.write_text(wanted)
    return python


def project() -> Path:
    """The interpreter that has everything the project needs, to run, test and check."""
    return venv("venv", "requirements-dev")


def main() -> None:
    if sys.version_info < OLDEST:
        raise SystemExit(f"Redress needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}")
    print(project())


if __name__ == "__main__":
    main()
