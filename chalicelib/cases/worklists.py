"""Worklists: open cases, most urgent first, of a department, of a colleague, or one's own."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime

from chalicelib.cases.desks import Desks
from chalicelib.cases.may import Actor, Matter, may, staff
from chalicelib.cases.views import Line, Lines
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import BadInput, NotAllowed, Problem
from chalicelib.desk.people import Organisation, stands_in_for
from chalicelib.desk.words import said
from chalicelib.ports import CaseStore, Page, Row


class Worklists:
    """Worklists, with what they need of the world."""

    def __init__(self, *, cases: CaseStore, desks: Desks, clock: Callable[[], datetime]) -> None:
        self._cases, self._desks, self._clock = cases, desks, clock

    def __call__(
        self, org: str, person: str, language: str, *, department: str = "", owner: str = "", stage: str = "",
        site: str = "", due_before: datetime | None = None, cursor: str = "", limit: int = 50,
    ) -> Lines:  # fmt: skip
        """Without department and owner: the reader's own and those of whom the reader stands in for.

        `limit` counts for each list that goes into it, so the most urgent of all are always among the first part.
        Raises BadInput, NotAllowed.
        """
        organisation, now = self._desks.organisation(org), self._clock().astimezone(UTC)
        if not may(staff(org, person, now), "enter", organisation):
            raise NotAllowed("You are not in this organisation's directory.")
        _known(organisation, department, owner)
        away = {} if department or owner else dict.fromkeys(stands_in_for(organisation, person, now))
        owners = [owner] if department or owner else [person, *away]
        started = _opened(cursor, owners)
        found: list[Row] = []
        further: dict[str, str] = {}
        for one in owners:
            if started and one not in started:
                continue
            page: Page = self._cases.worklist(
                org, department=department, owner=one, stage=stage, site=site, due_before=due_before,
                cursor=started.get(one, ""), limit=limit,
            )  # fmt: skip
            found += page.items
            if page.next:
                further[one] = page.next
        rows = self._visible(organisation, person, found, now)
        far = datetime.max.replace(tzinfo=UTC)
        rows.sort(key=lambda row: (row.due or far, row.number))
        return Lines(items=[self._line(row, away, language) for row in rows], next=_closed(further))

    def _visible(self, organisation: Organisation, person: str, rows: list[Row], now: datetime) -> list[Row]:
        """What the reader may see. Where the line does not tell, the heads are read, up to a hundred in one read."""
        actor = staff(organisation.id, person, now)
        unclear = [(row.org, row.number) for row in rows if not self._plainly_visible(actor, row)]
        heads: dict[tuple[str, str], Complaint] = {}
        for start in range(0, len(unclear), 100):
            heads |= self._cases.load_many(unclear[start : start + 100])
        hidden = {
            place
            for place in unclear
            if place not in heads or not may(actor, "see", Matter(self._desks.of(heads[place]), heads[place]))
        }
        return [row for row in rows if (row.org, row.number) not in hidden]

    def _plainly_visible(self, actor: Actor, row: Row) -> bool:
        """Whether the line alone shows that they may."""
        desk = self._desks.at(row.org, row.site, row.procedure, row.procedure_version)
        return may(actor, "see_line", desk, row.department)

    def _line(self, row: Row, away: dict[str, None], language: str) -> Line:
        desk = self._desks.at(row.org, row.site, row.procedure, row.procedure_version)
        title = said(desk.procedure.stages[row.stage].title, language)
        owner = desk.organisation.staff.get(row.owner)
        return Line(
            number=row.number, site=row.site, summary=row.summary, stage=row.stage, stage_title=title,
            status=row.status, owner=row.owner, owner_name=owner.name if owner else "", department=row.department,
            received_at=row.received_at, due=row.due, late=row.late, round=row.round,
            their_reference=row.their_reference, their_deadline=row.their_deadline, standing_in=row.owner in away,
        )  # fmt: skip


def _known(organisation: Organisation, department: str, owner: str) -> None:
    if department and department != "-" and department not in organisation.departments:
        raise BadInput("There is no such list.", [Problem("department", "is not known here")])
    if owner and owner not in organisation.staff:
        raise BadInput("There is no such list.", [Problem("owner", "is not known here")])


def _closed(places: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(places).encode()).decode().rstrip("=") if places else ""


def _opened(cursor: str, owners: list[str]) -> dict[str, str]:
    """The place in each list. A cursor is the caller's word, so it may be anything."""
    if not cursor:
        return {}
    try:
        places = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        places = None
    known = isinstance(places, dict) and all(p in owners and isinstance(c, str) and c for p, c in places.items())
    if not known or not places:
        raise BadInput("There is no such list.", [Problem("cursor", "is not one that a list gave out")])
    return dict(places)
