"""C公司: one problem that many customers report, and how a third complaint of a kind is noticed."""

import pytest

from tests.stories.company import LEAK
from tests.stories.dates import answer
from tests.stories.story import Case
from tests.stories.town import Town


def neighbours(number: int = 3) -> list[Case]:
    """Neighbours who report the same leak on the same evening, each with engineering since Saturday noon."""
    town = Town("c-company", "02-13 18:00")
    cases = [
        town.receives({**LEAK, "customer": {"phone": f"1390000{n:04d}", "room": f"3-2-{n:04d}"}}, by="c.li")
        for n in range(1101, 1101 + number)
    ]
    town.until("02-14 12:00")
    return [case.do("send_form").do("classify").do("accept") for case in cases]


@pytest.mark.rules("C-31", "C-32")
def test_one_common_time_is_set_once_and_every_customer_of_the_group_is_invited() -> None:
    first, second, third = neighbours()
    second.do("join_group", joins=first.number)
    third.do("join_group", joins=second.number)
    assert {case.head.groups["same_problem"] for case in (first, second, third)} == {first.number}
    second.do("set_common_time", common_time=answer("02-27 15:00")).until("02-14 12:05")
    for case in (first, second, third):
        assert len(case.sent("invitation", to="customer")) == 1
        assert "02" in case.due("common_explanation")
        assert case.due("common_explanation") == "02-27 15:00"
        assert "售楼处二楼会议室" in case.to_customer()


@pytest.mark.rules("C-32")
def test_attendance_is_logged_for_each_customer_and_none_is_closed_before() -> None:
    first, second, _ = neighbours()
    second.do("join_group", joins=first.number)
    first.do("set_common_time", common_time=answer("02-27 15:00")).until("02-14 12:05")
    for case in (first, second):
        case.do("return_result").do("tell_customer")
        assert case.stage == "told"
    first.until("02-27 15:30")
    assert first.do("log_attendance").stage == "closed"
    assert second.stage == "told"
    assert second.told("common_explanation")[-1] == "02-27 15:00 c.zhou late"
    assert second.do("log_attendance", attended="did_not_come").stage == "closed"


@pytest.mark.rules("C-31", "C-32")
def test_whoever_withdrew_or_is_in_no_group_is_not_invited() -> None:
    first, second, third = neighbours()
    second.do("join_group", joins=first.number).do("withdraw")
    first.do("set_common_time", common_time=answer("02-27 15:00")).until("02-15 12:00")
    assert second.sent("invitation") == third.sent("invitation") == []
    assert len(first.sent("invitation")) == 1


@pytest.mark.rules("C-31")
def test_grouped_complaints_stay_complaints_of_their_own() -> None:
    first, second, third = neighbours()
    third.do("join_group", joins=first.number)
    first.do("return_result").do("tell_customer")
    assert (first.stage, second.stage, third.stage) == ("closed", "solving", "solving")


@pytest.mark.rules("C-31")
def test_the_third_complaint_of_one_kind_within_thirty_days_is_brought_to_customer_service() -> None:
    last = neighbours()[-1].until("02-14 12:05")
    heard = {letter.letter for letter in last.town.letters if letter.to == "c.wang"}
    assert heard == {"form_in", "recurring"}
