"""Tiny procedures, a desk to judge by them, and a case to drive: what the tests of the engine are written with."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from chalicelib.desk.beside import write
from chalicelib.desk.calendar import Calendar
from chalicelib.desk.complaint import ClockRun, Complaint, Decision, Event, Message
from chalicelib.desk.engine import decide, open_actions, open_case, rearm, tick
from chalicelib.desk.people import Absence, Department, Organisation, Person, Site
from chalicelib.desk.procedure import Procedure
from chalicelib.desk.rulebook import Desk, Rulebook
from chalicelib.procedures.compile import merged
from chalicelib.procedures.normalise import normalise
from chalicelib.procedures.sources_yaml import read_yaml
from chalicelib.procedures.traditional import with_traditional

ZONE = ZoneInfo("Asia/Shanghai")

SHARED = """
procedure: tiny
version: 1
title: {zh: 小办法}
roles:
  anyone: {everyone: yes}
  agent: {superior: head}
  head: {superior: director}
  director: {}
actions:
  register: {at: [new], by: [anyone], goes: working}
stages:
  working: {status: handling, in_charge: agent}
  closed: {status: closed}
"""
"""What a tiny procedure does not say itself: somebody registers, an agent works, and it can be closed."""

TITLED = ("fields", "stages", "actions", "tasks", "clocks", "duties", "roles", "settings")


@cache
def procedure(text: str = "", settings: tuple[tuple[str, str], ...] = ()) -> Procedure:
    """The procedure that the text says, with what is shared, through the path that real ones take."""
    tree = merged(_read(text), _read(SHARED)) if text.strip() else _read(SHARED)
    for kind in TITLED:
        for name, entry in (tree.get(kind) or {}).items():
            entry.setdefault("title", {"zh": name})
    return normalise(with_traditional(tree), dict(settings))


def _read(text: str) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tiny.yaml"
        path.write_text(dedent(text), "utf-8")
        return read_yaml(path)


def person(id: str, *departments: str, **more: Any) -> Person:
    """A member of staff who can be written to."""
    return Person(id=id, name=id.title(), email=f"{id}@example.org", departments=list(departments), **more)


STAFF = {
    p.id: p
    for p in (
        person("ann", "desk"), person("ben", "desk"), person("cho", "desk"), person("hua", "office"),
        person("hui", "office"), person("dan", "office", admin=True), person("eva", "works"), person("fay", "works"),
    )
}  # fmt: skip
DEPARTMENTS = {
    "desk": Department(id="desk", name={"zh-Hans": "前台"}, people=["ann", "ben", "cho"], head="hua"),
    "office": Department(id="office", name={"zh-Hans": "办公室"}, people=["hua", "hui", "dan"], head="dan"),
    "works": Department(id="works", name={"zh-Hans": "工程部"}, people=["eva", "fay"], head="eva"),
}
POSTS = {"agent": ["ann", "ben"], "head": ["hua", "hui"], "director": ["dan"]}


def desk(text: str = "", *, settings: dict[str, str] | None = None, **more: Any) -> Desk:
    """A desk that works by the procedure. `more`: staff, posts, absences, departments, calendar."""
    site = Site(
        id="main", name={"zh-Hans": "总部"}, procedure="tiny", posts=more.get("posts", POSTS), settings=settings or {}
    )
    organisation = Organisation(
        id="tiny", name={"zh-Hans": "小公司"}, sites={"main": site}, departments=more.get("departments", DEPARTMENTS),
        staff=more.get("staff", STAFF), absences=more.get("absences", []),
    )  # fmt: skip
    rulebook = Rulebook(procedure(text, tuple((settings or {}).items())))
    return Desk(organisation=organisation, site=site, calendar=more.get("calendar", Calendar()), rulebook=rulebook)


def away(who: str, start: str, end: str, stand_in: str = "") -> Absence:
    """An absence between two local times."""
    return Absence(person=who, start=at(start), end=at(end), stand_in=stand_in)


def at(local: str) -> datetime:
    """The instant of a local time in Shanghai, such as `03-02 09:00`, of 2026 unless it says another year.

    >>> at("03-02 09:00").isoformat()
    '2026-03-02T01:00:00+00:00'
    """
    full = local if local.count("-") == 2 else f"2026-{local}"
    day, _, clock = full.partition(" ")
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZONE)
    hours, minutes = clock.split(":")  # 24:00 is the end of the day
    return (midnight + timedelta(hours=int(hours), minutes=int(minutes))).astimezone(UTC)


def stamp(local: str) -> str:
    """A local time as an answer to a field of the type `instant`."""
    return at(local).isoformat()


MONDAY = "03-02 09:00"


def blank(on: Desk, opened: datetime, **fixed: Any) -> Complaint:
    """A case of which nothing has happened yet."""
    about: dict[str, Any] = {
        "org": "tiny", "site": "main", "number": "20260302-000001-X", "procedure": on.procedure.id,
        "procedure_version": 1, "channel": "web", "kind": "complaint", "language": "zh-Hans",
        "received_at": opened, "registered_at": opened, "reach": ["sms"],
    }  # fmt: skip
    return Complaint(**{**about, **fixed})


class Case:
    """A case that is driven by local times. `desk` may be replaced while it goes on."""

    def __init__(
        self, on: Desk, opened: str = MONDAY, by: str = "ann", fixed: dict[str, Any] | None = None, **answers: Any
    ) -> None:
        self.desk = on
        self.events: list[Event] = []
        self.messages: list[Message] = []
        self.due: datetime | None = None
        self.now = at(opened)
        self.state = blank(on, self.now, **(fixed or {}))
        self.took(open_case(on, self.state, answers, by, self.now))

    def act(self, action: str, when: str = "", by: str = "ann", task: str = "", **answers: Any) -> Decision:
        """Do an action at a local time, or at once."""
        self._go(when)
        return self.took(decide(self.desk, self.state, action, answers, by, self.now, task))

    def tick(self, when: str) -> Decision | None:
        """Let the sweep come by."""
        self._go(when)
        return self._maybe(tick(self.desk, self.state, self.now))

    def rearm(self, when: str, on: Desk) -> Decision | None:
        """The site's settings, people or calendar change."""
        self._go(when)
        self.desk = on
        return self._maybe(rearm(on, self.state, self.now))

    def write(self, text: str, when: str = "") -> Decision:
        """The complainant adds something."""
        self._go(when)
        return self.took(write(self.desk, self.state, text, self.now))

    def took(self, decision: Decision) -> Decision:
        """Go on from what was decided."""
        self.state, self.due = decision.complaint, decision.due
        self.events += decision.events
        self.messages += decision.messages
        return decision

    def _maybe(self, decision: Decision | None) -> Decision | None:
        return self.took(decision) if decision else None

    def _go(self, when: str) -> None:
        self.now = at(when) if when else self.now

    def run(self, clock: str) -> ClockRun:
        """The latest run of a clock."""
        return self.state.clocks[clock]

    def rungs(self) -> list[str]:
        """What rang, in order: `clock rung`."""
        return [s.removeprefix("rung ") for e in self.events for s in e.signals if s.startswith("rung ")]

    def late(self) -> list[str]:
        """The clocks that were late, in order."""
        return [lateness.clock for lateness in self.state.lateness]

    def told(self, letter: str = "") -> list[str]:
        """Who was told, in order, of one letter or of all."""
        return [m.to for m in self.messages if letter in ("", m.letter)]

    def open_to(self, who: str) -> list[str]:
        """The actions open to a person now."""
        return open_actions(self.desk, self.state, who, self.now)


def with_people(on: Desk, **changes: Any) -> Desk:
    """The same desk with something of its organisation changed."""
    return replace(on, organisation=replace(on.organisation, **changes))
