"""What a manager asks of a forecast, read from the command line: every mistake is named at once."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from chalicelib.desk.people import Organisation, Person, Site
from chalicelib.desk.procedure import Limit, LimitChoice, Procedure
from chalicelib.forecast.complaints import Told
from chalicelib.procedures import shorthand
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem, Unsound
from chalicelib.procedures.reading import Reader
from chalicelib.procedures.settings import misfit

SPAN = re.compile(r"(\d{1,5}(?:\.\d+)?)(m|h|d)")
SECONDS = {"m": 60, "h": 3600, "d": 86400}


def pairs(option: str, given: Iterable[str], problems: list[Told]) -> dict[str, str]:
    """`name=value` each; a name given twice counts the last time."""
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if equals and name.strip():
            found[name.strip()] = value.strip()
        else:
            problems.append(("no_equals", {"option": option, "text": text}))
    return found


def among(option: str, given: Mapping[str, Any], known: Iterable[str], problems: list[Told]) -> None:
    """Whether every name is known."""
    names = list(known)
    for name in given:
        if name not in names:
            problems.append(("unknown_name", {"option": option, "name": name, "known": ", ".join(names)}))


def numbers(option: str, given: Mapping[str, str], least: float, problems: list[Told]) -> dict[str, float]:
    """Numbers of at least this."""
    return _each(given, lambda text: _at_least(float(text), least), "no_number", option, problems, least=least)


def shares(option: str, given: Mapping[str, str], problems: list[Told]) -> dict[str, float]:
    """Shares: `0.1` or `10%`."""
    return _each(given, _share, "no_share", option, problems)


def share(option: str, text: str, problems: list[Told]) -> float:
    """One share."""
    return shares(option, {text: text}, problems).get(text, 0.0)


def spans(option: str, given: Mapping[str, str], problems: list[Told]) -> dict[str, float]:
    """Lengths of time in seconds: `30m`, `4h`, `3d`."""
    return _each(given, _span, "no_span", option, problems)


def weights(
    option: str, given: Mapping[str, str], procedure: Procedure, problems: list[Told]
) -> dict[str, dict[str, float]]:
    """`field=choice:weight,choice:weight` for fields that are chosen from a list."""
    found: dict[str, dict[str, float]] = {}
    for name, text in given.items():
        field = procedure.fields.get(name)
        choices = list(field.choices) if field and field.type != "yes_no" else ["yes", "no"]
        each = {part.partition(":")[0].strip(): part.partition(":")[2].strip() or "1" for part in text.split(",")}
        wrong = [choice for choice in each if choice not in choices]
        problems += [
            ("no_choice", {"option": option, "name": name, "value": choice, "known": ", ".join(choices)})
            for choice in wrong
        ]
        found[name] = numbers(f"{option} {name}", each, 0, problems)
        if not wrong and found[name] and not any(found[name].values()):
            problems.append(("no_number", {"option": option, "name": name, "value": text, "least": 0}))
    return found


def _each(
    given: Mapping[str, str], read: Callable[[str], float], word: str, option: str, problems: list[Told], **about: Any
) -> dict[str, float]:
    found = {}
    for name, text in given.items():
        try:
            found[name] = read(text)
        except ValueError:
            problems.append((word, {"option": option, "name": name, "value": text, **about}))
    return found


def _at_least(value: float, least: float) -> float:
    if not least <= value < 1e9:  # so NaN is none
        raise ValueError
    return value


def _share(text: str) -> float:
    value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    if not 0 <= value <= 1:
        raise ValueError
    return value


def _span(text: str) -> float:
    found = SPAN.fullmatch(text)
    if not found:
        raise ValueError
    return float(found[1]) * SECONDS[found[2]]


# what is changed in the procedure


def bound(
    compiled: Compiled, settings: Mapping[str, str], changes: Mapping[str, str], option: str, problems: list[Told]
) -> Procedure:
    """The procedure with a site's settings and these changes: of settings, and of the limits of clocks."""
    plain = compiled.bind({})
    own = {name: value for name, value in changes.items() if name in plain.settings}
    limits = {name: value for name, value in changes.items() if name in plain.clocks and name not in own}
    known = ", ".join([*plain.settings, *(name for name in plain.clocks if name not in plain.settings)])
    for name in changes.keys() - own.keys() - limits.keys():
        problems.append(("no_setting", {"option": option, "name": name, "known": known}))
    for name, value in own.items():
        if wrong := misfit(plain.settings[name], value or None):
            problems.append(("bad_setting", {"option": option, "name": name, "why": wrong}))
    read = {name: _limit(option, name, value, problems) for name, value in limits.items()}
    try:
        procedure = compiled.bind({**settings, **own})
    except Unsound:  # told above
        return plain
    changed = {
        name: replace(procedure.clocks[name], limits=[LimitChoice(limit=limit)])
        for name, limit in read.items()
        if limit is not None
    }
    return replace(procedure, clocks={**procedure.clocks, **changed})


def _limit(option: str, name: str, value: str, problems: list[Told]) -> Limit | None:
    reader = Reader()
    read = shorthand.limit(reader, value, name)
    problems += [("bad_setting", {"option": option, "name": name, "why": wrong.what}) for wrong in reader.problems]
    return read


# who is there


def organisation_in(path: Path, procedure: str, problems: list[Told]) -> tuple[Organisation, Site] | None:
    """The organisation of a YAML or JSON file, and its first site that works by the procedure."""
    from yaml import YAMLError, safe_load  # noqa: PLC0415 # only for those who bring a file

    try:
        organisation = msgspec.convert(safe_load(path.read_text("utf-8")), Organisation)
    except (OSError, ValueError, YAMLError, msgspec.ValidationError) as wrong:
        problems.append(("bad_organisation", {"file": path.name, "why": str(wrong).splitlines()[0]}))
        return None
    site = next((site for site in organisation.sites.values() if site.procedure == procedure), None)
    if site is None:
        problems.append(("no_site", {"file": path.name, "procedure": procedure}))
        return None
    return organisation, site


def staffed_with(organisation: Organisation, site: Site, people: Mapping[str, int]) -> tuple[Organisation, Site]:
    """The organisation with so many people in these posts: the first who hold it, and made-up ones beyond them."""
    posts, staff = dict(site.posts), dict(organisation.staff)
    for role, count in people.items():
        held = posts.get(role, [])
        more = [f"{role}-{n}" for n in range(len(held) + 1, count + 1)]
        units = staff[held[0]].departments if held and held[0] in staff else []
        staff |= {who: Person(id=who, name=who, departments=list(units)) for who in more}
        posts[role] = [*held[:count], *more]
    site = replace(site, posts=posts)
    return replace(organisation, staff=staff, sites={**organisation.sites, site.id: site}), site


def told_of(wrong: Iterable[Problem]) -> list[Told]:
    """Problems of a procedure as sentences of the words file."""
    return [("unsound", {"where": str(problem)}) for problem in wrong]
