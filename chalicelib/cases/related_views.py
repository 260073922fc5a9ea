"""How a case beside another is shown: earlier, suggested, linked; and how many a customer has."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from chalicelib.cases.views import CustomerCounts, EarlierView, LinkedView, PersonView, SuggestionView
from chalicelib.desk.alike import KEYS, Likeness, days_of, likeness, profile, sentence
from chalicelib.desk.complaint import Complaint, Tie
from chalicelib.desk.procedure import Procedure
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.ties import holding
from chalicelib.desk.words import phrases_in, said


class Reader(Struct, frozen=True, kw_only=True):
    """Who reads, when, and which actions are open to them in the case."""

    person: str
    language: str
    now: datetime
    actions: Collection[str] = ()


class Seen(Struct, frozen=True, kw_only=True):
    """Another case that the reader may see, and whether they may know who complains there."""

    case: Complaint
    desk: Desk
    knows: bool


def earlier(seen: Seen, reader: Reader, why: str) -> EarlierView:
    """The case in a line; `why` it is shown."""
    return EarlierView(**_line(seen, reader), why=why)


def suggestion(desk: Desk, seen: Seen, found: Likeness, reader: Reader) -> SuggestionView:
    """A case that seems to belong with this one, and how the reader could link the two."""
    kind = found.kind or "repeat"
    link, action, answers = _way(desk.procedure, kind, reader.actions)
    if action:
        answers = {"joins": seen.case.number, **answers}
    why = sentence(found, reader.language)
    return SuggestionView(**_line(seen, reader), why=why, kind=kind, link=link, action=action, answers=answers)


def linked(desk: Desk, seen: Seen, tie: Tie | None, groups: Sequence[str], reader: Reader) -> list[LinkedView]:
    """A case that belongs with this one: by a tie that somebody made, by each group that both are in."""
    found = [_tied(desk, seen, tie, reader)] if tie else []
    links = desk.procedure.links
    for name in groups:
        if name in links:
            title, kind = said(links[name].title, reader.language), links[name].means or ""
            found.append(LinkedView(**_line(seen, reader), link=name, title=title, kind=kind))
    return found


def shared(case: Complaint, links: Iterable[tuple[str, str]], reader: Reader) -> str:
    """By which of these the case was found, such as "同一电话、同一车牌"."""
    phrases = phrases_in(reader.language)
    kinds = {kind for kind, hashed in links if f"{kind}:{hashed}" in case.customer_keys}
    return phrases["and"].join(phrases[f"same_{kind}"] for kind in KEYS if kind in kinds)


def counts(found: Sequence[Seen], *, more: bool) -> CustomerCounts:
    """How it stands with a customer; `found` is newest first."""
    cases = [seen.case for seen in found]
    contacts = [case.received_at for case in cases]
    contacts += [reply.at for case in cases for reply in case.replies if reply.by == "customer"]
    return CustomerCounts(
        cases=len(cases),
        open=sum(not case.finished for case in cases),
        late=sum(bool(case.lateness) for case in cases),
        repeats=_repeats(found),
        last_contact=max(contacts, default=None),
        more=more,
    )


def _repeats(found: Sequence[Seen]) -> int:
    """Cases that take up an older one: linked with it as such by a person, or else alike."""
    profiles = [profile(seen.desk.procedure, seen.case) for seen in found]
    older = {seen.case.number: {other.case.number for other in found[at + 1 :]} for at, seen in enumerate(found)}

    def repeats(at: int) -> bool:
        case = found[at].case
        ties = holding(case)
        if any(tie.kind in ("repeat", "duplicate") and n in older[case.number] for n, tie in ties.items()):
            return True
        days = days_of(found[at].desk.procedure)
        return any(
            other.number not in ties and likeness(profiles[at], other, days).kind in ("repeat", "duplicate")
            for other in profiles[at + 1 :]
        )

    return sum(repeats(at) for at in range(len(found)))


def _tied(desk: Desk, seen: Seen, tie: Tie, reader: Reader) -> LinkedView:
    # The link stands in the procedure of whichever of the two it was made in.
    procedure = next((d.procedure for d in (desk, seen.desk) if tie.link in d.procedure.links), None)
    link = procedure.links[tie.link] if procedure else None
    choices = procedure.fields[link.pairs.kind].choices if procedure and link and link.pairs else {}
    by = desk.organisation.staff.get(tie.by)
    undo = (name for name in reader.actions if desk.procedure.actions[name].leaves == tie.link)
    return LinkedView(
        **_line(seen, reader), link=tie.link, title=said(link.title, reader.language) if link else tie.link,
        kind=tie.kind, kind_title=said(choices.get(tie.kind, {}), reader.language) or tie.kind, note=tie.note,
        by=PersonView(id=tie.by, name=by.name) if by else None, at=tie.at, undo=next(undo, ""),
    )  # fmt: skip


def _way(procedure: Procedure, kind: str, actions: Collection[str]) -> tuple[str, str, dict[str, str]]:
    """By which link, action and first answers the reader could link two cases; the procedure's own link goes first."""
    ways = [(name, procedure.actions[name].joins or "") for name in actions if procedure.actions[name].joins]
    for name, link in ways:
        if procedure.links[link].means == kind:
            return link, name, {}
    for name, link in ways:
        pairs = procedure.links[link].pairs
        if pairs and kind in procedure.fields[pairs.kind].choices:
            return link, name, {pairs.kind: kind}
    return "", "", {}


def _line(seen: Seen, reader: Reader) -> dict[str, Any]:
    about = {name: getattr(seen.case, name) for name in ("number", "site", "received_at", "status", "summary")}
    return {**about, "stage": said(seen.desk.procedure.stages[seen.case.stage].title, reader.language)}
