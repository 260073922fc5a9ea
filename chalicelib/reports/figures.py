"""Figures of a report, counted from its cases. Pure: the same cases at the same desk give the same figures.

Each figure carries the numbers of the cases that it counts, so that whoever has the lines can count again. Ids stand
beside titles in every language: a report that was issued reads the same whatever becomes of the procedure.
"""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from typing import Any

from chalicelib.desk.calendar import local_date
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.facts import is_given, is_unknown
from chalicelib.desk.procedure import Clock, Field, Words
from chalicelib.desk.rulebook import Desk
from chalicelib.reports.counted import (
    ClockFigures,
    Count,
    Figures,
    Group,
    Recurring,
    Satisfaction,
    Share,
)  # fmt: skip
from chalicelib.reports.spans import days_in, month_named, week_named
from chalicelib.reports.tallies import sums_of
from chalicelib.reports.words import words_of

NOT_ANSWERED = ""
"""The id of the group of cases in which a field was not answered, or answered "unknown"."""

SATISFIED = ("yes", "satisfied")
"""The answers of the field that means satisfied which say so; every other real answer says the opposite."""


def figures(desk: Desk, cases: Iterable[Complaint], first: date, last: date, by: Iterable[str] = (),
            tables: Iterable[str] = ()) -> Figures:  # fmt: skip
    """Count cases of a period, both days inclusive; `by`: fields to break them down by, `tables`: those summed up."""
    return _Counting(desk, list(cases), first, last).all(list(by), list(tables))


def is_late(case: Complaint) -> bool:
    """Whether a limit was ever missed: closing does not take that back."""
    return bool(case.lateness)


class _Counting:
    def __init__(self, desk: Desk, cases: list[Complaint], first: date, last: date) -> None:
        self.desk, self.cases, self.first, self.last = desk, cases, first, last
        self.fields = desk.procedure.fields
        self.means = {entry.means: name for name, entry in self.fields.items() if entry.means}

    def all(self, by: list[str], tables: list[str]) -> Figures:
        """Every figure."""
        received = [case for case in self.cases if self._inside(case.received_at)]
        closed = [case for case in self.cases if case.finished and self._inside(case.closed_at)]
        clocks = self._clocks()
        return Figures(
            cases=_numbers(self.cases),
            received=_numbers(received),
            closed=_numbers(closed),
            open=_numbers(case for case in self.cases if not case.finished),
            late=_share([case for case in self.cases if is_late(case)], self.cases),
            satisfaction=self._satisfaction(),
            groups=[*self._of_fields(by), *self._of_case(), *self._of_time(received)],
            clocks=clocks,
            stages=self._stages(clocks),
            repeats=self._repeats(),
            recurring=self._recurring(),
            tables=[sums_of(self.desk, name, self.cases) for name in tables],
        )

    def _inside(self, at: Any) -> bool:
        return at is not None and self.first <= local_date(self.desk.calendar, at) <= self.last

    # groups

    def _of_case(self) -> list[Group]:
        stages, channels = self.desk.procedure.stages, self.desk.procedure.channels

        def stage(id: str) -> Words:
            return stages[id].title if id in stages else {}

        def channel(id: str) -> Words:
            return (channels[id].title if id in channels else {}) or words_of("channel", id)

        return [
            self._group("status", lambda case: [case.status], lambda id: words_of("status", id)),
            self._group("stage", lambda case: [case.stage], stage, order=list(stages)),
            self._group("channel", lambda case: [case.channel], channel),
            self._group("kind", lambda case: [case.kind], lambda id: words_of("kind", id)),
            self._group("round", lambda case: [str(case.round)], lambda id: {"zh-Hans": id}),
        ]

    def _of_time(self, received: list[Complaint]) -> list[Group]:
        """What came in by day, week and month of the period; days without any are there too."""

        def day(case: Complaint) -> date:
            return local_date(self.desk.calendar, case.received_at)

        days = days_in(self.first, self.last)
        ways: list[tuple[str, Callable[[date], str]]] = [
            ("day", date.isoformat),
            ("week", week_named),
            ("month", month_named),
        ]
        found = []
        for name, named in ways:
            order = list(dict.fromkeys(map(named, days)))

            def of(case: Complaint, named: Callable[[date], str] = named) -> list[str]:
                return [named(day(case))]

            found.append(self._group(name, of, lambda id: {"zh-Hans": id}, order, received, empty=True))
        return found

    def _of_fields(self, by: list[str]) -> list[Group]:
        meant = [self.means[name] for name in ("category", "cause") if name in self.means]
        return [self._of_field(name) for name in dict.fromkeys([*meant, *by]) if name in self.fields]

    def _of_field(self, name: str) -> Group:
        entry = self.fields[name]

        def title(id: str) -> Words:
            return self._title(entry, id)

        def late_on(case: Complaint, id: str) -> bool:
            """Of a person (or whatever else) that tasks take: whether one of their own tasks was late."""
            takes = {key: task.takes[name] for key, task in case.tasks.items() if name in task.takes}
            if not takes:
                return is_late(case)
            return any(id in _list(takes[late.task]) for late in case.lateness if late.task in takes)

        return self._group(
            name, lambda case: self._answers(case, name), title, list(entry.choices), title_of=entry.title,
            late_on=late_on,
        )  # fmt: skip

    def _answers(self, case: Complaint, name: str) -> list[str]:
        """What a case holds in a field, and what its tasks took of it; one empty answer where it holds nothing."""
        values = [case.values.get(name), *(task.takes.get(name) for task in case.tasks.values())]
        found = dict.fromkeys(str(one) for value in values if is_given(value) for one in _list(value))
        return list(found) or [NOT_ANSWERED]

    def _title(self, entry: Field, id: str) -> Words:
        organisation = self.desk.organisation
        if id == NOT_ANSWERED:
            return words_of("figure", "not_answered")
        match entry.type:
            case "choice" | "choices":
                return entry.choices.get(id, {"zh-Hans": id})
            case "yes_no" | "tick":
                return words_of("figure", "yes" if id in ("yes", "True") else "no")
            case "person" | "people" | "signatures" if id in organisation.staff:
                return {"zh-Hans": organisation.staff[id].name}
            case "department" if id in organisation.departments:
                return organisation.departments[id].name
        return {"zh-Hans": id}

    def _group(
        self, id: str, answers: Callable[[Complaint], list[str]], title: Callable[[str], Words],
        order: list[str] | None = None, cases: list[Complaint] | None = None, *, empty: bool = False,
        title_of: Words | None = None, late_on: Callable[[Complaint, str], bool] = lambda case, _: is_late(case),
    ) -> Group:  # fmt: skip
        held: dict[str, list[Complaint]] = {one: [] for one in order or []}
        several = False
        for case in self.cases if cases is None else cases:
            ids = answers(case)
            several |= len(ids) > 1
            for one in ids:
                held.setdefault(one, []).append(case)
        counts = [
            Count(
                id=one, title=title(one), count=len(its), cases=_numbers(its),
                late=_numbers(case for case in its if late_on(case, one)),
                satisfied=_numbers(case for case in its if self._said(case) == "satisfied"),
                dissatisfied=_numbers(case for case in its if self._said(case) == "dissatisfied"),
            )
            for one, its in held.items() if its or empty
        ]  # fmt: skip
        ordered = counts if order else sorted(counts, key=lambda c: (c.id == NOT_ANSWERED, -c.count, c.id))
        return Group(id=id, title=title_of or words_of("figure", id), counts=ordered, several=several)

    # satisfaction

    def _said(self, case: Complaint) -> str:
        """What the customer said in the end: `satisfied`, `dissatisfied`, `no_answer`; empty where not asked yet."""
        value = case.values.get(self.means.get("satisfied", ""))
        if is_unknown(value):
            return "no_answer"
        if not is_given(value):
            return ""
        return "satisfied" if value in SATISFIED else "dissatisfied"

    def _satisfaction(self) -> Satisfaction:
        said = {case.number: self._said(case) for case in self.cases}
        ways = {way: [case for case in self.cases if said[case.number] == way] for way in set(said.values())}
        satisfied, dissatisfied = ways.get("satisfied", []), ways.get("dissatisfied", [])
        return Satisfaction(
            asked=_numbers(case for case in self.cases if said[case.number]),
            satisfied=_numbers(satisfied),
            dissatisfied=_numbers(dissatisfied),
            no_answer=_numbers(ways.get("no_answer", [])),
            share=_share(satisfied, satisfied + dissatisfied),
        )

    # clocks

    def _clocks(self) -> list[ClockFigures]:
        procedure = self.desk.procedure
        found = (self._clock(id, clock) for id, clock in procedure.clocks.items() if clock.counts)
        return [figure for figure in found if figure.runs]

    def _clock(self, id: str, clock: Clock) -> ClockFigures:
        """A head keeps the last run of each clock and every missed limit; earlier runs not missed were in time."""
        runs = late = running = unlimited = 0
        its, late_cases = [], []
        for case in self.cases:
            kept = [run for run in case.clocks.values() if run.clock == id]
            missed = [entry for entry in case.lateness if entry.clock == id]
            if not kept:
                continue
            its.append(case)
            runs += sum(run.run for run in kept)
            late += len(missed)
            running += sum(run.state != "stopped" and run.late_at is None for run in kept)
            unlimited += sum(run.state == "stopped" and run.due is None for run in kept)
            late_cases += [case] if missed else []
        return ClockFigures(
            id=id, title=clock.title, stage=_stage_of(clock), runs=runs,
            in_time=runs - late - running - unlimited, late=late, running=running, unlimited=unlimited,
            cases=_numbers(its), late_cases=_numbers(late_cases),
        )  # fmt: skip

    def _stages(self, clocks: list[ClockFigures]) -> list[ClockFigures]:
        """The clocks of each stage together; a clock that no stage begins or ends stands under none."""
        stages, found = self.desk.procedure.stages, []
        for id in [*stages, ""]:
            its = [clock for clock in clocks if clock.stage == id]
            if its:
                title = stages[id].title if id else words_of("figure", "no_stage")
                found.append(_together(id, title, its))
        return found

    # what comes again

    def _repeats(self) -> list[list[str]]:
        """Cases of one customer, who may be known by several keys. Confidential and anonymous ones are left out: a
        case beside another of the same customer would say who that is.
        """
        open_ones = [case for case in self.cases if not case.confidential and not case.anonymous]
        root = {case.number: case.number for case in open_ones}

        def top(number: str) -> str:
            while root[number] != number:
                number = root[number]
            return number

        of_key: dict[str, list[str]] = {}
        for case in open_ones:
            for key in case.customer_keys:
                of_key.setdefault(key, []).append(case.number)
        for numbers in of_key.values():
            for one, other in pairwise(numbers):
                root[top(other)] = top(one)
        together: dict[str, list[str]] = {}
        for number in root:
            together.setdefault(top(number), []).append(number)
        return sorted((found for found in together.values() if len(found) > 1), key=lambda found: -len(found))

    def _recurring(self) -> list[Recurring]:
        category, cause = self.means.get("category", ""), self.means.get("cause", "")
        held: dict[tuple[str, str], list[Complaint]] = {}
        for case in self.cases:
            for one in self._answers(case, category):
                for other in self._answers(case, cause):
                    if (one or not category) and (other or not cause) and (one or other):
                        held.setdefault((one, other), []).append(case)
        found = [
            Recurring(
                category=one, category_title=self._title(self.fields[category], one) if category else {},
                cause=other, cause_title=self._title(self.fields[cause], other) if cause else {},
                count=len(its), cases=_numbers(its),
            )
            for (one, other), its in held.items() if len(its) > 1
        ]  # fmt: skip
        return sorted(found, key=lambda one: (-one.count, one.category, one.cause))


def _together(id: str, title: Words, its: list[ClockFigures]) -> ClockFigures:
    def total(name: str) -> int:
        return sum(getattr(one, name) for one in its)

    return ClockFigures(
        id=id, title=title, stage=id, runs=total("runs"), in_time=total("in_time"), late=total("late"),
        running=total("running"), unlimited=total("unlimited"),
        cases=list(dict.fromkeys(number for one in its for number in one.cases)),
        late_cases=list(dict.fromkeys(number for one in its for number in one.late_cases)),
    )  # fmt: skip


def _stage_of(clock: Clock) -> str:
    """The stage that a clock measures: the one whose beginning starts it, or else whose end stops it."""
    begun = (signal.name for signal in clock.starts if signal.kind == "entered")
    ended = (signal.name for signal in clock.stops if signal.kind == "left")
    return next(begun, None) or next(ended, "")


def _share(some: list[Complaint], of: list[Complaint]) -> Share:
    share = round(len(some) / len(of), 4) if of else None
    return Share(numerator=len(some), denominator=len(of), share=share, cases=_numbers(some))


def _numbers(cases: Iterable[Complaint]) -> list[str]:
    return [case.number for case in cases]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
