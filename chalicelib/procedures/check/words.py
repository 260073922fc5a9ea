"""Words: whatever people read is written in all three languages, and rule ids look like rule ids."""

import re
from collections.abc import Iterator

from chalicelib.desk.procedure import Procedure, Words
from chalicelib.procedures.check.parts import rules_in, words_in
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem
from chalicelib.procedures.reading import LANGUAGES

RULE = re.compile(r"[A-Z]{1,3}-\d{2,3}")
ID = re.compile(r"[a-z][a-z0-9_]*")

NAMED = ("settings", "roles", "fields", "stages", "actions", "tasks", "clocks", "duties", "guides", "registers",
         "forms", "reports", "links", "watches", "notices", "libraries")  # fmt: skip


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:  # noqa: ARG001 # every proof is called alike
    """Look at all words and ids."""
    problems = [problem for where, words in words_in(procedure) for problem in _languages(words, where)]
    rules = list(rules_in(procedure))
    letters = {rule.partition("-")[0] for _, rule in rules if RULE.fullmatch(rule)}
    for where, rule in rules:
        if not RULE.fullmatch(rule):
            problems.append(Problem(where, f'"{rule}" is no rule id such as C-18.'))
    if len(letters) > 1:
        problems.append(Problem("", f"Rules of several written procedures are named: {', '.join(sorted(letters))}."))
    if not re.fullmatch(r"[a-z][a-z0-9-]*", procedure.id):
        problems.append(Problem("procedure", "An id has small letters, digits and hyphens."))
    for part in NAMED:
        for name in getattr(procedure, part):
            if not ID.fullmatch(name):
                problems.append(Problem(f"{part}.{name}", "A name has small letters, digits and underscores."))
    return problems


def _languages(words: Words, where: str) -> Iterator[Problem]:
    missing = [language for language in LANGUAGES if not words.get(language, "").strip()]
    if not words:
        yield Problem(where, "Its words are missing: write {zh: …, en: …}.")
    elif missing:
        yield Problem(where, f"There are no words in {' and '.join(missing)}.")
