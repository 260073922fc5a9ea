"""Answers that fit a form, made up by dice: what a careful member of staff might write."""

from collections.abc import Callable, Mapping, Set
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.facts import Facts, instant
from chalicelib.desk.forms import asked
from chalicelib.desk.people import Organisation
from chalicelib.desk.procedure import Action, Field
from chalicelib.desk.rulebook import Desk

MINUTE = timedelta(minutes=1)
A_DAY = 24 * 60
SPANS = [1, 90, A_DAY, 5 * A_DAY, 30 * A_DAY]
"""How far ahead somebody writes a time, in minutes: from at once to a month."""

Say = Callable[[Field], str]


class Habits(Struct, frozen=True, kw_only=True):
    """How forms are filled.

    optional  how often a field that may be left empty is answered; unknown: how often "unknown" is the answer
    earlier   how many minutes ago what is claimed to have happened earlier happened
    spans     how many minutes ahead a time lies that is written down
    fixed     field to the answer it always gets
    weights   choice or yes-no field to the weight of each answer; answers left out are never given
    copies    list field to the one that it must cover: signatures, and who took part
    people    the staff who are named where a person is asked for; empty: anybody
    says      what is written into a field of free text
    """

    optional: float = 0.5
    unknown: float = 0.1
    earlier: list[int] = field(default_factory=lambda: [0, 1, 90, 3000])
    spans: list[int] = field(default_factory=lambda: SPANS)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    says: Say | None = None


ALL_SORTS = Habits()
"""Whatever a form takes: for walks that look for what breaks."""


def answers_for(
    desk: Desk, case: Complaint, action: Action, dice: Random, now: datetime, habits: Habits = ALL_SORTS,
    must: Set[str] = frozenset(),
) -> dict[str, Any]:  # fmt: skip
    """Answers to every field that is required or in `must`, and to some others; a few are unknown, with a reason."""
    procedure, found = desk.procedure, dict[str, Any]()
    facts = Facts(case, {"": ""})  # a copy of the case's answers, to which those of this form are added
    for name, needed in _by_condition(desk, asked(procedure, case, action)).items():
        entry = procedure.fields[name]
        if not facts.hold(entry.when):
            continue
        if name in habits.fixed:
            found[name] = habits.fixed[name]
        elif not (needed or name in must) and dice.random() >= habits.optional:
            continue
        elif name == action.happened_at:
            found[name] = _text_of(now - dice.choice(habits.earlier) * MINUTE)
        elif not entry.never_unknown and dice.random() < habits.unknown:
            found[name] = {"unknown": "nobody could say"}
        elif name in habits.weights:
            found[name] = _weighed(entry, habits.weights[name], dice)
        elif whole := _list(facts.values.get(habits.copies.get(name, ""))):
            found[name] = whole
        else:
            earlier = instant(facts.values.get(entry.after)) if entry.after else None
            found[name] = answer(desk, entry, dice, max(now, earlier) if earlier else now, habits)
        if name in found:
            facts.values[name] = found[name]
    return found


def answer(desk: Desk, entry: Field, dice: Random, now: datetime, habits: Habits = ALL_SORTS) -> Any:
    """One real answer; an instant lies after `now`."""
    match entry.type:
        case "choice":
            return dice.choice(list(entry.choices))
        case "choices":
            return dice.sample(list(entry.choices), dice.randint(1, len(entry.choices)))
        case "person":
            return dice.choice(habits.people or _people(desk.organisation))
        case "people" | "signatures":
            return [dice.choice(habits.people or _people(desk.organisation))]
        case "department":
            return dice.choice(list(desk.organisation.departments))
        case "table":
            return [dict.fromkeys(entry.columns, "x")]
        case "instant":
            return _text_of(now + dice.choice(habits.spans) * MINUTE)
        case "date":
            return (
                (now + dice.randint(-3, 3) * A_DAY * MINUTE).astimezone(ZoneInfo(desk.calendar.zone)).date().isoformat()
            )
        case "text" | "long" if habits.says:
            return habits.says(entry)
        case _:
            return _PLAIN[entry.type](dice)


def _by_condition(desk: Desk, form: dict[str, bool]) -> dict[str, bool]:
    """The fields without a condition first: the others may depend on them."""
    return dict(sorted(form.items(), key=lambda item: desk.procedure.fields[item[0]].when is not None))


def _people(organisation: Organisation) -> list[str]:
    return [p.id for p in organisation.staff.values() if p.active]


def _weighed(entry: Field, weights: Mapping[str, float], dice: Random) -> Any:
    chosen = dice.choices(list(weights), list(weights.values()))[0]
    return [chosen] if entry.type == "choices" else chosen


def _list(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else []


def _text_of(moment: datetime) -> str:
    return moment.isoformat()


_PLAIN: dict[str, Callable[[Random], Any]] = {
    "text": lambda dice: dice.choice(["电梯停运", "a leak", "x"]),
    "long": lambda dice: dice.choice(["客户说：水管漏水。", "line\nline"]),
    "number": lambda dice: dice.choice([0, 1, 3, 2.5, 10_000]),
    "money": lambda dice: dice.choice(["0", "120.50", "500", "99999.9"]),
    "yes_no": lambda dice: dice.choice(["yes", "no"]),
    "tick": lambda _: "yes",
    "plate": lambda dice: dice.choice(["粤B12345", "沪A·D1234"]),
    "phone": lambda _: "13800138000",
    "file": lambda _: "photo-1",
}
