"""The files of a case: taken in, listed, handed out.

A file is sent straight to the store, where it waits under `uploads/`; `take_in` looks at it there, copies it to its
place and writes it into the case in one transaction. Whatever is cut off may be repeated: a file has its id from what
it is and who adds it, so that the same one again is the same attachment. What nobody takes in is forgotten.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import msgspec
from msgspec.structs import asdict, replace

from chalicelib.cases.desks import Desks
from chalicelib.cases.instants import now_by
from chalicelib.cases.may import Matter, Verb, complainant, may, staff
from chalicelib.cases.views import OPENS_FOR, AttachmentView, Download, Invitation, attachment_view
from chalicelib.desk.complaint import CUSTOMER, Attachment, Complaint, Decision
from chalicelib.desk.engine import next_due
from chalicelib.desk.errors import BadInput, Conflict, NotAllowed, NotFound
from chalicelib.desk.filing import Declared, attached, examined, full, limits_of, wrong_with
from chalicelib.desk.kinds import LONGEST_NAME, known
from chalicelib.desk.step import Step
from chalicelib.ports import CaseStore, Form, Queue, Uploads

TRIES = 5
"""How often a file is written into a case anew when somebody else was faster."""

NO_SUCH = "There is no such file."
CANNOT = "This file cannot be added."
_ID = re.compile("[0-9a-f]{32}")
UNSAFE = "application/octet-stream"
"""As what a file is handed out whose kind nobody looked at: one that came by mail says of itself what it likes."""


class Attachments:
    """Files of cases, with what they need of the world."""

    def __init__(
        self, *, cases: CaseStore, desks: Desks, uploads: Uploads, queue: Queue, clock: Callable[[], datetime]
    ) -> None:
        self._cases, self._desks, self._uploads, self._queue, self._clock = cases, desks, uploads, queue, clock

    def seen(self, org: str, number: str, person: str) -> Complaint:
        """The case, for a member of staff who may see it. Raises NotFound."""
        case = self._cases.load(org, number)
        if case is None or not self._may(case, person, "see"):
            raise NotFound(f"There is no complaint {number}.")
        return case

    def workable(self, org: str, number: str, person: str) -> Complaint:
        """The case, for a member of staff who may do something in it. Raises NotFound, NotAllowed."""
        case = self.seen(org, number, person)
        if not self._may(case, person, "work"):
            raise NotAllowed("In this case there is nothing for you to do.")
        return case

    def invite(
        self, case: Complaint, by: str, *, name: str, kind: str, size: int, sha256: str, purpose: str = ""
    ) -> Invitation:  # fmt: skip
        """Begin an upload, by a member of staff or by CUSTOMER. Raises BadInput."""
        said = Declared(by=by, name=name[-LONGEST_NAME:], kind=kind, size=size, sha256=sha256, purpose=purpose.strip())
        if problems := wrong_with(case, said):
            raise BadInput(CANNOT, problems)
        said = replace(said, kind=known(kind))
        id = _id(case, said)
        form = self._uploads.form(
            _waiting(case, id), most=size, kind=said.kind, size=size, sha256=sha256, declared=_packed(said)
        )
        return _invitation(id, form)

    def open_form(self, case: Complaint, back: Callable[[str], str], by: str = CUSTOMER) -> Invitation:
        """A form without script, for the complainant or a member of staff: any one file. `back` is where the browser
        goes on, by the id of the file. Raises BadInput where there is room for no more.
        """
        if problems := full(case, by):
            raise BadInput(CANNOT, problems)
        id = secrets.token_hex(16)
        declared = "" if by == CUSTOMER else _packed(Declared(by=by))
        form = self._uploads.form(_waiting(case, id), most=limits_of(by).bytes, declared=declared, back=back(id))
        return _invitation(id, form)

    def take_in(self, case: Complaint, id: str, by: str) -> tuple[Complaint, Attachment, bool]:
        """The case with the file in it, the file, and whether it was new.

        A file that is not what was said of it, or of no kind that a case takes, is forgotten at once.
        Raises NotFound (nothing was sent), BadInput with everything wrong, Conflict (others were faster too often).
        """
        for _ in range(TRIES):
            if known_file := case.file(id):
                return case, known_file, False
            file = self._examined(case, id, by)
            if file is not None:
                with suppress(Conflict):
                    after = self._commit(case, attached(self._desks.of(case), case, file, self._now()))
                    self._uploads.drop(_waiting(case, id))
                    return after, file, True
            again = self._cases.load(case.org, case.number)
            if again is None or (file is None and not again.file(id)):
                raise NotFound(NO_SUCH)
            case = again
        raise Conflict("Others are writing in this case: try it once more.")

    def files(self, case: Complaint, person: str) -> list[AttachmentView]:
        """What a member of staff sees of the files."""
        knows = not case.confidential or self._may(case, person, "know")
        return [attachment_view(file, withheld=not knows) for file in case.attachments]

    def own(self, case: Complaint) -> list[AttachmentView]:
        """What the complainant sees: the files that are theirs."""
        return [attachment_view(file) for file in case.attachments if file.by == CUSTOMER]

    def handed_out(self, case: Complaint, id: str, person: str) -> Download:
        """A file for a member of staff who may see the case; of a confidential one the look is recorded.

        Raises NotFound, NotAllowed (it may say who complains), Conflict.
        """
        file = case.file(id)
        if file is None:
            raise NotFound(NO_SUCH)
        if case.confidential:
            if not self._may(case, person, "fetch", id):
                raise NotAllowed("Who complains is not for you to know, and this file may say it.")
            self._noted(case, file, person)
        return self._download(file)

    def returned(self, case: Complaint, id: str) -> Download:
        """One of their own files for the complainant. Raises NotFound."""
        file = case.file(id)
        matter = Matter(self._desks.of(case), case)
        if file is None or not may(complainant(case, self._now()), "fetch", matter, id):
            raise NotFound(NO_SUCH)
        return self._download(file)

    def _examined(self, case: Complaint, id: str, by: str) -> Attachment | None:
        """What was sent, looked at and copied to its place; None where there is nothing (any more)."""
        waiting, most = _waiting(case, id), limits_of(by).bytes
        sent = self._uploads.read(waiting, most) if _ID.fullmatch(id) else None
        if sent is None:
            return None
        said = _unpacked(sent.declared) if sent.declared else Declared(by=CUSTOMER)
        if said.by != by:
            raise NotFound(NO_SUCH)
        place = f"attachments/{case.org}/{case.number}/{id}"
        file, problems = examined(case, id, said, sent.content, place, self._now())
        if file is None:
            self._uploads.drop(waiting)
            raise BadInput(CANNOT, problems)
        if not self._uploads.keep(waiting, sent.version, place, file.kind):
            raise Conflict("The file was sent again meanwhile: try it once more.")
        return file

    def _noted(self, case: Complaint, file: Attachment, person: str) -> None:
        """Every look into a confidential case stands in its history. Raises Conflict."""
        for _ in range(TRIES):
            desk = self._desks.of(case)
            step = Step(desk, case, self._now())
            event = step.event(at=step.now, kind="seen", by=person, note=file.reference)
            with suppress(Conflict):
                self._cases.commit(case.version, step.case, [event], [], next_due(desk, step.case))
                return
            case = self.seen(case.org, case.number, person)
        raise Conflict("Others are writing in this case: try it once more.")

    def _download(self, file: Attachment) -> Download:
        if file.elsewhere:
            return Download(**asdict(attachment_view(file)), url=file.place)
        kind = file.kind if file.id or known(file.kind) else UNSAFE
        url = self._uploads.link(file.place, kind, file.name, OPENS_FOR)
        return Download(**asdict(attachment_view(file)), url=url)

    def _commit(self, before: Complaint, decision: Decision | None) -> Complaint:
        if decision is None:  # the case was looked through for this very file
            return before
        self._cases.commit(
            before.version, decision.complaint, decision.events, decision.messages, decision.due,
            retain=decision.retain,
        )  # fmt: skip
        self._queue.deliver([m for m in decision.messages if m.not_before is None])
        return decision.complaint

    def _may(self, case: Complaint, person: str, verb: Verb, *names: str) -> bool:
        return may(staff(case.org, person, self._now()), verb, Matter(self._desks.of(case), case), *names)

    def _now(self) -> datetime:
        return now_by(self._clock)


def _id(case: Complaint, said: Declared) -> str:
    """The same file, added by the same person under the same name, is the same attachment."""
    whole = msgspec.json.encode([case.org, case.number, said])
    return hashlib.sha256(whole).hexdigest()[:32]


def _waiting(case: Complaint, id: str) -> str:
    return f"{case.org}/{case.number}/{id}"


def _packed(said: Declared) -> str:
    """As text that a header can carry: what is declared comes back with the file, and nothing is kept meanwhile."""
    return base64.urlsafe_b64encode(msgspec.json.encode(said)).decode()


def _unpacked(text: str) -> Declared:
    return msgspec.json.decode(base64.urlsafe_b64decode(text), type=Declared)


def _invitation(id: str, form: Form) -> Invitation:
    return Invitation(id=id, url=form.url, fields=form.fields, expires_at=form.expires_at)
