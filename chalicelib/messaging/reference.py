"""The reference of a message: all that a queue or a provider is told of it besides the letter itself."""

from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

import msgspec
from msgspec import Struct

from chalicelib.desk.complaint import Message


class Reference(Struct, frozen=True, array_like=True):
    """Which message: of a case (`number`), or of a period of a duty."""

    org: str
    number: str
    message: str
    site: str = ""
    duty: str = ""
    period: str = ""

    @classmethod
    def of(cls, message: Message) -> "Reference":
        """The reference of a message; its site counts only where a duty gave rise to it."""
        if message.number:
            return cls(message.org, message.number, message.id)
        return cls(message.org, "", message.id, message.site, message.duty, message.period)

    def encode(self) -> str:
        """URL-safe base64 without padding: letters, digits, `_` and `-`, as a tag of SES may hold.

        >>> Reference.decode(Reference("c-company", "20261121-4711-8", "0000000003#late#sms#0a1b").encode()).number
        '20261121-4711-8'
        """
        return urlsafe_b64encode(msgspec.msgpack.encode(self)).decode().rstrip("=")

    @classmethod
    def decode(cls, encoded: str) -> "Reference":
        """The inverse of `encode`. ValueError for anything else; what it held is not repeated."""
        try:
            packed = b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
            return msgspec.msgpack.decode(packed, type=cls)
        except (NotBase64, msgspec.DecodeError, UnicodeError, ValueError):
            raise ValueError("not a reference") from None
