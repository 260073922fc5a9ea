"""Files that are added to a case: how many, how large, of which kinds, and what an upload turned out to be."""

import hashlib
import re
from datetime import datetime

from msgspec import Struct

from chalicelib.desk.complaint import CUSTOMER, Attachment, Complaint, Decision
from chalicelib.desk.engine import decided, ticked
from chalicelib.desk.errors import Problem
from chalicelib.desk.kinds import KINDS, is_of, known, sniffed, tidy
from chalicelib.desk.procedure import Send
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.step import Step

MB = 1_000_000


class Limits(Struct, frozen=True):
    """Most bytes of a file, and most files."""

    bytes: int
    files: int


LIMITS = Limits(bytes=20 * MB, files=50)
"""A scanned letter or a call of twenty minutes is well below; it is read into memory once, to be looked at. Each file
takes some 400 bytes of the case's head, of which DynamoDB takes 400 KB."""

OF_CUSTOMERS = Limits(bytes=10 * MB, files=5)
"""A photo of any telephone is below. Who may add them has shown no more than a number and four digits."""


class Declared(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file as somebody says that it is, before it is there. A form without script says nothing but by whom."""

    by: str  # a person's id, or CUSTOMER
    name: str = ""
    kind: str = ""
    size: int = 0
    sha256: str = ""
    purpose: str = ""


def limits_of(by: str) -> Limits:
    """What somebody may add: complainants less."""
    return OF_CUSTOMERS if by == CUSTOMER else LIMITS


def wrong_with(case: Complaint, said: Declared) -> list[Problem]:
    """Everything for which an upload is not even begun."""
    most, found = limits_of(said.by), []
    if not known(said.kind):
        found.append(Problem("kind", f"is not one of: {', '.join(KINDS)}"))
    if said.size > most.bytes:
        found.append(Problem("size", f"must be at most {most.bytes} bytes"))
    if not re.search(r"\S", said.name):
        found.append(Problem("name", "must say something"))
    return found + full(case, said.by)


def full(case: Complaint, by: str) -> list[Problem]:
    """Whether the case has as many files as it takes, or as its complainant may add."""
    uploaded = [file for file in case.attachments if file.id and file.by == CUSTOMER]
    if by == CUSTOMER and len(uploaded) >= OF_CUSTOMERS.files:
        return [Problem("file", f"you added {OF_CUSTOMERS.files} already, which is the most")]
    if len(case.attachments) >= LIMITS.files:
        return [Problem("file", f"the case has {LIMITS.files} already, which is the most")]
    return []


def examined(
    case: Complaint, id: str, said: Declared, content: bytes, place: str, now: datetime
) -> tuple[Attachment | None, list[Problem]]:  # fmt: skip
    """An upload as an attachment of the case, or else everything that is wrong with it."""
    sha256, found = hashlib.sha256(content).hexdigest(), full(case, said.by)
    kind = known(said.kind) if said.kind else sniffed(content)
    if not content:
        found.append(Problem("file", "must not be empty"))
    elif said.kind and not is_of(kind, content):
        found.append(Problem("kind", "is not what the file is"))
    elif not kind:
        found.append(Problem("file", f"must be of one of these kinds: {_endings()}"))
    if len(content) > limits_of(said.by).bytes or (said.size and said.size != len(content)):
        found.append(Problem("size", "is not the size of the file"))
    if said.sha256 and said.sha256 != sha256:
        found.append(Problem("sha256", "is not the hash of the file"))
    if found:
        return None, found
    name = tidy(said.name, kind, f"{case.number}-{len(case.attachments) + 1}")
    return Attachment(
        id=id, name=name, kind=kind, size=len(content), sha256=sha256, place=place, at=now, by=said.by,
        purpose=said.purpose,
    ), []  # fmt: skip


def attached(desk: Desk, case: Complaint, file: Attachment, now: datetime) -> Decision | None:
    """A file was added; None where it is there already. Of what a complainant adds whoever is in charge is told."""
    if case.file(file.id):
        return None
    step = Step(desk, case, now)
    events = ticked(step)
    step.case.attachments.append(file)
    if file.by == CUSTOMER:
        step.write(Send(letter="customer_wrote", to=["in_charge"]))
    note = "" if case.confidential else file.name  # a name may say who complains
    events.append(step.event(at=now, kind="attached", by=file.by, note=note))
    return decided(step, events)


def _endings() -> str:
    return ", ".join(endings[0][1:] for endings in KINDS.values())
