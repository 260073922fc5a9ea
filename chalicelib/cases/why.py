"""Why something has to be done: the rules that a picture of a case names, in the words of their document."""

from collections.abc import Iterator
from typing import Any

import msgspec

from chalicelib.cases.views import CaseView, WhyView
from chalicelib.desk.procedure import Procedure
from chalicelib.desk.words import said
from chalicelib.procedures.written import written


def why(view: CaseView, procedure: Procedure, language: str) -> dict[str, WhyView]:
    """Each rule that something in the picture carries out, where the desk holds the written procedure."""
    rules = written(procedure.id)
    named = set(_named(msgspec.to_builtins(view))) if rules else set()
    return {
        id: WhyView(document=procedure.source, clause=said(rule.clause, language), says=said(rule.says, language))
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
