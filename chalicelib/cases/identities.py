"""Who complains, made known by an action: what its answers say of it goes to the identity, never into the case."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.cases.customers import Hasher, keys_of, links_of, reach_of, tidy
from chalicelib.cases.intake import who_in
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.procedure import Channel, Procedure
from chalicelib.ports import CaseStore, Known


class Completed(Struct, frozen=True, kw_only=True):
    """What an action makes known: the identity to keep, and what the case may know of it."""

    known: Known
    keys: list[str]
    reach: list[Channel]


class Identities:
    """Completing identities, with what it needs of the world."""

    def __init__(self, *, cases: CaseStore, hasher: Hasher) -> None:
        self._cases, self._hasher = cases, hasher

    def completed(self, case: Complaint, said: dict[str, str]) -> Completed:
        """The identity with these parts replaced: one read. What is not said stays as it is."""
        identity = tidy(replace(self._cases.identity(case.org, case.number), **said))
        links = links_of(identity, case.org, case.site, self._hasher)
        return Completed(
            known=Known(identity=identity, links=links), keys=keys_of(links), reach=reach_of(identity)
        )  # fmt: skip

    def holds(self, case: Complaint, procedure: Procedure, answers: dict[str, Any]) -> bool:
        """Whether the identity already says what these answers say of it: perhaps their reply was lost."""
        said = who_in(answers, procedure)
        if not said:
            return True
        identity = self._cases.identity(case.org, case.number)
        return tidy(replace(identity, **said)) == identity
