"""One answer: what a field takes and how it is kept."""

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.desk.answers import BadAnswer, normalised
from chalicelib.desk.procedure import Field
from tests.desk.build import STAFF, at, desk

ORGANISATION = replace(desk().organisation, staff={**STAFF, "gus": replace(STAFF["ann"], id="gus", active=False)})
CHOICES = {"a": {"en": "A"}, "b": {"en": "B"}}
COLUMNS = {"what": {"en": "What"}, "when": {"en": "When"}}


def kept(kind: Any, value: Any, **more: Any) -> Any:
    entry = Field(title={"en": kind}, type=kind, choices=CHOICES, columns=COLUMNS, **more)
    return normalised(entry, value, ORGANISATION, at("03-02 09:00"))


@pytest.mark.parametrize(
    ("kind", "value", "as_kept"),
    [
        ("text", "  a leak ", "a leak"),
        ("text", "两行\n文字", "两行\n文字"),
        ("long", "x" * 10_000, "x" * 10_000),
        ("number", 3, 3),
        ("number", -2.5, -2.5),
        ("money", "120.5", "120.50"),
        ("money", "0", "0.00"),
        ("yes_no", "no", "no"),
        ("tick", "yes", "yes"),
        ("choice", "b", "b"),
        ("choices", ["b", "a", "b"], ["b", "a"]),
        ("instant", "2026-11-21T09:30:00+08:00", "2026-11-21T01:30:00Z"),
        ("instant", "2026-11-21T01:30Z", "2026-11-21T01:30:00Z"),
        ("instant", "2026-11-21T01:30:00.750Z", "2026-11-21T01:30:00Z"),
        ("date", "2026-02-28", "2026-02-28"),
        ("person", "ann", "ann"),
        ("people", ["ann", "ben", "ann"], ["ann", "ben"]),
        ("signatures", ["ann"], ["ann"]),
        ("department", "works", "works"),
        ("plate", "粤b·12345", "粤B12345"),
        ("plate", " 沪A D1234", "沪AD1234"),
        ("phone", "+86 138 0013-8000", "+86 138 0013-8000"),
        ("file", "photo-1", "photo-1"),
        ("table", [{"what": " oil "}, {"what": "", "when": "May"}], [{"what": "oil"}, {"what": "", "when": "May"}]),
    ],
)
def test_an_answer_that_fits_is_kept_in_one_form(kind: str, value: Any, as_kept: Any):
    assert kept(kind, value) == as_kept


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("text", 7, "must be text"),
        ("text", "   ", "must say something"),
        ("text", "x" * 501, "must be at most 500 characters"),
        ("long", "x" * 10_001, "must be at most 10000 characters"),
        ("text", "a\x00b", "must not hold control characters"),
        ("number", "3", "must be a number"),
        ("number", True, "must be a number"),
        ("number", float("nan"), "must be a number"),
        ("number", 10**13, "must be a number"),
        ("money", "NaN", "must be an amount"),
        ("money", "-1", "must be an amount"),
        ("money", "1e3", "must be an amount"),
        ("money", "12.345", "must be an amount"),
        ("money", 120, "must be an amount"),
        ("yes_no", 1, "must be yes or no"),
        ("yes_no", [], "must be yes or no"),
        ("tick", "no", "must be ticked"),
        ("choice", "c", "must be one of: a, b"),
        ("choice", ["a"], "must be one of: a, b"),
        ("choices", "a", "must be a list of 1 to 200"),
        ("choices", ["a", {}], "must be one of: a, b"),
        ("choices", ["a"] * 201, "must be a list of 1 to 200"),
        ("instant", "2026-11-21T09:30:00", "must be a time with its offset"),
        ("instant", "2026-02-30T09:30:00Z", "must be a time with its offset"),
        ("instant", "9999-12-31T23:59:59Z", "must be a time with its offset"),
        ("instant", "0001-01-01T00:00:00+14:00", "must be a time with its offset"),
        ("instant", 1764000000, "must be a time with its offset"),
        ("date", "20261121", "must be a date"),
        ("date", "2026-02-30", "must be a date"),
        ("date", None, "must be a date"),
        ("person", "nobody", "is no member of staff"),
        ("person", "gus", "is no member of staff"),
        ("person", ["ann"], "is no member of staff"),
        ("people", ["ann", 7], "is no member of staff"),
        ("department", "moon", "is no department"),
        ("department", {}, "is no department"),
        ("plate", "· ·", "must be a licence plate"),
        ("phone", "call me", "must be a phone number"),
        ("phone", "+1", "must be a phone number"),
        ("table", [{"who": "x"}], "must be rows with the columns: what, when"),
        ("table", ["x"], "must be rows with the columns: what, when"),
        ("table", [{"what": 7}], "must be text"),
        ("table", {"what": "x"}, "must be a list of 1 to 200"),
    ],
)
def test_an_answer_that_does_not_fit_says_why(kind: str, value: Any, problem: str):
    with pytest.raises(BadAnswer, match=problem):
        kept(kind, value)


def test_an_instant_that_must_lie_in_the_future_is_not_now():
    assert kept("instant", "2026-03-02T01:00:01Z", after="now") == "2026-03-02T01:00:01Z"
    with pytest.raises(BadAnswer, match="must lie in the future"):
        kept("instant", "2026-03-02T01:00:00Z", after="now")


def test_what_happened_happened_by_now() -> None:
    assert kept("instant", "2026-03-02T01:00:00Z", before="now") == "2026-03-02T01:00:00Z"
    with pytest.raises(BadAnswer, match="must not lie in the future"):
        kept("instant", "2026-03-02T01:00:01Z", before="now")


def test_a_day_is_over_or_today_wherever_the_desk_is() -> None:
    assert kept("date", "2026-03-02", before="now") == "2026-03-02"
    with pytest.raises(BadAnswer, match="must not lie in the future"):
        kept("date", "2026-03-03", before="now")
