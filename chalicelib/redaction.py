"""Take personal data out of what is logged, whatever was passed: by shape in text, by name in keys.

People's names have no shape, so they are caught by their key alone; text that people wrote is never a log message.
"""

import re
import traceback
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

MASK = "***"

PERSONAL = frozenset({
    "name", "names", "person", "caller", "customer", "complainant", "identity", "phone", "mobile", "tel", "sms",
    "email", "mail", "address", "room", "plate", "summary", "details", "content", "text", "body", "html",
    "subject", "note", "answer", "answers", "value", "values", "reply", "recipient", "to", "token", "secret",
    "password", "authorization", "cookie", "credentials", "signature", "recording",
})  # fmt: skip
"""Words that make a key personal, alone or as part of it: `phone`, `customer_phone`, `phoneTail`."""

HARMLESS = frozenset({"function_name", "exception_name", "logger_name", "handler_name"})
"""Keys of the log itself that would look personal."""

NUMBER = r"(?!1[3-9])[1-9][0-9]{5,7}-?[0-9A-Z][0-9A-Z-]{3,11}"
"""A case number, which begins with its date; under the key `number` it stays readable."""

_IDS = (
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"  # UUID
    r"|1-[0-9a-f]{8}-[0-9a-f]{24}"  # X-Ray trace
    r"|20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_EMAIL = r"""[^\s<>"(),:;@\[\]\\，。；：、（）]+@[^\s<>"(),:;@\[\]\\，。；：、（）]+"""
_PHONE = r"\+?\(?\d(?:[\s\-‐-―.()/·]{0,3}\d){6,}"
_PLATE = (
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"  # province
    r"[A-Za-z][\s·.\-]?[A-Za-z0-9]{4,5}[A-Za-z0-9挂学警港澳]"
)
_SHAPES = rf"(?<![0-9A-Za-z])(?P<kept>{_IDS})(?![0-9A-Za-z])|{_EMAIL}|{_PLATE}|{_PHONE}"
"""Compiled at the first line that is logged, and kept by `re`."""


def masked(text: str) -> str:
    """The text without e-mail addresses, plates, and runs of seven or more digits; instants and UUIDs stay.

    >>> masked("京A·12345 called from 138 0013 8000 at 2026-11-21T09:30:00Z, li@example.com")
    '*** called from *** at 2026-11-21T09:30:00Z, ***'
    """
    return re.sub(_SHAPES, lambda found: found["kept"] or MASK, text)


def redacted(value: Any, key: str = "") -> Any:
    """The same structure of plain JSON values, masked. An object of any other type is shown by its type alone."""
    if key and _personal(key) and value is not None and not isinstance(value, bool):
        return MASK
    match value:
        case None | bool():
            return value
        case int() | float():
            return value if abs(value) < 1_000_000 else MASK
        case Enum():
            return value.name
        case str():
            return value if key == "number" and re.fullmatch(NUMBER, value) else masked(value)
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Mapping():
            return {masked(str(name)): redacted(inner, str(name)) for name, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [redacted(inner, key) for inner in value]
    return f"<{type(value).__name__}>"


def stack(error: BaseException) -> str:
    """The types of an error and of its causes, each with its frames; no message, no source line, no values."""
    lines: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        lines.append(f"{type(cause).__module__}.{type(cause).__name__}")
        frames = traceback.extract_tb(cause.__traceback__)
        lines += [f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n".join(lines)


def _personal(key: str) -> bool:
    if key in HARMLESS:
        return False
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+", key)
    return any(word.lower() in PERSONAL for word in words)
