"""W: the person complained about is kept out; whoever is away holds nothing up."""

import pytest

from chalicelib.desk.errors import NotFound
from tests.stories.dates import away
from tests.stories.story import Case
from tests.stories.workshop import heard, noise, numbered

# the person concerned


def letters_to(case: Case, person: str) -> list[str]:
    """Every letter that somebody got."""
    return [letter.letter for letter in case.town.letters if letter.to == person]


def sees(case: Case, person: str) -> bool:
    """Whether somebody sees the case."""
    try:
        case.town.world.show(case.town.org, case.number, person, "zh-Hans")
    except NotFound:
        return False
    return True


@pytest.mark.rules("W-100", "W-102")
def test_a_customer_manager_who_is_complained_about_sees_nothing_gets_nothing_and_the_second_takes_it_over() -> None:
    case = numbered(concerned="谢磊")
    assert case.head.values["person_concerned"] == ["w.xie"]
    assert case.owner == "w.deng"
    case.until("03-03 15:00")
    assert case.told("determination") == [
        "03-03 07:00 w.deng due_soon",  # due at 05:50
        "03-03 09:50 w.pan late",
        "03-03 13:50 w.fan late",
    ]
    assert letters_to(case, "w.xie") == []
    assert case.may("w.xie") == []
    assert not sees(case, "w.xie")
    assert sees(case, "w.deng")
    for action in ("find_facts", "talk", "determine", "add_note", "mark_major"):
        assert case.refused(action, by="w.xie") == "not allowed"


@pytest.mark.rules("W-43", "W-51", "W-102")
def test_the_person_concerned_may_record_and_report_the_complaint_and_nothing_else() -> None:
    case = noise(by="w.wei", concerned="w.wei")
    assert case.may("w.wei") == ["report"]
    assert case.do("report", by="w.wei").stage == "reported"
    assert case.may("w.wei") == []


@pytest.mark.rules("W-102")
def test_where_first_and_second_are_both_complained_about_their_superior_takes_it() -> None:
    case = noise(concerned="w.xie").do("report").do("open_form", by="w.pan", person_concerned=["w.xie", "w.deng"])
    case.do("number_form")
    assert case.owner == "w.fan"
    assert letters_to(case, "w.deng") == ["new_report"]  # before anybody knew
    heard(case).do("determine")
    assert case.head.done["determine"].by == "w.fan"


@pytest.mark.rules("W-102")
def test_the_case_leaves_whoever_is_found_to_be_concerned_while_it_lies_with_them() -> None:
    case = noise().do("report").do("open_form", by="w.pan", person_concerned=["w.pan"])
    assert (case.stage, case.owner) == ("opened", "w.cao")
    assert case.refused("number_form", by="w.pan") == "not allowed"
    assert case.do("number_form").head.done["number_form"].by == "w.cao"


@pytest.mark.rules("W-60", "W-102")
def test_whoever_is_found_at_fault_handles_it_no_more() -> None:
    case = heard(numbered()).do("determine", at_fault=["w.ding"])
    assert case.refused("finish_rework", by="w.ding") == "not allowed"
    case.do("review").do("report_result").do("give_opinion")
    assert case.sent("gm_opinion", to="w.ding") == []
    assert case.sent("gm_opinion", to="w.wei") != []
    assert case.do("finish_rework", by="w.wei").head.tasks["rework-1"].finished_by == "w.wei"


@pytest.mark.rules("W-102")
def test_a_case_does_not_appear_in_the_worklist_of_the_person_concerned() -> None:
    case = numbered(concerned="w.xie")
    listed = case.town.world.stores.cases.worklist(case.town.org, owner="w.xie").items
    assert listed == []
    assert [row.number for row in case.town.world.stores.cases.worklist(case.town.org, owner="w.deng").items] == [
        case.number
    ]


# absence


@pytest.mark.rules("W-100", "W-101")
def test_no_clock_stands_for_a_weekend_off_and_the_second_person_is_told_and_acts() -> None:
    weekend = away("w.xie", "03-07 00:00", "03-09 00:00")
    case = noise("03-07 09:00", weekend).do("report").do("open_form").do("number_form")
    assert case.sent("new_report", to="w.xie") == []
    assert case.sent("new_report", to="w.deng") == ["03-07 09:00 w.deng"]
    assert (case.owner, case.who("in_charge")) == ("w.xie", "w.deng")
    case.until("03-08 14:00")
    assert case.told("determination") == [
        "03-08 07:00 w.deng due_soon",  # due at 05:00
        "03-08 09:00 w.pan late",
        "03-08 13:00 w.fan late",
    ]
    heard_on_sunday = case.do("read_history").do("find_facts").do("talk").do("determine")
    assert heard_on_sunday.head.done["determine"].by == "w.deng"
    assert letters_to(case, "w.xie") == []


@pytest.mark.rules("W-101")
def test_a_stand_in_named_for_the_absence_comes_before_the_second_person() -> None:
    case = noise("03-07 09:00", away("w.xie", "03-07 00:00", "03-09 00:00", stand_in="w.tang")).do("report")
    assert case.sent("new_report")[0] == "03-07 09:00 w.tang"
    assert case.do("open_form", by="w.tang").stage == "opened"


@pytest.mark.rules("W-101")
def test_with_both_away_their_superior_answers() -> None:
    both = away("w.xie", "03-07 00:00", "03-09 00:00"), away("w.deng", "03-06 00:00", "03-10 00:00")
    case = noise("03-07 09:00", *both).do("report")
    assert case.sent("new_report")[0] == "03-07 09:00 w.fan"
    assert case.do("open_form", by="w.fan").stage == "opened"


@pytest.mark.rules("W-101")
def test_whoever_comes_back_finds_the_case_and_gets_the_next_warning() -> None:
    case = noise("03-08 21:00", away("w.xie", "03-07 00:00", "03-09 00:00")).do("report").do("open_form")
    case.do("number_form").until("03-09 18:00")
    assert case.told("determination") == ["03-09 17:00 w.xie due_soon"]


@pytest.mark.rules("W-100")
def test_every_post_of_the_demo_has_a_first_and_a_second_person() -> None:
    case = noise()
    assert all(len(people) >= 2 for people in case.desk.site.posts.values())
    assert all(len(unit.people) >= 2 for unit in case.desk.organisation.departments.values())
