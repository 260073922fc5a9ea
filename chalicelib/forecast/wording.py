"""The words of a forecast, from `words/<language>.json`."""

import json
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh-Hans", "en")


@cache
def _words(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((Path(__file__).parent / "words" / f"{language}.json").read_text("utf-8"))
    return found


def word(name: str, language: str, /, **about: Any) -> str:
    """A word or sentence in the language, its braces filled."""
    return _words(language)[name].format(**about)
