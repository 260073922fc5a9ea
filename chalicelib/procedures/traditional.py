"""Make traditional Chinese from simplified. Build time only.

OpenCC's `s2tw` is used: zh-Hant without a region means Taiwan's character standard (CLDR likely subtags), and
its words stay those of the source, so that a term reads the same in both scripts. `s2t` prefers variants that
few readers know (爲, 裏), and `s2hk` leaves 户 and 説, which outside Hong Kong look half converted.
"""

from functools import cache
from typing import Any

import opencc

from chalicelib.procedures.reading import LANGUAGES, SHORT_LANGUAGE


@cache
def _converter() -> Any:
    return opencc.OpenCC("s2tw")


@cache
def traditional(text: str) -> str:
    """The same words in traditional script."""
    converted: str = _converter().convert(text)
    return converted


def with_traditional(tree: Any) -> Any:
    """The tree with `zh-Hant` beside every `zh`, which becomes `zh-Hans`; what an author wrote stays."""
    if isinstance(tree, list):
        return [with_traditional(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if not _is_words(tree):
        return {key: with_traditional(value) for key, value in tree.items()}
    words = {SHORT_LANGUAGE.get(key, key): text for key, text in tree.items()}
    if words.get("zh-Hans") and "zh-Hant" not in words:
        words["zh-Hant"] = traditional(words["zh-Hans"])
    return {language: words[language] for language in LANGUAGES if language in words}


def _is_words(tree: dict[str, Any]) -> bool:
    """Words are a mapping of nothing but languages to texts."""
    return bool(tree) and all(
        SHORT_LANGUAGE.get(key, key) in LANGUAGES and isinstance(text, str) for key, text in tree.items()
    )
