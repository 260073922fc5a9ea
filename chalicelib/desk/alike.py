"""Which cases are alike: of the same customer, or telling the same. It suggests; people decide."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.facts import is_given, is_kept
from chalicelib.desk.procedure import Procedure, Watch, Words
from chalicelib.desk.similar import overlap, pieces, plain
from chalicelib.desk.words import phrases_in, said

Kind = Literal["duplicate", "repeat", "same_problem"]

DAYS: Mapping[Kind, int] = {"duplicate": 3, "repeat": 90, "same_problem": 2}
"""How far apart cases may lie to be suggested, where the procedure's links say nothing (`within_days`).

duplicate     one matter of one customer, taken down twice: the other case is still open
repeat        the customer comes again about the same matter
same_problem  customers who seem not to be the same report the same at the same place, within hours or a few days
"""

KEYS = ("phone", "room", "plate", "email")
"""Kinds of `Complaint.customer_keys`, the most telling first."""

LIKE, ALMOST = 0.3, 0.7
"""From which overlap of their words two texts are said to be alike, and almost the same."""

Shared = dict[str, tuple[str, Words]]
"""What cases may have in common besides their customer: by name, the value as it is compared, and its title."""


class Profile(Struct, frozen=True, kw_only=True):
    """What a case is compared by."""

    number: str
    received_at: datetime
    finished: bool
    keys: frozenset[str]
    shared: Shared
    words: tuple[frozenset[str], frozenset[str]]  # of the summary, of what happened


class Likeness(Struct, frozen=True, kw_only=True):
    """In what two cases are alike. `kind` None: nothing is suggested. `score` only orders, from 0 to 1."""

    kind: Kind | None
    score: float
    keys: list[str]  # the kinds of them
    shared: dict[str, Words]
    apart: timedelta
    words: float
    other_open: bool


def profile(
    procedure: Procedure, case: Complaint, *, knows: bool = True, hidden: Collection[str] = ()
) -> Profile:  # fmt: skip
    """`knows`: the reader may know who complains. Otherwise nothing of the customer is compared, nor ever what is in
    fields that are `hidden` from the reader.
    """
    given = [(name, value) for name, value in _given(procedure, case) if name not in hidden]
    details = next((str(v) for n, v in given if procedure.fields[n].intake == "content.details"), "")
    details = details or case.posted.get("content.details", "") or case.summary
    return Profile(
        number=case.number,
        received_at=case.received_at,
        finished=case.finished,
        keys=frozenset(key for key in case.customer_keys if knows and key.partition(":")[0] in KEYS),
        shared=_shared(procedure, case, given),
        words=(pieces(case.summary), pieces(details)),
    )


def likeness(mine: Profile, other: Profile, days: Mapping[Kind, int] = DAYS) -> Likeness:
    """How alike another case is, whichever came first."""
    keys = sorted({key.partition(":")[0] for key in mine.keys & other.keys}, key=KEYS.index)
    same = {name: title for name, (value, title) in mine.shared.items() if _has(other, name, value)}
    words = max((overlap(*pair) for pair in zip(mine.words, other.words, strict=True) if all(pair)), default=0.0)
    apart = abs(mine.received_at - other.received_at)
    differs = "category" in mine.shared and "category" in other.shared and "category" not in same
    kind = _kind(bool(keys), same, words, differs)
    if kind == "duplicate" and (other.finished or apart > timedelta(days=days["duplicate"])):
        kind = "repeat"
    if kind and apart > timedelta(days=days[kind]):
        kind = None
    score = 0.4 * bool(keys) + min(0.3, 0.15 * len(same)) + 0.3 * words
    return Likeness(
        kind=kind, score=score, keys=keys, shared=same, apart=apart, words=words, other_open=not other.finished
    )


def sentence(found: Likeness, language: str) -> str:
    """Why they are alike, such as "同一电话、同一类别、相隔2天，内容相近"."""
    phrases = phrases_in(language)
    parts = [phrases[f"same_{key}"] for key in found.keys]
    for name, title in found.shared.items():
        known = phrases.get(f"same_{name}")
        parts.append(known or phrases["same_field"].format(title=said(title, language)))
    parts.append(_apart(found.apart, phrases))
    ends = [phrases["same_words" if found.words >= ALMOST else "like_words"]] if found.words >= LIKE else []
    ends += [phrases["still_open"]] if found.kind and found.other_open else []
    return phrases["then"].join([phrases["and"].join(parts), *ends])


def same_customer(cases: Iterable[Complaint]) -> list[list[str]]:
    """The numbers of the cases by customer: each case once, in the order given, customers by their first case.

    Cases belong together that share a phone, room or plate, also by way of a third. A case whose customer left
    nothing to go by stands alone. So `len` is the number of customers, and a group of two or more is one who
    complained repeatedly.
    """
    given = list(cases)
    before = list(range(len(given)))  # of each case one before it of the same customer, or itself

    def first(index: int) -> int:
        while before[index] != index:
            before[index] = index = before[before[index]]
        return index

    seen: dict[str, int] = {}
    for index, case in enumerate(given):
        for key in case.customer_keys:
            older, newer = sorted((first(seen.setdefault(key, index)), first(index)))
            before[newer] = older
    groups: dict[int, list[str]] = {}
    for index, case in enumerate(given):
        groups.setdefault(first(index), []).append(case.number)
    return list(groups.values())


def days_of(procedure: Procedure) -> dict[Kind, int]:
    """How far apart cases of a procedure may lie to be suggested, as its links say, else as `DAYS` does."""
    found = dict(DAYS)
    for link in procedure.links.values():
        if link.pairs and link.within_days is not None:
            found["repeat"] = link.within_days
    for link in procedure.links.values():
        if link.means and link.within_days is not None:
            found[link.means] = link.within_days
    return found


def watched_as(procedure: Procedure, case: Complaint, watch: Watch) -> str | None:
    """What a watch counts the case by; None where it is not all known. What tells the customer is a keyed hash."""
    parts: list[str] = []
    for name in watch.same:
        kind = (procedure.fields[name].intake or "").removeprefix("customer.")
        if kind in KEYS:
            parts += [key for key in case.customer_keys if key.partition(":")[0] == kind][-1:] or [""]
        else:
            value = case.values.get(name)
            parts.append(plain(str(value)) if is_given(value) else "")
    return "|".join(parts) if all(parts) else None


def _kind(same_customer: bool, same: Mapping[str, Words], words: float, differs: bool) -> Kind | None:
    if same_customer:
        if words >= (LIKE if same else 0.4) and not differs:
            return "duplicate"
        return "repeat" if same or words >= LIKE else None
    # Many are sorted into one category: without words or a place in common it says little.
    telling = [name for name in same if name != "category"]
    alike = (telling and (words >= LIKE or len(same) > 1)) or (same and words >= LIKE)
    return "same_problem" if alike else None


def _shared(procedure: Procedure, case: Complaint, given: Iterable[tuple[str, object]]) -> Shared:
    """The category, the place, and what links and watches go by, but nothing that tells who the customer is."""
    linked = {name for link in procedure.links.values() for name in link.same}
    linked |= {name for watch in procedure.watches.values() for name in watch.same}
    found: Shared = {}
    for name, value in given:
        entry = procedure.fields[name]
        if entry.means == "category" or entry.intake == "category":
            found["category"] = (f"{procedure.id}|{value}", entry.title)
        elif entry.intake == "content.where":
            found["place"] = (plain(str(value)), entry.title)
        elif name in linked and not entry.tells_who:
            found[f"{procedure.id}.{name}"] = (plain(str(value)), entry.title)
    if "place" not in found and (where := case.posted.get("content.where")):
        found["place"] = (plain(where), {})
    return {name: found[name] for name in sorted(found, key=lambda name: (name not in ("category", "place"), name))}


def _given(procedure: Procedure, case: Complaint) -> Iterable[tuple[str, object]]:
    return ((n, v) for n, v in case.values.items() if n in procedure.fields and is_kept(v))


def _has(other: Profile, name: str, value: str) -> bool:
    return name in other.shared and other.shared[name][0] == value


def _apart(span: timedelta, phrases: Mapping[str, str]) -> str:
    hours = int(span.total_seconds()) // 3600
    if hours < 1:
        return phrases["within_hour"]
    if hours < 24:
        return phrases["hours_apart"].format(n=hours)
    return phrases["day_apart" if span.days == 1 else "days_apart"].format(n=span.days)
