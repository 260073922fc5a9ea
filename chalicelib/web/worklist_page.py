"""The desk: what waits for whoever is signed in, the most urgent first."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from chalicelib.cases.views import Line
from chalicelib.desk.people import Organisation, Site
from chalicelib.desk.wallclock import on_the_wall
from chalicelib.desk.words import said
from chalicelib.web.page import Page, Visit, moved
from chalicelib.web.pages import reader_time
from chalicelib.web.phrases import words
from chalicelib.web.staff_page import staff_page

NOBODYS = "-"
"""The list of what lies with no department."""


@staff_page("GET", "/desk")
def desk(visit: Visit) -> Page:
    """One's own cases, or those of a department; a number leads to its case."""
    if typed := visit.query.get("number", "").strip():
        from chalicelib.cases.numbers import heard  # noqa: PLC0415 # its check digits need not wait for a start

        return moved(visit.public(f"desk/cases/{quote(heard(typed) or typed, safe='')}"))
    staff, world = visit.staff, visit.world
    organisation = world.desks.organisation(staff.org)
    department, cursor = visit.query.get("department", ""), visit.query.get("cursor", "")
    found = world.worklists(staff.org, staff.person, visit.language, department=department, cursor=cursor)
    shows: dict[str, Any] = {
        "name": organisation.staff[staff.person].name,
        "lists": _lists(organisation, staff.person, visit),
        "department": department,
        "lines": [_line(line, organisation.sites.get(line.site), visit) for line in found.items],
        "several": len(organisation.sites) > 1,
        "next": found.next,
        "first": not cursor,
    }
    return Page(template="worklist", shows=shows, again={"department": department} if department else {})


def _lists(organisation: Organisation, person: str, visit: Visit) -> list[tuple[str, str]]:
    """Departments whose list this person works from: their own first; with a post or as administrator, every one."""
    known = organisation.staff[person]
    posts = (people for site in organisation.sites.values() for people in site.posts.values())
    overall = known.admin or any(person in people for people in posts)
    wanted = list(dict.fromkeys([*known.departments, *(organisation.departments if overall else [])]))
    named = [
        (id, said(organisation.departments[id].name, visit.language)) for id in wanted if id in organisation.departments
    ]
    return [*named, *([(NOBODYS, words("desk")["nobodys"][visit.language])] if overall else [])]


def _line(line: Line, site: Site | None, visit: Visit) -> dict[str, Any]:
    zone = site.zone if site else "UTC"
    until, at = reader_time(visit, zone, ends=True), reader_time(visit, zone)
    mark = due_mark(line.due, visit.world.clock(), zone)
    return {
        "line": line,
        "site": said(site.name, visit.language) if site else line.site,
        "mark": "late" if line.late else mark,
        "due": until(line.due) if line.due else "",
        "received": at(line.received_at),
    }


def due_mark(due: datetime | None, now: datetime, zone: str) -> str:
    """How near a limit is, as a word: `due_now`, `due_today`, `due_tomorrow`, or none.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 23, 4, tzinfo=UTC)
    >>> due_mark(datetime(2026, 11, 23, 16, tzinfo=UTC), noon, "Asia/Shanghai")  # which is 24:00 of that day
    'due_today'
    """
    if due is None:
        return ""
    if due <= now:
        return "due_now"
    today = on_the_wall(zone, now).date()
    days = (on_the_wall(zone, due - timedelta(seconds=1)).date() - today).days
    return {0: "due_today", 1: "due_tomorrow"}.get(days, "")
