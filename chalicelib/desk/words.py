"""Words in the reader's language."""

from chalicelib.desk.procedure import Words


def said(words: Words, language: str) -> str:
    """The words in the language, or in simplified Chinese, or in whichever there are."""
    return words.get(language) or words.get("zh-Hans") or next(iter(words.values()), "")
