"""The only builder, and the only reader, of keys.

Keys hold ids and keyed hashes, never personal data: they show up in traces, metrics and error messages.
A `#` within an id is escaped, so that no id can reach into another's partition.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple
from zlib import crc32
from zoneinfo import ZoneInfo

from chalicelib.cases.ports import Due
from chalicelib.desk.complaint import Message

ALONE = "A"
"""The sort key of an item that is the head of its partition, or alone in it."""

EVENTS = "EV#"
MESSAGES = "OB#"
PROCEDURE_VERSIONS = "V#"
NO_LIMIT = "9999"
LEDGER_ZONE = "Asia/Shanghai"
"""Months of ledgers are those of one zone, so that a case never moves to another ledger when a site moves."""


class Key(NamedTuple):
    """Where an item is."""

    pk: str
    sk: str


def can_exist(pk: str, sk: str = ALONE) -> bool:
    """Whether DynamoDB takes such a key at all (its limits: 1 to 2048 and 1 to 1024 bytes). Callers ask for anything.

    >>> can_exist("N#1"), can_exist("N#" + "1" * 2047), can_exist("T#c#JOB", "")
    (True, False, False)
    """
    return 0 < len(pk.encode()) <= 2048 and 0 < len(sk.encode()) <= 1024


# cases


def head(org: str, number: str) -> Key:
    """
    >>> head("c-company", "20261121-4711-8")
    Key(pk='T#c-company#TK#20261121-4711-8', sk='A')
    >>> head("a#TK", "1").pk
    'T#a%23TK#TK#1'
    """
    return Key(f"T#{_part(org)}#TK#{_part(number)}", ALONE)


def event(org: str, number: str, version: int) -> Key:
    """
    >>> event("c-company", "1", 7).sk
    'EV#0000000007'
    """
    return Key(head(org, number).pk, f"{EVENTS}{version:010d}")


def identity(org: str, number: str) -> Key:
    """
    >>> identity("c-company", "1")
    Key(pk='T#c-company#TK#1', sk='PII')
    """
    return Key(head(org, number).pk, "PII")


def number_pointer(number: str) -> Key:
    """Numbers are unique across organisations, so that tracking one needs no organisation.

    >>> number_pointer("1")
    Key(pk='N#1', sk='A')
    """
    return Key(f"N#{_part(number)}", ALONE)


def idempotency(org: str, source: str, key: str) -> Key:
    """The caller's key may hold anything, so it is hashed.

    >>> idempotency("c-company", "web", "a1").pk[:27]
    'T#c-company#IDEM#web#f55ff1'
    """
    return Key(f"T#{_part(org)}#IDEM#{_part(source)}#{sha256(key.encode()).hexdigest()}", ALONE)


def link(org: str, kind: str, hashed: str, created: datetime, number: str) -> Key:
    """`hashed` is a keyed hash of a phone, room or plate, never the value.

    >>> link("c-company", "phone", "9f3a", datetime(2026, 11, 21, tzinfo=UTC), "1")
    Key(pk='T#c-company#CX#phone#9f3a', sk='2026-11-21T00:00:00Z#1')
    """
    return Key(links(org, kind, hashed), f"{stamp(created)}#{_part(number)}")


def links(org: str, kind: str, hashed: str) -> str:
    """The partition of cases that share a value."""
    return f"T#{_part(org)}#CX#{_part(kind)}#{_part(hashed)}"


# messages


def message(of: Message) -> Key:
    """Beside its case, or beside its duty's period.

    >>> born = datetime(2026, 11, 21, tzinfo=UTC)
    >>> message(Message(id="1#a", org="c", number="7", letter="late", channel="sms", to="x", at=born))
    Key(pk='T#c#TK#7', sk='OB#1#a')
    >>> message(Message(id="1#a", org="c", number="", letter="late", channel="sms", to="x", at=born,
    ...                 site="main", duty="weekly", period="2026-11"))
    Key(pk='T#c#DM#main#weekly#2026-11', sk='OB#1#a')
    """
    return message_of(of.org, of.number, of.id, of.site, of.duty, of.period)


def message_of(org: str, number: str, id: str, site: str = "", duty: str = "", period: str = "") -> Key:
    """As `message`, from its parts."""
    if number:
        return Key(head(org, number).pk, MESSAGES + id)
    return Key(f"T#{_part(org)}#DM#{_part(site)}#{_part(duty)}#{_part(period)}", MESSAGES + id)


def message_id(of: Message) -> str:
    """How the DUE index names a message."""
    return f"{of.number}/{of.id}" if of.number else f"/{of.site}/{of.duty}/{of.period}/{of.id}"


def suppression(channel: str, address_hash: str) -> Key:
    """`address_hash` is a keyed hash of an e-mail address or a number.

    >>> suppression("email", "9f3a")
    Key(pk='SUP#email#9f3a', sk='A')
    """
    return Key(f"SUP#{_part(channel)}#{_part(address_hash)}", ALONE)


# directory


def directory(org: str) -> str:
    """The partition of an organisation's sites, departments, staff and absences."""
    return f"T#{_part(org)}#DIR"


def entry(org: str, kind: str, id: str = "") -> Key:
    """
    >>> entry("c-company", "SITE", "main")
    Key(pk='T#c-company#DIR', sk='SITE#main')
    >>> entry("c-company", "ORG")
    Key(pk='T#c-company#DIR', sk='ORG')
    """
    return Key(directory(org), f"{kind}#{id}" if id else kind)


def procedure(org: str, id: str, version: int = 0) -> Key:
    """
    >>> procedure("c-company", "own", 3)
    Key(pk='T#c-company#PROC#own', sk='V#000003')
    """
    return Key(f"T#{_part(org)}#PROC#{_part(id)}", f"{PROCEDURE_VERSIONS}{version:06d}")


# duties and jobs


def duty(org: str, site: str, duty: str) -> Key:
    """
    >>> duty("c-company", "main", "weekly")
    Key(pk='T#c-company#DUTY#main', sk='weekly')
    """
    return Key(f"T#{_part(org)}#DUTY#{_part(site)}", _part(duty))


def period(org: str, site: str, duty_id: str, period: str) -> Key:
    """
    >>> period("c-company", "main", "weekly", "2026-11-17..2026-11-23").sk
    'weekly#2026-11-17..2026-11-23'
    """
    pk, sk = duty(org, site, duty_id)
    return Key(pk, f"{sk}#{_part(period)}")


def job(org: str, id: str) -> Key:
    """
    >>> job("c-company", "holidays-2027")
    Key(pk='T#c-company#JOB', sk='holidays-2027')
    """
    return Key(f"T#{_part(org)}#JOB", _part(id))


# what must happen later


def armed(due: datetime, org: str, id: str, shards: int) -> Key:
    """Where an armed item stands in the DUE index. No time bucket in the partition: it would strand late work.

    >>> armed(datetime(2026, 11, 21, tzinfo=UTC), "c-company", "20261121-4711-8", 8)
    Key(pk='DUE#00', sk='2026-11-21T00:00:00Z#c-company#20261121-4711-8')
    """
    return Key(shard(crc32(f"{org}#{id}".encode()) % shards), f"{stamp(due)}#{org}#{id}")


def shard(number: int) -> str:
    """
    >>> shard(3)
    'DUE#03'
    """
    return f"DUE#{number:02d}"


def due_until(now: datetime) -> str:
    """Greater than the sort key of all that is due by `now`, less than that of anything later.

    >>> "2026-11-21T00:00:00Z#z#9" < due_until(datetime(2026, 11, 21, tzinfo=UTC)) < "2026-11-21T00:00:01Z"
    True
    """
    return stamp(now) + "~"


def named(pk: str, sk: str, due_pk: str, due_sk: str) -> Due:
    """What an entry of the DUE index stands for.

    >>> named("T#c#TK#7", "OB#1#a", "DUE#03", "2026-11-21T00:00:00Z#c#7/1#a").id
    '7/1#a'
    >>> named("T#c#DUTY#main", "weekly#2026-11", "DUE#03", "2026-11-21T00:00:00Z#").id
    'main/weekly/2026-11'
    """
    _, org, *rest = map(_whole, pk.split("#"))
    due, number = instant(due_sk), int(due_pk[4:])
    match rest:
        case ["TK", case] if sk == ALONE:
            return Due(kind="case", org=org, id=case, due=due, shard=number)
        case ["TK", case]:
            return Due(kind="message", org=org, id=f"{case}/{sk[3:]}", due=due, shard=number)
        case ["DM", *beside]:
            return Due(kind="message", org=org, id="/".join(["", *beside, sk[3:]]), due=due, shard=number)
        case ["DUTY", site]:
            return Due(kind="duty", org=org, id="/".join([site, *map(_whole, sk.split("#"))]), due=due, shard=number)
        case ["JOB"]:
            return Due(kind="job", org=org, id=_whole(sk), due=due, shard=number)
    raise ValueError(f"nothing of this kind can be due: {pk} {sk}")


def item_of(due: Due) -> Key:
    """The item that a Due names; the inverse of `named`.

    >>> item_of(Due(kind="message", org="c", id="/main/weekly/2026-11/1#a", due=datetime(2026, 11, 21), shard=0))
    Key(pk='T#c#DM#main#weekly#2026-11', sk='OB#1#a')
    """
    if due.kind == "case":
        return head(due.org, due.id)
    if due.kind == "job":
        return job(due.org, due.id)
    if due.kind == "duty":
        site, duty_id, *periods = due.id.split("/", 2)
        return period(due.org, site, duty_id, periods[0]) if periods else duty(due.org, site, duty_id)
    number, id = due.id.split("/", 1)
    if number:
        return message_of(due.org, number, id)
    site, duty_id, of_period, id = id.split("/", 3)
    return message_of(due.org, "", id, site, duty_id, of_period)


# lists


def department(org: str, id: str) -> str:
    """
    >>> department("c-company", "lifts")
    'T#c-company#DEP#lifts'
    """
    return f"T#{_part(org)}#DEP#{_part(id)}"


def owner(org: str, person: str) -> str:
    """
    >>> owner("c-company", "u12")
    'T#c-company#OWN#u12'
    """
    return f"T#{_part(org)}#OWN#{_part(person)}"


def urgency(due: datetime | None, number: str) -> str:
    """Sorts the most urgent first and what has no limit last.

    >>> urgency(None, "1") > urgency(datetime(2026, 11, 21, tzinfo=UTC), "1")
    True
    """
    return f"{stamp(due) if due else NO_LIMIT}#{number}"


def ledger(org: str, site: str, month: str) -> str:
    """
    >>> ledger("c-company", "main", month_of(datetime(2026, 11, 30, 16, tzinfo=UTC)))
    'T#c-company#LED#main#2026-12'
    """
    return f"T#{_part(org)}#LED#{_part(site)}#{_part(month)}"


def month_of(received: datetime, zone: str = LEDGER_ZONE) -> str:
    """The month in whose ledger a case stands."""
    return f"{received.astimezone(ZoneInfo(zone)):%Y-%m}"


def received(at: datetime, number: str) -> str:
    """The order of a ledger."""
    return f"{stamp(at)}#{number}"


def stamp(instant: datetime) -> str:
    """An instant in UTC, to the second, such that text sorts as time does.

    >>> stamp(datetime.fromisoformat("2026-11-21T08:00:00+08:00"))
    '2026-11-21T00:00:00Z'
    """
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def instant(text: str) -> datetime:
    """The instant that a sort key begins with.

    >>> instant("2026-11-21T00:00:00Z#c-company#1")
    datetime.datetime(2026, 11, 21, 0, 0, tzinfo=datetime.timezone.utc)
    """
    return datetime.fromisoformat(text[:20])


def _part(id: str) -> str:
    return id.replace("%", "%25").replace("#", "%23") if "#" in id or "%" in id else id


def _whole(part: str) -> str:
    return part.replace("%23", "#").replace("%25", "%") if "%" in part else part
