"""A body is read whole, and everything wrong with it is named at once."""

from typing import Any

import pytest

from chalicelib.desk.errors import BadInput
from chalicelib.desk.parsing import parsed
from chalicelib.desk.people import Person
from chalicelib.desk.posting import Posting

GOOD: dict[str, Any] = {"org": "c-company", "content": {"summary": "电梯停运"}}


def problems(body: Any, kind: Any = Posting) -> dict[str, Any]:
    with pytest.raises(BadInput) as refused:
        parsed(kind, body)
    return {p.field: p.problem for p in refused.value.problems}


def test_a_body_that_fits_is_read_with_its_defaults():
    posting = parsed(Posting, {**GOOD, "received_at": "2026-11-21T09:30:00+08:00", "customer": {"name": "李女士"}})
    assert (posting.channel, posting.customer.name, posting.content.summary) == ("web", "李女士", "电梯停运")
    assert posting.received_at is not None
    assert posting.received_at.isoformat() == "2026-11-21T09:30:00+08:00"


def test_everything_wrong_is_named_at_once_by_its_field():
    body = {"org": "Not An Id", "channel": "pigeon", "anonymous": "yes", "customer": {"name": 7, "age": 40}, "more": 1}
    assert set(problems(body)) == {
        "org", "content", "channel", "anonymous", "customer.name", "customer.age", "more",
    }  # fmt: skip


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_what_is_no_object_is_said_to_be_none(body: Any):
    assert problems(body) == {"": "must be an object"}


@pytest.mark.parametrize("value", ["yesterday", "2026-11-21T09:30:00", "2026-11-21", 1764000000.5, True, {}])
def test_a_time_without_its_offset_is_explained(value: Any):
    assert "must be a time with its offset" in problems({**GOOD, "received_at": value})["received_at"]


def test_problems_are_said_in_the_callers_terms():
    found = problems(
        {**GOOD, "kind": 7, "people_concerned": ["ann", 7], "category": "x" * 501, "content": {}, "form": []}
    )
    assert found["kind"] == "must be str, not int"
    assert all("`" not in text and "$" not in text for text in found.values())
    assert "500" in found["category"]


def test_what_may_be_empty_may_be_null():
    assert parsed(Posting, {**GOOD, "received_at": None}).received_at is None
    assert parsed(Person, {"id": "ann", "name": "Ann", "quiet": None}).quiet is None


def test_what_must_be_an_object_may_not_be_null():
    assert problems({**GOOD, "customer": None}) == {"customer": "must be an object"}


def test_a_part_of_its_own_type_is_read_by_its_own_rules():
    person = parsed(Person, {"id": "ann", "name": "Ann", "quiet": {"start": "22:00", "end": "06:30"}})
    assert person.quiet is not None
    assert person.quiet.end == "06:30"
    assert set(problems({"id": "ann", "name": "Ann", "quiet": {"start": "25:00"}}, Person)) == {"quiet.start"}
