"""A mail as a complaint: what is posted, and what comes with it."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from chalicelib.cases.mail_addresses import Place
from chalicelib.desk.complaint import Attachment, Language
from chalicelib.desk.posting import Content, Customer, Posting
from chalicelib.messaging.inbound.mail import File, Mail
from chalicelib.messaging.inbound.words import word

LONGEST = 10_000
"""Characters of a description; what is longer stands in the original."""

MOST_FILES = 50
"""Files of one mail that are kept by themselves, the original first: it holds them all."""


def posting_of(mail: Mail, place: Place, at: datetime, language: str) -> Posting:
    """What the complaint says. `language` is the site's, where the mail's own cannot be told.

    Everything but `at` follows from the mail, so that the same mail makes the same complaint.
    """
    spoken = cast(Language, mail.language or language)
    details = mail.said[:LONGEST]
    return Posting(
        org=place.org,
        site=place.site,
        channel="email",
        received_at=at,
        customer=Customer(name=mail.sender.name, email=mail.sender.address[:254]),
        content=Content(
            summary=mail.subject[:500], details=details or ("" if mail.subject else word("no_text", spoken))
        ),
        language=spoken,
    )


def flags_of(mail: Mail, *, often: bool = False, named: bool = True) -> list[str]:
    """What staff should know of it, by the names of `words.json`."""
    judged = mail.verdicts
    told = {
        "virus": judged.virus == "fail",
        "spam": judged.spam == "fail",
        "forged": judged.forged,
        "often": often,
        "cut": len(mail.said) > LONGEST,
        "more_files": len(mail.files) >= MOST_FILES,
        mail.fault: bool(mail.fault),
        "site": not named,
    }
    return [flag for flag, holds in told.items() if holds]


def facts_of(mail: Mail, flags: Iterable[str], language: str) -> dict[str, str]:
    """The same in words, beside what the mail service found; nothing in it says who wrote."""
    facts = {"mail.checks": str(mail.verdicts), "mail.notes": " ".join(word(flag, language) for flag in flags)}
    return {name: said for name, said in facts.items() if said}


def files_of(mail: Mail, raw: bytes, language: str) -> list[File]:
    """What is kept of a mail: itself as it came, and each file once."""
    original = File(name=word("original", language), kind="message/rfc822", content=raw)
    return list({file.sha256: file for file in reversed([original, *mail.files])}.values())[::-1]


def attachment(file: File, place: str, at: datetime, by: str) -> Attachment:
    """A file as the case lists it."""
    return Attachment(
        name=file.name, kind=file.kind, size=len(file.content), sha256=file.sha256, place=place, at=at, by=by
    )  # fmt: skip


def masked(address: str) -> str:
    """An address of which enough is left to recognise it: the whole stands in the original alone.

    >>> masked("li.wei@example.com"), masked("")
    ('l***@example.com', '-')
    """
    local, at, domain = address.partition("@")
    return f"{local[:1]}***{at}{domain}" if at else "-"
