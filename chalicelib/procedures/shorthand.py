"""The short forms of the language: conditions, signals, ways, limits, rungs and answers put into fields."""

import re
from typing import Any, get_args

import msgspec

from chalicelib.desk.conditions import All, AnyOf, Condition, Test
from chalicelib.desk.procedure import (
    Action,
    Cap,
    Clock,
    Field,
    Fill,
    Limit,
    LimitChoice,
    Rung,
    Setting,
    Signal,
    SignalKind,
    Way,
)
from chalicelib.procedures.reading import Reader, empty, join
from chalicelib.procedures.settings import LIMIT, misfit, setting_named

ABOUT_CASE = ("stage", "status", "round", "channel", "kind", "anonymous", "confidential")
ABOUT_WORK = ("done", "not_done", "ever_done", "open", "not_open", "late", "not_late")
HOW_TO_COMPARE = (
    "Compare with a value, a list of values, {at_least: number}, {more_than: number} or {covers: field of a list}."
)
BARE = ("given", "missing", "unknown")
SIGNALS: tuple[str, ...] = get_args(SignalKind)
MINUTES = {"m": 1, "h": 60, "d": 24 * 60}


def teach(reader: Reader) -> Reader:
    """Give a reader the short forms."""
    reader.named = {Clock: {"limits": "limit"}}
    reader.special = {
        All: lambda value, where: condition(reader, value, where),
        Fill: lambda value, where: fill(reader, value, where),
        Field: lambda value, where: field(reader, value, where),
        Action: lambda value, where: action(reader, value, where),
        Signal: lambda value, where: signal(reader, value, where),
        Way: lambda value, where: way(reader, value, where),
        Setting: lambda value, where: setting(reader, value, where),
        Limit: lambda value, where: limit(reader, value, where),
        list[LimitChoice]: lambda value, where: limits(reader, value, where),
        Rung: lambda value, where: rung(reader, value, where),
        dict[str, Any]: lambda value, where: answers(reader, value, where),
    }
    return reader


def condition(reader: Reader, value: Any, where: str) -> Condition | None:
    """A mapping means all of it, a list any of it; `always` needs nothing."""
    if value == "always":
        return All([])
    if isinstance(value, list):
        parts = [condition(reader, part, f"{where}[{index}]") for index, part in enumerate(value)]
        return _joined(AnyOf, parts)
    if not isinstance(value, dict) or not value:
        reader.wrong(where, "A condition is a mapping (all of it) or a list (any of it).")
        return None
    return _joined(All, [_comparison(reader, key, said, join(where, key)) for key, said in value.items()])


def _joined(kind: type[All] | type[AnyOf], parts: list[Condition | None]) -> Condition | None:
    sound = [part for part in parts if part is not None]
    return sound[0] if len(sound) == 1 else kind(sound)


def _comparison(reader: Reader, key: str, said: Any, where: str) -> Condition | None:
    if key in ABOUT_WORK:
        return _about_work(reader, key, said, where)
    if key == "setting":
        return _about_site(reader, said, where)
    subject, name = (key, "") if key in ABOUT_CASE else ("field", key)
    if key.startswith("customer."):
        if key not in reader.taken:
            reader.wrong(where, f"No field asks for it; give one `intake: {key}`.")
            return None
        name = reader.taken[key]
    return _about_answer(reader, subject, name, said, where)


def _about_answer(reader: Reader, subject: str, name: str, said: Any, where: str) -> Condition | None:
    if isinstance(said, dict):
        if set(said) == {"covers"} and subject == "field":
            return Test(subject="field", name=name, op="covers", values=[str(said["covers"])])
        op = next(iter(said), "")
        if len(said) != 1 or op not in ("at_least", "more_than"):
            reader.wrong(where, HOW_TO_COMPARE)
            return None
        least = reader.number(said[op], join(where, op))
        return Test(subject=subject, name=name, op=op, values=[least])  # type: ignore[arg-type] # a subject
    if empty(said):
        reader.wrong(where, "There is no value to compare with.")
        return None
    every = reader.list_of(str, said, where)
    bare = [text for text in every if subject == "field" and text in BARE]
    values: list[Any] = [text for text in every if text not in bare]
    if subject == "field":
        values = [reader.answer(name, text, where) for text in values]
    tests: list[Condition | None] = [Test(subject="field", name=name, op=text) for text in bare]
    if values:
        tests.append(Test(subject=subject, name=name, values=values))  # type: ignore[arg-type] # a subject
    return _joined(AnyOf, tests)


def _about_work(reader: Reader, key: str, said: Any, where: str) -> Condition | None:
    since = ""
    if key == "done" and isinstance(said, dict):
        if set(said) != {"action", "since"}:
            reader.wrong(where, "Write {action: one or more actions, since: an action}.")
            return None
        since = reader.read(str, said["since"], join(where, "since")) or ""
        said, where = said["action"], join(where, "action")
    if empty(said):
        reader.wrong(where, "Nothing is named here.")
        return None
    return Test(subject=key, values=reader.list_of(str, said, where), since=since)  # type: ignore[arg-type] # a subject


def action(reader: Reader, value: Any, where: str) -> Action | None:
    """An action whose `asks` name fields, or `{field: x, when: condition}` where one is required only then."""
    asks = value.get("asks") if isinstance(value, dict) else None
    if isinstance(asks, list):
        only = [one for one in asks if isinstance(one, dict)]
        names = [one.get("field") if isinstance(one, dict) else one for one in asks]
        value = {**value, "asks": names, **({"asks_when": only} if only else {})}
    read: Action | None = reader.struct(Action, value, where)
    return read


def _about_site(reader: Reader, said: Any, where: str) -> Condition | None:
    """What a site has set is known when the procedure is bound to it: the comparison always holds, or never."""
    if not isinstance(said, dict) or not said:
        reader.wrong(where, "Write {setting: {name of the setting: value}}.")
        return None
    parts: list[Condition | None] = []
    for name, value in said.items():
        place, found = join(where, name), reader.settings.get(name)
        if found is None:
            reader.wrong(place, f'There is no setting "{name}".')
            continue
        wanted = reader.list_of(str, value, place)
        for one in wanted:
            if (wrong := misfit(found, one)) and one not in BARE:
                reader.wrong(place, wrong)
        held = reader.held.get(name)
        holds = held in wanted or ("given" if held else "missing") in wanted
        parts.append(All([]) if holds else AnyOf([]))
    return _joined(All, parts)


def field(reader: Reader, value: Any, where: str) -> Field | None:
    """A field whose `seen_by` is `staff`, `customer`, or a list of the roles that see it."""
    if isinstance(value, dict) and isinstance(value.get("seen_by"), list):
        value = {("seen_by_roles" if key == "seen_by" else key): said for key, said in value.items()}
    read: Field | None = reader.struct(Field, value, where)
    return read


def fill(reader: Reader, value: Any, where: str) -> Fill | None:
    """`actor`, `actor_unit`, `now`; for a time a limit such as `7d`; for other fields an answer."""
    if empty(value):
        return None
    if value in ("actor", "actor_unit", "now"):
        return Fill(what=value)
    name = where.split(".")[1]
    if reader.types.get(name) in ("instant", "date"):
        found = limit(reader, value, where)
        return Fill(what="limit", limit=found) if found else None
    answer = reader.answer(name, value, where)
    return None if answer is None else Fill(what="value", value=answer)


def signal(reader: Reader, value: Any, where: str) -> Signal | None:
    """`done register`, or `{signal: done register, when: condition}`."""
    when = None
    if isinstance(value, dict):
        _only(reader, value, ("signal", "when"), where)
        when = None if empty(value.get("when")) else condition(reader, value["when"], join(where, "when"))
        value = value.get("signal")
    kind, _, name = str(value or "").partition(" ")
    if kind not in SIGNALS or not name.strip():
        reader.wrong(where, f'"{value or ""}" is no signal; write one of {", ".join(SIGNALS)} and a name.')
        return None
    return Signal(kind=kind, name=name.strip(), when=when)  # type: ignore[arg-type] # found among the kinds


def setting(reader: Reader, value: Any, where: str) -> Setting | None:
    """A setting; its `default` is a value, or `{setting: name}`: what that other one holds."""
    other = setting_named(value.get("default")) if isinstance(value, dict) else None
    if other is not None:
        value = {**{key: said for key, said in value.items() if key != "default"}, "default_from": other}
    read: Setting | None = reader.struct(Setting, value, where)
    return read


def way(reader: Reader, value: Any, where: str) -> Way | None:
    """A stage id, or a mapping of `to`, `when`, `put`, `again`."""
    if isinstance(value, str):
        return Way(to=value)
    read: Way | None = reader.struct(Way, value, where)
    return read


def limit(reader: Reader, value: Any, where: str) -> Limit | None:
    """One limit; an empty one is measured and never late."""
    if empty(value):
        return Limit()
    if isinstance(value, dict):
        return _named_limit(reader, value, where)
    found = LIMIT.fullmatch(str(value))
    if not found:
        reader.wrong(where, f'"{value}" is no limit; write one such as 45m, 24h, 3d, 0d or 8bh.')
        return None
    unit = found[1]
    amount = int(str(value).removesuffix(unit))
    if unit == "d":
        return Limit(kind="days", amount=amount)
    if unit == "bh":
        return Limit(kind="business", amount=amount * 60)
    return Limit(kind="elapsed", amount=amount * MINUTES[unit])


def _named_limit(reader: Reader, value: dict[str, Any], where: str) -> Limit | None:
    if set(value) == {"of_opening"}:
        counted = limit(reader, value["of_opening"], join(where, "of_opening"))
        return counted and msgspec.structs.replace(counted, of_opening=counted.kind != "none")
    if set(value) == {"until"}:
        return Limit(kind="until", name=reader.read(str, value["until"], join(where, "until")) or "")
    if set(value) == {"day_of_month", "of"} and value["of"] == "next_month":
        day = reader.read(int, value["day_of_month"], join(where, "day_of_month"))
        if day is None or not 1 <= day <= 31:
            reader.wrong(join(where, "day_of_month"), "A day of the month is 1 to 31.")
            return None
        return Limit(kind="monthly", amount=day)
    reader.wrong(where, "Write {until: field}, {of_opening: 24h} or {day_of_month: 4, of: next_month}.")
    return None


def limits(reader: Reader, value: Any, where: str) -> list[LimitChoice]:
    """One limit, or a list of `{when: condition, is: limit}` of which the first that fits holds."""
    if isinstance(value, dict) and "is" in value:
        value = [value]
    if not isinstance(value, list):
        one = limit(reader, value, where)
        return [] if one is None else [LimitChoice(limit=one)]
    choices = []
    for index, item in enumerate(value):
        place = f"{where}[{index}]"
        if not isinstance(item, dict) or "is" not in item:
            reader.wrong(place, "Write {when: condition, is: limit}, the last without `when`.")
            continue
        _only(reader, item, ("when", "is", "not_after"), place)
        when = None if empty(item.get("when")) else condition(reader, item["when"], join(place, "when"))
        one = limit(reader, item["is"], join(place, "is"))
        cap = reader.read(Cap | None, item.get("not_after"), join(place, "not_after"))
        if one is not None:
            choices.append(LimitChoice(limit=one, when=when, not_after=cap))
    return choices


def rung(reader: Reader, value: Any, where: str) -> Rung | None:
    """`before: 4h`, `at: due` or `after: 4h`, and whom to tell."""
    if not isinstance(value, dict):
        reader.wrong(where, "A rung is a mapping such as {at: due, tell: [superior]}.")
        return None
    times = [key for key in ("before", "at", "after") if key in value]
    if len(times) != 1:
        reader.wrong(where, "A rung says exactly one of `before: 4h`, `at: due` and `after: 4h`.")
        return None
    minutes = _minutes(reader, times[0], value[times[0]], join(where, times[0]))
    rest = {key: said for key, said in value.items() if key not in times}
    read: Rung | None = reader.struct(Rung, {**rest, "minutes": str(abs(minutes))}, where)
    if read is None:
        return None
    return msgspec.structs.replace(read, minutes=minutes)


def _minutes(reader: Reader, key: str, value: Any, where: str) -> int:
    if key == "at":
        if value not in ("due", "0"):
            reader.wrong(where, f'"{value}" is no point in time; write `at: due`.')
        return 0
    found = re.fullmatch(r"(\d{1,5})([mhd])", str(value))
    if not found:
        reader.wrong(where, f'"{value}" is no length of time; write one such as 15m, 4h or 1d.')
        return 0
    length = int(found[1]) * MINUTES[found[2]]
    return -length if key == "before" else length


def answers(reader: Reader, value: Any, where: str) -> dict[str, Any]:
    """Fields to the answers put into them, in the form in which such answers are kept."""
    if empty(value):
        return {}
    if not isinstance(value, dict):
        reader.wrong(where, "This must be a mapping of fields to answers.")
        return {}
    read: dict[str, Any] = {}
    for name, said in value.items():
        if isinstance(said, list):
            read[name] = reader.list_of(str, said, join(where, name))
        elif str(said).startswith("="):
            read[name] = said
        else:
            read[name] = reader.answer(name, said, join(where, name))
    return read


def _only(reader: Reader, value: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in value:
        if key not in known:
            reader.wrong(join(where, key), f'"{key}" is not known here; known are: {", ".join(known)}.')
