"""Walk every way a case can take, as far as some clocks are concerned.

A state is the stage, which of the watched clocks run, and what is known of the answers and actions that their
conditions read: for each, the set of values it may have. A condition splits a state into those where it holds
and those where it does not; a condition about anything else may go either way. So the walk is finite, it takes
every way that a real case can take, and a condition on a clock agrees with the same condition on a way.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chalicelib.desk.conditions import All, Condition
from chalicelib.desk.procedure import Action, Clock, Procedure, Signal, Way
from chalicelib.procedures.check.graph import NEW, stages_at, ways_of
from chalicelib.procedures.check.knowledge import Facts, Knowledge

MOST_STATES = 40_000

Events = list[tuple[str, str]]
"""Signals in order: (kind, name)."""


class State(NamedTuple):
    """A stage, the watched clocks that run (or pause) there, and what is known."""

    stage: str
    running: frozenset[str]
    facts: Facts


class TooManyStates(Exception):
    """The conditions on these clocks are too entangled to be walked through."""


class Walk:
    """All states that can be reached; `came` tells from which state and by what each was first entered."""

    def __init__(self, procedure: Procedure, clocks: Iterable[str]) -> None:
        self.procedure = procedure
        self.clocks = {name: procedure.clocks[name] for name in _with_their_causes(procedure, clocks)}
        self.heard: set[tuple[str, str]] = {
            (signal.kind, signal.name) for clock in self.clocks.values() for signal in clock.starts + clock.stops
        }
        self.opens = _opened_by(procedure, self.heard)
        self.heard |= set(self.opens)
        conditions = [
            part for c in self.clocks.values() for part in (c.only_when, *(s.when for s in c.starts + c.stops))
        ]
        conditions += [when for opened in self.opens.values() for _, when in opened]
        self.knows = Knowledge(procedure, conditions)
        self.actions: dict[str, list[str]] = defaultdict(list)
        for name, action in procedure.actions.items():
            for stage in stages_at(procedure, action.at) if self._matters(name, action) else ():
                self.actions[stage].append(name)
        self.came: dict[State, tuple[State | None, str]] = {}
        self.entered: dict[tuple[str, State], None] = {}  # every stage from which a state was entered
        self.settled: set[State] = set()  # states in which no automatic move is bound to follow at once
        self._walk()

    def way_to(self, state: State) -> str:
        """How a case comes into this state, in words."""
        words = []
        at: State | None = state
        while at is not None:
            at, by = self.came[at]
            words.append(by)
        return ", ".join(reversed([word for word in words if word]))

    def _walk(self) -> None:
        first = State(NEW, frozenset(), self.knows.at_first())
        self.came[first] = (None, "")
        ahead = [first]
        while ahead:
            state = ahead.pop()
            for after, by in self._onward(state):
                self.entered[state.stage, after] = None
                if after not in self.came:
                    self.came[after] = (state, by)
                    ahead.append(after)
            if len(self.came) > MOST_STATES:
                raise TooManyStates

    def _onward(self, state: State) -> Iterator[tuple[State, str]]:
        if state.stage in self.procedure.stages:
            moves = self.procedure.stages[state.stage].moves
            for way, facts in self._ways([*moves, Way()], state.facts):
                if way.to is None:
                    yield from self._settle(state, state._replace(facts=facts))
                else:
                    for after in self._take(state._replace(facts=facts), way):
                        yield after, f'moves to "{way.to}"'
        else:
            yield from self._settle(state, state)

    def _settle(self, before: State, state: State) -> Iterator[tuple[State, str]]:
        """What can happen where no automatic move fits: any action, and lateness of a clock that runs."""
        self.settled.add(state)
        if state not in self.came:
            self.came[state] = (before, "")
        stage = self.procedure.stages.get(state.stage)
        if stage is not None and stage.in_charge is None:
            state = state._replace(running=frozenset())
        for name in self.actions.get(state.stage, ()):
            for after in self._do(name, self.procedure.actions[name], state):
                yield after, f'"{name}"'
        yield from self._by_itself(state)

    def _by_itself(self, state: State) -> Iterator[tuple[State, str]]:
        """A clock that runs is late, a task lapses, a watch opens one."""
        late = {("late", name): f'"{name}" is late' for name in state.running}
        lapsed = {("finished", name): f'"{name}" is late' for name, task in self.procedure.tasks.items() if task.lapses}
        put = {("opened", w.opens): f'a watch opens "{w.opens}"' for w in self.procedure.watches.values()}
        for event, said in {**late, **lapsed, **put}.items():
            if event in self.heard:
                for after in self._hear(state, [event]):
                    yield after, said

    def _matters(self, name: str, action: Action) -> bool:
        """An action that neither moves the case nor touches a watched clock or answer can be left out."""
        fields = [*self._asked(action), *action.put]
        touched = {("done", name), ("ever_done", name), *(("field", field) for field in fields)}
        heard = {("done", name), ("finished", action.finishes or ""), *(("set", field) for field in fields)}
        heard |= {("opened", opening.task) for opening in action.opens}
        return bool(action.goes or touched & set(self.knows.domains) or heard & self.heard)

    def _do(self, name: str, action: Action, state: State) -> Iterator[State]:
        """Answers, needs, done, set, finished, opened, the way out: in the order of the engine."""
        allowed = [self.knows.answered(state.facts, self._asked(action))]
        for need in action.needs:
            asked = [branch for before in allowed for branch in self.knows.split(need.when, before)]
            tried = [branch for wanted, before in asked if wanted for branch in self.knows.split(need.that, before)]
            met = [kept for holds, kept in tried if holds]
            allowed = list(dict.fromkeys(met + [kept for wanted, kept in asked if not wanted]))
        for facts in allowed:
            known = self.knows.know(facts, ("done", name), {True})
            known = self.knows.know(known, ("ever_done", name), {True})
            said = self._hear(state._replace(facts=known), [("done", name), *self._set(action)])
            said = [after._replace(facts=self.knows.put(after.facts, action.put)) for after in said]
            said = self._hear_each(said, [("set", field) for field in action.put])
            if action.finishes:
                said = self._hear_each(said, [("finished", action.finishes)])
            for opening in action.opens:
                said = [after for before in said for after in self._open(before, opening.task, opening.when)]
            for before in said:
                for way, after in self._ways(ways_of(action), before.facts):
                    yield from self._take(before._replace(facts=after), way)

    def _asked(self, action: Action) -> dict[str, bool]:
        """The fields an action may set by its form, and whether it surely does."""
        earlier = self.procedure.actions.get(action.completes or "")
        asked = dict.fromkeys([*action.may_ask, *action.asks, *(earlier.asks if earlier else [])], False)
        asked |= {name: self.procedure.fields[name].when is None for name in action.always_asks}
        return asked

    def _set(self, action: Action) -> Events:
        return [("set" if sure else "maybe set", name) for name, sure in self._asked(action).items()]

    def _open(self, state: State, task: str, when: Condition | None) -> Iterator[State]:
        if ("opened", task) not in self.heard:
            yield state
            return
        for holds, facts in self.knows.split(when, state.facts):
            told = state._replace(facts=facts)
            yield from self._hear(told, [("opened", task)]) if holds else [told]

    def _take(self, state: State, way: Way) -> Iterator[State]:
        """The case goes where the way leads; clocks hear it leave and enter."""
        state = state._replace(facts=self.knows.put(state.facts, way.put))
        for said in self._hear(state, [("set", field) for field in way.put]):
            facts = self.knows.new_round(said.facts) if way.again else said.facts
            if way.to is None:
                yield said._replace(facts=facts)
                continue
            for left in self._hear(said._replace(facts=facts), [("left", said.stage)]):
                there = State(way.to, left.running, self.knows.know(left.facts, ("stage", ""), {way.to}))
                yield from self._hear(there, [("entered", way.to)])

    def _hear(self, state: State, events: Events) -> list[State]:
        """The states after these signals: each clock stops, then starts, where its conditions hold."""
        states = [state]
        for kind, name in events:
            event = (kind.removeprefix("maybe "), name)
            if event in self.heard:
                heard = [after for before in states for after in self._stop_and_start(before, event)]
                for task, when in self.opens.get(event, ()):
                    heard = [after for before in heard for after in self._open(before, task, when)]
                states = list(dict.fromkeys(heard + states if kind.startswith("maybe ") else heard))
        return states

    def _hear_each(self, states: Iterable[State], events: Events) -> list[State]:
        return [after for before in states for after in self._hear(before, events)]

    def _stop_and_start(self, state: State, event: tuple[str, str]) -> Iterator[State]:
        states = [state]
        for name, clock in self.clocks.items():
            for signals, on in ((clock.stops, False), (clock.starts, True)):
                for signal in signals:
                    if (signal.kind, signal.name) == event:
                        states = [after for before in states for after in self._turn(before, name, clock, signal, on)]
        yield from dict.fromkeys(states)

    def _turn(self, state: State, name: str, clock: Clock, signal: Signal, on: bool) -> Iterator[State]:
        only_when = clock.only_when if on else None
        both = All([part for part in (signal.when, only_when) if part is not None])
        for holds, facts in self.knows.split(both, state.facts):
            running = state.running | {name} if on else state.running - {name}
            yield State(state.stage, running if holds else state.running, facts)

    def _ways(self, ways: Iterable[Way], facts: Facts) -> Iterator[tuple[Way, Facts]]:
        """Each way that may be the first to fit, with what is known if it is."""
        left = [facts]
        for way in ways:
            branches = [branch for before in left for branch in self.knows.split(way.when, before)]
            for holds, after in branches:
                if holds:
                    yield way, after
            left = [after for holds, after in branches if not holds]


def _opened_by(
    procedure: Procedure, heard: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], list[tuple[str, Condition | None]]]:
    """The signals that open a task of which, or of what it opens in turn, is heard: with the task, and when."""
    found: dict[tuple[str, str], list[tuple[str, Condition | None]]] = defaultdict(list)
    ahead = [name for kind, name in heard if kind == "opened"]
    for task in ahead:
        for signal in procedure.tasks[task].opened_by if task in procedure.tasks else ():
            found[signal.kind, signal.name].append((task, signal.when))
            if signal.kind == "opened" and signal.name not in ahead:
                ahead.append(signal.name)
    return dict(found)


def _with_their_causes(procedure: Procedure, names: Iterable[str]) -> list[str]:
    """These clocks and those whose lateness starts or stops them, or opens a task that does."""
    found = list(names)
    for name in found:
        clock = procedure.clocks[name]
        signals = clock.starts + clock.stops
        opened = _opened_by(procedure, [(signal.kind, signal.name) for signal in signals])
        late = [signal.name for signal in signals if signal.kind == "late"]
        late += [other for kind, other in opened if kind == "late"]
        found += [other for other in late if other in procedure.clocks and other not in found]
    return found
