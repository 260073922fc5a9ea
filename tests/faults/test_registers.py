"""Whatever ends a closing: the period is closed once, with a snapshot that is what its hash says, or not at all."""

from datetime import timedelta

import boto3

from chalicelib.desk.errors import Conflict
from chalicelib.reports.snapshots import unpacked
from tests.faults.crashes import Tally, crash_everywhere
from tests.faults.kth_call import KthCall
from tests.faults.stage import Stage

ORG, REGISTER, KEEPER = "c-company", "complaint_forms", "c.wang"


def test_a_period_is_closed_once_and_its_lines_are_what_was_hashed(stage: Stage, tally: Tally) -> None:
    case = stage.post(ORG, "register-1")
    month = f"{stage.now:%Y-%m}"
    stage.settle()
    stage.now += timedelta(days=40)

    def close() -> None:
        stage.world.close_register(ORG, KEEPER, register=REGISTER, period=month)

    def closed(_harm: KthCall) -> None:
        [closing] = stage.world.stores.closings.closed(ORG, "main", REGISTER)
        kept = [item["Key"] for item in boto3.client("s3").list_objects_v2(Bucket="files").get("Contents", [])]
        assert [name for name in kept if closing.sha256 in name]
        view = stage.world.registers(ORG, KEEPER, "zh-Hans", register=REGISTER, period=month)
        assert [line.number for line in view.lines] == [case.number]
        assert view.closed is not None
        assert (view.closed.sha256, view.corrections) == (closing.sha256, [])
        assert unpacked(stage.world.files.get(next(n for n in kept if closing.sha256 in n)), closing.sha256)

    crash_everywhere(stage, close, tally=tally, what="closing a register", then=closed)
    try:
        close()
    except Conflict as conflict:
        raise AssertionError("the same again is no conflict") from conflict
