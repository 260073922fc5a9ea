"""The secrets of an organisation: what it signs calls with, what is signed to it, and how they are changed.

A secret is derived from the desk's own and the epoch that the directory names, so it is stored nowhere. A new epoch
makes a new secret; the one before stays good for a day, so that whoever signs has the time to change over.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from chalicelib.cases.desks import Desks
from chalicelib.cases.entries import SigningView
from chalicelib.cases.instants import now_by
from chalicelib.desk.errors import BadInput, NotFound, NotSigned, Problem
from chalicelib.desk.people import Signing
from chalicelib.messaging.signatures import fault
from chalicelib.observability import logger
from chalicelib.ports import Request

PREVIOUS_FOR = timedelta(hours=24)
SOURCE = "hotline-message"
"""Under which the ids of signed messages are remembered."""

REFUSED = "The signature is missing or does not hold."

Derived = Callable[[str, int], str]
"""The secret (`whsec_...`) of an organisation at an epoch."""


class Secrets:
    """The secrets, with what they need of the world."""

    def __init__(self, *, desks: Desks, derived: Derived, clock: Callable[[], datetime]) -> None:
        self._desks, self._derived, self._clock = desks, derived, clock

    def current(self, org: str) -> str:
        """With what the desk signs. Raises NotFound."""
        return self._derived(org, self._desks.organisation(org).signing.epoch)

    def signing(self, org: str) -> list[str]:
        """All that a receiver may still go by, the newest first: what the desk sends is signed with each."""
        signing = self._desks.organisation(org).signing
        epochs = [signing.epoch, signing.epoch - 1] if self._previous_until(signing) else [signing.epoch]
        return [self._derived(org, epoch) for epoch in epochs]

    def checked(self, org: str, headers: Mapping[str, str], body: bytes) -> Request:
        """The message that came, by its id and the hash of what it says, if the organisation signed it.

        Raises NotSigned, in the same words whatever is wrong; the log says what.
        """
        try:
            found = fault(self._accepted(org), headers, body, self._clock())
        except NotFound:
            found = "wrong"
        if found:
            logger().warning("signature refused", extra={"reason": found})
            raise NotSigned(REFUSED)
        return Request(SOURCE, headers["webhook-id"], hashlib.sha256(body).hexdigest())

    def shown(self, org: str) -> SigningView:
        """The secret in force, for an administrator."""
        return self._view(org, self._desks.organisation(org).signing)

    def rotate(self, org: str, epoch: int) -> SigningView:
        """Begin this epoch: the next one, or the present one again, which changes nothing. Raises BadInput."""
        signing = self._desks.organisation(org).signing
        if epoch not in (signing.epoch, signing.epoch + 1):
            raise BadInput("That epoch is not the next one.", [Problem("epoch", f"must be {signing.epoch + 1}")])
        if epoch != signing.epoch:
            signing = Signing(epoch=epoch, since=now_by(self._clock))
            self._desks.directory.put(org, "signing", "", signing)
        return self._view(org, signing)

    def _accepted(self, org: str) -> list[str]:
        """Also that of the next epoch: nobody knows it before an administrator began it, perhaps a moment ago in a
        container whose directory is younger than this one's.
        """
        return [self._derived(org, self._desks.organisation(org).signing.epoch + 1), *self.signing(org)]

    def _previous_until(self, signing: Signing) -> datetime | None:
        until = signing.since + PREVIOUS_FOR if signing.epoch and signing.since else None
        return until if until and self._clock() < until else None

    def _view(self, org: str, signing: Signing) -> SigningView:
        return SigningView(
            epoch=signing.epoch, secret=self._derived(org, signing.epoch), since=signing.since,
            previous_until=self._previous_until(signing),
        )  # fmt: skip


def endpoint_purpose(org: str, endpoint: str) -> str:
    """What a secret of an endpoint is for, beside its epoch: each endpoint has its own."""
    return f"webhook {endpoint} of {org}"
