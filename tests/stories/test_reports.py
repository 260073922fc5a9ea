"""What the written procedures want reported: by whom, when, of which cases, and that nothing happened, too."""

from collections import Counter
from typing import Any

import pytest

from chalicelib.cases.periods import dates
from chalicelib.cases.report_views import ReportView
from chalicelib.cases.reports import Reports
from tests.stories.dates import answer
from tests.stories.town import Town
from tests.stories.workshop import NOISE, accounting, noise
from tests.stories.workshop_ways import no_revisit


def shown(town: Town, name: str, by: str, period: str = "") -> ReportView:
    return town.world.show_reports(town.org, "main", name, period, by, "zh-Hans")


def numbers(view: ReportView) -> list[str]:
    return [line.number for line in view.lines]


@pytest.mark.rules("W-98", "W-99")
def test_rewards_and_penalties_are_those_of_the_cases_in_the_months_summary_whether_it_is_issued_or_not() -> None:
    case = accounting().until("03-03 02:00").do("complete_final")
    town = case.town
    town.begin_duties()
    town.until("04-02 09:00")
    town.issue("monthly_summary", "w.pan")
    late_one = town.receives({**NOISE, "received_at": answer("03-20 09:00")}, by="w.lin", key="late")
    town.until("04-04 10:00")
    found = shown(town, "rewards_penalties", "w.yuan")
    assert found.based_on is not None
    assert (found.based_on.duty, found.based_on.issued) == ("monthly_summary", True)
    assert found.based_on.hash == town.periods("monthly_summary")[0].hash
    assert numbers(found) == found.based_on.cases == [case.number]
    assert late_one.number not in numbers(found)
    [sums] = found.figures.tables
    assert [(one.person, one.cases) for one in sums.people] == [(sums.people[0].person, [case.number])]
    assert any("已报送" in note and "每月2日" in note for note in found.notes)


@pytest.mark.rules("W-99")
def test_where_the_months_summary_was_not_issued_the_report_on_it_says_so() -> None:
    case = noise("03-20 10:00")
    case.town.begin_duties()
    case.town.until("04-04 10:00")
    found = shown(case.town, "rewards_penalties", "w.yuan")
    assert found.based_on is not None
    assert (found.based_on.issued, numbers(found)) == (False, [case.number])
    assert any("尚未报送" in note for note in found.notes)


@pytest.mark.rules("W-97")
def test_the_issued_summary_is_in_the_mail_with_its_figures() -> None:
    case = noise("02-25 10:00")
    town = case.town
    town.begin_duties()
    town.until("03-03 09:00")
    town.issue("weekly_summary", "w.pan")
    mails = [one for one in town.letters if one.letter == "summary_issued" and one.channel == "email"]
    assert [one.to for one in mails] == ["w.fan", "w.yuan"]
    for mail in mails:
        assert "列入件数：1" in mail.text
        assert "超时率：100%（1件中1件）" in mail.text
        assert "马先生" not in mail.text


NIL = [
    ("p-property", "daily_report", "03-04 09:00", ("P-74", "P-75")),
    ("e-dongnan", "quarterly_report", "04-01 09:00", ("E-47",)),
    ("s-store", "regular_review", "04-20 09:00", ("S-69",)),
]


@pytest.mark.rules("P-74", "P-75", "E-47", "S-69")
@pytest.mark.parametrize(("org", "duty", "until", "rules"), NIL)
def test_a_report_of_a_period_without_complaints_says_that_there_were_none_and_is_owed_all_the_same(
    org: str, duty: str, until: str, rules: tuple[str, ...]
) -> None:
    town = Town(org, "03-02 12:00", review_interval="monthly:15") if org == "s-store" else Town(org, "03-02 12:00")
    town.begin_duties()
    town.until(until)
    desk = town.world.desks.at(org, "main")
    owed = desk.procedure.duties[duty]
    issuer = desk.site.posts[owed.by][0]
    found = shown(town, duty, issuer)
    assert owed.nil_report
    assert (found.nil, found.says, found.lines) == (True, "本期无投诉。", [])
    assert found.notes[0] == "本期无投诉。"
    assert set(rules) <= set(found.rules)
    town.issue(duty, issuer)
    [mail, *_] = [one for one in town.letters if one.letter == "summary_issued" and one.channel == "email"]
    assert "本期无投诉。" in mail.text


@pytest.mark.rules("E-47", "S-69", "P-41", "P-12", "P-19", "C-33", "N-11")
@pytest.mark.parametrize(
    ("org", "report", "by"),
    [("p-property", "broken_promises", ["promised_by", "visitor"]), ("p-property", "causes", ["handled_by"]),
     ("c-company", "trend", ["department"]), ("n-notice", "by_stage", ["life_stage"]),
     ("s-store", "regular_review", ["preventable"]), ("e-dongnan", "quarterly_report", [])],
)  # fmt: skip
def test_each_procedures_report_breaks_its_cases_down_by_what_its_rules_name(
    org: str, report: str, by: list[str]
) -> None:
    town = Town(org, "03-02 12:00")
    known = town.world.desks.at(org, "main").procedure.reports[report]
    assert set(by) <= set(known.by)
    assert "number" in known.columns


class Counting:
    """A CaseStore that counts reads, each page of a list and each hundred heads as one."""

    def __init__(self, cases: Any) -> None:
        self._cases, self.reads = cases, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        self.reads[name] += 1
        return getattr(self._cases, name)


def test_a_report_reads_what_its_period_holds_however_much_the_table_holds() -> None:
    case = noise("02-25 10:00")
    town = case.town
    town.begin_duties()
    town.until("03-03 09:00")

    def reads() -> Counter[str]:
        counting = Counting(town.world.stores.cases)
        world = town.world
        reports = Reports(
            cases=counting, desks=world.desks, files=world.reports._files, runs=world.stores.duties,
            duties=world.duties, clock=world.clock,
        )  # fmt: skip
        found = reports.computed(
            world.desks.at(town.org, "main"), "weekly_summary", "", *dates("2026-02-24..2026-03-02")
        )
        assert [line.number for line in found.lines] == [case.number]
        return counting.reads

    few = reads()
    for n in range(12):
        no_revisit(town.receives({**NOISE, "received_at": answer("03-03 09:00")}, by="w.lin", key=f"more-{n}"))
    assert reads() == few
