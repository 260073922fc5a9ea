"""A post office in memory: one organisation, one case, letters of its own."""

from base64 import b64encode
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.cases.desks import Desks
from chalicelib.cases.post_office import PostOffice
from chalicelib.desk.calendar import QuietHours
from chalicelib.desk.complaint import CUSTOMER, Complaint, Identity, Message, Owner
from chalicelib.desk.people import Department, Organisation, Person, Site
from chalicelib.messaging.reference import Reference
from chalicelib.ports import Posted
from chalicelib.procedures.load import Compiled
from tests.fakes.senders import FakeSender
from tests.fakes.store import MemoryOutbox, copy, in_memory

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)  # 09:00 in Shanghai
ORG, NUMBER = "c-company", "20261122-4711-8"

TREE: dict[str, Any] = {
    "procedure": "tiny",
    "version": "1",
    "title": {"zh-Hans": "投诉办法", "zh-Hant": "投訴辦法", "en": "Complaints"},
    "roles": {
        "clerk": {"title": {"zh-Hans": "专员", "zh-Hant": "專員", "en": "Clerk"}},
        "anyone": {"title": {"zh-Hans": "员工", "zh-Hant": "員工", "en": "Staff"}, "everyone": "yes"},
    },
    "fields": {
        "finding": {"title": {"zh-Hans": "结论", "en": "Finding"}, "type": "long"},
        "answer": {"title": {"zh-Hans": "答复", "en": "Answer"}, "type": "long", "seen_by": "customer"},
        "car": {"title": {"zh-Hans": "车牌", "en": "Car"}, "type": "plate", "seen_by": "customer"},
        "visit": {"title": {"zh-Hans": "上门", "en": "Visit"}, "type": "instant", "seen_by": "customer"},
        "by_day": {"title": {"zh-Hans": "日期", "en": "Day"}, "type": "date", "seen_by": "customer"},
        "ours": {"title": {"zh-Hans": "我方责任", "en": "Ours"}, "type": "yes_no", "seen_by": "customer"},
        "kinds": {
            "title": {"zh-Hans": "类别", "en": "Kinds"}, "type": "choices", "seen_by": "customer",
            "choices": {"lift": {"zh-Hans": "电梯", "en": "Lift"}, "water": {"zh-Hans": "供水", "en": "Water"}},
        },
        "who": {"title": {"zh-Hans": "人员", "en": "People"}, "type": "people", "seen_by": "customer"},
        "unit": {"title": {"zh-Hans": "部门", "en": "Unit"}, "type": "department", "seen_by": "customer"},
        "parts": {
            "title": {"zh-Hans": "配件", "en": "Parts"}, "type": "table", "seen_by": "customer",
            "columns": {"name": {"zh-Hans": "名称", "en": "Name"}},
        },
    },
    "stages": {
        "open": {"title": {"zh-Hans": "处理中", "en": "Open"}, "status": "handling", "in_charge": "clerk"},
        "closed": {"title": {"zh-Hans": "已结案", "en": "Closed"}, "status": "closed"},
    },
    "actions": {
        "register": {"title": {"zh-Hans": "登记", "en": "Register"}, "at": ["new"], "by": ["anyone"], "goes": "open"},
        "close": {"title": {"zh-Hans": "结案", "en": "Close"}, "at": ["open"], "by": ["clerk"], "goes": "closed"},
    },
    "clocks": {
        "answer_in": {
            "title": {"zh-Hans": "24小时内答复", "en": "Answer within 24 hours"},
            "starts": ["done register"], "stops": ["done close"], "limit": "24h",
        },
    },
    "duties": {
        "weekly": {"title": {"zh-Hans": "周报", "en": "Weekly summary"}, "every": "weekly:tue", "by": "clerk"},
    },
}  # fmt: skip

LETTERS: dict[str, dict[str, dict[str, str]]] = {
    "late": {
        "zh-Hans": {
            "subject": "【{number}】{clock}已超时",
            "sms": "投诉{number}已超时，应于{due}前完成。",
            "body": "{recipient}：\n\n{summary}\n\n{desk_url}\n",
        },
        "en": {"subject": "[{number}] late", "sms": "{number} is late.", "body": "{recipient}: {clock}, due {due}."},
    },
    "result": {
        "zh-Hans": {
            "subject": "【{number}】答复", "sms": "投诉{number}已答复：{tracking_url}",
            "body": "{recipient}：\n\n{answer}\n\n{tracking_url}\n",
        },
    },
    "leaky": {"zh-Hans": {"subject": "{number}", "sms": "{number}", "body": "{finding}"}},
    "report": {"zh-Hans": {"subject": "{title} {period}", "sms": "{title}", "body": "{title} {period} {due}"}},
    "bounced_owner": {"zh-Hans": {"subject": "【{number}】未送达", "sms": "{number}未送达", "body": "{owner}：未送达"}},
}  # fmt: skip

WANG = Person(id="wang", name="王芳", email="wang@desk.example", phone="+8613900000001")
ZHAO = Person(id="zhao", name="赵强", email="zhao@desk.example", phone="+8613900000002", quiet=QuietHours())
SMITH = Person(id="smith", name="J. Smith", email="smith@desk.example", language="en")
GONE = Person(id="gone", name="前员工", email="gone@desk.example", active=False)

ORGANISATION = Organisation(
    id=ORG,
    name={"zh-Hans": "丙公司", "en": "Company C"},
    sites={
        "main": Site(
            id="main", name={"zh-Hans": "总部", "en": "Main"}, procedure="tiny", posts={"clerk": ["wang", "zhao"]}
        )
    },
    departments={"lifts": Department(id="lifts", name={"zh-Hans": "电梯部", "en": "Lifts"}, people=["wang"])},
    staff={person.id: person for person in (WANG, ZHAO, SMITH, GONE)},
)
CASE = Complaint(
    org=ORG, site="main", number=NUMBER, procedure="tiny", procedure_version=1, channel="web", kind="complaint",
    language="zh-Hans", received_at=NOW, registered_at=NOW, version=1, stage="open", status="handling",
    owner=Owner(person="wang", department="lifts", role="clerk"), summary="电梯停运", values={"answer": "已修复"},
)  # fmt: skip
CUSTOMER_LI = Identity(name="李女士", email="li@customer.example", phone="+8613800000009")


def message(letter: str = "result", to: str = CUSTOMER, **more: Any) -> Message:
    """A message of the case; `more` replaces its fields."""
    fields: dict[str, Any] = {"channel": "email", "at": NOW, "site": "main", "stage": "open", **more}
    id = f"1#{letter}#{fields.get('rung', -1)}#{fields['channel']}#{to}"
    return Message(**{"id": id, "org": ORG, "number": NUMBER, "letter": letter, "to": to, **fields})


class GrowingOutbox(MemoryOutbox):
    """The outbox with the two methods of delivery."""

    def add(self, message: Message) -> None:
        """See Outbox."""
        if self.load(message.org, message.number, message.id, message.site, message.duty, message.period) is None:
            self.memory.post([message])

    def beside(self, message: Message) -> list[Posted]:
        """See Outbox."""
        mine = _place(message)
        return [copy(posted) for posted in self.memory.posted.values() if _place(posted.message) == mine]


def _place(message: Message) -> tuple[str, ...]:
    return message.org, message.number, *(() if message.number else (message.site, message.duty, message.period))


class MemorySuppressions:
    """Suppressed addresses, by channel and hash."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], str] = {}

    def is_suppressed(self, channel: str, address_hash: str) -> bool:
        """See Suppressions."""
        return (channel, address_hash) in self.known

    def add(self, channel: str, address_hash: str, reason: str) -> None:
        """See Suppressions."""
        self.known.setdefault((channel, address_hash), reason)


class FakeLinks:
    """Addresses that show what they were made of."""

    def tracking(self, org: str, number: str) -> str:
        """See Links."""
        return f"https://desk.example/{org}/track/{number}?token=t"

    def desk(self, org: str, number: str) -> str:
        """See Links."""
        return f"https://desk.example/{org}/desk/{number}"


class World:
    """The post office with what a test looks at afterwards."""

    def __init__(self, *messages: Message, case: Complaint = CASE, identity: Identity = CUSTOMER_LI) -> None:
        self.stores = in_memory()
        memory = self.stores.cases.memory  # type: ignore[attr-defined]  # the stores in memory have it
        memory.heads[case.org, case.number] = replace(case)
        memory.identities[case.org, case.number] = identity
        self.stores.directory.put_organisation(ORGANISATION)
        memory.post(list(messages))
        self.memory = memory
        self.outbox = GrowingOutbox(memory)
        self.mail, self.sms = FakeSender(), FakeSender()
        self.suppressions = MemorySuppressions()
        self.figures: Counter[str] = Counter()
        compiled = Compiled.from_tree(TREE, LETTERS)
        self.office = PostOffice(
            outbox=self.outbox,
            cases=self.stores.cases,
            desks=Desks(self.stores.directory, lambda *_: compiled),
            senders={"email": self.mail, "sms": self.sms},
            suppressions=self.suppressions,
            links=FakeLinks(),
            hashed=lambda address: f"hash of {len(address)}",
            measure=lambda name, value: self.figures.update({name: int(value)}),
            undelivered=self.stores.undelivered,
            secret_of=lambda purpose, epoch: "whsec_" + b64encode(f"{purpose} {epoch}".encode()).decode(),
            public_url="https://desk.example",
        )

    def posted(self, message: Message) -> Posted:
        """What became of a message."""
        found = self.outbox.load(message.org, message.number, message.id, message.site, message.duty, message.period)
        assert found is not None
        return found

    def others(self, *known: Message) -> list[Message]:
        """The messages that came to be since."""
        ids = {message.id for message in known}
        return [p.message for p in self.memory.posted.values() if p.message.id not in ids]

    def armed(self, message: Message) -> datetime | None:
        """When the message is due in the index."""
        reference = Reference.of(message)
        place = f"{reference.number}/{reference.message}"
        if not reference.number:
            place = f"/{reference.site}/{reference.duty}/{reference.period}/{reference.message}"
        due: datetime | None = self.memory.armed.get(("message", message.org, place))
        return due
