"""A year at the desk in seconds: complaints come in, people work on them one at a time, and the clocks run.

Events lie on one heap by instant. Lateness follows from load: work waits until somebody who may do it is here and
has time. The engine decides everything else, as it does in earnest.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.desk.complaint import Complaint, Decision
from chalicelib.desk.engine import decide, open_case, tick
from chalicelib.desk.errors import Refusal
from chalicelib.desk.facts import instant
from chalicelib.desk.rulebook import Desk
from chalicelib.forecast.crew import Crew, Piece
from chalicelib.forecast.incoming import Incoming
from chalicelib.forecast.journeys import blank
from chalicelib.forecast.ledger import Ledger, Work
from chalicelib.forecast.minutes import Minutes
from chalicelib.forecast.player import Manner, Move, Player, Wanted, hands
from chalicelib.forecast.shifts import Shifts, instant_of

BY_THEMSELVES = ("web", "email")
"""Channels by which complainants enter their complaint without anybody's work."""

BEFORE_AGREED = 3 * 3600
"""How long before an agreed time somebody sees to it, in seconds."""

PATIENCE = 3
"""How often a piece of work that the engine refuses is tried before it is left for the case to change."""

OPENS, DUE, READY, ENDS, COMES, DID = range(6)


class Live(Struct, kw_only=True):
    """A case under way. `pieces`: slot to the work on it; `refused`: what could not be done since it last changed."""

    case: Complaint
    player: Player
    incoming: Incoming
    due: datetime | None = None
    pieces: dict[str, Piece] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


class Simulation:
    """One setting of a forecast. `waits`: stage to the median seconds that its work waits for somebody outside."""

    def __init__(
        self, desk: Desk, manner: Manner, minutes: Minutes, shifts: Shifts, *, until: int,
        waits: Mapping[str, int] | None = None, keeps_history: bool = False,
    ) -> None:  # fmt: skip
        self.desk, self.manner, self.minutes, self.until = desk, manner, minutes, until
        self.waits = waits or {}
        self.ledger = Ledger(desk=desk, keeps_history=keeps_history)
        self.crew = Crew(shifts, self.ledger)
        self.live: dict[str, Live] = {}
        self.unplayed: list[tuple[str, str]] = []  # number and action of what was done in fact and cannot be
        self._heap: list[tuple[int, int, int, Any]] = []
        self._order = count()
        self._coming: set[str] = set()
        self._agreed = {
            clock.each: choice.limit.name
            for clock in desk.procedure.clocks.values()
            for choice in clock.limits
            if clock.each and choice.limit.kind == "until"
        }

    def run(self, complaints: Iterable[Incoming]) -> "Simulation":
        """Play them all, to the end or until the time set."""
        for incoming in complaints:
            self._at(int(incoming.received_at.timestamp()), OPENS, incoming)
        steps: dict[int, Callable[[Any, int], None]] = {
            OPENS: self._opens, DUE: self._is_due, READY: self._is_ready,
            ENDS: self._ends, COMES: self._comes, DID: self._did,
        }  # fmt: skip
        while self._heap and self._heap[0][0] <= self.until:
            now, _, kind, about = heappop(self._heap)
            steps[kind](about, now)
        return self

    def _at(self, when: int, kind: int, about: Any) -> None:
        heappush(self._heap, (when, next(self._order), kind, about))

    # what happens

    def _opens(self, incoming: Incoming, now: int) -> None:
        at = instant_of(now)
        manner = replace(
            self.manner, habits=replace(self.manner.habits, fixed={**self.manner.habits.fixed, **incoming.answers})
        )
        player = Player(self.desk, manner, incoming.number)
        case = replace(blank(self.desk, incoming.number, at, incoming.channel), kind=incoming.kind)
        first = self.desk.rulebook.opening
        role, people = hands(self.desk, case, first, at)
        actor = "" if incoming.channel in BY_THEMSELVES or not people else self._here(people, now)
        live = Live(case=case, player=player, incoming=incoming)
        answers = player.opening(case, at)
        decision = open_case(self.desk, case, answers, actor, at)
        self.live[incoming.number] = live
        self._took(live, decision, Move(at=at, actor=actor, action=first, answers=answers), now)
        if actor and not incoming.did:
            self._offer(self._piece(live, Wanted(action=first), role, [actor], now, now), now)
        for when, action in incoming.did:
            self._at(max(now, int(when.timestamp())), DID, (live, action))

    def _here(self, people: list[str], now: int) -> str:
        return next((p for p in people if self.crew.shifts.of(p).at_work(now)), people[0])

    def _is_due(self, about: tuple[Live, datetime], now: int) -> None:
        live, due = about
        if live.due == due and (decision := tick(self.desk, live.case, instant_of(now))):
            self._took(live, decision, None, now)

    def _is_ready(self, about: tuple[Live, str, Piece], now: int) -> None:
        live, slot, piece = about
        if live.pieces.get(slot) is piece and piece.state == "later":
            self._offer(piece, now)

    def _ends(self, piece: Piece, now: int) -> None:
        self.crew.finishes(piece)
        live, wanted = self.live[piece.case], piece.wanted
        opening = "new" in self.desk.procedure.actions[wanted.action].at
        if live.pieces.get(wanted.slot) is piece:
            del live.pieces[wanted.slot]
        refused = False if opening else not self._acts(live, wanted, piece.person, now)
        self.ledger.work.append(
            Work(case=piece.case, action=wanted.action, role=piece.role, person=piece.person, ready=piece.ready,
                 started=piece.started, ended=now, seconds=piece.seconds, refused=refused)
        )  # fmt: skip
        if refused:
            live.refused[wanted.action] = live.refused.get(wanted.action, 0) + 1
            self._plan(live, now)
        self._comes(piece.person, now)

    def _comes(self, person: str, now: int) -> None:
        """Somebody looks for what to do next."""
        self._coming.discard(person)
        if piece := self.crew.next_of(person, now):
            self._begun(piece, now)
        elif self.crew.has_waiting(person):
            self._call(person, now)

    def _did(self, about: tuple[Live, str], now: int) -> None:
        """Somebody did this in fact; what it needs first is done at the same moment."""
        live, action = about
        entry = self.desk.procedure.actions[action]
        later = [a for when, a in live.incoming.did if int(when.timestamp()) > now]
        goal = tuple(self.desk.procedure.actions[later[0]].at) if later else ()
        for _ in range(2 * len(self.desk.procedure.actions)):
            at = instant_of(now)
            wanted = live.player.leading_to(live.case, at, action, goal)
            if wanted is None:
                break
            people = live.player.hands(live.case, wanted.action, at)[1]
            if not people or not self._acts(live, wanted, people[0], now):
                break
            if wanted.action == action and (not entry.finishes or wanted.task):
                return
        self.unplayed.append((live.case.number, action))

    # what follows from it

    def _acts(self, live: Live, wanted: Wanted, person: str, now: int) -> bool:
        at = instant_of(now)
        try:
            answers = live.player.answers(live.case, wanted, at)
            decision = decide(self.desk, live.case, wanted.action, answers, person, at, wanted.task)
        except Refusal:
            return False
        live.refused.clear()
        done = Move(at=at, actor=person, action=wanted.action, answers=answers, task=wanted.task)
        self._took(live, decision, done, now)
        return True

    def _took(self, live: Live, decision: Decision, done: Move | None, now: int) -> None:
        before = live.case
        live.case, live.due = decision.complaint, decision.due
        self.ledger.saw(decision)
        if done:
            self.ledger.moves.setdefault(live.case.number, []).append(done)
        if live.due is not None:
            self._at(max(now, int(live.due.timestamp())), DUE, (live, live.due))
        if done or before.stage_since != live.case.stage_since or before.tasks != live.case.tasks or not live.pieces:
            self._plan(live, now)

    def _plan(self, live: Live, now: int) -> None:
        """Put on people's desks what the case now needs, and take away what it needs no more."""
        if live.incoming.did:
            return
        at = instant_of(now)
        wanted = {
            w.slot: w for w in live.player.wanted(live.case, at) if live.refused.get(w.action, 0) < PATIENCE
        }  # fmt: skip
        for slot, piece in list(live.pieces.items()):
            if piece.state in ("later", "waiting") and piece.wanted != wanted.get(slot):
                self.crew.drop(piece)
                del live.pieces[slot]
        for slot, want in wanted.items():
            if slot not in live.pieces:
                self._put(live, want, at, now)

    def _put(self, live: Live, wanted: Wanted, at: datetime, now: int) -> None:
        role, people = live.player.hands(live.case, wanted.action, at)
        ready = max(now, self._available(live, wanted))
        piece = self._piece(live, wanted, role, people, ready, self._pressing(live, wanted))
        live.pieces[wanted.slot] = piece
        if ready > now:
            self._at(ready, READY, (live, wanted.slot, piece))
        else:
            self._offer(piece, now)

    def _available(self, live: Live, wanted: Wanted) -> int:
        """From when on it can be done: shortly before a time that was agreed, or once somebody outside has acted."""
        case = live.case
        if wanted.slot:
            task = case.tasks[wanted.slot]
            agreed = instant(task.takes.get(self._agreed.get(task.task, "")))
            return int(agreed.timestamp()) - BEFORE_AGREED if agreed else 0
        median = self.waits.get(case.stage)
        if not median or case.stage_since is None:
            return 0
        return int(case.stage_since.timestamp() + 2 * median * live.player.key(case.stage, case.round, "wait"))

    def _pressing(self, live: Live, wanted: Wanted) -> int:
        """The instant by which it is due: of its task where it has a clock, else the first of the case."""
        runs = [r for r in live.case.clocks.values() if r.state == "running" and r.due is not None]
        own = [r for r in runs if wanted.slot and r.task == wanted.slot]
        return min((int(r.due.timestamp()) for r in own or runs if r.due), default=self.until)

    def _offer(self, piece: Piece, now: int) -> None:
        if self.crew.offer(piece, now):
            self._begun(piece, now)
            return
        for person in piece.people:
            self._call(person, now)

    def _call(self, person: str, now: int) -> None:
        if person not in self._coming and (back := self.crew.off(person, now)) is not None:
            self._coming.add(person)
            self._at(back, COMES, person)

    def _begun(self, piece: Piece, now: int) -> None:
        end = self.crew.shifts.of(piece.person).finish(now, piece.seconds)
        self._at(self.until + 1 if end is None else end, ENDS, piece)

    def _piece(
        self, live: Live, wanted: Wanted, role: str, people: list[str], ready: int, pressing: int
    ) -> Piece:  # fmt: skip
        mark = live.case.done.get(wanted.action)
        key = f"{self.manner.seed}/{live.case.number}/{wanted.task or (mark.times if mark else 0)}"
        return Piece(live.case.number, wanted, role, people, ready, pressing, self.minutes.seconds(wanted.action, key))
