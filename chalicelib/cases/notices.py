"""Publishing the notices of a site, and reading them: administrators with their past, the public as they are."""

from collections.abc import Callable, Iterator
from datetime import datetime

from chalicelib.cases.desks import Desks
from chalicelib.cases.entries import EntryView, NoticeView, SiteNotice
from chalicelib.cases.instants import now_by
from chalicelib.desk.errors import BadInput, NotFound, Problem
from chalicelib.desk.publishing import problems, published
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.words import said
from chalicelib.ports import DirectoryStore


class Notices:
    """Notices, with what they need of the world."""

    def __init__(self, *, store: DirectoryStore, desks: Desks, clock: Callable[[], datetime]) -> None:
        self._store, self._desks, self._clock = store, desks, clock

    def publish(self, org: str, notice: SiteNotice, by: str) -> None:
        """Publish a notice whole, with the date. Raises BadInput naming every entry that is blank."""
        desk = self._desk(org, notice.site)
        declared = desk.procedure.notices.get(notice.notice)
        if declared is None:
            raise BadInput("There is no such notice.", [Problem("notice", "is not one of the procedure's")])
        if wrong := problems(declared, notice.entries):
            raise BadInput("A notice with a blank entry is not published.", wrong)
        site = published(desk.site, notice.notice, notice.entries, by, now_by(self._clock))
        if site != desk.site:
            self._store.put(org, "site", site.id, site)

    def all(self, org: str, language: str) -> list[NoticeView]:
        """Every notice of every site, published or not, with its earlier publications."""
        sites = self._desks.organisation(org).sites
        return [view for site in sites for view in self._of(self._desks.at(org, site), language)]

    def public(self, org: str, site: str, language: str) -> list[NoticeView]:
        """What the public reads: the notices that are published, as they are now."""
        return [view for view in self._of(self._desks.at(org, site), language) if view.published_at]

    def _of(self, desk: Desk, language: str) -> Iterator[NoticeView]:
        for id, notice in desk.procedure.notices.items():
            past = desk.site.notices.get(id, [])
            now = past[-1] if past else None
            values = now.entries if now else {}
            entries = [
                EntryView(id=name, title=said(entry.title, language), type=entry.type, value=values.get(name, ""))
                for name, entry in notice.entries.items()
            ]
            yield NoticeView(
                site=desk.site.id, notice=id, title=said(notice.title, language), entries=entries,
                published_at=now.at if now else None, published_by=now.by if now else "", earlier=past[:-1],
                rules=notice.rules,
            )  # fmt: skip

    def _desk(self, org: str, site: str) -> Desk:
        try:
            return self._desks.at(org, site)
        except NotFound:
            raise BadInput("There is no such site.", [Problem("site", "is not known here")]) from None
