"""Kinds of files: which a case takes, and whether the bytes are of the kind that was declared.

Our own signatures rather than a library's: of the two kept ones, `filetype` has had no release since 2022, and
`puremagic` tells neither DOCX from XLSX nor an AMR recording. A case takes few kinds, and each of those exactly.
Sources: the media types' registrations at IANA, ISO/IEC 14496-12 (brands), RFC 4867 (AMR), ECMA-376 (Office).
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

KINDS: dict[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/heic": (".heic", ".heif"),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a", ".mp4"),
    "audio/wav": (".wav",),
    "audio/amr": (".amr",),
    "video/mp4": (".mp4", ".m4v"),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    "text/plain": (".txt",),
    "message/rfc822": (".eml",),
}
"""Media types that a case takes, each with the endings of its names, the usual one first."""

ALIASES = {
    "image/jpg": "image/jpeg",
    "image/heif": "image/heic",
    "audio/mp3": "audio/mpeg",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/amr-wb": "audio/amr",
}
"""What browsers and telephones call the same."""

LONGEST_NAME = 100
"""Characters: longer names are of no use in a list, and S3 keeps 2 KB beside an upload."""

_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_SOUND = {b"M4A ", b"M4B "}
_NEITHER = {b"qt  ", b"avif", b"avis", b"crx "}
_HEADER = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}")
_MAIL = re.compile(rb"^(?:from|date|received|message-id):", re.IGNORECASE | re.MULTILINE)
_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_WORTHLESS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of characters that are nothing to see: controls, marks that turn the direction of writing."""


def known(kind: str) -> str:
    """The kind by its one name, or "" where no case takes it.

    >>> known("Audio/X-M4A; codecs=mp4a"), known("text/html")
    ('audio/mp4', '')
    """
    plain = kind.partition(";")[0].strip().lower()
    plain = ALIASES.get(plain, plain)
    return plain if plain in KINDS else ""


def is_of(kind: str, content: bytes) -> bool:
    """Whether the bytes are what a kind of `KINDS` says. A recording may call itself a film, a mail a text."""
    found = sniffed(content)
    return found == kind or (kind, found) in {("audio/mp4", "video/mp4"), ("text/plain", "message/rfc822")}


def sniffed(content: bytes) -> str:
    """What the bytes themselves are, of `KINDS`; "" where they are none of them."""
    for begin, found in _SIGNATURES:
        if content.startswith(begin):
            return found(content) if callable(found) else found
    if content[4:8] == b"ftyp":
        return _media(content)
    return _written(content)


def tidy(name: str, kind: str, otherwise: str) -> str:
    """A name to show and to save under: no path, nothing invisible, not too long, with an ending of its kind.

    >>> tidy("../../etc/照片\\u202egpj.exe", "image/jpeg", "x"), tidy("", "application/pdf", "261123-0000017-1")
    ('照片gpj.exe.jpg', '261123-0000017-1.pdf')
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = visible(last)
    plain = re.sub(r'[<>:"|?*]', "_", " ".join(seen.split())).strip(". ") or otherwise
    endings = KINDS[kind]
    ending = next((one for one in endings if plain.lower().endswith(one)), "")
    stem = plain[: -len(ending)] if ending else plain
    return (stem.strip(". ") or otherwise)[: LONGEST_NAME - 5] + (ending or endings[0])


def visible(name: str) -> str:
    """A name without what is nothing to see, such as a mark that turns the direction of writing."""
    return "".join(letter for letter in name if unicodedata.category(letter) not in _WORTHLESS)


def _riff(content: bytes) -> str:
    return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(content[8:12], "")


def _office(content: bytes) -> str:
    """By what is in the package; one that carries macros is neither."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ""
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return ""
    return DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else ""


def _media(content: bytes) -> str:
    """ISO media by its brands: the major one, and those it is compatible with."""
    box = content[8 : min(int.from_bytes(content[:4], "big"), 256)]
    brands = [box[:4], *(box[at : at + 4] for at in range(8, len(box) - 3, 4))]
    if _HEIC.intersection(brands):
        return "image/heic"
    if _NEITHER.intersection(brands[:1]) or b"avif" in brands or not brands[0]:
        return ""
    return "audio/mp4" if brands[0] in _SOUND else "video/mp4"


def _written(content: bytes) -> str:
    """Sound without a header, a mail, or text in a writing of this country; "" for anything else."""
    if len(content) > 3 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2 and content[2] >> 4 not in (0, 15):
        return "audio/mpeg"  # a frame of MPEG audio, layer III, of a known bit rate
    for encoding in ("utf-8-sig", "gb18030", *(("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ())):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.strip() and not _BINARY.search(text):
            head = _HEADER.match(content)
            return "message/rfc822" if head and _MAIL.search(head[0]) else "text/plain"
    return ""


_SIGNATURES: list[tuple[bytes, str | Callable[[bytes], str]]] = [
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"RIFF", _riff),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR\n", "audio/amr"),
    (b"#!AMR-WB\n", "audio/amr"),
    (b"PK\x03\x04", _office),
    (b"MZ", ""),
    (b"\x7fELF", ""),
]
