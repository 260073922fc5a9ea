"""Complaints in the table: their heads, histories, identities, outboxes and lists."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import json

from chalicelib.desk.complaint import Complaint, Event, Identity, Message, Retain
from chalicelib.desk.errors import Conflict, KeyReused
from chalicelib.desk.redaction import left_of
from chalicelib.ports import (
    Answered,
    Due,
    Job,
    Known,
    NumberTaken,
    Page,
    Posted,
    Registered,
    Registration,
    Request,
    Row,
)  # fmt: skip
from chalicelib.storage import index_keys, keys
from chalicelib.storage.due import postpone
from chalicelib.storage.heads import NOBODYS, head_of
from chalicelib.storage.jobs import job_row
from chalicelib.storage.lazily import Decoder
from chalicelib.storage.lists import page
from chalicelib.storage.messages import born, posted_of
from chalicelib.storage.rows import (
    AliasRow,
    EventRow,
    HeadRow,
    IdentityRow,
    JobRow,
    KeyRow,
    LinkRow,
    MessageRow,
    NumberRow,
    ReplayRow,
    RetentionRow,
)  # fmt: skip
from chalicelib.storage.sealer import Sealer
from chalicelib.storage.table import Drop, Put, Table

REPLAYS_KEPT = timedelta(days=400)
"""How long an idempotency key is remembered."""

_complaint = Decoder(Complaint)
_event = Decoder(Event)
_identity = Decoder(Identity)


class Cases:
    """The CaseStore on DynamoDB: `register` is one call, `load` one, `commit` one."""

    def __init__(self, table: Table, sealer: Sealer, shards: int) -> None:
        self._table = table
        self._sealer = sealer
        self._shards = shards

    def register(self, new: Registration) -> Registered:
        """See CaseStore. What stood in the way is read back from the table: DynamoDB's reasons come out of order."""
        complaint = new.complaint
        replay = _replay_row(complaint, Request(new.source, new.key, new.body_hash), complaint.registered_at)
        puts: list[Put | Drop] = [
            Put(replay, ReplayRow.pk.does_not_exist()),
            Put(NumberRow(*keys.number_pointer(complaint.number), org=complaint.org), NumberRow.pk.does_not_exist()),
            Put(head_of(complaint, new.due, self._shards), HeadRow.pk.does_not_exist()),
            *self._identified(complaint, new.identity, None),
            *self._appended(complaint, new.events, new.messages),
        ]
        puts += _links(complaint, new.links) + self._asked_for(complaint, new.groups, new.jobs)
        puts += _replays(complaint, new.also, complaint.registered_at) + self._retained(complaint, new.retain)

        def found() -> Registered | None:
            known = self._table.get(ReplayRow, keys.Key(replay.pk, replay.sk))
            if known is not None:
                if known.body_hash != new.body_hash:
                    raise KeyReused
                return Registered(known.number, replayed=True)
            if self._any_answered(complaint.org, new.also):
                raise KeyReused
            if self.org_of(complaint.number) is not None:
                raise NumberTaken(complaint.number)
            return None

        return self._table.transact(puts, found) or Registered(complaint.number, replayed=False)

    def load(self, org: str, number: str) -> Complaint | None:
        """See CaseStore."""
        row = self._table.get(HeadRow, keys.head(org, number))
        return _complaint.decode(row.state) if row else None

    def commit(
        self, before: int, complaint: Complaint, events: Sequence[Event], messages: Sequence[Message],
        due: datetime | None, *, groups: Sequence[tuple[str, str]] = (), jobs: Sequence[Job] = (),
        known: Known | None = None, requests: Sequence[Request] = (), retain: Retain | None = None,
        forget: bool = False,
    ) -> None:  # fmt: skip
        """See CaseStore."""
        head = Put(head_of(complaint, due, self._shards), HeadRow.version == before)
        puts: list[Put | Drop] = [head, *self._appended(complaint, events, messages)]
        puts += self._retained(complaint, retain)
        puts += self._asked_for(complaint, groups, jobs)
        if known is not None:
            place = keys.identity_key(complaint.org, complaint.number)
            key = self._table.get(KeyRow, place) if complaint.confidential else None
            puts += [*self._identified(complaint, known.identity, key), *_links(complaint, known.links)]
        if requests:
            puts += _replays(complaint, requests, events[-1].at)
        if forget:
            puts.append(Drop(IdentityRow(*keys.identity(complaint.org, complaint.number))))
            puts.append(Drop(KeyRow(*keys.identity_key(complaint.org, complaint.number))))

        def found() -> bool | None:
            now = self._table.get(HeadRow, keys.head(complaint.org, complaint.number))
            if now is not None and now.version == before and not self._any_answered(complaint.org, requests):
                return None
            if now is not None and self._in_history(complaint, events):
                return True
            raise Conflict

        self._table.transact(puts, found)

    def answered(self, org: str, source: str, key: str) -> Answered | None:
        """See CaseStore."""
        row = self._table.get(ReplayRow, keys.idempotency(org, source, key))
        return Answered(row.number, row.body_hash) if row else None

    def load_many(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Complaint]:
        """See CaseStore."""
        rows = self._table.get_many(HeadRow, [keys.head(org, number) for org, number in places])
        found = [_complaint.decode(row.state) for row in rows]
        return {(complaint.org, complaint.number): complaint for complaint in found}

    def postpone(self, item: Due, until: datetime | None) -> None:
        """See CaseStore."""
        postpone(self._table, item, until)

    def org_of(self, number: str) -> str | None:
        """See CaseStore."""
        row = self._table.get(NumberRow, keys.number_pointer(number))
        return row.org if row else None

    def history(self, org: str, number: str) -> list[Event]:
        """See CaseStore."""
        return left_of(self._events(org, number))

    def clear_history(self, org: str, number: str) -> None:
        """See CaseStore. One query, and one write for each 25 events that change."""
        stored = self._events(org, number)
        cleared = [after for before, after in zip(stored, left_of(stored), strict=True) if after != before]
        if cleared:
            self._table.save_all([_event_row(org, number, event) for event in cleared])

    def retain(self, org: str, number: str, at: datetime | None) -> None:
        """See CaseStore."""
        row = self._retention_row(org, number, at)
        if at is None:
            self._table.delete(row)
        else:
            self._table.save(row)

    def alias(self, org: str, kind: str, hashed: str) -> str:
        """See CaseStore. One write, or one more read where there is one already."""
        place = keys.alias(org, kind, hashed)
        row = AliasRow(*place, alias=f"~{secrets.token_hex(8)}")
        if self._table.save(row, AliasRow.pk.does_not_exist()):
            return row.alias
        known = self._table.get(AliasRow, place)
        return known.alias if known else row.alias

    def aliases(self, org: str, links: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """See CaseStore."""
        places = {keys.alias(org, *link): link for link in links}
        return {places[keys.Key(row.pk, row.sk)]: row.alias for row in self._table.get_many(AliasRow, list(places))}

    def unlink(self, case: Complaint, links: Sequence[tuple[str, str]], groups: Sequence[tuple[str, str]]) -> None:
        """See CaseStore. One write for each, and for each link a query."""
        places = [keys.link(case.org, kind, hashed, case.received_at, case.number) for kind, hashed in links]
        places += [keys.member(case.org, link, group, case.number) for link, group in groups]
        for place in places:
            self._table.delete(LinkRow(*place))
        for link in links:
            if not self.linked(case.org, *link, limit=1):
                self._table.delete(AliasRow(*keys.alias(case.org, *link)))

    def identity(self, org: str, number: str) -> Identity:
        """See CaseStore. A case without one, such as an erased one, has an empty one; so has one without its key.

        A confidential one takes a second read, of its key.
        """
        row = self._table.get(IdentityRow, keys.identity(org, number))
        if row is None:
            return Identity()
        if row.identity:
            return _identity.decode(row.identity)
        if row.sealed:
            return _identity.decode(self._sealer.open(row.sealed, _context(org, number), None))
        key = self._table.get(KeyRow, keys.identity_key(org, number))
        if key is None:
            return Identity()
        return _identity.decode(self._sealer.open(row.enveloped, _context(org, number), key.wrapped))

    def worklist(
        self, org: str, *, department: str = "", owner: str = "", stage: str = "", site: str = "",
        due_before: datetime | None = None, cursor: str = "", limit: int = 50,
    ) -> Page:  # fmt: skip
        """See CaseStore. With a department and an owner: those of the owner's cases that lie with the department."""
        if not department and not owner:
            raise ValueError("a worklist is a department's or an owner's")

        def wanted(line: Row) -> bool:
            asked = ((stage, line.stage), (site, line.site), (department, line.department or NOBODYS))
            return all(not want or want == has for want, has in asked)

        index, pk = "DEPARTMENT", index_keys.department(org, department)
        if owner:
            index, pk = "OWNER", index_keys.owner(org, owner)
        until = keys.stamp(due_before) if due_before else ""
        return page(self._table, index, pk, org, cursor, limit, until, wanted)

    def ledger(
        self, org: str, site: str, month: str, cursor: str = "", limit: int = 100, *, newest_first: bool = False
    ) -> Page:
        """See CaseStore."""
        of = index_keys.ledger(org, site, month)
        return page(self._table, "LEDGER", of, org, cursor, limit, forward=not newest_first)

    def closed(self, org: str, site: str, month: str, cursor: str = "", limit: int = 100) -> Page:
        """See CaseStore."""
        return page(self._table, "DEPARTMENT", index_keys.closed(org, site, month), org, cursor, limit)

    def linked(self, org: str, kind: str, hashed: str, limit: int = 20) -> list[str]:
        """See CaseStore."""
        items = self._table.query(keys.links(org, kind, hashed), forward=False, limit=limit)
        return [item["number"] for item in items]

    def members(self, org: str, link: str, group: str, *, since: str = "", limit: int | None = None) -> list[str]:
        """See CaseStore."""
        sort = LinkRow.sk >= since if since else None
        items = self._table.query(keys.members(org, link, group), sort, forward=limit is None, limit=limit)
        return sorted(item["number"] for item in items)

    def messages(self, org: str, number: str) -> list[Posted]:
        """See CaseStore."""
        items = self._table.query(keys.head(org, number).pk, MessageRow.sk.startswith(keys.MESSAGES))
        return [posted_of(item) for item in items]

    def _appended(self, of: Complaint, events: Sequence[Event], messages: Sequence[Message]) -> list[Put]:
        new = EventRow.pk.does_not_exist()
        entries = [Put(_event_row(of.org, of.number, event), new) for event in events]
        return entries + [born(message, self._shards) for message in messages]

    def _events(self, org: str, number: str) -> list[Event]:
        """The events as they are stored."""
        items = self._table.query(keys.head(org, number).pk, EventRow.sk.startswith(keys.EVENTS))
        return [_event.decode(item["event"]) for item in items]

    def _retained(self, of: Complaint, retain: Retain | None) -> list[Put | Drop]:
        if retain is None:
            return []
        row = self._retention_row(of.org, of.number, retain.at)
        return [Put(row) if retain.at else Drop(row)]

    def _retention_row(self, org: str, number: str, at: datetime | None) -> RetentionRow:
        row = RetentionRow(*keys.retention(org, number))
        if at is not None:
            row.due_pk, row.due_sk = index_keys.armed(at, org, number, self._shards)
        return row

    def _asked_for(self, of: Complaint, groups: Sequence[tuple[str, str]], jobs: Sequence[Job]) -> list[Put]:
        """The groups that the case comes into, and the background work that it asks for."""
        members = [keys.member(of.org, link, group, of.number) for link, group in groups]
        return [Put(LinkRow(*place, number=of.number)) for place in members] + [
            Put(job_row(job, self._shards), JobRow.pk.does_not_exist()) for job in jobs
        ]

    def _in_history(self, of: Complaint, events: Sequence[Event]) -> bool:
        """Whether these very events were written: then the commit happened, and only its reply was lost."""
        if not events:
            return False
        row = self._table.get(EventRow, keys.event(of.org, of.number, events[-1].version))
        return row is not None and row.event == _text(events[-1])

    def _any_answered(self, org: str, requests: Sequence[Request]) -> bool:
        return any(self.answered(org, request.source, request.key) for request in requests)

    def _identified(self, of: Complaint, identity: Identity, key: KeyRow | None) -> list[Put]:
        """The identity, sealed where that is confidential: with the key that the case has, or with its first one."""
        row = IdentityRow(*keys.identity(of.org, of.number))
        if not of.confidential:
            row.identity = _text(identity)
            return [Put(row)]
        context, wrapped = _context(of.org, of.number), key.wrapped if key else None
        sealed = self._sealer.seal(json.encode(identity), context, wrapped)
        row.enveloped = sealed.content
        first = KeyRow(*keys.identity_key(of.org, of.number), wrapped=sealed.key)
        return [Put(row), *([] if key else [Put(first, KeyRow.pk.does_not_exist())])]


def _event_row(org: str, number: str, event: Event) -> EventRow:
    return EventRow(*keys.event(org, number, event.version), event=_text(event))


def _replays(of: Complaint, requests: Sequence[Request], at: datetime) -> list[Put]:
    """By what each request is known again."""
    return [Put(_replay_row(of, request, at), ReplayRow.pk.does_not_exist()) for request in requests]


def _replay_row(of: Complaint, request: Request, at: datetime) -> ReplayRow:
    row = ReplayRow(*keys.idempotency(of.org, request.source, request.key))
    row.number, row.body_hash = of.number, request.body_hash
    row.ttl = int((at + REPLAYS_KEPT).timestamp())
    return row


def _links(of: Complaint, links: Sequence[tuple[str, str]]) -> list[Put]:
    """By what the same customer is found again."""
    places = [keys.link(of.org, kind, hashed, of.received_at, of.number) for kind, hashed in links]
    return [Put(LinkRow(*place, number=of.number)) for place in places]


def _text(value: Event | Identity) -> str:
    return json.encode(value).decode()


def _context(org: str, number: str) -> dict[str, str]:
    return {"org": org, "number": number}
