"""Cases of the same customer, and cases that tell the same."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.desk.alike import DAYS, Likeness, likeness, profile, same_customer, sentence
from chalicelib.desk.complaint import Complaint
from tests.desk.build import procedure

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LIFT, AGAIN, FEES = "一号楼电梯停运三天，老人无法下楼", "一号楼电梯又停了，老人下不了楼", "物业费多收了两个月"
FORMS = procedure("""
fields:
  kind_of: {type: choice, means: category, choices: {lift: {zh: 电梯}, fees: {zh: 收费}}}
  where: {type: text, intake: content.where}
  told: {type: long, intake: content.details}
  machine: {title: {zh: 设备编号, en: Machine}, type: text}
  room: {type: text, intake: customer.room}
links:
  machine: {title: {zh: 同一设备}, same: [machine, room]}
""")


def case(number: str, *keys: str, summary: str = "", after: dict[str, float] | None = None, **values: Any) -> Complaint:
    """A case received some time after the others."""
    closed: Any = values.pop("status", "handling")
    received = NOW + timedelta(**(after or {}))
    return Complaint(
        org="o", site="main", number=number, procedure="p", procedure_version=1, channel="phone", kind="complaint",
        language="zh-Hans", received_at=received, registered_at=NOW, customer_keys=list(keys), summary=summary,
        values=values, status=closed,
    )  # fmt: skip


def between(one: Complaint, other: Complaint, *, knows: bool = True) -> Likeness:
    return likeness(profile(FORMS, one, knows=knows), profile(FORMS, other, knows=knows))


OLD = case("1", "phone:a", "room:b", summary=LIFT, kind_of="lift", where="一号楼")


def test_one_matter_taken_down_twice_is_a_duplicate_and_says_why() -> None:
    found = between(case("2", "phone:a", summary=AGAIN, after={"days": 2}, kind_of="lift"), OLD)
    assert found.kind == "duplicate"
    assert sentence(found, "zh-Hans") == "同一电话、同一类别、相隔2天，内容相近，该件尚未办结"
    assert sentence(found, "zh-Hant") == "同一電話、同一類別、相隔2天，內容相近，該件尚未辦結"
    assert sentence(found, "en") == ("same phone, same category, 2 days apart; similar wording; that one is still open")


@pytest.mark.parametrize("status", ["closed", "archived", "withdrawn"])
def test_who_comes_again_after_the_end_repeats_the_complaint(status: str) -> None:
    ended = case("1", "phone:a", summary=LIFT, kind_of="lift", status=status)
    assert between(case("2", "phone:a", summary=AGAIN, after={"days": 2}, kind_of="lift"), ended).kind == "repeat"


@pytest.mark.rules("P-53")
def test_the_same_room_and_category_is_a_repeat_whatever_the_words() -> None:
    again = case("2", "room:b", summary="你们到底管不管", after={"days": 89}, kind_of="lift")
    assert between(again, OLD).kind == "repeat"
    late = case("2", "room:b", summary="你们到底管不管", after={"days": 91}, kind_of="lift")
    assert between(late, OLD).kind is None
    profiles = profile(FORMS, late), profile(FORMS, OLD)
    assert likeness(*profiles, {**DAYS, "repeat": 100}).kind == "repeat"


def test_a_customer_with_another_matter_is_only_the_same_customer() -> None:
    found = between(case("2", "phone:a", summary=FEES, after={"days": 2}, kind_of="fees"), OLD)
    assert found.kind is None
    assert sentence(found, "zh-Hans") == "同一电话、相隔2天"


def test_the_same_words_about_another_category_are_no_duplicate() -> None:
    assert between(case("2", "phone:a", summary=LIFT, kind_of="fees"), OLD).kind == "repeat"


@pytest.mark.rules("C-31")
def test_another_customer_who_tells_the_same_within_hours_reports_the_same_problem() -> None:
    found = between(case("2", "phone:z", summary=AGAIN, after={"hours": 5}, kind_of="lift", where="一号楼"), OLD)
    assert found.kind == "same_problem"
    assert sentence(found, "zh-Hans") == "同一类别、同一地点、相隔5小时，内容相近，该件尚未办结"
    assert between(case("2", summary=AGAIN, after={"days": 3}, kind_of="lift", where="一号楼"), OLD).kind is None


def test_others_in_the_same_category_alone_are_not_alike() -> None:
    assert between(case("2", "phone:z", summary="门禁失灵", after={"hours": 5}, kind_of="lift"), OLD).kind is None


def test_what_a_link_goes_by_counts_and_has_its_own_title() -> None:
    one, other = (case(n, summary=LIFT, machine="DT-０７") for n in "12")
    found = between(one, case("3", summary=AGAIN, machine="dt-07"))
    assert found.kind == "same_problem"
    assert "设备编号相同" in sentence(found, "zh-Hans")
    assert between(one, other).words == 1


def test_nothing_of_the_customer_is_compared_for_whoever_may_not_know_it() -> None:
    again = case("2", "phone:a", "room:b", summary=LIFT, after={"days": 2}, kind_of="lift", room="1-405")
    old = case("1", "phone:a", "room:b", summary=LIFT, kind_of="lift", room="1-405")
    found = between(again, old, knows=False)
    assert (found.keys, found.kind) == ([], "same_problem")
    assert "房号" not in sentence(found, "zh-Hans")
    assert not {name for name in found.shared if "room" in name}


def test_what_is_hidden_from_the_reader_is_not_compared() -> None:
    told: dict[str, Any] = {"told": "一号楼电梯停运三天", "machine": "DT-07", "where": "一号楼"}
    one, other = (profile(FORMS, case(n, **told), hidden=["machine", "told"]) for n in "12")
    found = likeness(one, other)
    assert set(found.shared) == {"place"}
    assert found.words == 0


SOME = st.builds(
    case,
    st.just("9"),
    *[st.sampled_from(["phone:a", "room:b"])] * 2,
    summary=st.sampled_from([LIFT, AGAIN, FEES, ""]),
    after=st.builds(lambda hours: {"hours": hours}, st.integers(0, 3000)),
    kind_of=st.sampled_from(["lift", "fees", None, {"unknown": "?"}]),
    where=st.sampled_from(["一号楼", "二号楼", ""]),
    status=st.sampled_from(["handling", "closed"]),
)


@given(SOME, SOME)
def test_likeness_is_mutual_and_bounded(one: Complaint, other: Complaint) -> None:
    there, back = between(one, other), between(other, one)
    assert (there.score, there.keys, set(there.shared), there.apart) == (
        back.score, back.keys, set(back.shared), back.apart,
    )  # fmt: skip
    assert 0 <= there.score <= 1
    assert bool(there.kind) == bool(back.kind) or one.finished != other.finished
    assert there.kind is None or there.apart <= timedelta(days=DAYS[there.kind])
    for language in ("zh-Hans", "zh-Hant", "en"):
        assert sentence(there, language)


def test_cases_with_a_phone_a_room_or_a_plate_in_common_are_one_customers() -> None:
    cases = [case("1", "phone:a"), case("2", "room:b"), case("3"), case("4", "phone:a", "room:b"), case("5", "plate:a")]
    assert same_customer(cases) == [["1", "2", "4"], ["3"], ["5"]]


@given(st.lists(st.sets(st.sampled_from("abcdef"), max_size=3), max_size=12))
def test_customers_are_told_apart_as_one_would_by_hand(held: list[set[str]]) -> None:
    found = same_customer(case(str(index), *keys) for index, keys in enumerate(held))
    assert sorted(number for group in found for number in group) == sorted(str(index) for index in range(len(held)))
    assert all(group == sorted(group, key=int) for group in found)
    of = {int(number): index for index, group in enumerate(found) for number in group}
    for one, mine in enumerate(held):
        reached, before = set(mine), None
        while reached != before:
            before, reached = reached, reached.union(*(other for other in held if other & reached), set())
        for other, theirs in enumerate(held):
            assert (of[one] == of[other]) == (one == other or bool(theirs & reached))
