"""Complaints from a file: CSV or JSON lines, each with what is known of it; every bad line is named at once."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from chalicelib.desk.answers import BadAnswer, normalised
from chalicelib.desk.complaint import ChannelOfIntake, Kind
from chalicelib.desk.rulebook import Desk
from chalicelib.forecast.incoming import Incoming

OWN = ("number", "received_at", "channel", "kind", "category")
DID = "did:"
LISTS = ("choices", "people", "signatures")

Told = tuple[str, dict[str, Any]]
"""A sentence of the words file by its name, and what stands in its braces."""


def read(path: Path, desk: Desk) -> tuple[list[Incoming], list[Told]]:
    """The complaints of a file in order of time, and everything that is wrong with it."""
    try:
        rows = list(_rows(path))
    except (OSError, ValueError) as wrong:
        return [], [("unreadable", {"file": path.name, "why": str(wrong)})]
    problems: list[Told] = [] if rows else [("empty", {"file": path.name})]
    known = _columns(desk)
    unknown = sorted({name for _, row in rows for name in row} - known)
    problems += [("unknown_column", {"column": name, "known": ", ".join(sorted(known))}) for name in unknown]
    found = [_incoming(desk, number, row, problems) for number, row in rows]
    numbers = [one.number for one in found if one]
    problems += [("twice", {"number": number}) for number in sorted({n for n in numbers if numbers.count(n) > 1})]
    return sorted((one for one in found if one), key=lambda one: (one.received_at, one.number)), problems


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line that holds a complaint with its number in the file. Raises ValueError."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")  # as spreadsheets on Chinese Windows save it
    if not text.lstrip().startswith("{"):
        reader = csv.DictReader(io.StringIO(text), restkey="")
        for row in reader:
            yield reader.line_num, {k.strip(): v for k, v in row.items() if v not in (None, "")}
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(f"line {number} is no JSON object")
            yield number, row


def _columns(desk: Desk) -> set[str]:
    opening = desk.rulebook.opening
    actions = {f"{DID}{name}" for name in desk.procedure.actions if name != opening}
    return {*OWN, *desk.procedure.fields, *actions}


def _incoming(desk: Desk, line: int, row: dict[str, Any], problems: list[Told]) -> Incoming | None:
    before = len(problems)
    received = _time(desk, line, "received_at", row.get("received_at"), problems)
    channel = _one_of(line, "channel", row.get("channel", "phone"), get_args(ChannelOfIntake), problems)
    kind = _one_of(line, "kind", row.get("kind", "complaint"), get_args(Kind), problems)
    fields = desk.procedure.fields
    category = next((name for name, entry in fields.items() if entry.intake == "category"), None)
    given = {name: value for name, value in row.items() if name in fields and name not in OWN}
    given |= {name: row[name] for name in ("category",) if name in row and name in fields}
    if "category" in row and "category" not in fields:
        given |= {category: row["category"]} if category else {}
        problems += [] if category else [("unknown_column", {"column": "category", "known": ", ".join(sorted(fields))})]
    answers = {name: _answer(desk, line, name, value, problems) for name, value in given.items()}
    did = [
        (when, name.removeprefix(DID))
        for name, value in row.items()
        if name.startswith(DID) and name.removeprefix(DID) in desk.procedure.actions
        and (when := _time(desk, line, name, value, problems))
    ]  # fmt: skip
    if received:
        problems += [("before_receipt", {"line": line, "column": f"{DID}{a}"}) for when, a in did if when < received]
    if len(problems) > before or received is None:
        return None
    order = list(desk.procedure.actions)
    return Incoming(
        number=str(row.get("number", line)), received_at=received, channel=channel, kind=kind, answers=answers,
        did=sorted(did, key=lambda item: (item[0], order.index(item[1]))),
    )  # fmt: skip


def _time(desk: Desk, line: int, column: str, value: Any, problems: list[Told]) -> datetime | None:
    """A time of the file; without its offset it is on the site's clock."""
    try:
        moment = datetime.fromisoformat(str(value or "").strip())
    except ValueError:
        problems.append(("no_time", {"line": line, "column": column, "value": value or ""}))
        return None
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(desk.calendar.zone))
    return local.astimezone(UTC).replace(microsecond=0)


def _one_of(line: int, column: str, value: Any, known: tuple[str, ...], problems: list[Told]) -> Any:
    if value not in known:
        problems.append(("not_one_of", {"line": line, "column": column, "value": value, "known": ", ".join(known)}))
    return value


def _answer(desk: Desk, line: int, name: str, value: Any, problems: list[Told]) -> Any:
    entry = desk.procedure.fields[name]
    if isinstance(value, str):
        value = [part.strip() for part in value.split(";")] if entry.type in LISTS else value.strip()
        value = _number(value) if entry.type == "number" else value
    try:
        return normalised(entry, value, desk.organisation, datetime.min.replace(tzinfo=UTC))
    except BadAnswer as bad:
        problems.append(("bad_answer", {"line": line, "column": name, "why": str(bad)}))
        return None


def _number(value: Any) -> Any:
    try:
        return float(value)
    except ValueError:
        return value
