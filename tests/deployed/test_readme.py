"""The README's complaint, typed into a shell as it stands, on the deployed product."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.deployed.desk import Desk, eventually
from tests.documents import ROOT, blocks, masked


@pytest.fixture
def folder(stack: Any, tmp_path: Path) -> Path:
    """A folder as `make run` leaves it: the stack described, an interpreter with the project's libraries."""
    python = tmp_path / ".local" / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (tmp_path / ".local" / "stack.json").write_text(json.dumps(stack.described), encoding="utf-8")
    return tmp_path


def run(script: str, folder: Path) -> str:
    done = subprocess.run(
        ["/bin/sh", "-euc", script],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_the_readme_types_answers_what_the_readme_shows(desk: Desk, folder: Path) -> None:
    _, post, act, track = blocks("README.md", "sh")
    shown = [json.loads(block) for block in blocks("README.md", "json")]
    posted = json.loads(run(post, folder))
    assert same(posted, shown[0])

    [mail] = eventually(lambda: desk.mail_to("li@example.org", posted["number"]), "acknowledgement")
    letter = f"{mail['Subject']}\n\n{mail['BodyText'].strip()}\n"
    assert masked(letter) in [masked(text) for text in blocks("README.md", "text")]

    desk_url = post.splitlines()[0]
    mine = act.replace("261122-5019700", posted["number"])
    assert mine != act
    assert run(f"{desk_url}\n{mine}", folder) in blocks("README.md", "text")
    assert same(json.loads(run(f"{desk_url}\nnumber={posted['number']}\n{track}", folder)), shown[1])


def same(one: Any, other: Any) -> bool:
    return masked(json.dumps(one, sort_keys=True)) == masked(json.dumps(other, sort_keys=True))
