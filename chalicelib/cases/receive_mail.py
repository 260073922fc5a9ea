"""Take in one mail that came: a complaint, an addition to one, or something that somebody has to look at.

Safe to repeat at any moment, from the same object or from a second one with the same mail: files are kept under
their hash, a complaint is registered under the mail's key, an addition carries it. Nothing is ever dropped: what
becomes no case stays in the inbox, and what nobody can be asked about is kept apart, counted and listed.
"""

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from chalicelib.cases.act import Act
from chalicelib.cases.customers import Hasher
from chalicelib.cases.desks import Desks
from chalicelib.cases.instants import now_by
from chalicelib.cases.mail_addresses import Addresses, Place
from chalicelib.cases.mail_posting import (
    LONGEST,
    MOST_FILES,
    attachment,
    facts_of,
    files_of,
    flags_of,
    masked,
    posting_of,
)
from chalicelib.cases.numbers import heard
from chalicelib.cases.register import Brought, Register
from chalicelib.desk.complaint import CUSTOMER, Attachment, Complaint
from chalicelib.desk.errors import BadInput, Conflict, KeyReused
from chalicelib.messaging.email import THREAD
from chalicelib.messaging.inbound.headers import numbers_in
from chalicelib.messaging.inbound.judged import is_certain
from chalicelib.messaging.inbound.mail import MOST_BYTES, Mail, read
from chalicelib.messaging.inbound.words import word
from chalicelib.observability import Metric
from chalicelib.ports import Arrived, CaseStore, Files, Inbox

Outcome = Literal["registered", "joined", "unverified", "known", "automatic", "unassigned", "gone"]

OFTEN = 5
"""Complaints by mail from one address in an hour that are acknowledged; more look like two machines talking."""

TRIES = 3
"""How often an addition is written anew when somebody else was faster; then Lambda calls again."""

CARRIER = frozenset({"virus", "too_large"})
"""Flags of a mail whose files are not taken over."""


class Handled(Struct, frozen=True, kw_only=True):
    """What became of a mail: for each organisation that it was sent to, or once. `reason` is why it is no case."""

    outcome: Outcome
    org: str = ""
    number: str = ""
    reason: str = ""


class ReceiveMail:
    """`receive_mail` with what it needs of the world. `own` are the addresses that the desk sends from."""

    def __init__(
        self, *, inbox: Inbox, files: Files, cases: CaseStore, desks: Desks, register: Register, act: Act,
        hasher: Hasher, own: str, clock: Callable[[], datetime], measure: Callable[[Metric], None],
    ) -> None:  # fmt: skip
        self._inbox, self._files, self._cases, self._desks = inbox, files, cases, desks
        self._register, self._act, self._hasher = register, act, hasher
        self._own, self._clock, self._measure = own.rpartition("<")[2].strip("> ").lower(), clock, measure
        self._addresses = Addresses(desks, self._own.rpartition("@")[2])

    def __call__(self, key: str) -> list[Handled]:
        """Take in the mail that lies at `key`. Raises what AWS raises: then it is called again."""
        arrived = self._inbox.read(key, MOST_BYTES)
        if arrived is None:
            return [Handled(outcome="gone")]
        self._measure("MailReceived")
        mail = read(arrived.raw, frozenset({self._own}), whole=arrived.whole)
        if mail.automatic:
            if not is_certain(mail.automatic):
                self._keep_apart(arrived, "automatic")
            return [Handled(outcome="automatic", reason=mail.automatic)]
        places = self._addresses.places(mail.recipients)
        case = self._meant(mail, places)
        if case is not None:
            return [self._join(case, mail, arrived)]
        if not places:
            return [self._unassigned(arrived, _reason(mail))]
        return [self._open(mail, place, arrived) for place in places]

    # a case that the mail is about

    def _meant(self, mail: Mail, places: list[Place]) -> Complaint | None:
        """The case whose number it carries, in the subject or by the letter that it answers.

        A case of an organisation that it was not sent to is not meant, except by an answer to the desk itself.
        """
        domain = self._own.rpartition("@")[2]
        threads = (THREAD.fullmatch(id) for id in mail.references)
        numbers = [found[1] for found in threads if found and found[2] == domain] + numbers_in(mail.subject)
        for number in dict.fromkeys(known for one in numbers[:5] if (known := heard(one))):
            org = self._cases.org_of(number)
            if org is not None and (not places or org in {place.org for place in places}):
                return self._cases.load(org, number)
        return None

    def _join(self, case: Complaint, mail: Mail, arrived: Arrived) -> Handled:
        language = self._desks.of(case).site.language
        same = mail.sender.address == self._cases.identity(case.org, case.number).email.casefold()
        flags = flags_of(mail)
        verified = (
            bool(mail.sender.address) and same and mail.one_sender and mail.verdicts.vouched_for
            and not {"spam", "forged", "virus"} & set(flags)
        )  # fmt: skip
        facts = [str(mail.verdicts), *(word(flag, language) for flag in flags)]
        if not same:
            facts.append(word("other_address", language) + masked("" if case.confidential else mail.sender.address))
        folder = f"{case.org}/{case.number}"
        files = self._kept(folder, mail, arrived, flags, language, CUSTOMER if verified else "")
        text = mail.said[:LONGEST] or mail.subject or word("no_text", language)
        note = " ".join(fact for fact in facts if fact)
        new = self._added(case, text, mail.key, files, verified=verified, note=note)
        outcome: Outcome = "known" if not new else "joined" if verified else "unverified"
        return Handled(outcome=outcome, org=case.org, number=case.number)

    def _added(
        self, case: Complaint, text: str, key: str, files: list[Attachment], *, verified: bool, note: str
    ) -> bool:  # fmt: skip
        """Write it into the case; False where it was there before. Raises Conflict: others were faster too often."""
        for _ in range(TRIES):
            with suppress(Conflict):
                decision = self._act.mailed(
                    case.org, case.number, text, key, files=files, verified=verified, note=note
                )  # fmt: skip
                return decision is not None
        raise Conflict("Others are writing in this case: the mail comes again.")

    # a new one

    def _open(self, mail: Mail, place: Place, arrived: Arrived) -> Handled:
        site = self._desks.organisation(place.org).sites[place.site]
        address = mail.sender.address
        link = ("email", self._hasher(f"{place.org}|email|{address}"))
        often = bool(address) and self._writes_often(place.org, link)
        flags = flags_of(mail, often=often, named=place.named)
        folder = f"{place.org}/{hashlib.sha256(f'{place.site}|{mail.key}'.encode()).hexdigest()[:32]}"
        brought = Brought(
            attachments=self._kept(folder, mail, arrived, flags, site.language, CUSTOMER),
            facts=facts_of(mail, flags, site.language),
            links=[link] if address else [],
            thread=mail.message_id,
            mute=frozenset({CUSTOMER}) if {"often", "spam", "forged"} & set(flags) else frozenset(),
        )
        posting = posting_of(mail, place, min(arrived.at, now_by(self._clock)), site.language)
        try:
            receipt = self._register(posting, key=mail.key, source="mail", brought=brought)
        except KeyReused:  # the same mail in another object: its key holds all that was written
            return Handled(outcome="known", org=place.org)
        except BadInput as refused:
            return self._unassigned(arrived, "refused", place.org, "; ".join(p.field for p in refused.problems))
        outcome: Outcome = "known" if receipt.replayed else "registered"
        return Handled(outcome=outcome, org=place.org, number=receipt.case.number)

    def _writes_often(self, org: str, link: tuple[str, str]) -> bool:
        """Whether the same address opened so many cases within the hour that it is not answered for now."""
        numbers = self._cases.linked(org, *link, limit=OFTEN)
        if len(numbers) < OFTEN:
            return False
        since = now_by(self._clock) - timedelta(hours=1)
        recent = self._cases.load_many([(org, number) for number in numbers]).values()
        return sum(case.registered_at > since for case in recent) >= OFTEN

    # what is kept

    def _kept(
        self, folder: str, mail: Mail, arrived: Arrived, flags: Iterable[str], language: str, by: str
    ) -> list[Attachment]:
        """Its files and the mail itself, each under its hash in a folder of its own case, so that one case can forget
        what another keeps; of a mail that is dangerous or too large none.
        """
        for reason in CARRIER.intersection(flags):
            self._keep_apart(arrived, reason)
            return []
        found = []
        for file in files_of(mail, arrived.raw, language)[:MOST_FILES]:
            place = f"mail/{folder}/{file.sha256}"
            self._files.put(place, file.content, file.kind if file.kind.isascii() else "application/octet-stream")
            found.append(attachment(file, place, arrived.at.replace(microsecond=0), by))
        return found

    def _unassigned(self, arrived: Arrived, reason: str, org: str = "", why: str = "") -> Handled:
        self._keep_apart(arrived, reason)
        return Handled(outcome="unassigned", org=org, reason=why or reason)

    def _keep_apart(self, arrived: Arrived, reason: str) -> None:
        self._inbox.keep_apart(arrived.key, reason)
        self._measure("MailUnassigned")


def _reason(mail: Mail) -> str:
    """Why it is no case: it was sent to nobody here, and perhaps more is wrong with it."""
    return "virus" if mail.verdicts.virus == "fail" else mail.fault or "nobody"
