"""Words in the reader's language."""

import json
from functools import cache
from pathlib import Path

from chalicelib.desk.procedure import Words


def said(words: Words, language: str) -> str:
    """The words in the language, or in simplified Chinese, or in whichever there are."""
    return words.get(language) or words.get("zh-Hans") or next(iter(words.values()), "")


@cache
def phrases_in(language: str) -> dict[str, str]:
    """The desk's own phrases by name, from `data/phrases.json`; in simplified Chinese where it lacks the language."""
    words: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "data" / "phrases.json").read_text("utf-8"))
    return words.get(language, words["zh-Hans"])
