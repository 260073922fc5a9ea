"""What the documents show: their fenced blocks, and text with whatever differs from run to run masked."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MASKS = ((r"https?://[^/\s]+", "URL"), (r"\b[0-9a-f]{32}\b", "TOKEN"), (r"\d+", "0"))


def read(name: str) -> str:
    """A document of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, *languages: str) -> list[str]:
    """The contents of the fenced blocks in any of the languages, in order."""
    return [text for language, text in _BLOCK.findall(read(name)) if language in languages]


def masked(text: str) -> str:
    """Without hosts, tokens and numbers.

    >>> masked("261122-5019700 at http://desk.localhost:4720/track, 12:38")
    '0-0 at URL/track, 0:0'
    """
    for pattern, mask in _MASKS:
        text = re.sub(pattern, mask, text)
    return text
