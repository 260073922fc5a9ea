"""Every rule of the nine written procedures is carried out by an element and proven by a test."""

from pathlib import Path
from typing import Any

import pytest

from chalicelib.procedures import __main__ as commands
from chalicelib.procedures.compile import build, read_rules, sources
from chalicelib.procedures.coverage import Coverage, missing, proofs_in, unheard_of
from chalicelib.procedures.problems import Unsound
from chalicelib.procedures.rule import Rule
from chalicelib.procedures.written import written

RULE = Rule(kind="enforce", clause={"zh-Hans": "二日内"}, says={"en": "Within two days"})

SOURCE = """
procedure: tiny
version: 1
title: {zh: 投诉, en: Complaints}
channels: {phone: {rules: [Y-01, Y-03]}}
"""
RULES = """
Y-01: {kind: enforce, clause: {zh: 来电}, says: {zh: 受理来电投诉, en: Complaints are taken by phone}}
Y-02: {kind: guide, clause: {zh: 耐心}, says: {zh: 耐心听, en: Listen patiently}}
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    for folder, text in (("sources", SOURCE), ("rules", RULES)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tiny.yaml").write_text(text, "utf-8")
    return tmp_path / "sources" / "tiny.yaml"


def test_all_488_rules_are_carried_out_and_proven(capsys: pytest.CaptureFixture[str]) -> None:
    status = commands.main(["rules", "--brief"])
    said = capsys.readouterr().out.splitlines()

    assert len(said) == 11  # nothing is missing
    assert said[-1].split() == ["all", "488", "333", "56", "99", "488", "488"]
    assert status == 0


def test_each_rule_is_told_with_its_kind_its_elements_and_its_tests(capsys: pytest.CaptureFixture[str]) -> None:
    commands.main(["rules", "w-workshop"])
    said = capsys.readouterr().out
    rule = said[said.index("W-97  ") : said.index("W-98  ")].splitlines()

    assert rule[0] == "W-97  enforce  A summary every Tuesday"
    assert "    duties.weekly_summary" in rule
    assert [line for line in rule if line.startswith("    tests/")]


def test_without_the_tests_the_elements_alone_are_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(commands, "TESTS", tmp_path / "tests")

    assert commands.main(["rules", "n-notice"]) == 0
    said = capsys.readouterr().out
    assert "tests/" not in said
    assert said.splitlines()[-1] == "The tests are not here: what proves a rule is not known."


def test_a_rule_without_an_element_or_without_a_test_is_named() -> None:
    found = [
        Coverage("Y-01", RULE, ["clocks.a"], []),
        Coverage("Y-02", RULE, [], ["t"]),
        Coverage("Y-03", RULE, [], []),
    ]

    said = ["Y-01: No test proves it.", "Y-02: No element carries it out.", "Y-03: No element carries it out."]
    assert [str(problem) for problem in missing(found)] == [*said, "Y-03: No test proves it."]
    assert [str(problem) for problem in missing(found, tests_known=False)] == said[1:]


def test_a_rule_that_is_not_written_anywhere_is_named_where_it_stands(tiny: Path) -> None:
    tests = {"Y-02": ["tests/a.py::test_a"], "Y-04": ["tests/a.py::test_b"], "W-97": ["tests/a.py::test_c"]}

    assert [str(problem) for problem in unheard_of(tiny, tests)] == [
        'channels.phone: There is no rule "Y-03".', 'tests/a.py::test_b: There is no rule "Y-04".',
    ]  # fmt: skip


def test_tests_are_found_by_their_marks_on_a_function_a_case_or_a_class(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        '@pytest.mark.rules("Y-01", "Y-02")\ndef test_both(): ...\n'
        '@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.rules("Y-03"))])\ndef test_case(x): ...\n'
        '@pytest.mark.rules("Y-04")\nclass TestIt:\n    def test_it(self): ...\n    def helper(self): ...\n'
        '@pytest.mark.rules("Y-05")\ndef helper(): ...\n'
    )
    name = tmp_path.name

    assert proofs_in(tmp_path) == {
        "Y-01": [f"{name}/test_a.py::test_both"], "Y-02": [f"{name}/test_a.py::test_both"],
        "Y-03": [f"{name}/test_a.py::test_case"], "Y-04": [f"{name}/test_a.py::test_it"],
    }  # fmt: skip


@pytest.mark.parametrize("name", sources())
def test_every_rule_has_its_place_in_the_document_and_its_sense_in_each_language(name: str) -> None:
    rules = read_rules(sources()[name])

    assert [id for id in rules if not id.startswith(f"{name[0].upper()}-")] == []
    assert [id for id, rule in rules.items() if set(rule.says) != {"zh-Hans", "zh-Hant", "en"}] == []
    assert [id for id, rule in rules.items() if set(rule.clause) != {"zh-Hans", "zh-Hant"}] == []


def test_the_rules_travel_compiled_beside_their_procedure(tiny: Path, tmp_path: Path) -> None:
    build(into=tmp_path / "compiled", home=tmp_path)
    rules = written("tiny", folder=tmp_path / "compiled")

    assert rules["Y-01"].says == {
        "zh-Hans": "受理来电投诉",
        "zh-Hant": "受理來電投訴",
        "en": "Complaints are taken by phone",
    }
    assert written("a-companys-own", folder=tmp_path / "compiled") == {}


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("Y-01: {kind: must, clause: {zh: 甲}, says: {zh: 乙}}", "Invalid enum value 'must'"),
        ("Y-01: {kind: guide, clause: {zh: 甲}}", "missing required field `says`"),
        ("Y-01: {kind: guide, clause: {zh: 甲}, says: {zh: 乙}, by: x}", "unknown field `by`"),
    ],
)
def test_rules_of_a_wrong_form_are_refused_with_their_file(tiny: Path, entry: Any, sentence: str) -> None:
    (tiny.parents[1] / "rules" / "tiny.yaml").write_text(entry, "utf-8")
    with pytest.raises(Unsound, match=r"rules/tiny\.yaml: ") as refusal:
        read_rules(tiny)

    assert sentence in str(refusal.value)
