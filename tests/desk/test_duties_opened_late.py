"""A duty that opens late, because sweeps stood still, warns of nothing that lies behind; its lateness is told."""

from datetime import timedelta

from chalicelib.desk.duties import opened, ticked
from tests.procedures.playing import Play, at


def test_a_warning_already_behind_is_passed_over_and_the_lateness_told_once() -> None:
    desk = Play("w-workshop", "02 09:00", "w.lin").desk
    tuesday = at("03 00:00")
    step = opened(desk, "weekly_summary", tuesday, None, tuesday + timedelta(days=6))
    assert [message.letter for message in step.messages] == ["summary_due"]
    later = ticked(desk, step.run, tuesday + timedelta(days=6))
    assert later is not None
    assert [message.letter for message in later.messages] == ["summary_late"]


def test_a_duty_that_opens_in_time_warns_before_its_end() -> None:
    desk = Play("w-workshop", "02 09:00", "w.lin").desk
    tuesday = at("03 00:00")
    step = opened(desk, "weekly_summary", tuesday, None, tuesday + timedelta(minutes=1))
    assert step.due == at("03 20:00")
    later = ticked(desk, step.run, at("03 20:00"))
    assert later is not None
    assert [message.letter for message in later.messages] == ["summary_due"]
