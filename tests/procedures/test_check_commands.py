"""The commands of `python -m chalicelib.procedures`, and what they say of the procedures that ship."""

from functools import partial
from pathlib import Path

import pytest

from chalicelib.procedures.__main__ import main
from chalicelib.procedures.compile import keep, sources


@pytest.mark.parametrize("name", sources())
def test_every_procedure_that_ships_is_sound(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["check", name])

    assert (capsys.readouterr().out, status) == (f"{name} is sound.\n", 0)


def test_an_unknown_procedure_is_named_and_the_command_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "x-unknown"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("  x-unknown: This is neither a procedure that ships (c-company, ")
    assert said.endswith(") nor the path of a .yaml file.\n")


def test_an_option_may_stand_before_what_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--brief", "n-notice"]) == main(["rules", "n-notice", "--brief"]) == 0
    assert capsys.readouterr().out.count("n-notice") == 2


def test_a_version_is_kept_by_its_id_and_an_organisations_own_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("chalicelib.procedures.__main__.keep", partial(keep, into=tmp_path))
    (tmp_path / "mine.yaml").write_text("", encoding="utf-8")

    assert main(["keep", "n-notice"]) == 0
    assert capsys.readouterr().out == "n-notice@1 is kept for the cases that are pinned to it.\n"
    assert (tmp_path / "n-notice@1.json").is_file()
    assert main(["keep", str(tmp_path / "mine.yaml")]) == 1
    assert "kept by the desk" in capsys.readouterr().out
