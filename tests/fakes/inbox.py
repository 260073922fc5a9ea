"""The inbox in memory."""

from datetime import datetime

from chalicelib.desk.errors import BadInput, Problem
from chalicelib.ports import Arrived, KeptApart, KeptApartPage


class FakeInbox:
    """An Inbox. `put` is what the mail service does."""

    def __init__(self) -> None:
        self.mails: dict[str, tuple[bytes, datetime]] = {}
        self.kept: dict[tuple[str, str], KeptApart] = {}

    def put(self, key: str, raw: bytes, at: datetime) -> None:
        """A mail came."""
        self.mails[key] = raw, at

    def read(self, key: str, most: int) -> Arrived | None:
        """See Inbox."""
        if key not in self.mails:
            return None
        raw, at = self.mails[key]
        whole = len(raw) <= most
        return Arrived(key=key, raw=raw if whole else raw[:4096], at=at, size=len(raw), whole=whole)

    def keep_apart(self, key: str, reason: str) -> None:
        """See Inbox."""
        raw, at = self.mails[key]
        name = key.rpartition("/")[2]
        self.kept[reason, name] = KeptApart(id=name, reason=reason, at=at, size=len(raw))

    def apart(self, cursor: str = "", limit: int = 100) -> KeptApartPage:
        """See Inbox."""
        if not (cursor or "0").isdecimal():
            raise BadInput("There is no such page.", [Problem("cursor", "is not one of a list")])
        found = [self.kept[place] for place in sorted(self.kept)]
        start = int(cursor or 0)
        return KeptApartPage(found[start : start + limit], str(start + limit) if len(found) > start + limit else "")
