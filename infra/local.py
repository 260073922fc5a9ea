"""`make run`: everything needed, then the product on a local AWS, until Ctrl-C. Its state is kept for the next time.

The standard library only: it runs on a bare python3 and installs the rest.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import FrameType

from infra import bootstrap
from infra.bootstrap import LOCAL, ROOT
from infra.emulator import Emulator, EmulatorError

PORT = 4720
STACK = LOCAL / "stack.json"
OUT = LOCAL / "out"
_began = time.monotonic()


def say(text: str) -> None:
    print(f"{time.monotonic() - _began:6.1f} s  {text}", flush=True)


@contextmanager
def the_only_one() -> Iterator[None]:
    """Two emulators on one state would each overwrite what the other saved."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("`make run` is already at work in this folder") from None
        yield


def interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def module(name: str, *arguments: str) -> None:
    """Run a module of ours in the project's environment."""
    command = [str(LOCAL / "venv" / "bin" / "python"), "-m", name, *arguments]
    # Chalice asks a terminal on its input what it can do, and the answers would be left in the shell.
    subprocess.run(command, check=True, cwd=ROOT, env=bootstrap.environment(), stdin=subprocess.DEVNULL)


def bring_up(emulator: Emulator) -> None:
    """Install and start the emulator while the application is installed and packaged, then join the two."""
    with ThreadPoolExecutor(1) as aside:
        starting = aside.submit(emulator.start)
        bootstrap.project()
        say("libraries are here")
        module("infra.package", "local", str(OUT), "--here")
        starting.result()
    say(f"a local AWS runs at {emulator.endpoint}")
    module("infra.up", emulator.endpoint, str(OUT), str(STACK))
    say("it answers; its demo's cases are being put there")
    module("infra.demo_cases", emulator.endpoint, str(STACK))
    say("Ready. Ctrl-C ends it and keeps its state.")


def main() -> None:
    if sys.version_info < bootstrap.OLDEST:
        raise SystemExit("Redress needs Python 3.11 or newer")
    emulator = Emulator(int(os.environ.get("PORT") or PORT), LOCAL / "run")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a shell's background jobs ignore the first
        signal.signal(number, interrupt)
    with the_only_one():
        STACK.unlink(missing_ok=True)
        try:
            emulator.refuse_taken_port()
            bring_up(emulator)
            while emulator.running():
                time.sleep(0.5)
            raise SystemExit(f"the local AWS ended by itself; its log is {emulator.log}")
        except KeyboardInterrupt:
            say("stopping; the state is being saved")
        except EmulatorError as error:
            raise SystemExit(str(error)) from error
        except subprocess.CalledProcessError as error:
            raise SystemExit(f"{' '.join(error.cmd[1:4])} failed") from error
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)  # what is being saved is saved whole
            STACK.unlink(missing_ok=True)
            emulator.stop()


if __name__ == "__main__":
    main()
