"""C公司: one-stop acceptance, then 24 hours + 24 hours + 3 days + 2 days."""

import pytest

from chalicelib.desk.errors import NotAllowed
from tests.procedures.playing import Play, answer, shared
from tests.procedures.shown import shown

SORTED = {"category": "equipment", "filed": "yes", "complex": "no"}


def received(**settings: str) -> Play:
    play = Play("c-company", "02 09:00", "customer", "web", **settings)
    return play.open(content="电梯停运", received_at=answer("02 09:00"))


def transferred(**settings: str) -> Play:
    play = received(**settings)
    play.do("02 10:00", "c.li", "send_form", receiving_unit="project_service", scope="other_department")
    return play.do("02 11:00", "c.wang", "classify", scope="other_department", department="engineering", **SORTED)


def solving(**settings: str) -> Play:
    return transferred(**settings).do("02 12:00", "c.sun", "accept")


@pytest.mark.rules("C-05", "C-18")
def test_a_complaint_from_the_website_lies_with_reception_which_has_24_hours_to_send_the_form() -> None:
    play = received()
    assert play.case.owner.person == "c.li"
    assert play.due("form_in") == "03 09:00"
    assert play.wait("03 09:00").late() == ["form_in"]


@pytest.mark.rules("C-10", "C-11")
def test_the_receiving_unit_can_neither_refuse_nor_send_the_customer_elsewhere() -> None:
    assert set(received().may("c.li", "02 09:00")) - shared() == {"send_form", "act_for_customer"}


@pytest.mark.rules("C-12", "C-22")
def test_what_lies_in_its_own_scope_comes_back_to_the_receiving_unit_after_filing() -> None:
    play = Play("c-company", "02 09:00", "c.xu", "visit").open(content="漏水", received_at=answer("02 09:00"))
    play.do("02 10:00", "c.shen", "send_form", receiving_unit="property", scope="own")
    assert play.case.values["department"] == "property"
    play.do("02 11:00", "c.wang", "classify", scope="own", department="property", **SORTED)
    assert (play.case.stage, play.case.owner.department) == ("solving", "property")
    assert play.due("three_days") == "06 00:00"


@pytest.mark.rules("C-23")
def test_the_24_hours_of_transfer_count_from_the_arrival_of_the_form() -> None:
    play = received()
    play.do("02 20:00", "c.li", "send_form", receiving_unit="project_service", scope="other_department")
    assert play.due("transfer") == "03 20:00"


@pytest.mark.rules("C-19", "C-23")
def test_a_department_that_does_not_accept_in_time_loses_the_case_to_customer_service() -> None:
    play = transferred(accept="8h").wait("02 19:00")
    assert (play.case.stage, play.case.owner.role) == ("classifying", "customer_service")
    assert ("not_accepted", "c.zhou") in play.letters


def test_without_a_time_to_accept_the_department_is_never_late_to_accept() -> None:
    assert transferred(accept="").wait("12 09:00").case.stage == "transferred"


@pytest.mark.rules("C-25")
def test_the_department_has_until_midnight_of_the_third_day_after_acceptance() -> None:
    play = solving()
    assert play.due("three_days") == "06 00:00"
    assert ("declare_or_solve", "c.sun") in play.wait("05 00:00").letters
    assert play.wait("06 00:00").late() == ["three_days"]


@pytest.mark.rules("C-25")
def test_a_stricter_site_counts_the_three_days_from_first_receipt() -> None:
    assert solving(solve_counts_from="done register", solve="2d").due("three_days") == "05 00:00"


@pytest.mark.rules("C-26", "C-20")
def test_customer_service_tells_the_result_within_two_days_and_that_closes_the_case() -> None:
    play = solving().do("03 09:00", "c.sun", "return_result", result="已修复")
    assert (play.case.owner.person, play.due("tell_result")) == ("c.wang", "06 00:00")
    play.do("04 09:00", "c.wang", "tell_customer", reply="电梯已恢复运行", told_how="phone", satisfied="yes")
    assert play.case.stage == "closed"
    assert play.letters == [("result", "customer")]


@pytest.mark.rules("C-27", "C-28", "C-29")
def test_what_cannot_be_solved_at_once_is_explained_within_the_same_three_days_and_gets_a_new_time() -> None:
    play = solving().do("05 09:00", "c.sun", "declare_unsolvable", why_not="缺配件")
    assert (play.case.owner.person, play.due("three_days")) == ("c.wang", "06 00:00")
    play.do("05 10:00", "c.wang", "agree_new_time", explained="等待配件", new_time=answer("09 12:00"))
    assert (play.due("three_days"), play.due("agreed_time")) == ("", "09 12:00")
    assert play.late() == []


@pytest.mark.rules("C-27")
def test_a_second_declaration_has_three_days_of_its_own() -> None:
    play = solving().do("03 09:00", "c.sun", "declare_unsolvable", why_not="缺配件")
    play.do("03 10:00", "c.wang", "agree_new_time", explained="等待配件", new_time=answer("09 12:00"))
    play.do("08 09:00", "c.sun", "declare_unsolvable", why_not="配件未到")
    assert play.due("explain_again") == "12 00:00"


@pytest.mark.rules("C-30")
def test_a_complex_case_closes_only_after_the_joint_explanation() -> None:
    play = solving().do("02 13:00", "c.wang", "organise_joint").do("03 09:00", "c.sun", "return_result", result="好")
    play.do("03 10:00", "c.wang", "tell_customer", reply="好", told_how="phone")
    assert play.case.stage == "told"
    assert play.do("05 10:00", "c.wang", "hold_joint", joint_record="工程、营销参加").case.stage == "closed"


@pytest.mark.rules("C-32")
def test_the_customer_is_invited_to_the_common_time_and_attendance_is_logged() -> None:
    play = solving().do("03 09:00", "c.wang", "set_common_time", common_time=answer("07 15:00"), common_place="会所")
    assert play.letters == [("invitation", "customer")]
    play.wait("07 15:00")
    assert "common_explanation" in play.late()
    play.do("07 17:00", "c.wang", "log_attendance", attended="came", common_record="已说明")
    assert all(task.finished for task in play.case.tasks.values())


@pytest.mark.rules("C-33")
def test_a_dissatisfied_customer_is_recorded_without_an_invented_loop() -> None:
    play = solving().do("03 09:00", "c.sun", "return_result", result="好")
    play.do("03 10:00", "c.wang", "tell_customer", reply="好", told_how="phone", satisfied="no", dissatisfied_why="慢")
    assert play.case.stage == "closed"
    assert play.warnings


def test_a_hand_over_nobody_accepts_stays_with_whoever_made_it() -> None:
    play = solving().do("02 13:00", "c.sun", "hand_over", hand_over_to="c.qian", hand_over_why="出差")
    assert play.case.owner.person == "c.sun"
    assert ("hand_over_late", "c.sun") in play.wait("02 17:00").letters
    assert play.may("c.qian", "02 17:00").count("accept_hand_over") == 0


def test_a_colleague_who_accepts_takes_the_case_over() -> None:
    play = solving().do("02 13:00", "c.sun", "hand_over", hand_over_to="c.qian", hand_over_why="出差")
    assert play.do("02 14:00", "c.qian", "accept_hand_over").case.owner.person == "c.qian"


def test_only_the_customers_own_wish_withdraws_a_complaint() -> None:
    play, words = solving(), {"withdrawal_how": "phone", "withdrawal_why": "不投诉了"}
    assert "required" in play.refused("03 09:00", "c.wang", "withdraw", **words)
    play.do("03 09:00", "c.wang", "withdraw", withdrawal_own_wish="yes", **words)
    assert (play.case.stage, play.letters) == ("withdrawn", [("withdrawn", "customer")])


@pytest.mark.rules("C-02", "C-26")
def test_nobody_but_customer_service_tells_the_customer() -> None:
    play = solving().do("03 09:00", "c.sun", "return_result", result="好")
    with pytest.raises(NotAllowed):
        play.do("03 10:00", "c.sun", "tell_customer", reply="好", told_how="phone")


@pytest.mark.rules("C-01", "C-24")
def test_the_principles_are_shown_to_whoever_has_the_case() -> None:
    assert {"C-01", "C-24"} <= shown(received(), "c.li", "02 09:30", "background")
    assert {"C-01", "C-24"} <= shown(solving(), "c.sun", "02 13:00", "background")


@pytest.mark.rules("C-10", "C-11")
def test_never_to_refuse_and_never_to_send_on_is_shown_while_it_is_received() -> None:
    assert {"C-10", "C-11"} <= shown(received(), "c.li", "02 09:30", "prohibition")
    assert not {"C-10", "C-11"} & shown(solving(), "c.sun", "02 13:00")


@pytest.mark.rules("C-15")
def test_a_warm_reception_is_asked_of_the_receiving_unit_while_it_receives() -> None:
    assert "C-15" in shown(received(), "c.li", "02 09:30", "checklist")
    assert "C-15" not in shown(transferred(), "c.sun", "02 11:30")
