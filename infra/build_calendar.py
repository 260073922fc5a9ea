"""Build the holiday calendar of mainland China: `python -m infra.build_calendar`.

The arrangements come from the State Council's yearly notices as the `holidays` package carries them, make-up
workdays (调休) included. The package also guesses later years from the law; those are left out, and the last
year with a published notice becomes the calendar's horizon.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
from holidays import HolidayBase, country_holidays
from holidays.countries.china import ChinaStaticHolidays

from chalicelib.desk.hours import Calendar, DayRule, stamped

TARGET = Path(__file__).parent.parent / "chalicelib" / "desk" / "data" / "cn.json"
FIRST_YEAR = 2024
ONE_DAY = timedelta(days=1)
EVE = "农历除夕"  # part of the Spring Festival, by which name the notices call the whole break


def build(first_year: int = FIRST_YEAR) -> Calendar:
    """The calendar from `first_year` to the last year that has a published arrangement, with a usual office week."""
    last_year = max(ChinaStaticHolidays.special_public_holidays)
    # One year more on either side: a break or an exchanged workday may lie across the turn of the year.
    china = country_holidays("CN", years=range(first_year - 1, last_year + 2), language="zh_CN")
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    days = {day: DayRule(kind="work", name="调休上班") for day in china.weekend_workdays}
    for run in _breaks(china, first, last):
        days |= {day: DayRule(kind="off", name=_name(china, run)) for day in run}
    known = {day.isoformat(): rule for day, rule in sorted(days.items()) if first <= day <= last}
    return stamped(Calendar(days=known, horizon=last.isoformat()))


def _breaks(china: HolidayBase, first: date, last: date) -> Iterator[list[date]]:
    """Each break whole, as the notices state it: the holidays with the weekends that touch them.

    A site that opens on weekends is closed on those too.
    """
    run: list[date] = []
    day = first - timedelta(days=7)
    while day <= last + timedelta(days=7):
        if not china.is_working_day(day):
            run.append(day)
        else:
            if any(rest in china for rest in run):
                yield run
            run = []
        day += ONE_DAY


def _name(china: HolidayBase, run: list[date]) -> str:
    """The names of the festivals in a break, without the days off that were exchanged or given in lieu."""
    found = [name for day in run for name in china.get_list(day) if name != EVE and "（" not in name]
    return "、".join(dict.fromkeys(found))


def write(target: Path = TARGET) -> Calendar:
    """Build the calendar and write it as JSON for `msgspec.json.decode(..., type=Calendar)`."""
    calendar = build()
    text = msgspec.json.format(msgspec.json.encode(calendar), indent=1)
    target.write_bytes(text + b"\n")
    return calendar


if __name__ == "__main__":
    built = write()
    print(f"{TARGET.name}: {len(built.days)} dates, known until {built.horizon}, version {built.version}")
