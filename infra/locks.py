"""`python -m infra.locks`: every package that is installed, with its files' hashes, from what the project asks for.

`--check` says offline whether the locks still fit; `--upgrade` takes the newest of what is not pinned by hand.
"""

import argparse
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra import bootstrap, emulator

ROOT = bootstrap.ROOT
OLDEST = ".".join(map(str, bootstrap.OLDEST))
# The first holds the others' packages too: what is shipped is then what was tested.
NAMES = ("requirements-dev", "requirements", "emulator", "uv")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def asked(name: str) -> list[str]:
    """What the lock `name` has to fulfil, as lines of a requirements file; `-r` is followed, comments are left out."""
    if name == "emulator":
        return emulator.REQUIREMENTS
    return [bootstrap.UV] if name == "uv" else list(_lines(ROOT / f"{name}.txt"))


def _lines(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            yield from _lines(file.parent / line[3:].strip())
        elif (said := line.partition(" #")[0].strip()) and not said.startswith("#"):
            yield said


def header(name: str) -> str:
    """The first line of a lock: of which requirements it was made."""
    digest = hashlib.sha256("\n".join([OLDEST, *sorted(asked(name))]).encode()).hexdigest()
    return f"# python -m infra.locks; of {digest[:16]}"


def versions(text: str) -> dict[str, set[str]]:
    """Package to its pinned versions; there are several where they depend on the interpreter or the machine."""
    found: dict[str, set[str]] = {}
    for name, version in PINNED.findall(text):
        found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), set()).add(version)
    return found


def problems(name: str, text: str, tested: str) -> Iterator[str]:
    """What is wrong with the lock `name` that holds `text`; `tested` is the lock of the tests."""
    if text.partition("\n")[0] != header(name):
        yield f"{name}: does not fit what is asked for; run python -m infra.locks"
    if "://" in text:
        yield f"{name}: names an address; where packages come from is for each machine to say"
    entries = re.split(r"\n(?=\S)", text.partition("\n")[2].strip())
    yield from (f"{name}: no hash for {entry.split()[0]}" for entry in entries if "--hash=sha256:" not in entry)
    held = versions(tested)
    if name == "requirements":
        untested = [package for package, pins in versions(text).items() if pins - held.get(package, set())]
        yield from (f"{name}: {package} is not of the version that is tested" for package in untested)


def lock(name: str, *, upgrade: bool = False) -> None:
    """Write the lock `name`. What it holds stays as it is where it still fits."""
    tool = bootstrap.uv()
    if tool is None:
        raise SystemExit("locking needs uv, which could not be installed")
    file = bootstrap.locked(name)
    command = [tool, "pip", "compile", "-q", "--universal", "--python-version", OLDEST, "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--output-file", str(file)] + (["--upgrade"] if upgrade else [])
    if name == "requirements":
        command += ["--constraints", str(bootstrap.locked("requirements-dev"))]
    subprocess.run([*command, "-"], input="\n".join(asked(name)), text=True, check=True, cwd=ROOT)
    file.write_text(f"{header(name)}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")


def check() -> int:
    texts = {name: bootstrap.locked(name).read_text(encoding="utf-8") for name in NAMES}
    found = [said for name, text in texts.items() for said in problems(name, text, texts["requirements-dev"])]
    print("\n".join(found) if found else "the locks fit what is asked for, and every file has its hash")
    return 1 if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; say what does not fit")
    parser.add_argument("--upgrade", action="store_true", help="take the newest of what is not pinned by hand")
    chosen = parser.parse_args()
    if chosen.check:
        return check()
    for name in NAMES:
        lock(name, upgrade=chosen.upgrade)
    return 0


if __name__ == "__main__":
    sys.exit(main())
