"""Sign-ins that a benchmark signs itself, with the issuer's key at hand: no key is downloaded."""

from datetime import UTC, datetime, timedelta
from functools import cache

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.web.auth import Tokens

ISSUER, AUDIENCE = "https://issuer.example/pool", "desk"


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def tokens() -> Tokens:
    """Believes this issuer."""
    public = _key().public_key()
    return Tokens(issuer=ISSUER, audience=AUDIENCE, org_claim="custom:org", keys=lambda _: public)


def token(person: str, org: str) -> str:
    """An ID token, good for an hour."""
    now = datetime.now(UTC)
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + timedelta(hours=1), "token_use": "id",
        "cognito:username": person, "custom:org": org,
    }  # fmt: skip
    return jwt.encode(claims, _key(), algorithm="RS256")
