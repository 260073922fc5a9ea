"""How a way through a procedure is told: something is done, time passes, something is done."""

from collections.abc import Callable
from datetime import timedelta

from tests.stories.story import Case

Way = Callable[[Case], object]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def after(case: Case, span: timedelta) -> Case:
    """Time passes."""
    return case.until(case.town.now + span)


def reported_back(case: Case) -> Case:
    """Whoever passed the case on, if somebody did, has heard."""
    owed = any(run.task == "report_back" and run.finished is None for run in case.head.tasks.values())
    return case.do("report_back") if owed else case
