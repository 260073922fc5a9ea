"""The only builder of keys, with `index_keys.py` for those of the indexes.

Keys hold ids and keyed hashes, never personal data: they show up in traces, metrics and error messages.
A `#` within an id is escaped, so that no id can reach into another's partition.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from chalicelib.desk.complaint import Message

ALONE = "A"
"""The sort key of an item that is the head of its partition, or alone in it."""

EVENTS = "EV#"
KEEP = "KEEP"
MESSAGES = "OB#"
PROCEDURE_VERSIONS = "V#"


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
    return Key(f"T#{part(org)}#TK#{part(number)}", ALONE)


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


def identity_key(org: str, number: str) -> Key:
    """Where the wrapped key is that a confidential identity is sealed with.

    >>> identity_key("c-company", "1")
    Key(pk='T#c-company#TK#1', sk='KEY')
    """
    return Key(head(org, number).pk, "KEY")


def retention(org: str, number: str) -> Key:
    """Armed for when something of a finished case is to be erased.

    >>> retention("c-company", "1")
    Key(pk='T#c-company#TK#1', sk='KEEP')
    """
    return Key(head(org, number).pk, KEEP)


def alias(org: str, kind: str, hashed: str) -> Key:
    """What stands for a customer in cases that no longer say who it was, while other cases of theirs still do.

    >>> alias("c-company", "phone", "9f3a")
    Key(pk='T#c-company#ALIAS#phone#9f3a', sk='A')
    """
    return Key(f"T#{part(org)}#ALIAS#{part(kind)}#{part(hashed)}", ALONE)


def number_pointer(number: str) -> Key:
    """Numbers are unique across organisations, so that tracking one needs no organisation.

    >>> number_pointer("1")
    Key(pk='N#1', sk='A')
    """
    return Key(f"N#{part(number)}", ALONE)


def wrong_proofs(number: str, at: datetime) -> Key:
    """Counted anew each hour.

    >>> wrong_proofs("1", datetime(2026, 11, 21, 8, 59, tzinfo=UTC))
    Key(pk='N#1', sk='WRONG#2026-11-21T08')
    """
    return Key(number_pointer(number).pk, f"WRONG#{stamp(at)[:13]}")


def bucket(limit: str, of: str) -> Key:
    """`of` is a number, or a keyed hash of where calls come from.

    >>> bucket("intake", "9f3a")
    Key(pk='RATE#intake#9f3a', sk='A')
    """
    return Key(f"RATE#{part(limit)}#{part(of)}", ALONE)


def idempotency(org: str, source: str, key: str) -> Key:
    """The caller's key may hold anything, so it is hashed.

    >>> idempotency("c-company", "web", "a1").pk[:27]
    'T#c-company#IDEM#web#f55ff1'
    """
    return Key(f"T#{part(org)}#IDEM#{part(source)}#{sha256(key.encode()).hexdigest()}", ALONE)


def link(org: str, kind: str, hashed: str, created: datetime, number: str) -> Key:
    """`hashed` is a keyed hash of a phone, room or plate, never the value.

    >>> link("c-company", "phone", "9f3a", datetime(2026, 11, 21, tzinfo=UTC), "1")
    Key(pk='T#c-company#CX#phone#9f3a', sk='2026-11-21T00:00:00Z#1')
    """
    return Key(links(org, kind, hashed), f"{stamp(created)}#{part(number)}")


def links(org: str, kind: str, hashed: str) -> str:
    """The partition of cases that share a value."""
    return f"T#{part(org)}#CX#{part(kind)}#{part(hashed)}"


def member(org: str, link: str, group: str, number: str) -> Key:
    """
    >>> member("c-company", "same_problem", "261121-4829136", "261122-0000005")
    Key(pk='T#c-company#GROUP#same_problem#261121-4829136', sk='261122-0000005')
    """
    return Key(members(org, link, group), part(number))


def members(org: str, link: str, group: str) -> str:
    """The partition of the cases in a group."""
    return f"T#{part(org)}#GROUP#{part(link)}#{part(group)}"


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
    return Key(f"T#{part(org)}#DM#{part(site)}#{part(duty)}#{part(period)}", MESSAGES + id)


def message_id(of: Message) -> str:
    """How the DUE index names a message."""
    return f"{of.number}/{of.id}" if of.number else f"/{of.site}/{of.duty}/{of.period}/{of.id}"


def suppression(channel: str, address_hash: str) -> Key:
    """`address_hash` is a keyed hash of an e-mail address or a number.

    >>> suppression("email", "9f3a")
    Key(pk='SUP#email#9f3a', sk='A')
    """
    return Key(f"SUP#{part(channel)}#{part(address_hash)}", ALONE)


# directory


def directory(org: str) -> str:
    """The partition of an organisation's sites, departments, staff and absences."""
    return f"T#{part(org)}#DIR"


def entry(org: str, kind: str, id: str = "") -> Key:
    """
    >>> entry("c-company", "SITE", "main")
    Key(pk='T#c-company#DIR', sk='SITE#main')
    >>> entry("c-company", "ORG")
    Key(pk='T#c-company#DIR', sk='ORG')
    """
    return Key(directory(org), f"{kind}#{id}" if id else kind)


def mail_address(address: str) -> Key:
    """An address of a site, never of a person.

    >>> mail_address("complaints@c-company.example")
    Key(pk='MAIL#complaints@c-company.example', sk='A')
    """
    return Key(f"MAIL#{part(address)}", ALONE)


def procedure(org: str, id: str, version: int = 0) -> Key:
    """
    >>> procedure("c-company", "own", 3)
    Key(pk='T#c-company#PROC#own', sk='V#000003')
    """
    return Key(f"T#{part(org)}#PROC#{part(id)}", f"{PROCEDURE_VERSIONS}{version:06d}")


# duties and jobs


def duty(org: str, site: str, duty: str) -> Key:
    """
    >>> duty("c-company", "main", "weekly")
    Key(pk='T#c-company#DUTY#main', sk='weekly')
    """
    return Key(f"T#{part(org)}#DUTY#{part(site)}", part(duty))


def period(org: str, site: str, duty_id: str, period: str) -> Key:
    """
    >>> period("c-company", "main", "weekly", "2026-11-17..2026-11-23").sk
    'weekly#2026-11-17..2026-11-23'
    """
    pk, sk = duty(org, site, duty_id)
    return Key(pk, f"{sk}#{part(period)}")


def job(org: str, id: str) -> Key:
    """
    >>> job("c-company", "holidays-2027")
    Key(pk='T#c-company#JOB', sk='holidays-2027')
    """
    return Key(f"T#{part(org)}#JOB", part(id))


def closing(org: str, site: str, register: str, days: str) -> Key:
    """`days` are the first and the last day of the period, so that it is the same however it is named.

    >>> closing("c-company", "main", "summary", "2026-11-01..2026-11-30")
    Key(pk='T#c-company#REG#main#summary', sk='2026-11-01..2026-11-30')
    """
    return Key(f"T#{part(org)}#REG#{part(site)}#{part(register)}", part(days))


def undelivered(org: str, endpoint: str, at: datetime, number: str = "", message: str = "") -> Key:
    """
    >>> undelivered("c-company", "crm", datetime(2026, 11, 21, tzinfo=UTC), "1", "1#event")
    Key(pk='T#c-company#LOST#crm', sk='2026-11-21T00:00:00Z#1#1%23event')
    """
    return Key(f"T#{part(org)}#LOST#{part(endpoint)}", f"{stamp(at)}#{part(number)}#{part(message)}")


SWEPT = Key("DESK", "SWEEP")
"""The one item that says when the desk last swept."""

HOLIDAYS = Key("DESK", "HOLIDAYS")
"""The one item that says by which holidays the cases are armed."""


ORGANISATIONS = "ORGS"
"""The partition that names every organisation."""


def known_organisation(org: str) -> Key:
    """
    >>> known_organisation("c-company")
    Key(pk='ORGS', sk='c-company')
    """
    return Key(ORGANISATIONS, part(org))


# instants


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


def part(id: str) -> str:
    """An id as part of a key: it cannot end the part."""
    return id.replace("%", "%25").replace("#", "%23") if "#" in id or "%" in id else id


def whole(text: str) -> str:
    """The id that a part of a key stands for."""
    return text.replace("%23", "#").replace("%25", "%") if "%" in text else text
