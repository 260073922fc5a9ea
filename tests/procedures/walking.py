"""A walk through a procedure: somebody acts, time passes, people come and go; after each step all must hold."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.desk.beside import notice, write
from chalicelib.desk.calendar import DayRule, with_days
from chalicelib.desk.cast import Cast
from chalicelib.desk.complaint import Complaint, Decision
from chalicelib.desk.engine import decide, is_open, open_actions, open_case, rearm, tasks_to_finish, tick
from chalicelib.desk.errors import BadInput
from chalicelib.desk.people import Absence
from chalicelib.desk.procedure import FINISHED, Action, Setting
from chalicelib.desk.rulebook import Desk, Rulebook
from chalicelib.desk.ties import Other, holding
from chalicelib.forecast.answering import answers_for
from chalicelib.forecast.made_up import staffed
from chalicelib.procedures.load import Compiled
from tests.desk.invariants import Watcher, same_but_for_versions

STARTS = [
    datetime(2026, 2, 10, 1, tzinfo=UTC),
    datetime(2026, 9, 29, 15, 59, tzinfo=UTC),
    datetime(2026, 12, 29, tzinfo=UTC),
]
"""A week before Spring Festival, at the eve of the National Day week, and at the end of the known holidays."""

SPELLS = [0, 1, 7, 30, 59, 60, 240, 600, 1440, 3 * 1440, 10 * 1440, 35 * 1440]
"""How long nothing is done, in minutes."""

LIMITS = ["", "30m", "4h", "24h", "0d", "1d", "3d", "8bh"]


class Walk:
    """One case under way. `seen` counts the stages entered and the actions done."""

    def __init__(self, compiled: Compiled, start: datetime, seen: Counter[str], dice: Random | None = None) -> None:
        self.compiled = compiled
        self.settings: dict[str, str] = {}
        if dice:  # from what a clock starts is chosen before there are cases; what else is set may change any time
            signals = {name: s for name, s in compiled.bind({}).settings.items() if s.type == "signal"}
            self.settings = {name: dice.choice(setting.choices) for name, setting in signals.items()}
        self.desk = staffed(compiled.bind(self.settings))
        self.now = start
        self.seen = seen
        self.cases = 0

    def open(self, dice: Random) -> None:
        """Register a complaint, by staff or by the website."""
        self.cases += 1
        self.due: datetime | None = None
        self.watcher = Watcher(self.desk)
        procedure = self.desk.procedure
        case = Complaint(
            org=procedure.id, site="main", number=f"2026021{self.cases}", procedure=procedure.id, procedure_version=1,
            channel=dice.choice(["phone", "web"]), kind="complaint", language="zh-Hans", received_at=self.now,
            registered_at=self.now, reach=["sms"],
        )  # fmt: skip
        action = procedure.actions[self.desk.rulebook.opening]
        answers = answers_for(self.desk, case, action, dice, self.now)
        by = dice.choice(["", *self.desk.organisation.staff])
        self.case = case
        self._take(open_case(self.desk, case, answers, by, self.now))
        self.seen[f"action {self.desk.rulebook.opening}"] += 1

    # steps

    def act(self, dice: Random) -> bool:
        """Somebody does something that is open to them; False where a need of the procedure stands against it."""
        doable = self.doable()
        if not doable:
            return False
        action_id = dice.choices(list(doable), [self._weight(a) for a in doable])[0]
        return self.do(action_id, dice.choice(doable[action_id]), dice)

    def do(self, action_id: str, who: str, dice: Random) -> bool:
        """This person does this, with answers that fit."""
        action = self.desk.procedure.actions[action_id]
        answers = answers_for(self.desk, self.case, action, dice, self.now)
        theirs = tasks_to_finish(self.desk, self.case, action_id, who, self.now) if action.finishes else [""]
        if not theirs:
            return False  # such a task is open, but it is another's
        task = dice.choice(theirs)
        group, other = self._others(action, dice)
        try:
            decision = decide(self.desk, self.case, action_id, answers, who, self.now, task, group=group, other=other)
        except BadInput as refused:
            unforeseen = [p for p in refused.problems if p.field and p.problem != BARRED]
            if unforeseen:
                raise AssertionError(f"{action_id}: {unforeseen}") from None
            return False
        self._take(decision)
        self.seen[f"action {action_id}"] += 1
        return True

    def _others(self, action: Action, dice: Random) -> tuple[str, Other | None]:
        """The group that the action joins, or the case that it links with or leaves."""
        link = self.desk.procedure.links.get(action.joins or action.leaves or "")
        if link is None or not link.pairs:
            return "g-1" if action.joins else "", None
        return "", Other(dice.choice(["t-1", "t-2"] if action.joins else sorted(holding(self.case))))

    def doable(self) -> dict[str, list[str]]:
        """The actions open now, with whom they are open to; what is overdue has happened before."""
        self.sweep()
        cast, found = Cast(self.desk, self.case, self.now), {}
        for action_id, action in self.desk.procedure.actions.items():
            if is_open(self.desk, self.case, action):
                likely = {cast.in_charge(), *(cast.answers_for(role) for role in action.by)}
                likely.update(who for role in action.by for who in cast.holders(role)[:3])
                able = sorted(who for who in likely if cast.may(who, action.by, action_id))
                if able:
                    found[action_id] = able
        return found

    def _weight(self, action_id: str) -> float:
        """Work that leads on is done more often than notes, and than what was done before; what ends it seldom."""
        action, mark = self.desk.procedure.actions[action_id], self.case.done.get(action_id)
        base = 1 if ends(self.desk, action) and "open" in action.at else 12 if action.goes or action.finishes else 3
        return base / (1 + mark.times if mark else 1)

    def wait(self, minutes: int) -> None:
        """Time passes; nobody looks."""
        self.now += timedelta(minutes=minutes)

    def sweep(self) -> None:
        """The sweep comes by. Had it come by twice, the same would have happened."""
        decision = tick(self.desk, self.case, self.now)
        if decision is None:
            assert self.due is None or self.due > self.now
            return
        self._had_it_come_twice(decision)
        self._take(decision)
        assert decision.due is None or decision.due > self.now

    def _had_it_come_twice(self, once: Decision) -> None:
        between = self.due + (self.now - self.due) / 2 if self.due and self.due < self.now else self.now
        first = tick(self.desk, self.case, between.replace(microsecond=0))
        second = tick(self.desk, first.complaint if first else self.case, self.now)
        twice = [e for d in (first, second) if d for e in d.events]
        ended = (second or first or once).complaint
        assert [s for e in twice for s in e.signals] == [s for e in once.events for s in e.signals]
        assert same_but_for_versions(ended, once.complaint)

    def sweep_on_time(self) -> None:
        """The sweep comes by at the very instant something is due."""
        if self.due is not None and self.due < self.now + timedelta(days=60):
            self.now = max(self.now, self.due)
            self.sweep()

    def complain_again(self) -> None:
        """The complainant adds something."""
        self._take(write(self.desk, self.case, "还没有解决", self.now))

    def what_recurs_is_noticed(self, dice: Random) -> None:
        """A watch found this case among others alike."""
        if watches := list(self.desk.procedure.watches):
            decision = notice(self.desk, self.case, dice.choice(watches), "alike", ["20260101001"], self.now)
            if decision:
                self._take(decision)

    def somebody_goes_away(self, dice: Random) -> None:
        """An absence, with or without a stand-in; or a return."""
        organisation = self.desk.organisation
        who, other = dice.sample(list(organisation.staff), 2)
        absences = [a for a in organisation.absences if a.person != who][-6:]
        if len(absences) == len(organisation.absences):
            end = self.now + timedelta(hours=dice.choice([1, 30, 500]))
            absences.append(Absence(person=who, start=self.now, end=end, stand_in=dice.choice(["", other])))
        self._work_at(replace(self.desk, organisation=replace(organisation, absences=absences)))

    def somebody_leaves(self, dice: Random) -> None:
        """One member of staff at a time has left; whoever left before is back."""
        staff = {who: replace(p, active=True) for who, p in self.desk.organisation.staff.items()}
        who = dice.choice([w for w in staff if w != "root"])
        staff[who] = replace(staff[who], active=False)
        self._work_at(replace(self.desk, organisation=replace(self.desk.organisation, staff=staff)))

    def a_setting_changes(self, dice: Random) -> None:
        """The site sets one of the procedure's settings anew, and its cases are re-armed."""
        declared = {name: s for name, s in self.compiled.bind({}).settings.items() if s.type != "signal"}
        name = dice.choice(list(declared))
        self.settings[name] = dice.choice(_values(declared[name]))
        procedure = self.compiled.bind(self.settings)
        self._rearm(replace(self.desk, rulebook=Rulebook(procedure)))

    def the_calendar_changes(self, dice: Random) -> None:
        """A day becomes a day off or a work day, and the site's cases are re-armed."""
        day = (self.now + timedelta(days=dice.randint(0, 5))).date().isoformat()
        calendar = with_days(self.desk.calendar, {day: DayRule(kind=dice.choice(["off", "work"]))})
        self._rearm(replace(self.desk, calendar=calendar))

    def weather(self, dice: Random) -> None:
        """Something happens that nobody in the case does."""
        minutes = dice.choice(SPELLS)
        match dice.randrange(8):
            case 0 | 1 | 2:
                self.wait(minutes)
            case 3:
                self.sweep_on_time()
            case 4:
                self.somebody_goes_away(dice)
            case 5:
                self.somebody_leaves(dice)
            case 6:
                self.a_setting_changes(dice)
            case _:
                self.the_calendar_changes(dice)

    # what became of it

    @property
    def finished(self) -> bool:
        """Whether nobody is in charge any more."""
        return self.desk.procedure.stages[self.case.stage].in_charge is None

    def _rearm(self, desk: Desk) -> None:
        self.sweep()  # what was due by the old settings was due
        self._work_at(desk)
        decision = rearm(desk, self.case, self.now)
        if decision:
            self._take(decision)

    def _work_at(self, desk: Desk) -> None:
        self.desk = self.watcher.desk = desk

    def _take(self, decision: Decision) -> None:
        self.watcher.saw(self.case, decision, self.now)
        self.case, self.due = msgspec.json.decode(msgspec.json.encode(decision.complaint), type=Complaint), decision.due
        for event in decision.events:
            if event.changes.stage is not None:
                self.seen[f"stage {event.changes.stage}"] += 1

    def check(self) -> None:
        """What must hold of a case at rest."""
        self.watcher.at_rest(self.case, self.due)
        cast = Cast(self.desk, self.case, self.now)
        for who in filter(cast.barred, self.desk.organisation.staff):
            assert cast.in_charge() != who
            assert all(not cast.barred(who, a) for a in open_actions(self.desk, self.case, who, self.now))


BARRED = "cannot take this case over"


def ends(desk: Desk, action: Action) -> bool:
    """Whether an action ends the case."""
    return any(way.to and desk.procedure.stages[way.to].status in FINISHED for way in action.goes)


def _values(setting: Setting) -> list[Any]:
    return {"limit": LIMITS, "number": ["1", "3"], "recurrence": ["", "daily", "weekly:tue"]}.get(setting.type, [""])
