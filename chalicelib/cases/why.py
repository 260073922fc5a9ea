"""Why something has to be done: the rules that a picture of a case names, in the words of their document."""

from collections.abc import Iterator
from typing import Any

import msgspec

from chalicelib.cases.views import CaseView, WhyView
from chalicelib.desk.words import said
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.written import rules_of


def why(view: CaseView, compiled: Compiled, language: str) -> dict[str, WhyView]:
    """Each rule that something in the picture carries out, where the desk holds the rules of the procedure."""
    rules = rules_of(compiled)
    document = str(compiled.tree.get("source") or "")
    named = set(_named(msgspec.to_builtins(view))) if rules else set()
    return {
        id: WhyView(document=document, clause=said(rule.clause, language), says=said(rule.says, language))
        for id, rule in rules.items()
        if id in named
    }


def _named(value: Any) -> Iterator[str]:
    """The ids under `rules`, `rule` and, in forms, `x-rules`, however deep."""
    if isinstance(value, list):
        for item in value:
            yield from _named(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in ("rules", "x-rules", "rule"):
                yield from [item] if isinstance(item, str) else item
            else:
                yield from _named(item)
