"""The ways that the complaints of tests/complaints/ take, each from intake to its end.

A way is what the people of the desk do, with the time they take; who does each thing is for the procedure to say.
"""

from collections.abc import Callable
from datetime import timedelta

from tests.stories.story import Case

Way = Callable[[Case], object]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def after(case: Case, span: timedelta) -> Case:
    """Time passes."""
    return case.until(case.town.now + span)


# C: 24 hours, 24 hours, three days, two days


def with_department(case: Case, **sorted_as: str) -> Case:
    """The form goes in, is classified and accepted, each two hours later."""
    after(case, 2 * HOUR).do("send_form")
    after(case, 2 * HOUR).do("classify", **sorted_as)
    return after(case, 2 * HOUR).do("accept")


def told(case: Case, **heard: str) -> Case:
    """The department returns the result within a day, and the customer is told it the day after."""
    after(case, DAY).do("return_result")
    return after(case, DAY).do("tell_customer", **heard)


def told_in_time(case: Case) -> None:
    told(with_department(case), satisfied="yes")


def own_scope(case: Case) -> None:
    after(case, HOUR).do("send_form", scope="own")
    after(case, HOUR).do("classify", scope="own", department=str(case.head.values["department"]))
    told(case)


def new_time_kept(case: Case) -> None:
    after(with_department(case), DAY).do("declare_unsolvable")
    after(case, DAY).do("agree_new_time")
    told(after(case, 5 * DAY))


def new_time_missed(case: Case) -> None:
    after(with_department(case), DAY).do("declare_unsolvable")
    after(case, HOUR).do("agree_new_time")
    after(case, 12 * DAY).do("declare_unsolvable")
    after(case, DAY).do("agree_new_time")
    told(case)


def joint_explanation(case: Case) -> None:
    told(with_department(case, complex="yes"))
    after(case, 2 * DAY).do("hold_joint")


def not_accepted(case: Case) -> None:
    after(case, HOUR).do("send_form")
    after(case, HOUR).do("classify", department="marketing")
    after(case, 9 * HOUR).do("classify", department="engineering")
    told(after(case, HOUR).do("accept"))


def urged(case: Case) -> None:
    with_department(case).do("act_for_customer")
    after(case, 6 * HOUR).do("urge")
    told(after(case, 6 * HOUR).do("urge", by="customer_service"))


def c_dissatisfied(case: Case) -> None:
    told(with_department(case), satisfied="no", dissatisfied_why="保安还是不管，换了张纸贴着而已。")


def c_late_everywhere(case: Case) -> None:
    after(case, 30 * HOUR).do("send_form")
    after(case, 30 * HOUR).do("classify")
    after(case, 2 * HOUR).do("accept")
    after(case, 5 * DAY).do("return_result")
    after(case, 4 * DAY).do("tell_customer")


def withdrawn(case: Case) -> None:
    after(case, 3 * HOUR).do("withdraw")


COMPANY: dict[str, Way] = {
    "told_in_time": told_in_time,
    "own_scope": own_scope,
    "new_time_kept": new_time_kept,
    "new_time_missed": new_time_missed,
    "joint_explanation": joint_explanation,
    "not_accepted": not_accepted,
    "urged": urged,
    "dissatisfied": c_dissatisfied,
    "late_everywhere": c_late_everywhere,
    "late_from_the_start": told_in_time,
    "withdrawn": withdrawn,
}

# W: report, form, determination, review, general manager, accountability, assessment, revisit


def numbered(case: Case) -> Case:
    """Reported within the hour, the form opened and numbered."""
    after(case, HOUR / 4).do("report")
    after(case, HOUR / 12).do("open_form")
    return after(case, HOUR / 12).do("number_form")


def heard(case: Case) -> Case:
    """The repair history is read, the facts are found, the owner is talked with."""
    after(case, 2 * HOUR).do("read_history").do("find_facts")
    return after(case, 4 * HOUR).do("talk")


def determined(case: Case, **found: str | None) -> Case:
    """Responsibility is determined, and the form is with the management department."""
    return after(heard(case), HOUR).do("determine", **found)


def up_and_down(case: Case) -> Case:
    """From the review's end to the final form at the service centre."""
    after(case, HOUR).do("report_result")
    after(case, 3 * HOUR).do("give_opinion")
    after(case, HOUR).do("finish_task")
    after(case, HOUR).do("complete_final")
    return after(case, HOUR / 2).do("transfer_final")


def task_done(case: Case, action: str, task: str) -> None:
    """Finish the task where there is one."""
    if any(t.task == task and t.finished is None for t in case.head.tasks.values()):
        case.do(action)


def ended(case: Case, **heard_of: str) -> Case:
    """Assessed, the last tasks done, revisited where that is marked."""
    after(case, HOUR).do("assess")
    after(case, DAY)
    task_done(case, "finish_rework", "rework")
    if case.stage == "revisiting":
        case.do("revisit", **heard_of)
    return case


def archived(case: Case) -> None:
    after(case, HOUR).do("archive")


def reworked(case: Case) -> None:
    after(determined(numbered(case)), 2 * HOUR).do("review")
    archived(ended(up_and_down(case)))


def no_revisit(case: Case) -> None:
    after(determined(numbered(case), revisit_wanted="no"), HOUR).do("review")
    archived(ended(up_and_down(case)))


def not_ours(case: Case) -> None:
    determined(numbered(case), ours="no")
    after(case, HOUR).do("review")
    case.do("log_consent").do("inspect").do("give_relief")
    archived(ended(up_and_down(case)))


def ledgers(case: Case, state: str = "open") -> Case:
    """Both ledgers are written."""
    case.do("write_manager_ledger", manager_ledger=state)
    mark = "marked" if state == "open" else "cleared"
    return case.do("write_centre_ledger", centre_ledger=state, marked_on_vehicle=mark)


def came_back(case: Case) -> None:
    """The pending customer is called, comes, and the case takes the main track."""
    after(ledgers(case), 2 * DAY).do("contact_pending")
    after(case, 20 * DAY).do("note_change").do("resume")
    ledgers(case, "settled")
    case.do("find_facts").do("talk").do("determine").do("review")
    archived(ended(up_and_down(case)))


def pending(case: Case) -> None:
    determined(numbered(case), responsibility="unclear")
    after(case, 4 * HOUR).do("decide_pending")
    came_back(case)


def not_reached(case: Case) -> None:
    after(numbered(case), 3 * HOUR).do("log_failed_attempt").do("read_history").do("find_facts")
    after(case, 46 * HOUR).do("request_pending", pending_reason="not_reached")
    after(case, HOUR).do("decide_pending")
    came_back(case)


def pending_refused(case: Case) -> None:
    determined(numbered(case), responsibility="unclear")
    after(case, HOUR).do("decide_pending", pending_approved="no")
    after(case, HOUR).do("determine").do("review")
    archived(ended(up_and_down(case)))


def negotiated(case: Case) -> None:
    determined(numbered(case)).do("review", agreed="no")
    after(case, 2 * HOUR).do("sign_negotiated")
    archived(ended(up_and_down(case)))


def no_agreement(case: Case) -> None:
    determined(numbered(case)).do("review", agreed="no")
    after(case, 3 * HOUR).do("sign_negotiated", signed_by_all="no")
    archived(ended(up_and_down(case)))


def major(case: Case) -> None:
    numbered(case).do("mark_major").do("flag_media")
    after(case, 2 * HOUR).do("instruct")
    case.do("read_history")
    after(case, 3 * HOUR).do("home_visit")
    case.do("find_facts").do("talk", meeting_place="home").do("determine").do("review")
    archived(ended(up_and_down(case)))


def extortion(case: Case) -> None:
    numbered(case).do("flag_extortion").do("refer_outside")
    determined(case, ours="no", inspection_offer="declined").do("review")
    up_and_down(case)
    after(case, HOUR).do("assess")
    after(case, 11 * DAY).do("log_ruling").do("revisit")
    archived(case)


def form_returned(case: Case) -> None:
    determined(numbered(case)).do("review")
    up_and_down(case).do("assess", problem="yes")
    after(case, 5 * HOUR).do("determine_fault")
    after(case, DAY).do("finish_rework").do("revisit")
    archived(case)


def w_dissatisfied(case: Case) -> None:
    after(determined(numbered(case)), HOUR).do("review")
    ended(up_and_down(case), satisfied="no")
    determined(case)
    after(case, HOUR).do("review")
    archived(ended(up_and_down(case)))


def w_late_everywhere(case: Case) -> None:
    after(case, 3 * HOUR).do("report")
    after(case, HOUR).do("open_form")
    after(case, HOUR).do("number_form")
    after(case, 30 * HOUR).do("read_history").do("find_facts").do("talk").do("determine")
    after(case, 6 * HOUR).do("review")
    after(case, 6 * HOUR).do("report_result")
    after(case, 2 * DAY).do("give_opinion")
    after(case, 4 * DAY).do("finish_task")
    case.do("finish_rework").do("complete_final")
    after(case, DAY).do("transfer_final")
    after(case, 2 * DAY).do("assess")
    case.do("revisit")
    after(case, 2 * DAY).do("archive")


WORKSHOP: dict[str, Way] = {
    "reworked": reworked,
    "no_revisit": no_revisit,
    "not_ours": not_ours,
    "pending": pending,
    "not_reached": not_reached,
    "pending_refused": pending_refused,
    "negotiated": negotiated,
    "no_agreement": no_agreement,
    "major": major,
    "extortion": extortion,
    "form_returned": form_returned,
    "dissatisfied": w_dissatisfied,
    "late_everywhere": w_late_everywhere,
    "withdrawn": withdrawn,
}

WAYS: dict[str, dict[str, Way]] = {"c-company": COMPANY, "w-workshop": WORKSHOP}
