"""How long a piece of work takes: drawn about a median for each action, or from durations that were observed."""

from collections.abc import Mapping
from math import exp
from random import Random

from chalicelib.desk.procedure import Action, Procedure

BASE, PER_FIELD, PER_TEXT, PER_TASK = 5, 2, 8, 30
"""Minutes that an action takes where nobody said: a few, more for each field asked, more where there is much to
write, and most where it ends a task such as an appointment or a repair."""

SPREAD = 0.5
"""Sigma of the log-normal distribution: two thirds of all work takes between 0.6 and 1.65 times the median."""


class Minutes:
    """`given`: action to median minutes; `observed`: action to durations in minutes, one of which is drawn."""

    def __init__(
        self,
        procedure: Procedure,
        given: Mapping[str, float] | None = None,
        observed: Mapping[str, list[float]] | None = None,
    ) -> None:
        self._given, self._observed = given or {}, observed or {}
        self._usual = {name: usual(procedure, action) for name, action in procedure.actions.items()}

    def median(self, action: str) -> float:
        """The median where no durations were observed."""
        return self._given.get(action, self._usual[action])

    def seconds(self, action: str, key: str) -> int:
        """How long it takes this time; the same key draws the same."""
        dice = Random(f"{key}/minutes/{action}")  # noqa: S311 # dice
        if known := self._observed.get(action):
            return max(1, round(60 * dice.choice(known)))
        return max(1, round(60 * self.median(action) * exp(dice.gauss(0, SPREAD))))


def usual(procedure: Procedure, action: Action) -> float:
    """The minutes that an action like this takes, by what it asks."""
    types = [procedure.fields[name].type for name in action.asks]
    written = sum(PER_TEXT if kind in ("long", "table") else PER_FIELD for kind in types)
    return BASE + written + (PER_TASK if action.finishes else 0)
