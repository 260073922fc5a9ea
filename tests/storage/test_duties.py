"""What every DutyStore and JobStore does."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from chalicelib.desk.complaint import Message
from chalicelib.desk.errors import Conflict
from chalicelib.ports import DutyRun, Job
from chalicelib.storage.stores import Stores
from tests.storage.conftest import Stand
from tests.storage.faults import replies_lost
from tests.storage.samples import HOUR, NOON, a_message

ORG, SITE, DUTY, PERIOD = "c-company", "main", "weekly", "2026-11-17..2026-11-23"
NEXT = NOON + 168 * HOUR
RUN = DutyRun(org=ORG, site=SITE, duty=DUTY, period=PERIOD, opened_at=NOON, due=NOON + 24 * HOUR)
JOB = Job(org=ORG, id="rearm-main", kind="rearm", site=SITE, cursor="", version=1, due=NOON)


def to_issue(id: str = "opened") -> Message:
    """The letter that asks for the summary."""
    return a_message(id, number="", site=SITE, duty=DUTY, period=PERIOD)


def open_period(stores: Stores, run: DutyRun = RUN, armed: datetime = NOON) -> None:
    """Open the period."""
    stores.duties.open_period(run, [to_issue()], armed=armed, next=NEXT, due=run.due)


def armed(stores: Stores) -> dict[str, datetime]:
    """Whatever is armed, with its time."""
    shards = range(stores.due.shards)
    return {item.id: item.due for shard in shards for item in stores.due.due(shard, NOON + 9999 * HOUR, 100)}


# duties


def test_a_duty_is_armed_moved_and_disarmed(stores: Stores) -> None:
    assert stores.duties.load(ORG, SITE, DUTY) is None
    stores.duties.arm(ORG, SITE, DUTY, NOON)
    assert stores.duties.load(ORG, SITE, DUTY) == NOON
    stores.duties.arm(ORG, SITE, DUTY, NEXT)
    assert armed(stores) == {"main/weekly": NEXT}
    stores.duties.arm(ORG, SITE, DUTY, None)
    assert stores.duties.load(ORG, SITE, DUTY) is None
    assert armed(stores) == {}


def test_a_period_opens_with_its_message_and_moves_the_duty_on(stores: Stores) -> None:
    stores.duties.arm(ORG, SITE, DUTY, NOON)
    open_period(stores)
    assert stores.duties.load_period(ORG, SITE, DUTY, PERIOD) == RUN
    assert stores.duties.load(ORG, SITE, DUTY) == NEXT
    posted = stores.outbox.load(ORG, "", "opened", SITE, DUTY, PERIOD)
    assert posted is not None
    assert posted.message == to_issue()
    message = f"/main/weekly/{PERIOD}/opened"
    assert armed(stores) == {
        "main/weekly": NEXT,
        f"main/weekly/{PERIOD}": NOON + 24 * HOUR,
        message: NOON + HOUR / 60,
    }


def test_a_message_of_a_duty_is_claimed_and_settled_like_any(stores: Stores) -> None:
    stores.duties.arm(ORG, SITE, DUTY, NOON)
    open_period(stores)
    shards = range(stores.due.shards)
    [item] = [item for shard in shards for item in stores.due.due(shard, NOON + HOUR, 9) if item.kind == "message"]
    posted = stores.outbox.find(item)
    assert posted is not None
    assert stores.outbox.claim(posted, NOON, NOON + HOUR)
    stores.outbox.settle(posted, "sent")
    assert item.id not in armed(stores)


def test_a_period_opens_once_and_the_same_again_is_a_success(stores: Stores) -> None:
    stores.duties.arm(ORG, SITE, DUTY, NOON)
    open_period(stores)
    open_period(stores)
    with pytest.raises(Conflict):
        open_period(stores, replace(RUN, opened_at=NOON + HOUR), armed=NEXT)
    assert stores.duties.load_period(ORG, SITE, DUTY, PERIOD) == RUN


def test_a_period_opens_only_from_the_occurrence_it_was_armed_for(stores: Stores) -> None:
    stores.duties.arm(ORG, SITE, DUTY, NOON + HOUR)
    with pytest.raises(Conflict):
        open_period(stores)
    assert stores.duties.load_period(ORG, SITE, DUTY, PERIOD) is None
    assert stores.duties.load(ORG, SITE, DUTY) == NOON + HOUR


def test_periods_are_listed_newest_first_and_each_dutys_apart(stores: Stores) -> None:
    for at, (duty, period) in enumerate([("weekly", "2026-10"), ("weekly", "2026-11"), ("weekly2", "2026-12")]):
        stores.duties.arm(ORG, SITE, duty, NOON + at * HOUR)
        run = replace(RUN, duty=duty, period=period)
        stores.duties.open_period(run, [], armed=NOON + at * HOUR, next=None, due=None)
    assert [run.period for run in stores.duties.periods(ORG, SITE, "weekly")] == ["2026-11", "2026-10"]
    assert [run.period for run in stores.duties.periods(ORG, SITE, "weekly", limit=1)] == ["2026-11"]


def test_a_period_moves_on_only_from_the_version_it_was_read_at(stores: Stores) -> None:
    stores.duties.arm(ORG, SITE, DUTY, NOON)
    open_period(stores)
    late = replace(RUN, late_at=NOON + 24 * HOUR, told={"0": NOON + 24 * HOUR}, version=2)
    stores.duties.commit_period(1, late, [to_issue("late")], NOON + 48 * HOUR)
    stores.duties.commit_period(1, late, [to_issue("late")], NOON + 48 * HOUR)  # the same again
    with pytest.raises(Conflict):
        stores.duties.commit_period(1, replace(RUN, issued_by="u1", version=2), [], None)
    assert stores.duties.load_period(ORG, SITE, DUTY, PERIOD) == late
    assert armed(stores)[f"main/weekly/{PERIOD}"] == NOON + 48 * HOUR


def test_an_issued_period_is_disarmed(stores: Stores) -> None:
    stores.duties.arm(ORG, SITE, DUTY, NOON)
    open_period(stores)
    stores.duties.commit_period(1, replace(RUN, issued_at=NOON, issued_by="u1", version=2), [], None)
    assert f"main/weekly/{PERIOD}" not in armed(stores)


def test_a_period_that_was_not_opened_cannot_move_on(stores: Stores) -> None:
    with pytest.raises(Conflict):
        stores.duties.commit_period(1, replace(RUN, version=2), [], None)


# jobs


def test_a_job_goes_on_where_it_stopped_and_is_gone_when_finished(stores: Stores) -> None:
    stores.jobs.put(JOB)
    onward = stores.jobs.advance(JOB, "lifts|7", NOON + HOUR)
    assert onward == replace(JOB, cursor="lifts|7", version=2, due=NOON + HOUR)
    assert stores.jobs.load(ORG, JOB.id) == onward
    assert armed(stores) == {JOB.id: NOON + HOUR}
    stores.jobs.finish(onward)
    assert stores.jobs.load(ORG, JOB.id) is None
    assert armed(stores) == {}


def test_each_step_of_a_job_can_be_repeated(stores: Stores) -> None:
    stores.jobs.put(JOB)
    stores.jobs.put(JOB)
    onward = stores.jobs.advance(JOB, "7", NOON + HOUR)
    assert stores.jobs.advance(JOB, "7", NOON + HOUR) == onward
    stores.jobs.finish(onward)
    stores.jobs.finish(onward)
    assert stores.jobs.load(ORG, JOB.id) is None


def test_a_job_that_somebody_else_moved_on_is_theirs(stores: Stores) -> None:
    stores.jobs.put(JOB)
    stores.jobs.advance(JOB, "7", NOON + HOUR)
    with pytest.raises(Conflict):
        stores.jobs.advance(JOB, "8", NOON + HOUR)
    with pytest.raises(Conflict):
        stores.jobs.finish(JOB)
    with pytest.raises(Conflict):
        stores.jobs.put(replace(JOB, kind="another"))


# on the table


def test_opening_and_moving_on_survive_lost_replies(stand: Stand) -> None:
    stand.stores.duties.arm(ORG, SITE, DUTY, NOON)
    with replies_lost(stand.client, "TransactWriteItems"):
        open_period(stand.stores)
    issued = replace(RUN, issued_by="u1", version=2)
    with replies_lost(stand.client, "TransactWriteItems"):
        stand.stores.duties.commit_period(1, issued, [], None)
    assert stand.stores.duties.load_period(ORG, SITE, DUTY, PERIOD) == issued


def test_a_jobs_steps_survive_lost_replies(stand: Stand) -> None:
    with replies_lost(stand.client, "PutItem"):
        stand.stores.jobs.put(JOB)
    with replies_lost(stand.client, "PutItem"):
        onward = stand.stores.jobs.advance(JOB, "7", NOON)
    with replies_lost(stand.client, "DeleteItem"):
        stand.stores.jobs.finish(onward)
    assert stand.items() == []
