"""W, the car workshop: the main way of a complaint and every limit on it, in time and late."""

import pytest

from tests.stories.dates import answer, at
from tests.stories.town import Town
from tests.stories.workshop import NOISE, accounting, assessing, heard, noise, numbered, reviewing

# the main way


@pytest.mark.rules(
    "W-19", "W-36", "W-37", "W-51", "W-52", "W-53", "W-57", "W-59", "W-63", "W-65", "W-66", "W-69", "W-70", "W-71",
    "W-72", "W-76", "W-89", "W-90", "W-91", "W-96",
)  # fmt: skip
def test_the_main_way_in_time_from_the_reception_to_the_archive_and_nobody_hears_of_lateness() -> None:
    case = noise()
    assert (case.stage, case.owner, case.due("report")) == ("received", "w.lin", "03-02 10:10")
    case.until("03-02 09:30").do("report")
    assert (case.stage, case.owner, case.due("open_form")) == ("reported", "w.xie", "03-02 10:00")
    case.until("03-02 09:40").do("open_form")
    assert (case.stage, case.owner, case.due("number_form")) == ("opened", "w.pan", "03-02 10:10")
    case.until("03-02 09:50").do("number_form")
    assert (case.stage, case.owner, case.due("determination")) == ("determining", "w.xie", "03-03 09:50")
    heard(case).until("03-02 16:00").do("determine", rework_at=answer("03-04 16:00"))
    assert (case.stage, case.owner, case.due("review")) == ("reviewing", "w.yuan", "03-02 20:00")
    assert case.head.values["cost_bearer"] == "workshop"
    assert (case.sent("rework_booked"), case.due("rework")) == (["03-02 16:00 customer"], "03-04 16:00")
    case.until("03-02 17:00").do("review")
    assert (case.stage, case.due("report_up"), case.due("review")) == ("reporting", "03-02 21:00", "")
    case.until("03-02 18:00").do("report_result")
    assert (case.stage, case.owner, case.due("general_manager_opinion")) == ("with_general_manager", "w.fan", "")
    case.until("03-02 19:00").do("give_opinion")
    assert (case.stage, case.due("accountability")) == ("accounting", "03-03 03:00")  # eight hours, over midnight
    case.until("03-02 21:30").do("complete_final")
    assert (case.stage, case.due("same_day")) == ("final_form", "03-03 00:00")
    case.until("03-02 21:50").do("transfer_final")
    assert (case.stage, case.owner, case.due("revisit")) == ("assessing", "w.pan", "03-03 21:50")
    case.until("03-03 09:00").do("assess")
    assert (case.stage, case.due("revisit")) == ("finishing", "")  # held while something is still being handled
    case.until("03-04 10:00").do("finish_rework").do("finish_task")
    assert (case.stage, case.due("revisit")) == ("revisiting", "03-04 22:50")
    case.until("03-04 15:00").do("revisit")
    assert (case.stage, case.due("archive")) == ("archiving", "03-05 15:00")
    case.until("03-04 16:00").do("archive")
    assert (case.stage, case.head.status, case.late) == ("archived", "archived", [])
    assert case.until("05-05 00:00").sent("late") == []


@pytest.mark.rules("W-70", "W-71")
def test_the_general_managers_opinion_goes_back_at_once_and_becomes_a_task_to_carry_out() -> None:
    case = accounting()
    assert case.sent("gm_opinion") == ["03-02 19:00 w.xie", "03-02 19:00 w.ding", "03-02 19:00 w.yuan"]
    assert case.due("carry_out") == "03-06 00:00"
    assert case.refused("finish_task", by="w.yuan") == "not allowed"
    case.until("03-06 08:00")
    assert case.told("carry_out") == ["03-06 07:00 w.yuan late", "03-06 07:00 w.fan late"]


# receive and report


@pytest.mark.rules("W-31", "W-43")
@pytest.mark.parametrize("person", ["w.lin", "w.wei", "w.su", "w.fan", "w.pan"])
@pytest.mark.parametrize("channel", ["phone", "visit"])
def test_any_member_of_staff_records_an_opinion_and_then_has_to_report_it(person: str, channel: str) -> None:
    case = Town("w-workshop", "03-02 09:10").receives({**NOISE, "channel": channel}, by=person)
    assert (case.stage, case.owner, case.due("report")) == ("received", person, "03-02 10:10")
    assert "report" in case.may(person)


@pytest.mark.rules("W-44", "W-45", "W-46", "W-47", "W-48", "W-49", "W-50")
def test_what_the_first_record_lacks_is_said_or_explained_before_the_report_goes_up() -> None:
    case = noise()
    values = case.head.values
    assert (values["event_time"], values["event_place"], values["nature"]) == ("2月28日维修", "机修车间", "quality")
    open_ones = dict.fromkeys(("apologised_at", "event_people", "event_course", "event_result"))
    refusal = case.refused("report", **open_ones)
    assert all(f"{name}: is required; where it is not known, say why" in refusal for name in open_ones)
    case.do("report", event_people={"unknown": "车主记不清是哪位师傅"})
    assert case.head.values["event_people"] == {"unknown": "车主记不清是哪位师傅"}
    assert at("03-02 09:10").isoformat().startswith(case.head.values["apologised_at"].rstrip("Z"))


@pytest.mark.rules("W-50", "W-58", "W-77")
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("质量问题", "quality"), ("服务态度", "attitude"), ("文明生产", "civilised_production"), ("工期延误", "delay"),
        ("配件延时", "parts_delay"), ("客户不在场", "customer_absent"), ("客户没有时间", "customer_no_time"),
        ("工期延誤", "delay"), ("Quality problem", "quality"), ("attitude", "attitude"),
    ],
)  # fmt: skip
def test_the_first_judgement_of_its_nature_is_kept_in_whatever_language_it_was_chosen(said: str, kept: str) -> None:
    case = Town("w-workshop", "03-02 09:10").receives({**NOISE, "category": said}, by="w.lin")
    assert case.head.values["nature"] == kept


@pytest.mark.rules("W-51")
def test_a_report_missing_after_an_hour_is_told_to_both_it_should_have_gone_to_then_to_the_general_manager() -> None:
    case = noise().until("03-02 12:00")
    assert case.told("report") == [
        "03-02 09:55 w.lin due_soon",
        "03-02 10:10 w.xie late",
        "03-02 10:10 w.pan late",
        "03-02 11:10 w.fan late",
    ]
    case.do("report")
    assert (case.stage, case.late) == ("reported", ["report 03-02 10:10"])
    assert case.until("03-10 00:00").told("report")[4:] == []


@pytest.mark.rules("W-52", "W-53", "W-54", "W-55", "W-56")
def test_the_form_is_opened_and_numbered_at_once_with_plate_writer_and_summary() -> None:
    case = noise().until("03-02 09:30").do("report")
    lacking = dict.fromkeys(("plate", "filled_by", "brief", "department"))
    refusal = case.refused("open_form", **lacking)
    assert all(f"{name}: is required" in refusal for name in lacking)
    case.until("03-02 11:00").do("open_form")
    assert case.told("open_form") == ["03-02 10:00 w.pan late", "03-02 11:00 w.fan late"]
    assert case.refused("number_form", by="w.xie") == "not allowed"
    case.until("03-02 12:00").do("number_form")
    assert case.told("number_form") == ["03-02 11:30 w.fan late"]
    assert case.sent("form_numbered") == ["03-02 12:00 w.xie", "03-02 12:00 w.ding"]


@pytest.mark.rules("W-53")
def test_numbers_are_never_used_twice_and_the_same_request_makes_no_second_form() -> None:
    town = Town("w-workshop", "03-02 09:10")
    cases = [town.receives(NOISE, by="w.lin", key=f"key {n}") for n in range(40)]
    assert len({case.number for case in cases}) == 40
    assert town.receives(NOISE, by="w.lin", key="key 7").number == cases[7].number


@pytest.mark.rules("W-53")
def test_two_forms_of_one_complaint_are_linked_and_both_stay() -> None:
    town = Town("w-workshop", "03-02 09:10")
    first, second = (town.receives(NOISE, by=person).do("report") for person in ("w.lin", "w.gao"))
    second.do("link_duplicate", joins=first.number)
    assert first.head.groups == second.head.groups == {"duplicate": first.number}
    assert (first.stage, second.stage) == ("reported", "reported")


@pytest.mark.rules("W-30")
def test_a_complaint_with_which_nothing_was_done_for_eight_hours_is_told_of() -> None:
    case = numbered().until("03-02 17:10")
    assert case.told("first_action") == ["03-02 17:10 w.fan late"]
    assert numbered().do("read_history").until("03-02 18:00").told("first_action") == []


# assessment and archive


@pytest.mark.rules("W-92", "W-93")
def test_every_final_form_is_assessed_for_timeliness_and_measure() -> None:
    case = assessing()
    refusal = case.refused("assess", timely=None, severity_used=None, problem=None)
    assert all(name in refusal for name in ("timely", "severity_used", "problem"))
    case.until("03-04 11:00")
    assert case.told("assess") == ["03-04 10:00 w.fan late"]


@pytest.mark.rules("W-94", "W-95", "W-96")
def test_a_form_with_a_problem_goes_back_for_fault_determination_and_only_then_on() -> None:
    case = assessing(revisit_wanted="no").do("assess", problem="yes")
    assert (case.stage, case.owner, case.sent("form_returned")) == ("returned", "w.yuan", ["03-03 10:00 w.yuan"])
    assert "fault_finding: is required" in case.refused("determine_fault", fault_finding=None)
    case.until("03-04 11:00")
    assert case.told("fault_finding") == ["03-04 10:00 w.fan late"]
    case.do("determine_fault").do("finish_rework").do("finish_task")
    assert case.do("archive").stage == "archived"


@pytest.mark.rules("W-96")
def test_nobody_but_the_service_centre_archives() -> None:
    case = assessing(revisit_wanted="no").do("assess").do("finish_rework").do("finish_task")
    assert case.stage == "archiving"
    for person in ("w.lin", "w.xie", "w.yuan", "w.fan", "w.ding"):
        assert case.refused("archive", by=person) == "not allowed"
    assert case.do("archive", by="w.cao").stage == "archived"


# what the customer learns


@pytest.mark.rules("W-05", "W-14")
def test_neither_opinion_nor_penalty_nor_note_ever_reaches_the_customer_and_all_of_it_is_on_record() -> None:
    case = accounting().do("add_note", note="车主是老客户，注意态度。").do("complete_final")
    tracked = case.town.world.track(case.head, "zh-Hans")
    shown = case.to_customer() + str(tracked)
    for secret in ("检验把关不严", "通报批评", "老客户", "已与责任人谈话", "举一反三"):
        assert secret not in shown
        assert any(secret in str(event.answers) for event in case.history)
    assert "返修时间" in shown


@pytest.mark.rules("W-14")
def test_a_record_is_corrected_beside_what_was_written_first() -> None:
    case = numbered().do("correct_record", by="w.xie")
    first = next(event for event in case.history if event.action == "open_form")
    assert first.answers["brief"] == "返修后故障仍在"
    assert case.history[-1].answers["correction"] == "应为3栋2单元1102。"


@pytest.mark.rules("W-15", "W-22")
def test_every_case_of_a_vehicle_is_found_again_by_its_plate() -> None:
    town = Town("w-workshop", "03-02 09:10")
    first = town.receives(NOISE, by="w.lin")
    second = town.receives({**NOISE, "customer": {"plate": "粤A D2468"}}, by="w.gao")
    found, _ = town.world.show.of_customer(town.org, "w.xie", "zh-Hans", plate="粤AD2468")
    assert {view.number for view in found} == {first.number, second.number}


def test_an_owner_may_withdraw_and_all_clocks_end() -> None:
    for case in (noise(), numbered(), reviewing(), assessing()):
        assert case.do("withdraw", by="tracked_by").head.status == "withdrawn"
        assert case.until("04-30 00:00").late == []
