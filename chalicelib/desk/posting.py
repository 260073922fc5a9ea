"""A complaint as it is posted: the body of `POST /v1/complaints`, typed once for parsing and for the API's description.

Source: `POST /v1/complaints`. Every text has a most: 500 characters a line, 10,000 a description.
"""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from chalicelib.desk.complaint import ChannelOfIntake, Kind, Language

Line = Annotated[str, Meta(max_length=500)]
Story = Annotated[str, Meta(max_length=10_000)]
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,47}$", description="an id: small letters, digits and hyphens")]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339 with offset")]


class Customer(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who complains. All may be empty; a way of contact makes replies possible."""

    name: Line = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    address: Line = ""
    room: Annotated[str, Meta(max_length=60)] = ""
    plate: Annotated[str, Meta(max_length=20)] = ""


class Content(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What happened. `summary` or `details` must say something."""

    summary: Line = ""
    details: Story = ""
    when: Line = ""
    where: Line = ""
    who: Line = ""
    outcome: Line = ""


class Referral(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who passed the complaint on: a consumer association, an authority, the head office; and what they expect."""

    body: Annotated[str, Meta(min_length=1, max_length=500)]
    reference: Line = ""  # under which they know it; `external_ref` where it is left out
    deadline: Moment | None = None  # until when they want to hear


class Posting(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The whole body. `form` answers further fields of the site's own complaint form, by their ids."""

    org: Key
    content: Content
    site: Annotated[str, Meta(max_length=48)] = ""
    channel: ChannelOfIntake = "web"
    received_at: Moment | None = None
    customer: Customer = field(default_factory=Customer)
    kind: Kind = "complaint"
    category: Line = ""
    demand: Story = ""
    language: Language = "zh-Hans"
    anonymous: bool = False
    confidential: bool = False
    people_concerned: Annotated[list[Line], Meta(max_length=20)] = field(default_factory=list)
    external_ref: Line = ""
    referral: Referral | None = None
    form: Annotated[dict[Annotated[str, Meta(max_length=100)], Any], Meta(max_length=200)] = field(default_factory=dict)
