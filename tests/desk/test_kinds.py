"""What a file is, by its own bytes."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.desk.kinds import DOCX, KINDS, LONGEST_NAME, XLSX, is_of, known, sniffed, tidy


def package(*names: str) -> bytes:
    """A ZIP with these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return made.getvalue()


def media(brand: bytes, *others: bytes) -> bytes:
    """The beginning of an ISO media file."""
    box = b"ftyp" + brand + bytes(4) + b"".join(others)
    return (len(box) + 4).to_bytes(4, "big") + box + bytes(40)


SAMPLES = {
    "image/jpeg": b"\xff\xd8\xff\xe1\x00\x18Exif\x00\x00" + bytes(40),
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(20),
    "image/heic": media(b"mif1", b"mif1", b"heic"),
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(20),
    "application/pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "audio/mpeg": b"\xff\xfb\x90\x64" + bytes(100),
    "audio/mp4": media(b"M4A ", b"mp42"),
    "audio/wav": b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(20),
    "audio/amr": b"#!AMR\n\x3c" + bytes(30),
    "video/mp4": media(b"mp42", b"isom"),
    DOCX: package("[Content_Types].xml", "word/document.xml"),
    XLSX: package("[Content_Types].xml", "xl/workbook.xml"),
    "text/plain": "电梯停运三天，老人无法下楼。\r\n".encode(),
    "message/rfc822": b"Received: by mx.example\r\n\tfor desk\r\nFrom: li@example.com\r\nSubject: x\r\n\r\nhello",
}

OTHERS = {
    "a program": b"MZ\x90\x00" + bytes(60),
    "a plain ZIP": package("a.txt"),
    "a document with macros": package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "half a ZIP": SAMPLES[DOCX][:40],
    "a film of another format": media(b"qt  "),
    "a picture of another format": media(b"avif", b"mif1", b"avif"),
    "a GIF": b"GIF89a" + bytes(20),
    "other sound": b"RIFF\x24\x00\x00\x00AVI LIST" + bytes(20),
    "zeros": bytes(100),
    "blanks": b" \r\n ",
    "nothing": b"",
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_known_by_its_bytes_and_by_no_other_declaration(kind: str) -> None:
    assert sniffed(SAMPLES[kind]) == kind
    takes = {other for other in KINDS if is_of(other, SAMPLES[kind])}
    assert takes - {kind} == {"video/mp4": {"audio/mp4"}, "message/rfc822": {"text/plain"}}.get(kind, set())


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_of_none_of_the_kinds_is_taken_as_none(what: str) -> None:
    assert sniffed(OTHERS[what]) == ""
    assert not [kind for kind in KINDS if is_of(kind, OTHERS[what])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_writing_of_the_country_is_text(encoding: str) -> None:
    assert sniffed("投诉：电梯停运。\n".encode(encoding)) == "text/plain"


def test_sound_with_a_tag_is_sound() -> None:
    assert sniffed(b"ID3\x03\x00" + bytes(20)) == "audio/mpeg"


@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange_to_be_looked_at(content: bytes) -> None:
    assert sniffed(content) in {"", *KINDS}


@given(st.sampled_from([b"PK\x03\x04", b"RIFF", b"\x00\x00\x00\x18ftyp", b"\xff\xfb"]), st.binary(max_size=100))
def test_nor_any_that_begin_like_a_file(begin: bytes, rest: bytes) -> None:
    assert sniffed(begin + rest) in {"", *KINDS}


@given(st.text(max_size=300), st.sampled_from(list(KINDS)))
def test_a_tidy_name_has_no_path_nothing_invisible_and_an_ending_of_its_kind(name: str, kind: str) -> None:
    tidied = tidy(name, kind, "261123-0000017-1")
    assert not set(tidied) & set('/\\<>:"|?*\x00\n\r\t\u202e\u200b')
    assert tidied.lower().endswith(KINDS[kind])
    assert not tidied.startswith(".")
    assert len(tidied) <= LONGEST_NAME


@pytest.mark.parametrize(
    ("name", "kind", "tidied"),
    [
        ("C:\\Users\\li\\现场 照片.JPG", "image/jpeg", "现场 照片.jpg"),
        ("../../../etc/passwd", "text/plain", "passwd.txt"),
        (".pdf", "application/pdf", "pdf.pdf"),
        ("\u200b. .", "image/png", "none.png"),
        ("a\r\nSet-Cookie: x.png", "image/png", "aSet-Cookie_ x.png"),
        ("录音" * 100 + ".amr", "audio/amr", "录音" * 47 + "录.amr"),
    ],
)
def test_names_are_tidied(name: str, kind: str, tidied: str) -> None:
    assert tidy(name, kind, "none") == tidied


def test_a_kind_goes_by_one_name() -> None:
    assert known("image/JPG") == "image/jpeg"
    assert known("text/plain; charset=utf-8") == "text/plain"
    assert known("image/svg+xml") == known("text/html") == known("") == ""
