"""The keys of the indexes: what stands where among all that is due, on worklists and in ledgers."""

from datetime import datetime
from zlib import crc32

from chalicelib.desk.wallclock import zone_named
from chalicelib.ports import Due
from chalicelib.storage import keys
from chalicelib.storage.keys import instant, part, stamp, whole

NO_LIMIT = "9999"
LEDGER_ZONE = "Asia/Shanghai"
"""Months of ledgers are those of one zone, so that a case never moves to another ledger when a site moves."""


# what must happen later


def armed(due: datetime, org: str, id: str, shards: int) -> keys.Key:
    """Where an armed item stands in the DUE index. No time bucket in the partition: it would strand late work.

    >>> armed(instant("2026-11-21T00:00:00Z"), "c-company", "20261121-4711-8", 8)
    Key(pk='DUE#00', sk='2026-11-21T00:00:00Z#c-company#20261121-4711-8')
    """
    return keys.Key(shard(crc32(f"{org}#{id}".encode()) % shards), f"{stamp(due)}#{org}#{id}")


def shard(number: int) -> str:
    """
    >>> shard(3)
    'DUE#03'
    """
    return f"DUE#{number:02d}"


def due_until(now: datetime) -> str:
    """Greater than the sort key of all that is due by `now`, less than that of anything later.

    >>> "2026-11-21T00:00:00Z#z#9" < due_until(instant("2026-11-21T00:00:00Z")) < "2026-11-21T00:00:01Z"
    True
    """
    return stamp(now) + "~"


def named(pk: str, sk: str, due_pk: str, due_sk: str) -> Due:
    """What an entry of the DUE index stands for.

    >>> named("T#c#TK#7", "OB#1#a", "DUE#03", "2026-11-21T00:00:00Z#c#7/1#a").id
    '7/1#a'
    >>> named("T#c#TK#7", "KEEP", "DUE#03", "2026-11-21T00:00:00Z#c#7").kind
    'retention'
    >>> named("T#c#DUTY#main", "weekly#2026-11", "DUE#03", "2026-11-21T00:00:00Z#").id
    'main/weekly/2026-11'
    """
    _, org, *rest = map(whole, pk.split("#"))
    due, number = instant(due_sk), int(due_pk[4:])
    match rest:
        case ["TK", case] if sk == keys.ALONE:
            return Due(kind="case", org=org, id=case, due=due, shard=number)
        case ["TK", case] if sk == keys.KEEP:
            return Due(kind="retention", org=org, id=case, due=due, shard=number)
        case ["TK", case]:
            return Due(kind="message", org=org, id=f"{case}/{sk[3:]}", due=due, shard=number)
        case ["DM", *beside]:
            return Due(kind="message", org=org, id="/".join(["", *beside, sk[3:]]), due=due, shard=number)
        case ["DUTY", site]:
            return Due(kind="duty", org=org, id="/".join([site, *map(whole, sk.split("#"))]), due=due, shard=number)
        case ["JOB"]:
            return Due(kind="job", org=org, id=whole(sk), due=due, shard=number)
    raise ValueError(f"nothing of this kind can be due: {pk} {sk}")


def item_of(due: Due) -> keys.Key:
    """The item that a Due names; the inverse of `named`.

    >>> item_of(Due(kind="message", org="c", id="/main/weekly/2026-11/1#a", due=datetime(2026, 11, 21), shard=0))
    Key(pk='T#c#DM#main#weekly#2026-11', sk='OB#1#a')
    """
    if due.kind == "case":
        return keys.head(due.org, due.id)
    if due.kind == "retention":
        return keys.retention(due.org, due.id)
    if due.kind == "job":
        return keys.job(due.org, due.id)
    if due.kind == "duty":
        site, duty_id, *periods = due.id.split("/", 2)
        return keys.period(due.org, site, duty_id, periods[0]) if periods else keys.duty(due.org, site, duty_id)
    number, id = due.id.split("/", 1)
    if number:
        return keys.message_of(due.org, number, id)
    site, duty_id, of_period, id = id.split("/", 3)
    return keys.message_of(due.org, "", id, site, duty_id, of_period)


# lists


def department(org: str, id: str) -> str:
    """
    >>> department("c-company", "lifts")
    'T#c-company#DEP#lifts'
    """
    return f"T#{part(org)}#DEP#{part(id)}"


def closed(org: str, site: str, month: str) -> str:
    """What a site closed in a month. A finished case is on no department's list: it takes its place there.

    >>> closed("c-company", "main", month_of(instant("2026-11-30T16:00:00Z")))
    'T#c-company#CLOSED#main#2026-12'
    """
    return f"T#{part(org)}#CLOSED#{part(site)}#{part(month)}"


def owner(org: str, person: str) -> str:
    """
    >>> owner("c-company", "u12")
    'T#c-company#OWN#u12'
    """
    return f"T#{part(org)}#OWN#{part(person)}"


def urgency(due: datetime | None, number: str) -> str:
    """Sorts the most urgent first and what has no limit last.

    >>> urgency(None, "1") > urgency(instant("2026-11-21T00:00:00Z"), "1")
    True
    """
    return f"{stamp(due) if due else NO_LIMIT}#{number}"


def ledger(org: str, site: str, month: str) -> str:
    """
    >>> ledger("c-company", "main", month_of(instant("2026-11-30T16:00:00Z")))
    'T#c-company#LED#main#2026-12'
    """
    return f"T#{part(org)}#LED#{part(site)}#{part(month)}"


def month_of(at: datetime, zone: str = LEDGER_ZONE) -> str:
    """The month in whose ledger a case stands that was received, or closed, at this instant."""
    return f"{at.astimezone(zone_named(zone)):%Y-%m}"


def in_order(at: datetime, number: str) -> str:
    """The order of a ledger."""
    return f"{stamp(at)}#{number}"
