"""An action of a member of staff, by the API or by a page: done once, however often it is sent."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from chalicelib.cases.verify import done_before
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import BadInput, Conflict, Problem
from chalicelib.desk.procedure import Words
from chalicelib.web.auth import Caller
from chalicelib.wiring import World

BESIDES = ("task", "joins", "leaves")
"""What an action's form may hold besides answers."""


class Acted(Struct, frozen=True):
    """The case after an action, what the procedure says of it, and whether it had been done before."""

    case: Complaint
    warnings: Sequence[Words] = ()
    replayed: bool = False


def acted(world: World, caller: Caller, number: str, action: str, form: dict[str, Any], version: int) -> Acted:
    """Do an action with its form filled in, as the case stood at `version`. The same again finds itself done.

    Raises NotFound, Conflict, NotOpen, NotAllowed, BadInput.
    """
    answers = dict(form)
    besides = {name: answers.pop(name, "") for name in BESIDES}
    if wrong := [Problem(name, "must be text") for name, value in besides.items() if not isinstance(value, str)]:
        raise BadInput("The form is not complete.", wrong)
    try:
        decision = world.acting(caller.person, action).act(
            caller.org, number, action, answers, actor=caller.person, version=version, **besides
        )
    except Conflict:
        case = world.show.seen(caller.org, number, caller.person)
        desk, events = world.desks.of(case), world.stores.cases.history(caller.org, number)
        other = besides["joins"] or besides["leaves"]
        done = done_before(desk, events, version, action, answers, caller.person, besides["task"], other=other)
        if not done or not world.identities.holds(case, desk.procedure, answers):
            raise
        return Acted(case, replayed=True)
    return Acted(decision.complaint, decision.warnings)
