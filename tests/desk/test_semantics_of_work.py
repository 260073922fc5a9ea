"""What the procedure language means where it could mean two things: people, rounds, claims, warnings (8 to 16)."""

import pytest
from msgspec.structs import replace

from chalicelib.desk.calendar import QuietHours
from chalicelib.desk.errors import BadInput
from chalicelib.desk.facts import Facts
from tests.desk.build import DEPARTMENTS, STAFF, Case, at, away, desk, stamp, with_people

WAITING = """
tasks:
  rework: {for: [agent]}
stages:
  working: {status: handling, in_charge: agent}
  finishing: {status: answered, in_charge: agent, moves: [{when: {not_open: [rework]}, to: closed}]}
actions:
  book: {at: [working], by: [agent], opens: [{task: rework}]}
  hand_in: {at: [working], by: [agent], goes: finishing}
  rework_done: {at: [open], by: [agent], finishes: rework}
  gated:
    at: [working]
    by: [agent]
    goes: closed
    needs: [{that: {not_open: [rework]}, say: {zh: 返修未完, en: The rework is not done}}]
"""


def test_a_move_waits_by_itself_where_a_gate_would_refuse_the_fact():  # 8
    case = Case(desk(WAITING))
    case.act("book")
    with pytest.raises(BadInput) as refused:
        case.act("gated")
    assert refused.value.problems[0].problem["en"] == "The rework is not done"
    case.act("hand_in")
    assert case.state.stage == "finishing"
    case.act("rework_done", "03-05 10:00", task="rework-1")
    assert (case.state.stage, case.state.closed_at) == ("closed", at("03-05 10:00"))


HELD = """
tasks:
  report: {for: [agent], holds: {zh: 尚未报告, en: They have not heard}}
stages:
  working: {status: handling, in_charge: agent}
  told:
    status: answered
    in_charge: agent
    moves: [{when: {done: agreed}, to: closed}, {when: {done: tell}, to: asked}]
  asked: {status: revisit, in_charge: agent}
actions:
  owe: {at: [working], by: [agent], opens: [{task: report}]}
  agreed: {at: [open], by: [agent]}
  tell: {at: [working], by: [agent], goes: told}
  report: {at: [open], by: [agent], finishes: report}
"""


def test_where_the_way_that_fits_is_held_no_other_is_taken_instead():  # 8
    case = Case(desk(HELD))
    case.act("owe")
    case.act("agreed")
    case.act("tell")
    assert case.state.stage == "told"
    case.act("report", task="report-1")
    assert case.state.stage == "closed"


ROUNDS = """
fields:
  found: {type: text, per_round: yes}
  plate: {type: text}
actions:
  find_facts: {at: [working], by: [agent], asks: [found], may_ask: [plate]}
  propose: {at: [working], by: [agent]}
  approve: {at: [working], by: [head]}
  decline: {at: [working], by: [agent], goes: [{to: working, again: yes}]}
  answer: {at: [working], by: [agent], needs: [{that: {done: find_facts}, say: {en: Find the facts}}]}
  pay:
    at: [working]
    by: [agent]
    needs: [{that: {done: {action: approve, since: propose}}, say: {en: Not approved since it was proposed}}]
"""


def test_done_counts_in_this_round_only():  # 9
    case = Case(desk(ROUNDS))
    case.act("find_facts", found="a leak", plate="A1")
    case.act("answer")
    case.act("decline")
    assert (case.state.round, case.state.values) == (2, {"plate": "A1"})
    with pytest.raises(BadInput):
        case.act("answer")
    case.act("find_facts", found="two leaks")
    case.act("answer")
    assert case.state.done["find_facts"].times == 2


def test_an_approval_counts_since_the_thing_it_approves():  # 9
    case = Case(desk(ROUNDS))
    case.act("propose")
    case.act("approve", by="hua")
    case.act("pay")
    case.act("propose")
    with pytest.raises(BadInput):
        case.act("pay")
    case.act("approve", by="hua")
    case.act("pay")


CLAIMS = """
fields:
  received_at: {type: instant}
  called_at: {type: instant}
actions:
  register: {at: [new], by: [anyone], asks: [received_at], happened_at: received_at, goes: working}
  call: {at: [working], by: [agent], asks: [called_at], happened_at: called_at}
clocks:
  call: {starts: [done register], stops: [done call], limit: 24h,
         ladder: [{before: 4h, tell: [agent]}, {at: due, tell: [head]}]}
"""


def test_a_claimed_time_starts_a_clock_in_the_past():  # 10
    case = Case(desk(CLAIMS), received_at=stamp("03-01 15:00"))
    assert (case.run("call").started, case.due) == (at("03-01 15:00"), at("03-02 11:00"))


def test_a_claim_may_make_a_clock_late_at_once():  # 10
    case = Case(desk(CLAIMS), received_at=stamp("02-20 15:00"))
    case.tick("03-02 09:00")
    assert case.state.lateness[0].due == at("02-21 15:00")
    assert case.rungs() == ["call 1"]  # the warning lay behind


def test_a_claimed_stop_stands_beside_the_lateness_and_does_not_erase_it():  # 10
    case = Case(desk(CLAIMS), received_at=stamp("03-02 09:00"))
    case.act("call", "03-04 10:00", called_at=stamp("03-03 08:00"))
    run = case.run("call")
    assert (run.claimed, run.stopped, run.late_at) == (at("03-03 08:00"), at("03-04 10:00"), at("03-03 09:00"))
    assert case.late() == ["call"]


def test_nothing_is_claimed_to_have_happened_in_the_future():  # 10
    case = Case(desk(CLAIMS), received_at=stamp("03-02 09:00"))
    with pytest.raises(BadInput) as refused:
        case.act("call", "03-02 10:00", called_at=stamp("03-02 10:01"))
    assert [(p.field, p.problem) for p in refused.value.problems] == [("called_at", "must not lie in the future")]


def test_the_history_is_ordered_by_sequence_whatever_is_claimed():  # 10
    case = Case(desk(CLAIMS), received_at=stamp("03-02 09:00"))
    case.act("call", "03-02 12:00", called_at=stamp("03-02 11:00"))
    case.act("call", "03-02 13:00", called_at=stamp("03-02 10:00"))
    assert [(e.version, e.happened_at) for e in case.events] == [
        (1, at("03-02 09:00")), (2, at("03-02 11:00")), (3, at("03-02 10:00")),
    ]  # fmt: skip


SOLVE = """
fields:
  until: {type: instant}
actions:
  finish: {at: [working], by: [agent], goes: closed}
  move: {at: [working], by: [agent], asks: [until]}
clocks:
  solve:
    starts: [entered working]
    stops: [left working]
    limit: [{when: {until: given}, is: {until: until}}, {is: 24h}]
    ladder: [{before: 4h, tell: [in_charge]}, {at: due, tell: [head]}, {after: 4h, tell: [director]}]
"""


def test_twenty_four_hours_to_the_second_are_late():  # 11
    case = Case(desk(SOLVE))
    case.act("finish", "03-03 09:00")
    assert case.late() == ["solve"]


def test_a_minute_before_is_on_time():  # 11
    case = Case(desk(SOLVE))
    case.act("finish", "03-03 08:59")
    assert case.late() == []


def test_a_warning_already_past_when_its_clock_is_armed_is_skipped():  # 12
    case = Case(desk(SOLVE))
    case.act("move", until=stamp("03-02 11:00"))
    case.tick("03-02 12:00")
    assert case.rungs() == ["solve 1"]


def test_a_warning_is_armed_again_when_the_due_instant_moves_later():  # 12
    case = Case(desk(SOLVE))
    case.tick("03-03 05:00")
    case.act("move", "03-03 06:00", until=stamp("03-06 09:00"))
    case.tick("03-06 05:00")
    assert case.rungs() == ["solve 0", "solve 0"]


def test_other_rungs_fire_once_a_run():  # 12
    case = Case(desk(SOLVE))
    case.tick("03-03 13:00")
    case.act("move", "03-03 14:00", until=stamp("03-06 09:00"))
    case.tick("03-09 09:00")
    assert case.rungs() == ["solve 0", "solve 1", "solve 2"]


def test_absence_is_looked_up_when_a_rung_fires_and_restarts_nothing():  # 13
    on = desk(SOLVE)
    case = Case(on)
    run = case.run("solve")
    case.desk = with_people(on, absences=[away("ann", "03-03 00:00", "03-04 00:00")])
    assert case.run("solve") == run
    case.tick("03-03 05:00")
    assert case.told("due_soon") == ["ben"]
    assert case.state.owner.person == "ann"
    back = Case(on)
    back.desk = with_people(on, absences=[away("ann", "03-02 10:00", "03-03 04:00")])
    back.tick("03-03 05:00")
    assert back.told("due_soon") == ["ann"]


def test_quiet_hours_delay_the_letter_and_never_the_rung():  # 14
    staff = {**STAFF, "ann": replace(STAFF["ann"], quiet=QuietHours("22:00", "07:00"))}
    case = Case(desk(SOLVE, staff=staff))
    case.tick("03-03 05:00")
    event, letter = case.events[-1], case.messages[-1]
    assert (event.at, event.signals) == (at("03-03 05:00"), ["rung solve 0"])
    assert (letter.at, letter.not_before) == (at("03-03 05:00"), at("03-03 07:00"))


def test_quiet_hours_are_those_of_the_moment_it_goes_out_when_the_sweep_was_held_up():  # 14
    staff = {**STAFF, "hua": replace(STAFF["hua"], quiet=QuietHours("22:00", "07:00"))}
    case = Case(desk(SOLVE, staff=staff))
    case.tick("03-03 23:00")  # due at 09:00, when nothing was quiet
    assert {m.to: m.not_before for m in case.messages}["hua"] == at("03-04 07:00")


def test_an_urgent_case_passes_over_quiet_hours():  # 14
    staff = {**STAFF, "ann": replace(STAFF["ann"], quiet=QuietHours("22:00", "07:00"))}
    case = Case(desk("urgent: {stage: working}" + SOLVE, staff=staff))
    case.tick("03-03 05:00")
    assert (case.messages[-1].urgent, case.messages[-1].not_before) == (True, None)


ACCEPTED = """
fields:
  department: {type: department}
roles:
  agent: {superior: head}
  department: {staff_of: department, superior: agent}
stages:
  working: {status: received, in_charge: agent}
  transferred: {status: accepted, in_charge: department, moves: [{when: {late: accept}, to: working}]}
  solving: {status: handling, in_charge: department}
actions:
  transfer: {at: [working], by: [agent], asks: [department], goes: transferred}
  accept: {at: [transferred], by: [department], goes: solving}
clocks:
  accept: {starts: [entered transferred], stops: [left transferred], limit: 8h, ladder: [{at: due, tell: [head]}]}
  solve: {starts: [entered solving], stops: [left solving], limit: 3d}
"""


def test_acceptance_is_a_stage_with_its_own_clock_so_that_nothing_waits_for_nobody():  # 15
    case = Case(desk(ACCEPTED))
    case.act("transfer", department="works")
    assert (case.state.owner.person, case.state.owner.department) == ("eva", "works")
    assert case.due == at("03-02 17:00")
    case.tick("03-02 17:00")
    assert (case.state.stage, case.state.owner.person, case.told("late")) == ("working", "ann", ["hua"])


def test_a_transfer_again_after_one_that_nobody_accepted_does_not_bounce_back_at_once():  # 15 and 4
    case = Case(desk(ACCEPTED))
    case.act("transfer", department="works")
    case.tick("03-02 17:00")
    case.act("transfer", "03-03 09:00", department="office")
    assert (case.state.stage, case.run("accept").run, case.due) == ("transferred", 2, at("03-03 17:00"))
    case.act("accept", "03-03 10:00", by="hui")
    assert case.due == at("03-06 24:00")


def test_the_people_of_another_department_accept_nothing():  # 15
    case = Case(desk(ACCEPTED))
    case.act("transfer", department="works")
    assert "accept" in case.open_to("fay")
    assert DEPARTMENTS["works"].people == ["eva", "fay"]
    assert "accept" not in case.open_to("hui")


def test_yes_no_on_and_a_time_of_day_are_texts_and_compare_as_such():  # 16
    on = desk("""
        fields:
          ours: {type: yes_no}
          state: {type: choice, choices: {on: {zh: 开}, off: {zh: 关}, 13:30: {zh: 下午}}}
        actions:
          say: {at: [working], by: [agent], asks: [ours, state],
                goes: [{when: {ours: no, state: [on, 13:30]}, to: closed}]}
        """)
    way = on.procedure.actions["say"].goes[0].when
    for ours, state, stage in (("yes", "on", "working"), ("no", "off", "working"), ("no", "13:30", "closed")):
        case = Case(on)
        case.act("say", ours=ours, state=state)
        assert case.state.stage == stage
        assert Facts(case.state).hold(way) == (stage == "closed")
