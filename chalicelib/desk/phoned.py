"""A call as a hotline platform tells of it once it has ended: the body of `POST /v1/hotline/calls`, typed once."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from chalicelib.desk.posting import Key, Moment, Posting

MOST_ANSWERS, LONGEST_NAME = 100, 100

Purpose = Literal["proof", "training", "both"]


class Recording(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where the platform keeps the recording. The desk keeps the reference and the hash, not the sound."""

    url: Annotated[str, Meta(max_length=2000, pattern=r"^https?://[^\s]+$")]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{64}$")]
    seconds: Annotated[int, Meta(ge=0, le=86_400)] = 0
    purpose: Purpose = "proof"
    caller_informed: bool | None = None  # whether the caller was told of it


class HotlineCall(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One call. `answers` are those of the conversation, by the names of `POST /v1/complaints` or of the site's form.

    `number` joins an earlier complaint. `agent` is a member of staff by id, or any text.
    """

    org: Key
    call_id: Annotated[str, Meta(min_length=1, max_length=200)]
    caller: Annotated[str, Meta(max_length=40)]
    ended_at: Moment
    site: Annotated[str, Meta(max_length=48)] = ""
    agent: Annotated[str, Meta(max_length=100)] = ""
    started_at: Moment | None = None
    answered: bool = True
    recording: Recording | None = None
    answers: Annotated[dict[Annotated[str, Meta(max_length=1000)], Any], Meta(max_length=MOST_ANSWERS)] = field(
        default_factory=dict
    )
    number: Annotated[str, Meta(max_length=40)] = ""


class CallFacts(Struct, kw_only=True, omit_defaults=True):
    """What fields with `intake: call...` take of a call."""

    missed: str = ""  # `yes`, or nothing
    recording: str = ""  # the name under which the case lists it
    purpose: str = ""
    informed: str = ""  # `yes`, `no`, or nothing


class Phoned(Posting, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A complaint that was called in."""

    call: CallFacts = field(default_factory=CallFacts)
