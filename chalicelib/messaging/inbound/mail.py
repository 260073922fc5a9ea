"""A mail as the desk takes it in: who, to whom, what about, what was said, which files. Reading one never fails.

The structure is read by the standard library in its tolerant old way (`compat32`): the newer policies parse every
header by a grammar, which raises on what people's programs write and takes minutes over a hostile address list.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from email import policy
from email.message import Message
from email.parser import BytesParser
from mimetypes import guess_extension

from msgspec import Struct, field

from chalicelib.desk.kinds import visible
from chalicelib.messaging.inbound import headers
from chalicelib.messaging.inbound.charsets import clean, is_chinese, is_traditional, text_of
from chalicelib.messaging.inbound.headers import Mailbox
from chalicelib.messaging.inbound.judged import Header, Verdicts, automatic, verdicts
from chalicelib.messaging.inbound.plain import seen
from chalicelib.messaging.inbound.written import said

MOST_BYTES = 40 * 1024 * 1024
"""What SES takes at most."""
MOST_LINES = 700_000
"""Of lines as long as programs make them 40 MB hold some 520,000. The parser makes an object of each."""
MOST_PARTS, DEEPEST = 200, 30
MOST_TEXT = 1_000_000
"""Characters of text that are read of one part."""

BEGINNING = 256 * 1024
"""Bytes that are read of a mail that is too large: its headers are among them."""

_BOUNDARIES = re.compile(rb"\bboundary(?:\*\d+)?\s*\*?=", re.IGNORECASE)
_TYPES = re.compile(rb"^content-type\s*:", re.IGNORECASE | re.MULTILINE)
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f/\\:*?"<>|]')


class File(Struct, frozen=True, kw_only=True):
    """A file that came with a mail."""

    name: str
    kind: str  # its media type, as the mail says
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of its content, in hex."""
        return hashlib.sha256(self.content).hexdigest()


class Mail(Struct, kw_only=True):
    """A mail that was read as far as it could be.

    `fault` says why it was not read whole: `too_large`, `too_many_parts`, `too_deep`, `unreadable`.
    """

    sender: Mailbox
    recipients: list[str]
    subject: str
    message_id: str
    references: list[str]
    verdicts: Verdicts
    automatic: str
    one_sender: bool  # not two senders, of which each program shows another
    date: str = ""
    text: str = ""
    files: list[File] = field(default_factory=list)
    fault: str = ""

    @property
    def said(self) -> str:
        """The text without the mail that it answers."""
        return said(self.text, self.subject)

    @property
    def language(self) -> str:
        """The language it is written in; empty where nothing tells."""
        words = f"{self.subject}\n{self.said}"
        if is_chinese(words):
            return "zh-Hant" if is_traditional(words) else "zh-Hans"
        return "en" if re.search("[A-Za-z]{3}", words) else ""

    @property
    def key(self) -> str:
        """What is the same however often this very mail arrives: its id and all that was written."""
        said = [self.message_id, self.sender.address, self.subject, self.date, self.text, self.fault]
        return hashlib.sha256(json.dumps([*said, *(f.sha256 for f in self.files)]).encode()).hexdigest()


def read(raw: bytes, own_addresses: frozenset[str] = frozenset(), *, whole: bool = True) -> Mail:
    """Read a mail. `whole` False: `raw` is but the beginning of one that is too large."""
    fault = "" if whole and raw.count(b"\n") <= MOST_LINES else "too_large"
    if not fault and (len(_BOUNDARIES.findall(raw)) > MOST_PARTS or len(_TYPES.findall(raw)) > 2 * MOST_PARTS):
        fault = "too_many_parts"  # seen before it is parsed, because the parser nests as deep as it is told to
    parser: BytesParser[Message] = BytesParser(policy=policy.compat32)
    try:
        parsed = parser.parsebytes(raw[:BEGINNING] if fault == "too_large" else raw, headersonly=bool(fault))
    except Exception:  # whatever the parser does not take
        parsed, fault = Message(), "unreadable"
    mail = _headed(parsed, own_addresses)
    mail.fault = fault
    if not fault:
        _read_parts(parsed, mail)
    return mail


def _headed(parsed: Message, own_addresses: frozenset[str]) -> Mail:
    header = _header_of(parsed)
    senders = header("From")
    sender = headers.mailbox(senders[0]) if senders else Mailbox("", "")
    references = [id for name in ("In-Reply-To", "References") for raw in header(name) for id in headers.ids_in(raw)]
    ids = headers.ids_in("".join(header("Message-ID")[:1]))
    return Mail(
        sender=sender,
        recipients=_recipients(header),
        subject=headers.read("".join(header("Subject")[:1])),
        message_id=ids[0] if ids else "",
        references=list(dict.fromkeys(references)),
        verdicts=verdicts(header),
        automatic=automatic(header, own_addresses),
        one_sender=len(senders) == 1 and len(headers.addresses_in(senders[0])) == 1,
        date="".join(header("Date")[:1])[:100],
    )


def _header_of(parsed: Message) -> Header:
    by_name: dict[str, list[str]] = {}
    for name, value in parsed._headers:  # type: ignore[attr-defined]  # the values as they came: the methods repair them
        by_name.setdefault(name.lower(), []).append(re.sub(r"[\r\n]+", "", str(value)))
    return lambda name: by_name.get(name.lower(), [])


def _recipients(header: Header) -> list[str]:
    """To whom it was delivered, as the service that took it notes in its own line; then whom it names."""
    taken = header("Received")[:1]
    found = re.findall(r"\bfor\s+<?([^\s<>;]+@[^\s<>;]+)", taken[0][:5_000]) if taken else []
    named = [address for name in ("To", "Cc") for raw in header(name)[:3] for address in headers.addresses_in(raw)]
    return list(dict.fromkeys([*(address.lower() for address in found), *named]))[:20]


# the body


def _read_parts(parsed: Message, mail: Mail) -> None:
    texts: list[str] = []
    for count, (depth, part) in enumerate(_leaves(parsed)):
        if count >= MOST_PARTS or depth > DEEPEST:
            mail.fault = "too_many_parts" if count >= MOST_PARTS else "too_deep"
            break
        try:
            _take(part, mail, texts)
        except Exception:  # one part that cannot be read does not hide the others
            mail.fault = "unreadable"
    mail.text = "\n\n".join(text for text in texts if text.strip()).strip()[:MOST_TEXT]


def _leaves(parsed: Message) -> Iterator[tuple[int, Message]]:
    """Parts that hold something, in order, each with its depth; of alternatives the one to be read."""
    waiting = [(0, parsed)]
    while waiting:
        depth, part = waiting.pop()
        if not part.is_multipart() or _kind(part).startswith("message/") or depth > DEEPEST:
            yield depth, part
            continue
        inner = part.get_payload()  # of parts a list; of bytes the parser would try to make text
        children = [child for child in inner if isinstance(child, Message)] if isinstance(inner, list) else []
        if _kind(part) == "multipart/alternative":
            children = _chosen(children)
        waiting += [(depth + 1, child) for child in reversed(children)]


def _chosen(alternatives: list[Message]) -> list[Message]:
    """Plain text where there is any worth reading, else the page; what else is offered (an invitation) stays."""
    plain = [part for part in alternatives if _kind(part) == "text/plain"]
    pages = [part for part in alternatives if part not in plain and _is_page(part)]
    others = [part for part in alternatives if part not in plain and part not in pages]
    written = sum(len(_text(part).strip()) for part in plain)
    if pages and (not written or (written < 60 and any(len(seen(_text(p))) > 10 * written for p in _pages(pages)))):
        return [*pages, *others]
    if plain and pages:  # pictures belong to the page, and are what is shown
        others += [p for page in pages for _, p in _leaves(page) if not _kind(p).startswith("text/")]
    return [*(plain or pages), *others]


def _is_page(part: Message) -> bool:
    return _kind(part) == "text/html" or any(_kind(inner) == "text/html" for _, inner in _inside(part))


def _pages(parts: list[Message]) -> Iterator[Message]:
    for part in parts:
        yield from (inner for _, inner in _inside(part) if _kind(inner) == "text/html")


def _inside(part: Message) -> Iterator[tuple[int, Message]]:
    return _leaves(part) if _kind(part) in ("multipart/related", "multipart/mixed") else iter([(0, part)])


def _take(part: Message, mail: Mail, texts: list[str]) -> None:
    kind, name = _kind(part), _name(part)
    attached = _value(part, "Content-Disposition").lower().lstrip().startswith("attachment")
    if kind in ("text/plain", "text/html") and not name and not attached:
        texts.append(seen(_text(part)) if kind == "text/html" else _text(part))
        return
    if kind.startswith("message/") and part.is_multipart():
        inner = part.get_payload(0)
        content = inner.as_bytes() if isinstance(inner, Message) else b""
        name = name or "message.eml"
    else:
        content = _content(part)
    if content or name:
        name = name or f"part-{len(mail.files) + 1}{guess_extension(kind) or ''}"
        mail.files.append(File(name=name, kind=kind, content=content))


def _text(part: Message) -> str:
    charset = headers.parameter(f"x{_parameters(part)}", "charset")
    return text_of(_content(part)[: 4 * MOST_TEXT], charset)[:MOST_TEXT]


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _kind(part: Message) -> str:
    """Its media type; a kind that is none is a file of bytes."""
    said = _value(part, "Content-Type").partition(";")[0].strip().lower()
    if not said:
        return part.get_content_type()
    return (
        said if re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}", said) else "application/octet-stream"
    )


def _parameters(part: Message) -> str:
    found = _value(part, "Content-Type").partition(";")
    return found[1] + found[2]


def _name(part: Message) -> str:
    """The file's name, without a path, with its ending kept where it is cut."""
    name = headers.parameter(_value(part, "Content-Disposition"), "filename")
    name = name or headers.parameter(f"x{_parameters(part)}", "name")
    name = _NOT_IN_NAMES.sub("_", visible(clean(re.split(r"[/\\]", name)[-1]))).strip(". ")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: 119 - len(ending)]}{dot}{ending}" if len(name) > 120 and len(ending) <= 10 else name[:120]


def _value(part: Message, name: str) -> str:
    return "".join(_header_of(part)(name)[:1])
