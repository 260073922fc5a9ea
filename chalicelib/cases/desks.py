"""Desks: a site's directory, calendar and procedure brought together, and kept for the container's life."""

from typing import Any, Protocol

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import NotFound
from chalicelib.desk.holidays import calendar_of
from chalicelib.desk.people import Organisation
from chalicelib.desk.rulebook import Desk, Rulebook
from chalicelib.ports import DirectoryStore
from chalicelib.procedures.load import Compiled, Unknown, load


class Procedures(Protocol):
    """Where compiled procedures come from."""

    def __call__(self, procedure: str, version: int | None = None) -> Compiled:
        """That version, or the newest. Raises Unknown."""


class Desks:
    """Every desk this container has met. A desk is made anew when the directory was read anew."""

    def __init__(self, directory: DirectoryStore, procedures: Procedures = load) -> None:
        self.directory = directory
        self._procedures = procedures
        self._kept: dict[tuple[str, str, str, int | None], tuple[Organisation, Desk]] = {}
        self._owned: dict[tuple[str, str, int], Compiled] = {}
        self._rulebooks: dict[int, tuple[Any, Rulebook]] = {}

    def organisation(self, org: str) -> Organisation:
        """The directory of an organisation. Raises NotFound."""
        found = self.directory.organisation(org)
        if found is None:
            raise NotFound(f"There is no organisation {org!r}.")
        return found

    def at(self, org: str, site: str, procedure: str = "", version: int | None = None) -> Desk:
        """The desk of a site: by its own procedure, the newest version, unless one is named. Raises NotFound."""
        organisation = self.organisation(org)
        kept = self._kept.get((org, site, procedure, version))
        if kept is not None and kept[0] is organisation:
            return kept[1]
        desk = self._made(organisation, site, procedure, version)
        self._kept[org, site, procedure, version] = (organisation, desk)
        return desk

    def of(self, case: Complaint) -> Desk:
        """The desk of a case: by the procedure and the version that it is pinned to, whatever the site does now."""
        return self.at(case.org, case.site, case.procedure, case.procedure_version)

    def compiled(self, desk: Desk) -> Compiled:
        """The compiled procedure of a desk: its letters."""
        return self.procedure(desk.organisation.id, desk.procedure.id, desk.procedure.version)

    def procedure(self, org: str, id: str, version: int | None = None) -> Compiled:
        """A procedure that ships, or the organisation's own: that version, or the newest. Raises NotFound."""
        try:
            return self._procedures(id, version)
        except Unknown:
            return self._own(org, id, version)

    def _own(self, org: str, id: str, version: int | None) -> Compiled:
        """The organisation's own procedure. A version never changes, so that each is read once."""
        if version is not None and (org, id, version) in self._owned:
            return self._owned[org, id, version]
        found = self.directory.procedure(org, id, version)
        if found is None:
            raise NotFound(f"There is no procedure {id!r}.")
        own = Compiled.from_tree(found["tree"], found["letters"], found.get("rules", {}))
        return self._owned.setdefault((org, id, int(own.tree["version"])), own)

    def _made(self, organisation: Organisation, site_id: str, named: str, version: int | None) -> Desk:
        site = organisation.sites.get(site_id)
        if site is None:
            raise NotFound(f"{organisation.id!r} has no site {site_id!r}.")
        procedure = self.procedure(organisation.id, named or site.procedure, version).bind(site.settings)
        kept = self._rulebooks.get(id(procedure))
        if kept is None or kept[0] is not procedure:
            kept = self._rulebooks[id(procedure)] = (procedure, Rulebook(procedure))
        return Desk(organisation=organisation, site=site, calendar=calendar_of(site), rulebook=kept[1])


def site_of(organisation: Organisation, site: str) -> str:
    """The site meant: the one named, or the only one. Raises NotFound."""
    if site in organisation.sites:
        return site
    if not site and len(organisation.sites) == 1:
        return next(iter(organisation.sites))
    raise NotFound(f"{organisation.id!r} has no site {site!r}." if site else "Say which site.")
