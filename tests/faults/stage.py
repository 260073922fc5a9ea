"""The whole product on moto, with a clock that a test sets, ready to be crashed and looked over afterwards."""

import copy
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from moto.dynamodb.models import dynamodb_backends
from moto.sesv2.models import sesv2_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.history import broken_at, replay
from chalicelib.desk.holidays import holidays
from chalicelib.desk.posting import Content, Customer, Posting
from chalicelib.settings import Settings
from chalicelib.storage.stores import stores_in
from chalicelib.storage.table import Table
from chalicelib.wiring import World
from infra.seed import organisations
from tests.storage.conftest import PlainSealer
from tests.storage.tables import create_table

ACCOUNT, REGION = "123456789012", "ap-southeast-1"
DEMO = {organisation.id: organisation for organisation in organisations()}

FINAL = {"sent", "delivered", "dead", "merged", "bounced"}


class Stage:
    """One product, with the demo organisations in its directory."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self.seed = 0
        sqs = boto3.client("sqs")
        queues = {
            name: sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
            for name in ("deliver", "announce", "sweep_shard", "build_report")
        }
        boto3.client("sesv2").create_email_identity(EmailIdentity="desk.example")
        boto3.client("s3").create_bucket(
            Bucket="files",
            CreateBucketConfiguration={"LocationConstraint": REGION},  # type: ignore[typeddict-item]  # a region like any other
        )
        secret = boto3.client("secretsmanager").create_secret(Name="desk", SecretString=json.dumps({"key": "k" * 48}))
        self.settings = Settings(
            table="redress", deliver_queue=queues["deliver"], announce_queue=queues["announce"],
            sweep_shard_queue=queues["sweep_shard"], build_report_queue=queues["build_report"],
            configuration_set="", mail_from="desk@desk.example",
            public_url="https://desk.example", attachments="files", secrets_arn=secret["ARN"], due_shards=2,
        )  # fmt: skip
        self.sqs = sqs
        create_table(boto3.client("dynamodb"), "redress")
        # One container for all crashes: it keeps nothing of a case between two calls, and clients are slow to make.
        # What it read of the directory never grows old, so that every run of a step makes the same calls.
        stores = stores_in(Table("redress", sleep=lambda _: None), PlainSealer(), 2, clock=lambda: 0.0)
        self.world = World(self.settings, clock=lambda: self.now, randbelow=self._number, stores=stores)
        for organisation in DEMO.values():
            self.world.stores.directory.put_organisation(organisation)
            self.world.stores.directory.organisation(organisation.id)
        # Read what a warm container has read, so that a crash meets the work and not the warming up.
        self.world.stores.directory.put_holidays(holidays().version)
        self.world.jobs.follow(holidays().version)
        self.world.hasher  # noqa: B018
        self.world.post_office  # noqa: B018

    def _number(self, most: int) -> int:
        self.seed += 1
        return self.seed * 7919 % most

    # what goes on

    def post(
        self, org: str, key: str, email: str = "li@example.com", phone: str = "13800138000", **more: Any
    ) -> Complaint:
        """Somebody complains; the same key is the same complaint."""
        posting = Posting(
            org=org,
            content=Content(summary="电梯停运", details="三号楼电梯上午停运，困住一位老人"),
            customer=Customer(name="李女士", phone=phone, email=email, plate="京A12345"),
            **more,
        )
        return self.world.register(posting, key=key, source="web").case

    def act(self, case: Complaint, action: str, actor: str, task: str = "", **answers: Any) -> Complaint:
        """Somebody does an action in the case as it stands."""
        head = self.head(case)
        return self.world.act.act(
            case.org, case.number, action, answers, actor=actor, version=head.version, task=task
        ).complaint

    def sweep(self) -> None:
        """The minute's sweep."""
        self.world.sweep.run(lambda: 1000.0)

    def deliver(self) -> int:
        """What the queues hand to `deliver` and `announce` now; a message that failed comes again."""
        return self._delivered(self.settings.deliver_queue) + self._delivered(self.settings.announce_queue)

    def _delivered(self, url: str) -> int:
        taken = 0
        while found := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in found:
                self.world.deliver(message["Body"])
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                taken += 1
        return taken

    def settle(self, minutes: int = 60) -> None:
        """Let minutes pass with sweeps and deliveries, until everything on its way has arrived."""
        for _ in range(minutes // 3):
            self.sweep()
            self.deliver()
            if not self.unsettled():
                return
            self.now += timedelta(minutes=3)

    # what there is

    def head(self, case: Complaint) -> Complaint:
        """The case as it stands."""
        found = self.world.stores.cases.load(case.org, case.number)
        assert found is not None
        return found

    def rows(self) -> list[dict[str, Any]]:
        """Everything in the table, as text by attribute."""
        table = _table()
        return [
            {name: next(iter(value.to_json().values())) for name, value in item.attrs.items()}
            for item in table.all_items()
        ]

    def heads(self) -> list[dict[str, Any]]:
        """All cases."""
        return [row for row in self.rows() if "#TK#" in row["PK"] and row["SK"] == "A"]

    def outbox(self) -> list[dict[str, Any]]:
        """All messages."""
        return [row for row in self.rows() if row["SK"].startswith("OB#") or "#OB#" in row["SK"]]

    def unsettled(self) -> list[str]:
        """Messages that ought to have arrived, or be given up, by now. One held for quiet hours is not among them."""
        found = []
        for row in self.outbox():
            held = json.loads(row["message"]).get("not_before")
            if row["status"] not in FINAL and not (held and datetime.fromisoformat(held) > self.now):
                found.append(f"{row['SK']} {row['status']}")
        return found

    def sent(self) -> Counter[tuple[str, str]]:
        """How often each (address, text) went out, by mail and SMS."""
        mails = ((",".join(m.destinations.get("ToAddresses", [])), m.subject) for m in _mail().sent_messages)
        texts = ((number, text) for number, text in _sns().sms_messages.values())
        return Counter([*mails, *texts])

    def snapshot(self) -> tuple[Any, ...]:
        """A copy of what AWS holds (the queues are empty) and of the clock."""
        items = copy.deepcopy(_table().items)
        return items, list(_mail().sent_messages), dict(_sns().sms_messages), self.now, self.seed

    def restore(self, snapshot: tuple[Any, ...]) -> None:
        """Back to a snapshot."""
        items, mails, texts, self.now, self.seed = snapshot
        _table().items = copy.deepcopy(items)
        _mail().sent_messages[:] = mails
        _sns().sms_messages = dict(texts)
        for queue in sqs_backends[ACCOUNT][REGION].queues.values():
            queue._messages.clear()


def _table() -> Any:
    return dynamodb_backends[ACCOUNT][REGION].tables["redress"]


def _mail() -> Any:
    return sesv2_backends[ACCOUNT][REGION].core_backend


def _sns() -> Any:
    return sns_backends[ACCOUNT][REGION]


def look_over(stage: Stage) -> None:
    """No history broken, nothing half-written, each rung told once, everything sent or visibly dead."""
    for row in stage.heads():
        org, number = row["PK"].split("#")[1], row["PK"].split("#")[3]
        events = stage.world.stores.cases.history(org, number)
        head = stage.world.stores.cases.load(org, number)
        assert broken_at(events) is None
        assert replay(events) == head
        rung = Counter(signal for event in events for signal in event.signals if signal.startswith("rung "))
        runs = {f"rung {key}": run.run for key, run in head.clocks.items()} if head else {}
        for signal, times in rung.items():
            assert times <= runs.get(signal.rpartition(" ")[0], 1), f"{signal} rang {times} times"
        told = [told for event in events for told in event.told]
        ours = [m for m in stage.world.stores.cases.messages(org, number) if "fallback" not in m.message.id]
        assert len(ours) >= len(told)
    assert not stage.unsettled()


START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
