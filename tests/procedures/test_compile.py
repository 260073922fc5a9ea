"""From YAML and letters to JSON: scalars stay text, scripts are completed, what is shared is merged."""

import json
from pathlib import Path

import pytest

from chalicelib.procedures.compile import build, build_own, compile_source, ensure, keep, merged, source_of, sources
from chalicelib.procedures.letter_files import read_letters
from chalicelib.procedures.load import EARLIER, load
from chalicelib.procedures.problems import Unsound
from chalicelib.procedures.sources_yaml import read_yaml
from chalicelib.procedures.traditional import with_traditional

SOURCE = """
procedure: tiny
version: 1
title: {zh: 客户投诉, en: Complaints}
roles: {clerk: {title: {zh: 里面的人, zh-Hant: 櫃檯, en: Clerk}}}
letters: [own]
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def letter(subject: str = "题", sms: str = "短信", body: str = "正文") -> str:
    return f"---\nsubject: {subject}\nsms: {sms}\n---\n{body}\n"


def problems(error: pytest.ExceptionInfo[Unsound]) -> str:
    return str(error.value)


def test_every_scalar_is_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.yaml", "a: yes\nb: no\non: 13:30\nc: 1.0\nd: null\ne:\nf: 2026-11-22\n")

    assert read_yaml(path) == {
        "a": "yes", "b": "no", "on": "13:30", "c": "1.0", "d": "null", "e": "", "f": "2026-11-22",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\nb: {x: 1,\n  y: 2, x: 3}\n", 'a.yaml, line 3: "x" stands twice, first in line 2.'),
        ("a: 1\nb: [1\nc: 2\n", "a.yaml, line 3: "),
        ("- a\n", "a.yaml: A procedure is a mapping of names to values."),
        ("a: \x01\n", "a.yaml: "),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(Unsound) as error:
        read_yaml(write(tmp_path / "a.yaml", text))

    assert problems(error).startswith(sentence)


def test_traditional_chinese_is_made_where_the_author_wrote_none(tmp_path: Path) -> None:
    compiled = compile_source(write(tmp_path / "sources" / "tiny.yaml", SOURCE))

    assert compiled.tree["title"] == {"zh-Hans": "客户投诉", "zh-Hant": "客戶投訴", "en": "Complaints"}
    assert compiled.tree["roles"]["clerk"]["title"]["zh-Hant"] == "櫃檯"


def test_only_words_are_converted() -> None:
    choices = {"en": {"zh": "后", "en": "After"}}

    assert with_traditional({"zh": "后", "name": "后"}) == {"zh": "后", "name": "后"}
    assert with_traditional(choices) == {"en": {"zh-Hans": "后", "zh-Hant": "後", "en": "After"}}


def test_what_is_shared_is_added_but_never_replaces(tmp_path: Path) -> None:
    own = {"roles": {"clerk": "own"}, "letters": ["a"], "title": "own"}
    shared = {"roles": {"clerk": "shared", "head": "shared"}, "letters": ["a", "b"], "tasks": {"x": "shared"}}

    assert merged(own, shared) == {
        "roles": {"clerk": "own", "head": "shared"}, "letters": ["a", "b"], "title": "own", "tasks": {"x": "shared"},
    }  # fmt: skip
    assert own["letters"] == ["a"]


def test_every_procedure_has_what_is_shared(tmp_path: Path) -> None:
    write(tmp_path / "sources" / "_common.yaml", "fields: {note: {title: {zh: 备注, en: Note}}}\n")

    compiled = compile_source(write(tmp_path / "sources" / "tiny.yaml", SOURCE))
    assert compiled.tree["fields"]["note"]["title"]["zh-Hant"] == "備註"


def test_an_organisations_own_has_its_letters_beside_it_and_shares_what_those_that_ship_share(tmp_path: Path) -> None:
    write(tmp_path / "letters" / "tiny" / "own.zh-Hans.md", letter("客户"))
    own = compile_source(write(tmp_path / "tiny.yaml", SOURCE.replace("[own]", "[own, late]")))

    assert own.letters["own"]["zh-Hant"]["subject"] == "客戶"
    assert own.letters["late"]["en"]["subject"]
    assert "hand_over" in own.tree["actions"]


def test_an_organisations_own_is_written_as_it_is_put(tmp_path: Path) -> None:
    path = build_own(write(tmp_path / "tiny.yaml", SOURCE))

    assert path == tmp_path / "tiny@1.json"
    assert json.loads(path.read_text("utf-8")).keys() == {"tree", "letters", "rules"}


def test_a_source_is_named_by_its_id_or_by_its_path(tmp_path: Path) -> None:
    own = write(tmp_path / "tiny.yaml", SOURCE)
    ships = next(iter(sources().values()))

    assert [source_of(str(own)), source_of(ships.stem), source_of(str(ships))] == [own, ships, ships]
    assert [source_of("tiny"), source_of(str(tmp_path)), source_of(str(tmp_path / "none.yaml"))] == [None] * 3


def test_a_letter_of_ones_own_comes_before_the_shared_one(tmp_path: Path) -> None:
    write(tmp_path / "tiny" / "own.zh-Hans.md", letter("客户", body="第一行\n\n第二行"))
    write(tmp_path / "common" / "own.zh-Hans.md", letter("公"))
    write(tmp_path / "common" / "own.en.md", letter("Shared"))

    read = read_letters(tmp_path, "tiny", ["own", "absent"])
    assert read["own"]["zh-Hans"] == {"subject": "客户", "sms": "短信", "body": "第一行\n\n第二行\n"}
    assert read["own"]["zh-Hant"]["subject"] == "客戶"
    assert read["own"]["en"]["subject"] == "Shared"
    assert read["absent"] == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("no front matter\n", "common/own.en.md: A letter begins with `subject` and `sms` between two lines of `---`."),
        ("---\nsubject: x\n", "common/own.en.md: A letter begins with"),
        ("---\nsubject: x\nfrom: y\n---\n", "common/own.en.md, line 3: Only `subject:` and `sms:` stand here"),
    ],
)
def test_a_letter_that_cannot_be_read_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    write(tmp_path / "common" / "own.en.md", text)

    with pytest.raises(Unsound) as error:
        read_letters(tmp_path, "tiny", ["own"])
    assert problems(error).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (SOURCE.replace("tiny", "other"), 'tiny.yaml: procedure: The id must be the name of the file, "tiny".'),
        (SOURCE.replace("version: 1", "version: one"), "tiny.yaml: version: A version is a whole number."),
    ],
)
def test_id_and_version_are_what_the_compiled_file_is_named_by(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(Unsound) as error:
        compile_source(write(tmp_path / "sources" / "tiny.yaml", text))

    assert problems(error) == sentence


def test_a_case_stays_with_the_version_it_is_pinned_to_when_the_source_has_moved_on(tmp_path: Path) -> None:
    source = write(tmp_path / "sources" / "tiny.yaml", SOURCE)
    write(tmp_path / "letters" / "tiny" / "own.zh-Hans.md", letter("一"))
    earlier, into = tmp_path / "earlier", tmp_path / "compiled"
    assert keep(source, earlier) == keep(source, earlier) == earlier / "tiny@1.json"

    write(source, SOURCE.replace("version: 1", "version: 2"))
    write(tmp_path / "letters" / "tiny" / "own.zh-Hans.md", letter("二"))
    build(["tiny"], into, tmp_path)

    subjects = [
        load("tiny", version, folder=into, earlier=earlier).letters["own"]["zh-Hans"]["subject"]
        for version in (1, 2, None)
    ]
    assert subjects == ["一", "二", "二"]


def test_what_cases_are_pinned_to_is_not_changed_under_its_number(tmp_path: Path) -> None:
    source, earlier = write(tmp_path / "sources" / "tiny.yaml", SOURCE), tmp_path / "earlier"
    keep(source, earlier)
    write(tmp_path / "letters" / "tiny" / "own.zh-Hans.md", letter("二"))

    with pytest.raises(Unsound) as error:
        keep(source, earlier)
    assert problems(error) == "tiny@1.json: Cases are pinned to what was kept: a change needs the next version."


def test_no_source_that_ships_changed_under_a_number_that_was_kept_and_each_that_was_kept_still_binds() -> None:
    for path in EARLIER.glob("*.json"):
        name, _, number = path.stem.partition("@")
        kept = load(name, int(number), folder=EARLIER)
        assert kept.bind({}).id == name
        now = compile_source(sources()[name])
        assert now.tree["version"] != number or now.digest == kept.digest, f"{name} needs the next version"


def test_every_source_is_compiled_and_loads(tmp_path: Path) -> None:
    written = build(into=tmp_path)

    assert [path.name.partition("@")[0] for path in written] == list(sources())
    assert all(load(name, folder=tmp_path).tree["procedure"] == name for name in sources())


def test_what_is_unknown_is_named_and_the_rest_compiled(tmp_path: Path) -> None:
    known = next(iter(sources()))

    with pytest.raises(Unsound) as error:
        build([known, "x-unknown"], into=tmp_path)
    assert problems(error) == "x-unknown: There is no such source."
    assert {path.name.partition("@")[0].removesuffix(".rules.json") for path in tmp_path.iterdir()} == {known}


def test_compiled_files_are_made_anew_only_when_a_source_changed(tmp_path: Path) -> None:
    write(tmp_path / "sources" / "tiny.yaml", SOURCE)
    text = write(tmp_path / "letters" / "tiny" / "own.zh-Hans.md", letter("一"))
    into = tmp_path / "compiled"

    ensure(into, tmp_path)
    first = (into / "tiny@1.json").stat().st_mtime_ns
    ensure(into, tmp_path)
    again = (into / "tiny@1.json").stat().st_mtime_ns
    text.write_text(letter("二"), "utf-8")
    ensure(into, tmp_path)

    assert again == first
    assert load("tiny", folder=into).letters["own"]["zh-Hans"]["subject"] == "二"
