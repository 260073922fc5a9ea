"""How late a time may lie: agreed times that are refused, and clocks that are due at their cap."""

from typing import Any

import pytest

from chalicelib.desk.calendar import Calendar
from chalicelib.desk.caps import promised
from chalicelib.desk.errors import BadInput
from tests.desk.build import Case, at, desk, stamp

AGREED = """
settings:
  most: {type: limit, default: 48h}
fields:
  told_at: {type: instant}
  agreed:
    type: instant
    after: now
    not_after:
      - {when: {done: agree}, limit: 24h, from: now}
      - {limit: {setting: most}}
  later: {type: instant, not_after: {limit: 1d, from: told_at}}
actions:
  agree: {at: [working], by: [agent], asks: [agreed]}
  tell: {at: [working], by: [agent], asks: [told_at, later]}
clocks:
  reply:
    starts: [done register]
    limit: {is: {until: agreed}, not_after: {limit: {setting: most}, from: received}}
  visit:
    starts: [set agreed]
    limit: [{when: {told_at: given}, is: 1h}, {is: 10d, not_after: {limit: 0d, from: agreed}}]
"""


def refusal(case: Case, action: str, **answers: Any) -> list[tuple[str, Any]]:
    with pytest.raises(BadInput) as refused:
        case.act(action, **answers)
    return [(problem.field, problem.problem) for problem in refused.value.problems]


def test_a_time_is_not_agreed_later_than_the_cap_from_receipt():
    case = Case(desk(AGREED))
    assert refusal(case, "agree", agreed=stamp("03-04 09:01")) == [
        ("agreed", "must not be later than 2026-03-04 09:00")
    ]
    case.act("agree", agreed=stamp("03-04 09:00"))
    assert case.due == at("03-04 09:00")


def test_the_first_cap_that_fits_holds():
    case = Case(desk(AGREED))
    case.act("agree", agreed=stamp("03-03 09:00"))
    case.now = at("03-02 20:00")
    assert refusal(case, "agree", agreed=stamp("03-03 20:01")) == [
        ("agreed", "must not be later than 2026-03-03 20:00")
    ]
    case.act("agree", agreed=stamp("03-03 20:00"))


def test_a_cap_that_has_passed_refuses_nothing():
    case = Case(desk(AGREED))
    case.act("agree", "03-04 09:00", agreed=stamp("03-09 09:00"))
    assert case.state.values["agreed"] == "2026-03-09T01:00:00Z"


def test_an_empty_cap_refuses_nothing():
    case = Case(desk(AGREED, settings={"most": ""}))
    case.act("agree", agreed=stamp("04-09 09:00"))
    assert case.run("reply").due == at("04-09 09:00")


def test_a_cap_may_be_counted_from_another_answer():
    case = Case(desk(AGREED))
    told = {"told_at": stamp("03-02 09:00"), "later": stamp("03-04 00:01")}
    assert refusal(case, "tell", **told) == [("later", "must not be later than 2026-03-04 00:00")]


def test_a_clock_is_due_at_its_cap_until_something_earlier_is_known():
    case = Case(desk(AGREED))
    assert case.run("reply").due == at("03-04 09:00")
    case.act("agree", agreed=stamp("03-03 09:00"))
    assert case.run("reply").due == at("03-03 09:00")


def test_a_clock_takes_the_earlier_of_its_limit_and_its_cap():
    case = Case(desk(AGREED))
    case.act("agree", agreed=stamp("03-03 09:00"))
    assert case.run("visit").due == at("03-03 24:00")


PROMISED = """
reply_by: [{when: {kind: consultation}, is: 8bh}, {is: 3d, not_after: {limit: 48h, from: received}}]
"""


def test_the_reply_time_told_on_receipt_keeps_to_its_cap():
    case = Case(desk(PROMISED))
    assert promised(case.desk, case.state, {}) == at("03-04 09:00")


def test_no_reply_time_is_told_where_the_calendar_does_not_reach_that_far():
    case = Case(desk(PROMISED, calendar=Calendar(horizon="2026-03-01")), fixed={"kind": "consultation"})
    assert promised(case.desk, case.state, {}) is None


OPENING = """
clocks:
  reply: {starts: [done register], limit: {of_opening: 24h}}
  days: {starts: [done register], limit: {of_opening: 1d}}
"""


@pytest.mark.parametrize(
    ("received", "hours", "days"),
    [
        ("03-02 09:00", "03-03 09:00", "03-03 24:00"),  # Monday, as it opens
        ("03-02 12:30", "03-03 13:30", "03-03 24:00"),  # in the gap at noon
        ("03-06 18:00", "03-10 09:00", "03-10 24:00"),  # Friday, as it closes
    ],
)
def test_a_limit_of_opening_is_counted_from_the_next_opening_and_then_runs_without_stopping(
    received: str, hours: str, days: str
):
    case = Case(desk(OPENING), received)
    assert (case.run("reply").due, case.run("days").due) == (at(hours), at(days))
