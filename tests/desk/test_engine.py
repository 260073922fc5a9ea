"""The engine's refusals, that nothing is half done, and that every action is open exactly at its stages."""

from datetime import datetime
from random import Random

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.desk.complaint import TaskRun, Tie
from chalicelib.desk.engine import decide, is_open, next_due, rearm, tick
from chalicelib.desk.errors import BadInput, NotAllowed, NotFound, NotOpen
from chalicelib.desk.people import Absence
from chalicelib.forecast.answering import answers_for
from chalicelib.forecast.made_up import staffed
from chalicelib.procedures.compile import compile_source, sources
from tests.desk.build import MONDAY, STAFF, Case, at, blank, desk, with_people

WORK = """
fields:
  found: {type: text, never_unknown: yes}
  next_one: {type: person, never_unknown: yes}
  at_fault: {type: person}
roles:
  agent: {superior: head}
  at_fault: {named_in: at_fault}
bars:
  - {who: [at_fault]}
tasks:
  look: {for: [agent]}
stages:
  working: {status: handling, in_charge: agent}
  checking: {status: handling, in_charge: head}
actions:
  look: {at: [working], by: [agent], asks: [found], may_ask: [at_fault], opens: [{task: look}]}
  looked: {at: [open], by: [agent], finishes: look}
  hand_over: {at: [open], by: [in_charge], asks: [next_one], hands_to: next_one}
  finish:
    at: [working]
    by: [agent]
    goes: closed
    needs: [{that: {done: look}, say: {en: Look first}}]
    warns: [{when: {open: look}, say: {en: Somebody is still looking}}]
clocks:
  solve: {starts: [entered working], stops: [left working], limit: 2h, ladder: [{at: due, tell: [head]}]}
"""


def test_an_action_that_the_procedure_does_not_have_is_not_found():
    with pytest.raises(NotFound):
        Case(desk(WORK)).act("dance")


def test_the_opening_action_is_not_found_in_a_case_under_way():
    with pytest.raises(NotFound):
        Case(desk(WORK)).act("register")


def test_an_action_of_another_stage_is_not_open():
    case = Case(desk(WORK))
    case.act("look", found="x")
    case.act("finish")
    with pytest.raises(NotOpen):
        case.act("look", found="x")


def test_what_would_finish_a_task_is_not_open_without_one():
    with pytest.raises(NotOpen):
        Case(desk(WORK)).act("looked", task="look-1")


def test_an_action_of_other_people_is_not_allowed():
    with pytest.raises(NotAllowed):
        Case(desk(WORK)).act("look", by="eva", found="x")


def test_somebody_nobody_knows_is_allowed_nothing():
    for stranger in ("", "nobody", "customer"):
        with pytest.raises(NotAllowed):
            Case(desk(WORK)).act("look", by=stranger, found="x")


def test_a_form_with_problems_is_bad_input_with_all_of_them():
    with pytest.raises(BadInput) as refused:
        Case(desk(WORK)).act("look", found=7, at_fault="nobody", task="look-1")
    assert [p.field for p in refused.value.problems] == ["found", "at_fault", "task"]


def test_a_need_that_is_not_met_is_said_in_the_words_of_the_procedure():
    with pytest.raises(BadInput) as refused:
        Case(desk(WORK)).act("finish")
    assert [(p.field, p.problem) for p in refused.value.problems] == [("", {"en": "Look first"})]


def test_a_caution_is_said_and_stops_nobody():
    case = Case(desk(WORK))
    case.act("look", found="x")
    assert case.act("finish").warnings == [{"en": "Somebody is still looking"}]


def test_a_task_that_is_finished_cannot_be_finished_again():
    case = Case(desk(WORK))
    case.act("look", found="x")
    case.act("look", found="x")
    case.act("looked", task="look-1")
    with pytest.raises(BadInput) as refused:
        case.act("looked", task="look-1")
    assert [(p.field, p.problem) for p in refused.value.problems] == [("task", "must be one of: look-2")]


def test_a_case_is_not_handed_to_somebody_who_is_kept_out_of_it():
    case = Case(desk(WORK))
    case.act("look", found="x", at_fault="fay")
    with pytest.raises(BadInput) as refused:
        case.act("hand_over", next_one="fay")
    assert [(p.field, p.problem) for p in refused.value.problems] == [("next_one", "cannot take this case over")]


def test_what_is_refused_changes_nothing():
    case = Case(desk(WORK))
    before = msgspec.json.encode(case.state)
    for action, answers in (("finish", {}), ("look", {}), ("looked", {"task": "look-1"}), ("dance", {})):
        with pytest.raises((BadInput, NotOpen, NotFound)):
            case.act(action, "03-05 09:00", **answers)
    assert msgspec.json.encode(case.state) == before


def test_a_decision_leaves_what_it_was_given_as_it_was():
    case = Case(desk(WORK))
    before, given = msgspec.json.encode(case.state), {"found": "x"}
    later = at("03-05 09:00")
    decide(case.desk, case.state, "look", given, "ann", later)
    tick(case.desk, case.state, later)
    rearm(case.desk, case.state, later)
    assert (msgspec.json.encode(case.state), given) == (before, {"found": "x"})


def test_nothing_to_tick_is_no_decision():
    case = Case(desk(WORK))
    assert case.tick("03-02 10:59") is None
    assert case.tick("03-02 11:00") is not None
    assert case.tick("03-02 11:01") is None


def test_the_next_due_instant_is_that_of_the_decision():
    case = Case(desk(WORK))
    assert next_due(case.desk, case.state) == case.due == at("03-02 11:00")


def test_rearming_moves_what_a_setting_moved_and_nothing_else():
    text = "settings:\n  solve: {type: limit, default: 2h}\n" + WORK.replace("limit: 2h", "limit: {setting: solve}")
    case = Case(desk(text))
    assert case.rearm("03-02 10:00", desk(text)) is None
    case.rearm("03-02 10:00", desk(text, settings={"solve": "4h"}))
    assert (case.due, case.events[-1].kind) == (at("03-02 13:00"), "rearmed")
    case.rearm("03-02 12:00", desk(text, settings={"solve": "1h"}))
    assert case.due == at("03-02 12:00")
    case.tick("03-02 12:00")
    case.rearm("03-02 12:30", desk(text, settings={"solve": ""}))
    assert case.late() == ["solve"]


def test_what_the_complainant_adds_stands_in_the_case_and_whoever_is_in_charge_is_told():
    case = Case(desk(WORK))
    case.desk = with_people(case.desk, absences=[Absence(person="ann", start=at(MONDAY), end=at("03-09 09:00"))])
    case.write("It leaks again", "03-02 10:00")
    assert [(r.by, r.text) for r in case.state.replies] == [("customer", "It leaks again")]
    assert case.told("customer_wrote") == ["ben"]


def test_the_customer_is_written_to_by_the_ways_there_are():
    on = desk("actions:\n  tell: {at: [working], by: [agent], sends: [{letter: result, to: [customer]}]}\n")
    reached, silent = Case(on), Case(on, fixed={"reach": []})
    reached.act("tell")
    silent.act("tell")
    assert (reached.told(), silent.told()) == (["customer"], [])


def test_the_same_letter_to_two_roles_of_one_person_is_sent_once():
    sends = "[{letter: result, to: [agent, in_charge]}, {letter: result, to: [owner]}]"
    case = Case(desk(f"actions:\n  tell: {{at: [working], by: [agent], sends: {sends}}}\n"))
    case.act("tell")
    assert case.told() == ["ann"]
    assert len(case.events[-1].told) == 1


def test_a_complaint_opened_by_the_website_lies_with_the_role_in_charge():
    assert Case(desk(WORK), by="").state.owner.person == "ann"


def test_an_opening_action_that_leads_nowhere_is_a_fault_of_the_procedure():
    with pytest.raises(RuntimeError, match="must lead to a stage"):
        Case(desk("actions:\n  register: {at: [new], by: [anyone]}\n"))


@pytest.mark.parametrize("procedure_id", sorted(sources()))
def test_every_action_is_open_at_its_stages_and_refused_at_all_others(procedure_id: str):
    on = staffed(compile_source(sources()[procedure_id]).bind({}))
    now, manned = at(MONDAY), on.rulebook.manned
    for stage_id, stage in on.procedure.stages.items():
        for action_id, action in on.procedure.actions.items():
            tasks = {"t-1": TaskRun(task=action.finishes, opened=now)} if action.finishes else {}
            ties = {"2": Tie(link=action.leaves, at=now, by="ann", times=1)} if action.leaves else {}
            case = blank(on, now, version=1, stage=stage_id, status=stage.status, tasks=tasks, ties=ties)
            here = stage_id in action.at or "any" in action.at or ("open" in action.at and stage_id in manned)
            assert is_open(on, case, action) is here, (stage_id, action_id)
            outcome = refusal(on, case, action_id, now)
            if "new" in action.at:
                assert outcome is NotFound
            else:
                assert (outcome is NotOpen) is not here, (stage_id, action_id)


def refusal(on, case, action_id: str, now: datetime) -> type[Exception] | None:
    answers = answers_for(on, case, on.procedure.actions[action_id], Random(1), now)  # noqa: S311 # dice
    try:
        decide(on, case, action_id, answers, "root", now, "t-1" if case.tasks else "")
    except (NotFound, NotOpen, NotAllowed, BadInput) as refused:
        return type(refused)
    return None


def test_people_who_left_do_nothing():
    case = Case(desk(WORK))
    case.desk = with_people(case.desk, staff={**STAFF, "ann": replace(STAFF["ann"], active=False)})
    with pytest.raises(NotAllowed):
        case.act("look", found="x")
