"""Take in one call that a hotline platform tells of: it makes one complaint, or adds to one that is there.

Safe to repeat at any moment: the call's id and the id of the signed message are remembered in the very transaction
that writes what became of the call.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.cases.act import Act
from chalicelib.cases.customers import Hasher, international
from chalicelib.cases.desks import Desks, site_of
from chalicelib.cases.hotline_posting import (
    facts_of,
    note_of,
    posting_of,
    recordings_of,
    said_in,
    titled,
)
from chalicelib.cases.instants import now_by
from chalicelib.cases.numbers import heard
from chalicelib.cases.register import Brought, Register
from chalicelib.desk.called import Heard
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import BadInput, Conflict, KeyReused, NotFound, NotSigned, Problem
from chalicelib.desk.phoned import HotlineCall, Phoned
from chalicelib.desk.rulebook import Desk
from chalicelib.ports import CaseStore, Request
from chalicelib.redaction import MASK

SOURCE = "hotline"
"""The namespace of call ids among the idempotency keys."""

TRIES = 3
"""How often a call is added anew to a case when somebody else was faster."""

SLACK_SECONDS = 300
"""A platform's clock may be this far ahead."""

LONGEST_AGO_DAYS = 3660

PLACES = {"received_at": "started_at", "customer.phone": "caller", "customer": "answers.anonymous"}
"""What a complaint calls it, to what the call does."""


class Taken(Struct, frozen=True, kw_only=True):
    """What became of a call. `joined`: it was added to a complaint that was there before."""

    case: Complaint
    replayed: bool = False
    joined: bool = False


class Hotline:
    """`hotline` with what it needs of the world."""

    def __init__(
        self, *, cases: CaseStore, desks: Desks, register: Register, act: Act, hasher: Hasher,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._cases, self._desks, self._register, self._act = cases, desks, register, act
        self._hasher, self._clock = hasher, clock

    def __call__(self, call: HotlineCall, message: Request) -> Taken:
        """Take the call in. `message` is the signed message that told of it.

        Raises NotSigned (the message's id was used for another text), BadInput (all problems at once), Conflict.
        """
        if known := self._known(call, message):
            return known
        self._refuse_odd_times(call)
        try:
            return self._join(call, message) if call.number.strip() else self._open(call, message)
        except (KeyReused, Conflict):  # the same call came twice at once: the other one was faster
            if known := self._known(call, message):
                return known
            raise

    def _known(self, call: HotlineCall, message: Request) -> Taken | None:
        told = self._cases.answered(call.org, message.source, message.key)
        if told and told.body_hash != message.body_hash:
            raise NotSigned("The signature is missing or does not hold.")
        before = told or self._cases.answered(call.org, SOURCE, call.call_id)
        case = self._cases.load(call.org, before.number) if before else None
        return Taken(case=case, replayed=True) if case else None

    def _refuse_odd_times(self, call: HotlineCall) -> None:
        now, problems = now_by(self._clock), []
        if (call.ended_at - now).total_seconds() > SLACK_SECONDS:
            problems.append(Problem("ended_at", "must not lie in the future"))
        if call.started_at and call.started_at > call.ended_at:
            problems.append(Problem("started_at", "must not be later than ended_at"))
        problems += [
            Problem(name, "must not lie more than ten years back")
            for name, at in (("started_at", call.started_at), ("ended_at", call.ended_at))
            if at and (now - at).days > LONGEST_AGO_DAYS
        ]
        if problems:
            raise BadInput("The call cannot be taken as it is.", problems)

    # a new complaint

    def _open(self, call: HotlineCall, message: Request) -> Taken:
        desk = self._desk(call)
        posting, beyond = posting_of(call, desk)
        posting = titled(posting, call, desk)
        staff = self._agent(call)
        now, caller = now_by(self._clock), international(call.caller)
        elsewhere = international(posting.customer.phone) != caller
        brought = Brought(
            attachments=recordings_of(call, posting.language, now, staff or SOURCE),
            facts=facts_of(call, beyond, staff=bool(staff)),
            links=[("phone", self._hasher(f"{call.org}|phone|{caller}"))] if caller and elsewhere else [],
            caller=caller if elsewhere else "",
            requests=[message],
        )
        try:
            return self._registered(posting, call, staff, brought)
        except BadInput as bad:
            unfit = {p.field.removeprefix("form.") for p in bad.problems} & set(posting.form)
            if len(unfit) < len(bad.problems):
                raise BadInput(bad.detail, [_theirs(p, call) for p in bad.problems]) from None
        # An answer that its field does not take is kept in the caller's words: a call is not refused for it. Of who
        # called, the number is kept anyway, apart.
        posting.form = {name: value for name, value in posting.form.items() if name not in unfit}
        known = desk.procedure.fields if desk else {}
        kept = {n: MASK if n in known and known[n].tells_who else str(call.answers[n]) for n in unfit}
        facts = facts_of(call, beyond | kept, staff=bool(staff))
        return self._registered(posting, call, staff, replace(brought, facts=facts))

    def _registered(self, posting: Phoned, call: HotlineCall, staff: str, brought: Brought) -> Taken:
        receipt = self._register(posting, key=call.call_id, source=SOURCE, actor=staff, brought=brought)
        return Taken(case=receipt.case, replayed=receipt.replayed)

    def _desk(self, call: HotlineCall) -> Desk | None:
        with suppress(NotFound):
            return self._desks.at(call.org, site_of(self._desks.organisation(call.org), call.site))
        return None

    def _agent(self, call: HotlineCall) -> str:
        """The agent, where it is a member of staff by id; else empty."""
        with suppress(NotFound):
            known = self._desks.organisation(call.org).staff.get(call.agent.strip())
            return known.id if known and known.active else ""
        return ""

    # one that is there

    def _join(self, call: HotlineCall, message: Request) -> Taken:
        number = heard(call.number) or ""
        requests = [Request(SOURCE, call.call_id, message.body_hash), message]
        for _ in range(TRIES):
            case = self._cases.load(call.org, number) if number else None
            if case is None:
                wrong = Problem("number", "is not the number of a complaint here")
                raise BadInput("There is no such complaint to add to.", [wrong])
            with suppress(Conflict):
                if (known := self._known(call, message)) is not None:
                    return known
                decision = self._act.called(case, self._heard(call, case), requests)
                return Taken(case=decision.complaint if decision else case, joined=True, replayed=decision is None)
        raise Conflict("Others are writing in this case: send the call again.")

    def _heard(self, call: HotlineCall, case: Complaint) -> Heard:
        desk, staff = self._desks.of(case), self._agent(call)
        posting, beyond = posting_of(call, desk)
        known = self._cases.identity(case.org, case.number)
        caller = international(call.caller)
        same = bool(caller) and caller in (known.phone, known.caller)
        return Heard(
            key=self._hasher(f"{call.org}|call|{call.call_id}"),
            said=said_in(posting),
            note=note_of(call, desk, beyond | {k: str(v) for k, v in posting.form.items()}, verified=same),
            by=staff,
            verified=same,
            missed=not call.answered,
            recording=recordings_of(call, desk.site.language, now_by(self._clock), staff or SOURCE),
        )


def _theirs(problem: Problem, call: HotlineCall) -> Problem:
    """The problem at the place in the call that it came from."""
    place = PLACES.get(problem.field, problem.field)
    if place == "started_at" and call.started_at is None:
        place = "ended_at"
    for group in ("form.", "content.", "customer."):
        if place.startswith(group):
            return Problem(f"answers.{place.removeprefix(group)}", problem.problem)
    return Problem(place, problem.problem)
