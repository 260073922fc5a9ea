"""The running desk as those outside see it: over HTTP, by mail, by text message, and with a look at the clock."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from tests.stories.answers import usual

Found = TypeVar("Found")
PATIENCE = 300.0
"""Seconds. The queue takes one or two; a letter whose entry is lost there, or whose function could not start at once,
goes with a sweep a few minutes later."""


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; `body` is parsed JSON."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Desk:
    """One deployment, driven from outside. `stack` is conftest.Deployed."""

    stack: Any
    _tokens: dict[str, str] = field(default_factory=dict)

    # HTTP

    def call(
        self, method: str, path: str, body: Any = None, *, by: str = "", raw: bytes | None = None, **headers: str
    ) -> Answer:
        """One request; `by` a member of staff. Names of headers are written with underscores."""
        sent = {"Content-Type": "application/json", "Accept-Language": "en"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if by:
            sent["Authorization"] = f"Bearer {self.token(by)}"
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        base = urlsplit(self.stack.api_url)
        connection = http.client.HTTPConnection(str(base.hostname), base.port, timeout=60)
        try:
            connection.request(method, base.path + path, data, sent)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        found = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, found, json.loads(text) if text else None)

    def get(self, path: str, **how: Any) -> Answer:
        """A GET."""
        return self.call("GET", path, **how)

    def post(self, path: str, body: Any, **how: Any) -> Answer:
        """A POST."""
        return self.call("POST", path, body, **how)

    def token(self, person: str) -> str:
        """Their ID token, from Cognito once."""
        if person not in self._tokens:
            self._tokens[person] = self.stack.id_token(person)
        return self._tokens[person]

    def registers(self, posting: dict[str, Any], **how: Any) -> "Case":
        """Take a complaint in."""
        answer = self.post("/v1/complaints", posting, **how)
        assert answer.status == 201, answer
        return Case(self, posting["org"], answer.body)

    # letters

    def mail_to(self, address: str, about: str = "") -> list[dict[str, Any]]:
        """The mails to an address that mention `about`, oldest first."""
        return [m for m in self.stack.mail() if m["To"] == [address] and about in m["Subject"] + m["BodyText"]]

    def texts_to(self, number: str, about: str = "") -> list[str]:
        """The text messages to a telephone that mention `about`, oldest first."""
        return [m["Message"] for m in self.stack.sms().get(number, []) if about in m["Message"]]


@dataclass
class Case:
    """A complaint that was taken in; `receipt` is what its sender was told."""

    desk: Desk
    org: str
    receipt: dict[str, Any]

    @property
    def number(self) -> str:
        """Its number."""
        return str(self.receipt["number"])

    @property
    def proof(self) -> str:
        """The token of the tracking link."""
        return parse_qs(urlsplit(self.receipt["tracking_url"]).query)["token"][0]

    def seen_by(self, person: str, query: str = "") -> dict[str, Any]:
        """The whole case."""
        answer = self.desk.get(f"/v1/tickets/{self.number}{query}", by=person)
        assert answer.status == 200, answer
        assert answer.headers["etag"] == f'"{answer.body["version"]}"'
        return dict(answer.body)

    def tracked(self) -> dict[str, Any]:
        """What the complainant sees by the link."""
        answer = self.desk.get(f"/v1/complaints/{self.number}?token={self.proof}")
        assert answer.status == 200, answer
        return dict(answer.body)

    def act(self, action: str, by: str, body: dict[str, Any], version: int) -> Answer:
        """Do an action on the case as seen at `version`."""
        path = f"/v1/tickets/{self.number}/actions/{action}"
        return self.desk.post(path, body, by=by, If_Match=f'"{version}"')

    def do(self, action: str, by: str, **answers: Any) -> dict[str, Any]:
        """Do an action, with the usual answer wherever one is required and none is given; the case after it."""
        seen = self.seen_by(by)
        offered = {one["id"]: one["form"] for one in seen["actions"]}
        assert action in offered, f"{by} may do {sorted(offered)} at {seen['stage']}, not {action}"
        missing = set(offered[action]["required"]) - set(answers)
        while True:  # what further answers call for, the desk says
            answers |= {name: usual(seen["procedure"], name, datetime.now(UTC)) for name in missing}
            done = self.act(action, by, answers, seen["version"])
            if done.status == 200:
                return dict(done.body)
            assert done.status == 422, (action, answers, done)
            missing = {wrong["field"] for wrong in done.body["errors"] if wrong["problem"].startswith("is required")}
            assert missing - set(answers), (action, answers, done)


def eventually(look: Callable[[], Found], what: str, patience: float = PATIENCE) -> Found:
    """What `look` finds as soon as it finds anything."""
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, f"still no {what}"
        time.sleep(0.3)
    return found


def hours_ago(hours: float) -> str:
    """An instant of the past, as integrations send it."""
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="seconds")
