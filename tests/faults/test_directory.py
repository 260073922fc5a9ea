"""Whatever ends the writing of a setting: once it is saved it counts for every open case, though nobody tries again."""

from datetime import timedelta

import boto3
import pytest
from msgspec.structs import replace

from chalicelib.cases.entries import SiteSettings
from chalicelib.desk.engine import rearm
from chalicelib.desk.holidays import holidays
from chalicelib.desk.people import DayRule
from tests.faults.crashes import Tally, crash_everywhere
from tests.faults.kth_call import KthCall
from tests.faults.stage import DEMO, Stage

ORG = "c-company"


@pytest.mark.parametrize("tries", ["again", "no more"])
def test_a_setting_that_is_saved_counts_for_every_open_case(stage: Stage, tally: Tally, tries: str) -> None:
    before = DEMO[ORG].sites["main"].settings
    write(stage, before)
    case = stage.post(ORG, f"setting-{tries}", channel="phone")
    stage.act(case, "send_form", "c.li", receiving_unit="project_service", scope="other_department")
    stage.act(
        case, "classify", "c.wang", scope="other_department", department="engineering", category="equipment",
        filed="yes", complex="no",
    )  # fmt: skip
    stage.settle()
    changed = {**before, "accept": "4h"}

    def again() -> None:
        if tries == "again":
            write(stage, changed)
        stage.now += timedelta(minutes=2)
        forget(stage)

    def counts(_: KthCall) -> None:
        saved = stage.world.directory.organisation(ORG).sites["main"].settings
        assert saved == changed or (tries == "no more" and saved == before)
        head = stage.head(case)
        assert rearm(stage.world.desks.of(head), head, stage.now) is None, "due as before the setting was changed"
        assert not [row for row in stage.rows() if "#JOB" in row["PK"]]

    crash_everywhere(stage, lambda: write(stage, changed), tally=tally, what="setting", then=counts, again=again)


def test_a_release_with_other_holidays_rearms_each_site_wherever_its_first_sweep_was_cut_off(
    stage: Stage, tally: Tally
) -> None:
    case = stage.post(ORG, "holidays", channel="phone")
    stage.settle()
    directory, table = stage.world.stores.directory, boto3.client("dynamodb")
    for org in set(DEMO) - {ORG}:
        table.delete_item(TableName="redress", Key={"PK": {"S": "ORGS"}, "SK": {"S": org}})
    directory.put_holidays("those of last year")
    moved = replace(DEMO[ORG].sites["main"], settings={"accept": "4h"})
    directory.put(ORG, "site", "main", replace(moved, days={"2026-03-03": DayRule(kind="off")}))

    def first() -> None:
        stage.world.jobs._followed = ""  # a container of the release
        forget(stage)
        stage.sweep()

    def again() -> None:
        first()
        stage.now += timedelta(minutes=2)

    def armed(_: KthCall) -> None:
        assert directory.holidays() == holidays().version
        assert not [row for row in stage.rows() if "#JOB" in row["PK"]]
        head = stage.head(case)
        assert rearm(stage.world.desks.of(head), head, stage.now) is None

    crash_everywhere(stage, first, tally=tally, what="holidays", then=armed, again=again)


def write(stage: Stage, settings: dict[str, str]) -> None:
    """An administrator chooses them, in a container that read the directory just now."""
    forget(stage)
    stage.world.directory.put_settings(ORG, SiteSettings(site="main", settings=settings))


def forget(stage: Stage) -> None:
    """What this container read of the directory is too old to be gone by."""
    stage.world.stores.directory._kept.clear()  # type: ignore[attr-defined]  # of the store on DynamoDB
