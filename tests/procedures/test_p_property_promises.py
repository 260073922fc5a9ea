"""物业管理: promises and appointments, losses, progress, cooperation."""

import pytest
from msgspec.structs import replace

from chalicelib.desk.engine import tasks_to_finish
from chalicelib.desk.people import Absence
from tests.procedures.estate import (
    BEYOND,
    PROMISE,
    REPLY,
    RESULT,
    SATISFIED,
    SOLUTION,
    VISIT,
    handling,
    hard,
    revisiting,
    solving,
)
from tests.procedures.playing import Play, answer, at


def away(play: Play, who: str, start: str, end: str) -> Play:
    """The same case while somebody has days off."""
    absences = [Absence(person=who, start=at(start), end=at(end))]
    play.desk = replace(play.desk, organisation=replace(play.desk.organisation, absences=absences))
    return play


@pytest.mark.rules("P-45")
def test_a_complaint_does_not_close_while_a_promise_is_open() -> None:
    play = handling().do("02 09:40", "p.li", "promise", promise_beyond="no", **PROMISE)
    assert play.letters == [("promised", "customer"), ("promise_owed", "p.li")]
    assert play.due("commitment@commitment-1") == "06 18:00"
    play.do("02 10:00", "p.li", "settle_solution", **SOLUTION).do("02 10:30", "p.li", "reply", **REPLY)
    play.do("02 15:00", "p.li", "finish", handled_how="已更换").do("02 16:00", "p.qin", "revisit", **SATISFIED)
    play.do("02 17:00", "p.qin", "record_result", **RESULT)
    assert play.case.stage == "finishing"
    assert play.do("05 10:00", "p.li", "keep_promise", promise_kept="已换好").case.stage == "closed"


@pytest.mark.rules("P-41", "P-45")
def test_a_promise_that_is_not_kept_in_time_stays_broken_and_stands_in_the_register() -> None:
    play = handling().do("02 09:40", "p.li", "promise", promise_beyond="no", **PROMISE)
    play.do("02 10:00", "p.li", "settle_solution", **SOLUTION).do("02 10:30", "p.li", "reply", **REPLY)
    assert ("promise_owed", "p.li") in play.wait("05 18:00").letters
    play.wait("06 18:00")
    assert {"p.li", "p.luo"} <= {to for letter, to in play.letters if letter == "late"}
    assert ("late", "p.gu") in play.wait("07 18:00").letters
    play.do("08 09:00", "p.li", "keep_promise", promise_kept="迟了两天")
    assert "commitment" in play.late()
    assert "promised_by" in play.desk.procedure.registers["broken_promises"].columns


@pytest.mark.rules("P-46")
def test_a_solution_beyond_authority_is_not_promised_before_it_is_approved() -> None:
    play = solving()
    assert "promise_solution" not in play.may("p.li", "03 09:30")
    play.do("03 10:00", "p.li", "settle_solution", **BEYOND)
    assert "approved" in play.refused("03 10:10", "p.li", "promise_solution", **PROMISE)
    play.do("03 11:00", "p.luo", "approve", approved="yes").do("03 11:10", "p.li", "promise_solution", **PROMISE)
    assert play.due("commitment@commitment-1") == "06 18:00"


@pytest.mark.rules("P-44", "P-46")
def test_nothing_of_a_solution_is_promised_before_there_is_one() -> None:
    assert "No solution" in handling().refused("02 10:00", "p.li", "promise_solution", **PROMISE)


@pytest.mark.rules("P-46")
def test_another_promise_beyond_authority_needs_leave() -> None:
    play = hard()
    assert "leave" in play.refused("02 10:00", "p.li", "promise", promise_beyond="yes", **PROMISE)
    play.do("02 10:10", "p.li", "ask_leave", leave_matter="减免一个月管理费")
    assert play.letters == [("leave_wanted", "p.luo")]
    play.do("02 11:00", "p.luo", "give_leave", leave_given="no")
    assert "leave" in play.refused("02 11:10", "p.li", "promise", promise_beyond="yes", **PROMISE)
    play.do("02 11:20", "p.li", "ask_leave", leave_matter="减免半个月").do(
        "02 12:00", "p.luo", "give_leave", leave_given="yes"
    )
    play.do("02 12:10", "p.li", "promise", promise_beyond="yes", **PROMISE)


@pytest.mark.rules("P-46")
def test_a_leave_is_for_one_promise_and_waits_while_others_are_made_within_authority() -> None:
    play = hard().do("02 10:10", "p.li", "ask_leave", leave_matter="减免半个月")
    play.do("02 11:00", "p.luo", "give_leave", leave_given="yes")
    play.do("02 11:10", "p.li", "promise", promise_beyond="no", **PROMISE)
    play.do("02 11:20", "p.li", "promise", promise_beyond="yes", **PROMISE)
    assert "leave" in play.refused("02 11:30", "p.li", "promise", promise_beyond="yes", **PROMISE)
    play.do("02 11:40", "p.li", "ask_leave", leave_matter="再减免半个月")
    assert "leave" in play.refused("02 11:50", "p.li", "promise", promise_beyond="yes", **PROMISE)


@pytest.mark.rules("P-45")
def test_a_promise_outlasts_the_wish_to_withdraw_until_it_is_kept() -> None:
    wish = {"withdrawal_how": "phone", "withdrawal_why": "不追究了", "withdrawal_own_wish": "yes"}
    play = handling().do("02 09:40", "p.li", "promise", promise_beyond="no", **PROMISE)
    assert "promise" in play.refused("02 10:00", "p.li", "withdraw", **wish)
    play.do("02 11:00", "p.li", "keep_promise", promise_kept="已送到")
    assert play.do("02 11:10", "p.li", "withdraw", **wish).case.status == "withdrawn"


@pytest.mark.rules("P-44")
def test_careless_words_to_the_customer_bring_up_a_caution() -> None:
    play = hard().do("02 10:00", "p.li", "explain", explained="我保证马上好", rough_limit=answer("09 18:00"))
    assert "careless promise" in play.warnings[0]["en"]


@pytest.mark.rules("P-42")
def test_a_missed_appointment_is_late_and_a_claimed_arrival_does_not_undo_it() -> None:
    play = hard().do("02 10:00", "p.li", "appoint", **VISIT)
    assert play.letters == [("appointment", "customer"), ("appointment_owed", "p.li")]
    assert play.due("appointment@appointment-1") == "07 10:00"
    assert ("appointment_owed", "p.li") in play.wait("07 08:00").letters
    play.wait("07 10:00")
    assert ("late", "p.luo") in play.letters
    play.do("07 11:00", "p.li", "arrive", arrived_at=answer("07 10:20"), arrival_record="已到场")
    assert "appointment" in play.late()
    assert not any(not task.finished for task in play.case.tasks.values())


@pytest.mark.rules("P-43")
def test_days_off_neither_move_nor_cancel_an_appointment() -> None:
    play = away(hard().do("02 10:00", "p.li", "appoint", **VISIT), "p.li", "06 00:00", "09 00:00")
    assert play.wait("06 12:00").due("appointment@appointment-1") == "07 10:00"
    assert ("appointment_owed", "p.li") in play.wait("07 08:00").letters  # on the day off too
    assert "arrive" in play.may("p.li", "07 09:30")  # bound on the day off as well
    assert "appointment" in play.wait("07 10:00").late()


@pytest.mark.rules("P-43")
def test_somebody_else_comes_only_with_the_owners_recorded_agreement() -> None:
    play = hard().do("02 10:00", "p.li", "appoint", **VISIT)
    change = VISIT | {"visitor": "p.meng", "change_why": "业主电话同意"}
    assert "required" in play.refused("05 10:00", "p.li", "change_appointment", **change)
    play.do("05 10:00", "p.li", "change_appointment", change_agreed="yes", **change)
    assert (play.due("appointment@appointment-1"), play.due("appointment@appointment-2")) == ("", "07 10:00")
    assert ("appointment_owed", "p.meng") in play.letters


@pytest.mark.rules("P-42", "P-43")
def test_a_second_appointment_with_somebody_else_takes_nothing_from_the_first() -> None:
    play = hard().do("02 10:00", "p.li", "appoint", **VISIT)
    play.do("02 11:00", "p.li", "appoint", **VISIT | {"visitor": "p.meng", "visit_at": answer("08 10:00")})
    reminded = [to for letter, to in play.wait("07 08:00").letters if letter == "appointment_owed"]
    assert set(reminded) == {"p.li"}
    reminded = [to for letter, to in play.wait("08 08:00").letters if letter == "appointment_owed"]
    assert set(reminded) == {"p.meng"}


@pytest.mark.rules("P-45")
def test_two_promises_are_owed_by_those_who_made_them() -> None:
    play = handling().do("02 09:40", "p.li", "promise", promise_beyond="no", **PROMISE)
    later = PROMISE | {"promised_by": "p.meng", "promise_due": answer("08 18:00")}
    play.do("02 09:50", "p.li", "promise", promise_beyond="no", **later)
    assert {to for letter, to in play.wait("05 18:00").letters if letter == "promise_owed"} == {"p.li"}
    assert "p.meng" not in {to for letter, to in play.wait("06 18:00").letters if letter == "late"}


@pytest.mark.rules("P-49")
def test_two_departments_that_cooperate_each_see_to_their_own_part() -> None:
    play = hard()
    for unit, due in (("engineering", "04 18:00"), ("security", "05 18:00")):
        asked = {"coop_department": unit, "coop_what": "查线路", "coop_due": answer(due)}
        play.do("02 10:00", "p.li", "ask_cooperation", **asked)
    theirs = play.desk.organisation.departments["engineering"].people[0]
    may = tasks_to_finish(play.desk, play.case, "finish_cooperation", theirs, at("03 09:00"))
    assert may == ["cooperation-1"]


@pytest.mark.rules("P-98")
def test_nobody_visits_at_home_without_the_residents_consent() -> None:
    home = VISIT | {"visit_place": "home"}
    assert "required" in hard().refused("02 10:00", "p.li", "appoint", **home)
    hard().do("02 10:00", "p.li", "appoint", home_consent="yes", **home)
    inside = {"visited_by": ["p.li"], "visited_at": answer("02 09:50"), "site_place": "home", "site_findings": "渗水"}
    assert "required" in hard().refused("02 10:00", "p.li", "site_visit", **inside)
    assert "required" in revisiting().refused("02 16:00", "p.qin", "revisit", **SATISFIED | {"revisit_how": "home"})


@pytest.mark.rules("P-61")
def test_a_visit_to_the_site_stores_who_when_and_what_was_found() -> None:
    seen = {
        "visited_by": ["p.li", "p.wan"],
        "visited_at": answer("02 09:50"),
        "site_place": "common",
        "site_findings": "断线",
    }
    play = hard().do("02 10:00", "p.li", "site_visit", **seen)
    assert (play.case.values["visited_by"], play.case.values["site_findings"]) == (["p.li", "p.wan"], "断线")


@pytest.mark.rules("P-39")
def test_a_loss_asks_for_a_task_to_stop_it() -> None:
    play = handling(loss="yes")
    assert play.due("stop_loss@stop_loss-1") == "03 09:30"
    assert ("late", "p.qin") in play.wait("03 09:30").letters
    play.do("03 10:00", "p.li", "stop_loss", loss_stopped="已关总阀", loss_stopped_at=answer("03 09:50"))
    assert "stop_loss" not in play.may("p.li", "03 10:10")
    assert "stop_loss" in hard().do("02 10:00", "p.li", "report_loss", loss_what="地板浸水").may("p.li", "02 10:10")


@pytest.mark.rules("P-49")
def test_a_department_asked_to_cooperate_is_tracked() -> None:
    asked = {"coop_department": "engineering", "coop_what": "检查线路", "coop_due": answer("03 12:00")}
    play = hard().do("02 10:00", "p.li", "ask_cooperation", **asked)
    assert play.letters == [("cooperate", "p.wan")]
    assert ("late", "p.qin") in play.wait("03 12:00").letters
    play.do("03 13:00", "p.duan", "finish_cooperation", coop_done="已检查")
    assert "finish_cooperation" not in play.may("p.duan", "03 13:10")


@pytest.mark.rules("P-48", "P-52")
def test_a_long_running_case_owes_the_customer_news_again_and_again() -> None:
    play = hard().do("02 10:00", "p.li", "mark_long", long_why="漏水需楼上住户配合")
    assert play.due("progress") == "06 00:00"
    play.do("04 10:00", "p.li", "tell_progress", progress="已联系楼上住户")
    assert {("progress", "customer"), ("progress_shared", "p.li"), ("progress_shared", "p.qin")} <= set(play.letters)
    assert play.due("progress") == "08 00:00"
    assert "progress" in play.wait("08 00:00").late()


@pytest.mark.rules("P-70", "P-77", "P-78")
def test_what_the_unit_cannot_solve_moves_up_stays_open_and_is_told_of() -> None:
    play = hard().do("02 10:00", "p.li", "move_up", department="engineering", moved_why="需停电施工")
    assert (play.case.stage, play.case.owner.person, play.due("progress")) == ("moved_up", "p.wan", "06 00:00")
    assert play.letters == [("moved_up", "p.wan")]
    play.do("03 10:00", "p.duan", "move_to_head", moved_why="需报批经费")
    assert (play.case.stage, play.case.owner.person) == ("with_head", "p.luo")
    assert play.wait("30 00:00").case.status == "handling"
