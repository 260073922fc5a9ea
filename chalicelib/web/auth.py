"""Who is calling: staff by a token of the issuer (OpenID Connect)."""

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from chalicelib.desk.errors import NotAllowed, NotFound, NotSignedIn
from chalicelib.ports import Unavailable

if TYPE_CHECKING:
    from jwt import PyJWKClient

    from chalicelib.cases.desks import Desks

NAMES = ("cognito:username", "preferred_username", "sub")
"""Claims that may hold the sign-in name, the first that is there counts."""

LEEWAY_SECONDS = 30
"""How far the issuer's clock and ours may differ, either way."""

KEYS_KEPT_SECONDS = 3600
"""How long published keys are believed; a token of a newer one has them read anew at once."""

KEYS_ASKED_SECONDS = 30
"""Keys are asked for no more often than this, whatever tokens come: a made-up key id costs the issuer nothing."""

AWAY_SECONDS = 5
"""How long an issuer that did not answer is left alone."""

LONGEST_TOKEN = 8192


class Caller(Struct, frozen=True):
    """A member of staff who has signed in. `person` is the id in the directory of `org`."""

    org: str
    person: str
    admin: bool = False


class Tokens:
    """Reads ID tokens: RS256 alone, by the issuer's published keys, for this audience. `keys` replaces the download.

    `keys_url` says where the keys are published; it is asked at the first token.
    """

    def __init__(
        self, *, issuer: str, audience: str, org_claim: str, keys_url: Callable[[], str] = str,
        keys: Callable[[str], Any] | None = None, asked_every: float = KEYS_ASKED_SECONDS,
    ) -> None:  # fmt: skip
        self._issuer, self._audience, self._org_claim, self._keys_url = issuer, audience, org_claim, keys_url
        self._key_of = keys or self._published_key
        self._asked_every = asked_every
        self._published: PyJWKClient | None = None

    def claims(self, token: str) -> dict[str, Any]:
        """What a token says, once it is proved genuine. Raises NotSignedIn, Unavailable."""
        import jwt  # noqa: PLC0415 # with its cryptography it takes as long as all else together; the form needs none

        if not self._issuer or not self._audience or len(token) > LONGEST_TOKEN:
            raise NotSignedIn("The sign-in is not valid.")
        try:
            found: dict[str, Any] = jwt.decode(
                token, self._key_of(token), algorithms=["RS256"], audience=self._audience, issuer=self._issuer,
                leeway=LEEWAY_SECONDS, options={"require": ["exp", "iss", "aud"]},
            )  # fmt: skip
        except jwt.PyJWKClientConnectionError:
            raise Unavailable("the issuer's keys cannot be read") from None
        except jwt.PyJWTError:
            raise NotSignedIn("The sign-in is not valid, or has ended.") from None
        if found.get("token_use", "id") != "id":
            raise NotSignedIn("The sign-in is not valid, or has ended.")
        return found

    def caller(self, token: str, desks: "Desks") -> Caller:
        """The active member of staff that a token names. Raises NotSignedIn, NotAllowed."""
        return self.known(self.claims(token), desks)

    def known(self, claims: dict[str, Any], desks: "Desks") -> Caller:
        """The active member of staff whom proved claims name. Raises NotAllowed."""
        org, name = claims.get(self._org_claim), next((claims[c] for c in NAMES if claims.get(c)), "")
        return caller_of(desks, str(org or ""), str(name))

    def _published_key(self, token: str) -> Any:
        if self._published is None:
            self._published = _published(self._keys_url(), self._asked_every)
        return self._published.get_signing_key_from_jwt(token).key


def caller_of(desks: "Desks", org: str, name: str) -> Caller:
    """The active member of staff of that name. Raises NotAllowed."""
    try:
        person = desks.organisation(org).staff.get(name) if org else None
    except NotFound:
        person = None
    if person is None or not person.active:
        raise NotAllowed("You are not in this organisation's directory.")
    return Caller(org, person.id, person.admin)


def _published(url: str, asked_every: float) -> "PyJWKClient":
    """The keys published there. One that is withdrawn is forgotten with the others; no single key is kept longer."""
    from jwt import PyJWKClient  # noqa: PLC0415 # see above
    from jwt.exceptions import PyJWKClientConnectionError  # noqa: PLC0415 # as above

    class Patient(PyJWKClient):
        """Waits after a failure as well: while the issuer is away, callers do not wait for it one after the other."""

        failed = -math.inf

        def fetch_data(self) -> Any:
            if time.monotonic() - self.failed < min(asked_every, AWAY_SECONDS):
                raise PyJWKClientConnectionError("asked a moment ago")
            try:
                return super().fetch_data()
            except PyJWKClientConnectionError:
                self.failed = time.monotonic()
                raise

    return Patient(url, cache_keys=False, lifespan=KEYS_KEPT_SECONDS, timeout=3, cooldown_duration=asked_every)


def bearer(header: str) -> str:
    """The token of an Authorization header. Raises NotSignedIn."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("Sign in first.")
    return token.strip()
