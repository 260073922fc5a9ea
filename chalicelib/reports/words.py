"""The words that every sheet shares, from `words.json`: titles of the case's own columns, states, channels, marks."""

from functools import cache
from pathlib import Path

import msgspec

from chalicelib.desk.words import said


@cache
def _held() -> dict[str, dict[str, dict[str, str]]]:
    return msgspec.json.decode((Path(__file__).parent / "words.json").read_bytes(), type=dict)


def word(group: str, name: str, language: str) -> str:
    """A word of a group in the language; the name itself where there is none.

    >>> word("status", "closed", "en"), word("status", "closed", "zh-Hant"), word("status", "lost", "en")
    ('Closed', '已結案', 'lost')
    """
    return said(_held()[group].get(name, {}), language) or name
