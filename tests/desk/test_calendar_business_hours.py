"""Business hours reckoned by hand: lunch, weekends, Spring Festival, make-up workdays, what is not known yet."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

import chalicelib.desk
from chalicelib.desk.calendar import (
    BeyondHorizon,
    Calendar,
    DayRule,
    add_business_minutes,
    business_minutes_between,
    is_open,
    next_opening,
    with_days,
)

SHANGHAI = Calendar()
BERLIN = Calendar(zone="Europe/Berlin")
CHINA = msgspec.json.decode((Path(chalicelib.desk.__file__).parent / "data" / "cn.json").read_bytes(), type=Calendar)
UNTIL_2026 = Calendar(horizon="2026-12-31")
HOUR = 60
WORKING_DAY = 3 * HOUR + 4 * HOUR + 30


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_an_hour_that_comes_twice_is_reckoned_by_the_instant_in_whatever_zone_it_is_given():
    berlin = ZoneInfo("Europe/Berlin")
    begin, end = datetime(2026, 10, 25, 2, 30, tzinfo=berlin), datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)
    night = Calendar(zone="Europe/Berlin", week={"sun": [("00:00", "24:00")]})
    assert business_minutes_between(night, begin, end) == HOUR
    assert add_business_minutes(night, begin, HOUR) == end.astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-03-02T09:00", 60, "2026-03-02T10:00"),
        ("2026-03-02T11:00", 60, "2026-03-02T12:00"),  # used up as lunch begins: due then
        ("2026-03-02T11:00", 61, "2026-03-02T13:31"),
        ("2026-03-02T12:30", 1, "2026-03-02T13:31"),
        ("2026-03-06T17:30", 60, "2026-03-09T09:30"),  # Friday to Monday
        ("2026-03-07T10:00", 30, "2026-03-09T09:30"),
        ("2026-03-02T20:00", 0, "2026-03-02T20:00"),
        ("2026-03-02T09:00:45", 1, "2026-03-02T09:01:45"),
    ],
)
def test_business_minutes_skip_lunch_nights_and_weekends(start, minutes, due):
    assert add_business_minutes(SHANGHAI, at(start), minutes) == at(due)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-02-13T17:00", 2 * HOUR, "2026-02-14T10:00"),  # Saturday 14 February is worked
        ("2026-02-14T17:00", 2 * HOUR, "2026-02-24T10:00"),  # the nine days of the festival
        ("2026-02-18T10:00", 1, "2026-02-24T09:01"),
        ("2026-02-24T09:00", 5 * WORKING_DAY, "2026-02-28T18:00"),  # five days, the last one Saturday 28 February
        ("2026-02-28T17:00", 2 * HOUR, "2026-03-02T10:00"),
    ],
)
def test_spring_festival_of_2026_with_its_make_up_workdays(start, minutes, due):
    assert add_business_minutes(CHINA, at(start), minutes) == at(due)


def test_business_minutes_from_the_first_to_the_last_day_of_february_2026():
    working_days = 5 + 6 + 0 + 5  # from 2, 9, 16 and 23 February; two of the Saturdays worked
    assert business_minutes_between(CHINA, at("2026-02-01T00:00"), at("2026-03-01T00:00")) == working_days * WORKING_DAY


def test_business_minutes_are_rounded_down_and_never_negative():
    assert business_minutes_between(SHANGHAI, at("2026-03-02T09:00:00"), at("2026-03-02T09:01:59")) == 1
    assert business_minutes_between(SHANGHAI, at("2026-03-02T11:59:30"), at("2026-03-02T13:30:30")) == 1
    assert business_minutes_between(SHANGHAI, at("2026-03-02T10:00"), at("2026-03-02T09:00")) == 0


def test_business_minutes_cannot_be_counted_backwards():
    with pytest.raises(ValueError, match="forwards only"):
        add_business_minutes(SHANGHAI, at("2026-03-02T09:00"), -1)


def test_a_site_is_open_from_opening_until_just_before_closing():
    opening_hours = ["09:00", "11:59:59", "13:30", "17:59:59"]
    assert all(is_open(SHANGHAI, at(f"2026-03-02T{clock}")) for clock in opening_hours)
    assert not any(is_open(SHANGHAI, at(f"2026-03-02T{clock}")) for clock in ["08:59:59", "12:00", "13:29", "18:00"])


def test_a_date_of_its_own_beats_the_weekday():
    rules = {
        "2026-03-04": DayRule(kind="off", name="stocktaking"),
        "2026-03-07": DayRule(kind="work"),
        "2026-03-08": DayRule(kind="work", hours=[("20:00", "24:00")]),
    }
    calendar = with_days(SHANGHAI, rules)
    assert not is_open(calendar, at("2026-03-04T10:00"))
    assert is_open(calendar, at("2026-03-07T10:00"))
    assert not is_open(calendar, at("2026-03-08T10:00"))
    assert is_open(calendar, at("2026-03-08T23:59:59"))
    assert not is_open(calendar, at("2026-03-09T00:00"))


def test_next_opening_is_now_when_open_and_after_the_break_when_not():
    assert next_opening(CHINA, at("2026-02-14T10:00")) == at("2026-02-14T10:00")
    assert next_opening(CHINA, at("2026-02-14T12:00")) == at("2026-02-14T13:30")
    assert next_opening(CHINA, at("2026-02-14T18:00")) == at("2026-02-24T09:00")


def test_night_shifts_join_at_midnight():
    night = Calendar(week={"fri": [("22:00", "24:00")], "sat": [("00:00", "06:00")]})
    assert add_business_minutes(night, at("2026-03-06T22:00"), 2 * HOUR) == at("2026-03-07T00:00")
    assert add_business_minutes(night, at("2026-03-06T22:00"), 3 * HOUR) == at("2026-03-07T01:00")
    assert next_opening(night, at("2026-03-07T00:00")) == at("2026-03-07T00:00")


def test_an_interval_that_summer_time_skips_is_never_open():
    calendar = Calendar(zone="Europe/Berlin", week={"sun": [("02:10", "02:50"), ("10:00", "11:00")]})
    before = at("2026-03-29T01:00", "Europe/Berlin")
    assert next_opening(calendar, before) == at("2026-03-29T10:00", "Europe/Berlin")


def test_opening_hours_beyond_the_horizon_are_refused_not_guessed():
    with pytest.raises(BeyondHorizon) as refused:
        add_business_minutes(UNTIL_2026, at("2026-12-31T17:00"), 61)
    assert refused.value.date == date(2027, 1, 1)
    for ask in (is_open, next_opening):
        with pytest.raises(BeyondHorizon):
            ask(UNTIL_2026, at("2027-01-04T10:00"))
    with pytest.raises(BeyondHorizon):
        business_minutes_between(UNTIL_2026, at("2026-12-31T10:00"), at("2027-01-01T00:01"))


def test_what_ends_at_the_horizon_is_known():
    assert add_business_minutes(UNTIL_2026, at("2026-12-31T17:00"), 60) == at("2026-12-31T18:00")
    assert not is_open(UNTIL_2026, at("2026-12-31T20:00"))
    assert business_minutes_between(UNTIL_2026, at("2026-12-31T17:00"), at("2027-01-01T00:00")) == 60


def test_a_date_that_the_site_added_is_known_beyond_the_horizon():
    calendar = with_days(UNTIL_2026, {"2027-01-01": DayRule(kind="off"), "2027-01-02": DayRule(kind="work")})
    assert add_business_minutes(calendar, at("2026-12-31T17:00"), 61) == at("2027-01-02T09:01")


def test_a_site_that_never_opens_is_told_apart_from_one_that_is_closed_for_long():
    with pytest.raises(ValueError, match="never opens"):
        next_opening(Calendar(week={}), at("2026-03-02T09:00"))
    once = Calendar(week={}, days={"2027-12-01": DayRule(kind="work", hours=[("09:00", "10:00")])})
    assert next_opening(once, at("2026-03-02T09:00")) == at("2027-12-01T09:00")


def test_three_months_of_business_minutes_are_stepped_by_the_day():
    class CountedDays(dict[str, DayRule]):
        looked_up = 0

        def get(self, *args):
            self.looked_up += 1
            return super().get(*args)

    days = CountedDays()
    calendar = Calendar(days=days)
    assert add_business_minutes(calendar, at("2026-01-05T09:00"), 65 * WORKING_DAY) == at("2026-04-03T18:00")
    assert days.looked_up == (date(2026, 4, 3) - date(2026, 1, 5)).days + 1
