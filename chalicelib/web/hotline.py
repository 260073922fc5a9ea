"""What a hotline platform calls, signed, and how administrators change the secret."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from chalicelib.cases.entries import SigningView
from chalicelib.desk.phoned import HotlineCall
from chalicelib.observability import measure
from chalicelib.web.routes import Answer, Call, serve

if TYPE_CHECKING:
    from chalicelib.cases.hotline import Taken


class CallReceipt(Struct, kw_only=True):
    """Where the call is. `joined`: it was added to a complaint that was there before."""

    number: str
    received_at: datetime
    joined: bool


class Epoch(Struct, kw_only=True, forbid_unknown_fields=True):
    """Which secret is to be in force: the next one, or the present one, which changes nothing."""

    epoch: Annotated[int, Meta(ge=0, le=1_000_000)]


@serve(
    "POST", "/v1/hotline/calls", who="signed", summary="A call to the hotline has ended", body=HotlineCall,
    answers={201: CallReceipt, 200: CallReceipt}, headers=("webhook-id", "webhook-timestamp", "webhook-signature"),
)  # fmt: skip
def take_call(call: Call) -> Answer:
    """One call makes one complaint, or adds to the one whose number it names; the same call_id is the same call."""
    taken: Taken = call.world.hotline(call.body, call.signed)
    told = CallReceipt(number=taken.case.number, received_at=taken.case.received_at, joined=taken.joined)
    if taken.replayed:
        return Answer(told, 200, {"Idempotency-Replayed": "true"})
    if not taken.joined:
        measure("ComplaintsRegistered")
    return Answer(told, 201, {"Location": f"/v1/tickets/{taken.case.number}"})


@serve("GET", "/v1/admin/signing", who="admin", summary="The secret of calls", answers={200: SigningView})
def signing(call: Call) -> Answer:
    """It is read by administrators alone, and derived: nothing keeps it."""
    return Answer(call.world.secrets.shown(call.staff.org))


@serve(
    "PUT", "/v1/admin/signing", who="admin", summary="Change the secret of calls", body=Epoch,
    answers={200: SigningView},
)  # fmt: skip
def rotate(call: Call) -> Answer:
    """The secret before it is taken for another 24 hours; twice in a row, and it is refused at once."""
    return Answer(call.world.secrets.rotate(call.staff.org, call.body.epoch))
