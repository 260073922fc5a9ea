"""Marked people: nobody else has such a name, phone, address, room or plate, so that wherever one turns up it came
from the identity of a complainant.
"""

import base64
import binascii
import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote_plus

from chalicelib.desk.posting import Customer

MARKS = re.compile(r"金丝雀|canary\d{4}|plant\.example|百灵路|qx\d{4}|粤?Z[·・\s-]?7\d{4}", re.IGNORECASE)
PHONE = re.compile(r"1397770\d{4}")
"""Sought in the text without what phones are written with."""


def bird(n: int) -> Customer:
    """The n-th marked person, all that is asked of anybody filled in."""
    return Customer(
        name=f"金丝雀{n:04d}", phone=f"1397770{n:04d}", email=f"canary{n:04d}@plant.example",
        address=f"百灵路{n:04d}号", room=f"QX{n:04d}", plate=f"粤Z7{n:04d}",
    )  # fmt: skip


def marks_in(what: str | bytes) -> list[str]:
    """What of a marked person stands in it, however it is written: escaped, encoded, packed."""
    return sorted({found for text in _readings(what) for found in _marks(text)})


def _marks(text: str) -> Iterator[str]:
    yield from (found[0] for found in MARKS.finditer(text))
    yield from PHONE.findall(re.sub(r"[^0-9A-Za-z\u4e00-\u9fff]", "", text))


def _readings(what: str | bytes) -> Iterator[str]:
    if isinstance(what, bytes) and what.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(what)) as packed:
            for name in packed.namelist():
                yield from _readings(packed.read(name))
        return
    text = what.decode("utf-8", "replace") if isinstance(what, bytes) else what
    yield from (text, unescape(text), unquote_plus(text), _unescaped(text))
    for word in re.findall(r"[A-Za-z0-9+/_-]{16,}={0,2}", text):
        try:
            yield base64.b64decode(word.translate(_URLSAFE) + "=" * (-len(word) % 4)).decode()
        except (ValueError, binascii.Error):
            continue


_URLSAFE = str.maketrans("-_", "+/")


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
