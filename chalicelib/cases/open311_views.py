"""What Open311 GeoReport v2 answers, under the names that the standard gives (https://wiki.open311.org/GeoReport_v2).

What is always empty here is there all the same, for clients that look for it: content and place are nobody's business.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

DataType = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]


class Service(Struct, kw_only=True):
    """Something that may be asked for. `metadata`: its definition has attributes."""

    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: Literal["realtime"] = "realtime"
    keywords: str = ""
    group: str = ""


class Value(Struct, kw_only=True):
    """One of the values of a list."""

    key: str
    name: str


class Attribute(Struct, kw_only=True):
    """A further question; its answer is sent as `attribute[code]`, or as several `attribute[code][]`."""

    variable: bool = True
    code: str
    datatype: DataType
    required: bool
    datatype_description: str | None = None
    order: int
    description: str
    values: list[Value] = []


class Definition(Struct, kw_only=True):
    """What a service asks for."""

    service_code: str
    attributes: list[Attribute]


class ServiceRequest(Struct, kw_only=True):
    """A case as everyone may see it: which service, whether open, when. Nothing of what was said, by whom or where."""

    service_request_id: str
    status: Literal["open", "closed"]
    status_notes: None = None
    service_name: str
    service_code: str
    description: None = None
    agency_responsible: None = None
    service_notice: None = None
    requested_datetime: datetime
    updated_datetime: datetime
    expected_datetime: datetime | None
    address: None = None
    address_id: None = None
    zipcode: None = None
    lat: None = None
    long: None = None
    media_url: None = None


class Accepted(Struct, kw_only=True):
    """What whoever posted is told. The notice has the link by which the complainant follows the case: theirs alone."""

    service_request_id: str
    service_notice: str
    account_id: str = ""


class OfToken(Struct, kw_only=True):
    """Which request was posted with an Idempotency-Key."""

    service_request_id: str
    token: str


class Fault(Struct, kw_only=True):
    """One thing wrong: its HTTP status, and what it is."""

    code: int
    description: str


class Endpoint(Struct, kw_only=True):
    """Where an API is."""

    specification: str
    url: str
    changeset: str
    type: Literal["production", "test"]
    formats: list[str]


class Discovery(Struct, kw_only=True):
    """Which APIs there are, and whom to ask for a key."""

    changeset: str
    contact: str
    key_service: str
    endpoints: list[Endpoint]
