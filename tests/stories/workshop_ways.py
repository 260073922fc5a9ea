"""W: the ways through report, form, determination, review, general manager, accountability, assessment, revisit."""

from tests.stories.dates import ZONE
from tests.stories.pace import DAY, HOUR, Way, after, reported_back
from tests.stories.story import Case


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
    return after(case, HOUR).do("complete_final").do("transfer_final")


def ended(case: Case, **heard_of: str) -> Case:
    """Assessed, the last tasks done, revisited where that is marked."""
    after(case, HOUR).do("assess")
    if case.stage == "finishing":
        after(case, DAY).do("finish_rework")
    if case.stage == "revisiting":
        after(case, 3 * HOUR).do("revisit", **heard_of)
    return case


def archived(case: Case) -> None:
    reported_back(after(case, HOUR)).do("archive")


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
    """The pending customer is called by the 4th of two months, comes, and the case takes the main track."""
    ledgers(case)
    for _ in range(2):
        on_the_third(case).do("contact_pending")
    after(case, 5 * DAY).do("note_change").do("resume")
    ledgers(case, "settled")
    case.do("find_facts").do("talk").do("determine").do("review")
    archived(ended(up_and_down(case)))


def on_the_third(case: Case) -> Case:
    """The third of next month comes, ten in the morning."""
    there = case.town.now.astimezone(ZONE).replace(day=1, hour=10, minute=0) + 34 * DAY
    return case.until(there.replace(day=3))


def pending(case: Case) -> None:
    determined(numbered(case), responsibility="unclear")
    after(case, 4 * HOUR).do("decide_pending")
    came_back(case)


def not_reached(case: Case) -> None:
    after(numbered(case), 3 * HOUR).do("log_failed_attempt").do("read_history").do("find_facts")
    after(case, 44 * HOUR).do("request_pending", pending_reason="not_reached")
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


def dissatisfied(case: Case) -> None:
    after(determined(numbered(case)), HOUR).do("review")
    ended(up_and_down(case), satisfied="no")
    determined(case)
    after(case, HOUR).do("review")
    archived(ended(up_and_down(case)))


def late_everywhere(case: Case) -> None:
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


def withdrawn(case: Case) -> None:
    after(numbered(case), HOUR).do("withdraw")


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
    "dissatisfied": dissatisfied,
    "late_everywhere": late_everywhere,
    "withdrawn": withdrawn,
}
