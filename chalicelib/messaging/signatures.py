"""Standard Webhooks (https://www.standardwebhooks.com): what a message is signed with, and whether it was.

Symmetric: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, the body being the very bytes that were sent.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from re import fullmatch
from typing import Literal

TOLERANCE_SECONDS = 300
"""How far the sender's clock may be off, and how long a signature is good for."""

MOST_SIGNATURES = 16
"""A sender that rotates its secrets sends two."""

Fault = Literal["missing", "malformed", "expired", "early", "wrong"]


def sign(secret: str, id: str, at: datetime, body: bytes) -> str:
    """The signature, as the header `webhook-signature` has it. `secret` is `whsec_` and base64.

    >>> from datetime import UTC
    >>> at = datetime.fromtimestamp(1614265330, UTC)
    >>> sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    return f"v1,{b64encode(_mac(secret, id, int(at.timestamp()), body)).decode()}"


def fault(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> Fault | None:
    """What is wrong with a signed message; None: nothing. `headers` by names in small letters.

    Every secret is tried against every signature, so that how long it takes says nothing of what would be right.
    """
    id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")
    if not (id and stamp and given):
        return "missing"
    if not fullmatch(r"[0-9]{1,12}", stamp) or not fullmatch(r"[\x21-\x7e]{1,256}", id):
        return "malformed"
    if abs(age := int(now.timestamp()) - int(stamp)) > TOLERANCE_SECONDS:
        return "expired" if age > 0 else "early"
    candidates = [part[3:].encode() for part in given.split(" ") if part.startswith("v1,")][:MOST_SIGNATURES]
    right = [b64encode(_mac(secret, id, int(stamp), body)) for secret in secrets]
    same = [hmac.compare_digest(one, other) for one in right for other in candidates]
    return None if any(same) else "wrong"


def _mac(secret: str, id: str, stamp: int, body: bytes) -> bytes:
    key = b64decode(secret.removeprefix("whsec_"))
    return hmac.new(key, f"{id}.{stamp}.".encode() + body, sha256).digest()
