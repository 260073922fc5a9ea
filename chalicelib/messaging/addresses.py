"""Addresses as keys: a keyed hash, so that no key, index or trace shows whom the desk wrote to."""

import hmac
from hashlib import sha256


def hashed(key: bytes, address: str) -> str:
    """HMAC-SHA256 of an e-mail address or a number, in hex; case and surrounding spaces count for nothing.

    >>> hashed(b"k", " Li@Example.com") == hashed(b"k", "li@example.com") != hashed(b"other", "li@example.com")
    True
    """
    return hmac.new(key, address.strip().casefold().encode(), sha256).hexdigest()
