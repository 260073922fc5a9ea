"""Files of a case over HTTP: staff and complainants begin an upload, take it in, list files and fetch them."""

from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import asdict

from chalicelib.cases.views import AttachmentView, Download, Invitation, attachment_view
from chalicelib.desk.complaint import CUSTOMER, Complaint
from chalicelib.web.complaints import Proof
from chalicelib.web.routes import Answer, Call, serve


class File(Struct, kw_only=True, forbid_unknown_fields=True):
    """What will be sent: its name, media type, size in bytes and SHA-256 in hexadecimal."""

    name: Annotated[str, Meta(min_length=1, max_length=255)]
    kind: Annotated[str, Meta(min_length=1, max_length=127)]
    size: Annotated[int, Meta(ge=1, le=2**53)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    purpose: Annotated[str, Meta(max_length=100)] = ""


class FileList(Struct, kw_only=True):
    """Files, the first one first."""

    items: list[AttachmentView]
    next: str = ""


class TakenIn(AttachmentView, kw_only=True):
    """A file that is part of the case now; `version` is the case's."""

    version: int


@serve(
    "POST", "/v1/tickets/{number}/attachments", who="staff", summary="Begin to add a file to a case", body=File,
    answers={201: Invitation},
)  # fmt: skip
def begin(call: Call) -> Answer:
    """A signed form for this one file: jpeg, png, heic, webp, pdf, mp3, m4a, wav, amr, mp4, docx, xlsx, txt or eml."""
    staff, attachments = call.staff, call.world.attachments
    case = attachments.workable(staff.org, call.path["number"], staff.person)
    return Answer(attachments.invite(case, staff.person, **asdict(call.body)), 201)


@serve(
    "POST", "/v1/tickets/{number}/attachments/{id}", who="staff", summary="Take in a file that was sent",
    answers={201: TakenIn, 200: TakenIn},
)  # fmt: skip
def confirm(call: Call) -> Answer:
    """Looked at and made part of the case; the same again answers 200 and adds nothing."""
    case = call.world.attachments.workable(call.staff.org, call.path["number"], call.staff.person)
    return _taken_in(call, case, call.staff.person)


@serve("GET", "/v1/tickets/{number}/attachments", who="staff", summary="The files of a case", answers={200: FileList})
def listed(call: Call) -> Answer:
    """Those that came by mail as well."""
    attachments, staff = call.world.attachments, call.staff
    case = attachments.seen(staff.org, call.path["number"], staff.person)
    return Answer(FileList(items=attachments.files(case, staff.person)))


@serve("GET", "/v1/tickets/{number}/attachments/{id}", who="staff", summary="Fetch a file", answers={200: Download})
def fetch(call: Call) -> Answer:
    """An address that hands the file out for two minutes. In a confidential case the look is recorded."""
    attachments, staff = call.world.attachments, call.staff
    case = attachments.seen(staff.org, call.path["number"], staff.person)
    return Answer(attachments.handed_out(case, call.path["id"], staff.person))


@serve(
    "POST", "/v1/complaints/{number}/attachments", who="complainant", summary="Begin to add a file to a complaint",
    query=Proof, body=File, answers={201: Invitation},
)  # fmt: skip
def begin_own(call: Call) -> Answer:
    """As for staff, with fewer and smaller files."""
    return Answer(call.world.attachments.invite(call.proved, CUSTOMER, **asdict(call.body)), 201)


@serve(
    "POST", "/v1/complaints/{number}/attachments/{id}", who="complainant", summary="Take in a file that was sent",
    query=Proof, answers={201: TakenIn, 200: TakenIn},
)  # fmt: skip
def confirm_own(call: Call) -> Answer:
    """As for staff."""
    return _taken_in(call, call.proved, CUSTOMER)


@serve(
    "GET", "/v1/complaints/{number}/attachments", who="complainant", summary="The files that the complainant added",
    query=Proof, answers={200: FileList},
)  # fmt: skip
def listed_own(call: Call) -> Answer:
    """Their own alone."""
    return Answer(FileList(items=call.world.attachments.own(call.proved)))


@serve(
    "GET", "/v1/complaints/{number}/attachments/{id}", who="complainant", summary="Fetch a file", query=Proof,
    answers={200: Download},
)  # fmt: skip
def fetch_own(call: Call) -> Answer:
    """One of their own."""
    return Answer(call.world.attachments.returned(call.proved, call.path["id"]))


def _taken_in(call: Call, case: Complaint, by: str) -> Answer:
    after, file, new = call.world.attachments.take_in(case, call.path["id"], by)
    view = TakenIn(**asdict(attachment_view(file)), version=after.version)
    headers = {"ETag": f'"{after.version}"'}
    return Answer(view, 201, headers) if new else Answer(view, 200, {**headers, "Idempotency-Replayed": "true"})
