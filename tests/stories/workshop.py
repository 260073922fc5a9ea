"""One complaint to the workshop, brought to any point of its way: where the stories of W begin."""

from typing import Any

from chalicelib.desk.people import Absence
from tests.stories.dates import answer
from tests.stories.story import Case
from tests.stories.town import Town

MONDAY = "03-02 09:10"

NOISE: dict[str, Any] = {
    "channel": "visit",
    "content": {
        "summary": "换完减震还是响",
        "details": "上周六换的前减震，花了两千六，过减速带还是咯噔咯噔响。",
        "when": "2月28日维修",
        "where": "机修车间",
    },
    "customer": {"name": "马先生", "phone": "13900010001", "plate": "粤A·D2468"},
    "category": "质量问题",
}


def noise(start: str = MONDAY, *absences: Absence, by: str = "w.lin", concerned: str = "", **settings: str) -> Case:
    """A noise that came back after the repair, told at the reception; `concerned` is the person complained about."""
    named = {"people_concerned": [concerned]} if concerned else {}
    town = Town("w-workshop", start, *absences, **settings)
    return town.receives({**NOISE, **named, "received_at": answer(start)}, by=by)


def numbered(*absences: Absence, concerned: str = "", **settings: str) -> Case:
    """Reported at 9:30, the form opened at 9:40 and numbered at 9:50 on Monday."""
    case = noise(MONDAY, *absences, concerned=concerned, **settings).until("03-02 09:30").do("report")
    return case.until("03-02 09:40").do("open_form").until("03-02 09:50").do("number_form")


def heard(case: Case) -> Case:
    """At 15:00 the facts are known and the owner has been talked with."""
    return case.until("03-02 10:30").do("read_history").do("find_facts").until("03-02 15:00").do("talk")


def reviewing(**determined: Any) -> Case:
    """Determined at 16:00; the form is with the management department."""
    return heard(numbered()).until("03-02 16:00").do("determine", **determined)


def accounting(**determined: Any) -> Case:
    """Reviewed at 17:00, reported at 18:00, the general manager's opinion given at 19:00."""
    case = reviewing(**determined).until("03-02 17:00").do("review").until("03-02 18:00").do("report_result")
    return case.until("03-02 19:00").do("give_opinion")


def assessing(**determined: Any) -> Case:
    """The final form came to the service centre on Tuesday, 10:00."""
    case = accounting(**determined).until("03-03 02:00").do("complete_final")
    return case.until("03-03 10:00").do("transfer_final")


def revisiting(**determined: Any) -> Case:
    """Assessed at noon on Tuesday, reworked and all carried out at 14:00: the revisit is due."""
    case = assessing(**determined).until("03-03 12:00").do("assess").until("03-03 14:00").do("finish_task")
    return case.do("finish_rework")


def pending(reason: str = "quality_unclear") -> Case:
    """Responsibility unclear, approved as a pending matter at 18:00 on Monday, both ledgers written."""
    case = heard(numbered()).until("03-02 16:00")
    case.do("determine", responsibility="unclear", pending_reason=reason).until("03-02 18:00").do("decide_pending")
    return case.do("write_manager_ledger").do("write_centre_ledger")
