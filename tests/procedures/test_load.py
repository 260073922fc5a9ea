"""The desk runs on compiled JSON: cached, bound to each site's settings, and without YAML."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.desk.procedure import Limit
from chalicelib.procedures.compile import build
from chalicelib.procedures.load import Compiled, Unknown, available, load
from chalicelib.procedures.problems import Unsound

TITLE = {"zh-Hans": "话", "zh-Hant": "話", "en": "words"}
TREE: dict[str, Any] = {
    "procedure": "tiny",
    "version": "1",
    "title": TITLE,
    "settings": {"accept": {"title": TITLE, "type": "limit", "default": "24h"}},
    "clocks": {"accept": {"title": TITLE, "limit": {"setting": "accept"}}},
}
LETTERS = {"late": {"en": {"subject": "s", "sms": "m", "body": "b"}}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for version in ("1", "2", "10"):
        content = {"digest": f"d{version}", "tree": {**TREE, "version": version}, "letters": LETTERS}
        (tmp_path / f"tiny@{version}.json").write_bytes(msgspec.json.encode(content))
    return tmp_path


def test_the_latest_version_is_loaded_unless_one_is_named(folder: Path) -> None:
    assert available(folder=folder) == {"tiny": 10}
    assert load("tiny", folder=folder).bind({}).version == 10
    assert load("tiny", 2, folder=folder).bind({}).version == 2


def test_a_procedure_is_read_once(folder: Path) -> None:
    assert load("tiny", 1, folder=folder) is load("tiny", 1, folder=folder)


@pytest.mark.parametrize(("name", "version"), [("other", None), ("tiny", 3), ("../tiny", 1), ("", None)])
def test_what_is_not_there_is_unknown(folder: Path, name: str, version: int | None) -> None:
    with pytest.raises(Unknown):
        load(name, version, folder=folder)


def test_a_procedure_is_bound_once_for_the_same_settings() -> None:
    compiled = Compiled.from_tree(TREE, LETTERS)

    assert compiled.bind({"accept": "2h"}) is compiled.bind({"accept": "2h", "of_another_procedure": "x"})
    assert compiled.bind({"accept": "2h"}) is not compiled.bind({})


def test_each_site_has_its_own_settings() -> None:
    compiled = Compiled.from_tree(TREE, LETTERS)

    assert compiled.bind({}).clocks["accept"].limits[0].limit == Limit(kind="elapsed", amount=24 * 60)
    assert compiled.bind({"accept": "2h"}).clocks["accept"].limits[0].limit == Limit(kind="elapsed", amount=120)
    assert compiled.bind({"accept": ""}).clocks["accept"].limits[0].limit == Limit()


def test_a_setting_that_does_not_suit_is_refused_in_words() -> None:
    with pytest.raises(Unsound, match=r"settings\.accept"):
        Compiled.from_tree(TREE, LETTERS).bind({"accept": "soon"})


def test_the_digest_tells_whether_two_say_the_same() -> None:
    same, other = Compiled(TREE, LETTERS), Compiled({**TREE, "version": "2"}, LETTERS)

    assert Compiled(dict(reversed(TREE.items())), LETTERS).digest == same.digest
    assert same.digest != other.digest


def test_the_runtime_imports_neither_yaml_nor_the_converter(tmp_path: Path) -> None:
    build(into=tmp_path)
    program = f"""
import sys
from pathlib import Path
from chalicelib.procedures.load import available, load
folder = Path({str(tmp_path)!r})
bound = [load(name, folder=folder).bind({{}}) for name in available(folder=folder)]
print(len(bound), sorted({{"yaml", "opencc", "chalicelib.procedures.compile"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )

    assert done.stdout.split(maxsplit=1)[1] == "[]\n"
    assert int(done.stdout.split()[0]) > 0
