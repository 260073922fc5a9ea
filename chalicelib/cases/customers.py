"""The complainant's identity: tidied, and hashed for finding the same customer again."""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable

import phonenumbers
from msgspec.structs import asdict, replace

from chalicelib.desk.complaint import Identity
from chalicelib.desk.posting import Posting
from chalicelib.desk.procedure import Channel

LANDLINES = frozenset({
    phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.TOLL_FREE,
    phonenumbers.PhoneNumberType.SHARED_COST, phonenumbers.PhoneNumberType.UAN,
})  # fmt: skip
"""What no text message reaches; a number of no known kind may be a mobile of a new range."""

Hasher = Callable[[str], str]
"""A keyed hash of a value: equal values give equal hashes, and nobody without the key can guess them."""

HOME = "CN"
"""Where a phone number without a country code is at home."""


def hasher(key: bytes) -> Hasher:
    """HMAC-SHA256, 16 hexadecimal digits: that any two of a million customers share one is 1 in 37 million."""
    return lambda value: hmac.new(key, value.encode(), hashlib.sha256).hexdigest()[:16]


def tidied(posting: Posting) -> Identity:
    """The identity that a posting gives, as it is kept."""
    return tidy(Identity(**asdict(posting.customer)))


def tidy(given: Identity) -> Identity:
    """The identity with white space trimmed, the phone as E.164 where it can be read as one, the plate in capitals."""
    return replace(
        given,
        name=given.name.strip(),
        phone=international(given.phone),
        email=given.email.strip(),
        address=given.address.strip(),
        room=given.room.strip(),
        plate=plain_plate(given.plate),
    )


def plain_plate(plate: str) -> str:
    """A number plate without its dot, spaces and dashes, in narrow capitals.

    >>> plain_plate("京a·12345"), plain_plate("京Ａ・12345"), plain_plate("京A-12 345")
    ('京A12345', '京A12345', '京A12345')
    """
    return "".join(c for c in unicodedata.normalize("NFKC", plate).upper() if c not in _DOTS | _DASHES and c != " ")


def plain_room(room: str) -> str:
    """A room as it is compared: narrow, in small letters, with one kind of dash, without spaces.

    What people mean by it is theirs: 1栋405 and 1-405 stay two rooms.

    >>> plain_room("１－４０５"), plain_room("1 — 405 "), plain_room("Ａ栋 405"), plain_room("1栋405")
    ('1-405', '1-405', 'a栋405', '1栋405')
    """
    narrow = unicodedata.normalize("NFKC", room).casefold()
    return "".join("-" if c in _DASHES else c for c in narrow if not c.isspace())


_DOTS = frozenset("·•・.‧∙⋅。")
_DASHES = frozenset("-‐‑‒–—―−﹣－─")


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


def reach_of(identity: Identity) -> list[Channel]:
    """The ways in which the complainant can be written to, e-mail first. The identity is tidy."""
    ways: list[Channel] = ["email"] if "@" in identity.email else []
    return [*ways, "sms"] if takes_sms(identity.phone) else ways


def takes_sms(phone: str) -> bool:
    """Whether a text message may reach it: E.164, and no landline. `phone` is tidy.

    >>> takes_sms("+8613800138000"), takes_sms("+861065551234"), takes_sms("4008001234"), takes_sms("")
    (True, False, False, False)
    """
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:  # it has no country code, or is none at all
        return False
    return phonenumbers.number_type(number) not in LANDLINES


def links_of(identity: Identity, org: str, site: str, hashed: Hasher) -> list[tuple[str, str]]:
    """(kind, keyed hash) of what the same customer would give again: phone, room, plate, however they are written.

    A room is one of its site: two estates may each have a 1-405.
    """
    room = plain_room(identity.room)
    values = {
        "phone": international(identity.phone),
        "room": f"{site}|{room}" if room else "",
        "plate": plain_plate(identity.plate),
    }
    return [(kind, hashed(f"{org}|{kind}|{value}")) for kind, value in values.items() if value]


def keys_of(links: list[tuple[str, str]]) -> list[str]:
    """The links as the head of a case keeps them (`customer_keys`), so that the case alone leads to its customer's.

    An action that completes the identity later hands the keys of the completed one to `decide(..., keys=...)`.

    >>> keys_of([("phone", "0011223344556677")])
    ['phone:0011223344556677']
    """
    return [f"{kind}:{hashed}" for kind, hashed in links]


def phone_tail_matches(identity: Identity, tail: str) -> bool:
    """Whether the last four digits of the phone are these, compared without telling by time how far they agree."""
    digits = "".join(c for c in identity.phone if c.isdigit())
    return len(tail) == 4 and len(digits) >= 7 and hmac.compare_digest(digits[-4:].encode(), tail.encode())
