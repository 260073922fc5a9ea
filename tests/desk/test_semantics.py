"""What the procedure language means where it could mean two things: one instant, limits, late, pauses (1 to 7)."""

import pytest

from tests.desk.build import Case, at, desk, stamp

MANY = """
fields:
  noted: {type: text}
stages:
  working: {status: handling, in_charge: agent, moves: [{when: {done: go, noted: given}, to: checking}]}
  checking: {status: handling, in_charge: agent}
tasks:
  look: {for: [agent]}
  talk: {for: [agent]}
actions:
  prepare: {at: [working], by: [agent], opens: [{task: look}]}
  go: {at: [working], by: [agent], asks: [noted], finishes: look, opens: [{task: talk}]}
"""


def test_an_action_emits_done_set_finished_opened_left_and_entered_in_this_order():  # 1
    case = Case(desk(MANY))
    case.act("prepare")
    case.act("go", noted="seen", task="look-1")
    assert case.events[-1].signals == [
        "done go", "set noted", "finished look", "opened talk", "left working", "entered checking",
    ]  # fmt: skip


def test_what_is_due_up_to_now_happens_before_the_action():  # 1
    case = Case(
        desk("""
        actions:
          finish: {at: [working], by: [agent], goes: closed}
        clocks:
          solve: {starts: [entered working], stops: [left working], limit: 2h, ladder: [{at: due, tell: [head]}]}
        """)
    )
    case.act("finish", "03-02 11:30")
    assert [e.kind for e in case.events] == ["registered", "ticked", "acted"]
    assert case.late() == ["solve"]
    assert case.run("solve").stopped == at("03-02 11:30")


def test_a_signal_stops_a_clock_before_it_starts_it():  # 1 and 5
    case = Case(
        desk("""
        actions:
          contact: {at: [working], by: [agent]}
        clocks:
          monthly: {starts: [entered working, done contact], stops: [done contact], limit: 7d}
        """)
    )
    case.act("contact", "03-05 10:00")
    assert (case.run("monthly").run, case.run("monthly").started) == (2, at("03-05 10:00"))
    assert case.due == at("03-12 24:00")


def test_overdue_rungs_fire_in_order_of_instant_then_clock_then_rung():  # 1
    case = Case(
        desk("""
        clocks:
          b: {starts: [entered working], limit: 2h, ladder: [{before: 1h, tell: [agent]}, {at: due, tell: [head]}]}
          a: {starts: [entered working], limit: 1h, ladder: [{at: due, tell: [head]}, {after: 1h, tell: [director]}]}
        """)
    )
    case.tick("03-03 09:00")
    assert case.rungs() == ["a 0", "b 0", "a 1", "b 1"]


def test_what_a_lateness_starts_starts_when_it_was_late_not_when_the_sweep_came():  # 1
    text = """
        clocks:
          solve: {starts: [entered working], limit: 24h}
          answer_for_it: {starts: [late solve], limit: 4h, ladder: [{at: due, tell: [director]}]}
        """
    case = Case(desk(text))
    case.tick("03-03 09:01")
    assert case.run("answer_for_it").started == at("03-03 09:00")
    slow = Case(desk(text))
    slow.tick("03-09 09:00")
    assert slow.late() == ["solve", "answer_for_it"]
    assert slow.run("answer_for_it").due == at("03-03 13:00")


UNTIL = """
fields:
  agreed: {type: instant}
actions:
  agree: {at: [working], by: [agent], asks: [agreed]}
clocks:
  visit: {starts: [entered working], limit: {until: agreed}, ladder: [{at: due, tell: [head]}]}
"""


def test_a_limit_that_waits_for_a_field_is_computed_when_the_field_comes():  # 2
    case = Case(desk(UNTIL))
    assert case.due is None
    case.act("agree", agreed=stamp("03-05 15:00"))
    assert case.due == at("03-05 15:00")
    case.act("agree", "03-03 09:00", agreed=stamp("03-08 15:00"))
    assert case.due == at("03-08 15:00")


def test_nothing_said_after_a_breach_undoes_it():  # 2
    case = Case(desk(UNTIL))
    case.act("agree", agreed=stamp("03-05 15:00"))
    case.tick("03-05 15:00")
    case.act("agree", "03-05 16:00", agreed=stamp("04-05 15:00"))
    assert (case.run("visit").due, case.run("visit").late_at) == (at("03-05 15:00"), at("03-05 15:00"))
    assert case.late() == ["visit"]


CHANGING = """
fields:
  urgent: {type: yes_no}
actions:
  hurry: {at: [working], by: [agent], asks: [urgent]}
clocks:
  solve:
    starts: [entered working]
    limit: [{when: {urgent: yes}, is: 4h}, {is: 48h}]
    ladder: [{before: 1h, tell: [agent]}, {at: due, tell: [head]}, {after: 4h, tell: [director]}]
"""


def test_a_limit_that_shrinks_makes_no_clock_due_before_the_change():  # 3
    case = Case(desk(CHANGING))
    case.act("hurry", "03-03 09:00", urgent="yes")
    assert case.due == at("03-03 09:00")
    case.tick("03-03 09:01")
    assert case.state.lateness[0].due == at("03-03 09:00")


def test_a_limit_that_shrinks_to_a_later_instant_simply_holds():  # 3
    case = Case(desk(CHANGING))
    case.act("hurry", "03-02 10:00", urgent="yes")
    assert case.run("solve").due == at("03-02 13:00")


PENDING = """
stages:
  working: {status: handling, in_charge: agent}
  pending: {status: pending, in_charge: agent}
actions:
  ask_pending: {at: [working], by: [agent], goes: pending}
  refuse: {at: [pending], by: [agent], goes: working}
clocks:
  fresh: {starts: [entered working], stops: [left working], limit: 24h}
  held: {starts: [entered working], pauses_in: [pending], limit: 24h,
         ladder: [{before: 2h, tell: [agent]}, {at: due, tell: [head]}, {after: 4h, tell: [director]}]}
  days: {starts: [done register], pauses_in: [pending], limit: 2d}
  open_hours: {starts: [done register], pauses_in: [pending], limit: 8bh}
"""


def test_entering_a_stage_again_starts_a_fresh_clock_unless_it_only_paused():  # 4
    case = Case(desk(PENDING))
    case.act("ask_pending", "03-02 19:00")
    case.act("refuse", "03-03 07:00")
    assert (case.run("fresh").run, case.run("fresh").due) == (2, at("03-04 07:00"))
    assert (case.run("held").run, case.run("held").due) == (1, at("03-03 21:00"))


def test_a_start_while_running_or_paused_counts_for_nothing():  # 5
    case = Case(
        desk("""
        stages:
          pending: {status: pending, in_charge: agent}
        actions:
          again: {at: [open], by: [agent]}
          wait: {at: [working], by: [agent], goes: pending}
        clocks:
          solve: {starts: [entered working, done again], pauses_in: [pending], limit: 24h}
        """)
    )
    case.act("again", "03-02 15:00")
    case.act("wait", "03-02 16:00")
    case.act("again", "03-02 17:00")
    assert (case.run("solve").run, case.run("solve").started) == (1, at("03-02 09:00"))


def test_the_fourth_after_entering_on_the_second_of_march_is_the_fourth_of_april():  # 6
    case = Case(
        desk("""
        clocks:
          contact: {starts: [entered working], limit: {day_of_month: 4, of: next_month}}
        """)
    )
    assert case.due == at("04-04 24:00")


def test_while_paused_no_rung_fires():  # 7
    case = Case(desk(PENDING))
    case.act("ask_pending", "03-02 19:00")
    assert case.due is None
    assert case.tick("04-02 09:00") is None


def test_hours_shift_by_the_length_of_a_pause_and_days_by_its_midnights():  # 7
    case = Case(desk(PENDING))
    case.act("ask_pending", "03-02 22:00")
    case.act("refuse", "03-04 01:30")  # 27.5 hours and two midnights later; the desk was open for one day
    assert case.run("held").due == at("03-04 12:30")
    assert case.run("days").due == at("03-06 24:00")
    assert case.run("open_hours").due == at("03-04 09:30")


AGREED = """
fields:
  agreed: {type: instant}
stages:
  pending: {status: pending, in_charge: agent}
actions:
  agree: {at: [working], by: [agent], asks: [agreed]}
  wait: {at: [working], by: [agent], goes: pending}
  resume: {at: [pending], by: [agent], goes: working}
clocks:
  visit: {starts: [entered working], pauses_in: [pending], limit: {until: agreed},
          ladder: [{at: due, tell: [head]}, {after: 1h, tell: [director]}]}
  next: {starts: [late visit], limit: 4h}
"""


def test_an_agreed_instant_does_not_shift_with_a_pause():  # 7
    case = Case(desk(AGREED))
    case.act("agree", agreed=stamp("03-03 15:00"))
    case.act("wait", "03-03 10:00")
    case.act("resume", "03-03 12:00")
    assert case.due == at("03-03 15:00")


def test_an_agreed_instant_that_passed_in_a_pause_is_missed_on_resuming_and_no_burst_follows():  # 7
    case = Case(desk(AGREED))
    case.act("agree", agreed=stamp("03-03 15:00"))
    case.act("wait", "03-03 10:00")
    assert case.tick("03-03 20:00") is None
    case.act("resume", "03-03 20:00")
    case.tick("03-03 20:00")
    assert case.state.lateness[0].due == at("03-03 15:00")
    assert case.rungs() == ["visit 0"]
    assert case.run("next").started == at("03-03 20:00")  # not in the pause, when nobody could have acted
    case.tick("03-03 21:00")
    assert case.rungs() == ["visit 0", "visit 1"]


def test_after_a_breach_the_later_rungs_still_shift_with_pauses():  # 7
    case = Case(desk(PENDING))
    case.tick("03-03 09:00")
    case.act("ask_pending", "03-03 10:00")
    assert case.tick("03-09 10:00") is None
    case.act("refuse", "03-09 10:00")
    case.tick("03-09 12:59")
    assert case.rungs() == ["held 0", "held 1"]
    case.tick("03-09 13:00")
    assert case.rungs() == ["held 0", "held 1", "held 2"]


def test_a_clock_started_in_a_stage_in_which_it_pauses_does_not_run():  # 7
    case = Case(
        desk("""
        stages:
          pending: {status: pending, in_charge: agent}
        actions:
          wait: {at: [working], by: [agent], goes: pending}
          note: {at: [pending], by: [agent]}
          resume: {at: [pending], by: [agent], goes: working}
        clocks:
          solve: {starts: [done note], pauses_in: [pending], limit: 4h}
        """)
    )
    case.act("wait", "03-02 10:00")
    case.act("note", "03-02 11:00")
    assert case.due is None
    case.act("resume", "03-02 12:00")
    assert case.due == at("03-02 16:00")


def test_clocks_that_set_each_other_off_at_one_instant_are_a_fault_not_an_endless_loop():
    case = Case(
        desk("""
        fields:
          agreed: {type: instant}
        actions:
          agree: {at: [working], by: [agent], asks: [agreed]}
        clocks:
          again: {starts: [done agree, late again], stops: [late again], limit: {until: agreed}}
        """)
    )
    case.act("agree", agreed=stamp("03-05 15:00"))
    with pytest.raises(RuntimeError, match="does not end"):
        case.tick("03-05 15:00")


def test_what_is_started_after_the_last_stage_is_ended_at_once():
    case = Case(
        desk("""
        actions:
          finish: {at: [working], by: [agent], goes: closed}
          correct: {at: [any], by: [agent], opens: [{task: look}]}
        tasks:
          look: {for: [agent]}
        clocks:
          check: {starts: [done correct], limit: 1h}
          look: {each: look, limit: 1h}
        """)
    )
    case.act("finish")
    case.act("correct")
    assert case.due is None
    assert {run.state for run in case.state.clocks.values()} == {"stopped"}


def test_a_stage_without_anybody_in_charge_ends_all_clocks_though_the_case_moves_on_at_once() -> None:
    case = Case(
        desk("""
        actions:
          finish: {at: [working], by: [agent], goes: closed}
        stages:
          closed: {status: closed, moves: [{to: filing}]}
          filing: {status: archived, in_charge: agent}
        clocks:
          work: {starts: [done register], limit: 1h, ladder: [{at: due, tell: [head]}]}
          file: {starts: [entered filing], limit: 1h}
        """)
    )
    case.act("finish")
    assert case.state.stage == "filing"
    assert {key: run.state for key, run in case.state.clocks.items()} == {"work": "stopped", "file": "running"}


def test_a_limit_that_shrinks_while_nobody_looked_makes_no_clock_due_before_the_change() -> None:
    """Clock b begins at 10:00 with ten hours; at 12:00 they become one, and it is due at that moment, not at 11:00."""
    case = Case(
        desk("""
        clocks:
          a: {starts: [done register], limit: 1h}
          b: {starts: [late a], limit: [{when: {late: c}, is: 1h}, {is: 10h}]}
          c: {starts: [done register], limit: 3h}
        """)
    )
    case.tick("03-02 20:00")
    assert [(late.clock, late.due) for late in case.state.lateness] == [
        ("a", at("03-02 10:00")), ("c", at("03-02 12:00")), ("b", at("03-02 12:00")),
    ]  # fmt: skip
