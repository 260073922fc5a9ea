"""The complaints that a forecast plays: what is known of each before anybody worked on it."""

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from chalicelib.desk.complaint import ChannelOfIntake, Kind


class Incoming(Struct, frozen=True, kw_only=True):
    """One complaint. `answers`: field to the answer it gets wherever it is asked; `did`: what was really done when."""

    number: str
    received_at: datetime
    channel: ChannelOfIntake = "phone"
    kind: Kind = "complaint"
    answers: dict[str, Any] = field(default_factory=dict)
    did: list[tuple[datetime, str]] = field(default_factory=list)
