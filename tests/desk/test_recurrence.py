"""Duties that come round: daily compilation, Tuesday, the 2nd, the quarter's end."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.desk.hours import Calendar, DayRule
from chalicelib.desk.recurrence import next_occurrence, period_covered

SHANGHAI = Calendar()
BERLIN = Calendar(zone="Europe/Berlin")
RECURRENCES = ["daily", *(f"weekly:{day}" for day in ("mon", "tue", "sun"))]
RECURRENCES += [f"{kind}:{day}" for kind in ("monthly", "quarterly") for day in (1, 2, 29, 31)]
PERIODS = ["today", "yesterday", "seven_days_to_yesterday", "last_month", "last_quarter"]


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("every", "after", "clock", "next_time"),
    [
        ("daily", "2026-03-02T10:00", "00:00", "2026-03-03T00:00"),
        ("daily", "2026-03-02T10:00", "17:30", "2026-03-02T17:30"),
        ("daily", "2026-03-02T17:30", "17:30", "2026-03-03T17:30"),  # strictly after
        ("daily", "2026-03-02T10:00", "24:00", "2026-03-03T00:00"),
        ("weekly:tue", "2026-03-02T10:00", "09:00", "2026-03-03T09:00"),
        ("weekly:tue", "2026-03-03T09:00", "09:00", "2026-03-10T09:00"),
        ("weekly:sun", "2026-02-28T10:00", "00:00", "2026-03-01T00:00"),
        ("monthly:2", "2026-03-02T00:00", "00:00", "2026-04-02T00:00"),
        ("monthly:2", "2026-12-15T00:00", "08:00", "2027-01-02T08:00"),
        ("monthly:31", "2026-02-01T00:00", "00:00", "2026-02-28T00:00"),
        ("monthly:30", "2028-02-01T00:00", "00:00", "2028-02-29T00:00"),
        ("quarterly:1", "2026-01-01T00:00", "00:00", "2026-04-01T00:00"),
        ("quarterly:1", "2026-10-02T00:00", "00:00", "2027-01-01T00:00"),
        ("quarterly:31", "2026-04-01T00:00", "00:00", "2026-04-30T00:00"),
    ],
)
def test_the_next_occurrence_is_strictly_after(every, after, clock, next_time):
    assert next_occurrence(SHANGHAI, every, at(after), clock) == at(next_time)


def test_rest_days_do_not_move_an_occurrence():
    closed = Calendar(days={"2026-03-03": DayRule(kind="off")}, horizon="2026-03-01")
    assert next_occurrence(closed, "weekly:tue", at("2026-03-02T10:00")) == at("2026-03-03T00:00")


def test_an_occurrence_in_an_hour_that_summer_time_skips_happens_at_the_skip():
    skipped = next_occurrence(BERLIN, "daily", at("2026-03-28T12:00", "Europe/Berlin"), "02:30")
    assert skipped == at("2026-03-29T03:00", "Europe/Berlin")


def test_an_occurrence_in_an_hour_that_comes_twice_happens_once():
    first = next_occurrence(BERLIN, "daily", at("2026-10-24T12:00", "Europe/Berlin"), "02:15")
    assert first == datetime(2026, 10, 25, 0, 15, tzinfo=UTC)
    assert next_occurrence(BERLIN, "daily", first, "02:15") == datetime(2026, 10, 26, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "every", ["", "day", "daily:1", "weekly", "weekly:tuesday", "monthly:0", "monthly:32", "monthly:02", "yearly:1"]
)
def test_what_is_no_recurrence_is_refused(every):
    with pytest.raises(ValueError, match="is not a recurrence"):
        next_occurrence(SHANGHAI, every, at("2026-03-02T10:00"))


@pytest.mark.parametrize(
    ("covers", "now", "first", "last"),
    [
        ("today", "2026-03-02T00:00", date(2026, 3, 2), date(2026, 3, 2)),
        ("yesterday", "2026-03-01T00:00", date(2026, 2, 28), date(2026, 2, 28)),
        ("yesterday", "2028-03-01T00:00", date(2028, 2, 29), date(2028, 2, 29)),
        ("seven_days_to_yesterday", "2026-03-03T09:00", date(2026, 2, 24), date(2026, 3, 2)),
        ("last_month", "2026-03-02T00:00", date(2026, 2, 1), date(2026, 2, 28)),
        ("last_month", "2026-01-31T23:59", date(2025, 12, 1), date(2025, 12, 31)),
        ("last_quarter", "2026-04-01T00:00", date(2026, 1, 1), date(2026, 3, 31)),
        ("last_quarter", "2026-03-31T23:59", date(2025, 10, 1), date(2025, 12, 31)),
        ("last_quarter", "2026-12-31T23:59", date(2026, 7, 1), date(2026, 9, 30)),
    ],
)
def test_a_period_is_covered_from_its_first_to_its_last_date(covers, now, first, last):
    assert period_covered(SHANGHAI, covers, at(now)) == (first, last)


def test_what_is_no_period_is_refused():
    with pytest.raises(ValueError, match="is not a period"):
        period_covered(SHANGHAI, "last_year", at("2026-03-02T10:00"))


instants = st.integers(0, 3 * 365 * 86400).map(lambda s: at("2026-01-01T00:00") + timedelta(seconds=s))


@given(st.sampled_from(RECURRENCES), instants, st.sampled_from(["00:00", "02:30", "17:30", "24:00"]))
def test_no_occurrence_is_passed_over(every, after, clock):
    upcoming = next_occurrence(BERLIN, every, after, clock)
    assert upcoming > after
    assert next_occurrence(BERLIN, every, upcoming - timedelta(seconds=1), clock) == upcoming
    assert next_occurrence(BERLIN, every, after + (upcoming - after) / 2, clock) == upcoming


@given(st.sampled_from([("daily", "yesterday"), ("weekly:tue", "seven_days_to_yesterday"), ("monthly:2", "last_month"),
                        ("quarterly:1", "last_quarter")]), instants)  # fmt: skip
def test_periods_of_successive_occurrences_follow_each_other_without_gap_or_overlap(duty, after):
    every, covers = duty
    once = next_occurrence(BERLIN, every, after)
    then = next_occurrence(BERLIN, every, once)
    _, last = period_covered(BERLIN, covers, once)
    first, _ = period_covered(BERLIN, covers, then)
    assert first == last + timedelta(days=1)
