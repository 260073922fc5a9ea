"""Bytes as text: in the charset declared where that is plausible, else in the one that reads most like writing.

Mail declares GB2312 and holds GBK, declares Latin-1 and holds UTF-8, declares what nobody knows. So a charset is a
witness and not a judge: every candidate reads the bytes, and the one that yields ordinary characters wins.
"""

import codecs
import re

SAMPLE = 2_000
"""Characters that are looked at to judge a reading."""

_FAMILIES = {
    "gb18030": ("gb2312", "gbk", "x-gbk", "gb18030", "cp936", "ms936", "windows-936", "euc-cn", "chinese", "gb"),
    "cp950": ("big5", "x-big5", "big5-eten", "cp950", "ms950", "windows-950", "big5hkscs", "big5-hkscs"),
    "utf-8": ("utf8", "utf-8", "unicode-1-1-utf-8", "utf-8mb4", "unicode"),
    "cp1252": ("iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252"),
}
_FAMILY = {name: family for family, names in _FAMILIES.items() for name in names}
_VAGUE = frozenset({"", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "unknown", "default", "8bit", "cp1252"})
"""Declared by programs that did not know, so that it says nothing."""

_ESCAPED = re.compile(rb"\x1b\$|\x1b\(|\x0e")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufff9-\ufffb\ud800-\udfff]")


def text_of(data: bytes, declared: str = "") -> str:
    """The bytes as text without control characters, lines ended by one line feed.

    >>> text_of("电梯停运".encode("gb18030"), "gb2312"), text_of("電梯停運三天".encode("big5"), "no-such")
    ('电梯停运', '電梯停運三天')
    >>> text_of("电梯停运三天".encode(), "gb2312"), text_of("Grüße".encode("latin-1"), "iso-8859-1")
    ('电梯停运三天', 'Grüße')
    """
    return clean(_decoded(data, _known(declared)))


def clean(text: str) -> str:
    """Without what is not writing: control characters, lone surrogates, byte order marks.

    >>> clean("a\\r\\nb\\x00\\ufeff")
    'a\\nb'
    """
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n"))


def is_traditional(text: str) -> bool:
    """Whether Chinese text is in traditional script: it has more characters beyond GB2312 than beyond Big5.

    >>> is_traditional("電梯停運"), is_traditional("电梯停运"), is_traditional("lift")
    (True, False, False)
    """
    sample = [c for c in text[:SAMPLE] if "\u4e00" <= c <= "\u9fff"]
    return sum(not _in(c, "gb2312") for c in sample) > sum(not _in(c, "big5") for c in sample)


def is_chinese(text: str) -> bool:
    """Whether a reader needs Chinese for it.

    >>> is_chinese("三号楼 lift"), is_chinese("The lift 电 stands still since Friday morning")
    (True, False)
    """
    letters = [c for c in text[:SAMPLE] if c.isalpha()]
    if any("\u3040" <= c <= "\u30ff" for c in letters):  # Japanese
        return False
    return sum("\u4e00" <= c <= "\u9fff" for c in letters) * 10 > len(letters)


def _known(declared: str) -> str:
    name = declared.strip().strip("\"'").lower().replace("_", "-")
    if name in _FAMILY:
        return _FAMILY[name]
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return found.name if getattr(found, "_is_text_encoding", True) else ""


def _decoded(data: bytes, declared: str) -> str:
    if data.isascii() and not _ESCAPED.search(data) and declared not in ("hz", "utf-7", "utf-16", "utf-32"):
        return data.decode("ascii")
    if declared.startswith(("iso2022", "hz", "utf-16", "utf-32")) or (declared and declared not in _FAMILIES):
        strict = _strictly(data, declared)
        if strict is not None and (declared not in _VAGUE or not _ordinary(strict) < 0):
            utf8 = _strictly(data, "utf-8") if not data.isascii() else None
            return utf8 if utf8 is not None and declared not in ("utf-16", "utf-32") else strict
    if b"\x1b$" in data:
        return next((t for name in ("iso2022_jp_2", "iso2022_kr") if (t := _strictly(data, name)) is not None),
                    data.decode("ascii", "replace"))  # fmt: skip
    return max(_readings(data, declared), key=lambda reading: reading[0])[1]


def _readings(data: bytes, declared: str) -> list[tuple[float, str]]:
    """What each candidate makes of the bytes, and how likely that is. What is not declared must be clearly better."""
    found = []
    for name in ("utf-8", "gb18030", "cp950"):
        text = data.decode(name, "replace")
        if name == "cp950" and "\ufffd" in text:  # Hong Kong writes more of Big5 than Windows knows
            text = _strictly(data, "big5hkscs") or text
        bonus = 0.15 if name == declared and declared not in _VAGUE else 0.0
        if name == "utf-8" and "\ufffd" not in text:
            bonus += 0.5  # what was not meant as UTF-8 hardly ever is well-formed UTF-8
        if name == "gb18030":
            bonus += 0.02  # of two readings as good the more frequent one
        found.append((_ordinary(text) + bonus, text))
    found.append((0.3 if declared == "cp1252" else 0.1, data.decode("cp1252", "replace")))
    return found


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def _ordinary(text: str) -> float:
    """How ordinary the characters beyond ASCII are, from -1 to 1."""
    beyond = [c for c in text[:SAMPLE] if c > "\x7f"]
    return sum(map(_weight, beyond)) / len(beyond) if beyond else 0.5


def _weight(char: str) -> float:
    if char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or "\x80" <= char <= "\x9f":
        return -1.0
    if "\u3000" <= char <= "\u3020" or "\uff01" <= char <= "\uff5e" or char in "“”‘’…—·￥":
        return 1.0
    if "\u4e00" <= char <= "\u9fff":
        return 1.0 if _frequent(char) else -0.3
    if (
        "\u00c0" <= char <= "\u024f"
        or "\u3040" <= char <= "\u30ff"
        or "\uac00" <= char <= "\ud7a3"
        or char > "\U0001f000"
    ):
        return 0.4
    return -0.2


def _frequent(char: str) -> bool:
    """Whether a character stands in the part for frequent ones of GB2312 (rows 16 to 55) or Big5 (A440 to C67E)."""
    try:
        if 0xB0 <= char.encode("gb2312")[0] <= 0xD7:
            return True
    except UnicodeError:
        pass  # not in GB2312; perhaps in Big5
    try:
        return 0xA4 <= char.encode("big5")[0] <= 0xC6
    except UnicodeError:
        return False


def _in(char: str, name: str) -> bool:
    try:
        char.encode(name)
    except UnicodeError:
        return False
    return True
