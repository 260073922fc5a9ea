"""Plays the demo's past of one organisation: by the product's own use cases, on a clock of its own, in memory.

Time passes from one due instant to the next, so that histories, clocks, letters and duties are what they would have
become. Letters of the past count as sent; those of the last minutes are left for the running desk to send.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from chalicelib.cases.sweep import Sweep
from chalicelib.desk.calendar import local_date
from chalicelib.desk.complaint import Complaint, Message
from chalicelib.desk.duties import may_issue, next_time
from chalicelib.desk.engine import is_open
from chalicelib.desk.errors import Refusal
from chalicelib.desk.filing import Declared, attached, examined
from chalicelib.desk.people import Organisation
from chalicelib.desk.rulebook import Desk
from chalicelib.forecast.answering import answers_for
from chalicelib.forecast.course import Course
from chalicelib.forecast.journeys import done, plainly
from chalicelib.forecast.player import Manner, Move, Player, Wanted, hands
from chalicelib.ports import Due
from chalicelib.settings import Settings
from chalicelib.storage.keys import instant
from chalicelib.storage.sealer import Sealer
from chalicelib.storage.stores import Stores, stores_in
from chalicelib.wiring import World
from infra.demo_plan import SPAN, Planned, in_free_words, in_words, phrases, plans
from infra.demo_table import MemoryTable

LEFT = timedelta(minutes=20)
"""Letters of so long before now are not sent yet."""

ISSUED_AFTER, CLOSED_AFTER = timedelta(hours=7), timedelta(days=3)
SOURCE = "demo"
A_MINUTE = timedelta(minutes=1)


class Kept(dict[str, tuple[bytes, str]]):
    """Files in memory: name to content and media type."""

    def put(self, name: str, content: bytes, kind: str) -> None:
        """See Files."""
        self[name] = content, kind

    def get(self, name: str) -> bytes | None:  # type: ignore[override] # the content alone, as Files says
        """See Files."""
        return self[name][0] if name in self else None


class Past:
    """The past of one organisation up to `until`. `refused`: what was planned and could not be done."""

    def __init__(
        self, organisation: Organisation, settings: Settings, secret: bytes, sealer: Sealer, until: datetime
    ) -> None:  # fmt: skip
        self.org, self.until, self.now = organisation.id, until, until - SPAN
        self.site = next(iter(organisation.sites))
        self.table, self.files = MemoryTable(), Kept()
        self.stores: Stores = stores_in(self.table, sealer, settings.due_shards, clock=lambda: 0.0)
        self.stores.directory.put_organisation(organisation)
        self.dice = Random(self.org)  # noqa: S311 # dice
        grains = Random(f"salt of {self.org}")  # noqa: S311 # the same past each time
        self.world = World(
            settings, clock=lambda: self.now, stores=self.stores, secret=secret, files=self.files,
            queue=self, randbelow=self.dice.randrange, salt=lambda: f"{grains.getrandbits(128):032x}",
        )  # fmt: skip
        self.sweep = Sweep(
            due=self.stores.due, cases=self.stores.cases, outbox=self.stores.outbox, desks=self.world.desks,
            queue=self, duties=self.world.duties, jobs=self.world.jobs, erase=self.world.erase,
            pulse=self.stores.pulse, clock=lambda: self.now, note_poison=_stop,
        )  # fmt: skip
        self.numbers: dict[str, str] = {}  # the plan's key to the case's number
        self.refused: list[tuple[str, str, str]] = []
        self.plans: list[Planned] = []
        self.closed = ""
        self._todo: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    @property
    def desk(self) -> Desk:
        """The organisation's one desk."""
        return self.world.desks.at(self.org, self.site)

    def play(self) -> "Past":
        """Let all of it happen."""
        self.world.duties.begin(self.org, self.site)
        self.plans = self.planned()
        for plan in self.plans:
            self._at(plan.moves[0].at, partial(self._register, plan))
        self._close_last_month()
        while self._todo and self._todo[0][0] <= self.until:
            at, _, what = heappop(self._todo)
            self._pass_to(at)
            what()
        self._pass_to(self.until)
        return self

    def planned(self) -> list[Planned]:
        """What is to happen."""
        return plans(self.desk, self.until)

    def told(self) -> str:
        """What there is to see, in a line."""
        cases = [self._case(number) for number in self.numbers.values()]
        going = [case for case in cases if not case.finished]
        late = sum(any(run.late_at and run.state != "stopped" for run in case.clocks.values()) for case in going)
        revisit = sum(case.status == "revisit" for case in going)
        runs = [
            run for duty in self.desk.procedure.duties
            for run in self.stores.duties.periods(self.org, self.site, duty, limit=100)
        ]  # fmt: skip
        issued = sum(run.issued_at is not None for run in runs)
        parts = [
            f"{len(cases)} cases in {len({case.stage for case in cases})} stages", f"{len(going)} open",
            f"{late} late", *([f"{revisit} to revisit"] if revisit else []),
            *([f"{issued} of {len(runs)} reports issued"] if runs else []), self.closed,
        ]  # fmt: skip
        return ", ".join(parts)

    def is_draft(self, name: str) -> bool:
        """Whether a file is a report as it was prepared, that was issued since."""
        return any(other.startswith(name.removesuffix("json")) and other != name for other in self.files)

    # what people do

    def _register(self, plan: Planned) -> None:
        opening, *moves = plan.moves
        actor = "" if plan.posting.channel in ("web", "email") else opening.actor
        receipt = self.world.register(plan.posting, key=plan.key, source=SOURCE, actor=actor)
        self.numbers[plan.key] = receipt.case.number
        self._next(plan, moves)
        if plan.alike:
            self._at(self.now + timedelta(minutes=45), lambda: self._join(receipt.case.number))

    def _next(self, plan: Planned, moves: list[Move]) -> None:
        todo = [move for move in moves if move.action]
        if todo:
            self._at(todo[0].at, lambda: self._move(plan, todo[0], todo[1:]))
        else:
            self._at(self.now + timedelta(hours=2), lambda: self._beside(plan))

    def _beside(self, plan: Planned) -> None:
        """In a case that stays where it is: what waits beside it and leads nowhere is seen to, a part of it."""
        procedure = self.desk.procedure
        case = self._case(self.numbers[plan.key])
        if case.stage != plan.stage or procedure.stages[case.stage].moves or int(plan.key[-3:]) % 3 == 0:
            return
        manner = Manner(course=Course(procedure), habits=plainly(self.desk), seed=plan.key, detour=0, aside=0)
        words = {name: said for name, said in phrases().items() if isinstance(said, str) and "{" not in said}
        for instance in [name for name, run in case.tasks.items() if run.finished is None]:
            ways = [n for n, action in procedure.actions.items() if action.finishes == case.tasks[instance].task]
            wanted, first = Wanted(action=ways[0], task=instance), procedure.actions[ways[0]]
            able = is_open(self.desk, case, first) and hands(self.desk, case, ways[0], self.now)[1]
            if first.goes or first.opens or not able:
                continue
            player = Player(self.desk, manner, plan.key)
            found = done(self.desk, case, player, wanted, self.now)
            if found and all(n in words or not in_free_words(procedure.fields[n]) for n in found[0].answers):
                answers = in_words(found[0].answers, words, self.desk)
                self._act(case.number, found[0].actor, ways[0], answers, instance)
                case = self._case(case.number)

    def _move(self, plan: Planned, move: Move, later: list[Move]) -> None:
        try:
            self._act(self.numbers[plan.key], move.actor, move.action, move.answers, move.task)
        except Refusal as refusal:
            problems = getattr(refusal, "problems", [])
            self.refused.append((plan.key, move.action, f"{refusal} {problems}"))
            return
        self._next(plan, later)

    def _act(
        self, number: str, actor: str, action: str, answers: dict[str, Any], task: str = "", joins: str = ""
    ) -> None:  # fmt: skip
        case = self._case(number)
        kind = self.desk.procedure.actions[action].finishes
        if kind and (task not in case.tasks or case.tasks[task].finished):
            task = next((i for i, t in case.tasks.items() if t.task == kind and t.finished is None), "")
        able = hands(self.desk, case, action, self.now)[1]
        actor = actor if actor in able or not able else able[0]  # what the complainant sent in is in nobody's hands yet
        answers = {name: self._filed(number, actor, name, said) for name, said in answers.items()}
        act, version = self.world.acting(actor, action).act, self._case(number).version
        act(self.org, number, action, answers, actor=actor, version=version, task=task, joins=joins)

    def _filed(self, number: str, actor: str, name: str, said: Any) -> Any:
        """The answer; where it names a file, that file is in the case by then."""
        entry = self.desk.procedure.fields.get(name)
        if entry is None or entry.type != "file" or not isinstance(said, str):
            return said
        case, content = self._case(number), f"{said}\n".encode()
        id = sha256(f"{number} {said}".encode()).hexdigest()[:32]
        declared, place = Declared(by=actor, name=said, kind="text/plain"), f"attachments/{self.org}/{number}/{id}"
        file, _ = examined(case, id, declared, content, place, self.now)
        decision = attached(self.desk, case, file, self.now) if file else None
        if file and decision:
            self.files.put(place, content, file.kind)
            self.stores.cases.commit(case.version, decision.complaint, decision.events, [], decision.due)
        return id

    def _join(self, number: str) -> None:
        """Somebody says that a case belongs with the first of those alike."""
        first = next(self.numbers[plan.key] for plan in self.plans if plan.alike)
        case, desk = self._case(number), self.desk
        ways = [(name, action) for name, action in desk.procedure.actions.items() if action.joins]
        ways.sort(key=lambda way: desk.procedure.links[way[1].joins or ""].means != "same_problem")
        if number == first or not ways:
            return
        name, action = ways[0]
        people = hands(desk, case, name, self.now)[1]
        if people:
            answers = answers_for(desk, case, action, self.dice, self.now, plainly(desk))
            answers = in_words(answers, {"link_note": phrases()["link_note"]}, desk)
            self._act(number, people[0], name, answers, joins=first)

    def _close_last_month(self) -> None:
        """Whoever keeps the first register closes the last month that was over for three days, on the third."""
        calendar, registers = self.desk.calendar, self.desk.procedure.registers.items()
        ended = local_date(calendar, self.until - CLOSED_AFTER).replace(day=1) - timedelta(days=1)
        at = self.until - (local_date(calendar, self.until) - ended) + CLOSED_AFTER
        register, entry = next((r, e) for r, e in registers if e.lists == "received" and e.kept_by)
        keeper = self.desk.site.posts[entry.kept_by][0]

        def close() -> None:
            self.world.close_register(self.org, keeper, register=register, period=f"{ended:%Y-%m}", site=self.site)
            self.closed = f"register {register} closed for {ended:%Y-%m}"

        self._at(at, close)

    def _issue(self, duty: str, period: str) -> None:
        """The report is issued, unless it is the last of the past: that one lies there to be issued."""
        desk = self.desk
        upcoming = [next_time(desk, name, self.now) for name in desk.procedure.duties]
        issued_before = any(name.startswith("reports/") and name.count(".") > 3 for name in self.files)
        last = all(at is None or at > self.until for at in upcoming)
        person = next((p for p in desk.organisation.staff if may_issue(desk, duty, p, self.now)), "")
        if person and not (last and issued_before):
            self.world.reports.issue(self.org, self.site, duty, period, person)

    # time passes

    def _pass_to(self, moment: datetime) -> None:
        """Sweep at every instant at which something is due."""
        while (first := self.table.first_due()) and (due := instant(first)) <= moment:
            self.now = due if due > self.now else self.now + A_MINUTE
            self.sweep.run(lambda: 60.0)
        self.now = max(moment, self.now)

    def _at(self, when: datetime, what: Callable[[], None]) -> None:
        heappush(self._todo, (when, next(self._order), what))

    def _case(self, number: str) -> Complaint:
        case = self.stores.cases.load(self.org, number)
        if case is None:
            raise LookupError(number)
        return case

    # the queue

    def deliver(self, messages: Sequence[Message]) -> None:
        """See Queue: what is old counts as sent, what is new waits."""
        for message in messages:
            if self.now > self.until - LEFT:
                continue
            posted = self.stores.outbox.load(
                message.org, message.number, message.id, message.site, message.duty, message.period
            )
            if posted and self.stores.outbox.claim(posted, self.now, self.now + A_MINUTE):
                self.stores.outbox.settle(posted, "sent", provider_id=SOURCE)

    def sweep_shards(self, shards: Sequence[int]) -> None:
        """See Queue: the next sweep finds what is left."""

    def build_report(self, org: str, site: str, duty: str, period: str) -> None:
        """See Queue: prepared at once, issued the same day."""
        self.world.reports.prepare(org, site, duty, period)
        self._at(self.now + ISSUED_AFTER, lambda: self._issue(duty, period))


def _stop(item: Due, error: Exception) -> None:
    raise RuntimeError(f"the demo's past stops at {item.kind} {item.id}") from error
