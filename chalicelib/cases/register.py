"""Take a complaint in: one write, whatever is asked how often."""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from chalicelib.cases.customers import Hasher, keys_of, links_of, reach_of, tidied, tidy
from chalicelib.cases.desks import Desks, site_of
from chalicelib.cases.instants import now_by
from chalicelib.cases.intake import answers_in, beyond_the_form, marks_of, summary_of, who_in
from chalicelib.cases.jobs import watching
from chalicelib.cases.libraries import shelves
from chalicelib.cases.numbers import Random, draw
from chalicelib.desk.caps import promised
from chalicelib.desk.complaint import Attachment, Complaint, Decision, Identity
from chalicelib.desk.engine import open_case
from chalicelib.desk.errors import BadInput, NotFound, Problem, Refusal
from chalicelib.desk.posting import Posting
from chalicelib.desk.rulebook import Desk
from chalicelib.ports import CaseStore, NumberTaken, Queue, Registration, Request

MOST_DRAWS = 8
"""A day has a million numbers: eight taken ones in a row are no accident."""

SLACK_SECONDS = 300
"""A caller's clock may be this far ahead before `received_at` counts as lying in the future."""

UNSEEN = re.compile(rb"(\\\\)|\\(?:u00[01][0-9a-f]|[bf])")
"""Control characters but tab and line ends, as JSON has them; a backslash that stands for itself is kept."""


class Receipt(Struct, kw_only=True):
    """What the complainant is told. The same complaint posted again gets the same receipt."""

    case: Complaint
    replayed: bool


class Brought(Struct, frozen=True, kw_only=True):
    """What comes with a complaint beside what it says. To whom is in `mute` nothing is written about its arrival."""

    attachments: list[Attachment] = []
    facts: dict[str, str] = {}  # what is known of how it came, as `posted` has it
    links: list[tuple[str, str]] = []  # (kind, keyed hash), beyond those of the identity
    thread: str = ""  # see Identity
    caller: str = ""  # see Identity
    mute: frozenset[str] = frozenset()
    requests: list[Request] = []  # further keys by which it is known again


NOTHING = Brought()


class Register:
    """`register` with what it needs of the world."""

    def __init__(
        self,
        *,
        cases: CaseStore,
        desks: Desks,
        queue: Queue,
        hasher: Hasher,
        randbelow: Random,
        clock: Callable[[], datetime],
        salt: Callable[[], str] = str,
    ) -> None:
        self._cases, self._desks, self._queue, self._salt = cases, desks, queue, salt
        self._hasher, self._randbelow, self._clock = hasher, randbelow, clock

    def __call__(
        self, posting: Posting, *, key: str, source: str, actor: str = "", brought: Brought = NOTHING
    ) -> Receipt:  # fmt: skip
        """Register a complaint. Raises BadInput (all problems at once), KeyReused.

        `source` and `key` name the request: the same again gives the same complaint. `actor` is the member of
        staff who records it, or empty where the complainant does so.
        """
        now = now_by(self._clock)
        posting, written = _legible(posting)
        problems = _insane(posting, now)
        desk = self._desk(posting, problems)
        body = hashlib.sha256(written).hexdigest()
        identity = _identity(posting, desk)
        links = [*links_of(identity, desk.organisation.id, desk.site.id, self._hasher), *brought.links]
        identity.thread, identity.caller = brought.thread, brought.caller
        answers, salt = answers_in(posting, desk, now), self._salt()
        for _ in range(MOST_DRAWS):
            number = draw(now.astimezone(ZoneInfo(desk.calendar.zone)).date(), self._randbelow)
            decision = _opened(
                desk, posting, number, answers, actor, now, problems, identity, keys_of(links), brought, salt
            )
            case = decision.complaint
            groups, jobs = watching(decision, now)
            groups += shelves(decision)
            new = Registration(
                complaint=case,
                events=decision.events,
                identity=identity,
                messages=decision.messages,
                due=decision.due,
                source=source,
                key=key,
                body_hash=body,
                links=links,
                groups=groups,
                jobs=jobs,
                also=brought.requests,
                retain=decision.retain,
            )
            try:
                registered = self._cases.register(new)
            except NumberTaken:
                continue
            if registered.replayed and registered.number != number:
                return Receipt(case=self._earlier(case.org, registered.number), replayed=True)
            self._queue.deliver([m for m in decision.messages if m.not_before is None])
            return Receipt(case=case, replayed=registered.replayed)
        raise RuntimeError("no free number was drawn")

    def faults(self, posting: Posting) -> list[Problem]:
        """Everything that would be wrong with a posting, of which perhaps only a part could be read."""
        now = now_by(self._clock)
        problems = _insane(posting, now)
        try:
            desk = self._desk(posting, problems)
            _opened(desk, posting, "", answers_in(posting, desk, now), "", now, problems, _identity(posting, desk))
        except BadInput as bad:
            return bad.problems
        return []

    def _desk(self, posting: Posting, problems: list[Problem]) -> Desk:
        try:
            organisation = self._desks.organisation(posting.org)
        except NotFound as unknown:
            raise BadInput(unknown.detail, [*problems, Problem("org", "is not known here")]) from None
        try:
            desk = self._desks.at(organisation.id, site_of(organisation, posting.site))
        except NotFound as unknown:
            among = Problem("site", "is not one of: " + ", ".join(organisation.sites))
            raise BadInput(unknown.detail, [*problems, among]) from None
        offered = desk.procedure.channels
        if offered and posting.channel not in offered:
            problems.append(Problem("channel", "is not one of: " + ", ".join(offered)))
        return desk

    def _earlier(self, org: str, number: str) -> Complaint:
        case = self._cases.load(org, number)
        if case is None:
            raise Refusal(f"Complaint {number} was registered before, and is no longer here.")
        return case


def _legible(posting: Posting) -> tuple[Posting, bytes]:
    """The posting without control characters, which nobody means to write, and as JSON."""
    written = msgspec.json.encode(posting)
    legible = UNSEEN.sub(rb"\1", written)
    if legible == written:
        return posting, written
    try:
        return msgspec.json.decode(legible, type=type(posting)), legible
    except msgspec.ValidationError:  # nothing else stood where something must: it is refused as it is
        return posting, written


def _insane(posting: Posting, now: datetime) -> list[Problem]:
    """What cannot be, whatever the site and its form."""
    problems = []
    if posting.received_at and (posting.received_at - now).total_seconds() > SLACK_SECONDS:
        problems.append(Problem("received_at", "must not lie in the future"))
    if posting.received_at and (now - posting.received_at).days > 3660:
        problems.append(Problem("received_at", "must not lie more than ten years back"))
    if not posting.content.summary.strip() and not posting.content.details.strip():
        problems.append(Problem("content", "must say what happened, in summary or details"))
    if posting.anonymous and (posting.customer.name or posting.customer.address):
        problems.append(Problem("customer", "an anonymous complaint carries no name and no address"))
    return problems


def _identity(posting: Posting, desk: Desk) -> Identity:
    """Who complains, by the body and by what its form has fields for."""
    return tidy(msgspec.structs.replace(tidied(posting), **who_in(posting.form, desk.procedure)))


def _opened(desk: Desk, posting: Posting, number: str, answers: dict[str, Any], actor: str, now: datetime,
    problems: list[Problem], identity: Identity, keys: Sequence[str] = (), brought: Brought = NOTHING,
    salt: str = "",
) -> Decision:  # fmt: skip
    sane = posting.received_at is not None and not any(p.field == "received_at" for p in problems)
    received = posting.received_at.astimezone(UTC).replace(microsecond=0) if posting.received_at and sane else now
    case = Complaint(
        org=desk.organisation.id,
        site=desk.site.id,
        number=number,
        procedure=desk.procedure.id,
        procedure_version=desk.procedure.version,
        channel=posting.channel,
        kind=posting.kind,
        language=posting.language,
        received_at=min(received, now),
        registered_at=now,
        anonymous=posting.anonymous,
        confidential=posting.confidential,
        reach=reach_of(identity),
        values=marks_of(identity, desk.procedure),
        customer_keys=list(keys),
        summary=summary_of(posting),
        salt=salt,
        posted=beyond_the_form(posting, desk, answers) | brought.facts,
        attachments=brought.attachments,
    )
    case.promised_at = promised(desk, case, answers)
    try:
        decision = open_case(desk, case, answers, actor, now, mute=brought.mute)
    except BadInput as bad:
        theirs = [_where(desk, posting, problem) for problem in bad.problems]
        raise BadInput(bad.detail, [*problems, *(p for p in theirs if not _told(p, problems))]) from None
    if problems:
        raise BadInput("The complaint cannot be taken as it is.", problems)
    return decision


def _told(problem: Problem, problems: list[Problem]) -> bool:
    """Whether a problem of a whole, such as the content, covers that of a part."""
    return any(problem.field == p.field or problem.field.startswith(f"{p.field}.") for p in problems)


def _where(desk: Desk, posting: Posting, problem: Problem) -> Problem:
    """The problem at the place in the body that it came from."""
    entry = desk.procedure.fields.get(problem.field)
    if problem.field not in posting.form and entry is not None and entry.intake:
        return Problem(entry.intake, problem.problem)
    return Problem(f"form.{problem.field}", problem.problem)
