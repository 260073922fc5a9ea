"""When a site is open: its zone, its usual week, the dates that differ, and how far ahead those dates are known."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, field

from chalicelib.desk.wallclock import minute_of_day, zone_named

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_Minute = Annotated[str, Meta(max_length=5)]
Hours = Annotated[list[tuple[_Minute, _Minute]], Meta(max_length=12)]
"""Open intervals of one day in order, `[("09:00", "12:00"), ("13:30", "18:00")]`; an end may be 24:00."""


def _office_week() -> dict[str, Hours]:
    return {day: [("09:00", "12:00"), ("13:30", "18:00")] for day in WEEKDAYS[:5]}


class DayRule(Struct, frozen=True, omit_defaults=True):
    """What one date is, whatever its weekday: closed, or a work day with hours of its own or Monday's (调休)."""

    kind: Literal["off", "work"]
    hours: Hours = field(default_factory=list)
    name: Annotated[str, Meta(max_length=200)] = ""


class Calendar(Struct, frozen=True, kw_only=True):
    """The opening hours of a site.

    `week` maps mon .. sun to hours (a missing day is closed), `days` maps ISO dates to what beats the weekday.
    `horizon` is the last date whose holidays are known ("" = no horizon); a later date is known only if it is
    in `days`. `version` names this very content; `stamped` sets it.
    """

    zone: str = "Asia/Shanghai"
    week: dict[str, Hours] = field(default_factory=_office_week)
    days: dict[str, DayRule] = field(default_factory=dict)
    horizon: str = ""
    version: str = ""


class BeyondHorizon(Exception):
    """Opening hours were asked for a `date` (datetime.date) whose holidays nobody has published yet."""

    def __init__(self, date: date) -> None:
        super().__init__(f"the calendar does not know the holidays of {date}")
        self.date = date


def hours_of(calendar: Calendar, day: date) -> Hours:
    """The open intervals of `day`, in order. BeyondHorizon when they are not known."""
    iso = day.isoformat()
    rule = calendar.days.get(iso)
    if rule is None:
        if calendar.horizon and iso > calendar.horizon:
            raise BeyondHorizon(day)
        return calendar.week.get(WEEKDAYS[day.weekday()], [])
    if rule.kind == "off":
        return []
    return rule.hours or calendar.week.get("mon", [])


def stamped(calendar: Calendar) -> Calendar:
    """The same calendar with the `version` that its content has: equal content, equal version."""
    content = msgspec.json.encode(msgspec.structs.replace(calendar, version=""), order="deterministic")
    return msgspec.structs.replace(calendar, version=sha256(content).hexdigest()[:12])


def with_days(calendar: Calendar, days: dict[str, DayRule], horizon: str | None = None) -> Calendar:
    """The calendar with a site's own dates on top, and a new `version`.

    Whoever adds all the holidays of a further year moves the `horizon` with them.
    """
    known_until = calendar.horizon if horizon is None else horizon
    return stamped(msgspec.structs.replace(calendar, days={**calendar.days, **days}, horizon=known_until))


def problems(calendar: Calendar) -> list[str]:
    """Everything that is wrong with a calendar, each in one plain sentence; empty when it can be used."""
    return list(_problems(calendar))


def _problems(calendar: Calendar) -> Iterator[str]:
    try:
        zone_named(calendar.zone)
    except (KeyError, OSError, ValueError):  # a name nobody has, a folder of names, a path
        yield f"The time zone {calendar.zone!r} is not known."
    if calendar.horizon and not _is_iso_date(calendar.horizon):
        yield f"The horizon {calendar.horizon!r} is not a date like 2027-12-31."
    if not any(calendar.week.values()):
        yield "No weekday has opening hours."
    for day, hours in calendar.week.items():
        if day not in WEEKDAYS:
            yield f"{day!r} is not a weekday; the weekdays are {', '.join(WEEKDAYS)}."
        yield from _problems_of_hours(day, hours)
    for day, rule in calendar.days.items():
        if not _is_iso_date(day):
            yield f"{day!r} is not a date like 2027-02-06."
        if rule.kind == "off" and rule.hours:
            yield f"{day} is off and has opening hours."
        if rule.kind == "work" and not (rule.hours or calendar.week.get("mon")):
            yield f"{day} is a work day without hours, and Monday, whose hours it would take, is closed."
        yield from _problems_of_hours(day, rule.hours)


def _problems_of_hours(day: str, hours: Hours) -> Iterator[str]:
    bad = [clock for interval in hours for clock in interval if not _is_clock(clock)]
    if bad:
        yield from (f"On {day}, {clock!r} is not a time like 09:00." for clock in bad)
        return
    for start, end in hours:
        if start >= end:
            yield f"On {day}, {start} to {end} ends before it begins."
    for (start, end), (next_start, next_end) in pairwise(hours):
        if next_start < end and start < next_end:
            yield f"On {day}, {start} to {end} and {next_start} to {next_end} overlap."
        elif next_start < end:
            yield f"On {day}, {next_start} to {next_end} comes after {start} to {end} but is earlier."


def _is_clock(text: str) -> bool:
    try:
        minute_of_day(text)
    except ValueError:
        return False
    return True


def _is_iso_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
