"""Who is who in a case: primary, secondary, stand-in, superior, and who is kept out."""

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.desk.cast import Cast
from chalicelib.desk.complaint import CUSTOMER
from chalicelib.desk.procedure import Clock
from tests.desk.build import DEPARTMENTS, MONDAY, POSTS, STAFF, Case, at, away, desk, person, with_people

LONG = ("03-01 00:00", "04-01 00:00")

ROLES = """
fields:
  department: {type: department}
  witness: {type: person}
  at_fault: {type: people}
roles:
  anyone: {everyone: yes}
  receiver: {did: register, superior: head}
  staff: {staff_of: department, superior: head}
  chief: {head_of: department, superior: director}
  guilty: {named_in: at_fault}
  seen_by: {named_in: witness}
  unit: {unit_of: receiver, superior: head}
bars:
  - {who: [guilty], may: [register, report]}
actions:
  say: {at: [working], by: [agent], may_ask: [department, witness, at_fault]}
  report: {at: [working], by: [anyone]}
  finish: {at: [working], by: [agent], goes: closed}
"""


def cast_of(case: Case, now: str = MONDAY) -> Cast:
    return Cast(case.desk, case.state, at(now))


def case_with(*absences: Any, by: str = "cho", **answers: Any) -> Case:
    case = Case(desk(ROLES), by=by)
    if answers:
        case.act("say", **answers)
    case.desk = with_people(case.desk, absences=list(absences))
    return case


@pytest.mark.parametrize(("did", "who"), [("[report, register]", "eva"), ("[register, report]", "cho")])
def test_of_several_actions_the_first_that_was_done_says_who_it_is(did: str, who: str):
    case = Case(desk(ROLES.replace("did: register", f"did: {did}")), by="cho")
    assert cast_of(case).holders("receiver") == ["cho"]
    case.act("report", by="eva")
    assert cast_of(case).holders("receiver") == [who]


def test_a_post_is_answered_by_its_primary_person():
    assert cast_of(case_with()).answers_for("agent") == "ann"


def test_where_the_primary_is_absent_the_secondary_answers():
    assert cast_of(case_with(away("ann", *LONG))).answers_for("agent") == "ben"


def test_a_stand_in_that_the_absence_names_comes_before_the_secondary():
    assert cast_of(case_with(away("ann", *LONG, stand_in="fay"))).answers_for("agent") == "fay"


def test_a_stand_in_who_is_away_too_is_passed_over():
    both = away("ann", *LONG, stand_in="fay"), away("fay", *LONG)
    assert cast_of(case_with(*both)).answers_for("agent") == "ben"


def test_where_nobody_of_the_role_is_here_the_superior_answers():
    gone = away("ann", *LONG), away("ben", *LONG)
    assert cast_of(case_with(*gone)).answers_for("agent") == "hua"
    assert cast_of(case_with(*gone, away("hua", *LONG), away("hui", *LONG))).answers_for("agent") == "dan"


def test_where_nobody_at_all_is_here_nobody_answers():
    everyone = [away(who, *LONG) for who in STAFF]
    assert cast_of(case_with(*everyone)).answers_for("agent") == ""


def test_a_role_whose_superior_leads_back_to_itself_ends():
    circle = ROLES.replace("  seen_by: {named_in: witness}", "  a: {superior: b}\n  b: {superior: a}")
    assert Cast(desk(circle), case_with().state, at(MONDAY)).answers_for("a") == ""


def test_absence_is_looked_up_at_the_instant():
    case = case_with(away("ann", "03-03 00:00", "03-04 00:00"))
    instants = ("03-02 24:00", "03-02 23:59", "03-03 23:59", "03-04 00:00")
    assert [cast_of(case, now).answers_for("agent") for now in instants] == ["ben", "ann", "ben", "ann"]


def test_whoever_left_the_staff_holds_no_role():
    case = case_with()
    case.desk = with_people(case.desk, staff={**STAFF, "ann": replace(STAFF["ann"], active=False)})
    assert cast_of(case).holders("agent") == ["ben"]
    assert not cast_of(case).may("ann", ["anyone"])


def test_everyone_is_the_whole_staff():
    assert cast_of(case_with()).holders("anyone") == list(STAFF)


def test_who_did_an_action_first_holds_that_role_though_others_do_it_again():
    case = Case(desk(ROLES.replace("did: register", "did: report")))
    case.act("report", by="cho")
    case.act("report", by="eva")
    assert cast_of(case).holders("receiver") == ["cho"]


def test_where_the_website_registered_the_superior_answers_for_the_receiver():
    case = case_with(by="")
    assert (cast_of(case).holders("receiver"), cast_of(case).answers_for("receiver")) == ([], "hua")


def test_the_people_and_the_head_of_the_department_named():
    cast = cast_of(case_with(department="works"))
    assert (cast.holders("staff"), cast.holders("chief")) == (["eva", "fay"], ["eva"])


def test_where_no_department_is_named_yet_the_superior_answers():
    assert cast_of(case_with()).answers_for("staff") == "hua"


def test_the_people_that_a_field_names():
    cast = cast_of(case_with(at_fault=["eva", "cho"], witness="fay"))
    assert (cast.holders("guilty"), cast.holders("seen_by")) == (["eva", "cho"], ["fay"])


def test_nobody_is_named_by_an_answer_that_is_unknown():
    cast = cast_of(case_with(at_fault={"unknown": "not found out"}, witness={"unknown": "no camera"}))
    assert (cast.holders("guilty"), cast.holders("seen_by")) == ([], [])


def test_the_unit_of_a_person_is_they_first_and_then_their_department():
    assert cast_of(case_with()).holders("unit") == ["cho", "ann", "ben"]


def test_a_role_that_nobody_defined_has_no_holders():
    assert cast_of(case_with()).holders("nobody_knows") == []


# kept out


def test_the_person_concerned_may_do_nothing_but_what_the_bar_leaves_them():
    case = case_with(at_fault=["ann"])
    assert case.open_to("ann") == ["report"]
    assert case.open_to("ben") == ["say", "report", "finish"]


def test_the_person_concerned_is_passed_over_for_the_secondary_and_the_superior():
    assert cast_of(case_with(at_fault=["ann"])).answers_for("agent") == "ben"
    assert cast_of(case_with(at_fault=["ann", "ben"])).answers_for("agent") == "hua"


def test_the_person_concerned_stands_in_for_nobody():
    assert cast_of(case_with(away("ann", *LONG, stand_in="fay"), at_fault=["fay"])).answers_for("agent") == "ben"


def test_two_bars_leave_a_person_only_what_both_leave():
    both = ROLES.replace("bars:", "bars:\n  - {who: [seen_by], may: [report, say]}")
    case = Case(desk(both))
    case.act("say", at_fault=["ann"], witness="ann")
    assert not Cast(case.desk, case.state, case.now).barred("ann", "report")
    assert Cast(case.desk, case.state, case.now).barred("ann", "say")


def test_a_case_does_not_stay_with_somebody_who_turns_out_to_be_concerned():
    case = case_with(at_fault=["ann"])
    assert case.state.owner.person == "ben"


# in charge


def test_the_one_in_charge_is_the_owner_or_who_stands_in():
    assert cast_of(case_with()).in_charge() == "ann"
    assert cast_of(case_with(away("ann", *LONG))).in_charge() == "ben"
    assert cast_of(case_with(away("ann", *LONG, stand_in="fay"))).in_charge() == "fay"


@pytest.mark.parametrize("gone", [("ann", "ben"), ("ann", "ben", "hua", "hui")])
def test_whoever_is_in_charge_may_do_what_those_in_charge_may(gone: tuple[str, ...]):
    cast = cast_of(case_with(*(away(who, *LONG) for who in gone)))
    assert cast.may(cast.in_charge(), ["in_charge"])
    assert cast.may(cast.in_charge(), ["agent"])


def test_the_absent_keep_their_rights():
    assert cast_of(case_with(away("ann", *LONG))).may("ann", ["agent"])


def test_whoever_was_handed_the_case_has_the_rights_of_the_role_in_charge():
    case = Case(desk(HANDED))
    case.act("hand_over", next_one="fay")
    assert (case.state.owner.person, case.state.owner.department) == ("fay", "works")
    assert case.open_to("fay") == ["hand_over", "finish"]
    case.act("finish", by="fay")
    assert case.state.stage == "closed"


HANDED = """
fields:
  next_one: {type: person}
roles:
  agent: {superior: head}
actions:
  hand_over: {at: [working], by: [in_charge], asks: [next_one], hands_to: next_one}
  finish: {at: [working], by: [agent], goes: closed}
"""


def test_one_who_was_handed_the_case_and_is_away_is_stood_in_for_by_the_role():
    case = Case(desk(HANDED))
    case.act("hand_over", next_one="fay")
    case.desk = with_people(case.desk, absences=[away("fay", *LONG)])
    assert cast_of(case).in_charge() == "ann"


def test_roles_beside_the_one_in_charge_may_act_too():
    case = Case(
        desk("""
        stages:
          working: {status: handling, in_charge: agent, also: [head]}
        actions:
          finish: {at: [working], by: [in_charge], goes: closed}
        """)
    )
    assert cast_of(case).holders("in_charge") == ["ann", "ben", "hua", "hui"]
    assert [who for who in STAFF if case.open_to(who)] == ["ann", "ben", "hua", "hui"]


def test_who_tracks_the_case_may_act_by_that_name_even_through_the_superior():
    case = Case(
        desk("""
        tracked_by: agent
        actions:
          look: {at: [working], by: [tracked_by]}
        """)
    )
    case.desk = with_people(case.desk, absences=[away("ann", *LONG), away("ben", *LONG)])
    assert "look" in case.open_to("hua")
    assert cast_of(case).recipients(["tracked_by"]) == ["hua"]


def test_an_owner_has_the_department_that_the_case_names_or_their_own():
    case = case_with(department="works")
    assert cast_of(case).owner("agent").department == "desk"
    assert cast_of(case).owner("staff").department == "works"
    assert cast_of(case).owner(None).person == ""


def test_the_owner_of_a_stage_is_its_primary_person_also_while_away():
    assert cast_of(case_with(away("ann", *LONG))).owner("agent").person == "ann"


# who is told


def test_each_is_told_once_however_many_roles_lead_to_them():
    assert cast_of(case_with()).recipients(["in_charge", "owner", "agent", "customer"]) == ["ann", CUSTOMER]


def test_everyone_of_a_role_is_told_where_the_letter_goes_to_all_of_it():
    absent = away("ben", *LONG, stand_in="fay")
    assert cast_of(case_with(absent)).recipients(["all_of agent"]) == ["ann", "ben"]  # to read when back
    assert cast_of(case_with(department="works")).recipients(["head", "all_of staff"]) == ["hua", "eva", "fay"]
    assert cast_of(case_with(at_fault=["ben"])).recipients(["all_of agent"]) == ["ann"]
    assert cast_of(case_with()).recipients(["all_of guilty"]) == ["hua"]  # nobody: the superior


def test_the_superior_is_the_one_of_the_role_in_charge():
    assert cast_of(case_with()).recipients(["superior"]) == ["hua"]


def test_where_nobody_of_the_roles_is_found_the_superior_is_told():
    assert cast_of(case_with()).recipients(["guilty"]) == ["hua"]


def test_where_there_is_no_superior_either_the_administrators_are_told():
    case = case_with()
    case.act("finish")
    assert cast_of(case).recipients(["guilty"]) == ["dan"]


def test_no_administrator_is_told_who_left_or_is_concerned():
    case = Case(desk(ROLES, posts={}, staff={**STAFF, "gus": person("gus", admin=True, active=False),
                                             "kim": person("kim", admin=True)}))  # fmt: skip
    case.desk = with_people(case.desk, departments=DEPARTMENTS)
    case.state = replace(case.state, values={"at_fault": ["dan"]})
    assert cast_of(case).recipients(["head"]) == ["kim"]


def test_for_a_task_those_in_charge_are_the_people_of_the_task():
    case = Case(
        desk("""
        tasks:
          look: {for: [head]}
        actions:
          ask: {at: [working], by: [agent], opens: [{task: look}]}
        """)
    )
    case.act("ask")
    clock = Clock(title={})
    assert Cast(case.desk, case.state, case.now, "look-1").recipients(["in_charge"], clock) == ["hua"]
    assert POSTS["head"][0] == "hua"
