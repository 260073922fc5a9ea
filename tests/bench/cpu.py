"""CPU of intake and of actions, against a bare boto3 `transact_write_items` of the same items.

Both sides have the same network: none. A request is answered as it leaves botocore. The use case is measured as the
handler calls it, from the parsed body on, with its read and its hand-over to SQS; the second line is the whole
request, from API Gateway's event to the response.
"""

import gc
import json
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from ipaddress import IPv4Address
from itertools import count, cycle, islice
from statistics import median
from typing import Any, NamedTuple

import boto3
import msgspec

from app import app
from chalicelib.desk.complaint import Complaint
from chalicelib.storage.table import Table
from chalicelib.wiring import use
from tests.bench.figures import Figure
from tests.bench.rig import START, WALK, Deed, Known, Rig, posting
from tests.bench.sign_in import token
from tests.bench.units import Item
from tests.bench.wire import Call, Instantly, listening

ROUNDS = 80
A_ROUND = 5
LIMIT, AIM = 3.0, 2.0


class Moment(NamedTuple):
    """A deed with what stood in the table before it, and what it writes."""

    deed: Deed
    case: Complaint
    head: Item
    items: list[dict[str, Any]]  # of the transaction


class Recorded(NamedTuple):
    """What one intake and the deeds after it write."""

    intake: list[dict[str, Any]]
    moments: list[Moment]


def record(rig: Rig, wire: Instantly) -> Recorded:
    """Play the whole walk once."""
    written: list[list[dict[str, Any]]] = []

    def heard(call: Call) -> None:
        if call.operation == "TransactWriteItems":
            written.append(msgspec.json.decode(call.body)["TransactItems"])

    with listening(heard):
        case = rig.post("recorded")
        moments = []
        for deed in WALK:
            head = next(step["Put"]["Item"] for step in written[-1] if "version" in step["Put"]["Item"])
            wire.item(head)
            before, case = case, rig.do(case, deed)
            moments.append(Moment(deed, before, head, written[-1]))
    return Recorded(written[0], moments)


class Times(NamedTuple):
    """CPU seconds of a side, round by round."""

    rounds: list[float]

    @property
    def least(self) -> float:
        """Of its best round, by call."""
        return min(self.rounds) / A_ROUND

    def over(self, other: "Times") -> float:
        """The median of the ratios to another side's round just beside it: what slows both down cancels out."""
        return median(mine / theirs for mine, theirs in zip(self.rounds, other.rounds, strict=True))


def compared(sides: Sequence[Callable[[], None]]) -> list[Times]:
    """Short rounds, the sides by turns, after one that warms them up."""
    times = [Times([]) for _ in sides]
    for side in sides:
        side()
    gc.collect()
    gc.freeze()
    for _ in range(ROUNDS):
        for found, side in zip(times, sides, strict=True):
            start = time.process_time()
            side()
            found.rounds.append(time.process_time() - start)
    gc.unfreeze()
    return times


def event(
    method: str, resource: str, body: Any, headers: dict[str, str], source: str = "192.0.2.1", **path: str
) -> dict[str, Any]:
    """The event that API Gateway sends for a request; bodies come as base64, since every type is binary to it."""
    return {
        "resource": resource, "path": resource.format(**path), "httpMethod": method,
        "headers": headers, "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "pathParameters": path or None, "multiValueQueryStringParameters": None, "stageVariables": None,
        "requestContext": {"resourcePath": resource, "httpMethod": method, "identity": {"sourceIp": source}},
        "body": b64encode(json.dumps(body).encode()).decode(), "isBase64Encoded": True,
    }  # fmt: skip


def intakes(source: str = "") -> Iterator[dict[str, Any]]:
    """Requests that each post a complaint, each from a place of its own or all from one."""
    body = msgspec.to_builtins(posting())
    for key in count():
        headers = {"Content-Type": "application/json", "Idempotency-Key": f"benchmark-{key}"}
        yield event("POST", "/v1/complaints", body, headers, source or str(IPv4Address("198.18.0.0") + key))


def action_of(case: Complaint, deed: Deed) -> dict[str, Any]:
    """The request that does a deed in the case as it stands."""
    headers = {
        "Content-Type": "application/json", "If-Match": f'"{case.version}"',
        "Authorization": f"Bearer {token(deed.actor, case.org)}",
    }  # fmt: skip
    path = {"number": case.number, "action": deed.action}
    return event("POST", "/v1/tickets/{number}/actions/{action}", deed.answers, headers, **path)


class Sides:
    """Every side of the comparison, each a round of work."""

    def __init__(self) -> None:
        table = Table("instant")  # a name of its own: its client stays stubbed
        self.wire = Instantly(table.client, "dynamodb")
        self.rig = Rig(table, directory=Known())
        self.recorded = record(self.rig, self.wire)
        self.boto: Any = boto3.client("dynamodb")
        Instantly(self.boto, "dynamodb")
        self.keys = count()
        self.intakes = intakes()
        self.requests = [action_of(moment.case, moment.deed) for moment in self.recorded.moments]

    def intake(self) -> None:
        """The use case."""
        self.rig.now = START
        body = posting()
        for _ in range(A_ROUND):
            self.rig.world.register(body, key=f"benchmark-{next(self.keys)}", source="public")

    def intake_by_http(self) -> None:
        """The whole request."""
        self.rig.now = START
        for request in islice(self.intakes, A_ROUND):
            ask(request, 201)

    def bare_intake(self) -> None:
        """What it writes, written bare."""
        for _ in range(A_ROUND):
            self.boto.transact_write_items(TransactItems=self.recorded.intake)

    def actions(self) -> None:
        """The use case, for each deed of the walk."""
        for moment in self._moments():
            self.rig.do(moment.case, moment.deed)

    def actions_by_http(self) -> None:
        """The whole request, with the reads of the view that it answers."""
        for moment, request in zip(self._moments(), cycle(self.requests), strict=False):
            self.rig.pass_hours(moment.deed.hours)
            ask(request, 200)

    def bare_actions(self) -> None:
        """What they write, written bare."""
        for _ in range(A_ROUND // len(WALK)):
            for moment in self.recorded.moments:
                self.boto.transact_write_items(TransactItems=moment.items)

    def _moments(self) -> Iterator[Moment]:
        for _ in range(A_ROUND // len(WALK)):
            self.rig.now = START
            for moment in self.recorded.moments:
                self.wire.item(moment.head)
                yield moment


def ask(request: dict[str, Any], status: int) -> str:
    """Send a request through the application; the body of the answer, which must have this status."""
    answer = app(request, None)
    if answer["statusCode"] != status:
        raise RuntimeError(f"answered {answer['statusCode']}: {answer['body']}")
    return str(answer["body"])


def run() -> list[Figure]:
    """The ratios."""
    sides = Sides()
    with use(sides.rig.world):
        intake, intake_by_http, bare_intake, action, action_by_http, bare_action = compared(
            [
                sides.intake, sides.intake_by_http, sides.bare_intake,
                sides.actions, sides.actions_by_http, sides.bare_actions,
            ]
        )  # fmt: skip
    ratios = [
        Figure(what="CPU of intake : bare transaction", measured=intake.over(bare_intake), limit=LIMIT, aim=AIM),
        Figure(what="CPU of an action : bare transaction", measured=action.over(bare_action), limit=LIMIT, aim=AIM),
        Figure(what="… intake by HTTP : bare transaction", measured=intake_by_http.over(bare_intake)),
        Figure(what="… action by HTTP : bare transaction", measured=action_by_http.over(bare_action)),
    ]
    here = {
        "intake": intake, "intake by HTTP": intake_by_http, "bare transaction of intake": bare_intake,
        "action": action, "action by HTTP": action_by_http, "bare transaction of an action": bare_action,
    }  # fmt: skip
    return ratios + [
        Figure(what=f"… {name}, CPU here", measured=times.least * 1000, unit="ms") for name, times in here.items()
    ]
