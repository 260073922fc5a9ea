"""Limits reckoned by hand, on the days that desks get wrong."""

from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from chalicelib.desk.calendar import (
    Calendar,
    add_business_minutes,
    day_of_next_month,
    elapsed,
    end_of_day_after,
    horizon_is_near,
    local_date,
    midnights_between,
    next_opening,
    shift_days,
    with_days,
)

SHANGHAI = Calendar()
BERLIN = Calendar(zone="Europe/Berlin")
UNTIL_2026 = Calendar(horizon="2026-12-31")
HOUR = 60


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_elapsed_hours_run_through_nights_weekends_and_summer_time():
    assert elapsed(at("2026-02-13T20:00"), 24 * HOUR) == at("2026-02-14T20:00")
    assert elapsed(at("2026-03-28T20:00", "Europe/Berlin"), 24 * HOUR) == at("2026-03-29T21:00", "Europe/Berlin")
    assert elapsed(at("2026-02-13T20:00"), -30) == at("2026-02-13T19:30")


def test_every_result_is_in_utc():
    start = at("2026-03-02T10:00")
    results = [
        elapsed(start, 1),
        end_of_day_after(SHANGHAI, start, 1),
        add_business_minutes(SHANGHAI, start, 0),
        add_business_minutes(SHANGHAI, start, 1),
        next_opening(SHANGHAI, start),
        shift_days(SHANGHAI, start, 0),
        shift_days(SHANGHAI, start, 1),
        day_of_next_month(SHANGHAI, start, 1),
    ]
    assert {result.tzinfo for result in results} == {UTC}


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-02T00:00", 3, "2026-03-06T00:00"),
        ("2026-03-02T23:59", 3, "2026-03-06T00:00"),
        ("2026-03-02T10:00", 0, "2026-03-03T00:00"),
        ("2026-02-27T10:00", 3, "2026-03-03T00:00"),
        ("2028-02-28T10:00", 1, "2028-03-01T00:00"),
        ("2026-12-30T10:00", 3, "2027-01-03T00:00"),
    ],
)
def test_days_leave_out_the_first_and_end_at_midnight_of_the_last(start, days, due):
    assert end_of_day_after(SHANGHAI, at(start), days) == at(due)


def test_days_end_at_local_midnight_on_both_sides_of_summer_time():
    assert end_of_day_after(BERLIN, at("2026-03-28T12:00", "Europe/Berlin"), 1) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert end_of_day_after(BERLIN, at("2026-10-24T12:00", "Europe/Berlin"), 1) == datetime(
        2026, 10, 25, 23, tzinfo=UTC
    )


def test_the_date_is_that_of_the_site():
    late = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    assert local_date(SHANGHAI, late) == date(2026, 3, 3)
    assert local_date(BERLIN, late) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("start", "day", "due"),
    [
        ("2026-03-02T09:00", 4, "2026-04-05T00:00"),
        ("2026-03-31T23:59", 4, "2026-04-05T00:00"),
        ("2026-01-31T09:00", 31, "2026-03-01T00:00"),
        ("2028-01-31T09:00", 30, "2028-03-01T00:00"),
        ("2026-12-15T09:00", 4, "2027-01-05T00:00"),
        ("2026-11-15T09:00", 31, "2027-01-01T00:00"),
    ],
)
def test_a_day_of_next_month_ends_at_its_midnight_and_never_falls_out_of_that_month(start, day, due):
    assert day_of_next_month(SHANGHAI, at(start), day) == at(due)


@pytest.mark.parametrize(
    ("a", "b", "midnights"),
    [
        ("2026-03-02T09:00", "2026-03-02T23:59", 0),
        ("2026-03-02T09:00", "2026-03-03T00:00", 1),
        ("2026-03-03T00:00", "2026-03-03T23:00", 0),
        ("2026-02-27T23:59", "2026-03-02T00:01", 3),
        ("2026-03-03T09:00", "2026-03-02T09:00", 0),
    ],
)
def test_a_midnight_counts_when_it_is_reached(a, b, midnights):
    assert midnights_between(SHANGHAI, at(a), at(b)) == midnights


def test_a_limit_at_midnight_stays_at_midnight_when_shifted_across_summer_time():
    due = end_of_day_after(BERLIN, at("2026-03-27T12:00", "Europe/Berlin"), 1)
    assert shift_days(BERLIN, due, 2) == end_of_day_after(BERLIN, at("2026-03-27T12:00", "Europe/Berlin"), 3)


def test_a_limit_at_a_midnight_that_summer_time_skips_is_back_at_midnight_the_day_after():
    santiago = Calendar(zone="America/Santiago")
    due = end_of_day_after(santiago, at("2026-09-05T12:00", "America/Santiago"), 0)
    assert due == at("2026-09-06T01:00", "America/Santiago")
    assert shift_days(santiago, due, 1) == at("2026-09-07T00:00", "America/Santiago")
    assert shift_days(santiago, shift_days(santiago, due, 1), -1) == due


def test_shifting_keeps_the_time_on_the_wall():
    assert shift_days(BERLIN, at("2026-03-28T10:15", "Europe/Berlin"), 1) == at("2026-03-29T10:15", "Europe/Berlin")
    assert shift_days(BERLIN, at("2026-03-28T02:30", "Europe/Berlin"), 1) == at("2026-03-29T03:00", "Europe/Berlin")


def test_shifting_by_no_days_changes_nothing_even_in_an_hour_that_comes_twice():
    second_half_past_two = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert shift_days(BERLIN, second_half_past_two, 0) == second_half_past_two


def test_days_and_elapsed_hours_need_no_holidays():
    assert end_of_day_after(UNTIL_2026, at("2026-12-31T10:00"), 3) == at("2027-01-04T00:00")
    assert midnights_between(UNTIL_2026, at("2026-12-31T10:00"), at("2027-01-04T10:00")) == 4


def test_the_horizon_is_near_some_months_ahead():
    assert not horizon_is_near(UNTIL_2026, at("2026-09-30T23:59"))
    assert horizon_is_near(UNTIL_2026, at("2026-10-01T00:00"))
    assert not horizon_is_near(UNTIL_2026, at("2026-10-01T00:00"), months=2)
    assert horizon_is_near(UNTIL_2026, at("2027-05-01T00:00"))
    assert not horizon_is_near(SHANGHAI, at("2099-01-01T00:00"))


def test_the_horizon_is_reckoned_from_the_last_day_of_a_month_too():
    assert not horizon_is_near(with_days(UNTIL_2026, {}, horizon="2027-02-28"), at("2026-11-30T12:00"))
    assert horizon_is_near(with_days(UNTIL_2026, {}, horizon="2027-02-27"), at("2026-11-30T12:00"))


def test_an_instant_without_a_time_zone_is_refused():
    naive = datetime(2026, 3, 2, 10, 0)  # noqa: DTZ001 - the mistake under test
    for reckon in (elapsed, partial(end_of_day_after, SHANGHAI), partial(shift_days, SHANGHAI),
                   partial(add_business_minutes, SHANGHAI)):  # fmt: skip
        with pytest.raises(ValueError, match="time zone"):
            reckon(naive, 1)
