"""Who is calling: staff by a token of the issuer (OpenID Connect)."""

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
JWKS_KEPT_SECONDS = 3600
LONGEST_TOKEN = 8192


class Caller(Struct, frozen=True):
    """A member of staff who has signed in. `person` is the id in the directory of `org`."""

    org: str
    person: str
    admin: bool = False


class Tokens:
    """Reads ID tokens: RS256 alone, by the issuer's published keys, for this audience. `keys` replaces the download."""

    def __init__(
        self, *, issuer: str, audience: str, org_claim: str, jwks_url: str = "",
        keys: Callable[[str], Any] | None = None,
    ) -> None:  # fmt: skip
        self._issuer, self._audience, self._org_claim, self._jwks_url = issuer, audience, org_claim, jwks_url
        self._key_of = keys or self._published_key
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
        claims = self.claims(token)
        org, name = claims.get(self._org_claim), next((claims[c] for c in NAMES if claims.get(c)), "")
        try:
            person = desks.organisation(str(org)).staff.get(str(name)) if org else None
        except NotFound:
            person = None
        if person is None or not person.active:
            raise NotAllowed("You are not in this organisation's directory.")
        return Caller(str(org), person.id, person.admin)

    def _published_key(self, token: str) -> Any:
        if self._published is None:
            from jwt import PyJWKClient  # noqa: PLC0415 # see above

            self._published = PyJWKClient(
                self._jwks_url, cache_keys=True, cache_jwk_set=True, lifespan=JWKS_KEPT_SECONDS, timeout=3
            )
        return self._published.get_signing_key_from_jwt(token).key


def bearer(header: str) -> str:
    """The token of an Authorization header. Raises NotSignedIn."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn("Sign in first.")
    return token.strip()
