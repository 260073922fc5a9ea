"""W: what falls due on Tuesdays, on the 2nd and on the 4th, whether anybody complains or not."""

import pytest

from tests.stories.dates import away
from tests.stories.town import Town
from tests.stories.workshop import NOISE, noise


def workshop(start: str, until: str) -> Town:
    """The workshop with its duties begun, and time passed."""
    town = Town("w-workshop", start)
    town.begin_duties()
    town.until(until)
    return town


@pytest.mark.rules("W-97")
def test_each_tuesday_the_service_centre_has_the_week_to_monday_prepared_and_issues_it() -> None:
    case = noise("02-25 10:00")
    town = case.town
    town.begin_duties()
    town.until("03-03 09:00")
    [run] = town.periods("weekly_summary")
    assert run.period == "2026-02-24..2026-03-02"
    assert town.sent("summary_due", duty="weekly_summary") == ["03-03 00:00 w.pan"]
    assert [line.number for line in town.report("weekly_summary").lines] == [case.number]
    town.issue("weekly_summary", "w.pan")
    assert town.sent("summary_issued") == ["03-03 09:00 w.fan", "03-03 09:00 w.yuan"]
    town.until("03-04 12:00")
    assert town.sent("summary_late", duty="weekly_summary") == []


@pytest.mark.rules("W-97")
def test_a_tuesday_that_passes_without_the_summary_is_told_to_the_general_manager_once() -> None:
    town = workshop("03-02 12:00", "03-09 12:00")
    assert town.sent("summary_due", duty="weekly_summary") == ["03-03 00:00 w.pan", "03-03 20:00 w.pan"]
    assert town.sent("summary_late", duty="weekly_summary") == ["03-04 07:00 w.fan"]
    assert town.issue("weekly_summary", "w.cao").late_at is not None


@pytest.mark.rules("W-97")
def test_it_is_not_moved_for_the_spring_festival() -> None:
    town = workshop("02-15 12:00", "02-17 12:00")
    assert [run.period for run in town.periods("weekly_summary")] == ["2026-02-10..2026-02-16"]


@pytest.mark.rules("W-98")
def test_on_the_second_the_month_before_is_summed_up_and_what_is_missing_is_told() -> None:
    town = workshop("03-31 12:00", "04-03 08:00")
    [run] = town.periods("monthly_summary")
    assert run.period == "2026-03-01..2026-03-31"
    assert town.sent("summary_late", duty="monthly_summary") == ["04-03 07:00 w.fan"]


@pytest.mark.rules("W-97", "W-98")
def test_where_the_second_is_a_tuesday_two_reports_are_due() -> None:
    town = workshop("06-01 12:00", "06-02 12:00")
    assert town.periods("weekly_summary")[0].period == "2026-05-26..2026-06-01"
    assert town.periods("monthly_summary")[0].period == "2026-05-01..2026-05-31"
    town.issue("weekly_summary", "w.pan")
    town.issue("monthly_summary", "w.pan")
    assert len(town.sent("summary_issued", to="w.fan")) == 2


@pytest.mark.rules("W-99")
def test_on_the_fourth_the_management_department_reports_rewards_and_penalties_to_finance_and_above() -> None:
    town = workshop("04-03 12:00", "04-04 10:00")
    assert town.sent("summary_due", duty="rewards_penalties") == ["04-04 07:00 w.yuan"]  # midnight, held
    town.issue("rewards_penalties", "w.yuan")
    assert town.sent("summary_issued", duty="rewards_penalties") == ["04-04 10:00 w.fan", "04-04 10:00 w.su"]
    missed = workshop("04-03 12:00", "04-05 12:00")
    assert missed.sent("summary_late", duty="rewards_penalties") == ["04-05 07:00 w.fan"]


@pytest.mark.rules("W-97", "W-99")
def test_nobody_issues_what_is_not_theirs() -> None:
    town = workshop("06-01 12:00", "06-04 12:00")
    for duty, person in (("weekly_summary", "w.yuan"), ("monthly_summary", "w.xie"), ("rewards_penalties", "w.pan")):
        with pytest.raises(Exception, match="not yours to issue"):
            town.issue(duty, person)
    town.issue("weekly_summary", "w.pan")
    with pytest.raises(Exception, match="was issued already"):
        town.issue("weekly_summary", "w.pan")


@pytest.mark.rules("W-98", "W-101")
def test_while_the_first_is_away_the_second_is_told_of_the_summary_and_issues_it() -> None:
    town = Town("w-workshop", "03-31 12:00", away("w.pan", "04-01 00:00", "04-06 00:00"))
    town.begin_duties()
    town.until("04-02 09:00")
    assert town.sent("summary_due", duty="monthly_summary") == ["04-02 00:00 w.cao"]
    assert town.issue("monthly_summary", "w.cao").issued_by == "w.cao"


@pytest.mark.rules("W-15", "W-16")
def test_regular_contact_comes_round_as_often_as_the_site_has_set() -> None:
    town = workshop("03-02 12:00", "04-16 12:00")
    newest, first = town.periods("customer_contact")
    assert newest.period == "2026-03-15..2026-04-14"
    assert first.period.endswith("..2026-03-14")
    assert town.sent("summary_late", duty="customer_contact") == ["03-16 07:00 w.tang", "04-16 07:00 w.tang"]


def test_a_year_of_duties_opens_each_period_once() -> None:
    town = workshop("01-01 12:00", "12-31 12:00")
    assert len(town.periods("monthly_summary")) == 12
    assert len(town.world.stores.duties.periods(town.org, "main", "weekly_summary", limit=100)) == 52
    assert town.receives(NOISE, by="w.lin").stage == "received"
