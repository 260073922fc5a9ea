"""Answers that fit a form, made up by dice: what a careful member of staff might write."""

from collections.abc import Callable, Mapping, Set
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from chalicelib.desk.calendar import add_business_minutes
from chalicelib.desk.caps import latest_answer
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

ENVELOPE = ("call.", "referral.")
"""Where a posted complaint holds how it came in: a missed call, a body that passed it on. No form makes these up."""

Say = Callable[[Field], str]


class Habits(Struct, frozen=True, kw_only=True):
    """How forms are filled.

    optional  how often a field that may be left empty is answered; unknown: how often "unknown" is the answer
    earlier   how many minutes ago what is claimed to have happened earlier happened
    spans     how many minutes ahead a time lies that is written down
    by_day    such a time is put where the site is open, with a morning before it
    fixed     field to the answer it always gets
    weights   choice or yes-no field to the weight of each answer; answers left out are never given
    copies    list field to the one that it must cover: signatures, and who took part
    people    the staff who are named where a person is asked for; empty: anybody
    says      what is written into a field of free text
    enveloped whether what only the way in could tell is answered as well
    """

    optional: float = 0.5
    unknown: float = 0.1
    earlier: list[int] = field(default_factory=lambda: [0, 1, 90, 3000])
    spans: list[int] = field(default_factory=lambda: SPANS)
    by_day: bool = False
    fixed: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    copies: Mapping[str, str] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    says: Say | None = None
    enveloped: bool = True


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
        given = name in habits.fixed or needed or name in must
        if not given and not habits.enveloped and (entry.intake or "").startswith(ENVELOPE):
            continue
        if facts.hold(entry.when) and (given or dice.random() < habits.optional):
            claims = name == action.happened_at or (entry.before == "now" and entry.type == "instant")
            found[name] = facts.values[name] = _chosen(desk, case, name, dice, now, habits, facts, claims=claims)
    return found


def _chosen(
    desk: Desk, case: Complaint, name: str, dice: Random, now: datetime, habits: Habits, facts: Facts, *, claims: bool
) -> Any:
    """What is written into one field. `claims`: it says when something happened that is only now recorded."""
    entry = desk.procedure.fields[name]
    if name in habits.fixed:
        return habits.fixed[name]
    if claims:
        return _text_of(now - dice.choice(habits.earlier) * MINUTE)
    if not entry.never_unknown and dice.random() < habits.unknown:
        return {"unknown": "nobody could say"}
    if name in habits.weights:
        return _weighed(entry, habits.weights[name], dice)
    if whole := _list(facts.values.get(habits.copies.get(name, ""))):
        return whole
    earlier = instant(facts.values.get(entry.after)) if entry.after else None
    found = answer(desk, entry, dice, max(now, earlier) if earlier else now, habits)
    most = latest_answer(desk, case, name, facts, now) if entry.not_after else None
    return _text_of(min(most, datetime.fromisoformat(found))) if most else found


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
            moment = now + dice.choice(habits.spans) * MINUTE
            return _text_of(add_business_minutes(desk.calendar, moment, 180) if habits.by_day else moment)
        case "date":
            day = now + dice.randint(-3, 0 if entry.before else 3) * A_DAY * MINUTE
            return day.astimezone(ZoneInfo(desk.calendar.zone)).date().isoformat()
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
    "email": lambda _: "li@example.org",
    "plate": lambda dice: dice.choice(["粤B12345", "沪A·D1234"]),
    "phone": lambda _: "13800138000",
    "file": lambda _: "photo-1",
}
