"""Files on their way in, in memory. `send` is what a browser does with a form, held to what the form says."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from chalicelib.ports import Form, Uploaded


class Refused(Exception):
    """The store does not take the file."""


class MemoryUploads:
    """Fulfils `Uploads`. What was sent waits in `waiting`; what is kept is in `kept`, by its place."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._limits: dict[str, tuple[int, int]] = {}
        self.waiting: dict[str, tuple[bytes, str]] = {}
        self.kept: dict[str, tuple[bytes, str]] = {}

    def form(
        self, name: str, *, most: int, kind: str = "", size: int = 0, sha256: str = "", declared: str = "",
        back: str = "",
    ) -> Form:  # fmt: skip
        """See Uploads."""
        self._limits[name] = (size or 1, size or most)
        said = {"kind": kind, "sha256": sha256, "declared": declared, "success_action_redirect": back}
        fields = {"key": name, **{field: value for field, value in said.items() if value}}
        return Form(url="https://files.example/", fields=fields, expires_at=self._clock() + timedelta(minutes=10))

    def send(self, fields: Mapping[str, str], content: bytes) -> str:
        """A browser sends a file; where it goes on."""
        least, most = self._limits[fields["key"]]
        if not least <= len(content) <= most:
            raise Refused("EntityTooLarge")
        if fields.get("sha256", _hash(content)) != _hash(content):
            raise Refused("BadDigest")
        self.waiting[fields["key"]] = content, fields.get("declared", "")
        return fields.get("success_action_redirect", "")

    def put(self, name: str, content: bytes, declared: str) -> None:
        """A store that held nobody to the form."""
        self.waiting[name] = content, declared

    def read(self, name: str, most: int) -> Uploaded | None:
        """See Uploads."""
        if name not in self.waiting:
            return None
        content, declared = self.waiting[name]
        whole = content if len(content) <= most else b""
        return Uploaded(content=whole, size=len(content), declared=declared, version=_hash(content))

    def keep(self, name: str, version: str, place: str, kind: str) -> bool:
        """See Uploads."""
        content = self.waiting.get(name, (b"", ""))[0]
        if _hash(content) != version:
            return False
        self.kept[place] = content, kind
        return True

    def drop(self, name: str) -> None:
        """See Uploads."""
        self.waiting.pop(name, None)

    def link(self, place: str, kind: str, name: str, seconds: int) -> str:
        """See Uploads."""
        return f"https://files.example/{place}?" + urlencode({"kind": kind, "name": name, "seconds": seconds})


def described(content: bytes, name: str, kind: str, **more: Any) -> dict[str, Any]:
    """What is said of a file before it is sent."""
    return {"name": name, "kind": kind, "size": len(content), "sha256": _hash(content), **more}


def declared_of(fields: Mapping[str, str]) -> bytes:
    """What a form carries with a file, to be read."""
    return base64.urlsafe_b64decode(fields["declared"])


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
