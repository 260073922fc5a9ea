"""Duties: when they open, which days they cover, who hears of them."""

from chalicelib.desk.duties import issued, next_time, opened
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
