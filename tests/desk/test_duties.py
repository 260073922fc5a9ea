"""Duties: when they open, which days they cover, who hears of them."""

import pytest

from chalicelib.desk.duties import issued, next_time, opened, ticked
from chalicelib.desk.errors import Conflict, NotAllowed
from tests.desk.build import at, desk

TODAY = """
duties:
  compile: {every: daily, opens_at: "17:30", covers: today, by: agent, limit: 0d}
  week: {every: "weekly:tue", opens_at: "08:00", covers: yesterday, by: agent, to: [head]}
"""


def test_a_duty_opens_at_its_time_of_the_day():
    assert next_time(desk(TODAY), "compile", at("03-02 17:29")) == at("03-02 17:30")
    assert next_time(desk(TODAY), "compile", at("03-02 17:30")) == at("03-03 17:30")
    assert next_time(desk(TODAY), "week", at("03-02 09:00")) == at("03-03 08:00")


def test_what_opens_at_the_end_of_a_day_covers_that_day_and_is_due_at_its_end():
    step = opened(desk(TODAY), "compile", at("03-02 17:30"), None, at("03-02 17:30"))
    assert (step.run.period, step.run.due) == ("2026-03-02..2026-03-02", at("03-02 24:00"))
    assert [message.to for message in step.messages] == ["ann"]


def test_what_goes_to_nobody_tells_nobody_when_it_is_issued():
    step = opened(desk(TODAY), "compile", at("03-02 17:30"), None, at("03-02 17:30"))
    assert issued(desk(TODAY), step.run, "ann", at("03-02 18:00")).messages == []


REMINDED = """
duties:
  closing: {every: daily, covers: yesterday, by: agent, to: [head], limit: 0d,
            ladder: [{before: 2h, tell: [agent]}, {at: due, tell: [head]}, {after: 1d, tell: [director]}]}
"""


def test_what_was_issued_is_not_reminded_of_though_the_index_still_shows_it() -> None:
    on = desk(REMINDED)
    step = opened(on, "closing", at("03-02 00:00"), None, at("03-02 00:00"))
    assert ticked(on, step.run, at("03-04 09:00")) is not None
    done = issued(on, step.run, "ann", at("03-02 18:00"))
    assert (done.due, ticked(on, done.run, at("03-04 09:00"))) == (None, None)


def test_a_period_is_issued_once_and_by_whose_duty_it_is() -> None:
    on = desk(REMINDED)
    step = opened(on, "closing", at("03-02 00:00"), None, at("03-02 00:00"))
    with pytest.raises(NotAllowed):
        issued(on, step.run, "eva", at("03-02 18:00"))
    done = issued(on, step.run, "ann", at("03-02 18:00"))
    assert [message.to for message in done.messages] == ["hua"]
    with pytest.raises(Conflict):
        issued(on, done.run, "ann", at("03-02 18:30"))
