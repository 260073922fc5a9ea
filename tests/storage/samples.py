"""Things to store. What a test does not name has a value that does not matter."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.desk.complaint import ClockRun, Complaint, Event, Identity, Message, Owner
from chalicelib.ports import Registration

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)  # noon in Shanghai
HOUR = timedelta(hours=1)
LI = Identity(name="李女士", phone="+8613800138000", room="1-405")


def a_complaint(number: str = "20261121-1111-1", due: datetime | None = NOON + 4 * HOUR, **but: Any) -> Complaint:
    """A new complaint with one clock, which is due at `due`."""
    fields: dict[str, Any] = {
        "org": "c-company", "site": "main", "procedure": "c-company", "procedure_version": 1, "channel": "web",
        "kind": "complaint", "language": "zh-Hans", "received_at": NOON, "registered_at": NOON, "version": 1,
        "stage": "registered", "summary": "电梯停运", "owner": Owner(person="u1", department="lifts", role="handler"),
        "clocks": {"reply": ClockRun(clock="reply", run=1, started=NOON, due=due)},
    }  # fmt: skip
    return Complaint(number=number, **(fields | but))


def an_event(version: int = 1, **but: Any) -> Event:
    """An entry of the history."""
    fields: dict[str, Any] = {"at": NOON, "kind": "acted", "hash": f"hash-{version}"}
    return Event(version=version, **(fields | but))


def a_message(id: str = "1-late-u1", number: str = "20261121-1111-1", **but: Any) -> Message:
    """A letter to be sent."""
    fields: dict[str, Any] = {"org": "c-company", "letter": "late", "channel": "email", "to": "u1", "at": NOON}
    return Message(id=id, number=number, **(fields | but))


def a_registration(number: str = "20261121-1111-1", **but: Any) -> Registration:
    """What intake writes; `complaint` is one of that number if not named."""
    complaint = but.pop("complaint", a_complaint(number))
    fields: dict[str, Any] = {
        "events": [an_event(1, kind="registered")], "identity": LI, "messages": [a_message(number=complaint.number)],
        "due": NOON + 4 * HOUR, "source": "web", "key": f"key of {complaint.number}", "body_hash": "b1",
    }  # fmt: skip
    return Registration(complaint=complaint, **(fields | but))
