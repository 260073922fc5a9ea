"""A hotline platform as it calls: a body, signed with an organisation's secret by the library of the standard."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from chalice.test import HTTPResponse
from standardwebhooks import Webhook

from tests.web.air import ORG, Air

PATH = "/v1/hotline/calls"
RECORDING = {"url": "https://pbx.example/rec/1.mp3", "sha256": "ab" * 32, "seconds": 184}


def a_call(**changes: Any) -> dict[str, Any]:
    """A good body; what is None is left out."""
    body = {
        "org": ORG, "call_id": "call-1", "caller": "13912345678",
        "started_at": "2026-11-23T08:50:00+08:00", "ended_at": "2026-11-23T08:53:04+08:00",
        "answers": {"name": "王芳", "summary": "电梯困人", "details": "三号楼电梯困住两人。"}, **changes,
    }  # fmt: skip
    return {name: value for name, value in body.items() if value is not None}


def calls(
    air: Air, body: Any = None, *, secret: str = "", id: str = "msg-1", at: datetime | None = None, raw: bytes = b"",
    source: str = "127.0.0.1", **headers: str,
) -> HTTPResponse:  # fmt: skip
    """The platform tells of a call. What a test does not name is right."""
    raw = raw or json.dumps(a_call() if body is None else body, ensure_ascii=False).encode()
    sent = signed(raw, secret or air.world.webhook_secret(ORG), id, at or air.now)
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    given = {name: value for name, value in sent.items() if value}
    return air.call("POST", PATH, raw=raw, headers={"Content-Type": "application/json", **given}, source=source)


def signed(raw: bytes, secret: str, id: str, at: datetime) -> dict[str, str]:
    """The three headers."""
    stamp = at.astimezone(UTC)
    signature = Webhook(secret).sign(id, stamp, raw.decode())
    return {"webhook-id": id, "webhook-timestamp": str(int(stamp.timestamp())), "webhook-signature": signature}


MINUTE = timedelta(minutes=1)
