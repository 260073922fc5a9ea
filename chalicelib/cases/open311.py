"""Open311 GeoReport v2: services, posting requests, and the public list of them.

Lists show which service, open or closed, and when: nothing of what was said, by whom or where. They are there only
where the organisation switched them on (`open311`), and confidential cases and reports of wrongdoing never are.

What a list costs: the lines of the ledgers of its months, at most 90 days; then the heads, a hundred in one read.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import msgspec
from msgspec import Struct

from chalicelib.cases import periods
from chalicelib.cases.desks import Desks
from chalicelib.cases.instants import now_by
from chalicelib.cases.may import Actor, may
from chalicelib.cases.numbers import heard
from chalicelib.cases.open311_access import Access
from chalicelib.cases.open311_posting import Form, last, named, posting_of
from chalicelib.cases.open311_services import code_and_title, definition, offers, service
from chalicelib.cases.open311_views import Definition, OfToken, Service, ServiceRequest
from chalicelib.cases.register import Brought, Receipt, Register
from chalicelib.desk.complaint import Complaint, Language
from chalicelib.desk.errors import BadInput, KeyReused, NotAllowed, NotFound, Problem
from chalicelib.desk.people import Organisation
from chalicelib.desk.words import said
from chalicelib.ports import CaseStore, Request, Row

SPAN = timedelta(days=90)
MOST = 1000
"""What one list holds: the standard's own limits."""

LOOKED_AT = 3000
"""Cases looked at for one list: a filter that nothing fits must not read three months of a large organisation."""

READ = 20_000
"""Lines read of one site's ledgers for one list, those later than its end among them."""

SOURCE = "open311"
"""The namespace of the keys by which posted requests are known again."""

SAME_FOR = timedelta(minutes=10)
"""The same body without a key, sent again within this time, is the same request; after twice as long it never is."""

REPORT = "report"


class Wanted(Struct, frozen=True, kw_only=True):
    """Which requests; `ids` overrides the rest. Times are aware; None: as the standard has it."""

    ids: list[str] = []
    codes: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    start: datetime | None = None
    end: datetime | None = None


class Open311:
    """The standard's verbs, with what they need of the world."""

    def __init__(
        self, *, cases: CaseStore, desks: Desks, register: Register, access: Access, clock: Callable[[], datetime]
    ) -> None:
        self._cases, self._desks, self._register = cases, desks, register
        self._access, self._clock = access, clock

    def services(self, org: str, language: str) -> list[Service]:
        """What may be asked for. Raises NotFound."""
        organisation = self._desks.organisation(org)
        found = offers(self._desks, organisation).values()
        return [service(self._desks.at(org, offer.site), offer, language) for offer in found]

    def definition(self, org: str, code: str, language: str) -> Definition:
        """What one of them asks for. Raises NotFound."""
        offer = offers(self._desks, self._desks.organisation(org)).get(code)
        if offer is None:
            raise NotFound(f"There is no service {code!r}.")
        return definition(self._desks.at(org, offer.site), offer, language)

    def post(self, org: str, form: Form, key: str, language: Language) -> Receipt:
        """Take a request in as a complaint by the web. Raises NotFound, NotAllowed, BadInput, KeyReused.

        `key` names it; without one the same again, soon after, is the same.
        """
        organisation = self._desks.organisation(org)
        if not self._access.opens(organisation, last(form, "api_key")):
            raise NotAllowed("The api_key is missing or wrong.")
        code = last(form, "service_code")
        if not code:
            raise BadInput("The body cannot be read as it is.", [Problem("service_code", "is required")])
        offer = offers(self._desks, organisation).get(code)
        if offer is None:
            raise NotFound(f"There is no service {code!r}.")
        posting = posting_of(form, self._desks.at(org, offer.site), offer, language)
        body = hashlib.sha256(msgspec.json.encode(posting)).hexdigest()
        keys = [f"key {key}"] if key else self._of_now(body)
        brought = Brought(requests=[Request(SOURCE, further, body) for further in keys[1:]])
        try:
            return self._register(posting, key=keys[0], source=SOURCE, brought=brought)
        except BadInput as bad:
            raise named(bad, offer) from None
        except KeyReused:
            earlier = self._answered(org, keys[1:])  # by a clock that is ahead of this one
            if earlier is None:
                raise
            return Receipt(case=earlier, replayed=True)

    def of_token(self, org: str, token: str) -> OfToken:
        """The public request that was posted with an Idempotency-Key. Raises NotFound, NotAllowed."""
        organisation = self._published(org)
        case = self._answered(organisation.id, [f"key {token}"])
        if case is None or not self._is_public(case):
            raise NotFound("There is no such token.")
        return OfToken(service_request_id=case.number, token=token)

    def request(self, org: str, number: str, language: str) -> ServiceRequest:
        """One of them. Raises NotFound, in the same words for what is not there and what is not public, NotAllowed."""
        found = self._numbered(self._published(org), [number], language)
        if not found:
            raise NotFound("There is no such service request.")
        return found[0]

    def requests(self, org: str, wanted: Wanted, language: str) -> list[ServiceRequest]:
        """The public ones that are wanted, the newest first. Raises NotFound, NotAllowed, BadInput."""
        organisation = self._published(org)
        if wanted.ids:
            return self._numbered(organisation, wanted.ids[:MOST], language)
        start, end = span(wanted, now_by(self._clock))
        shown = (self._shown(case, language) for case in self._received(organisation, start, end))
        fitting = (
            one for one in shown
            if (not wanted.codes or one.service_code in wanted.codes)
            and (not wanted.statuses or one.status in wanted.statuses)
        )  # fmt: skip
        return list(islice(fitting, MOST))

    def _published(self, org: str) -> Organisation:
        organisation = self._desks.organisation(org)
        if not may(Actor(now=now_by(self._clock)), "list_requests", organisation):
            raise NotAllowed("This organisation does not publish its service requests.")
        return organisation

    def _numbered(self, organisation: Organisation, ids: list[str], language: str) -> list[ServiceRequest]:
        numbers = [number for id in ids if (number := heard(id))]
        found = periods.numbered(self._cases, organisation.id, numbers)
        return [self._shown(case, language) for case in found if self._is_public(case)]

    def _received(self, organisation: Organisation, start: datetime, end: datetime) -> Iterator[Complaint]:
        """The public cases received in that time, the newest first, read as far as they are asked for."""
        lines = [line for site in organisation.sites for line in self._lines(organisation.id, site, start, end)]
        lines = sorted(lines, key=lambda line: (line.received_at, line.number), reverse=True)[:LOOKED_AT]
        for first in range(0, len(lines), periods.AT_ONCE):
            for case in periods.heads(self._cases, lines[first : first + periods.AT_ONCE]):
                if self._is_public(case):
                    yield case

    def _lines(self, org: str, site: str, start: datetime, end: datetime) -> list[Row]:
        """The lines of the ledgers of that time, from the newest back, until there are enough of them."""
        found: list[Row] = []
        for seen, line in enumerate(self._from_the_newest(org, site, start, end)):
            if line.received_at < start or len(found) == LOOKED_AT or seen == READ:
                break
            if line.received_at <= end:
                found.append(line)
        return found

    def _from_the_newest(self, org: str, site: str, start: datetime, end: datetime) -> Iterator[Row]:
        for month in reversed(periods.months(start.date(), end.date())):
            page = self._cases.ledger(org, site, month, "", MOST, newest_first=True)
            yield from page.items
            while page.next:
                page = self._cases.ledger(org, site, month, page.next, MOST, newest_first=True)
                yield from page.items

    def _is_public(self, case: Complaint) -> bool:
        """Whether anybody may know that there is this case."""
        desk = self._desks.of(case)
        kinds = [case.values.get(name) for name, entry in desk.procedure.fields.items() if entry.intake == "kind"]
        return not case.confidential and REPORT not in (case.kind, *kinds)

    def _shown(self, case: Complaint, language: str) -> ServiceRequest:
        code, title = code_and_title(self._desks.of(case), case)
        return ServiceRequest(
            service_request_id=case.number,
            status="closed" if case.finished else "open",
            service_name=said(title, language),
            service_code=code,
            requested_datetime=case.received_at,
            updated_datetime=_updated(case),
            expected_datetime=case.promised_at,
        )

    def _answered(self, org: str, keys: list[str]) -> Complaint | None:
        found = (self._cases.answered(org, SOURCE, key) for key in keys)
        number = next((one.number for one in found if one is not None), "")
        return self._cases.load(org, number) if number else None

    def _of_now(self, body: str) -> list[str]:
        """The keys of a body that came without one: of this stretch of time, and of the next one."""
        stretch = int(now_by(self._clock).timestamp() // SAME_FOR.total_seconds())
        return [f"body {body} {n}" for n in (stretch, stretch + 1)]


def span(wanted: Wanted, now: datetime) -> tuple[datetime, datetime]:
    """The time that is wanted, at most 90 days of it: the latest ones where not both ends are said. Raises BadInput."""
    start, end = wanted.start, wanted.end
    if end is None:
        end = now if start is None else min(start + SPAN, max(start, now))
    if start is None:
        start = end - SPAN
    if start > end:
        raise BadInput("There is no such list.", [Problem("start_date", "must not be later than end_date")])
    if end - start > SPAN:
        raise BadInput("There is no such list.", [Problem("end_date", "must lie at most 90 days after start_date")])
    return start.astimezone(UTC), end.astimezone(UTC)


def _updated(case: Complaint) -> datetime:
    """When it was closed, or else came to where it is."""
    if case.finished and case.closed_at:
        return case.closed_at
    return max(case.registered_at, case.stage_since or case.registered_at)
