"""What is installed is named with its hash, and is what was asked for."""

from pathlib import Path

import pytest

from infra import bootstrap, emulator, locks

ENTRY = "jinja2==3.1.6 \\\n    --hash=sha256:85ece4451f492d0c13c5dd7c13a64681a86afae63a5f347908daf103ce6d2f67\n"


@pytest.mark.parametrize("name", locks.NAMES)
def test_a_lock_fits_what_is_asked_for(name: str) -> None:
    text = bootstrap.locked(name).read_text(encoding="utf-8")
    tested = bootstrap.locked("requirements-dev").read_text(encoding="utf-8")
    assert list(locks.problems(name, text, tested)) == []


@pytest.mark.parametrize("name", locks.NAMES)
def test_each_version_that_is_pinned_by_hand_is_the_one_in_the_lock(name: str) -> None:
    held = locks.versions(bootstrap.locked(name).read_text(encoding="utf-8"))
    pinned = [line.partition("==") for line in locks.asked(name) if "==" in line]
    assert pinned
    for package, _, version in pinned:
        assert held[package.partition("[")[0].replace("_", "-").lower()] == {version}


def test_what_is_shipped_is_pinned_by_hand() -> None:
    assert [line for line in locks.asked("requirements") if "==" not in line] == []


def test_another_requirement_makes_a_lock_unfit(monkeypatch: pytest.MonkeyPatch) -> None:
    text = bootstrap.locked("emulator").read_text(encoding="utf-8")
    monkeypatch.setattr(emulator, "REQUIREMENTS", [*emulator.REQUIREMENTS, "requests"])
    [problem] = locks.problems("emulator", text, text)
    assert problem == "emulator: does not fit what is asked for; run python -m infra.locks"


def test_a_package_without_a_hash_is_told() -> None:
    [problem] = locks.problems("uv", f"{locks.header('uv')}\n{ENTRY}certifi==2026.1.1\n", "")
    assert problem == "uv: no hash for certifi==2026.1.1"


def test_a_lock_that_names_where_packages_come_from_is_told() -> None:
    found = list(locks.problems("uv", f"{locks.header('uv')}\n--index-url http://mirror.example\n{ENTRY}", ""))
    assert "uv: names an address; where packages come from is for each machine to say" in found


def test_what_is_shipped_is_what_was_tested() -> None:
    text = f"{locks.header('requirements')}\n{ENTRY}"
    assert list(locks.problems("requirements", text, ENTRY)) == []
    [problem] = locks.problems("requirements", text, ENTRY.replace("3.1.6", "3.1.5"))
    assert problem == "requirements: jinja2 is not of the version that is tested"


def test_nothing_is_installed_but_by_hash() -> None:
    assert bootstrap.by_hash("uv") == ["--require-hashes", "-r", str(bootstrap.locked("uv"))]
    sources = {module.name: module.read_text(encoding="utf-8") for module in Path(bootstrap.ROOT, "infra").glob("*.py")}
    installing = {name for name, source in sources.items() if '"install"' in source}
    assert installing == {"bootstrap.py", "package.py"}
    assert [name for name in installing if "by_hash(" not in sources[name]] == []
