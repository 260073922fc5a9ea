"""README, CONTRIBUTING and the changelog say what is so: their samples run, and what they name is there."""

import inspect
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.request import Request

import pytest
import yaml
from chalice.test import HTTPResponse

from chalicelib import settings
from chalicelib.procedures.__main__ import main as procedures
from chalicelib.web.service import VERSION
from infra import documents, template
from infra.seed import organisations
from tests.documents import ROOT, blocks, masked, read
from tests.web.air import Air, on_air

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
POST = re.compile(r"curl -s \"\$desk(\S+)\".*?-H 'Idempotency-Key: (\S+)' -d '(.*?)'", re.DOTALL)
ACT = re.compile(r"^act (\S+) (\S+) (\d+) '(.*)'$", re.MULTILINE)
NAMED = re.compile(r"`((?:\.\w+/|app\.py|chalicelib/|infra/|tests/|\.ci/)[\w./*-]*)`")
MADE_LATER = (".local/", "infra/stages/prod.json")
"""Named in the documents, and there only after a command."""


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air(*organisations()) as found:
        yield found


def test_the_complaint_of_the_readme_runs_from_post_to_closing_as_shown(air: Air) -> None:
    shell = "\n".join(blocks("README.md", "sh"))
    received, tracked = [json.loads(block) for block in blocks("README.md", "json")]
    [(path, key, body)] = POST.findall(shell)
    posted = [air.post(path, json.loads(body), headers={"Idempotency-Key": key}) for _ in range(2)]
    assert [answer.status_code for answer in posted] == [201, 200]
    assert shape(posted[0].json_body) == shape(received)

    number, shown = posted[0].json_body["number"], []
    for person, action, version, form in ACT.findall(shell):
        done = air.act(number, action, person, int(version), **json.loads(form))
        assert done.status_code == 200, done.json_body
        shown.append(" ".join(str(done.json_body[name]) for name in ("version", "stage", "status")))
    assert "\n".join(shown) + "\n" in blocks("README.md", "text")

    seen = air.get(f"/v1/complaints/{number}?phone_tail=8000", headers={"Accept-Language": "zh-CN"})
    assert shape(seen.json_body) == shape(tracked)


def test_the_call_of_the_readme_is_taken_once_it_is_signed_as_shown(air: Air, monkeypatch: pytest.MonkeyPatch) -> None:
    sample, _ = blocks("README.md", "python")
    held = io.StringIO(json.dumps({"webhook_secret": air.world.webhook_secret("c-company"), "api_url": "https://desk"}))
    answers: list[HTTPResponse] = []

    def urlopen(sent: Request) -> io.BytesIO:
        path = sent.full_url.removeprefix("https://desk")
        assert isinstance(sent.data, bytes)
        answers.append(air.call("POST", path, raw=sent.data, headers=dict(sent.header_items())))
        return io.BytesIO(answers[-1].body)

    air.now = datetime.now(UTC)
    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    for _ in range(2):
        held.seek(0)
        exec(sample, {"open": lambda _: held, "print": lambda _: None})  # noqa: S102 # ours
    assert [answer.status_code for answer in answers] == [201, 200]
    case = air.stores.cases.load("c-company", answers[0].json_body["number"])
    assert case is not None
    assert (case.summary, case.done["register"].first_by) == ("电梯困人", "c.wang")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_document_links_to_and_calls_is_there(name: str) -> None:
    assert list(documents.problems(ROOT, ROOT / name)) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_target_and_path_that_a_document_names_is_there(name: str) -> None:
    text = read(name)
    called = set(re.findall(r"\bmake ([a-z]+)\b", "\n".join([*blocks(name, "sh"), *re.findall(r"`[^`\n]+`", text)])))
    assert called <= documents.targets(read("Makefile"))
    named = [path for path in NAMED.findall(text) if not path.startswith(MADE_LATER)]
    assert [path for path in named if not list(ROOT.glob(path.rstrip("/")))] == []
    for parent in ("chalicelib/", "tests/"):
        assert name == "CHANGELOG.md" or any(path.startswith(parent) for path in named)


def test_the_readme_says_what_each_part_of_the_tree_is() -> None:
    there = {path.name for path in (ROOT / "chalicelib").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert [part for part in sorted(there) if f"`chalicelib/{part}/`" not in read("README.md")] == []


def test_the_commands_of_the_contributors_page_succeed(monkeypatch: pytest.MonkeyPatch) -> None:
    for command in "\n".join(blocks("CONTRIBUTING.md", "sh")).splitlines():
        found = re.fullmatch(r"\.local/venv/bin/python -m chalicelib\.procedures (.+)", command)
        assert found, command
        monkeypatch.setattr("sys.argv", ["chalicelib.procedures", *found[1].split()])
        assert not procedures(), command


def test_the_letter_that_contributors_are_shown_is_the_letter_that_ships() -> None:
    [shown] = blocks("CONTRIBUTING.md", "md")
    shipped = read("chalicelib/procedures/letters/c-company/urge.zh-Hans.md")
    assert shipped.startswith(shown.rstrip("\n"))


def test_every_setting_of_a_function_says_what_it_is_and_is_deployed() -> None:
    lines = inspect.getsource(settings.Settings)
    variables = (ROOT / "infra/resources/functions.yaml").read_text(encoding="utf-8")
    silent = [
        f for f in settings.Settings.__struct_fields__ if not re.search(rf"^    {f}: .*  # \w", lines, re.MULTILINE)
    ]
    assert silent == []
    kept = {"due_shards"}  # chosen once for all deployments
    given = {f for f in settings.Settings.__struct_fields__ if re.search(rf"^\s+{f.upper()}:", variables, re.MULTILINE)}
    assert set(settings.Settings.__struct_fields__) - given == kept


def test_every_parameter_of_a_deployment_says_what_it_is() -> None:
    parameters = template.build("prod")["Parameters"]
    assert [name for name, entry in parameters.items() if not entry.get("Description")] == []


def test_the_changelog_speaks_of_the_version_that_runs() -> None:
    assert VERSION in read("CHANGELOG.md")


@pytest.mark.parametrize("language", ["json", "yaml"])
def test_every_sample_of_data_can_be_read(language: str) -> None:
    for name in DOCUMENTS:
        for block in blocks(name, language):
            assert yaml.safe_load(block)


def shape(value: Any) -> str:
    """A document with all that differs from run to run masked, names in order."""
    return masked(json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1))
