"""The people at work: each does one thing at a time, what is due first comes first, and the rest waits."""

from heapq import heappop, heappush
from itertools import count

from chalicelib.forecast.ledger import Ledger
from chalicelib.forecast.player import Wanted
from chalicelib.forecast.shifts import Shifts


class Piece:
    """A piece of work on a case: for whom, since when, and how pressing. `state`: later, waiting, begun, or gone."""

    __slots__ = ("case", "people", "person", "pressing", "ready", "role", "seconds", "started", "state", "wanted")

    def __init__(
        self, case: str, wanted: Wanted, role: str, people: list[str], ready: int, pressing: int, seconds: int
    ) -> None:
        self.case, self.wanted, self.role, self.people = case, wanted, role, people
        self.ready, self.pressing, self.seconds = ready, pressing, seconds
        self.person, self.started, self.state = "", 0, "later"


class Crew:
    """Everybody's desk: what lies on it, and what they are at."""

    def __init__(self, shifts: Shifts, ledger: Ledger) -> None:
        self.shifts, self.ledger = shifts, ledger
        self._desks: dict[str, list[tuple[int, int, Piece]]] = {}
        self._busy: set[str] = set()
        self._order = count()

    def offer(self, piece: Piece, now: int) -> str:
        """Whoever begins it at once; empty where it has to wait on the desks of all who may do it."""
        for person in piece.people:
            if person not in self._busy and self.shifts.of(person).at_work(now) and not self._has(person):
                return self._begins(person, piece, now)
        piece.state, entry = "waiting", (piece.pressing, next(self._order), piece)
        for person in piece.people:
            heappush(self._desks.setdefault(person, []), entry)
        self.ledger.waits(piece.role, now)
        return ""

    def off(self, person: str, now: int) -> int | None:
        """When somebody who is free and not at work comes back; None where they are here or busy."""
        shift = self.shifts.of(person)
        return None if person in self._busy or shift.at_work(now) else shift.next(now)

    def next_of(self, person: str, now: int) -> Piece | None:
        """What somebody begins now who may have time: the most pressing piece on their desk."""
        if person in self._busy or not self.shifts.of(person).at_work(now) or not self._has(person):
            return None
        piece = heappop(self._desks[person])[2]
        self.ledger.waits_no_more(piece.role)
        self._begins(person, piece, now)
        return piece

    def has_waiting(self, person: str) -> bool:
        """Whether something lies on their desk."""
        return self._has(person)

    def finishes(self, piece: Piece) -> None:
        """The person has time again."""
        self._busy.discard(piece.person)

    def drop(self, piece: Piece) -> None:
        """Nobody needs it any more."""
        if piece.state == "waiting":
            self.ledger.waits_no_more(piece.role)
        piece.state = "gone"

    def _begins(self, person: str, piece: Piece, now: int) -> str:
        piece.person, piece.started, piece.state = person, now, "begun"
        self._busy.add(person)
        return person

    def _has(self, person: str) -> bool:
        desk = self._desks.get(person)
        while desk and desk[0][2].state != "waiting":
            heappop(desk)
        return bool(desk)
