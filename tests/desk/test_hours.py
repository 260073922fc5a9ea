"""Calendars as people write them: what is refused, and in which words."""

import msgspec
import pytest

from chalicelib.desk.hours import Calendar, DayRule, problems, stamped, with_days


def test_the_usual_office_week_has_no_problems():
    assert problems(Calendar()) == []


def test_a_full_calendar_has_no_problems():
    calendar = Calendar(
        zone="America/New_York",
        week={"mon": [("00:00", "12:00"), ("12:00", "24:00")], "sun": []},
        days={
            "2028-02-29": DayRule(kind="work", hours=[("08:00", "09:00")]),
            "2027-02-06": DayRule(kind="off", name="春节"),
            "2027-02-07": DayRule(kind="work"),
        },
        horizon="2027-12-31",
    )
    assert problems(calendar) == []


def test_all_problems_are_named_at_once():
    calendar = Calendar(
        zone="Asia/Peking",
        week={"mon": [], "tue": [("09:00", "12:00"), ("11:00", "18:00")], "tues": []},
        days={"2027-02-30": DayRule(kind="work")},
        horizon="soon",
    )
    assert problems(calendar) == [
        "The time zone 'Asia/Peking' is not known.",
        "The horizon 'soon' is not a date like 2027-12-31.",
        "On tue, 09:00 to 12:00 and 11:00 to 18:00 overlap.",
        "'tues' is not a weekday; the weekdays are mon, tue, wed, thu, fri, sat, sun.",
        "'2027-02-30' is not a date like 2027-02-06.",
        "2027-02-30 is a work day without hours, and Monday, whose hours it would take, is closed.",
    ]


@pytest.mark.parametrize("zone", ["", "Asia", "../etc/passwd", "Mars/Olympus"])
def test_what_is_no_time_zone_is_refused(zone):
    assert problems(Calendar(zone=zone)) == [f"The time zone {zone!r} is not known."]


@pytest.mark.parametrize(
    ("hours", "problem"),
    [
        ([("12:00", "09:00")], "On mon, 12:00 to 09:00 ends before it begins."),
        ([("09:00", "09:00")], "On mon, 09:00 to 09:00 ends before it begins."),
        ([("24:00", "24:00")], "On mon, 24:00 to 24:00 ends before it begins."),
        ([("13:30", "18:00"), ("09:00", "12:00")], "On mon, 09:00 to 12:00 comes after 13:30 to 18:00 but is earlier."),
        ([("09:00", "18:00"), ("10:00", "11:00")], "On mon, 09:00 to 18:00 and 10:00 to 11:00 overlap."),
        ([("09:00", "12:00"), ("09:00", "12:00")], "On mon, 09:00 to 12:00 and 09:00 to 12:00 overlap."),
        ([("9:00", "12:00")], "On mon, '9:00' is not a time like 09:00."),
        ([("09:00", "24:30")], "On mon, '24:30' is not a time like 09:00."),
        ([("09:00", "12:60")], "On mon, '12:60' is not a time like 09:00."),
        ([("09:00", "12:00\n")], "On mon, '12:00\\n' is not a time like 09:00."),
    ],
)
def test_intervals_are_forward_in_order_and_apart(hours, problem):
    assert problems(Calendar(week={"mon": hours})) == [problem]


def test_intervals_of_a_single_date_are_held_to_the_same():
    calendar = Calendar(days={"2027-02-07": DayRule(kind="work", hours=[("18:00", "09:00")])})
    assert problems(calendar) == ["On 2027-02-07, 18:00 to 09:00 ends before it begins."]


def test_a_day_off_with_opening_hours_contradicts_itself():
    calendar = Calendar(days={"2027-02-07": DayRule(kind="off", hours=[("09:00", "10:00")])})
    assert problems(calendar) == ["2027-02-07 is off and has opening hours."]


@pytest.mark.parametrize("day", ["20270206", "2027-W05-6", "2027-2-6"])
def test_only_one_way_of_writing_a_date_is_taken_because_dates_are_looked_up_by_it(day):
    assert problems(Calendar(days={day: DayRule(kind="off")})) == [f"{day!r} is not a date like 2027-02-06."]


def test_a_week_without_any_opening_hours_is_refused():
    assert problems(Calendar(week={"mon": []})) == ["No weekday has opening hours."]


def test_a_sites_own_dates_lie_on_top_and_leave_the_original_alone():
    base = Calendar(days={"2027-02-06": DayRule(kind="off"), "2027-02-07": DayRule(kind="off")}, horizon="2027-12-31")
    own = with_days(base, {"2027-02-07": DayRule(kind="work"), "2027-03-01": DayRule(kind="off")})
    assert {day: rule.kind for day, rule in own.days.items()} == {
        "2027-02-06": "off",
        "2027-02-07": "work",
        "2027-03-01": "off",
    }
    assert own.horizon == "2027-12-31"
    assert base.days["2027-02-07"].kind == "off"


def test_the_horizon_moves_only_when_it_is_said_to():
    base = Calendar(horizon="2026-12-31")
    assert with_days(base, {"2027-01-01": DayRule(kind="off")}).horizon == "2026-12-31"
    assert with_days(base, {"2027-01-01": DayRule(kind="off")}, horizon="2027-12-31").horizon == "2027-12-31"


def test_the_version_follows_the_content():
    base = stamped(Calendar())
    changes = [
        with_days(base, {"2027-02-07": DayRule(kind="off")}),
        with_days(base, {"2027-02-07": DayRule(kind="off", name="春节")}),
        with_days(base, {}, horizon="2027-12-31"),
        stamped(msgspec.structs.replace(base, zone="Europe/Berlin")),
        stamped(msgspec.structs.replace(base, week={"mon": [("09:00", "12:00")]})),
    ]
    assert len({calendar.version for calendar in [base, *changes]}) == 6


def test_the_version_does_not_follow_the_order_of_writing_nor_an_older_version():
    one, two = ("2027-02-06", DayRule(kind="off")), ("2027-02-07", DayRule(kind="work"))
    forwards, backwards = Calendar(days=dict([one, two])), Calendar(days=dict([two, one]), version="before")
    assert stamped(forwards).version == stamped(backwards).version


def test_a_calendar_survives_json():
    calendar = with_days(Calendar(), {"2027-02-07": DayRule(kind="work", hours=[("09:00", "24:00")], name="调休")})
    assert msgspec.json.decode(msgspec.json.encode(calendar), type=Calendar) == calendar
