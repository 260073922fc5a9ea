"""What is put on Lambda."""

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra import package


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package for this machine."""
    out = tmp_path_factory.mktemp("package")
    package.build("prod", out, package.HERE)
    return out / "deployment.zip"


@pytest.fixture(scope="module")
def names(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        return opened.namelist()


def test_it_holds_the_application_and_chalices_runtime(names: list[str]) -> None:
    chalice = {name for name in names if name.startswith("chalice/") and name.endswith(".py")}
    assert chalice == {"chalice/__init__.py", "chalice/app.py"}
    assert {"app.py", "chalicelib/__init__.py", "chalicelib/settings.py"} <= set(names)


def test_it_holds_no_sources_of_data_no_tests_and_no_tools(names: list[str]) -> None:
    assert not [name for name in names if name.endswith((".yaml", ".yml", ".pyi"))]
    assert not [name for name in names if "/tests/" in name or name.startswith(("tests/", "infra/"))]
    tools = ("yaml/", "pytest/", "moto/", "opencc/", "holidays/", "pip/", "aws_xray_sdk/")
    assert not [name for name in names if name.startswith(tools)]


def test_it_holds_the_models_of_the_services_in_use_and_no_others(names: list[str]) -> None:
    data = {name.split("/")[2] for name in names if name.startswith("botocore/data/") and name.count("/") > 2}
    assert data == package.SERVICES


def test_every_module_has_bytecode_that_is_not_checked_against_its_source(archive: Path, names: list[str]) -> None:
    sources = [name for name in names if name.endswith(".py")]
    with zipfile.ZipFile(archive) as opened:
        for source in sources:
            folder, _, file = source.rpartition("/")
            tag = f"{file[:-3]}.{sys.implementation.cache_tag}.pyc"
            header = opened.read(f"{folder}/__pycache__/{tag}" if folder else f"__pycache__/{tag}")[:8]
            assert header[4:] == b"\x01\x00\x00\x00", f"{source}: PEP 552 flags say it is checked"


def test_no_name_appears_twice(names: list[str]) -> None:
    assert len(names) == len(set(names))


def test_the_same_sources_make_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    package.build("prod", tmp_path, package.HERE)
    assert (tmp_path / "deployment.zip").read_bytes() == archive.read_bytes()


def test_it_does_not_tell_by_which_installer_it_was_made(names: list[str]) -> None:
    notes = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json", ".lock"}
    assert [name for name in names if name.rpartition("/")[2] in notes] == []


def test_it_is_small_enough_to_start_quickly(archive: Path) -> None:
    assert archive.stat().st_size < 20e6


def test_each_handler_is_found_in_a_fresh_process_that_has_only_the_package(
    archive: Path, functions: dict[str, Any], tmp_path: Path
) -> None:
    """Lambda imports `app` and takes the attribute. -I -S: none of this machine's packages help."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path)
    for handler in {function["Handler"] for function in functions.values()}:
        module, _, attribute = handler.rpartition(".")
        code = (
            f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import {module}; callable({module}.{attribute}) or 1/0"
        )
        command = [sys.executable, "-I", "-S", "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # our own interpreter
        assert done.returncode == 0, f"{handler}: {done.stderr}"
