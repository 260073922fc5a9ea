"""Answers that fit a form, made up at random: what a careful member of staff might write."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.facts import Facts, instant
from chalicelib.desk.forms import asked
from chalicelib.desk.procedure import Action, Field
from chalicelib.desk.rulebook import Desk

MINUTE = timedelta(minutes=1)
A_MONTH = 30 * 24 * 60


def answers_for(desk: Desk, case: Complaint, action: Action, dice: Random, now: datetime) -> dict[str, Any]:
    """Answers to every field that is required, and to some that are not; a few are unknown, with a reason."""
    procedure, found = desk.procedure, {}
    for name, needed in _by_condition(desk, asked(procedure, case, action)).items():
        entry = procedure.fields[name]
        facts = Facts(case, found)
        if not facts.hold(entry.when) or not (needed or dice.random() < 0.5):
            continue
        if name == action.happened_at:
            found[name] = _text_of(now - dice.choice([0, 1, 90, 3000]) * MINUTE)
        elif not entry.never_unknown and dice.random() < 0.1:
            found[name] = {"unknown": "nobody could say"}
        else:
            earlier = instant(facts.values.get(entry.after)) if entry.after else None
            found[name] = answer(desk, entry, dice, max(now, earlier) if earlier else now)
    return found


def _by_condition(desk: Desk, form: dict[str, bool]) -> dict[str, bool]:
    """The fields without a condition first: the others may depend on them."""
    return dict(sorted(form.items(), key=lambda item: desk.procedure.fields[item[0]].when is not None))


def answer(desk: Desk, entry: Field, dice: Random, now: datetime) -> Any:
    """One real answer; an instant lies within a month after `now`."""
    people = [p.id for p in desk.organisation.staff.values() if p.active]
    match entry.type:
        case "choice":
            return dice.choice(list(entry.choices))
        case "choices":
            return dice.sample(list(entry.choices), dice.randint(1, len(entry.choices)))
        case "person":
            return dice.choice(people)
        case "people" | "signatures":
            return [dice.choice(people)]
        case "department":
            return dice.choice(list(desk.organisation.departments))
        case "table":
            return [dict.fromkeys(entry.columns, "x")]
        case "instant":
            return _text_of(now + dice.choice([1, 90, 24 * 60, 5 * 24 * 60, A_MONTH]) * MINUTE)
        case _:
            return _PLAIN[entry.type](dice)


def _text_of(moment: datetime) -> str:
    return moment.isoformat()


_PLAIN: dict[str, Callable[[Random], Any]] = {
    "text": lambda dice: dice.choice(["电梯停运", "a leak", "x"]),
    "long": lambda dice: dice.choice(["客户说：水管漏水。", "line\nline"]),
    "number": lambda dice: dice.choice([0, 1, 3, 2.5, 10_000]),
    "money": lambda dice: dice.choice(["0", "120.50", "500", "99999.9"]),
    "yes_no": lambda dice: dice.choice(["yes", "no"]),
    "tick": lambda _: "yes",
    "date": lambda dice: dice.choice(["2026-02-28", "2027-02-06"]),
    "plate": lambda dice: dice.choice(["粤B12345", "沪A·D1234"]),
    "phone": lambda _: "13800138000",
    "file": lambda _: "photo-1",
}
