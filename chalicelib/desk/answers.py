"""One answer: whether it is what its field takes, and the form in which it is kept.

Instants are kept as RFC 3339 in UTC, money as a decimal string with two places, yes and no as those words.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from chalicelib.desk.people import Organisation
from chalicelib.desk.procedure import Field

SHORT, LONG, ROWS = 500, 10_000, 200
"""Most characters of a text and of a long text; most entries of a list."""


class BadAnswer(ValueError):
    """What is wrong with one answer, in the caller's terms."""


def normalised(entry: Field, value: Any, organisation: Organisation, now: datetime) -> Any:
    """The answer as it is kept. Raises BadAnswer."""
    if entry.type in ("person", "department"):
        return _known(entry, value, organisation)
    if entry.type in ("people", "signatures"):
        return list(dict.fromkeys(_known(entry, v, organisation) for v in _list(value)))
    if entry.type == "instant":
        return _instant(entry, value, now)
    if entry.type in ("choice", "choices"):
        return _choice(entry, value)
    if entry.type == "table":
        return _table(entry, value)
    return _PLAIN[entry.type](value)


def _text(value: Any, most: int = SHORT) -> str:
    if not isinstance(value, str):
        raise BadAnswer("must be text")
    if len(value) > most:
        raise BadAnswer(f"must be at most {most} characters")
    if any(ord(c) < 32 and c not in "\n\r\t" for c in value):
        raise BadAnswer("must not hold control characters")
    return value.strip()


def _number(value: Any) -> int | float:
    if (
        isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e12
    ):  # NaN compares to nothing
        raise BadAnswer("must be a number")
    return value


def _money(value: Any) -> str:
    try:
        amount = Decimal(str(value)).quantize(Decimal("0.01"))
    except (InvalidOperation, ValueError):
        raise BadAnswer("must be an amount such as 120.50") from None
    if isinstance(value, bool) or not 0 <= amount <= 10**9:
        raise BadAnswer("must be an amount from 0 to 1,000,000,000")
    return str(amount)


def _yes_no(value: Any) -> str:
    if value in (True, "yes"):
        return "yes"
    if value in (False, "no"):
        return "no"
    raise BadAnswer("must be yes or no")


def _tick(value: Any) -> str:
    if value not in (True, "yes"):
        raise BadAnswer("must be ticked")
    return "yes"


def _instant(entry: Field, value: Any, now: datetime) -> str:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        moment = moment.astimezone(UTC).replace(microsecond=0)
    except (TypeError, ValueError, OverflowError):
        raise BadAnswer("must be a time with its offset, such as 2026-11-21T09:30:00+08:00") from None
    if entry.after == "now" and moment <= now:
        raise BadAnswer("must lie in the future")
    return moment.isoformat().replace("+00:00", "Z")


def _date(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise BadAnswer("must be a date such as 2026-11-21") from None


def _choice(entry: Field, value: Any) -> Any:
    for one in _list(value) if entry.type == "choices" else [value]:
        if not isinstance(one, str) or one not in entry.choices:
            raise BadAnswer(f"must be one of: {', '.join(entry.choices)}")
    return value


def _known(entry: Field, value: Any, organisation: Organisation) -> str:
    among = organisation.departments if entry.type == "department" else organisation.staff
    if not isinstance(value, str) or value not in among:
        raise BadAnswer(
            "is no department of this organisation" if entry.type == "department" else "is no member of staff"
        )
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value or len(value) > ROWS:
        raise BadAnswer(f"must be a list of 1 to {ROWS}")
    return value


def _table(entry: Field, value: Any) -> list[dict[str, str]]:
    rows = _list(value)
    for row in rows:
        if not isinstance(row, dict) or set(row) - set(entry.columns):
            raise BadAnswer(f"must be rows with the columns: {', '.join(entry.columns)}")
    return [{name: _text(cell) for name, cell in row.items()} for row in rows]


def _plate(value: Any) -> str:
    plate = _text(value, 20).replace(" ", "").replace("·", "").upper()
    if len(plate) < 4:
        raise BadAnswer("must be a licence plate")
    return plate


def _phone(value: Any) -> str:
    number = _text(value, 30)
    if not 5 <= sum(c.isdigit() for c in number) <= 20 or set(number) - set("+0123456789 -()"):
        raise BadAnswer("must be a phone number")
    return number


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "long": lambda value: _text(value, LONG),
    "number": _number,
    "money": _money,
    "yes_no": _yes_no,
    "tick": _tick,
    "date": _date,
    "plate": _plate,
    "phone": _phone,
    "file": _text,
}
