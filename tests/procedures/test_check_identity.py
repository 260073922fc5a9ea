"""Fields that ask who complains, and fields that an action requires only somewhere: what cannot stand is refused."""

from copy import deepcopy
from typing import Any

import pytest

from chalicelib.procedures.check import prove
from tests.procedures.broken.breaking import broken, said

WORDS = {"zh": "话", "en": "words"}
PHONE: dict[str, Any] = {"title": WORDS, "type": "phone", "intake": "customer.phone"}
ASKED: dict[str, Any] = {"fields.phone": PHONE, "actions.tell.asks": ["reply", "phone"]}


def test_an_action_may_ask_who_complains_and_a_condition_whether_it_is_known() -> None:
    assert prove(broken({**ASKED, "actions.tell.warns": [{"when": {"customer.phone": "missing"}, "say": WORDS}]})) == []


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "a phone that is no phone": (
        {"fields.phone.type": "text"},
        'fields.phone.type: What asks for "customer.phone" is of type phone.',
    ),
    "asked for twice": (
        {"fields.mobile": PHONE, "actions.tell.may_ask": ["mobile"]},
        'fields.mobile.intake: "customer.phone" is asked for by the field "phone" already.',
    ),
    "shown to the customer": (
        {"fields.phone.seen_by": "customer"},
        "fields.phone: It says who complains and is kept apart from the case: `seen_by: customer` has no place here.",
    ),
    "compared": (
        {"actions.tell.warns": [{"when": {"phone": "110"}, "say": WORDS}]},
        'actions.tell.warns[0].when: Of "phone" the case knows only whether it is given, missing or unknown.',
    ),
    "a condition on what no field asks for": (
        {"actions.tell.warns": [{"when": {"customer.email": "given"}, "say": WORDS}]},
        "actions.tell.warns[0].when.customer.email: No field asks for it; give one `intake: customer.email`.",
    ),
    "in a register": (
        {"registers.forms.columns": ["number", "phone"]},
        'registers.forms.columns: "phone" says who complains and is kept apart: it has no place here.',
    ),
    "put by the procedure": (
        {"actions.tell.put": {"phone": "110"}},
        'actions.tell.put: "phone" says who complains and is kept apart: it has no place here.',
    ),
    "taken by a task": (
        {"actions.arrange.opens": [{"task": "visit", "takes": ["visit_at", "phone"]}]},
        'actions.arrange.opens[0].takes: "phone" says who complains and is kept apart: it has no place here.',
    ),
    "carried to other cases": (
        {"links": {"alike": {"title": WORDS, "by_hand": "true"}}, "actions.tell.spreads": "alike"},
        'actions.tell.spreads: "phone" says who complains: it is carried to no other case.',
    ),
    "asked twice": (
        {
            "actions.tell.may_ask": ["cost"],
            "actions.tell.asks": ["phone", {"field": "cost", "when": {"channel": "phone"}}],
        },
        'actions.tell.asks: "cost" is asked twice; one `{field, when}` is enough.',
    ),
    "asked only when, and no such field": (
        {"actions.tell.asks": ["phone", {"field": "price", "when": {"channel": "phone"}}]},
        'actions.tell.asks: There is no field "price".',
    ),
    "asked only when, without saying when": (
        {"actions.tell.asks": ["phone", {"field": "cost"}]},
        'actions.tell.asks_when[0]: "when" is missing.',
    ),
    "confidential compared with what it cannot be": (
        {"actions.tell.warns": [{"when": {"confidential": "maybe"}, "say": WORDS}]},
        'actions.tell.warns[0].when: There is no answer to "confidential" of "maybe".',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "sentence"), FAULTS.values(), ids=FAULTS)
def test_what_is_kept_apart_is_used_nowhere_and_what_is_asked_sometimes_says_when(
    changes: dict[str, Any], sentence: str
) -> None:
    assert sentence in said(deepcopy({**ASKED, **changes}))


def test_no_letter_holds_who_complains() -> None:
    text = {"subject": "{number}", "sms": "{number}", "body": "{phone}"}
    problems = said(ASKED, result={"zh-Hans": text, "zh-Hant": text, "en": text})

    assert "letters.result.en: {phone} says who complains and is kept apart: no letter can hold it." in problems


def test_a_department_asked_only_sometimes_may_be_nobody_yet() -> None:
    asks = [{"field": "department", "when": {"channel": "phone"}}, "kind_of"]

    assert any(
        problem.startswith('stages.solving.in_charge: A way leads to "solving" on which nobody is "department" yet')
        for problem in said({"actions.transfer.asks": asks})
    )
