"""The guide to writing a procedure: its worked example is sound, and it has a word on all that the language has."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec import Struct

from chalicelib.desk.conditions import All, AnyOf, Test
from chalicelib.desk.procedure import APART, Limit, LimitChoice, Procedure, Rung
from chalicelib.procedures.__main__ import main
from chalicelib.procedures.check.names import CHANNELS, COLUMNS, INTAKE
from tests.documents import blocks, read

GUIDE = "chalicelib/procedures/README.md"
NOT_WRITTEN = {All, AnyOf, Test, Limit}
"""Types that have a short form alone; their words are those of the table and the list of limits."""

MADE = {"spoken"}
"""What is in no file, but made when a procedure is bound to a site."""

WRITTEN_AS = {
    "id": "procedure", "seen_by_roles": "seen_by", "default_from": "default", "asks_when": "asks", "minutes": "before",
    "limits": "limit", "from_": "from",
}  # fmt: skip


def kinds(kind: Any, known: dict[type, None]) -> dict[type, None]:
    """Every type that a procedure is made of."""
    if isinstance(kind, type) and issubclass(kind, Struct) and kind not in known:
        known[kind] = None
        for field in msgspec.structs.fields(kind):
            kinds(field.type, known)
    for part in get_args(kind):
        kinds(part, known)
    return known


def words() -> Iterator[str]:
    for kind in kinds(Procedure, {}).keys() - NOT_WRITTEN:
        for field in msgspec.structs.fields(kind):
            if kind not in (LimitChoice, Rung) or field.name != "limit":
                yield WRITTEN_AS.get(field.name, field.encode_name)
            yield from (str(word) for word in allowed(field.type))


def allowed(kind: Any) -> Iterator[str]:
    """The words that a place allows."""
    for part in get_args(kind):
        yield from [part] if isinstance(part, str) else allowed(part)


def test_it_has_a_word_on_all_that_the_language_has() -> None:
    said = set(re.findall(r"[a-z_]+(?:\.[a-z_]+)?", read(GUIDE)))
    wanted = {*words(), *CHANNELS, *COLUMNS, *(key for key in INTAKE if "." not in key), *APART}
    assert sorted(wanted - said - MADE) == []


def example(folder: Path) -> Path:
    """The worked example with its letters."""
    source = folder / "my-shop.yaml"
    source.write_text(blocks(GUIDE, "yaml")[0], "utf-8")
    letters = folder / "letters" / "my-shop"
    letters.mkdir(parents=True)
    for language in ("zh-Hans", "en"):
        (letters / f"answer.{language}.md").write_text(blocks(GUIDE, "text")[0], "utf-8")
    return source


def test_its_worked_example_is_sound_as_it_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = example(tmp_path)
    assert main(["check", str(source)]) == 0, capsys.readouterr().out
    assert main(["build", str(source)]) == 0
    assert (tmp_path / "my-shop@1.json").is_file()


def test_a_letter_that_nothing_sends_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = example(tmp_path)
    source.write_text(source.read_text("utf-8").replace("letters: [answer]", "letters: [answer, spare]"), "utf-8")
    for letter in list(tmp_path.glob("letters/my-shop/answer.*")):
        letter.with_name(letter.name.replace("answer", "spare")).write_bytes(letter.read_bytes())
    assert main(["check", str(source)]) == 1
    assert capsys.readouterr().out == (
        "my-shop is not sound (1):\n"
        '  letters.spare: Nothing sends the letter "spare": no action, no rung and no duty.\n'
    )
