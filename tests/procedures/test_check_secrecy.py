"""What few may see, and who complains in confidence: a procedure that would tell them to many is refused."""

from typing import Any

import pytest

from tests.procedures.broken.breaking import said

WORDS = {"zh": "话", "en": "words"}
FEW: dict[str, Any] = {"fields.cost.seen_by": ["head"]}


def test_a_field_may_be_for_some_roles_and_every_complaint_confidential() -> None:
    secret = {"confidential": "always", "known_to": ["receiver", "head"]}

    assert said({**FEW, **secret}) == []
    assert said({"confidential": {"channel": "phone"}}) == []


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a role that is not there": ({"fields.cost.seen_by": ["boss"]}, 'fields.cost.seen_by: There is no role "boss".'),
    "seen by everyone": (
        {"fields.cost.seen_by": ["anyone"]},
        'fields.cost.seen_by: "anyone" is everyone: leave `seen_by` out.',
    ),
    "in a register": (
        {**FEW, "registers.forms.columns": ["number", "cost"]},
        'registers.forms.columns: "cost" is seen by some roles only, and registers and reports have many readers.',
    ),
    "known to everyone": ({"known_to": ["anyone"]}, 'known_to: "anyone" is everyone: then nothing is confidential.'),
    "named to everyone": (
        {"confidants": ["anyone"]},
        'confidants: "anyone" is everyone: then nothing is confidential.',
    ),
    "named to nobody there is": ({"confidants": ["boss"]}, 'confidants: There is no role "boss".'),
    "known to nobody there is": ({"known_to": ["boss"]}, 'known_to: There is no role "boss".'),
    "confidential by what is not asked at intake": (
        {"confidential": {"kind_of": "quality"}},
        'confidential: The action that opens a case does not ask for "kind_of".',
    ),
    "confidential by what comes later": (
        {"confidential": {"stage": "told"}},
        'confidential: "stage" says nothing yet when a complaint comes in.',
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), FAULTS.values(), ids=FAULTS)
def test_what_would_tell_many_is_refused(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in said(changes)


def test_no_letter_holds_what_is_for_some_roles() -> None:
    text = {"subject": "{number}", "sms": "{number}", "body": "{facts}"}
    letter = {"zh-Hans": text, "zh-Hant": text, "en": text}

    assert "letters.result.en: {facts} is for a few of the staff: no letter can hold it." in said(
        {"fields.facts.seen_by": ["head"]}, result=letter
    )
