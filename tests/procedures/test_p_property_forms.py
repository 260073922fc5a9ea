"""物业管理: what each of its forms insists on."""

from collections.abc import Callable

import pytest

from tests.procedures.asked import asks, rules
from tests.procedures.estate import (
    BEYOND,
    DISSATISFIED,
    FORM,
    PROMISE,
    SATISFIED,
    VISIT,
    another_round,
    guard_calls,
    handling,
    hard,
    investigating,
    received,
    revisiting,
)
from tests.procedures.playing import Play, answer


def by_another_way() -> Play:
    return received("other")


def promised() -> Play:
    return handling().do("02 09:40", "p.li", "promise", promise_beyond="no", **PROMISE)


def appointed() -> Play:
    return hard().do("02 10:00", "p.li", "appoint", **VISIT)


def approving() -> Play:
    return handling().do("02 10:00", "p.li", "settle_solution", **BEYOND)


def leave_asked() -> Play:
    return hard().do("02 10:10", "p.li", "ask_leave", leave_matter="减免一个月管理费")


def cooperating() -> Play:
    asked = {"coop_department": "engineering", "coop_what": "检查线路", "coop_due": "2026-11-04T18:00:00+08:00"}
    return hard().do("02 10:00", "p.li", "ask_cooperation", **asked)


def losing() -> Play:
    return handling(loss="yes")


def alternative_offered() -> Play:
    return handling().do("02 10:00", "p.li", "offer_alternative", alternative="另租车位")


def skipping() -> Play:
    return revisiting().do("02 16:00", "p.qin", "skip_revisit", skip_reason="not_convenient", inconvenient_why="住院")


def asked_above() -> Play:
    play = Play("p-property", "02 09:00", "p.li", "visit", rounds="1")
    play.open(content="楼道灯不亮", received_at=answer("02 09:00"))
    another_round(play.do("02 09:30", "p.li", "record", **FORM), "03", "p.li")
    return play.do("04 09:00", "p.luo", "settle_solution", **BEYOND)


def satisfied() -> Play:
    return revisiting().do("02 16:00", "p.qin", "revisit", **SATISFIED)


def moved_up() -> Play:
    return revisiting().do("02 16:00", "p.qin", "revisit", **DISSATISFIED)


@pytest.mark.parametrize(
    ("way", "when", "who", "action", "questions", "given"),
    [
        asks(guard_calls, "02 20:10", "p.meng", "contact_resident", "contact_at contact_record", rules("P-96")),
        asks(guard_calls, "02 20:10", "p.meng", "flag_abuse", "abuse_words", rules("P-97")),
        asks(guard_calls, "02 20:10", "p.meng", "tell_progress", "progress", rules("P-48", "P-52", "P-78")),
        asks(guard_calls, "02 20:10", "p.meng", "ask_leave", "leave_matter", rules("P-46")),
        asks(guard_calls, "02 20:10", "p.meng", "promise",
             "promise_beyond promise promised_by promise_due",
             rules("P-44", "P-45", "P-46")),
        asks(guard_calls, "02 20:10", "p.meng", "appoint",
             "visitor visit_at visit_place",
             rules("P-42", "P-43", "P-98")),
        asks(guard_calls, "02 20:10", "p.meng", "appoint", "home_consent", rules("P-98"), visit_place="home"),
        asks(guard_calls, "02 20:10", "p.qin", "note_mind", "intention", rules("P-34")),
        asks(guard_calls, "02 20:10", "p.qin", "link_equipment", "equipment_record", rules("P-09")),
        asks(guard_calls, "02 20:10", "p.qin", "record_care", "care", rules("P-93")),
        asks(guard_calls, "02 20:10", "p.qin", "attach_proof", "duty_proof duty_proof_what", rules("P-90")),
        asks(guard_calls, "02 20:10", "p.lei", "log_intercom",
             "intercom_at intercom_by intercom_outcome",
             rules("P-95")),
        asks(handling, "02 09:40", "p.li", "reclassify", "reclassified_why", rules("P-06")),
        asks(handling, "02 09:40", "p.li", "self_test", "own_steps", rules("P-88")),
        asks(handling, "02 09:40", "p.li", "site_visit",
             "visited_by visited_at site_place site_findings",
             rules("P-61", "P-98")),
        asks(handling, "02 09:40", "p.li", "site_visit", "site_consent", rules("P-98"), site_place="home"),
        asks(handling, "02 09:40", "p.li", "renew_limit", "explained rough_limit", rules("P-63", "P-64")),
        asks(handling, "02 09:40", "p.li", "settle_solution",
             "solution solution_at company_interest_kept estate_rules_kept beyond_authority pays",
             rules("P-30", "P-32", "P-40", "P-46", "P-92")),
        asks(handling, "02 09:40", "p.li", "ask_cooperation", "coop_department coop_what coop_due", rules("P-49")),
        asks(handling, "02 09:40", "p.li", "report_loss", "loss_what", rules("P-37", "P-39")),
        asks(handling, "02 09:40", "p.li", "offer_alternative", "alternative", rules("P-101")),
        asks(handling, "02 09:40", "p.li", "reply", "answer answered_how", rules("P-73")),
        asks(handling, "02 09:40", "p.li", "finish", "handled_how", rules("P-67")),
        asks(handling, "02 09:40", "p.li", "mark_long", "long_why", rules("P-52")),
        asks(handling, "02 09:40", "p.li", "promise_solution", "promise promised_by promise_due", rules("P-45")),
        asks(handling, "02 09:40", "p.li", "move_up", "department moved_why", rules("P-70", "P-77", "P-82")),
        asks(hard, "02 09:40", "p.li", "explain", "explained rough_limit", rules("P-63", "P-64")),
        asks(investigating, "02 10:10", "p.li", "investigate",
             "findings responsible_party party_settled_at",
             rules("P-38", "P-65")),
        asks(received, "02 09:10", "p.li", "record",
             "demand event category nature loss injury repeat solvable_now",
             rules("P-01", "P-02", "P-08", "P-10", "P-11", "P-13", "P-35", "P-37", "P-39", "P-53", "P-59", "P-60",
             "P-62", "P-89")),
        asks(received, "02 09:10", "p.li", "record", "equipment_kind", rules("P-08"), category="equipment"),
        asks(received, "02 09:10", "p.li", "record", "attitude_kind", rules("P-10"), category="attitude"),
        asks(received, "02 09:10", "p.li", "record", "quality_kind", rules("P-11"), category="quality"),
        asks(received, "02 09:10", "p.li", "record", "sudden_kind", rules("P-13"), category="sudden"),
        asks(received, "02 09:10", "p.li", "record",
             "communicative",
             rules("P-03", "P-04", "P-05"), nature="communicative"),
        asks(received, "02 09:10", "p.li", "record", "earlier_number progress_told", rules("P-53"), repeat="yes"),
        asks(revisiting, "02 15:10", "p.qin", "log_revisit_attempt", "revisit_outcome", rules("P-50")),
        asks(revisiting, "02 15:10", "p.qin", "log_revisit_attempt",
             "revisit_again_at",
             rules("P-50"), revisit_outcome="agreed_time"),
        asks(revisiting, "02 15:10", "p.qin", "revisit",
             "department revisit_how on_process on_measures on_result satisfied",
             rules("P-51", "P-69", "P-70", "P-79", "P-80", "P-82")),
        asks(revisiting, "02 15:10", "p.qin", "revisit", "revisit_consent", rules("P-98"), revisit_how="home"),
        asks(revisiting, "02 15:10", "p.qin", "decline_revisit", "declined_words", rules("P-83")),
        asks(revisiting, "02 15:10", "p.qin", "skip_revisit", "skip_reason", rules("P-84", "P-85", "P-86")),
        asks(revisiting, "02 15:10", "p.qin", "skip_revisit", "confirmation", rules("P-84"), skip_reason="on_the_spot"),
        asks(revisiting, "02 15:10", "p.qin", "skip_revisit",
             "no_contact_why",
             rules("P-85"), skip_reason="no_contact"),
        asks(revisiting, "02 15:10", "p.qin", "skip_revisit",
             "inconvenient_why",
             rules("P-86"), skip_reason="not_convenient"),
        asks(by_another_way, "02 09:10", "p.li", "record", "channel_text", rules("P-57")),
        asks(promised, "02 09:50", "p.li", "keep_promise", "promise_kept", rules("P-45")),
        asks(appointed, "02 10:10", "p.li", "change_appointment",
             "visitor visit_at visit_place change_agreed change_why",
             rules("P-42", "P-43", "P-98")),
        asks(appointed, "02 10:10", "p.li", "change_appointment", "home_consent", rules("P-98"), visit_place="home"),
        asks(appointed, "02 10:10", "p.li", "arrive", "arrived_at arrival_record", rules("P-42")),
        asks(approving, "02 10:10", "p.luo", "approve", "approved", rules("P-46", "P-92")),
        asks(leave_asked, "02 10:20", "p.luo", "give_leave", "leave_given", rules("P-46")),
        asks(cooperating, "02 10:10", "p.li", "finish_cooperation", "coop_done", rules("P-49")),
        asks(losing, "02 09:40", "p.li", "stop_loss", "loss_stopped loss_stopped_at", rules("P-39")),
        asks(alternative_offered, "02 10:10", "p.li", "arrange_alternative", "alternative_done", rules("P-101")),
        asks(skipping, "02 16:10", "p.luo", "approve_skip", "skip_approved", rules("P-86")),
        asks(asked_above, "04 09:10", "p.gu", "approve_above", "approved", rules("P-46", "P-92")),
        asks(satisfied, "02 16:10", "p.qin", "record_result",
             "result form_complete cause_class",
             rules("P-14", "P-15", "P-16", "P-72", "P-81")),
        asks(satisfied, "02 16:10", "p.qin", "record_result",
             "cause_subjective",
             rules("P-14"), cause_class="subjective"),
        asks(satisfied, "02 16:10", "p.qin", "record_result",
             "cause_objective",
             rules("P-15"), cause_class="objective"),
        asks(satisfied, "02 16:10", "p.qin", "record_result",
             "disrespect_how",
             rules("P-17"), cause_class="subjective", cause_subjective="disrespect"),
        asks(satisfied, "02 16:10", "p.qin", "record_result",
             "irresponsible_how",
             rules("P-18"), cause_class="subjective", cause_subjective="irresponsible"),
        asks(moved_up, "02 16:10", "p.qin", "move_to_head", "moved_why", rules("P-70", "P-77")),
    ],
)  # fmt: skip
def test_nothing_is_done_while_a_question_of_its_form_is_unanswered(
    way: Callable[[], Play], when: str, who: str, action: str, questions: set[str], given: dict[str, str]
) -> None:
    assert questions <= way().lacking(when, who, action, **given)
