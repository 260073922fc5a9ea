"""The audit of what is installed: licences from here, advisories from elsewhere."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from infra import audit

REPORT: dict[str, Any] = {
    "dependencies": [
        {"name": "jinja2", "version": "2.4.1", "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"]}]},
        {"name": "msgspec", "version": "0.22.0", "vulns": []},
        {"name": "segno", "skip_reason": "Dependency not found on PyPI and could not be audited: segno (1.6.6)"},
    ],
    "fixes": [],
}


def test_a_known_fault_is_told_with_what_mends_it() -> None:
    unsafe, asked, unasked = audit.verdict(REPORT)
    assert unsafe == ["jinja2 2.4.1: PYSEC-2019-217, mended in 2.10.1"]
    assert (asked, unasked) == (2, 1)


def answering(monkeypatch: pytest.MonkeyPatch, report: dict[str, Any] | None) -> None:
    monkeypatch.setattr(audit, "advisories", lambda _: report)


def test_a_known_fault_closes_the_gate(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answering(monkeypatch, REPORT)
    assert audit.main() == 1
    assert "PYSEC-2019-217" in capsys.readouterr().out


@pytest.mark.parametrize("report", [None, {"dependencies": [{"name": "segno", "skip_reason": "not found"}]}])
def test_where_nobody_answers_it_says_so_and_the_gate_stays_open(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], report: dict[str, Any] | None
) -> None:
    answering(monkeypatch, report)
    assert audit.main() == 0
    told = capsys.readouterr().out
    assert "NOT AUDITED" in told
    assert "unsafe" not in told


@pytest.mark.parametrize("outcome", ["", "Traceback: no route to host"])
def test_what_is_no_report_is_none(monkeypatch: pytest.MonkeyPatch, outcome: str) -> None:
    done = subprocess.CompletedProcess([], 1, stdout=outcome, stderr="")
    monkeypatch.setattr(audit.subprocess, "run", lambda *_, **__: done)
    assert audit.advisories(Path("requirements.txt")) is None


def test_what_is_shipped_may_be_shipped() -> None:
    shipped = audit.versions(audit.bootstrap.locked("requirements").read_text(encoding="utf-8"))
    assert list(audit.licence_problems(shipped)) == []
    assert {"boto3", "msgspec", "python-stdnum"} <= set(shipped)


@pytest.mark.parametrize(
    "told",
    ["AGPL-3.0-only", "GNU General Public License v3 (GPLv3)", "Other/Proprietary License", "MIT AND GPL-3.0-only"],
)
def test_another_licence_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setattr(audit, "licences", lambda _: told.split(" AND "))
    [problem] = audit.licence_problems(["something"])
    assert problem.startswith("something: licence ")


def test_a_package_that_says_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "licences", lambda _: [])
    assert list(audit.licence_problems(["something"])) == [
        "something: licence unknown is not among those allowed in infra/audit.py"
    ]
