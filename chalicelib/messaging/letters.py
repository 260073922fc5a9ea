"""Write a letter: a compiled text, a recipient's language, and words filled in. Nothing in a text is evaluated."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from string import Template

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.messaging.phrases import TEMPLATES
from chalicelib.messaging.vocabulary import BadLetter, Vocabulary

WORD = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
ADDRESSES = frozenset({"tracking_url", "desk_url"})
WHOLE = frozenset({"number", "due", "received_at", "round", "site", "org_name", *ADDRESSES})
"""Words that are never cut short."""

IN_SMS, IN_SUBJECT = 20, 60
"""Most characters of any other word: a long summary must not fill a text message or a subject."""

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_DOUBLE = frozenset("^{}\\[~]|€\f")

ENCLOSED = "\x00"
"""Stands for what a letter carries within it until its paragraphs are made; no text holds such a character."""

Texts = Mapping[str, Mapping[str, str]]
"""A compiled letter: language tag to `subject`, `sms` and `body`."""


class Mail(Struct, frozen=True):
    """A letter by e-mail or webhook."""

    subject: str
    text: str
    html: str


class Sms(Struct, frozen=True):
    """A letter as a text message: filled in, and the words by themselves for a registered template."""

    text: str
    language: str
    words: dict[str, str]


def as_mail(texts: Texts, words: Vocabulary) -> Mail:
    """Subject, text and HTML. BadLetter when a word is unknown or not for this recipient."""
    language, parts = in_language(texts, words.language)
    words = replace(words, language=language)
    if "\n" in parts["subject"].strip():
        raise BadLetter("the subject has a line break")
    subject = one_line(fill(parts["subject"], _short(words, IN_SUBJECT)))
    text = fill(parts["body"], words.__getitem__)
    html = _page().substitute(
        language=escape(language), subject=escape(subject), body=_paragraphs(parts["body"], words)
    )
    return Mail(subject, text, html)


def as_sms(texts: Texts, words: Vocabulary) -> Sms:
    """One line of text; the subject serves where a letter has no text for messages. BadLetter as above."""
    language, parts = in_language(texts, words.language)
    words = replace(words, language=language)
    template = parts.get("sms") or parts["subject"]
    short = _short(words, IN_SMS)
    return Sms(one_line(fill(template, short)), language, {word: short(word) for word in WORD.findall(template)})


def in_language(texts: Texts, language: str) -> tuple[str, Mapping[str, str]]:
    """The texts in the language, or in simplified Chinese, with the language they are in. BadLetter without either."""
    for tag in (language, "zh-Hans"):
        if tag in texts:
            return tag, texts[tag]
    raise BadLetter(f"there is no text in {language} or zh-Hans")


def fill(template: str, word: Callable[[str], str], literal: Callable[[str], str] = str) -> str:
    """The template with each `{word}` replaced, once; braces serve for nothing else.

    >>> fill("No. {number}: {summary}", {"number": "7", "summary": "{number}"}.__getitem__)
    'No. 7: {number}'
    """
    pieces = WORD.split(template)  # text, word, text, word, ... text
    if any("{" in text or "}" in text for text in pieces[::2]):
        raise BadLetter("braces that hold no word")
    return "".join(word(piece) if index % 2 else literal(piece) for index, piece in enumerate(pieces))


def one_line(text: str) -> str:
    """The text with every run of white space and control characters as one space.

    >>> one_line("Re: x\\r\\nBcc: everyone")
    'Re: x Bcc: everyone'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def sms_parts(text: str) -> int:
    """How many messages a phone network makes of a text.

    Plain Latin text (GSM 03.38) takes 160 characters, or 153 a part; anything else 70 UTF-16 units, or 67 a part. A
    character of two units is not split between parts.

    >>> sms_parts("投" * 70), sms_parts("投" * 71), sms_parts("投" * 135), sms_parts("x" * 161)
    (1, 2, 3, 2)
    """
    if all(c in GSM7 or c in GSM7_DOUBLE for c in text):
        sizes, single, part = [2 if c in GSM7_DOUBLE else 1 for c in text], 160, 153
    else:
        sizes, single, part = [2 if ord(c) > 0xFFFF else 1 for c in text], 70, 67
    if sum(sizes) <= single:
        return 1
    parts, used = 1, 0
    for size in sizes:
        if used + size > part:
            parts, used = parts + 1, 0
        used += size
    return parts


def _short(words: Vocabulary, most: int) -> Callable[[str], str]:
    def short(word: str) -> str:
        value = one_line(words[word])
        return value if word in WHOLE or len(value) <= most else value[: most - 1] + "…"

    return short


def _paragraphs(body: str, words: Vocabulary) -> str:
    def word(name: str) -> str:
        if name == "report":
            return ENCLOSED
        value = escape(words[name])
        return f'<a href="{value}">{value}</a>' if name in ADDRESSES and value else value

    def paragraph(html: str) -> str:
        return words.report.html if html == ENCLOSED else f"<p>{html.replace(chr(10), '<br>')}</p>"

    html = fill(body.strip(), word, escape)
    return "\n".join(paragraph(p) for p in re.split(r"\n\s*\n", html) if p.strip())


@cache
def _page() -> Template:
    return Template((TEMPLATES / "letter.html").read_text("utf-8"))
