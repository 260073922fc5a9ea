"""The stores in memory, for tests of everything that is not storage. The storage contract holds them to the real ones.

`stores = in_memory()`; what one of them writes the others see. Everything is kept encoded, so that nobody changes
what is stored by changing what they put in or got out.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4
from zlib import crc32

from msgspec import Struct, convert, field, json
from msgspec.structs import replace

from chalicelib.desk.bucket import Bucket
from chalicelib.desk.complaint import Complaint, Event, Identity, Message, Retain
from chalicelib.desk.errors import Conflict, KeyReused
from chalicelib.desk.people import (
    Absence,
    Department,
    Endpoint,
    EndpointHealth,
    Organisation,
    Person,
    Signing,
    Site,
)  # fmt: skip
from chalicelib.desk.redaction import left_of
from chalicelib.ports import (
    Answered,
    Closing,
    Due,
    DutyRun,
    Job,
    Known,
    NumberTaken,
    OutboxState,
    Page,
    Posted,
    Registered,
    Registration,
    Request,
    Row,
    Undelivered,
)  # fmt: skip
from chalicelib.storage.heads import NOBODYS, line_of
from chalicelib.storage.index_keys import in_order, month_of, urgency
from chalicelib.storage.keys import message_id
from chalicelib.storage.lists import closed, opened
from chalicelib.storage.messages import HEAD_START
from chalicelib.storage.outbox import beaten_by
from chalicelib.storage.stores import Stores

T = TypeVar("T")
Case = tuple[str, str]  # organisation and number


def copy(value: T) -> T:
    """The value as it would come back from storage."""
    return json.decode(json.encode(value), type=type(value))


class Memory(Struct):
    """Everything that is stored."""

    shards: int = 8
    replays: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)
    heads: dict[Case, Complaint] = field(default_factory=dict)
    events: dict[Case, list[Event]] = field(default_factory=dict)
    identities: dict[Case, Identity] = field(default_factory=dict)
    links: dict[tuple[str, str, str], list[tuple[datetime, str]]] = field(default_factory=dict)
    posted: dict[tuple[str, str], Posted] = field(default_factory=dict)  # by organisation and message id of DUE
    armed: dict[tuple[str, str, str], datetime] = field(default_factory=dict)  # by kind, organisation, id
    organisations: dict[str, Organisation] = field(default_factory=dict)
    procedures: dict[tuple[str, str], dict[int, dict[str, Any]]] = field(default_factory=dict)
    runs: dict[tuple[str, str, str, str], DutyRun] = field(default_factory=dict)
    jobs: dict[tuple[str, str], Job] = field(default_factory=dict)
    groups: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)  # org, link, group to numbers
    suppressed: dict[tuple[str, str], str] = field(default_factory=dict)  # channel and hash to the reason
    wrong_proofs: Counter[tuple[str, str]] = field(default_factory=Counter)  # number and hour
    buckets: dict[tuple[str, str], int] = field(default_factory=dict)  # when each is full, in milliseconds
    mail: dict[str, tuple[str, str]] = field(default_factory=dict)  # address to organisation and site
    closings: dict[tuple[str, str, str, date, date], Closing] = field(default_factory=dict)
    undelivered: dict[tuple[str, str, str, str], Undelivered] = field(default_factory=dict)
    aliases: dict[tuple[str, str, str], str] = field(default_factory=dict)  # org, kind, hash
    swept: datetime | None = None
    holidays: str = ""

    def arm(self, kind: str, org: str, id: str, due: datetime | None) -> None:
        """Arm, or with None disarm."""
        self.armed.pop((kind, org, id), None)
        if due is not None:
            self.armed[kind, org, id] = due

    def post(self, messages: Sequence[Message], head_start: timedelta = HEAD_START) -> None:
        """New messages, which must be new."""
        for message in messages:
            place = message.org, message_id(message)
            if place in self.posted:
                raise ValueError("a message is born once")
            self.posted[place] = Posted(message=copy(message))
            self.arm("message", *place, message.not_before or message.at + head_start)

    def linked(self, of: Complaint, links: Sequence[tuple[str, str]]) -> None:
        """By what the same customer is found again; the same a second time changes nothing."""
        for kind, hashed in links:
            cases = self.links.setdefault((of.org, kind, hashed), [])
            if (of.received_at, of.number) not in cases:
                cases.append((of.received_at, of.number))

    def asked_for(self, of: Complaint, groups: Sequence[tuple[str, str]], jobs: Sequence[Job]) -> None:
        """Groups that a case comes into, and background work that it asks for."""
        for link, group in groups:
            self.groups.setdefault((of.org, link, group), set()).add(of.number)
        for job in jobs:
            self.jobs[job.org, job.id] = job
            self.arm("job", job.org, job.id, job.due)


class MemoryCases:
    """The CaseStore in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def register(self, new: Registration) -> Registered:
        memory, complaint = self.memory, new.complaint
        replay = memory.replays.get((complaint.org, new.source, new.key))
        if replay is not None:
            number, body_hash = replay
            if body_hash != new.body_hash:
                raise KeyReused
            return Registered(number, replayed=True)
        if self._any_answered(complaint.org, new.also):
            raise KeyReused
        if self.org_of(complaint.number) is not None:
            raise NumberTaken(complaint.number)
        case = complaint.org, complaint.number
        memory.post(new.messages)
        for request in (Request(new.source, new.key, new.body_hash), *new.also):
            memory.replays[complaint.org, request.source, request.key] = complaint.number, request.body_hash
        memory.heads[case], memory.events[case] = copy(complaint), [copy(event) for event in new.events]
        memory.identities[case] = copy(new.identity)
        memory.linked(complaint, new.links)
        memory.arm("case", *case, new.due)
        memory.asked_for(complaint, new.groups, new.jobs)
        if new.retain is not None:
            memory.arm("retention", *case, new.retain.at)
        return Registered(complaint.number, replayed=False)

    def load(self, org: str, number: str) -> Complaint | None:
        head = self.memory.heads.get((org, number))
        return copy(head) if head else None

    def commit(
        self, before: int, complaint: Complaint, events: Sequence[Event], messages: Sequence[Message],
        due: datetime | None, *, groups: Sequence[tuple[str, str]] = (), jobs: Sequence[Job] = (),
        known: Known | None = None, requests: Sequence[Request] = (), retain: Retain | None = None,
        forget: bool = False,
    ) -> None:  # fmt: skip
        memory, case = self.memory, (complaint.org, complaint.number)
        head = memory.heads.get(case)
        if head is None or head.version != before:
            if events and copy(events[-1]) in memory.events.get(case, []):
                return  # the very same was written before
            raise Conflict
        if self._any_answered(complaint.org, requests):
            raise Conflict
        memory.post(messages)
        for request in requests:
            memory.replays[complaint.org, request.source, request.key] = complaint.number, request.body_hash
        memory.heads[case] = copy(complaint)
        memory.events[case] += [copy(event) for event in events]
        if known is not None:
            memory.identities[case] = copy(known.identity)
            memory.linked(complaint, known.links)
        memory.arm("case", *case, due)
        memory.asked_for(complaint, groups, jobs)
        if retain is not None:
            memory.arm("retention", *case, retain.at)
        if forget:
            memory.identities.pop(case, None)

    def answered(self, org: str, source: str, key: str) -> Answered | None:
        found = self.memory.replays.get((org, source, key))
        return Answered(*found) if found else None

    def _any_answered(self, org: str, requests: Sequence[Request]) -> bool:
        return any((org, request.source, request.key) in self.memory.replays for request in requests)

    def members(self, org: str, link: str, group: str, *, since: str = "", limit: int | None = None) -> list[str]:
        found = sorted(n for n in self.memory.groups.get((org, link, group), ()) if n >= since)
        return found if limit is None else found[-limit:]

    def load_many(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Complaint]:
        return {place: copy(self.memory.heads[place]) for place in places if place in self.memory.heads}

    def postpone(self, item: Due, until: datetime | None) -> None:
        if self.memory.armed.get((item.kind, item.org, item.id)) == item.due:
            self.memory.arm(item.kind, item.org, item.id, until)

    def org_of(self, number: str) -> str | None:
        return next((org for org, known in self.memory.heads if known == number), None)

    def history(self, org: str, number: str) -> list[Event]:
        return left_of(copy(event) for event in self.memory.events.get((org, number), []))

    def clear_history(self, org: str, number: str) -> None:
        if (org, number) in self.memory.events:
            self.memory.events[org, number] = self.history(org, number)

    def retain(self, org: str, number: str, at: datetime | None) -> None:
        self.memory.arm("retention", org, number, at)

    def alias(self, org: str, kind: str, hashed: str) -> str:
        return self.memory.aliases.setdefault((org, kind, hashed), f"~{uuid4().hex[:16]}")

    def aliases(self, org: str, links: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
        return {link: self.memory.aliases[org, *link] for link in links if (org, *link) in self.memory.aliases}

    def unlink(self, case: Complaint, links: Sequence[tuple[str, str]], groups: Sequence[tuple[str, str]]) -> None:
        for kind, hashed in links:
            place = case.org, kind, hashed
            self.memory.links[place] = [one for one in self.memory.links.get(place, []) if one[1] != case.number]
            if not self.memory.links[place]:
                self.memory.aliases.pop(place, None)
        for link, group in groups:
            self.memory.groups.get((case.org, link, group), set()).discard(case.number)

    def identity(self, org: str, number: str) -> Identity:
        return copy(self.memory.identities.get((org, number), Identity()))

    def worklist(
        self, org: str, *, department: str = "", owner: str = "", stage: str = "", site: str = "",
        due_before: datetime | None = None, cursor: str = "", limit: int = 50,
    ) -> Page:  # fmt: skip
        if not department and not owner:
            raise ValueError("a worklist is a department's or an owner's")
        lines = [line_of(head) for head in self.memory.heads.values() if head.org == org and not head.finished]
        if department == NOBODYS:
            lines, department = [line for line in lines if not line.department], ""
        asked = {"department": department, "owner": owner, "stage": stage, "site": site}
        wanted = {
            urgency(line.due, line.number): line
            for line in lines
            if all(not want or getattr(line, name) == want for name, want in asked.items())
            and (due_before is None or (line.due is not None and line.due < due_before))
        }
        return _page(wanted, cursor, limit)

    def ledger(
        self, org: str, site: str, month: str, cursor: str = "", limit: int = 100, *, newest_first: bool = False
    ) -> Page:
        heads = [head for head in self.memory.heads.values() if (head.org, head.site) == (org, site)]
        in_month = {
            in_order(head.received_at, head.number): line_of(head)
            for head in heads
            if month_of(head.received_at) == month
        }
        return _page(in_month, cursor, limit, newest_first)

    def closed(self, org: str, site: str, month: str, cursor: str = "", limit: int = 100) -> Page:
        heads = [head for head in self.memory.heads.values() if (head.org, head.site) == (org, site) and head.finished]
        in_month = {
            in_order(head.closed_at, head.number): line_of(head)
            for head in heads
            if head.closed_at and month_of(head.closed_at) == month
        }
        return _page(in_month, cursor, limit)

    def linked(self, org: str, kind: str, hashed: str, limit: int = 20) -> list[str]:
        found = sorted(self.memory.links.get((org, kind, hashed), []), reverse=True)
        return [number for _, number in found[:limit]]

    def messages(self, org: str, number: str) -> list[Posted]:
        of_case = f"{number}/"
        of_org = {id: posted for (of, id), posted in self.memory.posted.items() if of == org}
        return [copy(of_org[id]) for id in sorted(of_org) if id.startswith(of_case)]


def _page(lines: dict[str, Row], cursor: str, limit: int, backwards: bool = False) -> Page:
    after = opened(cursor)
    left = [place for place in lines if not after or (place < after if backwards else place > after)]
    places = sorted(left, reverse=backwards)
    more = closed(places[limit - 1]) if len(places) > limit else ""
    return Page([copy(lines[place]) for place in places[:limit]], more)


class MemoryOutbox:
    """The Outbox in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def load(
        self, org: str, number: str, message_id: str, site: str = "", duty: str = "", period: str = ""
    ) -> Posted | None:
        id = f"{number}/{message_id}" if number else f"/{site}/{duty}/{period}/{message_id}"
        found = self.memory.posted.get((org, id))
        return copy(found) if found else None

    def find(self, item: Due) -> Posted | None:
        found = self.memory.posted.get((item.org, item.id))
        return copy(found) if found else None

    def claim(self, posted: Posted, now: datetime, lease_until: datetime) -> bool:
        place = _place(posted)
        known = self.memory.posted.get(place)
        if known is None:
            return False
        expired = known.state == "claimed" and known.lease_until is not None and known.lease_until <= now
        if known.state != "waiting" and not expired:
            return False
        known.state, known.lease_until, known.claim = "claimed", lease_until, uuid4().hex
        known.attempts += 1
        self.memory.arm("message", *place, lease_until)
        posted.state, posted.attempts = known.state, known.attempts
        posted.lease_until, posted.claim = known.lease_until, known.claim
        return True

    def settle(self, posted: Posted, state: OutboxState, *, provider_id: str = "", error: str = "") -> None:
        place = _place(posted)
        known = self.memory.posted.get(place)
        if known is None or known.state not in beaten_by(state):
            return
        known.state, known.lease_until, known.claim, known.error = state, None, "", error
        known.provider_id = provider_id or known.provider_id
        self.memory.arm("message", *place, None)

    def retry_at(self, posted: Posted, at: datetime, error: str) -> None:
        place = _place(posted)
        known = self.memory.posted.get(place)
        if known is None or not posted.claim or known.claim != posted.claim:
            return
        known.state, known.lease_until, known.claim, known.error = "waiting", None, "", error
        self.memory.arm("message", *place, at)

    def add(self, message: Message) -> None:
        if (message.org, message_id(message)) not in self.memory.posted:
            self.memory.post([message], head_start=timedelta())

    def beside(self, message: Message) -> list[Posted]:
        of_same = message_id(message).removesuffix(message.id)
        of_org = {id: posted for (of, id), posted in self.memory.posted.items() if of == message.org}
        return [copy(of_org[id]) for id in sorted(of_org) if id.startswith(of_same)]


def _place(posted: Posted) -> tuple[str, str]:
    return posted.message.org, message_id(posted.message)


class MemoryDue:
    """The DueStore in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.shards = memory.shards

    def due(self, shard: int, now: datetime, limit: int) -> Iterator[Due]:
        armed = [
            Due(kind=kind, org=org, id=id, due=due, shard=shard)  # type: ignore[arg-type]  # written above alone
            for (kind, org, id), due in self.memory.armed.items()
            if due <= now and crc32(f"{org}#{id}".encode()) % self.shards == shard
        ]
        yield from sorted(armed, key=lambda item: (item.due, item.org, item.id))[:limit]


class MemoryDirectory:
    """The DirectoryStore in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def organisation(self, org: str) -> Organisation | None:
        found = self.memory.organisations.get(org)
        return copy(found) if found and found.id else None

    def put(self, org: str, kind: str, id: str, value: Any) -> None:
        known = self._known(org)
        match kind:
            case "organisation":
                new = convert(value, Organisation)
                own = {name: getattr(new, name) for name in ("id", "name", "open311", "open311_epoch")}
                known = replace(known, **own)
            case "site":
                site = convert(value, Site)
                self._take_addresses(org, site)
                known = replace(known, sites=known.sites | {id: site})
            case "department":
                known = replace(known, departments=known.departments | {id: convert(value, Department)})
            case "staff":
                known = replace(known, staff=known.staff | {id: convert(value, Person)})
            case "signing":
                known = replace(known, signing=convert(value, Signing))
            case "webhook":
                known = replace(known, webhooks=known.webhooks | {id: convert(value, Endpoint)})
            case "webhook_health":
                known = replace(known, webhook_health=known.webhook_health | {id: convert(value, EndpointHealth)})
            case _:
                raise KeyError(kind)
        self.memory.organisations[org] = copy(known)

    def put_absence(self, org: str, absence: Absence) -> None:
        known = self._known(org)
        others = [a for a in known.absences if (a.person, a.start) != (absence.person, absence.start)]
        ordered = sorted([*others, absence], key=lambda a: (a.person, a.start))
        self.memory.organisations[org] = copy(replace(known, absences=ordered))

    def organisations(self) -> list[str]:
        return sorted(self.memory.organisations)

    def holidays(self) -> str:
        return self.memory.holidays

    def put_holidays(self, version: str) -> None:
        self.memory.holidays = version

    def put_organisation(self, organisation: Organisation) -> None:
        known = self._known(organisation.id)
        for site in organisation.sites.values():
            self._take_addresses(organisation.id, site)
        merged = replace(
            organisation,
            sites=known.sites | organisation.sites,
            departments=known.departments | organisation.departments,
            staff=known.staff | organisation.staff,
            absences=known.absences,
            signing=organisation.signing if organisation.signing != Signing() else known.signing,
            webhooks=known.webhooks | organisation.webhooks,
            webhook_health=known.webhook_health | organisation.webhook_health,
        )
        self.memory.organisations[organisation.id] = copy(merged)
        for absence in organisation.absences:
            self.put_absence(organisation.id, absence)

    def put_procedure(self, org: str, id: str, version: int, tree: dict[str, Any]) -> None:
        versions = self.memory.procedures.setdefault((org, id), {})
        if versions.setdefault(version, copy(tree)) != tree:
            raise Conflict(f"version {version} of this procedure is another")

    def procedure(self, org: str, id: str, version: int | None = None) -> dict[str, Any] | None:
        versions = self.memory.procedures.get((org, id), {})
        found = versions.get(max(versions, default=0) if version is None else version)
        return copy(found) if found else None

    def takes_mail(self, address: str) -> tuple[str, str] | None:
        org, site = self.memory.mail.get(address, ("", ""))
        known = self.organisation(org)
        return (org, site) if known and site in known.sites and address in known.sites[site].mail else None

    def _take_addresses(self, org: str, site: Site) -> None:
        for address in site.mail:
            if (self.takes_mail(address) or (org,))[0] != org:
                raise Conflict
            self.memory.mail[address] = org, site.id

    def _known(self, org: str) -> Organisation:
        return self.memory.organisations.get(org, Organisation(id="", name={}))


class MemoryDuties:
    """The DutyStore in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def arm(self, org: str, site: str, duty: str, at: datetime | None) -> None:
        self.memory.arm("duty", org, f"{site}/{duty}", at)

    def load(self, org: str, site: str, duty: str) -> datetime | None:
        return self.memory.armed.get(("duty", org, f"{site}/{duty}"))

    def open_period(
        self, run: DutyRun, messages: Sequence[Message], *, armed: datetime, next: datetime | None, due: datetime | None
    ) -> None:
        known = self.load_period(run.org, run.site, run.duty, run.period)
        if known == run:
            return
        if known is not None or self.load(run.org, run.site, run.duty) != armed:
            raise Conflict
        self._write(run, messages, due)
        self.arm(run.org, run.site, run.duty, next)

    def load_period(self, org: str, site: str, duty: str, period: str) -> DutyRun | None:
        return self.memory.runs.get((org, site, duty, period))

    def periods(self, org: str, site: str, duty: str, limit: int = 20) -> list[DutyRun]:
        found = [run for place, run in self.memory.runs.items() if place[:3] == (org, site, duty)]
        return sorted(found, key=lambda run: run.period, reverse=True)[:limit]

    def commit_period(self, before: int, run: DutyRun, messages: Sequence[Message], due: datetime | None) -> None:
        known = self.load_period(run.org, run.site, run.duty, run.period)
        if known == run:
            return
        if known is None or known.version != before:
            raise Conflict
        self._write(run, messages, due)

    def _write(self, run: DutyRun, messages: Sequence[Message], due: datetime | None) -> None:
        self.memory.post(messages)
        self.memory.runs[run.org, run.site, run.duty, run.period] = copy(run)
        self.memory.arm("duty", run.org, f"{run.site}/{run.duty}/{run.period}", due)


class MemoryJobs:
    """The JobStore in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def put(self, job: Job) -> None:
        known = self.load(job.org, job.id)
        if known is not None and known != job:
            raise Conflict
        self._write(job)

    def load(self, org: str, id: str) -> Job | None:
        return self.memory.jobs.get((org, id))

    def advance(self, job: Job, cursor: str, due: datetime) -> Job:
        onward = replace(job, cursor=cursor, due=due, version=job.version + 1)
        known = self.load(job.org, job.id)
        if known != onward and (known is None or known.version != job.version):
            raise Conflict
        self._write(onward)
        return onward

    def finish(self, job: Job) -> None:
        known = self.load(job.org, job.id)
        if known is not None and known.version != job.version:
            raise Conflict
        self.memory.jobs.pop((job.org, job.id), None)
        self.memory.arm("job", job.org, job.id, None)

    def _write(self, job: Job) -> None:
        self.memory.jobs[job.org, job.id] = copy(job)
        self.memory.arm("job", job.org, job.id, job.due.astimezone(UTC))


class MemorySuppressions:
    """The suppression list in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def is_suppressed(self, channel: str, address_hash: str) -> bool:
        return (channel, address_hash) in self.memory.suppressed

    def add(self, channel: str, address_hash: str, reason: str) -> None:
        self.memory.suppressed.setdefault((channel, address_hash), reason)


class MemoryWrongProofs:
    """The WrongProofs in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def begin(self, number: str, at: datetime, most: int) -> bool:
        if self.memory.wrong_proofs[number, _hour(at)] >= most:
            return False
        self.memory.wrong_proofs[number, _hour(at)] += 1
        return True

    def was_right(self, number: str, at: datetime) -> None:
        if self.memory.wrong_proofs[number, _hour(at)]:
            self.memory.wrong_proofs[number, _hour(at)] -= 1


class MemoryBuckets:
    """The Buckets in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def take(self, limit: str, of: str, bucket: Bucket, now: datetime) -> bool:
        at = int(now.timestamp() * 1000)
        full_at = max(self.memory.buckets.get((limit, of), 0), at)
        if full_at > bucket.latest(at):
            return False
        self.memory.buckets[limit, of] = full_at + bucket.one
        return True


def _hour(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H}"


class MemoryPulse:
    """The Pulse in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def beat(self, now: datetime) -> None:
        self.memory.swept = now

    def last(self) -> datetime | None:
        return self.memory.swept


class MemoryClosings:
    """The ClosingStore in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def close(self, closing: Closing) -> Closing:
        place = closing.org, closing.site, closing.register, closing.first, closing.last
        kept = self.memory.closings.setdefault(place, copy(closing))
        if kept.sha256 != closing.sha256:
            raise Conflict("This period was closed already, with other content.")
        return kept

    def load(self, org: str, site: str, register: str, first: date, last: date) -> Closing | None:
        return self.memory.closings.get((org, site, register, first, last))

    def closed(self, org: str, site: str, register: str, limit: int = 60) -> list[Closing]:
        found = [kept for place, kept in self.memory.closings.items() if place[:3] == (org, site, register)]
        return sorted(found, key=lambda kept: (kept.first, kept.last), reverse=True)[:limit]


class MemoryUndelivered:
    """The UndeliveredStore in memory."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def add(self, lost: Undelivered) -> None:
        self.memory.undelivered.setdefault((lost.org, lost.endpoint, lost.number, lost.message), lost)

    def since(self, org: str, endpoint: str, at: datetime, limit: int = 100) -> list[Undelivered]:
        found = [lost for lost in self.memory.undelivered.values() if (lost.org, lost.endpoint) == (org, endpoint)]
        ordered = sorted(found, key=lambda lost: (lost.at, lost.number, lost.message))
        return [lost for lost in ordered if lost.at >= at][:limit]

    def forget(self, lost: Undelivered) -> None:
        self.memory.undelivered.pop((lost.org, lost.endpoint, lost.number, lost.message), None)


def in_memory(shards: int = 8) -> Stores:
    """All stores on one memory, which is `stores.cases.memory`."""
    memory = Memory(shards=shards)
    return Stores(
        cases=MemoryCases(memory),
        outbox=MemoryOutbox(memory),
        due=MemoryDue(memory),
        directory=MemoryDirectory(memory),
        duties=MemoryDuties(memory),
        jobs=MemoryJobs(memory),
        suppressions=MemorySuppressions(memory),
        wrong_proofs=MemoryWrongProofs(memory),
        buckets=MemoryBuckets(memory),
        pulse=MemoryPulse(memory),
        closings=MemoryClosings(memory),
        undelivered=MemoryUndelivered(memory),
    )
