"""Plays one case: at each moment what is to be done next, by whom, and what is written into the form.

What leads on (`course.py`) is done; what it needs first is found by working back from its needs: an action not yet
done, a field not yet answered, a task still open. All dice are thrown by name (seed, case, action, how often), so
that the same case takes the same way whatever the limits are.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from random import Random
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.desk.cast import Cast
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.conditions import All, AnyOf, Condition, Test, tests_in
from chalicelib.desk.engine import is_open
from chalicelib.desk.facts import Facts
from chalicelib.desk.procedure import Action, Need
from chalicelib.desk.rulebook import Desk
from chalicelib.forecast.answering import Habits, answers_for
from chalicelib.forecast.course import Course, at_stage, ways_at

TRIES, DEPTH = 40, 6
"""How many fillings of a form are looked at for one that leads where it should; how far needs are worked back."""


class Wanted(Struct, frozen=True, kw_only=True):
    """A piece of work: an action, the task instance it finishes, and what its answers are to come to.

    `slot` is empty on the case's main way, or the task instance for whose sake it is done beside that.
    """

    action: str
    task: str = ""
    slot: str = ""
    aims: Condition | None = None
    onward: bool = False
    goal: tuple[str, ...] = ()  # stages, one of which it is to lead to


class Move(Struct, frozen=True, kw_only=True):
    """One thing that somebody does. The first move of a case opens it; `task` is the instance that it finishes.

    A move without an action is time passing: a sweep at `at`.
    """

    at: datetime
    actor: str
    action: str
    answers: dict[str, Any]
    task: str = ""


WAIT = Wanted(action="")
"""Nothing to do here until a task beside it is finished."""


class Manner(Struct, frozen=True, kw_only=True):
    """How cases are played.

    detour   how often another way than the usual is taken, and an answer given that does not lead on
    aside    how often, at a stage, something is done that the way does not need
    chances  action to how often it is done where it is open, in place of these two
    """

    course: Course
    habits: Habits
    seed: str = "1"
    detour: float = 0.1
    aside: float = 0.1
    chances: Mapping[str, float] = field(default_factory=dict)


class Player:
    """Whoever works on one case; it remembers only how often the case came to each stage."""

    def __init__(self, desk: Desk, manner: Manner, name: str) -> None:
        self.desk, self.manner, self.name = desk, manner, name
        self.procedure, self.course = desk.procedure, manner.course
        self._visits: dict[str, int] = {}
        self._since: datetime | None = None
        self._version, self._hands = -1, dict[str, tuple[str, list[str]]]()

    def opening(self, case: Complaint, now: datetime) -> dict[str, Any]:
        """The answers of the opening form."""
        return self.answers(case, Wanted(action=self.desk.rulebook.opening, onward=bool(self.course.toward)), now)

    def wanted(self, case: Complaint, now: datetime) -> list[Wanted]:
        """What is to be done now: at most one thing on the main way, and one for each open task."""
        if case.stage_since != self._since:
            self._since = case.stage_since
            self._visits[case.stage] = self._visits.get(case.stage, 0) + 1
        ended = self.procedure.stages[case.stage].in_charge is None
        main = None if ended else self._main(case, now)  # what outlives the case is still to be done
        beside = [self._task(case, now, instance) for instance, run in case.tasks.items() if run.finished is None]
        return [w for w in (main, *beside) if w is not None and w is not WAIT]

    def leading_to(self, case: Complaint, now: datetime, action_id: str, goal: tuple[str, ...] = ()) -> Wanted | None:
        """The next step to this action: itself, what it needs first, or what brings the case to where it is done.

        `goal`: the stages where what comes after it is done. None where no way is seen.
        """
        action, here = self.procedure.actions[action_id], self.course.worth[case.stage]
        if not at_stage(self.procedure, action, case.stage):
            ahead = any(self.course.worth.get(stage, -1) > here for stage in action.at)
            found = self._main(case, now, strictly=True) if ahead else None
        else:
            running = [i for i, t in case.tasks.items() if t.task == action.finishes and t.finished is None]
            found = self._reach(case, now, action_id, instance=running[0] if running else "")
        if found is WAIT:
            tasks = [i for i, t in case.tasks.items() if t.finished is None]
            found = next((w for i in tasks if (w := self._task(case, now, i)) not in (None, WAIT)), None)
        return replace(found, goal=goal) if found and found.action == action_id else found

    def answers(self, case: Complaint, wanted: Wanted, now: datetime) -> dict[str, Any]:
        """The form filled: of some fillings the first that leads onward (where it should) and meets aims and needs.

        A need that only other work can meet has no say in it: that work is done first.
        """
        action = self.procedure.actions[wanted.action]
        dice = Random(self._key(wanted.action, case))  # noqa: S311 # dice
        best: tuple[float, dict[str, Any]] = (-1, {})
        form = {*action.asks, *action.may_ask}
        needs = [n for n in action.needs if any(test.name in form for test in tests_in(n.that))]
        must = {test.name for n in needs for test in tests_in(n.that)} | {test.name for test in tests_in(wanted.aims)}
        steered = wanted.onward or wanted.aims is not None or bool(needs) or bool(wanted.goal)
        for _ in range(TRIES if steered else 1):
            found = answers_for(self.desk, case, action, dice, now, self.manner.habits, must)
            score, enough = self._score(case, action, wanted, found, needs)
            if score >= enough:
                return found
            if score > best[0]:
                best = (score, found)
        return best[1]

    def hands(self, case: Complaint, action_id: str, now: datetime) -> tuple[str, list[str]]:
        """By which role an action is done, and by whom (see below); looked up once for each version of the case."""
        if case.version != self._version:
            self._version, self._hands = case.version, {}
        if action_id not in self._hands:
            self._hands[action_id] = hands(self.desk, case, action_id, now)
        return self._hands[action_id]

    def key(self, *about: object) -> float:
        """A number in [0, 1) that belongs to this case and to what it is about."""
        return Random("/".join(map(str, (self.manner.seed, self.name, *about)))).random()  # noqa: S311 # dice

    def _key(self, action: str, case: Complaint) -> str:
        mark = case.done.get(action)
        return f"{self.manner.seed}/{self.name}/{action}/{mark.times if mark else 0}"

    def _score(
        self, case: Complaint, action: Action, wanted: Wanted, found: dict[str, Any], needs: list[Need]
    ) -> tuple[float, float]:  # fmt: skip
        """How well answers do what they should, and what would be enough."""
        facts = Facts(case, found)
        score = 2.0 * facts.hold(wanted.aims) + (not any(_unmet(needs, facts)))
        to = self._lands(case, action, found) if wanted.onward or wanted.goal else None
        if wanted.goal:
            return score + 4 * ((to or case.stage) in wanted.goal), 7
        if not wanted.onward:
            return score, 3
        if not self.course.toward:
            further = self._visits.get(case.stage, 0) <= 1 or to == self._furthest(case.stage, action)
            return score + 4 * self.course.onward(case.stage, to) + further, 8
        nearest = max((self.course.worth[w.to] for w in action.goes if w.to), default=0)
        aim = max(
            nearest, *(self.course.worth[m.to] for s in self.procedure.stages.values() for m in s.moves if m.to), 0
        )
        return score + 4 + self.course.worth[to or case.stage] / 100, 7 + aim / 100

    def _furthest(self, stage: str, action: Action) -> str | None:
        """Where an action leads at best: what a case goes for that has come to the stage again."""
        return max(
            (way.to for way in ways_at(action, stage) if way.to), key=self.course.worth.__getitem__, default=None
        )

    def _lands(self, case: Complaint, action: Action, found: dict[str, Any]) -> str | None:
        """The stage that the answers lead to, and on from there by its own moves."""
        facts = Facts(case, found)
        to = next((way.to for way in action.goes if facts.hold(way.when)), None)
        if to and self.procedure.stages[to].moves:
            there = Facts(replace(case, stage=to, values=facts.values))
            to = next((m.to for m in self.procedure.stages[to].moves if there.hold(m.when)), to)
        return to

    # the main way

    def _main(self, case: Complaint, now: datetime, *, strictly: bool = False) -> Wanted | None:
        if not strictly and (aside := self._aside(case, now)):
            return aside
        moves = [way.when for way in self.procedure.stages[case.stage].moves if self.course.onward(case.stage, way.to)]
        if any(_only_tasks(Facts(case), when) for when in moves):
            return WAIT
        found = (self._reach(case, now, action, onward=True) for action in self._order(case))
        return next((w for w in found if w), None) or next((w for m in moves if (w := self._meet(case, now, m))), None)

    def _order(self, case: Complaint) -> list[str]:
        """The leading actions as this case tries them: the usual first, or now and then another."""
        leading = self.course.leading(case.stage)
        visit = self._visits.get(case.stage, 0)
        chances = self.manner.chances
        drawn = [a for a in leading if a in chances and self.key(case.stage, visit, a) < chances[a]]
        plain = [a for a in leading if a not in chances]
        rest = [a for a in leading if a not in plain and a not in drawn]
        if len(plain) > 1 and not self.course.toward and self.key(case.stage, visit, "way") < self.manner.detour:
            other = 1 + int(self.key(case.stage, visit, "other") * (len(plain) - 1))
            plain = [plain[other], *plain[:other], *plain[other + 1 :]]
        return drawn + plain + rest

    def _aside(self, case: Complaint, now: datetime) -> Wanted | None:
        """Something that is open and that the way does not need: at most one of them at a visit, and those drawn."""
        visit, chances = self._visits.get(case.stage, 0), self.manner.chances
        asides = self.course.asides(case.stage)
        chosen = [a for a in chances if a in asides and self.key(case.stage, visit, a) < chances[a]]
        usual = [a for a, plain in asides.items() if plain and a not in chances]
        if usual and self.manner.aside > 0 and self.key(case.stage, visit, "aside") < self.manner.aside:
            chosen.append(usual[int(self.key(case.stage, visit, "which") * len(usual))])
        for action_id in chosen:
            action, wanted = self.procedure.actions[action_id], Wanted(action=action_id)
            if self._done_here(case, action_id) or not is_open(self.desk, case, action):
                continue
            if not self.hands(case, action_id, now)[1]:
                continue
            if not action.needs or not any(_unmet(action.needs, Facts(case, self.answers(case, wanted, now)))):
                return wanted
        return None

    def _done_here(self, case: Complaint, action: str) -> bool:
        mark = case.done.get(action)
        return mark is not None and case.stage_since is not None and mark.at >= case.stage_since

    # tasks beside it

    def _task(self, case: Complaint, now: datetime, instance: str) -> Wanted | None:
        kind = case.tasks[instance].task
        ways = [a for a, action in self.procedure.actions.items() if action.finishes == kind]
        if any(a in self.course.leading(case.stage) for a in ways):
            return None  # it is finished by what leads on
        if len(ways) > 1 and not self.course.toward and self.key(instance, "way") < self.manner.detour:
            ways = ways[1:] + ways[:1]
        for action in ways:
            found = self._reach(case, now, action, instance=instance)
            if found:
                return found if found is WAIT else replace(found, slot=instance)
        return None

    # what it needs first

    def _reach(
        self, case: Complaint, now: datetime, action_id: str, *, aims: Condition | None = None, onward: bool = False,
        instance: str = "", seen: tuple[str, ...] = (),
    ) -> Wanted | None:  # fmt: skip
        """What has to be done for this action to be done: itself where nothing stands against it."""
        action = self.procedure.actions[action_id]
        if action_id in seen or len(seen) > DEPTH or "new" in action.at:
            return None
        seen = (*seen, action_id)
        if action.finishes and not instance:
            running = [i for i, t in case.tasks.items() if t.task == action.finishes and t.finished is None]
            if running and not onward:
                return WAIT  # it is seen to for its own sake
            if not running:
                return self._first(case, now, self._openers(action.finishes), seen=seen)
            instance = running[0]
        if not is_open(self.desk, case, action) or not self.hands(case, action_id, now)[1]:
            return None
        if onward and not self.course.toward:
            mark = case.done.get(action_id)
            onward = self.key(action_id, mark.times if mark else 0, "onward") >= self.manner.detour
        wanted = Wanted(action=action_id, task=instance if action.finishes else "", aims=aims, onward=onward)
        if not action.needs and aims is None:
            return wanted
        facts = Facts(case, self.answers(case, wanted, now))
        unmet = list(_unmet(action.needs, facts))
        if not unmet:
            return wanted if facts.hold(aims) else None
        return next((w for condition in unmet if (w := self._meet(case, now, condition, seen))), None)

    def _first(
        self, case: Complaint, now: datetime, actions: list[str], aims: Condition | None = None,
        seen: tuple[str, ...] = (),
    ) -> Wanted | None:  # fmt: skip
        return next((w for a in actions if (w := self._reach(case, now, a, aims=aims, seen=seen))), None)

    def _openers(self, task: str) -> list[str]:
        return [a for a, action in self.procedure.actions.items() if any(o.task == task for o in action.opens)]

    def _meet(
        self, case: Complaint, now: datetime, condition: Condition | None, seen: tuple[str, ...] = ()
    ) -> Wanted | None:
        """What has to be done for a condition to hold."""
        facts = Facts(case)
        if condition is None or facts.hold(condition):
            return None
        if isinstance(condition, AnyOf | All):
            return next((w for part in condition.of if (w := self._meet(case, now, part, seen))), None)
        match condition.subject:
            case "done" | "ever_done":
                left = [a for a in condition.values if not facts.hold(replace(condition, values=[a]))]
                return self._first(case, now, left, seen=seen)
            case "open":
                return self._first(case, now, [a for t in condition.values for a in self._openers(t)], seen=seen)
            case "not_open":
                return WAIT
            case "field":
                asking = [a for a, x in self.procedure.actions.items() if condition.name in (*x.asks, *x.may_ask)]
                staying = [a for a in asking if a not in self.course.leading(case.stage)]
                return self._first(case, now, staying, aims=condition, seen=seen)
            case _:
                return None


def hands(desk: Desk, case: Complaint, action_id: str, now: datetime) -> tuple[str, list[str]]:
    """By which role an action is done now, and who may do it, the first to be asked first; ("", []) for nobody."""
    action, cast = desk.procedure.actions[action_id], Cast(desk, case, now)
    mine = cast.in_charge()
    for role in action.by:
        entry = desk.procedure.roles.get(role)
        if entry is not None and entry.everyone:
            people = [mine] if mine else cast.holders(role)
        else:
            answering = cast.answers_for(role)
            people = list(dict.fromkeys([*([mine] if role == "in_charge" else []), answering, *cast.holders(role)]))
        able = [p for p in people if p and not cast.barred(p, action_id)]  # they have the rights of the role
        if able:
            stage = desk.procedure.stages[case.stage] if case.stage else None
            named = {"in_charge": stage.in_charge if stage else "", "tracked_by": desk.procedure.tracked_by}
            return named.get(role, role) or role, able
    return "", []


def _unmet(needs: list[Need], facts: Facts) -> Iterator[Condition]:
    return (need.that for need in needs if facts.hold(need.when) and not facts.hold(need.that))


def _only_tasks(facts: Facts, condition: Condition | None) -> bool:
    """Whether a condition fails, and only because tasks are still open."""
    if condition is None or facts.hold(condition):
        return False
    parts = condition.of if isinstance(condition, All) else [condition]
    return all(facts.hold(part) or (isinstance(part, Test) and part.subject == "not_open") for part in parts)
