"""`python -m infra.audit`: what is shipped has licences that we may ship, and nothing installed is known to be unsafe.

Licences are read from what is installed. Advisories are asked of PyPI by pip-audit; where they cannot be had, that is
said and nothing fails: a gate that needs somebody else's server would close with it.
"""

import importlib.metadata
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from infra import bootstrap
from infra.locks import versions

TOLD = 10.0
PATIENCE = 180.0
NOT_ASKED = "NOT AUDITED: the advisory service does not answer for {what}. Run this where it does."

# An advisory's id, and why it does not touch us.
IGNORED: dict[str, str] = {}

# As SPDX writes them, and as older packages do. Weak copyleft is shipped unchanged and beside our code: python-stdnum.
ALLOWED = re.compile(
    r"(MIT( License)?|MIT-0|MIT No Attribution License \(MIT-0\)|Apache( Software License|-2\.0)|0BSD|ISC|PSF-2\.0|"
    r"BSD( License|-[23]-Clause)|Python Software Foundation License|ZPL-2\.1|"
    r"MPL-2\.0|Mozilla Public License 2\.0 \(MPL 2\.0\)|"
    r"GNU Lesser General Public License v2 or later \(LGPLv2\+\)|LGPL-2\.1-or-later)"
)


def licences(package: str) -> list[str]:
    """What a package says of itself; empty where it says nothing that can be read. KeyError where it is not here."""
    try:
        said = importlib.metadata.metadata(package)
    except importlib.metadata.PackageNotFoundError as error:
        raise KeyError(package) from error
    for expression in said.get_all("License-Expression") or []:
        return re.split(r"\s+(?:AND|OR)\s+", expression.strip("()"))
    lines = [line for line in said.get_all("Classifier") or [] if line.startswith("License :: ")]
    found = [line.rpartition(" :: ")[2] for line in lines if line != "License :: OSI Approved"]
    return found or said.get_all("License") or []


def licence_problems(packages: Iterable[str]) -> Iterator[str]:
    """The shipped packages whose licence nobody has allowed. Those of other machines are not here to be read."""
    for package in packages:
        try:
            told = licences(package)
        except KeyError:
            continue
        if not told or not all(ALLOWED.fullmatch(one) for one in told):
            yield f"{package}: licence {' and '.join(told) or 'unknown'} is not among those allowed in infra/audit.py"


def advisories(lock: Path) -> dict[str, Any] | None:
    """pip-audit's report on a lock, without asking where packages come from; None where it could not be made."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "--progress-spinner", "off"]
    command += ["--format", "json", "--timeout", f"{TOLD:.0f}", "--requirement", str(lock)]
    command += [argument for one in IGNORED for argument in ("--ignore-vuln", one)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return found


def verdict(report: dict[str, Any] | None) -> tuple[list[str], int, int]:
    """Of a report: what is known to be unsafe, how many packages were looked up, and how many could not be."""
    entries = report["dependencies"] if report else []
    unsafe = [
        f"{entry['name']} {entry['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'none yet'}"
        for entry in entries
        for found in entry.get("vulns", [])
    ]
    unasked = sum("skip_reason" in entry for entry in entries)
    return unsafe, len(entries) - unasked, unasked


def main() -> int:
    shipped = versions(bootstrap.locked("requirements").read_text(encoding="utf-8"))
    problems = list(licence_problems(shipped))
    print("\n".join(problems) if problems else "what is shipped may be shipped, by its licences")
    for name in ("requirements", "requirements-dev", "emulator"):
        unsafe, asked, unasked = verdict(advisories(bootstrap.locked(name)))
        if not asked:
            print(NOT_ASKED.format(what=name))
            break  # nor would it for the rest
        print("\n".join([*unsafe, f"{name}: {len(unsafe)} known to be unsafe of {asked}, {unasked} not looked up"]))
        problems += unsafe
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
