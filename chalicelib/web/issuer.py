"""The issuer of staff's sign-ins: where it is found, by its own description, and what is asked of it.

OpenID Connect Discovery 1.0; the code flow of OpenID Connect Core 1.0, section 3.1, with PKCE (RFC 7636). Any issuer
that follows them will do; what differs between issuers is in their descriptions.
"""

import base64
from collections.abc import Callable, Mapping
from functools import cached_property
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from msgspec import Struct

from chalicelib.desk.complaint import Language
from chalicelib.desk.errors import NotSignedIn
from chalicelib.observability import logger
from chalicelib.ports import Unavailable

SECONDS = 3
"""How long the issuer may take to answer; a reader waits meanwhile."""

MOST_BYTES = 262_144
NOT_TAKEN = "The sign-in is not valid, or has ended."

Fetch = Callable[[str, Mapping[str, str], bytes | None], bytes]
"""Address, headers and the form to post, if any, to the body of a good answer. Raises Refused, Unavailable."""


class Refused(Exception):
    """The issuer answered, and refuses; `code` is its word for why, such as `invalid_grant`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Description(Struct, frozen=True):
    """What is used of an issuer's description of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""


class _Issued(Struct):
    id_token: str


class Issuer:
    """One issuer. `secret` is this desk's at the issuer, where it was given one; `local`: plain http will do."""

    def __init__(
        self, *, issuer: str, client_id: str, discovery_url: str = "", secret: Callable[[], str] = str,
        local: bool = False, fetch: Fetch | None = None,
    ) -> None:  # fmt: skip
        self._issuer, self._client_id, self._secret, self._local = issuer, client_id, secret, local
        self._discovery_url = discovery_url or f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        self._fetch = fetch or fetched

    @cached_property
    def description(self) -> Description:
        """Read once a container. Raises Unavailable, also where what is found there describes another issuer."""
        try:
            found = msgspec.json.decode(self._fetch(self._discovery_url, {}, None), type=Description)
        except (Refused, msgspec.DecodeError, ValueError):
            raise Unavailable("the issuer does not describe itself") from None
        addresses = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
        if found.issuer != self._issuer or not all(self._safe(address) for address in addresses):
            raise Unavailable("the issuer's description is not its own")
        return found

    def keys_url(self) -> str:
        """Where it publishes its keys. Raises Unavailable."""
        return self.description.jwks_uri

    def begins_at(self, *, state: str, nonce: str, challenge: str, back: str, language: Language) -> str:
        """The address at which somebody signs in, and from which they come `back`. Raises Unavailable."""
        asked = {
            "response_type": "code", "client_id": self._client_id, "redirect_uri": back, "scope": "openid profile",
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
            "ui_locales": language,
        }  # fmt: skip
        return _with(self.description.authorization_endpoint, asked)

    def token(self, *, code: str, verifier: str, back: str) -> str:
        """The ID token for a code, not yet verified. Raises NotSignedIn, Unavailable."""
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back, "client_id": self._client_id,
            "code_verifier": verifier,
        }  # fmt: skip
        try:
            answer = self._fetch(self.description.token_endpoint, self._credentials(), urlencode(form).encode())
            return msgspec.json.decode(answer, type=_Issued).id_token
        except Refused as refused:
            logger().warning("the issuer refused a code", extra={"error": refused.code})
            raise NotSignedIn(NOT_TAKEN) from None
        except (msgspec.DecodeError, ValueError):
            raise Unavailable("the issuer's answer cannot be read") from None

    def ends_at(self, back: str) -> str:
        """The address at which somebody signs out there too, going on `back`; empty where it has none.

        `logout_uri` is Cognito's word for what the standard calls `post_logout_redirect_uri`.
        """
        address = self.description.end_session_endpoint
        asked = {"client_id": self._client_id, "logout_uri": back, "post_logout_redirect_uri": back}
        return _with(address, asked) if address and self._safe(address) else ""

    def _credentials(self) -> dict[str, str]:
        """As RFC 6749, 2.3.1: by HTTP Basic, each part encoded first."""
        secret = self._secret()
        pair = f"{quote(self._client_id, safe='')}:{quote(secret, safe='')}"
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()} if secret else {}

    def _safe(self, address: str) -> bool:
        parts = urlsplit(address)
        return bool(parts.hostname) and (parts.scheme == "https" or (self._local and parts.scheme == "http"))


def fetched(address: str, headers: Mapping[str, str], form: bytes | None) -> bytes:
    """See Fetch. An address elsewhere is not followed."""
    from http.client import HTTPException  # noqa: PLC0415 # with it comes the reading of mail; only sign-ins need it
    from urllib.error import HTTPError  # noqa: PLC0415 # as above
    from urllib.request import HTTPRedirectHandler, Request, build_opener  # noqa: PLC0415 # as above

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    request = Request(address, form, {"Accept": "application/json", **headers})  # noqa: S310 # a setting, or https
    try:
        with build_opener(Stay()).open(request, timeout=SECONDS) as answer:
            return bytes(answer.read(MOST_BYTES))
    except HTTPError as error:
        with error:
            if error.code < 500:
                raise Refused(_code(error.read(MOST_BYTES))) from None
        raise Unavailable("the issuer fails") from None
    except (OSError, HTTPException):
        raise Unavailable("the issuer does not answer") from None


class _Error(Struct):
    error: str


def _code(body: bytes) -> str:
    """The issuer's word for what is wrong, where it is one."""
    try:
        code = msgspec.json.decode(body, type=_Error).error
    except (msgspec.DecodeError, ValueError):
        return "unknown"
    return code if code.isascii() and code.replace("_", "").isalnum() and len(code) <= 40 else "unknown"


def _with(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(query)}"
