"""Organisations: their sites, departments, staff and absences, and the procedures they wrote themselves."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from msgspec import convert, json
from msgspec.structs import replace

from chalicelib.desk.errors import Conflict
from chalicelib.desk.people import (
    Absence,
    Department,
    Endpoint,
    EndpointHealth,
    Organisation,
    Person,
    Signing,
    Site,
)  # fmt: skip
from chalicelib.storage import keys
from chalicelib.storage.lazily import Decoder
from chalicelib.storage.rows import EntryRow
from chalicelib.storage.table import Table

KEPT_SECONDS = 30.0
"""How long a container works on with a directory it has read."""

ABSENCES_KEPT = timedelta(days=400)

KINDS: dict[str, tuple[str, type]] = {
    "organisation": ("ORG", Organisation), "site": ("SITE", Site), "department": ("DEPT", Department),
    "staff": ("STAFF", Person), "signing": ("SIGNING", Signing), "webhook": ("WEBHOOK", Endpoint),
    "webhook_health": ("HEALTH", EndpointHealth),
}  # fmt: skip

_DECODERS: dict[str, Decoder[Any]] = {
    name: Decoder(kind) for name, kind in [*KINDS.values(), ("ABS", Absence)]
}  # fmt: skip


class Directory:
    """The DirectoryStore on DynamoDB. An organisation is one query."""

    def __init__(self, table: Table, clock: Callable[[], float] = time.monotonic) -> None:
        self._table = table
        self._clock = clock
        self._kept: dict[str, tuple[float, Organisation]] = {}

    def organisation(self, org: str) -> Organisation | None:
        """See DirectoryStore. One that is not there is asked for again each time."""
        read_at, organisation = self._kept.get(org, (0.0, None))
        if organisation is None or self._clock() - read_at >= KEPT_SECONDS:
            organisation = self._read(org)
            if organisation is not None:
                self._kept[org] = self._clock(), organisation
        return organisation

    def put(self, org: str, kind: str, id: str, value: Any) -> None:
        """See DirectoryStore. `value` is the type of its kind, or a mapping that fits it."""
        name, type_ = KINDS[kind]
        entry: Any = convert(value, type_)
        if isinstance(entry, Organisation):
            entry, id = _alone(entry), ""
        if isinstance(entry, Signing):
            id = ""
        if isinstance(entry, Site):
            self._take_addresses(org, entry)
        self._table.save(_row(keys.entry(org, name, id), entry))
        self._kept.pop(org, None)

    def put_absence(self, org: str, absence: Absence) -> None:
        """See DirectoryStore. Forgotten long after it ended."""
        self._table.save(_absence_row(org, absence))
        self._kept.pop(org, None)

    def put_organisation(self, organisation: Organisation) -> None:
        """See DirectoryStore. Repeated whole if interrupted; until then the organisation may be there in part."""
        org = organisation.id
        for site in organisation.sites.values():
            self._take_addresses(org, site)
        rows = [_row(keys.entry(org, "SITE", site.id), site) for site in organisation.sites.values()]
        rows += [_row(keys.entry(org, "DEPT", unit.id), unit) for unit in organisation.departments.values()]
        rows += [_row(keys.entry(org, "STAFF", person.id), person) for person in organisation.staff.values()]
        rows += [_absence_row(org, absence) for absence in organisation.absences]
        if organisation.signing != Signing():
            rows.append(_row(keys.entry(org, "SIGNING"), organisation.signing))
        rows += [_row(keys.entry(org, "WEBHOOK", one.id), one) for one in organisation.webhooks.values()]
        rows += [_row(keys.entry(org, "HEALTH", one.id), one) for one in organisation.webhook_health.values()]
        rows.append(_row(keys.known_organisation(org), org))
        self._table.save_all([*rows, _row(keys.entry(org, "ORG"), _alone(organisation))])
        self._kept.pop(org, None)

    def organisations(self) -> list[str]:
        """See DirectoryStore."""
        return [keys.whole(item["SK"]) for item in self._table.query(keys.ORGANISATIONS)]

    def holidays(self) -> str:
        """See DirectoryStore."""
        row = self._table.get(EntryRow, keys.HOLIDAYS)
        return row.entry if row else ""

    def put_holidays(self, version: str) -> None:
        """See DirectoryStore."""
        self._table.save(EntryRow(*keys.HOLIDAYS, entry=version))

    def put_procedure(self, org: str, id: str, version: int, tree: dict[str, Any]) -> None:
        """See DirectoryStore."""
        row = _row(keys.procedure(org, id, version), tree)
        if not self._table.save(row, EntryRow.pk.does_not_exist()) and self.procedure(org, id, version) != tree:
            raise Conflict(f"version {version} of this procedure is another")

    def procedure(self, org: str, id: str, version: int | None = None) -> dict[str, Any] | None:
        """See DirectoryStore."""
        if version is not None:
            row = self._table.get(EntryRow, keys.procedure(org, id, version))
            return json.decode(row.entry) if row else None
        newest = self._table.query(keys.procedure(org, id).pk, forward=False, limit=1)
        return next((json.decode(item["entry"]) for item in newest), None)

    def takes_mail(self, address: str) -> tuple[str, str] | None:
        """See DirectoryStore. What the pointer says holds while the site says so too."""
        row = self._table.get(EntryRow, keys.mail_address(address))
        if row is None:
            return None
        org, site = json.decode(row.entry, type=tuple[str, str])
        known = self.organisation(org)
        return (org, site) if known and site in known.sites and address in known.sites[site].mail else None

    def _take_addresses(self, org: str, site: Site) -> None:
        """Point to the site from each of its addresses, before the site says that they are its own."""
        for address in site.mail:
            place = keys.mail_address(address)
            mine = _row(place, (org, site.id))
            if self._table.save(mine, EntryRow.pk.does_not_exist()):
                continue
            known = self._table.get(EntryRow, place)
            if known is None or known.entry == mine.entry:
                continue
            holder = self.takes_mail(address)
            free = holder is None or holder[0] == org
            if not free or not self._table.save(mine, EntryRow.entry == known.entry):
                raise Conflict("an address belongs to another organisation")

    def _read(self, org: str) -> Organisation | None:
        found: dict[str, list[Any]] = {kind: [] for kind in _DECODERS}
        for item in self._table.query(keys.directory(org)):
            kind = item["SK"].partition("#")[0]
            if kind in found:
                found[kind].append(_DECODERS[kind].decode(item["entry"]))
        if not found["ORG"]:
            return None
        organisation: Organisation = found["ORG"][0]
        by_id = {kind: {one.id: one for one in found[kind]} for kind in ("SITE", "DEPT", "STAFF", "WEBHOOK", "HEALTH")}
        return replace(
            organisation,
            sites=by_id["SITE"],
            departments=by_id["DEPT"],
            staff=by_id["STAFF"],
            absences=found["ABS"],
            signing=next(iter(found["SIGNING"]), Signing()),
            webhooks=by_id["WEBHOOK"],
            webhook_health=by_id["HEALTH"],
        )


def _alone(organisation: Organisation) -> Organisation:
    return replace(
        organisation, sites={}, departments={}, staff={}, absences=[], signing=Signing(), webhooks={}, webhook_health={}
    )


def _row(place: keys.Key, value: Any) -> EntryRow:
    return EntryRow(*place, entry=json.encode(value).decode())


def _absence_row(org: str, absence: Absence) -> EntryRow:
    row = _row(keys.entry(org, "ABS", f"{absence.person}#{keys.stamp(absence.start)}"), absence)
    row.ttl = int((absence.end + ABSENCES_KEPT).timestamp())
    return row
