"""One case in a story: what people do in it, as the procedure lets them, and what is found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.cases.sight import may_see
from chalicelib.desk.cast import Cast
from chalicelib.desk.complaint import ClockRun, Complaint, Decision, Event, Lateness
from chalicelib.desk.engine import open_actions
from chalicelib.desk.errors import BadInput, Problem, Refusal
from chalicelib.desk.facts import Facts, is_given
from chalicelib.desk.forms import asked
from chalicelib.desk.procedure import Action
from chalicelib.desk.rulebook import Desk
from chalicelib.ports import Posted
from tests.stories.answers import usual
from tests.stories.dates import local

if TYPE_CHECKING:
    from datetime import datetime

    from tests.stories.town import Town


LOOKED_AT: set[tuple[str, str, str, str]] = set()
"""Screens that a story has looked at: procedure, stage, action, person. The first to come there looks for all."""


class Case:
    """A case of a town."""

    def __init__(self, town: Town, number: str) -> None:
        self.town, self.number = town, number
        self.lateness_seen: list[Lateness] = []
        self.warnings: list[dict[str, str]] = []

    # what people do

    def do(self, action: str, by: str = "", task: str = "", joins: str = "", **answers: Any) -> Case:
        """Do an action: as `by` (a person or a role), or as whoever answers for it by the procedure.

        Fields that the form requires and the story leaves out get the usual answer; one given as None is left empty.
        `joins` is the number of a case whose group this one joins.
        """
        self._is_shown(action, by)
        decision = self._act(action, by, task, answers, joins)
        self.warnings = decision.warnings
        self.town.settle()
        return self

    def refused(self, action: str, by: str = "", **answers: Any) -> str:
        """Why the desk will not do it: the refusal's title, or the procedure's own words in English."""
        before = self.head
        try:
            self._act(action, by, "", answers)
        except BadInput as refusal:
            assert self.head == before
            return "; ".join(in_english(problem) for problem in refusal.problems)
        except Refusal as refusal:
            assert self.head == before
            return refusal.title
        raise AssertionError(f"{action} was done")

    def until(self, when: str | datetime) -> Case:
        """Time passes in the whole town."""
        self.town.until(when)
        return self

    def writes(self, text: str) -> Case:
        """The complainant adds something."""
        self.town.world.act.write(self.town.org, self.number, text, {})
        self.town.settle()
        return self

    def _act(self, action: str, by: str, task: str, answers: dict[str, Any], joins: str = "") -> Decision:
        head, desk = self.head, self.desk
        entry = desk.procedure.actions[action]
        person = self.whose(action, by)
        task = task or self._only_task(entry)
        return self.town.world.act.act(
            head.org, head.number, action, self._filled(entry, answers), actor=person, version=head.version, task=task,
            joins=joins,
        )  # fmt: skip

    def _is_shown(self, action: str, by: str) -> None:
        """Whoever is to do it finds the action on their screen; the complainant's page works as well."""
        head, person, world = self.head, self.whose(action, by), self.town.world
        screen = (head.procedure, head.stage, action, person)
        if screen in LOOKED_AT:
            return
        LOOKED_AT.add(screen)
        if may_see(self.desk, head, person, self.town.now):
            shown = [view.id for view in world.show(self.town.org, self.number, person, "zh-Hant").actions]
            assert action in shown, f"{action} is not on the screen of {person}"
            assert shown == self.may(person)
        assert world.track(head, "en").number == self.number

    def whose(self, action: str, by: str = "") -> str:
        """Whoever the action is for: `by`, or the first of its roles for whom somebody answers."""
        return self.who(by) if by else self._whose(self.desk.procedure.actions[action])

    def _whose(self, entry: Action) -> str:
        found = [person for role in entry.by if (person := self.who(role))]
        return found[0] if found else "nobody"

    def _only_task(self, entry: Action) -> str:
        return next((i for i, t in self.head.tasks.items() if t.task == entry.finishes and not t.finished), "")

    def _filled(self, entry: Action, answers: dict[str, Any]) -> dict[str, Any]:
        head, procedure, filled = self.head, self.desk.procedure, dict(answers)
        for name, needed in asked(procedure, head, entry).items():
            applies = Facts(head, {k: v for k, v in filled.items() if is_given(v)}).hold(procedure.fields[name].when)
            if needed and name not in filled and applies:
                filled[name] = usual(procedure.id, name, self.town.now)
        return {name: value for name, value in filled.items() if value is not None}

    # what is found

    @property
    def desk(self) -> Desk:
        """The desk of the case."""
        return self.town.world.desks.of(self.head)

    @property
    def head(self) -> Complaint:
        """The case as it stands."""
        head = self.town.world.stores.cases.load(self.town.org, self.number)
        assert head is not None
        return head

    @property
    def history(self) -> list[Event]:
        """All events."""
        return self.town.world.stores.cases.history(self.town.org, self.number)

    @property
    def messages(self) -> list[Posted]:
        """All letters, sent and waiting."""
        return self.town.world.stores.cases.messages(self.town.org, self.number)

    @property
    def stage(self) -> str:
        """The stage it is at."""
        return self.head.stage

    @property
    def owner(self) -> str:
        """The person it lies with."""
        return self.head.owner.person

    @property
    def late(self) -> list[str]:
        """The clocks whose limits were missed, in order, with the instant each was due."""
        return [f"{late.clock} {local(late.due)}" for late in self.head.lateness]

    def who(self, role: str) -> str:
        """The person meant by a person's id, or by a role of the procedure in this case now."""
        if role in self.desk.organisation.staff:
            return role
        cast = Cast(self.desk, self.head, self.town.now)
        if role == "in_charge":
            return cast.in_charge()
        return cast.answers_for(self.desk.procedure.tracked_by or "" if role == "tracked_by" else role)

    def may(self, person: str) -> list[str]:
        """What this person may do now."""
        return open_actions(self.desk, self.head, person, self.town.now)

    def clock(self, name: str) -> ClockRun | None:
        """The latest run of a clock, or of that kind of task's latest."""
        runs = [run for run in self.head.clocks.values() if run.clock == name]
        return runs[-1] if runs else None

    def due(self, name: str) -> str:
        """When a clock that runs is due, on the site's clock; empty where it does not run or has no limit."""
        run = self.clock(name)
        return local(run.due) if run and run.due and run.state == "running" else ""

    def sent(self, letter: str = "", **of: str) -> list[str]:
        """Who got such letters about this case, and when (see Town.sent)."""
        return self.town.sent(letter, number=self.number, **of)

    def told(self, clock: str) -> list[str]:
        """Everybody whom a clock's ladder has reached, rung by rung where it was at once: `02-14 18:00 c.wang late`."""
        mine = [one for one in self.town.letters if one.number == self.number and one.clock.partition("@")[0] == clock]
        return [f"{one} {one.letter}" for one in sorted(mine, key=lambda one: (one.when, one.rung))]

    def to_customer(self) -> str:
        """Everything the customer was ever sent, in one text."""
        return "\n".join(one.text for one in self.town.letters if (one.number, one.to) == (self.number, "customer"))


def in_english(problem: Problem) -> str:
    """A problem as an English speaker reads it: the procedure's words, or the field and what is wrong with it."""
    return problem.problem["en"] if isinstance(problem.problem, dict) else f"{problem.field}: {problem.problem}"
