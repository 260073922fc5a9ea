"""What complainants and integrations call: take a complaint in, follow it, add to it."""

import secrets
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field
from msgspec.structs import asdict, replace

from chalicelib.cases.views import EarlierView, SuggestionView, Tracked
from chalicelib.desk.complaint import Complaint, Language
from chalicelib.desk.errors import BadInput, NotAllowed, Problem
from chalicelib.desk.posting import Posting, Story
from chalicelib.observability import measure
from chalicelib.ports import Unavailable
from chalicelib.web.auth import Caller
from chalicelib.web.phrases import words
from chalicelib.web.routes import Answer, Call, serve
from chalicelib.wiring import World

OF_THE_PUBLIC = "public"
"""The idempotency keys of those who do not sign in share one namespace."""


class Receipt(Struct, kw_only=True):
    """What the complainant is told. Tracking address and query code each prove whose it is: they are theirs alone."""

    number: str
    received_at: datetime
    promised_reply_at: datetime | None
    tracking_url: str
    query_code: str
    acknowledgement: str


class RecordedReceipt(Receipt, kw_only=True):
    """What staff are told who take a complaint in: also the other cases of this phone, room or plate.

    `alike` are those that may be the same matter. Both are left out when they could not be looked up just now.
    """

    earlier: list[EarlierView] | UnsetType = UNSET
    alike: list[SuggestionView] | UnsetType = UNSET


class Proof(Struct, kw_only=True, forbid_unknown_fields=True):
    """Either: the last four digits of the phone that was given, the query code, or the token of the tracking link."""

    phone_tail: Annotated[str, Meta(pattern=r"^[0-9]{4}$")] = ""
    code: Annotated[str, Meta(pattern=r"^[0-9]{8}$")] = ""
    token: Annotated[str, Meta(max_length=64)] = ""


class Opinions(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the complainant thinks of the process, the measures and the result."""

    process: Story = ""
    measures: Story = ""
    result: Story = ""


class Addition(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something to add, or the answer to a revisit. Something must be said."""

    text: Story = ""
    satisfied: Literal["yes", "no"] | None = None
    opinions: Opinions = field(default_factory=Opinions)


@serve(
    "POST", "/v1/complaints", who="anyone_or_staff", summary="Take a complaint in",
    body=Posting, answers={201: RecordedReceipt, 200: RecordedReceipt}, headers=("Idempotency-Key",),
    faults=lambda world, posting: world.register.faults(posting), limit="intake",
)  # fmt: skip
def register(call: Call) -> Answer:
    """Without an Idempotency-Key each call is a new complaint; with one, the same again answers the same.

    Whoever is not signed in is held to a limit by where they call from.

    Only whoever is signed in hears of other cases (`earlier`, `alike`); those are looked up once it is written.
    """
    posting: Posting = call.body
    if call.caller and not _takes_in(call, call.caller, posting):
        raise NotAllowed("Your sign-in belongs to another organisation.")
    source = f"staff/{call.caller.person}" if call.caller else OF_THE_PUBLIC
    actor = call.caller.person if call.caller else ""
    receipt = call.world.register(posting, key=_key(call), source=source, actor=actor)
    told = _recorded(call, receipt.case, actor) if actor else _receipt(call, receipt.case)
    if receipt.replayed:
        return Answer(told, 200, {"Idempotency-Replayed": "true"})
    measure("ComplaintsRegistered")
    return Answer(told, 201, {"Location": f"/v1/complaints/{receipt.case.number}"})


@serve(
    "GET", "/v1/complaints/{number}", who="complainant", summary="Follow a complaint", query=Proof,
    answers={200: Tracked},
)  # fmt: skip
def follow(call: Call) -> Answer:
    """What the complainant may see."""
    return Answer(followed(call.world, call.proved, call.language))


@serve(
    "POST", "/v1/complaints/{number}/messages", who="complainant", summary="Add to a complaint, or answer a revisit",
    query=Proof, body=Addition, answers={201: Tracked, 200: Tracked}, headers=("Idempotency-Key",),
)  # fmt: skip
def add(call: Call) -> Answer:
    """The same words again are the same message: a repeated call answers 200 and adds nothing."""
    case, new = added(call.world, call.proved, call.body)
    found = followed(call.world, case, call.language)
    return Answer(found, 201) if new else Answer(found, 200, {"Idempotency-Replayed": "true"})


def added(world: World, case: Complaint, addition: Addition) -> tuple[Complaint, bool]:
    """The case with what the complainant says in it, and whether it was new. Raises BadInput, Conflict."""
    said = _text(addition, case.language)
    if not said:
        raise BadInput("Nothing was said.", [Problem("text", "is required, or an answer to the revisit")])
    if any(reply.by == "customer" and reply.text == said for reply in case.replies):
        return case, False
    return world.act.write(case.org, case.number, said, _answers(addition)).complaint, True


def followed(world: World, case: Complaint, language: Language) -> Tracked:
    """The case as the complainant sees it."""
    return replace(world.track(case, language), next=words("next")[case.status][language])


def _takes_in(call: Call, caller: Caller, posting: Posting) -> bool:
    if posting.org != caller.org:
        return False
    from chalicelib.cases.may import may, staff  # noqa: PLC0415 # with the engine, which comes with the first case

    actor = staff(caller.org, caller.person, call.world.clock())
    return may(actor, "take_in", call.world.desks.organisation(caller.org))


def _receipt(call: Call, case: Complaint) -> Receipt:
    return Receipt(
        number=case.number,
        received_at=case.received_at,
        promised_reply_at=case.promised_at,
        tracking_url=call.world.links.tracking(case.org, case.number),
        query_code=call.world.links.code(case.number),
        acknowledgement=call.world.receipts.acknowledgement(case),
    )


def _recorded(call: Call, case: Complaint, person: str) -> RecordedReceipt:
    """The receipt for staff. The complaint is taken in, whatever becomes of looking for others."""
    told = RecordedReceipt(**asdict(_receipt(call, case)))
    with suppress(Unavailable):
        beside = call.world.show.beside(case, person, call.language)
        told.earlier, told.alike = beside.earlier, beside.suggested
    return told


def _key(call: Call) -> str:
    key = call.headers.get("idempotency-key", "")
    if len(key) > 255 or not key.isprintable():
        wrong = Problem("Idempotency-Key", "must be at most 255 printable characters")
        raise BadInput("The key cannot be used.", [wrong])
    return key or secrets.token_hex(16)


def _answers(said: Addition) -> dict[str, str]:
    given = {name: getattr(said.opinions, name).strip() for name in Opinions.__struct_fields__}
    return {k: v for k, v in {"satisfied": said.satisfied or "", **given}.items() if v}


def _text(said: Addition, language: str) -> str:
    """Message and answers as one text, which is what staff read."""
    phrases = words("revisit")
    answers = _answers(said)
    if said.satisfied:
        answers["satisfied"] = phrases[said.satisfied][language]
    lines = [phrases[name][language].format(answer) for name, answer in answers.items()]
    return "\n".join([said.text.strip(), *lines] if said.text.strip() else lines)
