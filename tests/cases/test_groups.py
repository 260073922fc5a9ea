"""Complaints of one problem: grouped without being merged, one decision carried to each (C-31, C-32)."""

from datetime import UTC, datetime

import pytest

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import BadInput
from chalicelib.desk.history import broken_at, replay
from chalicelib.desk.posting import Content, Customer, Posting
from chalicelib.ports import Due
from chalicelib.settings import Settings
from chalicelib.wiring import World
from infra.seed import organisations
from tests.fakes.store import in_memory

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
COMMON = {"common_time": "2026-03-09T19:00:00+08:00", "common_place": "售楼处二楼"}


class NoQueue:
    """Hands nothing over: what it would lose the sweep finds."""

    def deliver(self, messages: object) -> None:
        """See Queue."""


class Group:
    """Three complaints of the same problem, sent to customer service."""

    def __init__(self) -> None:
        stores = in_memory()
        for organisation in organisations():
            stores.directory.put_organisation(organisation)
        self.drawn = 0
        self.world = World(
            Settings(),
            stores=stores,
            queue=NoQueue(),
            clock=lambda: NOW,
            randbelow=self._draw,
            hasher=lambda value: value,
        )
        self.cases = [self.posted(n) for n in range(3)]

    def _draw(self, _most: int) -> int:
        self.drawn += 1
        return self.drawn

    def posted(self, n: int) -> str:
        """One more, from another customer."""
        posting = Posting(
            org="c-company",
            content=Content(summary="一号楼渗水"),
            customer=Customer(phone=f"1380000000{n}"),
            channel="phone",
        )
        number = self.world.register(posting, key=str(n), source="web").case.number
        self.act(number, "send_form", "c.li", receiving_unit="project_service", scope="other_department")
        return number

    def head(self, number: str) -> Complaint:
        """The case as it stands."""
        found = self.world.stores.cases.load("c-company", number)
        assert found is not None
        return found

    def act(
        self, number: str, action: str, actor: str = "c.wang", joins: str = "", task: str = "", **answers: object
    ) -> Complaint:  # fmt: skip
        """Do an action in the case as it stands."""
        version = self.head(number).version
        about = {"joins": joins, "task": task}
        done = self.world.act.act("c-company", number, action, answers, actor=actor, version=version, **about)
        return done.complaint

    def sweep(self) -> None:
        """Let background work go on."""
        self.world.sweep.run(lambda: 1000.0)


@pytest.mark.rules("C-31")
def test_a_group_holds_all_its_cases_and_each_stays_a_case_of_its_own() -> None:
    group = Group()
    first, second, third = group.cases
    group.act(second, "join_group", joins=first)
    group.act(third, "join_group", joins=second)
    assert {group.head(n).groups["same_problem"] for n in group.cases} == {first}
    assert group.world.stores.cases.members("c-company", "same_problem", first) == sorted(group.cases)
    for number in group.cases:
        events = group.world.stores.cases.history("c-company", number)
        assert broken_at(events) is None
        assert replay(events) == group.head(number)


@pytest.mark.rules("C-32")
def test_one_common_time_reaches_every_complainant_of_the_group_once() -> None:
    group = Group()
    first, second, third = group.cases
    group.act(second, "join_group", joins=first)
    group.act(third, "join_group", joins=first)
    group.act(second, "set_common_time", **COMMON)
    for _ in range(3):
        group.sweep()
    for number in group.cases:
        case = group.head(number)
        assert case.clocks["common_explanation@common_explanation-1"].due == datetime(2026, 3, 9, 11, 0, tzinfo=UTC)
        letters = [m.message.letter for m in group.world.stores.cases.messages("c-company", number)]
        assert letters.count("invitation") == 1
        assert case.done["set_common_time"].by == "c.wang"


@pytest.mark.rules("C-32")
def test_a_decision_carried_twice_is_carried_once_and_a_case_that_moved_on_says_so() -> None:
    group = Group()
    first, second, third = group.cases
    group.act(second, "join_group", joins=first)
    group.act(third, "join_group", joins=first)
    group.act(third, "withdraw", "c.wang", withdrawal_how="phone", withdrawal_why="不投诉了", withdrawal_own_wish="yes")
    decided = group.act(first, "set_common_time", **COMMON)
    job = group.world.stores.jobs.load("c-company", f"spread-{first}@{decided.version}@same_problem")
    assert job is not None
    again = Due(kind="job", org="c-company", id=job.id, due=job.due, shard=0)
    group.world.jobs.run(again, lambda: 1000.0)
    group.world.stores.jobs.put(job)
    group.world.jobs.run(again, lambda: 1000.0)
    assert group.head(second).done["set_common_time"].times == 1
    notes = [e.note for e in group.world.stores.cases.history("c-company", third) if e.note]
    assert notes == [f"set_common_time of {first}@{decided.version} was not carried here: not open at this stage"]


def test_a_case_joins_no_case_that_is_not_there_and_not_itself() -> None:
    group = Group()
    for wrong in ("", "261121-0000000", group.cases[0]):
        with pytest.raises(BadInput):
            group.act(group.cases[0], "join_group", joins=wrong)
    assert group.head(group.cases[0]).groups == {}


@pytest.mark.rules("C-31")
def test_of_the_third_of_a_kind_customer_service_hears_once_however_often_it_is_counted() -> None:
    group = Group()
    for number in group.cases:
        group.act(
            number, "classify", scope="other_department", department="engineering", category="quality", filed="yes",
            complex="no",
        )  # fmt: skip
    third = group.head(group.cases[2])
    job = group.world.stores.jobs.load("c-company", f"watch-{third.number}@{third.version}@concentrated@quality")
    assert job is not None
    for _ in range(2):
        group.world.stores.jobs.put(job)
        group.world.jobs.run(Due(kind="job", org="c-company", id=job.id, due=job.due, shard=0), lambda: 1000.0)
    letters = [m.message.letter for m in group.world.stores.cases.messages("c-company", third.number)]
    assert letters.count("recurring") == 1
    notes = [e.note for e in group.world.stores.cases.history("c-company", third.number) if e.note]
    assert notes == [f"concentrated: {', '.join(sorted(group.cases[:2]))}"]


def open_tasks(group: Group, number: str) -> list[str]:
    return [task.task for task in group.head(number).tasks.values() if task.finished is None]


def classified(group: Group, number: str) -> None:
    group.act(
        number, "classify", scope="other_department", department="engineering", category="quality", filed="yes",
        complex="no",
    )  # fmt: skip
    group.sweep()


@pytest.mark.rules("C-31")
def test_what_many_report_is_put_to_customer_service_once_until_it_is_settled() -> None:
    group = Group()
    for number in group.cases:
        classified(group, number)
    assert [open_tasks(group, number) for number in group.cases] == [[], [], ["concentrated"]]
    assert group.head(group.cases[2]).tasks["concentrated-1"].takes == {"category": "quality"}
    fourth = group.posted(3)
    classified(group, fourth)
    assert open_tasks(group, fourth) == []  # customer service hears of it, but has it before them already
    letters = [m.message.letter for m in group.world.stores.cases.messages("c-company", fourth)]
    assert letters.count("recurring") == 1
    found = {"concentrated_how": "separate", "concentrated_why": "三处渗水原因不同"}
    group.act(group.cases[2], "settle_concentrated", task="concentrated-1", **found)
    fifth = group.posted(4)
    classified(group, fifth)
    assert open_tasks(group, fifth) == ["concentrated"]
