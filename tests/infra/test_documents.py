"""The check that documents name nothing that is not there."""

from pathlib import Path

import pytest

from infra import documents


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "Makefile").write_text("run: ## it\n\techo\n")
    (tmp_path / "other.md").write_text("# The One Clock, here\n")
    return tmp_path


def problems(root: Path, text: str) -> list[str]:
    (root / "page.md").write_text(text)
    return list(documents.problems(root, root / "page.md"))


def test_what_is_there_is_no_problem(root: Path) -> None:
    text = "# A\n[a](#a) [b](other.md#the-one-clock-here) [c](https://example.com/x) `make run PORT=1`"
    assert problems(root, text) == []


def test_a_missing_file_a_missing_heading_and_a_missing_target_are_told(root: Path) -> None:
    text = "[a](gone.md) [b](other.md#no) `make coffee` `python -m infra.gone`"
    assert problems(root, text) == [
        "no file gone.md",
        "no heading #no in other.md",
        "no target: make coffee",
        "nothing to run: python -m infra.gone",
    ]
