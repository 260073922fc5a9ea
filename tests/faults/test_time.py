"""Whatever ends a sweep: each rung rings once, each duty opens once, a job goes on where it stopped."""

from collections import Counter
from datetime import timedelta

from msgspec.structs import replace

from chalicelib.desk.people import DayRule
from tests.faults.crashes import Tally, crash_everywhere
from tests.faults.kth_call import KthCall
from tests.faults.stage import DEMO, Stage


def _each_letter_once(stage: Stage, letters: set[str]) -> None:
    """Every letter of these was sent once to each of its recipients."""
    found = Counter(
        (row["PK"], row["SK"].split("#", 2)[2]) for row in stage.outbox() if any(f"#{w}" in row["SK"] for w in letters)
    )
    assert found
    assert set(found.values()) == {1}


def test_a_warning_a_breach_and_a_later_rung_ring_once_each(stage: Stage, tally: Tally) -> None:
    case = stage.post("w-workshop", "clocks", channel="phone")
    stage.settle()
    for wait, letters in (
        (timedelta(minutes=46), {"due_soon"}),
        (timedelta(minutes=15), {"late"}),
        (timedelta(hours=1), {"late"}),
    ):
        stage.now += wait
        before = len(stage.head(case).lateness)

        def told_once(_: KthCall, letters: set[str] = letters, before: int = before) -> None:
            _each_letter_once(stage, letters)
            assert len(stage.head(case).lateness) in (before, before + 1)

        crash_everywhere(stage, stage.sweep, tally=tally, what="sweep", then=told_once)
        stage.settle()
    assert [late.clock for late in stage.head(case).lateness] == ["report"]


def test_a_duty_opens_its_period_once_and_reminds_once(stage: Stage, tally: Tally) -> None:
    """Tuesday's summary: opened at midnight, warned of at 20:00, late at 24:00, each told once."""
    stage.world.duties.begin("w-workshop", "main")
    armed = stage.world.stores.duties.load("w-workshop", "main", "weekly_summary")
    assert armed is not None
    stage.now = armed + timedelta(minutes=1)

    def opened_once(_: KthCall) -> None:
        periods = stage.world.stores.duties.periods("w-workshop", "main", "weekly_summary")
        assert [p.period for p in periods] == ["2026-02-24..2026-03-02"]
        upcoming = stage.world.stores.duties.load("w-workshop", "main", "weekly_summary")
        assert upcoming == armed + timedelta(days=7)
        _each_letter_once(stage, {"opened#"})

    crash_everywhere(stage, stage.sweep, tally=tally, what="duty", then=opened_once)
    stage.settle()
    stage.now = armed + timedelta(days=1, minutes=1)

    def late_once(_: KthCall) -> None:
        late = [row for row in stage.outbox() if "summary_late" in row["SK"] and "weekly_summary" in row["PK"]]
        assert len({row["SK"] for row in late}) == len(late) == 1

    crash_everywhere(stage, stage.sweep, tally=tally, what="duty", then=late_once)
    stage.settle()
    period = "2026-02-24..2026-03-02"

    def issue() -> None:
        run = stage.world.stores.duties.load_period("w-workshop", "main", "weekly_summary", period)
        if run is not None and run.issued_at is None:
            stage.world.duties.issue("w-workshop", "main", "weekly_summary", period, "w.pan")

    def issued_once(_: KthCall) -> None:
        run = stage.world.stores.duties.load_period("w-workshop", "main", "weekly_summary", period)
        assert run is not None
        assert run.issued_by == "w.pan"
        assert run.late_at is not None

    crash_everywhere(stage, issue, tally=tally, what="duty", then=issued_once)


def test_a_changed_calendar_moves_every_case_it_touches_once(stage: Stage, tally: Tally) -> None:
    """A setting that shrinks a limit re-arms the cases; a second run finds nothing to do."""
    site = DEMO["c-company"].sites["main"]
    cases = [stage.post("c-company", f"rearm-{n}", channel="phone") for n in range(3)]
    for case in cases:
        stage.act(case, "send_form", "c.li", receiving_unit="project_service", scope="other_department")
        stage.act(
            case, "classify", "c.wang", scope="other_department", department="engineering", category="equipment",
            filed="yes", complex="no",
        )  # fmt: skip
        stage.act(case, "accept", "c.sun")
    stage.settle()
    changed = replace(site, settings={**site.settings, "solve": "2d"}, days={"2026-03-08": DayRule(kind="off")})
    stage.world.stores.directory.put("c-company", "site", "main", changed)
    stage.world.stores.directory.organisation("c-company")
    stage.world.jobs.rearm("c-company", "main")
    stage.now += timedelta(minutes=2)

    def moved(_: KthCall) -> None:
        for case in cases:
            events = [e.kind for e in stage.world.stores.cases.history("c-company", case.number)]
            assert events.count("rearmed") == 1
        assert not [row for row in stage.rows() if "#JOB" in row["PK"]]

    crash_everywhere(stage, stage.sweep, tally=tally, what="job", then=moved)
    stage.world.stores.directory.put("c-company", "site", "main", site)
    stage.world.stores.directory.organisation("c-company")


def test_what_many_report_is_put_to_somebody_once_wherever_the_counting_was_cut_off(stage: Stage, tally: Tally) -> None:
    cases = [stage.post("c-company", f"watch-{n}", channel="phone") for n in range(3)]
    for case in cases:
        stage.act(case, "send_form", "c.li", receiving_unit="project_service", scope="other_department")
    stage.settle()
    for case in cases:
        stage.act(
            case, "classify", "c.wang", scope="other_department", department="engineering", category="quality",
            filed="yes", complex="no",
        )  # fmt: skip
    stage.now += timedelta(minutes=1)

    def put_once(_: KthCall) -> None:
        tasks = [task.task for case in cases for task in stage.head(case).tasks.values()]
        assert tasks == ["concentrated"]
        _each_letter_once(stage, {"recurring"})
        assert not [row for row in stage.rows() if "#JOB" in row["PK"]]

    crash_everywhere(stage, stage.sweep, tally=tally, what="job", then=put_once)
