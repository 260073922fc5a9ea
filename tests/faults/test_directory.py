"""Whatever ends the writing of a setting: once it is saved it counts for every open case, though nobody tries again."""

from datetime import timedelta

import pytest

from chalicelib.cases.entries import SiteSettings
from chalicelib.desk.engine import rearm
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


def write(stage: Stage, settings: dict[str, str]) -> None:
    """An administrator chooses them, in a container that read the directory just now."""
    forget(stage)
    stage.world.directory.put_settings(ORG, SiteSettings(site="main", settings=settings))


def forget(stage: Stage) -> None:
    """What this container read of the directory is too old to be gone by."""
    stage.world.stores.directory._kept.clear()  # type: ignore[attr-defined]  # of the store on DynamoDB
