"""What staff call to hand or post a receipt to whoever complained by letter or in person."""

from typing import Literal

from msgspec import Struct

from chalicelib.web.routes import Answer, Call, serve


class Wanted(Struct, kw_only=True, forbid_unknown_fields=True):
    """As what, and in which language: the complaint's own where none is named."""

    format: Literal["json", "html"] = "json"
    language: Literal["", "zh-Hans", "zh-Hant", "en"] = ""


class Receipt(Struct, kw_only=True):
    """The facts of the receipt. The tracking address and the query code are the complainant's alone."""

    number: str
    query_code: str
    tracking_url: str
    next: str


@serve(
    "GET", "/v1/tickets/{number}/acknowledgement", who="staff", summary="The acknowledgement to print", query=Wanted,
    answers={200: Receipt},
)  # fmt: skip
def acknowledgement(call: Call) -> Answer:
    """With the number, the promised time of the reply, and a QR code that opens the case. Who had it is recorded."""
    staff, wanted = call.staff, call.query
    found = call.world.acknowledge(staff.org, call.path["number"], staff.person, wanted.language)
    if wanted.format == "json":
        facts = Receipt(
            number=found.number, query_code=found.query_code, tracking_url=found.tracking_url, next=found.next
        )
        return Answer(facts)
    from chalicelib.reports import printed  # noqa: PLC0415 # slow to import, and few need it

    track = f"{call.world.settings.public_url.rstrip('/')}/track"
    safe = {"Content-Security-Policy": printed.policy(), "Referrer-Policy": "no-referrer"}
    page = printed.page_of_acknowledgement(found, track)
    return Answer(page.encode(), headers={"Content-Type": printed.TYPE, **safe})
