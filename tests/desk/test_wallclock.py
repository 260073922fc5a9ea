"""The clock on the wall: times that summer time skips or repeats, and quiet nights."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from chalicelib.desk.wallclock import QuietHours, at_wall_time, end_of_quiet, minute_of_day

SHANGHAI = "Asia/Shanghai"


def at(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "utc"),
    [
        (SHANGHAI, date(2026, 3, 2), "09:00", "2026-03-02T01:00"),
        (SHANGHAI, date(2026, 12, 31), "24:00", "2026-12-31T16:00"),
        ("Europe/Berlin", date(2026, 3, 29), "02:00", "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 3, 29), "02:59", "2026-03-29T01:00"),  # skipped: at the skip
        ("Europe/Berlin", date(2026, 3, 29), "03:00", "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 10, 25), "02:30", "2026-10-25T00:30"),  # twice: the first
        ("America/Santiago", date(2026, 9, 5), "24:00", "2026-09-06T04:00"),  # there is no midnight
        ("Australia/Lord_Howe", date(2026, 10, 4), "02:10", "2026-10-03T15:30"),  # half an hour skipped
        ("Pacific/Apia", date(2011, 12, 30), "12:00", "2011-12-30T10:00"),  # a whole day skipped
    ],
)
def test_a_wall_time_is_the_first_instant_that_shows_it_or_later(zone, day, clock, utc):
    assert at_wall_time(zone, day, clock) == at(utc, "UTC")


@pytest.mark.parametrize("clock", ["", "9:00", "24:01", "25:00", "12:60", "noon", "１２:００"])
def test_what_is_no_time_of_day_is_refused(clock):
    with pytest.raises(ValueError, match="is not a time of day"):
        minute_of_day(clock)


@pytest.mark.parametrize(
    ("now", "may_go_out"),
    [
        ("2026-03-02T21:59:59", "2026-03-02T21:59:59"),
        ("2026-03-02T22:00", "2026-03-03T07:00"),
        ("2026-03-03T00:00", "2026-03-03T07:00"),
        ("2026-03-03T06:59:59", "2026-03-03T07:00"),
        ("2026-03-03T07:00", "2026-03-03T07:00"),
    ],
)
def test_a_quiet_night_lasts_until_morning(now, may_go_out):
    assert end_of_quiet(SHANGHAI, QuietHours(), at(now)) == at(may_go_out)


def test_a_quiet_noon_does_not_cross_midnight():
    noon = QuietHours(start="12:00", end="13:30")
    assert end_of_quiet(SHANGHAI, noon, at("2026-03-02T12:30")) == at("2026-03-02T13:30")
    assert end_of_quiet(SHANGHAI, noon, at("2026-03-02T23:30")) == at("2026-03-02T23:30")


def test_equal_ends_are_never_quiet():
    assert end_of_quiet(SHANGHAI, QuietHours("08:00", "08:00"), at("2026-03-02T08:00")) == at("2026-03-02T08:00")


def test_quiet_hours_are_those_of_the_recipients_wall_in_the_night_of_summer_time():
    berlin = "Europe/Berlin"
    assert end_of_quiet(berlin, QuietHours(), at("2026-03-28T23:00", berlin)) == datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert end_of_quiet(berlin, QuietHours(), at("2026-10-24T23:00", berlin)) == datetime(2026, 10, 25, 6, tzinfo=UTC)


def test_quiet_hours_are_checked_as_they_are_read():
    assert msgspec.convert({"start": "23:00", "end": "06:30"}, QuietHours) == QuietHours("23:00", "06:30")
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"start": "23:00", "end": "24:00"}, QuietHours)


def test_where_summer_time_skips_the_loud_half_hour_the_next_night_follows_at_once():
    nearly_always, zone = QuietHours("02:30", "02:00"), "America/New_York"
    assert end_of_quiet(zone, nearly_always, at("2026-03-07T02:30", zone)) == at("2026-03-09T02:00", zone)
