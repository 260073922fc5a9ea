"""An OpenID Connect issuer in memory: it describes itself, and gives a token for a code, once, to who began it."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from chalicelib.web.issuer import Refused


class FakeIssuer:
    """`token_of` makes the ID token for (person, nonce). `asked` holds what it was asked, address by address."""

    def __init__(self, issuer: str, token_of: Callable[[str, str], str]) -> None:
        self.description: dict[str, Any] = {
            "issuer": issuer,
            "authorization_endpoint": "https://issuer.example/authorize",
            "token_endpoint": "https://issuer.example/token",
            "jwks_uri": "https://issuer.example/keys",
            "end_session_endpoint": "https://issuer.example/logout?ui=desk",
            "scopes_supported": ["openid"],
        }
        self.asked: list[tuple[str, Mapping[str, str], dict[str, str]]] = []
        self._token_of = token_of
        self._codes: dict[str, tuple[str, dict[str, str]]] = {}

    def sign_in(self, address: str, person: str) -> str:
        """Where the browser comes back to once somebody has signed in at this address."""
        begun = {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self._codes)}"
        self._codes[code] = person, begun
        return f"{begun['redirect_uri']}?code={code}&state={begun['state']}"

    def fetch(self, address: str, headers: Mapping[str, str], form: bytes | None) -> bytes:
        """See web/issuer.py."""
        sent = dict(parse_qsl(form.decode())) if form else {}
        self.asked.append((address, headers, sent))
        if form is None:
            return json.dumps(self.description).encode()
        person, begun = self._codes.pop(sent["code"], ("", {}))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).decode()
        agreed = {"client_id": sent["client_id"], "redirect_uri": sent["redirect_uri"]}
        if not person or challenge.rstrip("=") != begun["code_challenge"] or not agreed.items() <= begun.items():
            raise Refused("invalid_grant")
        return json.dumps({"id_token": self._token_of(person, begun["nonce"]), "token_type": "Bearer"}).encode()
