"""The raw mails of this folder, and mails made up on the spot."""

from email.header import Header
from email.message import EmailMessage
from pathlib import Path

from chalicelib.messaging.inbound.headers import read

DATA = Path(__file__).parent / "data"
NAMES = sorted(path.stem for path in DATA.glob("*.eml"))


def raw(name: str, number: str = "") -> bytes:
    """A mail as it came; where it names a case, this one. In base64 and encoded words too."""
    mail = (DATA / f"{name}.eml").read_bytes()
    return with_number(mail, number) if number else mail


def with_number(mail: bytes, number: str) -> bytes:
    """The mail with NUMBER replaced in its headers, also within an encoded subject."""
    head, gap, body = mail.partition(b"\r\n\r\n")
    lines = []
    for line in head.split(b"\r\n"):
        told = read(line[8:].decode()) if line.startswith(b"Subject:") else ""
        named = Header(told.replace("NUMBER", number), "utf-8", maxlinelen=900).encode() if "NUMBER" in told else ""
        lines.append(b"Subject: " + named.encode() if named else line.replace(b"NUMBER", number.encode()))
    return b"\r\n".join(lines) + gap + body


def mail(
    text: str = "电梯停运三天。", *, to: str = "complaints+c-company@desk.example", sender: str = "li@mail.example",
    subject: str = "电梯", id: str = "<1@mail.example>", **more: str,
) -> bytes:  # fmt: skip
    """A plain mail; names of further headers are written with underscores."""
    made = EmailMessage()
    for name, value in {"From": sender, "To": to, "Subject": subject, "Message-ID": id}.items():
        if value:
            made[name] = value
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()
