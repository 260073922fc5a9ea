"""What a condition of the procedure may ask of a case."""

from datetime import datetime
from typing import Any

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.conditions import Condition, Test, holds


def is_unknown(value: object) -> bool:
    """Whether an answer is "unknown", which always comes with a reason."""
    return isinstance(value, dict) and "unknown" in value


def is_given(value: object) -> bool:
    """Whether there is a real answer."""
    return value not in (None, "", []) and not is_unknown(value)


KEPT_APART = {"kept": "apart"}
"""What stands in a case, and in its history, for an answer that says who complains: that it was given."""


ERASED = {"kept": "no more"}
"""What stands for an answer that was erased: that there was one."""


def is_kept(value: object) -> bool:
    """Whether there is a real answer, and it was not erased."""
    return is_given(value) and value != ERASED


def instant(value: object) -> datetime | None:
    """The instant that an answer holds, if it holds one; a time without its offset is none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return found if isinstance(found, datetime) and found.tzinfo else None


def theirs(case: Complaint) -> tuple[str, datetime | None]:
    """The reference and the deadline of whoever passed the case on, by the fields that every procedure has for them."""
    reference = case.values.get("their_reference")
    return reference if isinstance(reference, str) else "", instant(case.values.get("their_deadline"))


class Facts:
    """Answers comparisons about a case, optionally with answers that are only being given."""

    def __init__(self, complaint: Complaint, answers: dict[str, Any] | None = None) -> None:
        self.complaint = complaint
        self.values = {**complaint.values, **answers} if answers else complaint.values

    def hold(self, condition: Condition | None) -> bool:
        """Whether the condition holds of the case."""
        return holds(condition, self._answer)

    def _answer(self, test: Test) -> bool:
        case = self.complaint
        match test.subject:
            case "field":
                if test.op == "covers":
                    return _covers(self.values.get(test.name), self.values.get(test.values[0]))
                return _compare(self.values.get(test.name), test)
            case "stage" | "status" | "channel" | "kind" | "anonymous" | "confidential":
                own = getattr(case, test.subject)
                return ({True: "yes", False: "no"}[own] if isinstance(own, bool) else own) in test.values
            case "round":
                return str(case.round) in test.values if test.op == "is" else _compare(case.round, test)
            case "done":
                return all(self._done(action, test.since) for action in test.values)
            case "not_done":
                return not any(self._done(action, test.since) for action in test.values)
            case "ever_done":
                return all(action in case.done for action in test.values)
            case "open" | "not_open":
                found = any(t.finished is None and t.task in test.values for t in case.tasks.values())
                return found == (test.subject == "open")
            case "late" | "not_late":
                found = any(run.late_at is not None and run.clock in test.values for run in case.clocks.values())
                return found == (test.subject == "late")

    def _done(self, action: str, since: str) -> bool:
        mark = self.complaint.done.get(action)
        if mark is None or mark.round != self.complaint.round:
            return False
        earlier = self.complaint.done.get(since) if since else None
        return earlier is None or mark.version > earlier.version


def _compare(value: Any, test: Test) -> bool:
    match test.op:
        case "given":
            return is_given(value)
        case "missing":
            return value in (None, "", [])
        case "unknown":
            return is_unknown(value)
        case "at_least" | "more_than":
            least = float(test.values[0])
            number = float(value) if isinstance(value, int | float | str) and value != "" else None
            return number is not None and (number > least if test.op == "more_than" else number >= least)
        case _:
            return any(v in test.values for v in value) if isinstance(value, list) else value in test.values


def _covers(whole: Any, part: Any) -> bool:
    """Whether a list holds everything that another list holds; what is not given covers nothing."""
    return isinstance(whole, list) and isinstance(part, list) and set(part) <= set(whole)
