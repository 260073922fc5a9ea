"""What earlier cases left for those who handle this one: shown beside it, and listed by library.

An entry is one of the case it was written in: it is read from that case, as it stands there now. Its number is shown
to those who may see that case; its words to everyone on the staff.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from chalicelib.cases.desks import Desks, site_of
from chalicelib.cases.instants import now_by
from chalicelib.cases.may import Matter, may, staff
from chalicelib.cases.related_views import Reader
from chalicelib.cases.views import LibraryEntry, LibraryView
from chalicelib.desk.complaint import Complaint, Decision
from chalicelib.desk.errors import NotAllowed, NotFound
from chalicelib.desk.facts import Facts, is_kept
from chalicelib.desk.library import ALL, entered_at, place
from chalicelib.desk.procedure import Library
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.wording import in_words
from chalicelib.desk.words import said
from chalicelib.ports import CaseStore

BESIDE, LISTED = 10, 100
"""How many entries are shown beside a case, and of a library: those of the latest cases."""


def shelves(decision: Decision) -> list[tuple[str, str]]:
    """The groups that hold what a decision leaves: (link, group)."""
    return [(_shelf(decision.complaint.site, library), where) for library, where in decision.shelved]


def _shelf(site: str, library: str) -> str:
    return f"library:{site}:{library}"


class Libraries:
    """Reading libraries, with what it needs of the world."""

    def __init__(self, *, cases: CaseStore, desks: Desks, clock: Callable[[], datetime]) -> None:
        self._cases, self._desks, self._clock = cases, desks, clock

    def beside(self, desk: Desk, case: Complaint, reader: Reader) -> list[LibraryView]:
        """What there is for a case like this one: for each library one query, and one read for its entries."""
        found = []
        for id, library in desk.procedure.libraries.items():
            where = place(library, case)
            if where is None or case.finished or not Facts(case).hold(library.when):
                continue
            heads = (other for other in self._heads(desk, id, where, BESIDE) if place(library, other) == where)
            entries = self._entries(library, (other for other in heads if other.number != case.number), reader)
            if entries:
                found.append(_view(desk, id, library, entries, reader.language))
        return found

    def all(self, org: str, site: str, person: str, language: str) -> list[LibraryView]:
        """The libraries of a site, without their entries. Raises NotFound, NotAllowed."""
        desk, reader = self._reader(org, site, person, language)
        return [_view(desk, id, library, [], reader.language) for id, library in desk.procedure.libraries.items()]

    def __call__(self, org: str, site: str, person: str, language: str, *, library: str) -> LibraryView:
        """A library with its latest entries. Raises NotFound, NotAllowed."""
        desk, reader = self._reader(org, site, person, language)
        found = desk.procedure.libraries.get(library)
        if found is None:
            raise NotFound(f"There is no library {library!r}.")
        entries = self._entries(found, self._heads(desk, library, ALL, LISTED), reader)
        return _view(desk, library, found, entries, language)

    def _reader(self, org: str, site: str, person: str, language: str) -> tuple[Desk, Reader]:
        desk, now = self._desks.at(org, site_of(self._desks.organisation(org), site)), now_by(self._clock)
        if not may(staff(org, person, now), "read_libraries", desk):
            raise NotAllowed("The libraries of this site are not for you.")
        return desk, Reader(person=person, language=language, now=now)

    def _heads(self, desk: Desk, library: str, where: str, most: int) -> list[Complaint]:
        """The cases that left something there, the latest first."""
        org = desk.organisation.id
        numbers = self._cases.members(org, _shelf(desk.site.id, library), where, limit=most)
        heads = self._cases.load_many([(org, number) for number in numbers]).values() if numbers else []
        return sorted(heads, key=lambda head: head.number, reverse=True)

    def _entries(self, library: Library, cases: Iterable[Complaint], reader: Reader) -> list[LibraryEntry]:
        found = []
        for case in cases:
            desk, value = self._desks.of(case), case.values.get(library.entry)
            actor = staff(case.org, reader.person, reader.now)
            entry = desk.procedure.fields.get(library.entry)
            if entry is None or not is_kept(value):
                continue  # it was put right since, and left nothing, or its time was up
            found.append(
                LibraryEntry(
                    number=case.number if may(actor, "see", Matter(desk, case)) else "",
                    text=in_words(desk, entry, value, reader.language),
                    about=_like(desk, library, case, reader.language),
                    at=entered_at(desk.procedure, library, case),
                )
            )
        return found


def _like(desk: Desk, library: Library, case: Complaint, language: str) -> list[str]:
    """The answers that cases of one place share, in words."""
    fields = {name: desk.procedure.fields[name] for name in library.same if name in desk.procedure.fields}
    known = {name: entry for name, entry in fields.items() if is_kept(case.values.get(name))}
    return [in_words(desk, entry, case.values[name], language) for name, entry in known.items()]


def _view(desk: Desk, id: str, library: Library, entries: list[LibraryEntry], language: str) -> LibraryView:
    return LibraryView(
        library=id, site=desk.site.id, title=said(library.title, language), entries=entries, rules=library.rules
    )
