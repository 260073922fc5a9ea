"""What a browser keeps for the desk: readable, and believed only as the desk wrote it (HMAC-SHA-256)."""

import base64
import hashlib
import hmac
from typing import TypeVar

import msgspec
from msgspec import Struct

Kept = TypeVar("Kept", bound=Struct)

MOST = 4000
"""Characters; a browser keeps no larger cookie."""


def sealed(key: bytes, value: Struct) -> str:
    """As letters that a cookie may hold. Each purpose has a key of its own, so that nothing passes for another."""
    body = base64.urlsafe_b64encode(msgspec.json.encode(value)).decode().rstrip("=")
    return f"{body}.{_mark(key, body)}"


def unsealed(key: bytes, text: str, kind: type[Kept]) -> Kept | None:
    """What was sealed with the key; None for anything else."""
    body, _, mark = text.partition(".")
    if len(text) > MOST or not text.isascii() or not hmac.compare_digest(_mark(key, body).encode(), mark.encode()):
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), type=kind)
    except (msgspec.DecodeError, ValueError):  # of an earlier release
        return None


def _mark(key: bytes, body: str) -> str:
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
