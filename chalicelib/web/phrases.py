"""The desk's own English sentences in the caller's language, from `words/*.json`.

A key is the English text; `{}` in it stands for whatever is put there, and comes again, in order, as `{0}`, `{1}` in
the translation. A text without a translation stays English.
"""

import json
import re
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "words"

Translations = dict[str, dict[str, str]]


def translated(text: str, language: str) -> str:
    """The text in the language.

    >>> translated("is required", "en"), translated("is required", "zh-Hans")
    ('is required', '为必填项')
    """
    if language == "en" or not text:
        return text
    exact, patterns = _known()
    if text in exact:
        return exact[text].get(language, text)
    for pattern, said in patterns:
        if found := pattern.fullmatch(text):
            inner = [translated(part, language) for part in found.groups()]
            return said[language].format(*inner) if language in said else text
    return text


@cache
def words(name: str) -> Translations:
    """A file of words: name to language tag to text."""
    held: Translations = json.loads((WORDS / f"{name}.json").read_text(encoding="utf-8"))
    return held


@cache
def _known() -> tuple[Translations, list[tuple[re.Pattern[str], dict[str, str]]]]:
    texts = words("problems")
    particular_first = sorted(texts.items(), key=lambda entry: -len(entry[0].replace("{}", "")))
    patterns = [
        (re.compile("(.*)".join(map(re.escape, text.split("{}"))), re.DOTALL), said)
        for text, said in particular_first
        if "{}" in text
    ]
    return {text: said for text, said in texts.items() if "{}" not in text}, patterns
