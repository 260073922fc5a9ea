"""The built holidays, held to the State Council's published notices."""

from datetime import date, timedelta

import msgspec
import pytest

from chalicelib.desk.calendar import Calendar, problems, stamped
from infra.build_calendar import TARGET, build, write

# From the notices on the arrangement of holidays of 2025 (2024-11-12) and 2026 (2025-11-04).
NOTICES = {
    2025: (
        [("01-01", "01-01"), ("01-28", "02-04"), ("04-04", "04-06"), ("05-01", "05-05"), ("05-31", "06-02"),
         ("10-01", "10-08")],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    2026: (
        [("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"), ("06-19", "06-21"),
         ("09-25", "09-27"), ("10-01", "10-07")],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def china() -> Calendar:
    return msgspec.json.decode(TARGET.read_bytes(), type=Calendar)


def dates_of(calendar: Calendar, year: int, kind: str) -> list[str]:
    return [day for day, rule in calendar.days.items() if rule.kind == kind and day.startswith(str(year))]


@pytest.mark.parametrize("year", NOTICES)
def test_breaks_and_make_up_workdays_are_those_of_the_notice(china, year):
    breaks, make_up_workdays = NOTICES[year]
    off = []
    for first, last in breaks:
        day = date.fromisoformat(f"{year}-{first}")
        while day <= date.fromisoformat(f"{year}-{last}"):
            off.append(day.isoformat())
            day += timedelta(days=1)
    assert dates_of(china, year, "off") == off
    assert dates_of(china, year, "work") == [f"{year}-{day}" for day in make_up_workdays]


def test_breaks_bear_the_names_of_their_festivals(china):
    assert china.days["2026-02-15"].name == "春节"
    assert china.days["2025-10-08"].name == "国庆节、中秋节"
    assert all(rule.name for rule in china.days.values())


def test_the_horizon_is_the_last_year_with_make_up_workdays_not_a_guess_from_the_law(china):
    horizon = date.fromisoformat(china.horizon)
    assert (horizon.month, horizon.day) == (12, 31)
    assert dates_of(china, horizon.year, "work")
    assert max(china.days) <= china.horizon


def test_the_calendar_is_sound_and_bears_the_version_of_its_content(china):
    assert problems(china) == []
    assert china.version == stamped(china).version


def test_the_week_is_that_of_an_office(china):
    office_hours = [("09:00", "12:00"), ("13:30", "18:00")]
    assert china.week == dict.fromkeys(["mon", "tue", "wed", "thu", "fri"], office_hours)
    assert china.zone == "Asia/Shanghai"


def test_the_shipped_file_is_what_the_builder_writes(tmp_path):
    written = tmp_path / "cn.json"
    write(written)
    assert written.read_bytes() == TARGET.read_bytes()


def test_building_from_a_later_year_leaves_the_earlier_out():
    assert min(build(first_year=2026).days) == "2026-01-01"
