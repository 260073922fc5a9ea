"""Mail that became no complaint, for administrators: that it is there, and why. What it says stays in the bucket.

A desk may serve several organisations, and of these mails nobody knows whose they are: so no content is shown.
"""

from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.ports import KeptApart
from chalicelib.web.routes import Answer, Call, serve


class Which(Struct, kw_only=True, forbid_unknown_fields=True):
    """Which part of the list."""

    cursor: Annotated[str, Meta(max_length=4000)] = ""
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class KeptApartList(Struct, kw_only=True):
    """Part of the list; `next` is the cursor of the next part, empty at the end."""

    items: list[KeptApart]
    next: str


@serve(
    "GET", "/v1/admin/mail", who="admin", summary="Mail that became no complaint", query=Which,
    answers={200: KeptApartList},
)  # fmt: skip
def kept_apart(call: Call) -> Answer:
    """By reason, then by the name that the mail service gave it, under which it lies in the bucket."""
    found = call.world.inbox.apart(call.query.cursor, call.query.limit)
    return Answer(KeptApartList(items=found.items, next=found.next))
