"""The functions that Lambda calls, and what they cost before they do anything."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from chalice.test import Client

import app as functions
from chalicelib.batches import noted
from chalicelib.cases.desks import Desks
from chalicelib.cases.receive_mail import Handled
from chalicelib.cases.sweep import Swept
from chalicelib.desk.holidays import holidays
from chalicelib.observability import HandlerFailed, observed
from chalicelib.ports import Unavailable
from chalicelib.settings import Settings
from chalicelib.storage.sealer import Sealer
from chalicelib.storage.stores import stores_in
from chalicelib.storage.table import Table
from chalicelib.wiring import World, use, world
from tests.web.air import ORG, Air, on_air, shipped

ROOT = Path(functions.__file__).parent
HANDLERS = ("app", "sweep", "sweep_shard", "build_report", "deliver", "announce", "record_delivery", "receive_mail")


class Context:
    """What Lambda tells a function of itself."""

    aws_request_id = "request-4711"

    def get_remaining_time_in_millis(self) -> int:
        return 55_000


class Recording:
    """Stands for a use case; fails for what it is told to."""

    def __init__(self, bad: str = "") -> None:
        self.calls: list[Any] = []
        self.bad = bad

    def __call__(self, *given: Any) -> Swept:
        self.calls.append(given)
        if self.bad and self.bad in given:
            raise ValueError("李女士 13800138000")
        return Swept()

    run = shard = __call__


@pytest.fixture
def recorded() -> Iterator[Recording]:
    """A world in which every use case of a handler is the same recording."""
    recording = Recording(bad="poison")
    parts = {"sweep": recording, "deliver": recording, "record_delivery": recording, "prepare_report": recording}
    with use(World(Settings(), **parts)):
        yield recording


@pytest.mark.parametrize("handler", HANDLERS)
def test_every_handler_string_is_importable_in_a_fresh_process(handler: str) -> None:
    code = f"import app; assert callable(getattr(app, {handler!r}))"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=ROOT, timeout=60)


def test_every_function_has_its_handler_string_here() -> None:
    declared = {
        config.handler_string for config in (*functions.app.event_sources, *functions.app.pure_lambda_functions)
    }
    assert declared == {f"app.{handler}" for handler in HANDLERS if handler != "app"}


HEAVY = ("boto3", "botocore", "pynamodb", "aws_lambda_powertools", "jwt", "cryptography", "phonenumbers", "jinja2",
         "stdnum", "xlsxwriter", "standardwebhooks", "yaml", "holidays", "email.parser",
         "html.parser")  # fmt: skip


def test_importing_the_functions_imports_nothing_heavy() -> None:
    code = f"import sys, app; print([name for name in {HEAVY!r} if name in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=ROOT, timeout=60, capture_output=True, text=True
    )
    assert found.stdout.strip() == "[]"


def sqs(*bodies: str) -> dict[str, Any]:
    """An event of a queue, each record with an id of its own."""
    records = [{"messageId": f"m-{n}", "body": body, "receiptHandle": "r"} for n, body in enumerate(bodies)]
    return {"Records": records}


@pytest.mark.parametrize("handler", ["deliver", "announce", "build_report"])
def test_what_failed_of_a_batch_comes_again_and_nothing_else(recorded: Recording, handler: str) -> None:
    answer = getattr(functions, handler)(sqs("a", "poison", "b"), Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert [call[0] for call in recorded.calls] == ["a", "poison", "b"]


def test_a_whole_batch_that_went_well_is_done(recorded: Recording) -> None:
    assert functions.deliver(sqs("a", "b"), Context()) == {"batchItemFailures": []}


def test_a_shard_is_swept_in_the_time_that_is_left(recorded: Recording) -> None:
    assert functions.sweep_shard(sqs("5"), Context()) == {"batchItemFailures": []}
    [(shard, time_left)] = recorded.calls
    assert (shard, time_left()) == (5, 55.0)


def test_a_shard_that_is_none_comes_to_the_dead_letters(recorded: Recording) -> None:
    assert functions.sweep_shard(sqs("nonsense"), Context())["batchItemFailures"] == [{"itemIdentifier": "m-0"}]


def test_the_minute_sweeps(recorded: Recording) -> None:
    with Client(functions.app) as client:
        event = client.events.generate_cw_event("aws.events", "Scheduled Event", {}, [])
    functions.sweep(event, Context())
    [(time_left,)] = recorded.calls
    assert time_left() == 55.0


@pytest.mark.parametrize(("month", "near"), [(2, 0.0), (11, 1.0)])
def test_every_sweep_tells_its_figures(capfd: pytest.CaptureFixture[str], month: int, near: float) -> None:
    now = datetime(int(holidays().horizon[:4]), month, 1, tzinfo=UTC)  # the last year whose holidays are known
    with observed("sweep"):
        noted(Swept(found=3, oldest=now - timedelta(seconds=90)), now)
    [line] = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert (line["DueFound"], line["SweepLagSeconds"], line["CalendarHorizonNear"]) == ([3.0], [90.0], [near])


def test_a_delivery_event_is_recorded(recorded: Recording) -> None:
    with Client(functions.app) as client:
        event = client.events.generate_sns_event(message='{"eventType": "Send"}', subject="SES")
    functions.record_delivery(event, Context())
    assert recorded.calls == [('{"eventType": "Send"}',)]


def test_a_mail_is_received_by_its_key_and_the_log_says_what_became_of_it(caplog: pytest.LogCaptureFixture) -> None:
    keys: list[str] = []

    def receive(key: str) -> list[Handled]:
        keys.append(key)
        return [Handled(outcome="registered", org="c-company", number="261122-5019700")]

    with use(World(Settings(), receive_mail=receive)):
        functions.receive_mail({"Records": [{"s3": {"object": {"key": "inbound/a%2B1"}}}]}, Context())
    [line] = caplog.records
    assert (line.message, vars(line)["outcome"], vars(line)["number"]) == (
        "mail handled",
        "registered",
        "261122-5019700",
    )
    assert keys == ["inbound/a+1"]


def test_the_sweep_of_a_real_world_lets_what_is_due_happen() -> None:
    with on_air() as air:
        number = air.registered()
        air.wait(hours=25)
        with Client(functions.app) as client:
            functions.sweep(client.events.generate_cw_event("aws.events", "Scheduled Event", {}, []), Context())
        case = air.stores.cases.load(ORG, number)
        assert case is not None
        assert [late.clock for late in case.lateness] == ["form_in"]
        assert {message.letter for message in air.queue.delivered} > {"acknowledgement"}


def test_intake_is_one_call_and_an_action_two(table: Table) -> None:
    calls: list[str] = []
    stores = stores_in(table, cast(Sealer, None), 8)  # no case here is confidential
    with on_air() as air:
        stores.directory.put_organisation(air.stores.directory.organisation(ORG))  # type: ignore[arg-type]  # it is there
        with use(_on(air, stores)):
            air.registered()  # caches are warm
            table.client.meta.events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))
            number = air.registered()
            assert calls == ["TransactWriteItems"]
            calls.clear()
            path, headers = f"/v1/tickets/{number}/actions/add_note", {"If-Match": "1"}
            assert air.post(path, {"note": "x"}, by="shen", headers=headers).status_code == 200
            assert calls == ["GetItem", "TransactWriteItems"]


def _on(air: Air, stores: Any) -> World:
    parts = {name: getattr(air.world, name) for name in ("queue", "clock", "secret", "randbelow", "tokens")}
    return World(air.world.settings, stores=stores, desks=Desks(stores.directory, shipped), **parts)


def test_a_world_takes_no_part_that_it_does_not_know() -> None:
    with pytest.raises(TypeError, match="telescope"):
        World(Settings(), telescope=1)


def test_a_test_world_is_gone_afterwards() -> None:
    before = world()
    with use(World(Settings())) as other:
        assert world() is other
    assert world() is before


class Away:
    """A use case whose store does not answer."""

    def run(self, _: object) -> None:
        raise Unavailable("li@example.org")


def test_what_fails_leaves_a_function_by_its_type_alone(capfd: pytest.CaptureFixture[str]) -> None:
    with Client(functions.app) as client:
        event = client.events.generate_cw_event("aws.events", "Scheduled Event", {}, [])
    with use(World(Settings(), sweep=Away())), pytest.raises(HandlerFailed, match=r"^Unavailable$"):
        functions.sweep(event, Context())
    assert "li@example.org" not in "".join(capfd.readouterr())
