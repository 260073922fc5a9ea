"""Make what is deployed: `python -m infra.package STAGE OUT [--here]` writes OUT/deployment.zip and OUT/template.json.

`--here` builds for this machine's interpreter, which is what runs functions on a local AWS; otherwise for Lambda.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from infra import bootstrap, template

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".local"
# The models that the functions use: botocore carries 400, four fifths of a plain package.
SERVICES = {"dynamodb", "kms", "s3", "secretsmanager", "sesv2", "sns", "sqs", "sts"}
# What is read only when the package is built: the procedures travel compiled, their letters inside them.
BUILD_ONLY = ("**/*.yaml", "**/*.pyc", "**/README.md", "procedures/letters/**/*")
# Lambda's limit on an unpacked package.
UNPACKED_LIMIT = 250 * 1024 * 1024


@dataclass(frozen=True)
class Target:
    """Whose wheels to take: `python` as 3.11, `platform` as uv names it, empty for this machine."""

    python: str
    platform: str

    @property
    def name(self) -> str:
        return f"{self.python}-{self.platform or platform.machine()}"


LAMBDA = Target(template.PYTHON, "x86_64-manylinux2014")
HERE = Target(".".join(platform.python_version_tuple()[:2]), "")


def uv() -> str | None:
    """Where uv is, if it is."""
    own = CACHE / "uv" / "bin" / "uv"
    return str(own) if own.exists() else shutil.which("uv")


def install(folder: Path, target: Target) -> None:
    """Put the wheels of requirements.txt for `target` into `folder`, each by its hash."""
    only = ["--python-version", target.python, "--only-binary", ":all:"] if target.platform else []
    if tool := uv():
        where = ["--python-platform", target.platform] if target.platform else ["--python", sys.executable]
        command = [tool, "pip", "install", "-q", "--link-mode", "copy", *where]
    else:
        machine, _, abi = target.platform.partition("-")
        where = ["--platform", f"{abi}_{machine}"] if target.platform else []
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-compile", *where]
    subprocess.run([*command, *only, *bootstrap.by_hash("requirements"), "--target", str(folder)], check=True)


def slim(folder: Path) -> None:
    """Drop what no function imports."""
    unused = [
        "bin",
        "**/__pycache__",
        "**/tests",
        "boto3/data/*",
        "aws_lambda_powertools/event_handler/openapi/swagger_ui",
    ]
    for path in [found for pattern in unused for found in folder.glob(pattern)]:
        shutil.rmtree(path, ignore_errors=True)
    # Which installer it was must not show in the package, or the same sources make other bytes elsewhere.
    for note in (".lock", *(f"*.dist-info/{name}" for name in ("INSTALLER", "RECORD", "REQUESTED", "direct_url.json"))):
        for path in list(folder.glob(note)):
            path.unlink()
    for path in (folder / "botocore" / "data").iterdir():
        if path.is_dir() and path.name not in SERVICES:
            shutil.rmtree(path)
    for path in folder.rglob("*.pyi"):
        path.unlink()


def compile_into(folder: Path, target: Target) -> None:
    """Bytecode beside each source, never checked against it: a cold start then reads no source.

    Only this interpreter's bytecode can be made; for another the sources do, and start slower.
    """
    if target.python != HERE.python:
        print(f"  no bytecode: Lambda runs Python {target.python}, this is {HERE.python}")
        return
    # A process of its own with a fixed hash seed, and no workers: bytecode then depends on the sources alone.
    # -s keeps this machine's path out of it, and out of tracebacks.
    command = [sys.executable, "-S", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    seeded = {**os.environ, "PYTHONHASHSEED": "0"}
    if subprocess.run([*command, "-s", str(folder), str(folder)], check=False, env=seeded).returncode:
        raise SystemExit("not packaged: it does not compile")


def write_zip(path: Path, folder: Path) -> None:
    """Append the files of `folder`, in order and without dates: the same files make the same bytes."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), (2020, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())


def libraries(target: Target) -> Path:
    """The zipped libraries, made once for each lock and target."""
    made_of = bootstrap.locked("requirements").read_bytes() + Path(__file__).read_bytes() + target.name.encode()
    key = hashlib.sha256(made_of).hexdigest()[:16]
    done = CACHE / "libraries" / f"{key}.zip"
    if done.exists():
        return done
    done.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=done.parent) as scratch:
        folder, partial = Path(scratch, "installed"), Path(scratch, "partial.zip")
        install(folder, target)
        slim(folder)
        compile_into(folder, target)
        write_zip(partial, folder)
        partial.rename(done)
    return done


def own_files() -> Iterable[tuple[Path, str]]:
    """(file, name in the package) of the application and of Chalice's runtime, which is two files."""
    chalice = Path(str(importlib.util.find_spec("chalice.app").origin)).parent  # type: ignore[union-attr] # installed
    yield from ((chalice / name, f"chalice/{name}") for name in ("__init__.py", "app.py"))
    yield ROOT / "app.py", "app.py"
    library = ROOT / "chalicelib"
    unwanted = {path for pattern in BUILD_ONLY for path in library.glob(pattern)}
    for path in sorted(set(library.rglob("*")) - unwanted):
        if path.is_file():
            yield path, path.relative_to(ROOT).as_posix()


def compile_procedures() -> None:
    """YAML to JSON, before the package is closed."""
    if importlib.util.find_spec("chalicelib.procedures.__main__"):
        subprocess.run([sys.executable, "-m", "chalicelib.procedures", "build"], check=True, cwd=ROOT)


def build(stage: str, out: Path, target: Target = LAMBDA) -> None:
    """Write OUT/deployment.zip and OUT/template.json, and say how large they are."""
    out.mkdir(parents=True, exist_ok=True)
    archive = out / "deployment.zip"
    base = libraries(target)
    compile_procedures()
    with tempfile.TemporaryDirectory(dir=out) as folder:
        own = Path(folder)
        for source, name in own_files():
            place = own / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)
        compile_into(own, target)
        shutil.copyfile(base, archive)
        write_zip(archive, own)
    document = json.dumps(template.build(stage), indent=1)
    (out / "template.json").write_text(document, encoding="utf-8")
    with zipfile.ZipFile(archive) as package:
        unpacked = sum(entry.file_size for entry in package.infolist())
    sizes = {"zip": archive.stat().st_size, "of it libraries": base.stat().st_size, "unpacked": unpacked}
    print(f"packaged for {target.name}:", ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in sizes.items()))
    if unpacked > UNPACKED_LIMIT:
        raise SystemExit("Lambda takes no package over 250 MB unpacked")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage")
    parser.add_argument("out", type=Path)
    parser.add_argument("--here", action="store_true", help="for this machine's interpreter")
    asked = parser.parse_args()
    build(asked.stage, asked.out, HERE if asked.here else LAMBDA)


if __name__ == "__main__":
    main()
