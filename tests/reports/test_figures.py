"""Figures, held to a recount that goes through the cases one by one and knows nothing of how figures are made."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.desk.calendar import Calendar
from chalicelib.desk.complaint import ClockRun, Complaint, Lateness, TaskRun
from chalicelib.desk.people import Organisation, Person, Site
from chalicelib.desk.procedure import Clock, Field, Procedure, Signal, Stage
from chalicelib.desk.rulebook import Desk, Rulebook
from chalicelib.reports.counted import Figures, Group
from chalicelib.reports.figures import figures

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
START = datetime(2026, 10, 31, 16, tzinfo=UTC)  # 1 November in Shanghai
HOUR = timedelta(hours=1)

PROCEDURE = Procedure(
    id="x", version=1, title={"en": "X"},
    stages={
        "new": Stage(title={"en": "New"}, status="received"),
        "work": Stage(title={"en": "Work"}, status="handling"),
        "done": Stage(title={"en": "Done"}, status="closed"),
    },
    fields={
        "nature": Field(title={"en": "Nature"}, type="choice", choices={"noise": {"en": "Noise"}, "dirt": {}},
                        means="category"),
        "why": Field(title={"en": "Why"}, type="choices", choices={"rush": {}, "skill": {}}, means="cause"),
        "happy": Field(title={"en": "Happy"}, type="yes_no", means="satisfied"),
        "visitor": Field(title={"en": "Visitor"}, type="person"),
        "measures": Field(title={"en": "Measures"}, type="table", columns={"person": {}, "measure": {}, "amount": {}}),
    },
    clocks={
        "answer": Clock(title={"en": "Answer"}, starts=[Signal(kind="entered", name="work")]),
        "visit": Clock(title={"en": "Visit"}, each="visit"),
        "mark": Clock(title={"en": "Mark"}, counts=False),
    },
)  # fmt: skip
STAFF = {id: Person(id=id, name=name) for id, name in {"a": "安", "b": "白"}.items()}
DESK = Desk(
    organisation=Organisation(id="o", name={}, staff=STAFF), site=Site(id="s", name={}, procedure="x"),
    calendar=Calendar(zone="Asia/Shanghai"), rulebook=Rulebook(PROCEDURE),
)  # fmt: skip

instants = st.integers(-200, 900).map(lambda n: START + n * HOUR)


@st.composite
def runs(draw: st.DrawFn, clock: str, key: str, task: str = "") -> tuple[ClockRun, list[Lateness]]:
    """A clock's last run, and the limits that it missed, in that run or in those before."""
    number, missed_last = draw(st.integers(1, 3)), draw(st.booleans())
    due = draw(st.none() | instants) if not missed_last else draw(instants)
    earlier = draw(st.sets(st.integers(1, number - 1))) if number > 1 else set()
    late = [Lateness(clock=clock, run=n, due=START, round=1, task=task) for n in sorted(earlier)]
    if missed_last:
        late.append(Lateness(clock=clock, run=number, due=due or START, round=1, task=task))
    run = ClockRun(
        clock=clock, run=number, started=START, due=due, late_at=due if missed_last else None, task=task,
        state=draw(st.sampled_from(["running", "paused", "stopped"])),
    )  # fmt: skip
    return run, late


@st.composite
def cases(draw: st.DrawFn) -> list[Complaint]:
    """Any cases whatever."""
    return [draw(a_case(str(n))) for n in range(draw(st.integers(0, 8)))]


@st.composite
def a_case(draw: st.DrawFn, number: str) -> Complaint:
    stage = draw(st.sampled_from(list(PROCEDURE.stages)))
    values: dict[str, Any] = {}
    for name, answers in {
        "nature": ["noise", "dirt", {"unknown": "?"}], "why": [["rush"], ["rush", "skill"], []],
        "happy": ["yes", "no", {"unknown": "?"}], "visitor": ["a", "b"],
    }.items():  # fmt: skip
        if draw(st.booleans()):
            values[name] = draw(st.sampled_from(answers))
    clocks, lateness, tasks = {}, [], {}
    for clock, key, task in (("answer", "answer", ""), ("visit", "visit@visit-1", "visit-1"), ("mark", "mark", "")):
        if draw(st.booleans()):
            clocks[key], late = draw(runs(clock, key, task))
            lateness += late if clock != "mark" else []
            if task:
                tasks[task] = TaskRun(task="visit", opened=START, takes={"visitor": draw(st.sampled_from("ab"))})
    return Complaint(
        org="o", site="s", number=number, procedure="x", procedure_version=1,
        channel=draw(st.sampled_from(["phone", "web"])), kind="complaint", language="en",
        received_at=draw(instants), registered_at=START, stage=stage, status=PROCEDURE.stages[stage].status,
        closed_at=draw(instants) if stage == "done" else None, round=draw(st.integers(1, 3)), values=values,
        clocks=clocks, lateness=lateness, tasks=tasks, confidential=draw(st.booleans()),
        customer_keys=draw(st.lists(st.sampled_from(["phone:1", "room:1", "plate:1"]), unique=True)),
    )  # fmt: skip


def counted(of: list[Complaint]) -> Figures:
    return figures(DESK, of, FIRST, LAST, by=["visitor"], tables=["measures"])


def group(found: Figures, id: str) -> Group:
    return next(group for group in found.groups if group.id == id)


def inside(at: datetime | None) -> bool:
    """Within November in Shanghai, which is eight hours before Greenwich all year."""
    return at is not None and (at + timedelta(hours=8)).strftime("%Y-%m") == "2026-11"


def tally(found: Group) -> dict[str, list[str]]:
    return {count.id: count.cases for count in found.counts if count.count}


@settings(max_examples=50, deadline=None)
@given(cases())
def test_received_closed_open_and_late_are_what_a_recount_finds(of: list[Complaint]) -> None:
    found = counted(of)
    assert found.received == [c.number for c in of if inside(c.received_at)]
    assert found.closed == [c.number for c in of if c.stage == "done" and inside(c.closed_at)]
    assert found.open == [c.number for c in of if c.stage != "done"]
    late = [c.number for c in of if len(c.lateness) > 0]
    assert (found.late.cases, found.late.numerator, found.late.denominator) == (late, len(late), len(of))
    assert found.late.share == (round(len(late) / len(of), 4) if of else None)


@settings(max_examples=50, deadline=None)
@given(cases())
def test_every_breakdown_counts_each_case_it_should_and_no_other(of: list[Complaint]) -> None:
    found = counted(of)
    held: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for case in of:
        held["status"][case.status].append(case.number)
        held["stage"][case.stage].append(case.number)
        held["channel"][case.channel].append(case.number)
        held["round"][f"{case.round}"].append(case.number)
        nature = case.values.get("nature", "")
        held["nature"]["" if isinstance(nature, dict) else nature].append(case.number)
        for why in case.values.get("why") or [""]:
            held["why"][why].append(case.number)
        named = {case.values.get("visitor", "")} | {t.takes["visitor"] for t in case.tasks.values()}
        for visitor in named - {""} or {""}:
            held["visitor"][visitor].append(case.number)
        if inside(case.received_at):
            held["day"][f"{case.received_at + timedelta(hours=8):%Y-%m-%d}"].append(case.number)
            held["month"]["2026-11"].append(case.number)
    for name in ("status", "stage", "channel", "round", "nature", "why", "visitor", "day", "month"):
        assert tally(group(found, name)) == held[name], name
    for one in found.groups:
        assert all(count.count == len(count.cases) == len(set(count.cases)) for count in one.counts)
        of_time = one.id in ("day", "week", "month")
        if not one.several:
            assert sum(count.count for count in one.counts) == (len(found.received) if of_time else len(of))


@settings(max_examples=50, deadline=None)
@given(cases())
def test_each_run_of_a_clock_is_in_time_late_running_or_without_a_limit(of: list[Complaint]) -> None:
    found = {clock.id: clock for clock in counted(of).clocks}
    for id in ("answer", "visit"):
        recount: Counter[str] = Counter()
        for case in of:
            for run in case.clocks.values():
                if run.clock != id:
                    continue
                missed = {late.run for late in case.lateness if late.clock == id}
                for n in range(1, run.run + 1):
                    if n in missed:
                        recount["late"] += 1
                    elif n < run.run:
                        recount["in_time"] += 1
                    elif run.state != "stopped":
                        recount["running"] += 1
                    else:
                        recount["in_time" if run.due else "unlimited"] += 1
        clock = found.get(id)
        figures_ = {n: getattr(clock, n) for n in ("late", "in_time", "running", "unlimited")} if clock else {}
        assert {name: n for name, n in figures_.items() if n} == dict(recount)
        assert clock is None or clock.runs == sum(figures_.values())
    assert "mark" not in found, "what only marks a fact has no limit to keep"
    stages = {stage.id: stage.runs for stage in counted(of).stages}
    assert stages.get("work", 0) == (found["answer"].runs if "answer" in found else 0)


@settings(max_examples=50, deadline=None)
@given(cases())
def test_satisfaction_is_of_those_who_answered(of: list[Complaint]) -> None:
    found = counted(of).satisfaction
    said = {case.number: case.values["happy"] for case in of if "happy" in case.values}
    yes, no = [n for n, v in said.items() if v == "yes"], [n for n, v in said.items() if v == "no"]
    assert (found.asked, found.satisfied, found.dissatisfied) == (list(said), yes, no)
    assert len(found.no_answer) == len(said) - len(yes) - len(no)
    assert found.share.share == (round(len(yes) / len(yes + no), 4) if yes + no else None)


@settings(max_examples=50, deadline=None)
@given(cases())
def test_repeat_complainants_share_a_key_in_one_or_more_steps(of: list[Complaint]) -> None:
    together = {case.number: {case.number} for case in of if not case.confidential}
    keys = {case.number: set(case.customer_keys) for case in of}
    for _ in of:
        for one, other in product(together, together):
            if any(keys[a] & keys[b] for a in together[one] for b in together[other]):
                together[one] |= together[other]
    expected = {frozenset(found) for found in together.values() if len(found) > 1}
    assert {frozenset(found) for found in counted(of).repeats} == expected


@settings(max_examples=50, deadline=None)
@given(cases())
def test_recurring_is_the_same_category_and_cause_twice(of: list[Complaint]) -> None:
    pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for case in of:
        nature = case.values.get("nature")
        for why in case.values.get("why") or []:
            if isinstance(nature, str):
                pairs[nature, why].append(case.number)
    expected = {pair: its for pair, its in pairs.items() if len(its) > 1}
    assert {(one.category, one.cause): one.cases for one in counted(of).recurring} == expected


@pytest.mark.rules("P-41")
@settings(max_examples=50, deadline=None)
@given(cases())
def test_a_person_is_late_where_a_task_of_their_own_was(of: list[Complaint]) -> None:
    late: dict[str, list[str]] = defaultdict(list)
    for case in of:
        for who in {case.values.get("visitor", "")} | {t.takes["visitor"] for t in case.tasks.values()}:
            own = {key for key, task in case.tasks.items() if task.takes["visitor"] == who}
            if any(entry.task in own for entry in case.lateness) or (not case.tasks and case.lateness and who):
                late[who].append(case.number)
    found = {count.id: count.late for count in group(counted(of), "visitor").counts if count.late and count.id}
    assert found == late


@pytest.mark.rules("W-99")
def test_rewards_and_penalties_add_up_by_person_and_what_is_no_number_is_said() -> None:
    def case(number: str, *rows: tuple[str, str, str]) -> Complaint:
        table = [dict(zip(("person", "measure", "amount"), row, strict=True)) for row in rows]
        return Complaint(
            org="o", site="s", number=number, procedure="x", procedure_version=1, channel="web", kind="complaint",
            language="en", received_at=START, registered_at=START, stage="new", values={"measures": table},
        )  # fmt: skip

    of = [
        case("1", ("a", "罚款", "200元"), ("白", "奖励", "1,000.50")),
        case("2", ("安", "罚款", "-50"), ("a", "检讨", ""), ("a", "扣奖金", "半月")),
    ]
    [sums] = counted(of).tables
    told = {one.name: (one.sum, one.not_counted, one.cases) for one in sums.people}
    assert told == {"安": ("150", 1, ["1", "2"]), "白": ("1000.50", 0, ["1"])}
    assert [(row.what, row.amount) for row in sums.people[0].rows] == [
        ("罚款", "200元"), ("罚款", "-50"), ("检讨", ""), ("扣奖金", "半月"),
    ]  # fmt: skip


def test_of_nothing_there_is_no_share_and_no_figure_but_nought() -> None:
    found = counted([])
    assert (found.late.share, found.satisfaction.share.share) == (None, None)
    assert (found.cases, found.clocks, found.repeats, found.recurring) == ([], [], [], [])
    assert sum(count.count for one in found.groups for count in one.counts) == 0
