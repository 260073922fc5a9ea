"""Signatures by Standard Webhooks: what the library of the standard signs is taken, and nothing else."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from chalicelib.messaging.signatures import TOLERANCE_SECONDS, Fault, fault, sign

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + "b3RoZXI=" * 3
BODY = '{"caller": "王芳"}'.encode()


def headers(**changes: Any) -> dict[str, str]:
    signature = Webhook(SECRET).sign("msg-1", NOW, BODY.decode())
    sent = {"webhook-id": "msg-1", "webhook-timestamp": str(int(NOW.timestamp())), "webhook-signature": signature}
    return sent | {f"webhook-{name}": value for name, value in changes.items()}


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60),
    st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.text(st.characters(codec="utf-8")),
    st.binary(min_size=1, max_size=64),
)
def test_what_is_signed_here_is_what_the_library_signs(id: str, at: datetime, body: str, key: bytes) -> None:
    secret = "whsec_" + b64encode(key).decode()
    assert sign(secret, id, at, body.encode()) == Webhook(secret).sign(id, at, body)


def test_a_message_that_the_library_signed_holds_by_the_present_secret_and_by_the_one_before() -> None:
    assert fault([SECRET], headers(), BODY, NOW) is None
    assert fault([OTHER, SECRET], headers(), BODY, NOW) is None
    assert fault([OTHER], headers(), BODY, NOW) == "wrong"


def test_of_several_signatures_one_that_holds_is_enough() -> None:
    good = headers()["webhook-signature"]
    for several in (f"v1,AAAA {good}", f"v1a,xyz {good} v1,", f"v2,{good} {good}"):
        assert fault([SECRET], headers(signature=several), BODY, NOW) is None


def test_no_more_signatures_are_tried_than_a_sender_has_reason_to_send() -> None:
    good = headers()["webhook-signature"]
    assert fault([SECRET], headers(signature=" ".join(["v1,AAAA"] * 16 + [good])), BODY, NOW) == "wrong"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": ""}, "missing"), ({"timestamp": ""}, "missing"), ({"signature": ""}, "missing"),
        ({"timestamp": "now"}, "malformed"), ({"timestamp": "-5"}, "malformed"), ({"timestamp": "NaN"}, "malformed"),
        ({"timestamp": "１７９５"}, "malformed"), ({"timestamp": "1.5e9"}, "malformed"),
        ({"id": "two words"}, "malformed"), ({"id": "x" * 257}, "malformed"), ({"id": "é"}, "malformed"),
        ({"id": "msg-2"}, "wrong"), ({"signature": "v1"}, "wrong"), ({"signature": "v1,é"}, "wrong"),
        ({"signature": ","}, "wrong"), ({"signature": " "}, "wrong"),
    ],
)  # fmt: skip
def test_whatever_is_sent_is_refused_and_never_an_error(changes: dict[str, str], said: Fault) -> None:
    assert fault([SECRET], headers(**changes), BODY, NOW) == said


def test_another_body_is_refused_to_the_byte() -> None:
    for body in (BODY + b" ", BODY[:-1], b"", b"\xff\xfe"):
        assert fault([SECRET], headers(), body, NOW) == "wrong"


@given(st.integers(-2 * TOLERANCE_SECONDS, 2 * TOLERANCE_SECONDS))
def test_a_signature_is_good_for_five_minutes_either_way(seconds: int) -> None:
    found = fault([SECRET], headers(), BODY, NOW + timedelta(seconds=seconds))
    said: Fault = "expired" if seconds > 0 else "early"
    assert found == (None if abs(seconds) <= TOLERANCE_SECONDS else said)


@given(st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), st.text()))
def test_no_headers_without_the_secret_are_taken(sent: dict[str, str]) -> None:
    assert fault([SECRET], sent, BODY, NOW) is not None
