"""地产公司: registration, reasonableness, both paths, approval, carrying out, revisit and filing."""

import pytest

from chalicelib.desk.errors import NotAllowed
from chalicelib.desk.facts import Facts
from chalicelib.desk.procedure import Limit
from chalicelib.procedures.compile import compile_source, sources
from tests.procedures.gardens import (
    ANALYSIS,
    DIRECT,
    DONE,
    FAILED,
    REPORT,
    SOLVED,
    UNREASONABLE,
    UNSOLVED,
    VALID,
    analysing,
    approving,
    clarifying,
    implementing,
    judged,
    registered,
    revisiting,
    with_office,
)
from tests.procedures.playing import UNKNOWN, Play, answer


def listed(play: Play, register: str) -> bool:
    """Whether a register holds the case."""
    return Facts(play.case).hold(play.desk.procedure.registers[register].holds)


@pytest.mark.parametrize("channel", ["phone", "visit", "web", "letter", "referral"])
@pytest.mark.rules("M-01", "M-11")
def test_a_complaint_on_any_channel_lies_with_customer_service(channel: str) -> None:
    play = Play("m-property", "02 09:00", "customer", channel)  # type: ignore[arg-type] # one of the channels
    play.open(content="门禁失灵", received_at=answer("02 09:00"), subject="product")
    assert (play.case.stage, play.case.owner.person) == ("registered", "m.ma")
    assert set(play.desk.procedure.fields["subject"].choices) == {"product", "management_service"}


@pytest.mark.rules("M-03")
def test_a_registration_with_a_missing_item_is_taken_but_goes_no_further() -> None:
    play = Play("m-property", "02 09:00", "m.ma").open(content="门禁失灵", received_at=answer("02 09:00"))
    missing = play.refused("02 09:30", "m.ma", "judge", **FAILED)
    assert missing.count("required") == 4
    whole = {"subject": "product", "demand": UNKNOWN, "room": "3栋", "event_time": UNKNOWN}
    assert play.do("02 09:30", "m.ma", "judge", **FAILED, **whole).case.stage == "reporting"


@pytest.mark.rules("M-04")
def test_the_time_to_forwarding_is_measured_and_what_is_not_forwarded_is_listed() -> None:
    play = registered()
    assert (play.due("judge"), listed(play, "not_forwarded")) == ("02 13:00", True)
    assert ("late", "m.hu") in play.wait("02 13:00").letters
    play = judged(FAILED)
    assert (play.due("report"), listed(play, "not_forwarded")) == ("02 13:30", True)
    assert not listed(clarifying(), "not_forwarded")


@pytest.mark.rules("M-12", "M-13", "M-14")
def test_a_reasonable_matter_needs_its_department_and_enters_the_follow_up_form() -> None:
    without = {name: value for name, value in FAILED.items() if name != "department"}
    assert "required" in registered().refused("02 09:30", "m.ma", "judge", **without)
    assert listed(judged(FAILED), "follow_up")
    assert not listed(judged(UNREASONABLE), "follow_up")


@pytest.mark.rules("M-12", "M-32", "M-53")
def test_an_unreasonable_matter_is_talked_over_with_the_complainant_within_the_prescribed_time() -> None:
    play = judged(UNREASONABLE)
    assert (play.case.stage, play.due("invalid")) == ("invalid", "05 00:00")
    assert "required" in play.refused("03 10:00", "m.ma", "contact_complainant", explained="非本公司产品")
    play.do("03 10:00", "m.ma", "contact_complainant", explained="非本公司产品", related_work="协助联系厂家")
    assert (play.case.stage, play.letters) == ("filing", [("explained", "customer")])
    late = judged(UNREASONABLE).wait("05 00:00")
    assert ("late", "m.hu") in late.letters


@pytest.mark.rules("M-16")
def test_a_general_complaint_is_reported_by_phone_or_orally_with_a_log_entry() -> None:
    play = judged(FAILED)
    assert "required" in play.refused("02 10:00", "m.ma", "report", report_how="oral", reported_to=["m.hu"])
    assert "does not apply" in play.refused("02 10:00", "m.ma", "report", **REPORT, written_report="report-1")
    play.do("02 10:00", "m.ma", "report", **REPORT)
    assert {("reported", "m.pan"), ("reported", "m.hu")} == set(play.letters)


@pytest.mark.rules("M-17")
def test_an_important_complaint_needs_a_written_report() -> None:
    play = judged(FAILED | {"importance": "important"})
    assert "required" in play.refused("02 10:00", "m.ma", "report", **REPORT)
    assert play.do("02 10:00", "m.ma", "report", **REPORT, written_report="report-1").case.stage == "clarifying"


@pytest.mark.rules("M-19", "M-20", "M-22", "M-23")
def test_a_direct_complaint_is_looked_into_then_told_to_the_office_which_contacts_the_customer() -> None:
    without = {name: value for name, value in DIRECT.items() if name != "situation"}
    assert "required" in registered().refused("02 09:30", "m.ma", "judge", **without)
    play = with_office()
    assert (play.case.stage, play.case.owner.person) == ("with_office", "m.xiao")
    assert ("office_told", "m.xiao") in play.letters
    spoke = {"office_contact_at": answer("02 14:00"), "office_contact": "当日维修"}
    with pytest.raises(NotAllowed):
        play.do("02 14:10", "m.ma", "office_contact", **spoke)
    assert play.do("02 14:10", "m.dong", "office_contact", **spoke).letters == [("office_reported", "m.ma")]


@pytest.mark.rules("M-21")
def test_the_customer_is_pointed_to_the_office_only_with_consent() -> None:
    play = with_office()
    assert "consent" in play.refused("02 11:00", "m.ma", "point_to_office", consent="no")
    play.do("02 11:00", "m.ma", "point_to_office", consent="yes")
    assert play.letters == [("pointed_to_office", "customer")]


@pytest.mark.rules("M-24", "M-25")
def test_customer_service_checks_the_offices_result_and_revisits() -> None:
    play = with_office()
    assert play.due("with_office") == "05 00:00"
    assert "contacted" in play.refused("03 09:00", "m.ma", "check_result", office_solved="yes", check_note="好")
    play.do("03 10:00", "m.xiao", "office_contact", office_contact_at=answer("03 09:50"), office_contact="已修")
    play.do("04 09:00", "m.ma", "check_result", office_solved="yes", check_note="属实")
    assert (play.case.stage, play.due("revisit")) == ("revisiting", "08 00:00")
    assert set(play.desk.procedure.fields["revisit_how"].choices) == {"phone", "visit"}
    assert play.do("05 09:00", "m.zhu", "revisit", **SOLVED | {"revisit_how": "visit"}).case.stage == "filing"


@pytest.mark.rules("M-24", "M-41")
def test_an_office_that_does_nothing_is_told_of_upwards_and_its_lateness_to_administration() -> None:
    play = with_office().wait("05 00:00")
    assert {("late", "m.hu"), ("lateness", "m.cheng")} <= set(play.letters)
    play.do("05 09:00", "m.ma", "check_result", office_solved="no", check_note="管理处未联系")
    assert (play.case.stage, play.case.values["path"]) == ("clarifying", "office_failed")


@pytest.mark.rules("M-26", "M-27", "M-28", "M-29", "M-52")
def test_path_two_is_made_clear_asked_of_the_office_judged_and_filled_in_valid_or_not() -> None:
    play = clarifying()
    for missing in ("clarified", "office_says", "valid", "form_filled"):
        answers = {name: value for name, value in VALID.items() if name != missing}
        assert "required" in play.refused("02 11:00", "m.ma", "judge_validity", **answers)
    assert play.do("02 11:00", "m.ma", "judge_validity", **VALID).case.stage == "analysing"
    invalid = clarifying().do("02 11:00", "m.ma", "judge_validity", **VALID | {"valid": "no"})
    assert (invalid.case.stage, listed(invalid, "follow_up")) == ("invalid", True)


@pytest.mark.rules("M-30", "M-34", "M-36")
def test_a_valid_complaint_is_analysed_in_time_after_the_department_was_contacted() -> None:
    play = analysing()
    assert play.due("analysis") == "05 00:00"
    assert "contacted" in play.refused("02 12:00", "m.ma", "analyse", **ANALYSIS)
    play.do("02 13:00", "m.ma", "contact_department", contact_note="缺配件")
    assert play.letters == [("department_contacted", "m.pan")]
    play.do("02 14:00", "m.ma", "analyse", **ANALYSIS)
    assert play.case.values["commitment_rule"] == "报修24小时内到场"
    assert ("late", "m.hu") in analysing().wait("05 00:00").letters


@pytest.mark.rules("M-35", "M-37")
def test_nothing_is_carried_out_before_the_head_of_department_approves() -> None:
    play = approving()
    assert (play.case.owner.person, play.letters) == ("m.ren", [("approval_wanted", "m.ren")])
    assert "implement" not in play.may("m.tian", "02 15:00")
    play.do("02 15:00", "m.ren", "approve", approved="no", approval_words="措施不足")
    assert (play.case.stage, play.letters) == ("analysing", [("not_approved", "m.ma")])
    again = approving().do("02 15:00", "m.ren", "approve", approved="yes")
    assert (again.case.stage, again.case.owner.person) == ("implementing", "m.tian")
    assert again.letters == [("to_implement", "m.tian")]


@pytest.mark.rules("M-38")
def test_the_complainant_is_told_what_will_be_done_and_at_the_revisit_what_was_done() -> None:
    play = implementing()
    assert "complainant" in play.refused("04 10:00", "m.tian", "implement", **DONE)
    play.do("02 16:00", "m.ma", "reply_plan", reply_plan="周五前更换")
    assert play.letters == [("plan_told", "customer")]
    play.do("04 10:00", "m.tian", "implement", **DONE).do("05 10:00", "m.ma", "revisit", **SOLVED)
    assert play.letters == [("result", "customer")]


@pytest.mark.rules("M-02")
def test_a_nonconforming_service_needs_its_correction_on_record() -> None:
    play = implementing().do("02 16:00", "m.tian", "reply_plan", reply_plan="周五前更换")
    assert "required" in play.refused("04 10:00", "m.tian", "implement", done_what="已更换", nonconforming="yes")
    assert listed(play.do("04 10:00", "m.tian", "implement", **DONE), "corrections")


@pytest.mark.rules("M-31")
def test_the_customer_is_revisited_within_the_prescribed_time() -> None:
    play = revisiting()
    assert (play.case.owner.person, play.due("revisit")) == ("m.ma", "07 00:00")
    play.do(
        "04 11:00", "m.ma", "log_revisit_attempt", revisit_outcome="agreed_time", revisit_again_at=answer("05 09:00")
    )
    assert play.due("revisit_call") == "05 09:00"
    assert ("late", "m.hu") in play.wait("07 00:00").letters


@pytest.mark.rules("M-07", "M-18")
def test_what_is_solved_is_filed_by_category_and_closed() -> None:
    play = revisiting().do("05 10:00", "m.ma", "revisit", **SOLVED)
    assert "required" in play.refused("05 11:00", "m.ma", "file")
    assert play.do("05 11:00", "m.ma", "file", category="equipment").case.stage == "closed"


@pytest.mark.rules("M-07", "M-26")
def test_what_is_not_solved_goes_through_path_two_again() -> None:
    play = revisiting().do("05 10:00", "m.ma", "revisit", **UNSOLVED)
    assert (play.case.stage, play.case.round, play.case.values["path"]) == ("clarifying", 2, "office_failed")
    assert "valid" not in play.case.values


@pytest.mark.rules("M-24", "M-31", "M-32", "M-34", "M-48")
def test_the_prescribed_times_that_a_site_does_not_set_are_one() -> None:
    declared = compile_source(sources()["m-property"])
    prescribed = {"with_office": "office_check", "revisit": "revisit", "invalid": "invalid_contact",
                  "analysis": "analysis", "other_units": "other_units"}  # fmt: skip
    shared = declared.bind({"prescribed": "48h", "analysis": "3d"}).clocks
    limits = {clock: shared[clock].limits[-1].limit for clock in prescribed}
    assert limits.pop("analysis") == Limit(kind="days", amount=3)
    assert set(limits.values()) == {Limit(kind="elapsed", amount=48 * 60)}
    assert all(declared.bind({}).clocks[clock].limits[-1].limit == Limit() for clock in prescribed)
