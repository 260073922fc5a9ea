"""When the sweep has been asleep: what fell due meanwhile happens on waking, once, as late as it truly was."""

from collections.abc import Callable

import pytest

from tests.stories.company import leak, transferred
from tests.stories.story import Case
from tests.stories.workshop import accounting, numbered, pending


@pytest.mark.rules("C-18")
def test_a_day_without_the_sweep_loses_no_rung_and_rings_none_twice() -> None:
    case = leak()
    case.town.sleeps("02-15 09:00")
    case.until("02-15 09:00")
    assert case.late == ["form_in 02-14 18:00"]
    assert [told.split()[2:] for told in case.told("form_in")] == [
        ["c.li", "due_soon"], ["c.wang", "late"], ["c.zhou", "late"],
    ]  # fmt: skip
    assert case.until("02-20 00:00").told("form_in")[3:] == []


@pytest.mark.rules("C-23", "C-25")
def test_a_bounce_during_an_outage_happens_at_its_own_hour_so_that_nobody_loses_or_gains_time() -> None:
    case = transferred()
    case.town.sleeps("02-15 06:00")
    case.until("02-15 06:00")
    assert (case.stage, case.due("transfer")) == ("classifying", "02-15 19:00")  # 24 hours from the bounce at 19:00


@pytest.mark.rules("C-18")
def test_whoever_acts_before_the_sweep_wakes_is_late_all_the_same() -> None:
    case = leak()
    case.town.sleeps("02-14 20:00")
    case.do("send_form")
    assert case.late == ["form_in 02-14 18:00"]
    assert case.told("form_in")[-1] == "02-14 20:00 c.wang late"
    assert case.until("02-16 00:00").told("form_in")[2:] == []  # the head was to hear at 22:00, after it was sent


@pytest.mark.rules("W-72", "W-86")
@pytest.mark.parametrize(
    ("story", "wakes", "late"),
    [
        (numbered, "03-04 08:00", ["first_action", "determination", "reach_customer"]),
        (accounting, "03-05 08:00", ["accountability", "rework"]),
        (pending, "05-06 09:00", ["monthly_contact"]),
    ],
)
def test_after_an_outage_at_the_workshop_all_that_was_missed_is_told(
    story: Callable[[], Case], wakes: str, late: list[str]
) -> None:
    asleep, awake = story(), story()
    asleep.town.sleeps(wakes)
    asleep.until(wakes)
    awake.until(wakes)
    assert sorted(one.split()[0] for one in asleep.late) == sorted(late)
    assert asleep.late == awake.late
    told = [sorted(one.split()[2:] for clock in late for one in case.told(clock)) for case in (asleep, awake)]
    assert told[0] == told[1]
