"""品牌店铺: the five steps of every grievance, from listening to telling the customer."""

from typing import Any

import pytest

from chalicelib.desk.errors import NotAllowed, NotOpen
from tests.procedures.playing import UNKNOWN, Play, answer
from tests.procedures.store import (
    FACTS,
    HEARD,
    IN_AUTHORITY,
    OUTSIDE,
    SOLVED,
    TOLD,
    TRANSFER,
    heard,
    informing,
    listening,
    settled,
    solving,
    transferred,
)

READ_BACK = ["name_read", "address_read", "phone_read", "content_read", "rest_read"]


@pytest.mark.rules("S-05", "S-31", "S-42", "S-47", "S-51", "S-61")
@pytest.mark.parametrize("channel", ["phone", "letter", "visit", "referral"])
def test_a_record_form_is_opened_for_every_complaint_on_every_channel(channel: Any) -> None:
    play = listening(channel)
    assert (play.case.stage, play.case.owner.person, play.case.values["content"]) == ("listening", "s.fang", "掉色")
    assert play.desk.procedure.channels.keys() >= {"phone", "letter", "visit", "referral"}


def test_a_complaint_from_the_website_lies_with_a_sales_assistant() -> None:
    play = Play("s-store", "02 11:00", "customer", "web").open(content="掉色", received_at=answer("02 11:00"))
    assert play.case.owner.person == "s.fang"


@pytest.mark.rules("S-02", "S-03")
def test_the_person_in_charge_is_called_to_a_grievance_and_takes_it_over() -> None:
    play = listening().do("02 11:02", "s.fang", "call_in_charge", called_at=answer("02 11:02"))
    assert play.letters == [("please_come", "s.lu")]
    play.do("02 11:10", "s.lu", "take_over", came_at=answer("02 11:09"))
    assert (play.case.stage, play.case.owner.person) == ("listening", "s.lu")
    assert (play.case.values["called_at"], play.case.values["came_at"]) == (
        "2026-11-02T03:02:00Z",
        "2026-11-02T03:09:00Z",
    )
    play.do("02 11:30", "s.lu", "hear", **{**HEARD, "received_by": "in_charge"})
    assert play.case.owner.person == "s.lu"


@pytest.mark.rules("S-03")
def test_a_person_in_charge_who_does_not_come_is_told_to_the_store_manager() -> None:
    play = listening().do("02 11:02", "s.fang", "call_in_charge", called_at=answer("02 11:02")).wait("02 13:02")
    assert ("late", "s.qin") in play.letters
    play.do("02 13:05", "s.qin", "take_over", came_at=answer("02 13:05"))
    assert play.case.owner.person == "s.qin"


@pytest.mark.rules("S-03", "S-21")
def test_an_assistant_with_authority_goes_on_alone_and_the_choice_is_recorded() -> None:
    play = listening().do("02 11:02", "s.fang", "call_in_charge", called_at=answer("02 11:02"))
    play.do("02 11:20", "s.fang", "go_on_alone", alone_why="负责人外出，顾客愿意继续")
    assert play.do("02 11:30", "s.fang", "hear", **HEARD).case.values["received_by"] == "alone"
    assert "take_over" not in play.may("s.lu", "02 11:40")


@pytest.mark.rules("S-16", "S-17", "S-52", "S-53", "S-54", "S-55", "S-56")
@pytest.mark.parametrize("left_out", ["heard_out", *READ_BACK])
def test_listening_ends_only_when_all_is_heard_and_each_entry_is_read_back(left_out: str) -> None:
    answers = {name: value for name, value in HEARD.items() if name != left_out}
    assert "required" in listening().refused("02 11:30", "s.fang", "hear", **answers)


@pytest.mark.rules("S-57")
def test_what_the_customer_corrects_at_the_read_back_is_recorded() -> None:
    corrected = {**HEARD, "phone_read": "corrected"}
    assert "required" in listening().refused("02 11:30", "s.fang", "hear", **corrected)
    play = listening().do("02 11:30", "s.fang", "hear", corrections="电话末位应为8", **corrected)
    assert play.case.values["corrections"] == "电话末位应为8"


@pytest.mark.rules("S-53", "S-56")
def test_an_address_the_customer_will_not_give_is_noted_with_the_reason() -> None:
    play = listening().do("02 11:30", "s.fang", "hear", **{**HEARD, "address_read": {"unknown": "顾客不愿告知住址"}})
    assert play.case.stage == "analysing"


@pytest.mark.rules("S-34", "S-35", "S-36", "S-37", "S-38")
@pytest.mark.parametrize("left_out", list(FACTS))
def test_a_phone_complaint_is_asked_the_five_basic_facts(left_out: str) -> None:
    four = {name: value for name, value in HEARD.items() if name != left_out}
    assert "is required; where" in listening().refused("02 11:30", "s.fang", "hear", **four)
    play = listening().do("02 11:30", "s.fang", "hear", **{**four, left_out: UNKNOWN})
    assert play.case.stage == "analysing"
    assert listening("visit").do("02 11:30", "s.fang", "hear", **four).case.stage == "analysing"


@pytest.mark.rules("S-39", "S-40", "S-41")
def test_a_special_case_wants_the_recording_labelled_or_the_reason_why_there_is_none() -> None:
    special = {**HEARD, "special": "yes"}
    assert "is required; where" in listening().refused("02 11:30", "s.fang", "hear", **special)
    assert "required" in listening().refused("02 11:30", "s.fang", "hear", recording="call-1", **special)
    labelled = {"recording": "call-1", "recording_for": "both", "caller_informed": "yes"}
    assert listening().do("02 11:30", "s.fang", "hear", **labelled, **special).case.stage == "analysing"
    none = listening().do("02 11:30", "s.fang", "hear", recording={"unknown": "设备故障"}, **special)
    none.do("02 12:00", "s.fang", "add_recording", **labelled)
    assert none.case.values["recording_for"] == "both"


@pytest.mark.rules("S-59")
def test_no_complaint_leaves_intake_without_an_end_date() -> None:
    answers = {name: value for name, value in HEARD.items() if name != "end_date"}
    assert "required" in listening().refused("02 11:30", "s.fang", "hear", **answers)
    assert "unknown" in listening().refused("02 11:30", "s.fang", "hear", **{**HEARD, "end_date": UNKNOWN})


@pytest.mark.rules("S-59")
def test_the_shops_default_holds_until_the_handler_enters_an_end_date() -> None:
    assert listening().due("end_date") == "10 00:00"
    assert heard().due("end_date") == "06 18:00"
    assert listening(end_date_default="").due("end_date") == ""


@pytest.mark.rules("S-59")
def test_every_complaint_has_an_end_date_from_intake_on_and_the_customer_reads_it() -> None:
    fields = listening().desk.procedure.fields
    assert listening().case.values["end_date"] == "2026-11-09T16:00:00Z"
    assert (fields["end_date"].seen_by, "end_date" in listening(end_date_default="").case.values) == ("customer", False)


@pytest.mark.rules("S-59")
def test_an_overdue_complaint_is_told_to_the_store_manager_and_then_to_head_office() -> None:
    play = heard().wait("05 18:00")
    assert ("due_soon", "s.fang") in play.letters
    assert ("late", "s.qin") in play.wait("06 18:00").letters
    assert ("late", "s.du") in play.wait("07 18:00").letters


@pytest.mark.rules("S-08", "S-51")
def test_a_grievance_settled_in_the_talk_still_has_its_form_read_back() -> None:
    assert "required" in listening().refused("02 11:30", "s.fang", "hear", **{**HEARD, "settled_in_talk": "yes"})
    play = listening().do("02 11:30", "s.fang", "hear", talk_result="当场换货", **{**HEARD, "settled_in_talk": "yes"})
    assert (play.case.stage, play.due("end_date")) == ("archiving", "")


@pytest.mark.rules("S-18", "S-19", "S-20", "S-21", "S-50")
def test_analysis_lists_the_key_points_and_answers_whether_it_is_within_authority() -> None:
    for left_out in ("key_points", "policy", "can_answer", "in_authority"):
        answers = {name: value for name, value in IN_AUTHORITY.items() if name != left_out}
        assert "required" in heard().refused("02 12:00", "s.fang", "analyse", **answers)
    play = solving()
    assert [row["point"] for row in play.case.values["key_points"]] == ["掉色", "态度"]
    with pytest.raises(NotOpen):
        heard().do("02 12:00", "s.fang", "solve", **SOLVED)


@pytest.mark.rules("S-22")
def test_head_office_may_be_asked_from_the_analysis_on_and_its_answer_comes_back() -> None:
    play = heard().do("02 12:00", "s.fang", "report_head_office", head_office_asked="同批次多件掉色")
    assert play.letters == [("to_head_office", "s.du")]
    play.do("02 15:00", "s.du", "head_office_answers", head_office_answer="全部换货")
    assert (play.letters, play.case.stage) == ([("from_head_office", "s.fang")], "analysing")


@pytest.mark.rules("S-21", "S-24")
def test_outside_authority_the_handler_cannot_settle_it() -> None:
    play = solving(OUTSIDE)
    assert "transfer it" in play.refused("02 13:00", "s.fang", "solve", **SOLVED)


@pytest.mark.rules("S-23")
def test_whether_policy_covers_the_solution_is_asked_and_a_no_is_warned_of() -> None:
    assert "required" in solving().refused("02 13:00", "s.fang", "solve", solution="换货")
    play = solving().do("02 13:00", "s.fang", "solve", **{**SOLVED, "covered": "no"})
    assert "policy" in play.warnings[0]["en"]
    assert informing().warnings == []


@pytest.mark.rules("S-24", "S-25")
def test_a_transfer_is_explained_to_the_customer_and_the_answer_recorded() -> None:
    for left_out in ("department", "transfer_explained", "transfer_accepted"):
        answers = {name: value for name, value in TRANSFER.items() if name != left_out}
        assert "required" in solving(OUTSIDE).refused("02 13:00", "s.fang", "transfer", **answers)
    play = transferred()
    assert (play.case.stage, play.case.owner.person) == ("transferred", "s.cui")
    assert play.letters == [("transferred", "s.cui"), ("transfer_explained", "customer")]
    assert (play.due("end_date"), play.warnings) == ("06 18:00", [])


@pytest.mark.rules("S-25")
def test_a_customer_who_does_not_accept_the_transfer_is_explained_to_again() -> None:
    play = solving(OUTSIDE).do("02 13:00", "s.fang", "transfer", **{**TRANSFER, "transfer_accepted": "no"})
    assert "explaining" in play.warnings[0]["en"]
    assert play.case.values["transfer_accepted"] == "no"


@pytest.mark.rules("S-24", "S-27")
def test_the_departments_solution_is_told_with_process_and_formalities() -> None:
    play = transferred()
    with pytest.raises(NotAllowed):
        play.do("03 10:00", "s.fang", "department_solves", **SOLVED)
    play.do("03 10:00", "s.cui", "department_solves", **SOLVED)
    assert (play.letters, play.case.owner.person) == ([("solution_in", "s.fang")], "s.fang")
    assert "required" in play.refused("03 11:00", "s.fang", "inform", **TOLD)
    play.do("03 11:00", "s.fang", "inform", process="持小票到店，三日内换货", **TOLD)
    assert (play.letters, play.case.stage) == ([("solution_outside", "customer")], "archiving")


@pytest.mark.rules("S-24")
def test_a_department_that_returns_the_case_leaves_the_end_date_standing() -> None:
    play = transferred().do("03 10:00", "s.cui", "return_transfer", return_why="属门店权限")
    assert (play.case.stage, play.case.owner.person, play.due("end_date")) == ("solving", "s.fang", "06 18:00")
    play.do("03 11:00", "s.fang", "analyse", **IN_AUTHORITY).do("03 12:00", "s.fang", "solve", **SOLVED)
    assert play.case.stage == "informing"


@pytest.mark.rules("S-26")
def test_the_customers_answer_is_recorded_and_an_accepted_solution_settles_it() -> None:
    assert "required" in informing().refused("02 14:00", "s.fang", "inform", told_how="in_person")
    play = settled()
    assert (play.letters, play.case.values["answer"], play.due("end_date")) == (
        [("solution", "customer")],
        "accepted",
        "",
    )


@pytest.mark.rules("S-26")
def test_a_solution_not_accepted_goes_back_to_finding_one_and_the_store_manager_may_end_it() -> None:
    assert "told a solution" in solving().refused("02 13:00", "s.qin", "end_unaccepted", end_why="无法协商")
    play = informing().do("02 14:00", "s.fang", "inform", **{**TOLD, "answer": "not_accepted"})
    assert (play.case.stage, play.letters, play.due("end_date")) == (
        "solving",
        [("not_accepted", "s.qin")],
        "06 18:00",
    )
    with pytest.raises(NotAllowed):
        play.do("02 15:00", "s.fang", "end_unaccepted", end_why="无法协商")
    assert play.do("03 10:00", "s.qin", "end_unaccepted", end_why="多次协商未成").case.stage == "archiving"


@pytest.mark.rules("S-13")
def test_telling_customers_that_they_are_wrong_is_warned_of() -> None:
    play = solving().do("02 13:00", "s.fang", "solve", covered="yes", solution="洗涤方法不当，是您的错")
    assert any("wrong" in warning["en"] for warning in play.warnings)
    polite = solving().do("02 13:00", "s.fang", "solve", covered="yes", solution="换货，并告知洗涤方法")
    assert polite.warnings == []


@pytest.mark.rules("S-58")
def test_a_home_visit_stores_date_visitor_and_outcome() -> None:
    play = heard()
    visit = {"visited_at": answer("02 12:00"), "visitor": "s.qin"}
    assert "required" in play.refused("03 10:00", "s.qin", "home_visit", **visit)
    play.do("03 10:00", "s.qin", "home_visit", visit_outcome="已致歉，顾客谅解", **visit)
    assert (play.case.values["visitor"], play.case.stage) == ("s.qin", "analysing")


@pytest.mark.rules("S-16", "S-50")
def test_a_complaint_in_person_goes_through_the_five_steps_in_their_order_each_in_somebodys_hands() -> None:
    play = listening("visit")
    steps = [(play.case.stage, play.case.owner.person)]
    for when, action, answers in (
        ("02 11:30", "hear", HEARD), ("02 12:00", "analyse", IN_AUTHORITY), ("02 13:00", "solve", SOLVED),
        ("02 14:00", "inform", TOLD), ("02 15:00", "archive", {"written_record": "yes"}),
    ):  # fmt: skip
        play.do(when, "s.fang", action, **answers)
        steps.append((play.case.stage, play.case.owner.person))
    stages = ["listening", "analysing", "solving", "informing", "archiving", "reviewing"]
    assert steps == [(stage, "s.fang") for stage in stages]
    assert {"analyse", "solve", "inform", "archive", "review"}.isdisjoint(listening("visit").may("s.fang", "02 11:10"))
