"""Do an action in a case: one read, one write."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.cases.desks import Desks
from chalicelib.cases.instants import now_by
from chalicelib.cases.intake import who_in
from chalicelib.cases.jobs import pairing, spread, watching
from chalicelib.cases.libraries import shelves
from chalicelib.cases.numbers import heard
from chalicelib.desk.beside import grouped, mailed, mirrored, write
from chalicelib.desk.called import Heard, called
from chalicelib.desk.complaint import Attachment, Complaint, Decision
from chalicelib.desk.engine import decide
from chalicelib.desk.errors import BadInput, Conflict, NotFound, Problem
from chalicelib.desk.facts import is_unknown
from chalicelib.desk.procedure import Action, Procedure
from chalicelib.desk.ties import Other
from chalicelib.ports import CaseStore, Job, Known, Queue, Request, Unavailable

if TYPE_CHECKING:
    from chalicelib.cases.identities import Identities  # at run time the phone book would come with it


ANOTHER = "must be the number of another complaint"
INCOMPLETE = "The form is not complete."


class Act:
    """`act` and its like with what they need of the world. `identities` is called when it is needed first."""

    def __init__(
        self, *, cases: CaseStore, desks: Desks, queue: Queue, clock: Callable[[], datetime],
        identities: Callable[[], "Identities"],
    ) -> None:  # fmt: skip
        self._cases, self._desks, self._queue, self._clock = cases, desks, queue, clock
        self._identities = identities

    def act(
        self, org: str, number: str, action: str, answers: dict[str, Any], *, actor: str, version: int,
        task: str = "", joins: str = "", leaves: str = "",
    ) -> Decision:  # fmt: skip
        """Do it as the case stood at `version`; `joins` is the number of a case whose group this one joins, or with
        which it is paired, `leaves` of one with which it is paired no more.

        Raises NotFound, Conflict, NotOpen, NotAllowed, BadInput.
        """
        case, now = self._load(org, number), self._now()
        if case.version != version:
            raise Conflict(f"The case is at version {case.version}, not {version}: look at it again.")
        desk = self._desks.of(case)
        meant = desk.procedure.actions.get(action)
        named = self._named(case, meant, joins, leaves) if meant else None
        link = (meant.joins or meant.leaves or "") if meant else ""
        paired = named is not None and desk.procedure.links[link].pairs is not None
        other = Other(named.number, named.confidential) if named and paired else None
        group = self._group(case, link, named) if named and not paired else ""
        said = who_in(answers, desk.procedure)
        who = self._identities().completed(case, said) if said else None
        keys, reach = (who.keys, who.reach) if who else ([], None)
        missing = _no_files(desk.procedure, case, answers)
        try:
            decision = decide(
                desk, case, action, answers, actor, now, task, group=group, keys=keys, reach=reach, other=other
            )
        except BadInput as bad:
            named_already = {problem.field for problem in bad.problems}
            raise BadInput(bad.detail, [*bad.problems, *(p for p in missing if p.field not in named_already)]) from None
        if missing:
            raise BadInput(INCOMPLETE, missing)
        groups, jobs = watching(decision, now)
        groups += shelves(decision)
        if meant and meant.spreads and meant.spreads in case.groups:
            jobs.append(spread(decision.complaint, meant.spreads, now))
        if group:
            self._take_in(org, link, group, actor)
            groups.append((link, group))
        if other:
            jobs.append(pairing(decision.complaint, other.number, now))
        self._commit(case, decision, groups, jobs, who.known if who else None)
        if named and other:
            self._mirror(decision.complaint, named)
        return decision

    def _named(self, case: Complaint, action: Action, joins: str, leaves: str) -> Complaint | None:
        """The other case that an action names, or None where it names none."""
        place, number = ("joins", joins) if action.joins else ("leaves", leaves)
        if not (action.joins or action.leaves) or not number:
            return None
        found = self._cases.load(case.org, heard(number) or number)
        if found is None or found.number == case.number:
            raise BadInput("The form is not complete.", [Problem(place, ANOTHER)])
        return found

    def _group(self, case: Complaint, link: str, other: Complaint) -> str:
        """The group of the other case, or a new one under its number. Groups hold cases of one procedure."""
        if other.procedure != case.procedure:
            raise BadInput("The form is not complete.", [Problem("joins", ANOTHER)])
        return other.groups.get(link, other.number)

    def _mirror(self, case: Complaint, other: Complaint) -> None:
        """The other case says so too: at once where it can, else by the job that was committed with the tie."""
        desk, tie = self._desks.of(other), case.ties[other.number]
        decision = mirrored(desk, other, tie, case.number, self._now())
        if decision:
            with suppress(Conflict, Unavailable):
                self._commit(other, decision)

    def _take_in(self, org: str, link: str, group: str, actor: str) -> None:
        """Whose group it is, is in it too. Done first: a group of one does no harm if the rest is cut off."""
        first = self._cases.load(org, group)
        decision = grouped(self._desks.of(first), first, link, group, actor, self._now()) if first else None
        if first and decision:
            self._commit(first, decision, [(link, group)])

    def write(self, org: str, number: str, text: str, answers: dict[str, Any]) -> Decision:
        """The complainant adds something. Raises NotFound, Conflict."""
        case = self._load(org, number)
        return self._commit(case, write(self._desks.of(case), case, text, self._now(), answers))

    def mailed(
        self, org: str, number: str, text: str, key: str, *, files: Sequence[Attachment], verified: bool, note: str
    ) -> Decision | None:  # fmt: skip
        """A mail about the case came; None where it was there before. Raises NotFound, Conflict."""
        case = self._load(org, number)
        decision = mailed(
            self._desks.of(case), case, text, key, self._now(), files=files, verified=verified, note=note
        )  # fmt: skip
        return self._commit(case, decision) if decision else None

    def called(self, case: Complaint, heard: Heard, requests: Sequence[Request]) -> Decision | None:
        """A call about the case came, which answers these requests; None where it was there before. Raises Conflict."""
        decision = called(self._desks.of(case), case, heard, self._now())
        return self._commit(case, decision, requests=requests) if decision else None

    def _load(self, org: str, number: str) -> Complaint:
        case = self._cases.load(org, number)
        if case is None:
            raise NotFound(f"There is no complaint {number}.")
        return case

    def _commit(
        self, before: Complaint, decision: Decision, groups: Sequence[tuple[str, str]] = (), jobs: Sequence[Job] = (),
        known: Known | None = None, requests: Sequence[Request] = (),
    ) -> Decision:  # fmt: skip
        after = decision.complaint
        self._cases.commit(
            before.version,
            after,
            decision.events,
            decision.messages,
            decision.due,
            groups=groups,
            jobs=jobs,
            known=known,
            requests=requests,
            retain=decision.retain,
        )
        self._queue.deliver([m for m in decision.messages if m.not_before is None])
        return decision

    def _now(self) -> datetime:
        return now_by(self._clock)


def _no_files(procedure: Procedure, case: Complaint, answers: dict[str, Any]) -> list[Problem]:
    """Answers that should name a file of the case and do not. Why there is none may be said instead, and what stood
    there before (a recording that the hotline keeps) may stay.
    """
    held = case.values
    asked = {n: v for n, v in answers.items() if n in procedure.fields and v not in (None, "") and v != held.get(n)}
    return [
        Problem(name, "must be the id of a file of this case")
        for name, value in asked.items()
        if procedure.fields[name].type == "file" and not is_unknown(value) and case.file(value) is None
    ]
