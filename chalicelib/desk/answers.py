"""One answer: whether it is what its field takes, and the form in which it is kept.

Instants are kept as RFC 3339 in UTC, money as a decimal string with two places, yes and no as those words.
What JSON Schema says of a field (`schemas.py`) is made of the same limits and patterns, so that both take the same.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.desk.people import Organisation
from chalicelib.desk.procedure import Field

SHORT, LONG, ROWS = 500, 10_000, 200
"""Most characters of a text and of a long text; most entries of a list."""

MOST = 1e12
"""Numbers lie between this and its negative."""

SAYS_SOMETHING = r"\S"
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
MONEY = r"^[0-9]{1,9}(\.[0-9]{1,2})?$"
DATE = r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"
INSTANT = (
    r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
PLATE = r"^[ ·]*([^\s·\x00-\x1f][ ·]*){4,20}$"
EMAIL = r"^[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,185}$"
PHONE = r"^[+ ()-]*([0-9][+ ()-]*){5,20}$"
"""How answers are written; years beyond the 22nd century would carry a clock out of the calendar."""

NOT_YET = "must not lie in the future"
FURTHEST_EAST = timedelta(hours=14)
"""Where a day begins first; a desk's own day is never ahead of it."""


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
    if entry.type == "date":
        return _date(entry, value, now)
    if entry.type in ("choice", "choices"):
        return _choice(entry, value)
    if entry.type == "table":
        return _table(entry, value)
    return _PLAIN[entry.type](value)


def reason(value: Any) -> str:
    """Why an answer is unknown: a short text. Raises BadAnswer."""
    return _text(value)


def _text(value: Any, most: int = SHORT) -> str:
    text = _written(value, most)
    if not re.search(SAYS_SOMETHING, text):
        raise BadAnswer("must say something")
    return text.strip()


def _written(value: Any, most: int = SHORT) -> str:
    if not isinstance(value, str):
        raise BadAnswer("must be text")
    if len(value) > most:
        raise BadAnswer(f"must be at most {most} characters")
    if re.search(CONTROL, value):
        raise BadAnswer("must not hold control characters")
    return value


def _like(pattern: str, value: Any, else_say: str) -> str:
    if not isinstance(value, str) or len(value) > SHORT or not re.search(pattern, value):
        raise BadAnswer(else_say)
    return value.strip()


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MOST:  # so NaN is none
        raise BadAnswer("must be a number")
    return value


def _money(value: Any) -> str:
    amount = _like(MONEY, value, "must be an amount such as 120.50, below 1,000,000,000")
    return str(Decimal(amount).quantize(Decimal("0.01")))


def _yes_no(value: Any) -> str:
    if value not in ("yes", "no"):
        raise BadAnswer("must be yes or no")
    return str(value)


def _tick(value: Any) -> str:
    if value != "yes":
        raise BadAnswer("must be ticked")
    return "yes"


def _instant(entry: Field, value: Any, now: datetime) -> str:
    must = "must be a time with its offset, such as 2026-11-21T09:30:00+08:00"
    try:
        moment = datetime.fromisoformat(_like(INSTANT, value, must)).astimezone(UTC).replace(microsecond=0)
    except ValueError:  # the 30th of February
        raise BadAnswer(must) from None
    if entry.after == "now" and moment <= now:
        raise BadAnswer("must lie in the future")
    if entry.before == "now" and moment > now:
        raise BadAnswer(NOT_YET)
    return moment.isoformat().replace("+00:00", "Z")


def _date(entry: Field, value: Any, now: datetime) -> str:
    must = "must be a date such as 2026-11-21"
    try:
        day = date.fromisoformat(_like(DATE, value, must))
    except ValueError:
        raise BadAnswer(must) from None
    if entry.before == "now" and day > (now + FURTHEST_EAST).date():
        raise BadAnswer(NOT_YET)
    return day.isoformat()


def _choice(entry: Field, value: Any) -> Any:
    for one in _list(value) if entry.type == "choices" else [value]:
        if not isinstance(one, str) or one not in entry.choices:
            raise BadAnswer(f"must be one of: {', '.join(entry.choices)}")
    return list(dict.fromkeys(value)) if entry.type == "choices" else value


def _known(entry: Field, value: Any, organisation: Organisation) -> str:
    if entry.type == "department":
        if not isinstance(value, str) or value not in organisation.departments:
            raise BadAnswer("is no department of this organisation")
    elif not isinstance(value, str) or value not in organisation.staff or not organisation.staff[value].active:
        raise BadAnswer("is no member of staff")
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
    return [{name: _written(cell).strip() for name, cell in row.items()} for row in rows]


def _plate(value: Any) -> str:
    plate = _like(PLATE, value, "must be a licence plate")
    return plate.replace(" ", "").replace("·", "").upper()


def _phone(value: Any) -> str:
    return _like(PHONE, value, "must be a phone number")


def _email(value: Any) -> str:
    return _like(EMAIL, value, "is not an e-mail address")


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "long": lambda value: _text(value, LONG),
    "number": _number,
    "money": _money,
    "yes_no": _yes_no,
    "tick": _tick,
    "plate": _plate,
    "phone": _phone,
    "email": _email,
    "file": _text,
}
