"""Who may post by Open311, and whether an organisation publishes its requests.

The key is derived from the desk's own secret and the epoch that the directory names, so it is stored nowhere. A new
epoch makes a new key; the one before opens nothing any more.
"""

import hmac
from collections.abc import Callable

from msgspec.structs import replace

from chalicelib.cases.desks import Desks
from chalicelib.cases.entries import Open311View
from chalicelib.desk.errors import BadInput, Problem
from chalicelib.desk.people import Organisation

Derived = Callable[[str, int], str]
"""The key of an organisation at an epoch."""


class Access:
    """The keys, with what they need of the world."""

    def __init__(self, *, desks: Desks, derived: Derived) -> None:
        self._desks, self._derived = desks, derived

    def opens(self, organisation: Organisation, key: str) -> bool:
        """Whether it is the organisation's key, compared without telling by time how far they agree.

        That of the next epoch is one too: nobody knows it before an administrator began it, perhaps a moment ago in a
        container whose directory is younger than this one's.
        """
        epochs = (organisation.open311_epoch, organisation.open311_epoch + 1)
        right = [self._derived(organisation.id, epoch) for epoch in epochs]
        return any(hmac.compare_digest(one.encode(), key.encode()) for one in right)

    def shown(self, org: str) -> Open311View:
        """For an administrator. Raises NotFound."""
        return self._view(self._desks.organisation(org))

    def choose(self, org: str, published: bool, epoch: int) -> Open311View:
        """Publish or not, with the present key or the next one; the same again changes nothing. Raises BadInput."""
        organisation = self._desks.organisation(org)
        if epoch not in (organisation.open311_epoch, organisation.open311_epoch + 1):
            next_one = Problem("epoch", f"must be {organisation.open311_epoch + 1}")
            raise BadInput("That epoch is not the next one.", [next_one])
        chosen = replace(organisation, open311=published, open311_epoch=epoch)
        if chosen != organisation:
            self._desks.directory.put(org, "organisation", "", chosen)
        return self._view(chosen)

    def _view(self, organisation: Organisation) -> Open311View:
        return Open311View(
            published=organisation.open311, epoch=organisation.open311_epoch,
            api_key=self._derived(organisation.id, organisation.open311_epoch), jurisdiction_id=organisation.id,
        )  # fmt: skip
