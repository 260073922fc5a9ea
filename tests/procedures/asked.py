"""What a form insists on, as cases of a test."""

from collections.abc import Callable

import pytest
from _pytest.mark import ParameterSet

from tests.procedures.playing import Play

rules = pytest.mark.rules
"""The rules that ask a question; `chalicelib/procedures/coverage.py` finds them by this name too."""


def asks(
    way: Callable[[], Play],
    when: str,
    who: str,
    action: str,
    questions: str,
    *proven: pytest.MarkDecorator,
    **given: str,
) -> ParameterSet:
    """At this point of a case this action of this person insists on these questions, the `given` ones answered."""
    values = (way, when, who, action, set(questions.split()), given)
    return pytest.param(*values, marks=proven, id=f"{action}: {questions}")
