"""The complainant's identity: tidied, and hashed for finding the same customer again."""

import hashlib
import hmac
from collections.abc import Callable

import phonenumbers

from chalicelib.desk.complaint import Identity
from chalicelib.desk.posting import Posting
from chalicelib.desk.procedure import Channel

Hasher = Callable[[str], str]
"""A keyed hash of a value: equal values give equal hashes, and nobody without the key can guess them."""

HOME = "CN"
"""Where a phone number without a country code is at home."""


def hasher(key: bytes) -> Hasher:
    """HMAC-SHA256, 32 hexadecimal digits."""
    return lambda value: hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:32]


def tidied(posting: Posting) -> Identity:
    """The identity with white space trimmed, the phone as E.164 where it can be read as one, the plate in capitals."""
    customer = posting.customer
    return Identity(
        name=customer.name.strip(),
        phone=international(customer.phone),
        email=customer.email.strip(),
        address=customer.address.strip(),
        room=customer.room.strip(),
        plate=customer.plate.replace(" ", "").replace("·", "").upper(),
    )


def international(phone: str) -> str:
    """E.164 where the number is a possible one, else as given.

    >>> international("138 0013 8000"), international("内线 12")
    ('+8613800138000', '内线 12')
    """
    try:
        number = phonenumbers.parse(phone, HOME)
    except phonenumbers.NumberParseException:
        return phone.strip()
    if not phonenumbers.is_possible_number(number):
        return phone.strip()
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def reach_of(posting: Posting) -> list[Channel]:
    """The ways in which the complainant can be written to, e-mail first."""
    email = posting.customer.email.strip()
    ways: list[Channel] = ["email"] if "@" in email else []
    return [*ways, "sms"] if international(posting.customer.phone).startswith("+") else ways


def links_of(identity: Identity, org: str, hashed: Hasher) -> list[tuple[str, str]]:
    """(kind, keyed hash) of what the same customer would give again: phone, room, plate."""
    values = {"phone": identity.phone, "room": identity.room, "plate": identity.plate}
    return [(kind, hashed(f"{org}|{kind}|{value}")) for kind, value in values.items() if value]


def phone_tail_matches(identity: Identity, tail: str) -> bool:
    """Whether the last four digits of the phone are these, compared without telling by time how far they agree."""
    digits = "".join(c for c in identity.phone if c.isdigit())
    return len(tail) == 4 and len(digits) >= 7 and hmac.compare_digest(digits[-4:].encode(), tail.encode())
