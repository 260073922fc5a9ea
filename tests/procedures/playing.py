"""A case of a shipped procedure at its demo organisation, played through the engine on fixed dates."""

from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.desk.calendar import Calendar
from chalicelib.desk.complaint import ChannelOfIntake, Complaint, Decision
from chalicelib.desk.engine import decide, open_actions, open_case, tick
from chalicelib.desk.errors import BadInput
from chalicelib.desk.people import Organisation
from chalicelib.desk.procedure import Procedure
from chalicelib.desk.rulebook import Desk, Rulebook
from chalicelib.procedures.compile import COMMON, SOURCES, compile_source, sources
from chalicelib.procedures.sources_yaml import read_yaml
from infra.seed import organisations

ZONE = ZoneInfo("Asia/Shanghai")
UNKNOWN = {"unknown": "客户未说明"}


def at(clock: str) -> datetime:
    """An instant on the site's clock: `02 09:30` in November 2026, `12-04 09:30` in 2026, or a whole date."""
    return datetime.fromisoformat("2026-11-"[: 16 - len(clock)] + clock).replace(tzinfo=ZONE).astimezone(UTC)


def answer(clock: str) -> str:
    """The same instant as an answer."""
    return at(clock).isoformat()


@cache
def shared() -> set[str]:
    """The actions that every procedure has, from `_common.yaml`; none of them refuses or sends anybody away."""
    return set(read_yaml(SOURCES / COMMON)["actions"])


@cache
def _procedure(procedure_id: str, settings: tuple[tuple[str, str], ...]) -> Procedure:
    return compile_source(sources()[procedure_id]).bind(dict(settings))


@cache
def _organisation(org: str) -> Organisation:
    return next(found for found in organisations() if found.id == org)


class Play:
    """One case; `letters` are what the last thing that happened sent: (letter, recipient)."""

    def __init__(self, org: str, received: str, by: str, channel: ChannelOfIntake = "phone", **settings: str) -> None:
        organisation = _organisation(org)
        site = organisation.sites["main"]
        procedure = _procedure(org, tuple({**site.settings, **settings}.items()))
        desk = Desk(organisation=organisation, site=site, calendar=Calendar(), rulebook=Rulebook(procedure))
        self.sit_at(desk, received, by, channel)

    def sit_at(self, desk: Desk, received: str, by: str, channel: ChannelOfIntake) -> None:
        """Have a case before oneself, at this desk, that nobody has taken down yet."""
        self.desk = desk
        self.letters: list[tuple[str, str]] = []
        self.warnings: list[dict[str, str]] = []
        self.received, self.by = received, by
        self.case = Complaint(
            org=desk.organisation.id, site=desk.site.id, number="20261102001", procedure=desk.procedure.id,
            procedure_version=1, channel=channel, kind="complaint", language="zh-Hans", received_at=at(received),
            registered_at=at(received), reach=["sms"], summary="车辆异响",
        )  # fmt: skip

    def open(self, **answers: Any) -> "Play":
        """Register the case."""
        return self._take(open_case(self.desk, self.case, answers, self.by, at(self.received)))

    def do(self, when: str, who: str, action: str, **answers: Any) -> "Play":
        """Do an action; one that finishes a task finishes the oldest of its kind."""
        finishes = self.desk.procedure.actions[action].finishes
        open_ones = [name for name, task in self.case.tasks.items() if task.task == finishes and not task.finished]
        return self._take(decide(self.desk, self.case, action, answers, who, at(when), next(iter(open_ones), "")))

    def refused(self, when: str, who: str, action: str, **answers: Any) -> str:
        """What the desk says to an action whose conditions are not met, in English; fails where it is done."""
        try:
            self.do(when, who, action, **answers)
        except BadInput as refusal:
            return "; ".join(p.problem["en"] if isinstance(p.problem, dict) else p.problem for p in refusal.problems)
        raise AssertionError(f"{action} was done")

    def lacking(self, when: str, who: str, action: str, **answers: Any) -> set[str]:
        """The questions that the desk says must be answered before this is done."""
        try:
            self.do(when, who, action, **answers)
        except BadInput as refusal:
            return {p.field for p in refusal.problems if str(p.problem).startswith("is required")}
        return set()

    def wait(self, until: str) -> "Play":
        """Let time pass."""
        self.letters = []
        if passed := tick(self.desk, self.case, at(until)):
            self._take(passed)
        return self

    def may(self, who: str, when: str) -> list[str]:
        """What this person may do."""
        return open_actions(self.desk, self.case, who, at(when))

    def due(self, clock: str) -> str:
        """When a running clock is due, `03 10:00`; empty where it does not run or has no limit."""
        run = self.case.clocks.get(clock)
        return f"{run.due.astimezone(ZONE):%d %H:%M}" if run and run.due and run.state == "running" else ""

    def late(self) -> list[str]:
        """The clocks whose limits were missed, in order."""
        return [late.clock for late in self.case.lateness]

    def _take(self, decision: Decision) -> "Play":
        self.case = decision.complaint
        self.letters = [(message.letter, message.to) for message in decision.messages]
        self.warnings = decision.warnings
        return self
