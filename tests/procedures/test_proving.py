"""Tests that prove a rule fail where what carries it out is taken away; and taking away takes away."""

import subprocess
import sys

import pytest

from chalicelib.desk.procedure import Procedure
from chalicelib.procedures.compile import compile_source, sources
from tests.procedures import proving
from tests.procedures.proving import takings
from tests.procedures.without import optional, without


@pytest.fixture(scope="module")
def whole() -> Procedure:
    return compile_source(sources()["w-workshop"]).bind({})


@pytest.mark.parametrize("name", sources())
def test_each_rule_has_a_test_that_misses_what_is_taken_away(name: str) -> None:
    command = [sys.executable, "-m", "tests.procedures.proving", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "rules proven" in done.stdout


def test_a_rule_whose_tests_miss_nothing_is_named_and_fails(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving.Proving, "_fails", lambda *_: False)

    assert proving.main(["N-05"]) == 1
    said = capsys.readouterr().out
    assert "0 of 1 rules proven" in said
    assert "N-05  clocks.reply gone, and no test of N-05 misses anything." in said


def test_a_clock_taken_away_never_runs_and_a_duty_a_bar_and_a_need_are_gone(whole: Procedure) -> None:
    clock = without(whole, "clocks.report", "W-51")
    assert clock
    assert (clock.clocks["report"].starts, clock.clocks["report"].ladder) == ([], [])
    assert "weekly_summary" not in without(whole, "duties.weekly_summary", "W-97").duties  # type: ignore[union-attr]
    assert without(whole, "bars[0]", "W-102").bars == whole.bars[1:]  # type: ignore[union-attr]
    needs = without(whole, "actions.inspect.needs[0]", "W-40").actions["inspect"].needs  # type: ignore[union-attr]
    assert needs == whole.actions["inspect"].needs[1:]


def test_of_a_guide_the_line_of_the_rule_is_taken_away_and_no_other(whole: Procedure) -> None:
    spoilt = without(whole, "guides.manner", "W-21")
    assert spoilt
    assert set(whole.guides["manner"].lines) - set(spoilt.guides["manner"].lines) == {"W-21"}


def test_a_question_is_first_of_all_no_longer_required(whole: Procedure) -> None:
    loose = optional(whole, "fields.reported_to")
    assert loose
    assert "reported_to" in whole.actions["report"].asks
    assert ("reported_to" in loose.actions["report"].asks, "reported_to" in loose.actions["report"].may_ask) == (
        False, True,
    )  # fmt: skip


def test_what_does_nothing_by_itself_cannot_be_taken_away(whole: Procedure) -> None:
    assert without(whole, "platform.history", "W-14") is None
    assert without(whole, "settings.accept", "W-51") is None


@pytest.mark.parametrize("name", sources())
def test_without_any_of_its_elements_a_procedure_is_another(name: str) -> None:
    whole = compile_source(sources()[name]).bind({})
    for taken in takings(name):
        spoilt = optional(whole, taken.element) or without(whole, taken.element, taken.rule)
        assert spoilt != whole, taken
