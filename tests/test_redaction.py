"""No phone number, e-mail address or plate survives, however it is written and wherever it stands."""

import json
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.redaction import MASK, masked, redacted

NUMBERS = st.one_of(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"(\+86|0086)[ -]?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}", fullmatch=True),
    st.from_regex(r"\(?0[1-9][0-9]{1,2}\)?[ -]?[2-8][0-9]{6,7}", fullmatch=True),
    st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True),
    st.from_regex(r"[１][３-９][０-９]{9}", fullmatch=True),
)
PLATES = st.from_regex(r"[京沪粤浙苏鲁川渝][A-HJ-NP-Z][· ]?[A-HJ-NP-Z0-9]{5,6}", fullmatch=True)
AROUND = st.text(alphabet="电话是为于：，。 \n\t\"'<>{}[]|abcXYZ", max_size=12)
KEYS = st.sampled_from(["message", "number", "correlation_id", "org", "what", "id", "timestamp", "location"])


def digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


@given(NUMBERS, AROUND, AROUND)
def test_no_phone_number_survives_in_text(number: str, before: str, after: str) -> None:
    assert digits(masked(before + number + after)) == ""


@given(st.emails(), AROUND, AROUND)
def test_no_email_address_survives_in_text(address: str, before: str, after: str) -> None:
    shown = masked(before + address + after)
    assert "@" not in shown
    assert address.split("@")[1] not in shown


@given(PLATES, AROUND, AROUND)
def test_no_plate_survives_in_text(plate: str, before: str, after: str) -> None:
    assert plate not in masked(before + plate + after)


@given(NUMBERS | st.emails() | PLATES, KEYS, st.integers(0, 3))
def test_nothing_personal_survives_in_any_structure(secret: str, key: str, depth: int) -> None:
    value: Any = secret
    for _ in range(depth):
        value = {"inner": [value, (value,)], secret: {value} if isinstance(value, str) else value}
    shown = json.dumps(redacted({key: value}), ensure_ascii=False)
    assert secret not in shown
    assert "@" not in shown


@given(
    st.text() | st.integers() | st.lists(st.text()),
    st.sampled_from(["name", "customer_phone", "phoneTail", "Authorization"]),
)
def test_what_stands_under_a_personal_key_is_never_shown(value: Any, key: str) -> None:
    assert redacted({key: value}) == {key: MASK}


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-22T03:39:21.253+00:00",
        "2026-11-21T09:30:00Z",
        "6f1c2d3e-1234-5678-9abc-1234567890ab",
        "1-5759e988-bd862e3fe1be46a994272793",
        "ThrottlingException",
        "answer_in",
        "HTTP503 after 3 tries",
    ],
)
def test_instants_ids_and_codes_stay_readable(value: str) -> None:
    assert redacted({"code": value}) == {"code": value}


@pytest.mark.parametrize("number", ["20261122-4711-8", "261122-48213-7", "261122-4821-3X"])
def test_a_case_number_stays_readable_under_its_key_alone(number: str) -> None:
    assert redacted({"number": number}) == {"number": number}
    assert MASK in redacted({"id": number})["id"]


def test_small_figures_times_and_types_stay_readable() -> None:
    class State(Enum):
        SENT = 1

    at = datetime(2026, 11, 22, tzinfo=UTC)
    given_values = {"count": 12, "share": 0.5, "ok": True, "none": None, "state": State.SENT, "at": at,
                    "took": timedelta(seconds=3), "thing": object()}  # fmt: skip
    assert redacted(given_values) == {
        "count": 12, "share": 0.5, "ok": True, "none": None, "state": "SENT", "at": "2026-11-22T00:00:00+00:00",
        "took": 3.0, "thing": "<object>",
    }  # fmt: skip
