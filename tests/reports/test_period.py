"""Periods as callers name them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.desk.errors import BadInput
from chalicelib.reports.period import Period, period_of, said_period

TODAY = date(2026, 11, 22)
DATES = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(("text", "days"), [
    ("", "2026-11-01..2026-11-30"),
    ("2026-11", "2026-11-01..2026-11-30"),
    ("2024-02", "2024-02-01..2024-02-29"),
    ("2026-Q1", "2026-01-01..2026-03-31"),
    ("2026-q4", "2026-10-01..2026-12-31"),
    ("2026-W01", "2025-12-29..2026-01-04"),
    ("2026-w47", "2026-11-16..2026-11-22"),
    ("2020-W53", "2020-12-28..2021-01-03"),
    ("2026-11-17", "2026-11-17..2026-11-17"),
    ("2026-11-17..2026-11-23", "2026-11-17..2026-11-23"),
    (" 2026-11 ", "2026-11-01..2026-11-30"),
])  # fmt: skip
def test_a_period_is_its_days(text: str, days: str) -> None:
    assert period_of(text, TODAY).days == days


@pytest.mark.parametrize("text", [
    "2026-13", "2026-00", "2026-Q5", "2026-W54", "2021-W53", "2026-W00", "2026-02-30", "november", "2026", "2026-1",
    "2026-11-23..2026-11-17", "2026-11-17..", "..2026-11-17", "2020-01-01..2026-01-01", "0001-01", "9999-12",
    "２０２６-11", "2026-11-17..2026-11-23..2026-11-24", "2026-11\n2026", "x" * 400,
])  # fmt: skip
def test_what_is_no_period_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        period_of(text, TODAY)
    assert [problem.field for problem in refused.value.problems] == ["period"]


@given(text=st.text(max_size=30))
def test_whatever_is_sent_it_is_a_period_or_refused(text: str) -> None:
    try:
        found = period_of(text, TODAY)
    except BadInput:
        return
    assert found.first <= found.last


@given(day=DATES)
def test_the_weeks_months_and_quarters_of_a_day_hold_it_and_meet_their_neighbours(day: date) -> None:
    year, week, _ = day.isocalendar()
    for name in (f"{year}-W{week:02d}", f"{day:%Y-%m}", f"{day.year}-Q{(day.month + 2) // 3}", ""):
        found = period_of(name, day)
        assert found.first <= day <= found.last
        if name:
            assert period_of(found.days, day).days == found.days
    month = period_of(f"{day:%Y-%m}", day)
    after = month.last + timedelta(days=1)
    assert period_of(f"{after:%Y-%m}", day).first == after


@given(day=DATES, length=st.integers(0, 365))
def test_any_days_up_to_a_year_are_a_period(day: date, length: int) -> None:
    found = period_of(f"{day}..{day + timedelta(days=length)}", TODAY)
    assert (found.last - found.first).days == length


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("text", ["2026-11", "2026-Q4", "2026-W47", "2026-11-17", "2026-11-17..2026-11-23"])
def test_a_period_is_said_in_words(text: str, language: str) -> None:
    said = said_period(period_of(text, TODAY), language)
    assert "2026" in said
    assert "{" not in said


def test_a_week_is_said_with_its_days_and_in_the_readers_language() -> None:
    week: Period = period_of("2026-W47", TODAY)
    assert said_period(week, "zh-Hant") == "2026年第47週（2026-11-16至2026-11-22）"
    assert said_period(week, "en") == "Week 47 of 2026 (2026-11-16 to 2026-11-22)"
