"""One period of a duty, as it is kept: apart from what is reasoned about it, which only few calls need."""

from datetime import datetime

from msgspec import Struct, field


class DutyRun(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One period of a duty: when it was opened, what it is due at, who was told, what became of it."""

    org: str
    site: str
    duty: str
    period: str  # such as "2026-11-17..2026-11-23"
    opened_at: datetime
    due: datetime | None = None
    told: dict[str, datetime] = field(default_factory=dict)  # rung index to the due it was told for
    late_at: datetime | None = None
    issued_at: datetime | None = None
    issued_by: str = ""
    hash: str = ""  # SHA-256 of the report as it was issued
    version: int = 1
