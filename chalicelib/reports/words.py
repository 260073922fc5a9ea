"""The words that every sheet shares: titles of the case's own columns, states, channels, marks (`words.json`), and of
figures (`figures.json`).
"""

from functools import cache
from pathlib import Path

import msgspec

from chalicelib.desk.words import said


@cache
def _held() -> dict[str, dict[str, dict[str, str]]]:
    here = Path(__file__).parent
    held: dict[str, dict[str, dict[str, str]]] = {}
    for name in ("words.json", "figures.json"):
        held |= msgspec.json.decode((here / name).read_bytes(), type=dict)
    return held


def word(group: str, name: str, language: str) -> str:
    """A word of a group in the language; the name itself where there is none.

    >>> word("status", "closed", "en"), word("status", "closed", "zh-Hant"), word("status", "lost", "en")
    ('Closed', '已結案', 'lost')
    """
    return said(_held()[group].get(name, {}), language) or name


def words_of(group: str, name: str) -> dict[str, str]:
    """A word of a group in every language; the name itself where there is none.

    >>> words_of("status", "closed")["en"], words_of("status", "lost")
    ('Closed', {'zh-Hans': 'lost'})
    """
    return _held()[group].get(name) or {"zh-Hans": name}
