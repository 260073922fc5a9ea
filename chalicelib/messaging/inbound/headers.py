"""Headers of a mail: encoded words (RFC 2047), parameters (RFC 2231), addresses and ids, however they were written.

A header comes as the parser kept it: ASCII with every other byte as a lone surrogate. Everything here is linear in
the length of what it reads, and reads no more than `LONGEST` of it.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from binascii import a2b_qp
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from chalicelib.messaging.inbound.charsets import text_of

LONGEST = 20_000
"""Characters of one header that are read."""

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)[ \t\r\n]+(?==\?)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_IN_BRACKETS = re.compile(r"<\s*([^<>\s@]{1,64}@[^<>\s@]{1,255})\s*>")
_BARE = re.compile(r"[^\s<>()\[\],;:\"\\@]{1,64}@[^\s<>()\[\],;:\"\\@]{1,255}")
_SANE = re.compile(r"[^\s<>()\[\],;:\"\\@]{1,64}@[\w](?:[\w-]{0,62}\.)*[\w-]{1,63}")
_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_PARAMETER = re.compile(r';\s*([^\s=*;"]{1,60})(?:\*(\d{1,3}))?(\*)?\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_NUMBER = re.compile(r"(?<!\d)\d{6}[-‐‑–—]?\d{7}(?!\d)")


class Mailbox(Struct, frozen=True):
    """Whom a header names: an address in small letters, empty where it holds none that can be written to."""

    address: str
    name: str


def read(raw: str) -> str:
    """A header as text on one line, its encoded words decoded, bytes outside them read as what they look like.

    >>> read("=?GB2312?B?tefM3Q==?= =?gb2312?Q?=CD=A3=D4=CB?= (1)"), read("=?utf-8?B?55S15qKv?")
    ('电梯停运 (1)', '=?utf-8?B?55S15qKv?')
    """
    pieces: list[str] = []
    run: tuple[str, bytes] | None = None  # of one charset: programs cut a character between two words
    position, line = 0, _BETWEEN.sub(r"\1", raw[:LONGEST])
    for word in _WORD.finditer(line):
        between = line[position : word.start()]
        charset, data = word[1].partition("*")[0].lower(), _unpacked(word[2], word[3])
        if run is not None and not between and run[0] == charset:
            run = charset, run[1] + data
        else:
            pieces += [text_of(run[1], run[0])] if run else []
            pieces += [_plain(between)]
            run = charset, data
        position = word.end()
    pieces += [text_of(run[1], run[0])] if run else []
    return " ".join("".join([*pieces, _plain(line[position:])]).split())


def mailbox(raw: str) -> Mailbox:
    """The first mailbox of a header. A quoted name that looks like an address is a name.

    >>> mailbox('"li@bank.example" <Li@Example.com>')
    Mailbox(address='li@example.com', name='li@bank.example')
    """
    addresses = addresses_in(raw)
    bare = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), raw[:LONGEST])
    bracket = _IN_BRACKETS.search(bare)
    name = read(raw[: bracket.start()]).strip("\"' ,") if bracket else ""
    return Mailbox(addresses[0] if addresses else "", name[:100])


def addresses_in(raw: str) -> list[str]:
    """Every address in a header, in small letters and in order; those in brackets before bare ones.

    >>> addresses_in('"a@x.example" <b@x.example>, c@X.example')
    ['b@x.example', 'c@x.example']
    """
    bare = _QUOTED.sub(" ", raw[:LONGEST])
    found = _IN_BRACKETS.findall(bare) + _BARE.findall(_IN_BRACKETS.sub(" ", bare))
    sane = [address.lower() for address in found if address.isascii() and _SANE.fullmatch(address)]
    return list(dict.fromkeys(sane))


def ids_in(raw: str) -> list[str]:
    """Message ids in a header, with their brackets."""
    return _ID.findall(raw[:LONGEST])


def numbers_in(subject: str) -> list[str]:
    """What could be numbers of cases.

    >>> numbers_in("回复：【261122-5019700】您反映的情况已收到 13800138000")
    ['261122-5019700']
    """
    return _NUMBER.findall(subject)


def parameter(raw: str, name: str) -> str:
    """A parameter of a header, whole or in pieces, in whichever way its characters were encoded; empty without one.

    >>> parameter("attachment; filename*0*=utf-8''%E7%94%B5; filename*1*=%E6%A2%AF.jpg", "filename")
    '电梯.jpg'
    >>> parameter('image/png; name="=?gb18030?B?tefM3S5wbmc=?="', "name")
    '电梯.png'
    """
    pieces: dict[int, tuple[bool, str]] = {}
    for key, index, extended, value in _PARAMETER.findall(raw[:LONGEST]):
        if key.lower() == name:
            pieces.setdefault(int(index or 0), (bool(extended), _unquoted(value)))
    if not pieces:
        return ""
    if not any(extended for extended, _ in pieces.values()):
        return read("".join(value for _, (_, value) in sorted(pieces.items())))
    first = pieces[min(pieces)][1]
    charset = first.partition("'")[0] if first.count("'") >= 2 else ""
    pieces[min(pieces)] = (True, first.split("'", 2)[2] if first.count("'") >= 2 else first)
    data = b"".join(
        unquote_to_bytes(_bytes(value)) if extended else _bytes(value)
        for _, (extended, value) in sorted(pieces.items())
    )
    return " ".join(text_of(data, charset).split())


def _unpacked(encoding: str, payload: str) -> bytes:
    data = _bytes(payload)
    if encoding in "qQ":
        return a2b_qp(data, header=True)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return b64decode(kept[: len(kept) - (len(kept) % 4 == 1)] + b"=" * (-len(kept) % 4))
    except NotBase64:
        return b""


def _plain(raw: str) -> str:
    return text_of(_bytes(raw)) if raw else ""


def _bytes(raw: str) -> bytes:
    """What stood on the wire; a character that a surrogate cannot stand for came from no wire."""
    return raw.encode("utf-8", "surrogateescape")


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value
