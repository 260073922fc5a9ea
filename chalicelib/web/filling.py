"""A form in a browser: the key that makes two submits of the same one, and whether a program filled it in: by a field
that people do not see, and by the time it took.

Nothing is dropped and nothing is said of why: the form comes back as it was filled in, to be sent once more. So a
person whose browser filled in too much, or who is quick, gets through, and a program that sends once does not.
"""

import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta

TRAP = "website"
"""The field that people do not see. No browser has anything to fill in under this name."""

LEAST = timedelta(seconds=3)
"""Nobody reads the form, and says what happened, in less."""

MOST = timedelta(days=1)
"""So long a form may lie open."""

_KEY = re.compile("[0-9a-f]{32}")
_STAMP = re.compile(r"([0-9]{1,12})\.([0-9a-f]{32})")


def form_key(sent: str) -> str:
    """The key that a form was sent with where it is one of ours in shape, else a new one."""
    return sent if _KEY.fullmatch(sent) else secrets.token_hex(16)


def stamp(secret: bytes, key: str, opened: datetime) -> str:
    """When the form with this key was opened, signed, so that it cannot be said earlier or of another form.

    >>> stamp(b"secret", "00", datetime(2026, 11, 23, tzinfo=UTC))
    '1795392000.5753c9a021f986cc08a231cf9477e5d1'
    """
    seconds = str(int(opened.timestamp()))
    return f"{seconds}.{_signed(secret, key, seconds)}"


def opened(secret: bytes, key: str, stamp: str) -> datetime | None:
    """When the form was opened; None where nobody here says so."""
    found = _STAMP.fullmatch(stamp)
    if not found or not hmac.compare_digest(_signed(secret, key, found[1]), found[2]):
        return None
    return datetime.fromtimestamp(int(found[1]), UTC)


def by_hand(form: dict[str, str], opened: datetime | None, now: datetime) -> bool:
    """Whether nothing says that a program filled it in. The time is told in whole seconds."""
    return not form.get(TRAP) and opened is not None and LEAST <= now - opened <= MOST


def begun(opened: datetime | None, now: datetime) -> datetime:
    """From when on the time counts once the form is shown again: as before, so that nobody waits twice."""
    if opened is None:
        return now
    return opened if now - opened <= MOST else now - LEAST


def _signed(secret: bytes, key: str, seconds: str) -> str:
    return hmac.new(secret, f"{key} {seconds}".encode(), hashlib.sha256).hexdigest()[:32]
