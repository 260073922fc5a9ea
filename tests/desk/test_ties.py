"""Two cases that somebody linked say the same of it, however late, often or crosswise one hears of the other."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.desk.beside import mirrored
from chalicelib.desk.complaint import Complaint, Decision, Tie
from chalicelib.desk.engine import decide, open_actions, open_case
from chalicelib.desk.errors import BadInput, NotOpen
from chalicelib.desk.history import broken_at, replay
from chalicelib.desk.ties import MOST_TIES, Other, holding, later
from tests.desk.build import MONDAY, Case, at, blank, desk

LINKS = """
fields:
  how: {type: choice, choices: {repeat: {zh: 重复}, related: {zh: 相关}}}
  more: {type: text}
links:
  related: {title: {zh: 相关}, by_hand: yes, pairs: {kind: how, note: more}}
actions:
  link: {at: [any], by: [anyone], asks: [how], may_ask: [more], joins: related}
  unlink: {at: [any], by: [anyone], asks: [more], leaves: related}
  finish: {at: [working], by: [agent], goes: closed}
"""
DESK = desk(LINKS)


def named(number: str) -> Case:
    return Case(DESK, fixed={"number": number})


def link(case: Case, other: str, how: str = "repeat", *, confidential: bool = False, **more: str) -> Decision:
    given_: dict[str, Any] = {"how": how, **more}
    return case.took(decide(DESK, case.state, "link", given_, "ann", case.now, other=Other(other, confidential)))


def unlink(case: Case, other: str, why: str = "弄错了") -> Decision:
    return case.took(decide(DESK, case.state, "unlink", {"more": why}, "ben", case.now, other=Other(other)))


def mirror(one: Case, other: Case) -> Decision | None:
    tie = one.state.ties[other.state.number]
    decision = mirrored(DESK, other.state, tie, one.state.number, other.now)
    return other.took(decision) if decision else None


def test_both_cases_show_the_link_and_neither_is_merged() -> None:
    one, other = named("1"), named("2")
    link(one, "2", more="同一台电梯")
    mirror(one, other)
    assert holding(one.state)["2"] == holding(other.state)["1"]
    tie = holding(other.state)["1"]
    assert (tie.kind, tie.note, tie.by) == ("repeat", "同一台电梯", "ann")
    assert (one.state.stage, other.state.stage) == ("working", "working")
    assert [event.kind for event in other.events] == ["registered", "linked"]


def test_a_link_undone_is_undone_in_both_and_stays_in_both_histories() -> None:
    one, other = named("1"), named("2")
    link(one, "2")
    mirror(one, other)
    unlink(other, "1")
    mirror(other, one)
    assert not holding(one.state)
    assert not holding(other.state)
    assert [event.kind for event in one.events] == ["registered", "acted", "unlinked"]
    assert one.state.ties["2"].note == "弄错了"
    for case in (one, other):
        assert broken_at(case.events) is None
        assert replay(case.events) == case.state


def test_hearing_of_it_again_changes_nothing() -> None:
    one, other = named("1"), named("2")
    link(one, "2")
    assert mirror(one, other)
    assert mirror(one, other) is None


def test_a_link_may_be_put_right_and_made_after_the_case_ended() -> None:
    one = named("1")
    one.act("finish")
    link(one, "2")
    link(one, "2", how="related")
    assert holding(one.state)["2"].kind == "related"
    assert one.state.status == "closed"


def test_there_is_nothing_to_undo_where_nothing_is_linked() -> None:
    one = named("1")
    assert "unlink" not in open_actions(DESK, one.state, "ann", one.now)
    with pytest.raises(NotOpen):
        unlink(one, "2")
    link(one, "2")
    assert "unlink" in open_actions(DESK, one.state, "ann", one.now)
    with pytest.raises(BadInput) as refused:
        unlink(one, "3")
    assert [problem.field for problem in refused.value.problems] == ["leaves"]


def test_a_link_names_another_case() -> None:
    one = named("1")
    with pytest.raises(BadInput) as refused:
        one.act("link", how="repeat")
    assert [problem.field for problem in refused.value.problems] == ["joins"]


def test_of_a_confidential_case_the_tie_knows_that_it_is() -> None:
    one = named("1")
    link(one, "2", confidential=True)
    assert holding(one.state)["2"].confidential


def test_a_case_is_linked_with_so_many_and_no_more() -> None:
    one = named("1")
    for number in range(MOST_TIES):
        link(one, str(number + 2))
    with pytest.raises(BadInput):
        link(one, "one too many")
    link(one, "2", how="related")  # the one that is there may still be put right
    unlink(one, "2")


TIES = st.builds(
    Tie,
    link=st.just("related"),
    at=st.integers(0, 2).map(lambda seconds: at(MONDAY) + timedelta(seconds=seconds)),
    by=st.sampled_from(["ann", "ben"]),
    times=st.integers(1, 3),
    kind=st.sampled_from(["repeat", "related"]),
    undone=st.booleans(),
)


@given(TIES, TIES, TIES)
def test_which_tie_holds_depends_on_no_order(one: Tie, two: Tie, three: Tie) -> None:
    assert later(one, two) == later(two, one)
    assert later(later(one, two), three) == later(one, later(two, three))
    assert later(one, one) == later(one, None) == one


@given(st.lists(st.tuples(st.sampled_from(["link", "unlink", "put right", "hear"]), st.booleans()), max_size=12))
def test_once_both_have_heard_of_everything_they_say_the_same(steps: list[tuple[str, bool]]) -> None:
    """People act in either case, each hearing of the other late or never, until both have heard."""
    now: datetime = at(MONDAY)
    states: list[Complaint] = [open_case(DESK, blank(DESK, now, number=n), {}, "ann", now).complaint for n in "12"]

    def hear(which: int) -> None:
        tie = states[1 - which].ties.get(states[which].number)
        decision = mirrored(DESK, states[which], tie, states[1 - which].number, now) if tie else None
        states[which] = decision.complaint if decision else states[which]

    for what, second in steps:
        which = int(second)
        case, number = states[which], states[1 - which].number
        if what == "hear":
            hear(which)
        elif what == "unlink":
            if number in holding(case):
                states[which] = decide(
                    DESK, case, "unlink", {"more": "x"}, "ann", now, other=Other(number)
                ).complaint  # fmt: skip
        else:
            how = {"how": "repeat" if what == "link" else "related"}
            states[which] = decide(DESK, case, "link", how, "ann", now, other=Other(number)).complaint
    hear(0)
    hear(1)
    assert states[0].ties.get("2") == states[1].ties.get("1")
