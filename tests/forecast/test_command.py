"""`simulate` prints, saves and says what it was asked for; what cannot be is said at once, and it fails."""

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from chalicelib.forecast.wording import LANGUAGES, word
from chalicelib.procedures.__main__ import main
from infra.seed import DEMO
from tests.documents import blocks, masked

SMALL = ["--year", "2026", "--per-week", "1", "--language", "en"]
GUIDE = "chalicelib/procedures/README.md"


def test_the_sample_of_the_guide_runs_and_shows_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [command] = [line for block in blocks(GUIDE, "sh") for line in block.splitlines() if " simulate " in line]
    [shown] = [block for block in blocks(GUIDE, "text") if "Share late" in block]
    arguments = command.split(" chalicelib.procedures ")[1].split()
    monkeypatch.chdir(tmp_path)

    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert [line for line in _plain(shown) if line not in _plain(said)] == []
    assert (tmp_path / "forecast.html").read_text("utf-8").count("<svg") == 2


def test_two_settings_stand_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "c-company", *SMALL, "--set", "transfer=24h", "--versus", "transfer=5m"]) == 0
    said = capsys.readouterr().out

    assert "A: transfer=24h" in said
    assert "B: transfer=5m" in said
    assert "late share A  late share B" in said


def test_json_holds_every_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "c-company", *SMALL, "--json", "--versus", "accept=1h"]) == 0
    plain, changed = json.loads(capsys.readouterr().out)

    assert plain["settings"] == {}
    assert changed["settings"] == {"accept": "1h"}
    assert plain["totals"]["complaints"] == 52
    accept = [next(c for c in each["clocks"] if c["clock"] == "accept") for each in (plain, changed)]
    assert [one["unlimited"] == one["runs"] for one in accept] == [True, False]


def test_a_page_and_a_workbook_with_charts_are_saved(tmp_path: Path) -> None:
    page, book = tmp_path / "f.html", tmp_path / "f.xlsx"
    told = ["--set", "transfer=24h", "--versus", "transfer=4h", "--html", str(page), "--xlsx", str(book)]
    assert main(["simulate", "c-company", *SMALL, *told]) == 0

    text = page.read_text("utf-8")
    assert text.count("<rect") > 8
    assert "<script" not in text
    assert "http" not in text
    with ZipFile(book) as parts:
        assert {"xl/charts/chart1.xml", "xl/charts/chart2.xml", "xl/worksheets/sheet3.xml"} <= set(parts.namelist())


def test_people_of_an_organisation_work_and_more_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    staff = ["--organisation", str(DEMO / "c-company.yaml"), "--staff", "customer_service=9"]
    assert main(["simulate", "c-company", *SMALL, *staff, "--json"]) == 0
    [figures] = json.loads(capsys.readouterr().out)

    assert next(r for r in figures["roles"] if r["role"] == "customer_service")["pieces"] > 0


def test_observed_durations_are_drawn_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "d.csv").write_text("action,minutes\nclassify,600\nclassify,600\n")
    (tmp_path / "d.yaml").write_text("classify: [600, 600]\n")
    hours = []
    for options in ([], ["--durations", str(tmp_path / "d.csv")], ["--durations", str(tmp_path / "d.yaml")]):
        assert main(["simulate", "c-company", *SMALL, *options, "--json"]) == 0
        hours.append(json.loads(capsys.readouterr().out)[0]["totals"]["hours"])

    assert hours[1] == hours[2] > hours[0] + 52 * 9


def test_all_that_cannot_be_is_said_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "d.csv").write_text("action,minutes\nclassify,never\n")
    wrong = [
        "--set", "trasfer=4h", "--set", "transfer=soon", "--set", "solve=5x", "--set", "novalue", "--staff", "clerk=2",
        "--minutes", "accept=x", "--answer", "told_how=fax:2", "--answer", "content=a:1", "--absent", "500%",
        "--wait", "solving=3x", "--chance", "dance=5%", "--durations", str(tmp_path / "d.csv"),
        "--organisation", str(tmp_path / "gone.yaml"),
    ]  # fmt: skip
    assert main(["simulate", "c-company", "--year", "1999", "--language", "en", *wrong]) == 1
    said = capsys.readouterr().err

    assert said.startswith("No forecast can be made (14 wrong):")
    for part in ("trasfer", '"soon"', '"5x"', "novalue", "clerk", '"x"', "fax", '"content"', "500%", '"3x"', "dance",
                 "d.csv", "gone.yaml", "1999"):  # fmt: skip
        assert part in said


def test_a_procedure_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "x-unknown", "--year", "2026"]) == 1
    assert "x-unknown" in capsys.readouterr().err


def test_both_languages_have_the_same_words() -> None:
    names = [
        json.loads((Path(word.__code__.co_filename).parent / "words" / f"{tag}.json").read_text("utf-8"))
        for tag in LANGUAGES
    ]
    fields = [{name: set(_braces(text)) for name, text in words.items()} for words in names]

    assert fields[0] == fields[1]


def _braces(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("{")[1:]]


def _plain(text: str) -> list[str]:
    """Lines without what their figures are: numbers, bars and the width of columns."""
    return [" ".join(masked(re.sub("[▏▎▍▌▋▊▉█]+", "", line)).replace(",", "").split()) for line in text.splitlines()]
