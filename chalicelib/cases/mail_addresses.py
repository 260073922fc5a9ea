"""Whose a mail is: by the address that it was sent to, never by what it says."""

from collections.abc import Iterable

from msgspec import Struct

from chalicelib.cases.desks import Desks
from chalicelib.desk.errors import NotFound
from chalicelib.desk.people import Organisation


class Place(Struct, frozen=True):
    """An organisation's site; `named` is False where the address left the site open."""

    org: str
    site: str
    named: bool = True


class Addresses:
    """Addresses of the desk's own domain: `c-company@`, `c-company.main@`, `anything+c-company@`; those of sites.

    Of its own domain the part before the @ names the organisation, so no site can take another's away.
    """

    def __init__(self, desks: Desks, domain: str) -> None:
        self._desks, self._domain = desks, domain

    def places(self, recipients: Iterable[str]) -> list[Place]:
        """Where a mail to these belongs: each organisation once, by the first of its addresses."""
        found: dict[str, Place] = {}
        for address in recipients:
            place = self._place(address)
            if place is not None:
                found.setdefault(place.org, place)
        return list(found.values())

    def _place(self, address: str) -> Place | None:
        local, _, domain = address.partition("@")
        if domain == self._domain:
            for name in dict.fromkeys((local.rpartition("+")[2], local.partition("+")[0])):
                if place := self._named(name):
                    return place
        site = self._desks.directory.takes_mail(address)
        return Place(*site) if site else None

    def _named(self, name: str) -> Place | None:
        """`org` or `org.site`."""
        org, _, site = name.partition(".")
        if not org:
            return None
        try:
            organisation = self._desks.organisation(org)
        except NotFound:
            return None
        return _site(organisation, site)


def _site(organisation: Organisation, site: str) -> Place | None:
    if site in organisation.sites:
        return Place(organisation.id, site)
    if not organisation.sites:
        return None
    return Place(organisation.id, next(iter(organisation.sites)), named=len(organisation.sites) == 1)
