"""References fit into a tag of SES and come back whole."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.desk.complaint import Message
from chalicelib.messaging.reference import Reference
from tests.fakes.post_office import NOW, message


@given(st.builds(Reference, *[st.text()] * 6))
def test_a_reference_comes_back_whole_from_letters_digits_and_two_marks(reference: Reference) -> None:
    encoded = reference.encode()
    assert re.fullmatch(r"[A-Za-z0-9_-]+", encoded)
    assert Reference.decode(encoded) == reference


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{0,60}", fullmatch=True))
def test_anything_else_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not a reference$"):
        Reference.decode("!" + text)
    with suppress(ValueError):
        assert isinstance(Reference.decode(text), Reference)


@pytest.mark.parametrize(
    "of",
    [
        message("joint_explanation_overdue", "a" * 40, clock="joint_explanation@joint_explanation-12", rung=12),
        Message(
            id="0000000001#monthly_customer_summary_late:monthly_customer_summary:3#webhook#0123456789ab~email",
            org="c-company-north-east", number="", letter="late", channel="email", to="x", at=NOW,
            site="second-service-ctr", duty="monthly_customer_summary", period="2026-11-17..2026-11-23",
        ),
    ],
)  # fmt: skip
def test_long_but_real_ids_fit_into_a_tag_of_ses(of: Message) -> None:
    assert len(Reference.of(of).encode()) <= 256


def test_the_site_counts_only_where_a_duty_gave_rise_to_the_message() -> None:
    assert Reference.of(message()).site == ""
    assert Reference.of(message(number="", duty="weekly", period="p")).site == "main"
