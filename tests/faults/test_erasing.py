"""Whatever ends an erasure: it stands in the history once, and in the end nothing of the person is anywhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import boto3
import pytest

from chalicelib.desk.beside import mailed
from chalicelib.desk.complaint import Attachment, Complaint, Identity
from chalicelib.desk.history import broken_at, replay
from tests.faults.crashes import Tally, crash_everywhere
from tests.faults.kth_call import KthCall
from tests.faults.stage import Stage

ORG, PHONE = "c-company", "13700137000"
SAID = "三号楼电梯上午停运"


@contextmanager
def a_file_comes_back(stage: Stage, place: str) -> Iterator[None]:
    """Each time that the stage is put back, so is a file: the stage itself knows the table alone."""
    plain = stage.restore

    def restore(snapshot: tuple[Any, ...]) -> None:
        plain(snapshot)
        boto3.client("s3").put_object(Bucket="files", Key=place, Body=b"a photo")

    stage.restore = restore  # type: ignore[method-assign]  # for a while
    boto3.client("s3").put_object(Bucket="files", Key=place, Body=b"a photo")
    try:
        yield
    finally:
        stage.restore = plain  # type: ignore[method-assign]  # as it was


def closed(stage: Stage, key: str, **more: Any) -> tuple[Complaint, str]:
    """A case that was withdrawn, and where its one file lies."""
    case = stage.post(ORG, key, phone=PHONE, **more)
    place = f"attachments/{ORG}/{case.number}/1"
    file = Attachment(name="x.jpg", kind="image/jpeg", size=7, sha256="0" * 64, place=place, at=stage.now, id="1")
    desk = stage.world.desks.of(case)
    decision = mailed(desk, case, "见附件", key, stage.now, files=[file], verified=True)
    assert decision is not None
    stage.world.stores.cases.commit(case.version, decision.complaint, decision.events, decision.messages, decision.due)
    stage.act(case, "withdraw", "c.li", withdrawal_how="phone", withdrawal_why="不投诉了", withdrawal_own_wish="yes")
    stage.settle()
    return case, place


def forgotten(stage: Stage, case: Complaint, place: str, *, words: bool) -> Callable[[KthCall], None]:
    """What must hold in the end."""

    def holds(_: KthCall) -> None:
        cases, rows = stage.world.stores.cases, stage.rows()
        assert cases.identity(ORG, case.number) == Identity()
        events = cases.history(ORG, case.number)
        assert [event.kind for event in events].count("erased") == 1
        assert broken_at(events, stage.head(case).chain) is None
        assert replay(events) == stage.head(case)
        stored = [row for row in rows if case.number in repr(row)]
        hashed = stage.world.hasher(f"{ORG}|phone|+86{PHONE}")
        gone = [PHONE, "京A12345", hashed, place, *([SAID, "见附件", "不投诉了"] if words else [])]
        assert [secret for secret in gone if secret in repr(stored)] == []
        assert not [
            row["PK"]
            for row in rows
            if "#JOB" in row["PK"] or (row["SK"] in ("PII", "KEY") and case.number in row["PK"])
        ]
        assert [row for row in rows if hashed in row["PK"]] == []
        kept = boto3.client("s3").list_objects_v2(Bucket="files", Prefix=place).get("Contents", [])
        assert kept == []

    return holds


@pytest.mark.parametrize("confidential", [False, True], ids=["plain", "confidential"])
def test_a_case_whose_time_is_up_is_erased_once_by_whichever_sweep(
    stage: Stage, tally: Tally, confidential: bool
) -> None:  # fmt: skip
    case, place = closed(stage, f"erase-{confidential}", confidential=confidential)
    stage.now += timedelta(days=1825, minutes=1)
    with a_file_comes_back(stage, place):
        crash_everywhere(
            stage, stage.sweep, tally=tally, what="erasing", then=forgotten(stage, case, place, words=True)
        )


def test_an_administrator_who_was_cut_off_asks_again_and_the_sweep_does_the_rest(stage: Stage, tally: Tally) -> None:
    case, place = closed(stage, "erase-now")

    def erase() -> None:
        stage.world.erase.now(ORG, case.number, ["identity"], "本人要求", "c.wu")

    with a_file_comes_back(stage, place):
        crash_everywhere(stage, erase, tally=tally, what="erasing", then=forgotten(stage, case, place, words=False))


def test_what_is_left_to_clear_is_cleared_whatever_is_cut_off(stage: Stage, tally: Tally) -> None:
    case, place = closed(stage, "erase-rest")
    stage.world.erase.now(ORG, case.number, ["content"], "本人要求", "c.wu")
    with a_file_comes_back(stage, place):
        crash_everywhere(
            stage, stage.sweep, tally=tally, what="erasing", then=forgotten(stage, case, place, words=True)
        )


def test_a_hold_is_put_and_lifted_once(stage: Stage, tally: Tally) -> None:
    case, _ = closed(stage, "hold")

    def held(_: KthCall) -> None:
        assert [e.kind for e in stage.world.stores.cases.history(ORG, case.number)].count("held") == 1
        assert [view.number for view in stage.world.erase.held(ORG)] == [case.number]
        assert armed(stage, case) == []

    def released(_: KthCall) -> None:
        assert [e.kind for e in stage.world.stores.cases.history(ORG, case.number)].count("released") == 1
        assert stage.world.erase.held(ORG) == []
        assert len(armed(stage, case)) == 1

    assert len(armed(stage, case)) == 1
    erase = stage.world.erase
    crash_everywhere(
        stage, lambda: erase.hold(ORG, case.number, "诉讼中", "c.wu"), tally=tally, what="holding", then=held
    )
    crash_everywhere(
        stage, lambda: erase.release(ORG, case.number, "结案", "c.wu"), tally=tally, what="holding", then=released
    )


def armed(stage: Stage, case: Complaint) -> list[str]:
    """For when its erasure is armed."""
    return [row["due_sk"] for row in stage.rows() if row["SK"] == "KEEP" and case.number in row["PK"]]
