"""Registers, forms, reports and what fields stand for in figures: each fault is found, with its place and reason."""

from typing import Any

import pytest

from tests.procedures.broken.breaking import said

WORDS = {"zh": "话", "en": "words"}
REPORT = {"title": WORDS, "columns": ["number"]}
FORM = {"title": WORDS, "sections": [{"title": WORDS, "fields": ["number", "content"]}]}

FIGURES: dict[str, tuple[dict[str, Any], str]] = {
    "two fields of one meaning": (
        {"fields.kind_of.means": "category", "fields.ours.means": "category"},
        'fields.kind_of.means: "ours" means category already; only one field can.',
    ),
    "a meaning that cannot be counted": (
        {"fields.content.means": "cause"},
        "fields.content.means: What means cause is of type choice or choices.",
    ),
    "a meaning there is not": (
        {"fields.kind_of.means": "mood"},
        'fields.kind_of.means: "mood" is not one of: category, cause, satisfied.',
    ),
    "satisfied by choices of which none says so": (
        {"fields.kind_of.means": "satisfied"},
        'fields.kind_of.means: One of the choices of what means satisfied is "satisfied": it is the one counted.',
    ),
    "a figure there is not": (
        {"reports.month": {**REPORT, "figures": ["count", "mood"]}},
        'reports.month.figures: "mood" is none of: "count",',
    ),
    "a figure for which nothing stands": (
        {"reports.month": {**REPORT, "figures": ["satisfied_share"]}},
        'reports.month.figures: "satisfied_share" needs a field with `means: satisfied`.',
    ),
    "a report broken down by no field": (
        {"reports.month": {**REPORT, "by": ["number"]}},
        'reports.month.by: There is no field "number".',
    ),
    "a report broken down by what is never alike": (
        {"reports.month": {**REPORT, "by": ["reply"]}},
        'reports.month.by: Every answer to "reply" is another; nothing can be broken down by it.',
    ),
    "a report of no cases": ({"reports.month": {**REPORT, "of": []}}, "reports.month.of: It takes no cases"),
    "what a report holds": (
        {"reports.month": {**REPORT, "holds": {"our": "yes"}}},
        'reports.month.holds: There is no field "our".',
    ),
    "what a register holds": (
        {"registers.forms.holds": {"stage": "lost"}},
        'registers.forms.holds: There is no stage "lost".',
    ),
    "a register that lists what there never is": (
        {"registers.forms.lists": "open", "registers.forms.holds": {"stage": "closed", "ours": "yes"}},
        "registers.forms.lists: It lists what is open, but holds only cases that are finished.",
    ),
    "a field in a form": (
        {"forms.sheet": {**FORM, "sections": [{"title": WORDS, "fields": ["contents"]}]}},
        'forms.sheet.sections[0].fields: There is no field "contents".',
    ),
    "a signature of nobody": (
        {"forms.sheet": {**FORM, "sections": [{"title": WORDS, "fields": ["customer.name"], "signed": ["vanish"]}]}},
        'forms.sheet.sections[0].signed: There is no action "vanish".',
    ),
    "an empty form": ({"forms.sheet": {**FORM, "sections": []}}, "forms.sheet.sections: This form is empty."),
    "an empty section": (
        {"forms.sheet": {**FORM, "sections": [{"title": WORDS, "fields": []}]}},
        "forms.sheet.sections[0].fields: This section is empty.",
    ),
    "a section without words": (
        {"forms.sheet": {**FORM, "sections": [{"title": {"en": "words"}, "fields": ["content"]}]}},
        "forms.sheet.sections[0].title: There are no words in zh-Hans and zh-Hant.",
    ),
    "a rule of a form": (
        {"forms.sheet": {**FORM, "rules": ["17"]}},
        'forms.sheet: "17" is no rule id such as C-18.',
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), FIGURES.values(), ids=FIGURES)
def test_a_fault_in_what_is_shown_and_counted_is_found(changes: dict[str, Any], sentence: str) -> None:
    assert any(problem.startswith(sentence) for problem in said(changes))


def test_what_is_shown_and_counted_may_be_all_that_the_language_has() -> None:
    changes = {
        "fields.kind_of.means": "category",
        "fields.ours.means": "satisfied",
        "registers.forms.lists": "open",
        "registers.forms.holds": {"stage": ["received", "closed"]},
        "forms.sheet": FORM,
        "reports.month": {
            **REPORT,
            "of": ["received", "closed", "open"],
            "holds": {"ours": "yes"},
            "by": ["kind_of", "department"],
            "figures": ["count", "late_share", "satisfied_share"],
        },
    }
    assert said(changes) == []
