"""A case holds only so much of what its complainant adds, so that it never outgrows its item; nothing is lost."""

import msgspec
import pytest

from chalicelib.desk.beside import fitting, mailed, room_in
from chalicelib.desk.called import Heard, called
from chalicelib.desk.errors import BadInput
from chalicelib.desk.history import replay
from tests.desk.build import Case, desk

STORY = "电梯又停了。" * 1600  # 9,600 characters of three bytes


def full() -> Case:
    """A case to which no other such story can be added."""
    case = Case(desk())
    while room_in(case.state) >= len(STORY.encode()):
        case.write(STORY)
    return case


def test_what_no_longer_fits_is_refused_with_how_much_still_does_and_changes_nothing() -> None:
    case = full()
    before = msgspec.json.encode(case.state)
    with pytest.raises(BadInput) as refused:
        case.write(STORY)
    [problem] = refused.value.problems
    assert (problem.field, problem.problem) == ("text", f"must be at most {room_in(case.state) // 4} characters")
    assert msgspec.json.encode(case.state) == before
    case.write("电" * (room_in(case.state) // 4))


def test_a_case_full_of_words_is_far_smaller_than_an_item_may_be() -> None:
    assert len(msgspec.json.encode(full().state)) < 150_000


def test_of_a_mail_that_does_not_fit_the_beginning_stands_in_the_case_and_all_of_it_in_the_history() -> None:
    case = full()
    decision = mailed(case.desk, case.state, STORY, "mail-1", case.now, files=[], verified=True, note="主题")
    assert decision is not None
    case.took(decision)
    stands = case.state.replies[-1].text
    assert stands.endswith("…")
    assert STORY.startswith(stands.removesuffix("…"))
    assert case.events[-1].note == f"主题\n\n{STORY}"
    assert replay(case.events) == case.state
    assert room_in(case.state) <= 3


def test_of_a_call_that_does_not_fit_as_well() -> None:
    case = full()
    heard = Heard(key="call-1", said=STORY, note="来电", by="ann", verified=True)
    decision = called(case.desk, case.state, heard, case.now)
    assert decision is not None
    case.took(decision)
    assert case.state.replies[-1].text.endswith("…")
    assert case.events[-1].note == f"来电\n\n{STORY}"


def test_what_fits_is_taken_as_it_is() -> None:
    assert fitting(Case(desk()).state, STORY) == STORY
