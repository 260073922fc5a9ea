"""Whether a program filled in a form."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.web.filling import LEAST, MOST, TRAP, begun, by_hand, opened, stamp

KEY, SECRET = "0" * 32, b"secret"
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_stamp_says_when_its_form_was_opened() -> None:
    assert opened(SECRET, KEY, stamp(SECRET, KEY, NINE)) == NINE


@pytest.mark.parametrize("text", ["", "x", "1795392000", "1795392000.", "1795392000." + "0" * 32, "-1." + "0" * 32])
def test_what_is_no_stamp_of_ours_says_nothing(text: str) -> None:
    assert opened(SECRET, KEY, text) is None


def test_a_stamp_is_of_its_form_and_of_its_key_and_its_time_cannot_be_changed() -> None:
    good = stamp(SECRET, KEY, NINE)
    assert opened(SECRET, "1" * 32, good) is None
    assert opened(b"other", KEY, good) is None
    seconds, _, signature = good.partition(".")
    assert opened(SECRET, KEY, f"{int(seconds) - 60}.{signature}") is None


def test_a_person_takes_a_while_and_not_a_day() -> None:
    assert not by_hand({}, NINE, NINE + LEAST - SECOND)
    assert by_hand({}, NINE, NINE + LEAST)
    assert by_hand({TRAP: ""}, NINE, NINE + MOST)
    assert not by_hand({}, NINE, NINE + MOST + SECOND)
    assert not by_hand({}, NINE, NINE - SECOND)
    assert not by_hand({}, None, NINE)


def test_a_person_fills_in_nothing_that_they_do_not_see() -> None:
    assert not by_hand({TRAP: "http://buy.example"}, NINE, NINE + LEAST)


def test_a_form_that_comes_back_does_not_make_anybody_wait_twice() -> None:
    assert begun(NINE, NINE + SECOND) == NINE
    late = NINE + MOST + SECOND
    assert by_hand({}, begun(NINE, late), late)
    assert begun(None, NINE) == NINE
