"""Complaints that another body passed on: their reference and deadline stand beside ours, and they hear
before it ends.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.desk.complaint import Complaint
from chalicelib.procedures.compile import sources
from infra.seed import organisations
from tests.web.air import ORG, Air, complaint, on_air

DEMO = {one.id: one for one in organisations()}
REFERRAL = {"body": "示例市消费者协会", "reference": "消转〔2026〕88号", "deadline": "2026-11-27T17:00:00+08:00"}
WITHDRAWAL = {"withdrawal_how": "phone", "withdrawal_why": "不必了", "withdrawal_own_wish": "yes"}
REPORT = {"task": "report_back-1", "report_back_how": "writing", "reported_back": "已修复并向客户说明。"}


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air() as found:
        yield found


def case_of(air: Air, number: str, org: str = ORG) -> Complaint:
    found = air.stores.cases.load(org, number)
    assert found is not None
    return found


def test_their_reference_and_deadline_stand_beside_ours(air: Air) -> None:
    case = case_of(air, air.registered(channel="referral", referral=REFERRAL))
    named = {name: case.values[name] for name in ("referred_by", "their_reference", "their_deadline")}
    assert named == {
        "referred_by": REFERRAL["body"], "their_reference": REFERRAL["reference"],
        "their_deadline": "2026-11-27T09:00:00Z",
    }  # fmt: skip
    theirs, ours = case.clocks["report_back@report_back-1"], case.clocks["form_in"]
    assert theirs.due is not None
    assert theirs.due.isoformat() == "2026-11-27T09:00:00+00:00"
    assert ours.due not in (None, theirs.due)


def test_the_reference_may_be_given_as_the_external_one(air: Air) -> None:
    case = case_of(air, air.registered(referral={"body": "总部"}, external_ref="HQ-7"))
    assert case.values["their_reference"] == "HQ-7"
    assert "their_deadline" not in case.values
    assert case.clocks["report_back@report_back-1"].due is None  # measured, never late


def test_what_came_by_referral_with_a_reference_alone_is_reported_back_too(air: Air) -> None:
    number = air.registered(channel="referral", external_ref="12345-20260604-08117")
    case = case_of(air, number)
    assert (case.values["their_reference"], case.posted["external_ref"]) == ("12345-20260604-08117",) * 2
    assert air.act(number, "withdraw", "shen", **WITHDRAWAL).status_code == 422
    named = {"referred_by": "12345热线", "their_reference": "12345-20260604-08117",
             "their_deadline": "2026-11-27T09:00:00Z"}  # fmt: skip
    assert air.act(number, "correct_referral", "shen", task="report_back-1", **named).status_code == 200
    assert air.act(number, "report_back", "shen", **{**REPORT, "task": "report_back-2"}).status_code == 200
    assert air.act(number, "withdraw", "shen", **WITHDRAWAL).status_code == 200


def test_a_reference_of_whoever_passed_nothing_on_is_kept_as_it_was(air: Air) -> None:
    case = case_of(air, air.registered(external_ref="CRM-1"))
    assert case.posted["external_ref"] == "CRM-1"
    assert case.tasks == {}


@pytest.mark.parametrize(
    ("referral", "field"),
    [({}, "referral.body"), ({"body": ""}, "referral.body"),
     ({"body": "总部", "deadline": "soon"}, "referral.deadline"), ({"body": "总部", "who": "?"}, "referral.who")],
)  # fmt: skip
def test_what_is_wrong_with_a_referral_is_named(air: Air, referral: dict[str, Any], field: str) -> None:
    answer = air.post("/v1/complaints", complaint(referral=referral))
    assert answer.status_code == 422
    assert [wrong["field"] for wrong in answer.json_body["errors"]] == [field]


def test_nobody_ends_the_case_before_they_heard(air: Air) -> None:
    number = air.registered(referral=REFERRAL)
    refused = air.act(number, "withdraw", "shen", **WITHDRAWAL)
    assert refused.status_code == 422
    assert "has not heard yet" in refused.json_body["errors"][0]["problem"]
    assert case_of(air, number).status == "received"
    assert air.act(number, "report_back", "lin", **REPORT).status_code == 200
    assert air.act(number, "withdraw", "shen", **WITHDRAWAL).status_code == 200


def test_a_case_that_ends_by_itself_waits_until_they_heard(air: Air) -> None:
    number = air.registered(referral=REFERRAL)
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("lin", "send_form", {"receiving_unit": "service", "scope": "other_department"}),
        ("shen", "classify", {"category": "equipment", "filed": "yes", "scope": "other_department",
                              "department": "works", "complex": "no"}),
        ("wei", "accept", {}),
        ("wei", "return_result", {"result": "已更换曳引机。"}),
        ("shen", "tell_customer", {"reply": "已修复。", "told_how": "phone", "satisfied": "yes"}),
    ]  # fmt: skip
    for by, action, form in steps:
        done = air.act(number, action, by, **form)
        assert done.status_code == 200, done.body
    assert (case_of(air, number).stage, case_of(air, number).finished) == ("told", False)
    assert air.act(number, "report_back", "shen", **REPORT).status_code == 200
    assert case_of(air, number).status == "closed"


def test_their_deadline_is_warned_of_and_its_lateness_told_and_kept(air: Air) -> None:
    number = air.registered(referral=REFERRAL)
    air.wait(days=5)
    air.world.sweep.run(lambda: 1000.0)
    assert "report_back" in [missed.clock for missed in case_of(air, number).lateness]


def test_a_referral_that_comes_to_light_later_is_noted_then(air: Air) -> None:
    number = air.registered()
    noted = air.act(number, "note_referral", "shen", referred_by="总部", their_reference="HQ-7",
                    their_deadline="2026-11-30T09:00:00Z")  # fmt: skip
    assert noted.status_code == 200, noted.body
    assert air.act(number, "withdraw", "shen", **WITHDRAWAL).status_code == 422


def test_a_wrong_deadline_is_put_right_and_runs_from_then_on(air: Air) -> None:
    number = air.registered(referral={**REFERRAL, "deadline": "2026-11-22T17:00:00+08:00"})
    air.world.sweep.run(lambda: 1000.0)
    assert [missed.clock for missed in case_of(air, number).lateness] == ["report_back"]
    right = {"referred_by": REFERRAL["body"], "their_reference": REFERRAL["reference"]}
    put_right = air.act(number, "correct_referral", "shen", task="report_back-1",
                        **right, their_deadline="2026-12-22T09:00:00Z")  # fmt: skip
    assert put_right.status_code == 200, put_right.body
    due = {key: clock.due for key, clock in case_of(air, number).clocks.items() if clock.state == "running"}
    assert due["report_back@report_back-2"] == datetime(2026, 12, 22, 9, tzinfo=UTC)
    assert "report_back@report_back-1" not in due
    assert air.act(number, "withdraw", "shen", **WITHDRAWAL).status_code == 422  # they still have to hear
    assert air.act(number, "report_back", "shen", **{**REPORT, "task": "report_back-2"}).status_code == 200
    assert air.act(number, "withdraw", "shen", **WITHDRAWAL).status_code == 200


def test_a_deadline_of_theirs_that_is_over_already_is_taken_and_late_at_once(air: Air) -> None:
    number = air.registered(referral={**REFERRAL, "deadline": "2026-11-20T17:00:00+08:00"})
    air.world.sweep.run(lambda: 1000.0)
    letters = [posted.message for posted in air.stores.cases.messages(ORG, number)]
    assert {letter.to for letter in letters if letter.letter == "late"} == {"lin", "shen"}
    assert [missed.clock for missed in case_of(air, number).lateness] == ["report_back"]


def test_the_worklist_and_the_register_show_theirs_beside_ours(air: Air) -> None:
    number = air.registered(referral=REFERRAL)
    air.registered()
    lines = {line["number"]: line for line in air.get("/v1/tickets", by="lin").json_body["items"]}
    assert lines[number]["their_reference"] == REFERRAL["reference"]
    assert lines[number]["their_deadline"] == "2026-11-27T09:00:00Z"
    assert lines[number]["due"] == "2026-11-24T01:00:00Z"
    assert [line["their_reference"] for other, line in lines.items() if other != number] == [""]
    register = air.get("/v1/registers/referrals?period=2026-11", by="hou").json_body
    [line] = register["lines"]
    heads = [head["id"] for head in register["columns"]]
    said = dict(zip(heads, (cell["text"] for cell in line["cells"]), strict=True))
    assert (said["number"], said["referred_by"]) == (number, REFERRAL["body"])
    assert said["their_reference"] == REFERRAL["reference"]
    assert (said["their_deadline"], said["due"]) == ("2026-11-27 17:00", "2026-11-24 09:00")


@pytest.mark.parametrize("procedure", sorted(sources()))
def test_every_procedure_takes_referrals_and_reports_back(procedure: str) -> None:
    with on_air(DEMO[procedure]) as air:
        number = air.registered(org=procedure, channel="referral", referral=REFERRAL)
        case = case_of(air, number, procedure)
        assert case.values["their_reference"] == REFERRAL["reference"]
        if procedure != "s-store":  # a consumer association hears by S-62, which the hearing decides
            assert [run.task for run in case.tasks.values()] == ["report_back"]
