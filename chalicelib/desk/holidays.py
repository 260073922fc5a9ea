"""The holidays that ship, and the calendar of a site made of them and of the site's own hours and dates."""

from functools import cache
from pathlib import Path

import msgspec

from chalicelib.desk.calendar import Calendar, stamped, with_days
from chalicelib.desk.people import Site

HOLIDAYS = Path(__file__).parent / "data" / "cn.json"


@cache
def holidays() -> Calendar:
    """The holiday calendar that was built from published arrangements (`infra/build_calendar.py`)."""
    return msgspec.json.decode(HOLIDAYS.read_bytes(), type=Calendar)


def calendar_of(site: Site) -> Calendar:
    """The site's own hours and dates on top of the holidays."""
    base = msgspec.structs.replace(holidays(), zone=site.zone, week=site.hours or holidays().week)
    return stamped(with_days(base, site.days))
