"""How a way through a procedure is told: something is done, time passes, something is done."""

from collections.abc import Callable
from datetime import timedelta

from tests.stories.story import Case

Way = Callable[[Case], object]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def after(case: Case, span: timedelta) -> Case:
    """Time passes."""
    return case.until(case.town.now + span)
